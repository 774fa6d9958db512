"""The mail queue: what waits, what failed and why, one line a letter; live."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.letters import verbs
from deskterm.screens.letters.lines import (
    SHELVES,
    Outbox,
    Post,
    about_what,
    chosen,
    facts_content,
    head_content,
    lines,
    name_of,
)
from deskterm.screens.listing import KeptList
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Letters that are read at most; failed and waiting ones come first."""
EVERY = 2.0
"""Seconds between two looks: a letter that leaves writes nothing into the ledger."""


_ORDER = {"failed": 0, "claimed": 1, "queued": 2}


def _first(one: Post) -> tuple[int, float]:
    """Failed ones come first, then what waits, each time the newest first."""
    return _ORDER.get(one.state, 3), -one.created_at.timestamp()


class LettersScreen(KeptList[Post]):
    """A list with tabs Waiting, Failed, All; Enter shows one as it left or would leave."""

    NAME = "letters"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "letter"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("letters")]
    SHELVES = SHELVES
    FILTER = "filter by words"
    EMPTY = "No letter was ever written.\n\nOpening, answering or closing a ticket writes one."

    told: Outbox = Outbox()

    def on_mount(self) -> None:
        """Look again and again."""
        self.set_interval(EVERY, self._look)

    def _look(self) -> None:
        if self.is_current and self.desk_app.is_open:
            self.read_again()

    def read(self, desk: "Desk") -> Outbox:
        """Read the letters, the errands to trackers, and how both stand."""
        out, queue = desk.outbox.standing(), desk.trackers.queue
        rows: list[Post] = [*desk.outbox.queue(sent=True, limit=MOST)]
        errands = queue.standing()
        rows += queue.rows(done=True, limit=MOST)
        rows.sort(key=_first)
        failed = out.failed + errands.failed
        counts = (out.waiting + errands.waiting + failed, failed)
        return Outbox(rows, counts, out=out, errands=errands)

    def fitting(self) -> Sequence[Post]:
        """Give the letters of the tab that have the words."""
        return chosen(self.told.rows, self.part.view, self.part.words)

    def lines(self, rows: Sequence[Post]) -> list[Line]:
        """Give a line a letter."""
        return lines(rows, max(20, self.size.width - 1), clock.now())

    def name_of(self, row: Post) -> str:
        """Give its number, of an errand with a sign."""
        return name_of(row)

    def head(self) -> Content:
        """Say how sending stands."""
        return head_content(self.told.out, self.told.errands, clock.now())

    def about(self, row: Post) -> Content:
        """Give to whom it goes, how it stands, why."""
        return facts_content(row, clock.now())

    def chosen_number(self) -> str:
        """Give `#12`, the ticket of the letter in hand, or `P7`."""
        return about_what(self.in_hand) if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give why it failed, else to whom it goes."""
        one = self.in_hand
        return (one.error or getattr(one, "recipient", "")) if one else ""
