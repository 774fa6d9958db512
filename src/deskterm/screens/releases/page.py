"""One release: what it fixes and says, who is told and why, and what they answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType

from deskterm.domain.releases import STANDS, Heard, Plan, ReleaseRow
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import lists
from deskterm.screens.listing import ListScreen, Read, Shelf, columns
from deskterm.screens.releases import verbs
from deskterm.screens.releases.lines import page_lines
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

Row = Heard | int
"""A person whom it concerns, or the number of a problem that it fixes."""


@dataclass(frozen=True)
class Told(Read[Row]):
    """A release as it was read."""

    plan: Plan | None = None


class PageOwner(lists.ListOwner, Protocol):
    """The page of a release."""

    @property
    def in_hand(self) -> Row | None:
        """The person or problem under the cursor."""


def show(owner: PageOwner) -> None:
    """Show the problem in hand, or the tickets of the person in hand."""
    row = owner.in_hand
    if isinstance(row, int):
        owner.desk_app.go("problems", row)
    elif row is not None and len(row.tickets) == 1:
        owner.desk_app.go("ticket", row.tickets[0])
    elif row is not None and row.tickets:
        numbers = ",".join(map(str, row.tickets))
        owner.desk_app.show_tickets(f"is:any id:{numbers}", row.tickets)
    elif row is not None:
        owner.desk_app.go("person", row.person_id)


class ReleaseScreen(ListScreen[Row]):
    """Its problems and its people; Enter goes to the problem or to the tickets."""

    NAME = "release"
    KIND = "heard"
    FLOWS: ClassVar[Mapping[str, Flow]] = {**verbs.FLOWS, "release_tickets": show}
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("release")]
    SHELVES = (
        Shelf("All"),
        Shelf("Broken", "Nobody says that it is still broken."),
        Shelf("Silent", "Whoever was told has answered."),
        Shelf("Works", "Nobody has said yet that it works."),
        Shelf("To tell", "Nobody is to be told."),
        Shelf("Left out", "Nobody is left out."),
    )
    FILTER = "words in a name or the reason"
    WAIT = "Reading whom it concerns …"
    told: Told = Told()

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def read(self, desk: "Desk") -> Told:
        """Read the release with everybody it concerns."""
        plan = desk.releases.plan(str(self._number))
        people = plan.people
        stands = [one.stand for one in people]
        counts = [stands.count(stand) for stand in STANDS]
        facts = f"{plan.release.name}  {plan.release.state}"
        problems = [number for number, _, _ in plan.problems]
        left = len(stands) - sum(counts)
        return Told((*problems, *people), (0, *counts, left), facts, plan)

    def fitting(self) -> Sequence[Row]:
        """Give the people of the tab that have the words; on the first, problems too."""
        view = self.part.view
        people = [one for one in self.told.rows if isinstance(one, Heard)]
        if view:
            stand = (*STANDS, "")[view - 1]
            people = [one for one in people if (one.stand == stand if stand else _left_out(one))]
        found = [one for one in people if has_words(_searched(one), self.part.words)]
        whole = not view and not self.part.words
        problems = [one for one in self.told.rows if isinstance(one, int)] if whole else []
        return [*problems, *found]

    @property
    def release(self) -> ReleaseRow | None:
        """The release that is shown."""
        return self.told.plan.release if self.told.plan else None

    def lines(self, rows: Sequence[Row]) -> list[Line]:
        """Give what it says and fixes on the first tab, and a line a person."""
        plan = self.told.plan
        if plan is None:
            return []
        people = [one for one in rows if isinstance(one, Heard)]
        whole = not self.part.view and not self.part.words
        return page_lines(plan, people, columns(self), whole=whole)

    def name_of(self, row: Row) -> str:
        """Give `P7` of a problem, the number of a person."""
        return f"P{row}" if isinstance(row, int) else str(row.person_id)

    def chosen_number(self) -> str:
        """Give `P7`, or the tickets of the person in hand."""
        row = self.in_hand
        if isinstance(row, Heard):
            return ", ".join(f"#{one}" for one in row.tickets)
        return f"P{row}" if row is not None else ""

    def chosen_text(self) -> str:
        """Give who it is and why it concerns them; of the release what it says."""
        row = self.in_hand
        if isinstance(row, Heard):
            return f"{row.name}: {row.reason}"
        return self.release.words if self.release else ""


def _left_out(one: Heard) -> bool:
    return one.stand not in STANDS


def _searched(one: Heard) -> str:
    return f"{one.name} {one.reason} {one.stand}"
