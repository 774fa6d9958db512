"""Call reviews: what is to be filled in, one's own, sums by step, what is to be learned (H7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.reviews import Question, ReviewRow
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.listing import Read, RestingList, Shelf, columns
from deskterm.screens.reviews import verbs
from deskterm.screens.reviews.lines import Row, need_row, review_row, sum_row, titles
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words

if TYPE_CHECKING:
    from deskterm.reports.reviews import Need, Summed
    from deskterm.screens.desk import Desk

_MINE, _BY_ME, _SUMS, _LEARN = 1, 2, 3, 4
_SPAN = "90d"


@dataclass(frozen=True)
class Told(Read[Row]):
    """What was read, for all tabs."""

    reviews: Sequence[ReviewRow] = ()
    sums: "Sequence[Summed]" = ()
    needs: "Sequence[Need]" = ()


class ReviewsScreen(RestingList[Row]):
    """Tabs of call reviews; what colleagues were told stays between them."""

    NAME = "reviews"
    FLOWS: ClassVar[Mapping[str, Flow]] = verbs.FLOWS
    KIND = "review"
    KEY = "name"
    CSS_PATH = "screen.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("reviews")]
    SHELVES = (
        Shelf("To fill in", "Nothing is to be reviewed.\n\nd draws closed tickets, of all alike."),
        Shelf("Of me", "None of your calls was reviewed."),
        Shelf("By me", "You have reviewed nothing yet."),
        Shelf("Sums", "No review was filled in within 90 days."),
        Shelf("To learn", "No step is below its limit, and no category lacks anybody."),
    )
    FILTER = "words in technician, subject or step"

    asks: Sequence[Question] = ()
    me = ""
    told: Told = Told()

    def read(self, desk: "Desk") -> Told:
        """Read the reviews and their sums."""
        rows, found = desk.staff.reviews.list(), desk.staff.reviews.sums(_SPAN)
        self.asks, self.me = desk.staff.reviews.questions, desk.me
        counts = [sum(self._is_on(one, view) for one in rows) for view in range(_SUMS)]
        return Told(
            facts=f"{found.reviews} in 90 days",
            counts=[*counts, 0, len(found.needs)],
            reviews=rows,
            sums=found.steps,
            needs=found.needs,
        )

    def _is_on(self, one: ReviewRow, view: int) -> bool:
        if view == _MINE:
            return one.login == self.me and one.filled_at is not None
        if view == _BY_ME:
            return one.reviewer == self.me
        return one.filled_at is None and one.login != self.me

    def fitting(self) -> Sequence[Row]:
        """Give the rows of the tab that have the words."""
        view = self.part.view
        if view == _SUMS:
            rows = [sum_row(place, one) for place, one in enumerate(self.told.sums)]
        elif view == _LEARN:
            rows = [need_row(place, one) for place, one in enumerate(self.told.needs)]
        else:
            some = [one for one in self.told.reviews if self._is_on(one, view)]
            rows = [review_row(one, columns(self, 60)) for one in some]
        return [row for row in rows if has_words(row.text, self.part.words)]

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give a line a row."""
        return [Line(row.name, Content(row.text)) for row in rows]

    def head(self) -> Content:
        """Give the heads of the columns."""
        view = self.part.view
        if view == _LEARN:
            return Content(f" {'Kind':<9}{'What':<25}Why")
        return Content(titles(view == _SUMS, columns(self, 60)))

    def about(self, row: Row) -> Content:
        """Give what is known of it."""
        return Content("\n".join(clean(line, one_line=True) for line in row.told.splitlines()))

    def chosen_number(self) -> str:
        """Give the ticket's number."""
        review = self.in_hand.review if self.in_hand else None
        return f"#{review.ticket_id}" if review else ""
