"""What is done with the technician in hand on the screen of the workload."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.in_hand import LoadRow
from deskterm.screens.flows import general, lists
from deskterm.screens.order import Order
from deskterm.screens.workload.lines import NOBODY, query_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow


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
            order = Order(
                f"{login} is off:",
                lambda desk, how: desk.absences.add(login=login, **values, how=how),
            )
            owner.desk_app.write(order)

    owner.app.push_screen(AbsenceDialog(login), add)


FLOWS: "Mapping[str, Flow]" = {
    **lists.FLOWS,
    "filter_board": general.filter_board,
    "workload_open": show_tickets,
    "workload_off": off,
}
