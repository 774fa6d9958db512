"""What the commands for the desk's own records share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.cli import output
from deskterm.cli.change import Call
from deskterm.cli.errors import say
from deskterm.cli.session import opened
from deskterm.domain.asking import How
from deskterm.domain.errors import RefusedError
from deskterm.domain.rows import Done

if TYPE_CHECKING:
    from pathlib import Path

    from deskterm.bootstrap import Desk
    from deskterm.services.privacy import Forgetting


def listed(call: Call, read: "Callable[[Desk], Iterable[Any]]", columns: Sequence[str]) -> None:
    """Open the desk, read rows and write them."""
    with opened() as desk:
        rows = [row._asdict() for row in read(desk)]
    output.many(rows, columns, call.output)


def changed(call: Call, change: "Callable[[Desk, How], object]", told: str) -> None:
    """Open the desk, change a record as one operation and tell it; a repetition is told as such.

    What else is to be known of it is said on standard error.
    """
    from deskterm.storage.work import RepeatedError

    with opened() as desk:
        try:
            done = change(desk, How(call.op, call.dry_run, across=call.across_clients))
            repeated = isinstance(done, Done) and done.repeated
        except RepeatedError:
            repeated = True
    if repeated:
        say("It was done before; nothing was done again.")
        return
    say(f"{told}{' (dry run: nothing was kept)' if call.dry_run else ''}.")
    for note in done.notes if isinstance(done, Done) else ():
        say(note)


def handed_out(call: Call, folder: "Path", write: "Callable[[Desk], Mapping[str, int]]") -> None:
    """Open the desk, write all that is kept of somebody into a folder, and count it."""
    with opened() as desk:
        counts = write(desk)
    output.one({"folder": str(folder), **counts}, call.output, columns=("folder", *counts))


def forgotten(call: Call, whom: str, forget: "Callable[[Forgetting], Done]") -> None:
    """Ask, open the desk, forget somebody's words for ever, and say what went and what stays."""
    from deskterm.services.privacy import Forgetting

    sure(call, f"Forgetting {whom} for ever")
    with opened() as desk:
        done = forget(Forgetting(desk))
    if done.repeated:
        say("It was done before; nothing was done again.")
    for note in done.notes:
        say(note)


def sure(call: Call, question: str) -> None:
    """Ask before something is taken away; raises RefusedError where nobody says yes."""
    import sys

    if call.yes or call.dry_run:
        return
    if call.no_input or not sys.stdin.isatty():
        raise RefusedError(f"{question}: say --yes to do it.")
    say(f"{question}. Go on? y or n:")
    if not sys.stdin.readline().strip().lower().startswith("y"):
        raise RefusedError("not confirmed: nothing was changed.")
