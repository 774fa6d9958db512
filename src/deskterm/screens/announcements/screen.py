"""Announcements: what runs, what is planned, what is over; who was told of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.announcements import AnnouncementRow, AnnouncementState, Telling, telling
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.announcements import verbs
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words, time_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


_NOW = (AnnouncementState.RUNNING, AnnouncementState.PLANNED)
_STATES = (_NOW, (AnnouncementState.PLANNED,), tuple(set(AnnouncementState) - set(_NOW)))
"""What is on each tab."""


class AnnouncementsScreen(ListScreen[AnnouncementRow]):
    """A line an announcement, all that is said of the one in hand below."""

    NAME = "announcements"
    KIND = "announcement"
    CSS_PATH = "screen.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("announcements")]
    SHELVES = (
        Shelf("Now", "Nothing is announced.\n\nn announces something: on boards, and by letter."),
        Shelf("Planned", "Nothing is planned.\n\nn announces maintenance: say when it begins."),
        Shelf("Over", "Nothing is over yet."),
    )
    FILTER = "words in what is said, or for whom"

    def __init__(self, wanted: int | None = None) -> None:
        super().__init__()
        self.start = str(wanted or "")

    def take(self, told: Read[AnnouncementRow]) -> None:
        """Draw what was read; at first the tab with the announcement that was asked for."""
        if self.start and not self.loaded:
            asked = [one for one in told.rows if str(one.id) == self.start]
            over = any(one.state(clock.now()) not in _NOW for one in asked)
            self.part.view = 2 if over else 0
        super().take(told)

    def read(self, desk: "Desk") -> Read[AnnouncementRow]:
        """Read the announcements."""
        rows = desk.announcements.list(all_=True)
        states = [row.state(clock.now()) for row in rows]
        counts = [sum(state in shelf for state in states) for shelf in _STATES]
        facts = "1 announcement" if counts[0] == 1 else f"{counts[0]} announcements"
        return Read(rows, (*counts[:2], 0), facts)

    def fitting(self) -> Sequence[AnnouncementRow]:
        """Give the announcements of the tab that have the words."""
        now = clock.now()
        return [
            row
            for row in self.told.rows
            if row.state(now) in _STATES[self.part.view]
            and has_words(f"{row.text} {row.whom} {row.kind}", self.part.words)
        ]

    def lines(self, rows: Sequence[AnnouncementRow]) -> list[Line]:
        """Give a line an announcement."""
        return lines(rows, clock.now(), columns(self))

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self)))

    def about(self, row: AnnouncementRow) -> Content:
        """Give what is said, for whom, and who was told."""
        return about(row, clock.now())

    def chosen_number(self) -> str:
        """Give its number."""
        return str(self.in_hand.id) if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give what is said."""
        return self.in_hand.text if self.in_hand else ""


NUMBER, STATE, KIND, WHOM, UNTIL, TOLD = 4, 11, 12, 16, 12, 6
"""Cells of the columns; the text has the rest."""
SIGNS = {
    AnnouncementState.PLANNED: "»",
    AnnouncementState.RUNNING: "⚠",
    AnnouncementState.ENDED: "✓",
    AnnouncementState.WITHDRAWN: "–",
}
"""State → sign; the word stands beside it."""
_COMING = {
    Telling.PLANNED: "the first letters",
    Telling.RUNNING: "the first letters",
    Telling.REMINDER: "the reminder",
    Telling.UPDATE: "the update",
    Telling.ENDED: "that it is over",
    Telling.WITHDRAWN: "that it does not apply",
}
NARROW = 100
"""Below so many columns kind and audience stand below the list only."""


def titles(width: int) -> str:
    """Give the heads of the columns."""
    words = ("No.", "State", "Kind", "For", "From/until", "Told", "What is said")
    return _columns(words, width)


def lines(rows: Sequence[AnnouncementRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list."""
    return [Line(str(row.id), Content(_line(row, now, width))) for row in rows]


def _line(row: AnnouncementRow, now: datetime, width: int) -> str:
    state = row.state(now)
    words = (
        str(row.id),
        f"{SIGNS[state]} {state}",
        row.kind,
        clean(row.whom, one_line=True),
        when_words(row, now),
        str(row.told) if row.letters else "boards",
        clean(row.text, one_line=True),
    )
    return _columns(words, width)


def when_words(row: AnnouncementRow, now: datetime) -> str:
    """Give when it begins, where it has not; else when it ends or ended."""
    at = row.from_at if row.state(now) == AnnouncementState.PLANNED else row.ended_at
    at = at or row.until_at
    return moment_words(at, now) if at is not None else ""


def _columns(words: tuple[str, ...], width: int) -> str:
    number, state, kind, whom, until, told, text = words
    cells = [fit(number, NUMBER), fit(state, STATE)]
    if width >= NARROW:
        cells += [fit(kind, KIND), fit(whom, WHOM)]
    cells += [fit(until, UNTIL), f"{told:>{TOLD}}"]
    head = " ".join(cells)
    return f"{head}  {fit(text, max(8, width - len(head) - 2))}"


def about(row: AnnouncementRow, now: datetime) -> Content:
    """Give what is known of one: what is said, for whom, when, who was told, what is to come."""
    facts = (
        ("Said", row.text),
        ("", f"{row.kind}, {row.state(now)}{f', P{row.problem_id}' if row.problem_id else ''}"),
        ("For", f"{row.whom} · {'by letter and on boards' if row.letters else 'on boards'}"),
        ("From", f"{time_words(row.from_at)}{_until(row)} · by {row.actor}"),
        ("Told", _told(row)),
        ("To come", _to_come(row)),
        ("Trouble", row.trouble),
        ("At its end", row.closing),
    )
    return Content("\n").join(
        Content.assemble((f"{label:<12}", "$text-muted"), clean(words, one_line=label != "Said"))
        for label, words in facts
        if words
    )


def _until(row: AnnouncementRow) -> str:
    end = row.ended_at or row.until_at
    return f" until {time_words(end)}" if end else ""


def _told(row: AnnouncementRow) -> str:
    if not row.letters:
        return ""
    return "1 letter" if row.told == 1 else f"{row.told} letters"


def _to_come(row: AnnouncementRow) -> str:
    """Give what the jobs will still write."""
    coming = [_COMING[telling(row.due)]] if row.due else []
    if row.remind_at is not None:
        coming.append(f"a reminder {time_words(row.remind_at)}")
    return ", ".join(coming)
