"""`deskterm mail inbox|import|process|secret`: mail that came, and what becomes of it."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.given import said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.record import changed, sure
from deskterm.cli.session import opened
from deskterm.cli.targets import asked_first
from deskterm.domain.errors import UsageError

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

COLUMNS = ("id", "received_at", "state", "sender", "subject", "ticket_id", "reason")
_ACTIONS = ("list", "show", "retry", "discard", "import", "process")
_BULK = 100_000
_WORDS = "Only mails whose sender, subject or reason has these words."


def register(noun: Noun) -> None:
    """Add the verbs of this module to `deskterm mail`."""
    noun.verb("inbox", "deskterm mail inbox list --state quarantined")(inbox)
    noun.verb("import", "deskterm mail import old-mail.mbox")(import_)
    noun.verb("process", "deskterm mail process -o json")(process)
    noun.verb("secret", "deskterm mail secret rotate --yes")(secret)


@changing
def inbox(
    call: Call,
    action: Annotated[str, Argument(metavar="ACTION", help=", ".join(_ACTIONS))] = "list",
    what: Annotated[list[str] | None, Argument(metavar="[ID...|-|PATH]")] = None,
    state: Annotated[str | None, Option(help="Only mails in this state.")] = None,
    query: Annotated[str, Option("--query", "-q", metavar="WORDS", help=_WORDS)] = "",
    limit: Annotated[int, Option(min=1, help="With list: at most this many.")] = 100,
    raw: Annotated[bool, Option("--raw", help="With show: the exact bytes.")] = False,
) -> int:
    """List, show, retry or discard received mail; import and process are here too.

    retry and discard act on the numbers given, on - (standard input), or on all that --state and
    --query find.
    """
    named = what or []
    if action == "list":
        with opened() as desk:
            rows = desk.inbox.list(state, limit, query or " ".join(named))
        output.many((row._asdict() for row in rows), COLUMNS, call.output)
        return 0
    if action == "show":
        for one in _numbers(named):
            _show(one, call, raw=raw)
        return 0
    if action in ("retry", "discard"):
        return _move(call, action, named, state, query)
    if action == "import" and len(named) == 1:
        return _import(call, Path(named[0]))
    if action == "process" and not named:
        return _process(call, None)
    raise UsageError(f"mail inbox {action!r}? Use one of {', '.join(_ACTIONS)}.")


@reading
def import_(
    call: Call,
    path: Annotated[Path, Argument(metavar="PATH", help="mbox, Maildir, folder.")],
    close_older_than: Annotated[
        int | None,
        Option(min=1, metavar="DAYS", help="File it now; close what nobody wrote on since."),
    ] = None,
) -> int:
    """Bring mail from an mbox, a Maildir or a folder of .eml files, as history: no letters.

    Each entry stands at its own time; what the desk itself wrote is its word on that thread.
    """
    return _import(call, path, close_older_than)


@reading
def process(
    call: Call,
    limit: Annotated[int | None, Option(min=1, help="At most this many mails.")] = None,
) -> int:
    """Make tickets and replies of the mail that waits; tell how many became what."""
    return _process(call, limit)


@changing
def secret(
    call: Call,
    action: Annotated[str, Argument(metavar="ACTION", help="list or rotate")] = "list",
) -> None:
    """Show since when which secret signs letters, or begin a new one; old letters stay answerable.

    The secrets themselves are never shown.
    """
    if action == "list":
        with opened() as desk:
            rows = desk.secrets.list()
        output.many((row._asdict() for row in rows), ("id", "since", "signs"), call.output)
        return
    if action != "rotate":
        raise UsageError(f"mail secret {action!r}? Use list or rotate.")
    sure(call, "A new secret signs letters from now on; it cannot be undone")
    changed(
        call,
        lambda desk, how: desk.secrets.rotate(how=how),
        "a new secret signs letters; answers to older ones are still known",
    )


def _move(call: Call, action: str, named: list[str], state: str | None, query: str) -> int:
    """Retry or discard; tell each mail that was moved."""
    with opened() as desk:
        found = _meant(desk, action, named, state, query)
        if not found:
            say("No mail fits; nothing was changed.")
            return 0
        asked_first(desk, len(found), call, f"{action.capitalize()} {len(found)} mails")
    move = {"retry": "waiting", "discard": "discarded"}[action]
    word = "wait to be processed" if action == "retry" else "are put away"
    changed(
        call,
        lambda desk, how: getattr(desk.inbox, action)(found, how=how),
        f"{len(found)} mail(s) {word}",
    )
    if output.chosen(call.output) != "table":
        records = ({"id": one, "state": move, "dry_run": call.dry_run} for one in found)
        output.many(records, ("id", "state"), call.output)
    return 0


def _meant(desk: "Desk", action: str, named: list[str], state: str | None, query: str) -> list[int]:
    """Give the mails meant by numbers, standard input, or state and words; raises UsageError."""
    if named and (state or query):
        raise UsageError("give numbers, or --state and --query, not both.")
    if named == ["-"]:
        return _numbers([line.split("\t")[0] for line in said("-").split("\n") if line])
    if named:
        return _numbers(named)
    if not (state or query):
        raise UsageError(
            f"which mails? Give numbers, or --state quarantined, to {action} all of them."
        )
    rows = desk.inbox.list(state or "quarantined", _BULK, query)
    return [row.id for row in rows]


def _numbers(texts: list[str]) -> list[int]:
    """Give the numbers of mails; raises UsageError."""
    wrong = [text for text in texts if not (text.isascii() and text.isdigit() and len(text) < 10)]
    if wrong or not texts:
        raise UsageError(
            f"{wrong[0][:40]!r} is no number of a mail." if wrong else "name at least one mail."
        )
    return [int(text) for text in texts]


def _show(mail: int, call: Call, *, raw: bool) -> None:
    with opened() as desk:
        if raw:
            output.raw(desk.inbox.raw(mail))
            return
        shown = desk.inbox.show(mail)
    if output.chosen(call.output) in ("json", "jsonl"):
        record = {**shown.row._asdict(), **shown._asdict()}
        record.pop("row")
        output.one(record, call.output)
        return
    ticket = f" · ticket #{shown.row.ticket_id}" if shown.row.ticket_id else ""
    output.prose(f"mail {mail}: {shown.row.state}{ticket} · {shown.row.reason}")
    for name, value in shown.headers:
        output.prose(f"{name}: {value}")
    output.prose(f"\n{shown.body}")
    for name, media_type, size in shown.files:
        output.prose(f"[{name}, {media_type}, {size:,} bytes]")


def _import(call: Call, path: Path, days: int | None = None) -> int:
    with opened() as desk:
        kept, again = desk.inbox.import_path(path)
        if days is not None:
            done, closed = desk.inbox.close_history(timedelta(days=days))
            told = {"kept": kept, "copies": again, "tickets": done.tickets, "closed": closed}
            output.one(told, call.output)
            return 0
    output.one({"kept": kept, "copies": again}, call.output)
    say("`deskterm mail process` makes tickets of them; nobody is written to.")
    return 0


def _process(call: Call, limit: int | None) -> int:
    with opened() as desk:
        done = desk.inbox.process(limit)
    output.one(done._asdict(), call.output)
    return 0
