"""What is done with competences on their screen: written down, taken up, looked into."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.competences import LEVELS
from deskterm.domain.record_table import RECORDS
from deskterm.screens.competences.lines import PROPOSED, Row
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.order import Order
from deskterm.screens.records.verbs import open_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow

PERIODS = ("30d", "90d", "365d")
SAID = ("30 days", "90 days", "a year")


class CompetenceOwner(lists.ListOwner, Protocol):
    """The screen of competences."""

    period: int

    @property
    def in_hand(self) -> Row | None:
        """The line under the cursor."""

    def read_again(self) -> None:
        """Read everything for its period."""


def show_tickets(owner: CompetenceOwner) -> None:
    """Show the tickets behind the line on the board."""
    if owner.in_hand is not None and owner.in_hand.query:
        owner.desk_app.show_tickets(owner.in_hand.query)


def say(owner: CompetenceOwner) -> None:
    """Say how well somebody knows something: one line, with what is in hand in it."""
    levels = ", ".join(f"{level} {words}" for level, words in enumerate(LEVELS))
    question = f"Technician, category, level ({levels}), such as: bo network/wifi 2"
    meant = owner.in_hand.meant if owner.in_hand else ""

    def write(line: str | None) -> None:
        if not line:
            return
        name, _, level = " ".join(line.split()).rpartition(" ")
        values = {"level": level}
        owner.desk_app.write(
            Order(
                f"{name}: level {level}",
                lambda desk, how: desk.records.set("competence", name, values, how),
            )
        )

    owner.app.push_screen(
        LineDialog("Who knows what", question, meant, "Say who, what and how well."), write
    )


def accept(owner: CompetenceOwner) -> None:
    """Write down what closed tickets propose in the line in hand."""
    row = owner.in_hand
    if owner.part.view != PROPOSED or row is None:
        owner.desk_app.say("Only what closed tickets propose is taken up: the tab Proposed.")
        return
    login, _, category = row.name.partition(" ")
    span = PERIODS[owner.period]
    owner.desk_app.write(
        Order(
            f"{row.name}:",
            lambda desk, how: desk.staff.competences.accept(login, category, how, span),
        )
    )


def roles(owner: CompetenceOwner) -> None:
    """Change the technician in hand in the form: roles, level, groups are records."""
    row = owner.in_hand
    login = row.meant.partition(" ")[0] if row else ""
    if login:
        open_form(owner, RECORDS["technician"], login)
    else:
        owner.desk_app.say("Choose a technician first: the tab Technicians.", "warning")


def shorter(owner: CompetenceOwner) -> None:
    """A shorter period."""
    _over(owner, owner.period - 1)


def longer(owner: CompetenceOwner) -> None:
    """A longer period."""
    _over(owner, owner.period + 1)


def _over(owner: CompetenceOwner, period: int) -> None:
    period = max(0, min(len(PERIODS) - 1, period))
    if period != owner.period:
        owner.period = period
        owner.read_again()


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "competence_open": show_tickets,
    "competence_say": say,
    "competence_accept": accept,
    "competence_roles": roles,
    "competence_shorter": shorter,
    "competence_longer": longer,
}
