"""Who has what in hand, since when, and who is off; from a technician to their tickets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.in_hand import LoadRow
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import general, lists
from deskterm.screens.listing import KeptList, Read
from deskterm.screens.order import Order
from deskterm.screens.work import look_up
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_columns import age_words
from deskterm.widgets.ticket_lines import fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.screens.desk import Desk


class WorkloadOwner(lists.ListOwner, Protocol):
    """The screen of the workload."""

    @property
    def in_hand(self) -> LoadRow | None:
        """The technician under the cursor."""


def show_tickets(owner: WorkloadOwner) -> None:
    """Show the tickets of the line on the board."""
    if owner.in_hand is not None:
        owner.desk_app.show_tickets(query_of(owner.in_hand.login or NOBODY))


def off(owner: WorkloadOwner) -> None:
    """Record that the technician in hand is off, or that they are back."""
    row = owner.in_hand
    if row is None or row.login is None:
        owner.desk_app.say("Choose a technician first.", "warning")
    elif row.off_until is not None:
        login = row.login
        back = Order(f"{login} is back:", lambda desk, how: desk.absences.end(login, how))
        owner.desk_app.write(back)
    else:
        _ask_absence(owner, row.login)


def _ask_absence(owner: WorkloadOwner, login: str) -> None:
    from deskterm.screens.dialogs.away import AbsenceDialog

    def add(values: dict[str, str] | None) -> None:
        if values:
            look_up(
                owner,
                lambda desk: desk.absences.visits(login, values["until"]),
                lambda said: _ask_visits(owner, said, partial(_add, owner, login, values)),
                "absence",
            )

    owner.app.push_screen(AbsenceDialog(login), add)


def _ask_visits(owner: WorkloadOwner, said: str, go_on: "Callable[[], None]") -> None:
    """Ask first where visits lie in the absence: they were promised to somebody."""
    from deskterm.screens.dialogs.ask import AskDialog

    if not said:
        go_on()
        return
    dialog = AskDialog("Off all the same?", said)
    owner.app.push_screen(dialog, lambda yes: go_on() if yes else None)


def _add(owner: WorkloadOwner, login: str, values: "Mapping[str, str]") -> None:
    owner.desk_app.write(
        Order(
            f"{login} is off:",
            lambda desk, how: desk.absences.add(login=login, **values, how=how),
        )
    )


class WorkloadScreen(KeptList[LoadRow]):
    """A line a technician, by login."""

    NAME = "workload"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **lists.FLOWS,
        "filter_board": general.filter_board,
        "workload_open": show_tickets,
        "workload_off": off,
    }
    KIND = "technician"
    CSS_PATH = "workload.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("workload")]
    EMPTY = "Nobody has a ticket in hand, and none waits."

    def read(self, desk: "Desk") -> Read[LoadRow]:
        """Read the workload."""
        rows = desk.absences.workload()
        parts = {
            "open": sum(row.open for row in rows),
            "waiting": sum(row.waiting for row in rows),
            "to verify": sum(row.solved for row in rows),
            "off": sum(row.off_until is not None for row in rows),
        }
        told = "  ".join(f"{number} {word}" for word, number in parts.items() if number)
        return Read(rows, facts=f"{sum(map(in_hand, rows))} in hand: {told}" if told else "")

    def lines(self, rows: Sequence[LoadRow]) -> list[Line]:
        """Give a line a technician."""
        return lines(rows, clock.now(), self.size.width)

    def name_of(self, row: LoadRow) -> str:
        """Give the login, or what stands for nobody."""
        return row.login or NOBODY

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(self.told.rows, self.size.width))

    def about(self, row: LoadRow) -> Content:
        """Give their groups, and until when they are off."""
        return Content(words(row))

    def chosen_number(self) -> str:
        """Give the login."""
        return (self.in_hand.login or "") if self.in_hand else ""


NOBODY = "-"
"""The name of the line of tickets without an owner."""
_TITLES = ("All", "Open", "Urgent", "Overdue", "Waits", "Verify", "Calls")
_WIDTHS = tuple(max(5, len(title) + 1) for title in _TITLES)
NARROWEST, OLDEST, OFF, UNTIL = 16, 12, 4, 34
"""Cells of a name at least, of the oldest ticket, of `off` and of until when."""
WIDE = 110
"""Cells from which on it is said in the line until when somebody is off; else below the list."""


def titles(rows: Sequence[LoadRow], width: int) -> str:
    """Give the line of titles."""
    counts = "".join(f"{title:>{w}}" for title, w in zip(_TITLES, _WIDTHS, strict=True))
    return f" {'Who':<{_room(rows, width)}}{counts}  {'Oldest':<{OLDEST}}Off"


def lines(rows: Sequence[LoadRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list for a window of this width, by login: nobody is ranked.

    All is what is open, waits and is to be verified; urgent and overdue are of what is open.
    """
    room = _room(rows, width)
    logins = all(cell_len(_who(row)) <= room for row in rows)
    return [
        Line(row.login or NOBODY, _line(row, now, width, fit(_who(row, login=logins), room)))
        for row in rows
    ]


def in_hand(row: LoadRow) -> int:
    """Give how many somebody has in all."""
    return row.open + row.waiting + row.solved


def _who(row: LoadRow, *, login: bool = True) -> str:
    """Give login and name; the name alone where not everybody's login has room."""
    if not row.login:
        return "nobody's yet"
    name = clean(row.name, one_line=True)
    return f"{clean(row.login, one_line=True)}  {name}" if login or not name else name


def _room(rows: Sequence[LoadRow], width: int) -> int:
    """Give the cells of a name: the longest one's, as far as the figures leave them."""
    wanted = max((cell_len(_who(row)) for row in rows), default=0) + 1
    figures = 1 + sum(_WIDTHS) + 2 + OLDEST + (UNTIL if width >= WIDE else OFF)
    return max(NARROWEST, min(wanted, width - figures))


def _line(row: LoadRow, now: datetime, width: int, who: str) -> Content:
    values = (in_hand(row), row.open, row.urgent, row.overdue, row.waiting, row.solved)
    parts: list[tuple[str, str]] = [(f" {who}", "bold")]
    for title, w, value in zip(_TITLES, _WIDTHS, (*values, row.callbacks), strict=True):
        text = f"{value or '·':>{w}}"
        late = title in ("Urgent", "Overdue") and value
        parts.append((text, "bold $error" if late else "$text-muted" if not value else ""))
    oldest = f"#{row.oldest_id} {age_words(row.oldest_at, now)}" if row.oldest_at else ""
    parts.append((f"  {oldest:<{OLDEST}}", ""))
    off = off_words(row) if width >= WIDE else "off" if row.off_until else ""
    parts.append((clean(off, one_line=True), "$warning"))
    return Content.assemble(*parts)


def off_words(row: LoadRow) -> str:
    """Give `off until Fri 4 Dec, deputy cy`, or nothing."""
    if row.off_until is None:
        return ""
    until = row.off_until.astimezone()
    deputy = f", deputy {row.deputy}" if row.deputy else ", no deputy"
    return f"off until {until:%a} {until.day} {until:%b}{deputy}"


def words(row: LoadRow) -> str:
    """Give what stands below the list about the line in hand."""
    if row.login is None:
        return "Nobody has taken these yet. Enter shows them; T on the board takes the next one."
    groups = ", ".join(row.groups) or "no group"
    off = f" · {off_words(row)}" if row.off_until else ""
    who = f"{row.login} · {row.name} · {groups}{off}"
    return clean(f"{who} · Enter shows the tickets: mark some, a gives them", one_line=True)


def query_of(login: str) -> str:
    """Give the query of the tickets behind a line."""
    return "is:open assignee:none" if login == NOBODY else f'is:open assignee:"{login}"'
