"""The mail queue: what waits, what failed and why, one line a letter; live."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.mail_rows import LetterRow, Outgoing
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.letters import verbs
from deskterm.screens.letters.lines import SHELVES, chosen, facts_content, head_content, lines
from deskterm.screens.listing import KeptList, Read
from deskterm.widgets.line_list import Line

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

MOST = 500
"""Letters that are read at most; failed and waiting ones come first."""
EVERY = 2.0
"""Seconds between two looks: a letter that leaves writes nothing into the ledger."""
_NONE = Outgoing()


@dataclass(frozen=True)
class Outbox(Read[LetterRow]):
    """The letters, and how sending stands."""

    out: Outgoing = _NONE


class LettersScreen(KeptList[LetterRow]):
    """A list with tabs Waiting, Failed, All; Enter shows a letter as it left or would leave."""

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
        """Read the letters and how the outbox stands."""
        out, rows = desk.outbox.standing(), desk.outbox.queue(sent=True, limit=MOST)
        return Outbox(rows, (out.waiting + out.failed, out.failed), out=out)

    @property
    def out(self) -> Outgoing:
        """How sending stands."""
        return self.told.out

    def fitting(self) -> Sequence[LetterRow]:
        """Give the letters of the tab that have the words."""
        return chosen(self.told.rows, self.part.view, self.part.words)

    def lines(self, rows: Sequence[LetterRow]) -> list[Line]:
        """Give a line a letter."""
        return lines(rows, max(20, self.size.width - 1), clock.now())

    def name_of(self, row: LetterRow) -> str:
        """Give its number."""
        return str(row.id)

    def head(self) -> Content:
        """Say how sending stands."""
        return head_content(self.out, clock.now())

    def about(self, row: LetterRow) -> Content:
        """Give to whom it goes, how it stands, why."""
        return facts_content(row, clock.now())

    def chosen_number(self) -> str:
        """Give `#12`, the ticket of the letter in hand."""
        one = self.in_hand
        return f"#{one.ticket_id}" if one and one.ticket_id is not None else ""

    def chosen_text(self) -> str:
        """Give why it failed, else to whom it goes."""
        one = self.in_hand
        return (one.error or one.recipient) if one else ""
