"""`deskterm attachment …`: the files on a ticket, listed, saved, written to standard output."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from deskterm import disk
from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import number
from deskterm.domain.errors import NotFoundError, UsageError

if TYPE_CHECKING:
    from deskterm.domain.rows import AttachmentRow, TicketView

noun = Noun("attachment", "The files on a ticket: list, save, cat.")
COLUMNS = ("id", "name", "media_type", "size", "at", "who")
Ticket = Annotated[str, Argument(metavar="TICKET")]
_NAME = Argument(metavar="[NAME]", help="Its name or number; without one: all.")


@noun.verb("list", "deskterm attachment list 1041 -o json")
@reading
def list_(call: Call, ticket: Ticket) -> None:
    """List the files on a ticket, the oldest first."""
    with opened() as desk:
        view = desk.tickets.show(number(ticket))
    output.many(_records(view), COLUMNS, call.output)


@noun.verb("save", "deskterm attachment save 1041 log.txt --to /tmp")
@reading
def save(
    call: Call,
    ticket: Ticket,
    name: Annotated[str | None, _NAME] = None,
    to: Annotated[Path, Option(metavar="FOLDER", help="Where to.")] = Path(),
) -> None:
    """Save files of a ticket; prints where. A taken name gets a number, nothing is overwritten."""
    with opened() as desk:
        found = _named(desk.tickets.show(number(ticket)), name)
        saved = [disk.save_into(to, *desk.tickets.file(one.id)) for one in found]
    output.many([{"file": str(file)} for file in saved], ("file",), call.output)


@noun.verb("cat", "deskterm attachment cat 1041 log.txt")
@reading
def cat(call: Call, ticket: Ticket, name: Annotated[str, Argument(metavar="NAME")]) -> None:
    """Write one file to standard output, byte for byte; a terminal gets it cleaned."""
    del call
    with opened() as desk:
        (one, *more) = _named(desk.tickets.show(number(ticket)), name)
        if more:
            numbers = ", ".join(str(row.id) for row in (one, *more))
            raise UsageError(f"several files are called {name!r}: name one by number ({numbers}).")
        _, content = desk.tickets.file(one.id)
    output.raw(content)


def _records(view: "TicketView") -> list[dict[str, Any]]:
    return [
        {**one._asdict(), "at": entry.at, "who": entry.who}
        for entry in view.timeline
        for one in entry.attachments
    ]


def _named(view: "TicketView", name: str | None) -> "list[AttachmentRow]":
    """Give the files of that name or number, or all; raises NotFoundError."""
    if name is None and view.files:
        return list(view.files)
    found = [one for one in view.files if name in (one.name, str(one.id))]
    if not found:
        known = ", ".join(dict.fromkeys(one.name for one in view.files)) or "none"
        wanted = f"file {name!r}" if name else "file"
        raise NotFoundError(f"#{view.id} has no {wanted}; it has: {known}.")
    return found
