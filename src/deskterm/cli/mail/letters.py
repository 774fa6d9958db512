"""`deskterm mail …`: the verbs of letters that go out."""

from typing import TYPE_CHECKING, Annotated, Any

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, changing_with, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option, option
from deskterm.cli.session import opened
from deskterm.cli.targets import asked_first, number
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.mail_rows import (
    LetterRow,
    LettersChanged,
    LetterShown,
    letter_stands,
    what_to_do,
)

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

_QUEUE = ("id", "ticket_id", "recipient", "template", "state", "stands", "error")
_CHANGED = ("id", "ticket_id", "recipient", "state", "stands")
_ALL = option("all_", bool, False, "--all", help="Every failed letter.")
Letters = Annotated[list[str] | None, Argument(metavar="[ID...]", help="Letters.")]


def register(noun: Noun) -> None:
    """Add these verbs to the noun."""
    noun.verb("queue", "deskterm mail queue --failed")(queue)
    noun.verb("send", "deskterm mail send --now")(send)
    noun.verb("retry", "deskterm mail retry --all")(retry)
    noun.verb("withdraw", "deskterm mail withdraw 17")(withdraw)
    noun.verb("pause", "deskterm mail pause 'the new server is being set up'")(pause)
    noun.verb("resume", "deskterm mail resume")(resume)
    noun.verb("preview", "deskterm mail preview 42")(preview)


@reading
def queue(
    call: Call,
    failed: Annotated[bool, Option("--failed", help="Only those that failed.")] = False,
    all_: Annotated[bool, Option("--all", help="Also those that left or were stopped.")] = False,
    ticket: Annotated[
        str | None, Option("--ticket", metavar="ID", help="Only about this ticket.")
    ] = None,
    to: Annotated[
        str,
        Option("--to", metavar="WHO", help="Only to this address or name, or part of it."),
    ] = "",
    limit: Annotated[int, Option(min=1, help="At most this many.")] = 100,
) -> None:
    """List the letters that wait or failed: until when, and why."""
    with opened() as desk:
        rows = desk.outbox.queue(
            sent=all_,
            limit=limit,
            failed=failed,
            ticket=None if ticket is None else number(ticket),
            recipient=to,
        )
        out = desk.outbox.standing()
    output.many((_record(row) for row in rows), _QUEUE, call.output)
    if out.paused:
        say(f"Sending pauses: {out.paused}. {what_to_do(out, clock.now())}.")
    elif not rows and output.chosen(call.output) == "table":
        say("No letter fits." if failed or ticket or to else "All letters are out.")


@reading
def send(
    call: Call,
    now: Annotated[
        bool, Option("--now", help="Also letters that wait for undo or for more to join.")
    ] = False,
    go_on: Annotated[
        bool, Option("--go-on", help="First take away whatever stops them: `mail resume`.")
    ] = False,
) -> int:
    """Send the letters that are due."""
    with opened() as desk:
        done = desk.outbox.send(at_once=now, go_on=go_on)
        out = desk.outbox.standing()
    output.one(done._asdict(), call.output)
    if done.paused:
        say(f"deskterm: sending pauses: {done.paused}. {what_to_do(out, clock.now())}")
    return 1 if done.failed or done.paused else 0


@changing_with(_ALL)
def retry(call: Call, letter: Letters = None) -> int:
    """Queue failed letters again, and let waiting ones leave now."""
    if letter and call.flag("all_"):
        raise UsageError("name letters or say --all, not both.")
    with opened() as desk:
        if not letter:
            failed = desk.outbox.queue(failed=True, limit=100_000)
            if not failed:
                say("No letter has failed.")
                return 0
            asked_first(desk, len(failed), call, f"retry {len(failed)} failed letters")
        return _tell(desk, desk.outbox.retry(_numbers(letter), how=asking(call)), call)


@changing
def withdraw(call: Call, letter: Letters = None) -> int:
    """Stop letters before they leave; `deskterm undo` puts them back."""
    numbers = _numbers(letter)
    if not numbers:
        raise UsageError("name at least one letter; `deskterm mail queue` shows them.")
    with opened() as desk:
        return _tell(desk, desk.outbox.withdraw(numbers, how=asking(call)), call)


@changing
def pause(
    call: Call,
    why: Annotated[str, Argument(metavar="[WHY]", help="Everybody sees it.")] = "",
    reason: Annotated[str, Option("--reason", metavar="TEXT", help="The same.")] = "",
) -> None:
    """Stop all letters until `deskterm mail resume`; tickets go on, letters wait."""
    with opened() as desk:
        say(f"Sending is {desk.outbox.pause(why or reason, how=asking(call))}.")


@changing
def resume(call: Call) -> None:
    """Go on sending, whatever had stopped it: a person, a refused account, too many letters."""
    with opened() as desk:
        desk.outbox.resume(how=asking(call))
        waiting = desk.outbox.standing().waiting
    say(f"Letters leave again; {waiting} wait.")


@reading
def preview(
    call: Call,
    ticket: Annotated[str | None, Argument(metavar="[TICKET]", help="All its letters.")] = None,
    letter: Annotated[str | None, Option("--letter", metavar="ID", help="One letter.")] = None,
    html: Annotated[bool, Option("--html", help="Show the HTML part too.")] = False,
) -> None:
    """Show letters with their headers, as they left or would leave now."""
    if (ticket is None) == (letter is None):
        raise UsageError("name a ticket, or one letter with --letter ID.")
    with opened() as desk:
        if letter is not None:
            letters = [desk.outbox.letter(_numbers([letter])[0])]
        else:
            letters = desk.outbox.preview(number(str(ticket)))
    if output.chosen(call.output) in ("json", "jsonl"):
        records = [_shown(one) for one in letters]
        if letter is not None:
            output.one(records[0], call.output)
        else:
            output.many(records, (), call.output)
        return
    for one in letters:
        _page(one, html=html)


def _tell(desk: "Desk", done: LettersChanged, call: Call) -> int:
    records = [_record(row) | {"operation": done.operation_id} for row in done.letters]
    output.many(records, _CHANGED, call.output)
    if done.dry:
        say(f"Nothing was changed; {len(done.letters)} letter(s) would be.")
    elif done.repeated:
        say("Done before; nothing was done again.")
    del desk
    return 0


def _page(one: LetterShown, *, html: bool) -> None:
    now = clock.now()
    output.prose(f"letter {one.row.id}: {letter_stands(one.row, now)} {one.row.error}".rstrip())
    for name, value in one.headers:
        output.prose(f"{name}: {value}")
    output.prose(f"\n{one.text}")
    if html and one.html:
        output.prose(f"\n[HTML]\n{one.html}")
    for name, kind, size in one.files:
        output.prose(f"[{name}, {kind}, {size:,} bytes]")
    output.text("")


def _shown(one: LetterShown) -> dict[str, Any]:
    return {
        **_record(one.row),
        "headers": [list(pair) for pair in one.headers],
        "text": one.text,
        "html": one.html,
        "files": [list(file) for file in one.files],
        "frozen": one.frozen,
    }


def _record(row: LetterRow) -> dict[str, Any]:
    return {**row._asdict(), "stands": letter_stands(row, clock.now())}


def _numbers(texts: list[str] | None) -> list[int]:
    """Give the numbers of letters; raises UsageError."""
    given = texts or []
    for text in given:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise UsageError(f"{text[:40]!r} is no letter's number; see `deskterm mail queue`.")
    return [int(text) for text in given]
