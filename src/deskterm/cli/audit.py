"""`deskterm audit …`: the ledger sealed, and proven to be as it was sealed."""

from datetime import date
from typing import Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, asking, changing, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Option
from deskterm.cli.session import opened
from deskterm.domain.errors import UsageError
from deskterm.services.audit import Audit

noun = Noun("audit", "Seal the ledger, and verify that nothing of it was altered.")
COLUMNS = ("day", "hash", "entries", "after", "upto")


@noun.verb("seal", "deskterm audit seal")
@changing
def seal(call: Call) -> None:
    """Seal what the ledger has gained; the hash is kept in it and printed, to be kept elsewhere.

    `deskterm work` does it every day; `deskterm audit list` prints what it sealed.
    """
    with opened() as desk:
        done = Audit(desk).seal(asking(call))
    if done is None:
        say("The ledger has gained nothing since the last seal.")
    else:
        output.many([done._asdict()], COLUMNS, call.output)


@noun.verb("list", "deskterm audit list")
@reading
def list_(call: Call) -> None:
    """List every seal with its hash, to be compared with what was printed."""
    with opened() as desk:
        rows = [one._asdict() for one in Audit(desk).seals()]
    output.many(rows, COLUMNS, call.output)


@noun.verb("verify", "deskterm audit verify --since 2026-11-01")
@reading
def verify(
    call: Call,
    since: Annotated[str | None, Option(metavar="DAY", help="Only seals from this day on.")] = None,
) -> int:
    """Hash again what was sealed and compare; exit code 6 where something is not as it was."""
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError as error:
        raise UsageError(f"{since!r} is no day: write it like 2026-11-01.") from error
    with opened() as desk:
        audit = Audit(desk)
        many, found, gone = len(audit.seals()), audit.verify(day), audit.forgotten()
    if output.chosen(call.output) in ("json", "jsonl", "csv"):
        output.many([{"trouble": one} for one in found], ("trouble",), call.output)
    for sentence in found:
        say(f"deskterm: {sentence}.")
    if gone:
        say(f"{gone} entries had words forgotten: their redactions keep what they were as a hash.")
    if not found:
        say(f"{many} seals: everything is as it was sealed." if many else "Nothing is sealed yet.")
    return 6 if found else 0
