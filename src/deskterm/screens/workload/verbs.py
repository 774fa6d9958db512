"""What is done with the technician in hand on the screen of the workload."""

from functools import partial
from typing import TYPE_CHECKING, Protocol

from deskterm.domain.in_hand import LoadRow
from deskterm.screens.flows import general, lists
from deskterm.screens.order import Order
from deskterm.screens.workload.lines import NOBODY, query_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
            owner.load(
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


FLOWS: "Mapping[str, Flow]" = {
    **lists.FLOWS,
    "filter_board": general.filter_board,
    "workload_open": show_tickets,
    "workload_off": off,
}
