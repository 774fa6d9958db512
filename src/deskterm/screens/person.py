"""The page of a person: who they are, what they were promised, all they ever had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain import clock
from deskterm.domain.record_table import RECORDS
from deskterm.domain.rows import BoardRow, PersonPage, Promised
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.flows import general, lists
from deskterm.screens.listing import ListScreen, Read
from deskterm.screens.records.verbs import open_form
from deskterm.screens.ticket.facts import other_words, person_facts
from deskterm.widgets.line_list import Line
from deskterm.widgets.value_words import moment_words

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_LABEL = 14


@dataclass(frozen=True)
class Told(Read[BoardRow]):
    """A person as they were read."""

    page: PersonPage | None = None


class PersonOwner(lists.ListOwner, Protocol):
    """The page of a person."""

    told: Told

    @property
    def in_hand(self) -> BoardRow | None:
        """The ticket under the cursor."""


def open_ticket(owner: PersonOwner) -> None:
    """Open the ticket in hand."""
    if owner.in_hand is not None:
        owner.desk_app.go("ticket", owner.in_hand.id)


def show_tickets(owner: PersonOwner) -> None:
    """Show all their tickets on the board."""
    if owner.told.page is not None:
        owner.desk_app.show_tickets(f"from:#{owner.told.page.person.id}")


def edit(owner: PersonOwner) -> None:
    """Change what is known of them."""
    if owner.told.page is not None:
        open_form(owner, RECORDS["person"], f"#{owner.told.page.person.id}")


FLOWS: Mapping[str, Flow] = {
    **lists.FLOWS,
    "filter_board": general.filter_board,
    "person_open": open_ticket,
    "person_edit": edit,
    "person_board": show_tickets,
}


class PersonScreen(ListScreen[BoardRow]):
    """A person by number, or the requester of a ticket; Enter opens a ticket of theirs."""

    NAME = "person"
    FLOWS: ClassVar[Mapping[str, Flow]] = FLOWS
    KIND = "visit"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("person")]
    told: Told = Told()

    def __init__(self, person: int = 0, ticket: int = 0) -> None:
        super().__init__()
        self._person, self._ticket = person, ticket

    def read(self, desk: "Desk") -> Told:
        """Read the person; the same one from then on, whatever becomes of the ticket."""
        who = f"#{self._person}" if self._person else ""
        page = desk.people.page(who, ticket=0 if who else self._ticket)
        self._person = page.person.id
        return Told(page.tickets, facts=clean(page.person.name, one_line=True), page=page)

    def lines(self, rows: Sequence[BoardRow]) -> list[Line]:
        """Give who they are, what they wait for, and a line a ticket."""
        page = self.told.page
        return [*_about(page), *_promises(page.promises), *_tickets(page, rows)] if page else []

    def chosen_number(self) -> str:
        """Give `#12` of the ticket in hand."""
        return f"#{self.in_hand.id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give the subject of the ticket in hand."""
        return self.in_hand.subject if self.in_hand else ""


def _about(page: PersonPage) -> list[Line]:
    facts = [one for one in person_facts(page.person) if one[1].strip()]
    votes = ", ".join(map(str, page.ratings[:12]))
    if votes:
        facts.append(("Rated", f"{votes} of 5, the newest first"))
    return [
        Line("", Content.assemble((f" {clean(label, one_line=True):<{_LABEL}}", "$text-muted"),
                                  (clean(words, one_line=True), "bold" if not at else "")))
        for at, (label, words) in enumerate(facts)
    ]  # fmt: skip


def _promises(promises: Sequence[Promised]) -> list[Line]:
    now = clock.now()
    lines = [_heading("Promised, and still to come")] if promises else []
    for one in promises:
        late = one.at is not None and one.at < now
        when = moment_words(one.at, now) if one.at else "no date"
        words = clean(f"#{one.ticket_id} {one.what}", one_line=True)
        lines.append(Line("", Content.assemble((f" {when:<{_LABEL}}", "$error" if late else ""),
                                               words, " (late)" if late else "")))  # fmt: skip
    return lines


def _tickets(page: PersonPage, rows: Sequence[BoardRow]) -> list[Line]:
    person = page.person
    heading = f"Their tickets: {person.open_tickets} open, {person.past_tickets} past"
    return [_heading(heading), *(Line(str(row.id), _ticket(row)) for row in rows)]


def _ticket(row: BoardRow) -> Content:
    rated = row.value("rating")
    return Content(f" {other_words(row, clock.now())}{f' · rated {rated}' if rated else ''}")


def _heading(words: str) -> Line:
    return Line("", Content.styled(f" {words}", "bold $accent"))
