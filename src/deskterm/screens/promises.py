"""Everything that is promised to people, with its dates: one's own, what is due, all of it (G6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.promises import OWED, WORDS, PromiseKind, PromiseRow, late
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.flows.asking import place
from deskterm.screens.listing import KeptList, Read, Shelf, columns
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words, time_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk


class PromisesOwner(lists.ListOwner, Protocol):
    """The screen of promises."""

    @property
    def in_hand(self) -> PromiseRow | None:
        """The promise under the cursor."""


def open_ticket(owner: PromisesOwner) -> None:
    """Open its ticket."""
    if owner.in_hand is not None:
        owner.desk_app.go("ticket", owner.in_hand.ticket_id)


def keep(owner: PromisesOwner) -> None:
    """It is kept."""
    row = owner.in_hand
    if row is not None:
        place(owner, f"Kept ({WORDS[row.kind]})", _keeps(row.id))


def _keeps(promise: str) -> "Callable[[Desk, How], Done]":
    return lambda desk, how: desk.promises.keep(promise, how=how)


def move(owner: PromisesOwner) -> None:
    """Ask for another time."""
    row = owner.in_hand
    if row is None:
        return
    promise = row.id

    def said(when: str | None) -> None:
        if when:
            place(owner, "Moved", lambda desk, how: desk.promises.move(promise, when, how))

    needed = "Say when: 14:00, tomorrow, friday, 3d."
    owner.app.push_screen(LineDialog("Promise it for when?", _named(row), "", needed), said)


def drop(owner: PromisesOwner) -> None:
    """Ask why it is not wanted any more."""
    row = owner.in_hand
    if row is None:
        return
    promise = row.id

    def said(reason: str | None) -> None:
        if reason is not None:
            place(owner, "Dropped", lambda desk, how: desk.promises.drop(promise, reason, how))

    owner.app.push_screen(LineDialog("Not wanted any more, because", _named(row)), said)


def _named(row: PromiseRow) -> str:
    return f"To {row.requester or 'nobody named'}: {WORDS[row.kind]}, #{row.ticket_id}"


@dataclass(frozen=True)
class Promised(Read[PromiseRow]):
    """The promises, and which of them are one's own."""

    mine: frozenset[str] = frozenset()


class PromisesScreen(KeptList[PromiseRow]):
    """A line a promise, the earliest first; what has no day stands at the end."""

    NAME = "promises"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **lists.FILTERED,
        "promise_open": open_ticket,
        "promise_keep": keep,
        "promise_move": move,
        "promise_drop": drop,
    }
    KIND = "promise"
    CSS_PATH = "promises.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("promises")]
    SHELVES = (
        Shelf("Mine", "Nothing promised is yours to keep.\n\n2 shows what is due, 4 all there is"),
        Shelf("Due", "Nothing promised is due today."),
        Shelf("Ours", "Nothing is left for us to keep."),
        Shelf("All", "Nothing is promised."),
    )
    FILTER = "words in whom, what or who keeps it"
    EMPTY = (
        "Nothing is promised.\n\nWhat is promised appears here: call-backs (b), visits, tickets "
        "that wait until a day (z), whom the desk asks again, what is closed as recorded."
    )

    told: Promised = Promised()

    def read(self, desk: "Desk") -> Promised:
        """Read the promises."""
        rows = desk.promises.list()
        mine = frozenset(row.id for row in desk.promises.list(owner="me"))
        counts = [
            len(chosen(rows, mine, _tonight(), view, "")) for view in range(len(self.SHELVES) - 1)
        ]
        broken = sum(is_late(row, clock.now()) for row in rows)
        return Promised(rows, counts, f"{broken} late" if broken else "", mine)

    def fitting(self) -> Sequence[PromiseRow]:
        """Give the promises of the tab that have the words."""
        told = self.told
        return chosen(told.rows, told.mine, _tonight(), self.part.view, self.part.words)

    def lines(self, rows: Sequence[PromiseRow]) -> list[Line]:
        """Give a line a promise."""
        return lines(rows, clock.now(), columns(self, margin=1))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self, margin=1)))

    def about(self, row: PromiseRow) -> Content:
        """Give what, to whom, by whom, on which ticket."""
        return about(row, clock.now())

    def chosen_number(self) -> str:
        """Give `#12`, the ticket."""
        return f"#{self.in_hand.ticket_id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give what it is about."""
        return (self.in_hand.note or self.in_hand.subject) if self.in_hand else ""


def _tonight() -> datetime:
    """Give the end of this day, as this place has it."""
    return clock.now().astimezone().replace(hour=23, minute=59, second=59)


WHEN, KIND, NUMBER, WHO, OWNER = 12, 13, 7, 13, 8
"""Cells of the columns; what it is about has the rest."""
MINE, DUE, OURS = range(3)
LATE = "late"


def chosen(
    rows: Iterable[PromiseRow], mine: frozenset[str], until: datetime, view: int, words: str
) -> list[PromiseRow]:
    """Give the promises of a tab that have all of these words."""
    return [
        row
        for row in rows
        if (view != MINE or row.id in mine)
        and (view != DUE or (row.at is not None and row.at <= until))
        and (view not in (MINE, OURS) or row.kind in OWED)
        and has_words(_searched(row), words)
    ]


def _searched(row: PromiseRow) -> str:
    facts = (row.requester, row.subject, row.note, row.owner, row.group)
    return f"{WORDS[row.kind]} #{row.ticket_id} {' '.join(facts)}"


def titles(width: int) -> str:
    """Give the heads of the columns."""
    return _columns(("When", "What", "Ticket", "Whom", "About", "Who"), width)


def lines(rows: Sequence[PromiseRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list; what is late is said in words and stands out."""
    return [Line(row.id, _line(row, now, width)) for row in rows]


def _line(row: PromiseRow, now: datetime, width: int) -> Content:
    words = (
        when_words(row, now),
        WORDS[row.kind],
        f"#{row.ticket_id}",
        clean(row.requester, one_line=True),
        clean(row.note or row.subject, one_line=True),
        row.owner or row.group or "–",
    )
    return Content.styled(_columns(words, width), "bold $error" if is_late(row, now) else "")


def is_late(row: PromiseRow, now: datetime) -> bool:
    """Tell whether somebody waits in vain."""
    kind = PromiseKind(row.kind)
    return kind in OWED and row.at is not None and late(row.at, now, kind)


def when_words(row: PromiseRow, now: datetime) -> str:
    """Give when it is due, as short as it is clear."""
    if row.at is None:
        return "no day yet"
    said = moment_words(row.at, now)
    return f"! {said}" if is_late(row, now) else said


def _columns(words: tuple[str, ...], width: int) -> str:
    room = max(8, width - WHEN - KIND - NUMBER - WHO - OWNER - 6)
    cells = (WHEN + 1, KIND, NUMBER, WHO, room, OWNER)
    return " ".join(fit(word, cell) for word, cell in zip(words, cells, strict=True)).rstrip()


def about(row: PromiseRow, now: datetime) -> Content:
    """Give what stands below the list about one."""
    whom = " · ".join(part for part in (row.requester, row.phone) if part)
    head = f"{row.id} · {WORDS[row.kind]} · {time_words(row.at) or 'no day was named'}"
    marks = [LATE] if is_late(row, now) else []
    marks += ["was late before"] if row.broken else []
    facts = (
        " · ".join([head, *marks]),
        f"to {whom or 'nobody named'} · by {row.owner or row.group or 'nobody yet'}",
        f"#{row.ticket_id} {row.subject} · {row.ticket_state}",
        row.note,
    )
    said = [clean(one, one_line=True) for one in facts if one]
    return Content("\n").join([Content.styled(said[0], "bold"), *map(Content, said[1:])])
