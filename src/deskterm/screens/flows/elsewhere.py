"""From a ticket to another screen: a call, the next ticket, solutions, a guide."""

from time import monotonic
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from deskterm.screens.action import Named
from deskterm.screens.order import Order
from deskterm.screens.work import look_up
from deskterm.triage.taking import AGAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.owner import Owner, TicketOwner
    from deskterm.screens.host import Host


def new_call(owner: "Owner") -> None:
    """Log a call."""
    owner.desk_app.go("call")


def call_from(owner: "Owner", template: str) -> None:
    """Log a call that is filled in by a template."""
    owner.desk_app.go("call", template)


AGAIN_WITHIN = 120.0
"""Seconds in which another T means the urgent ones that the first has passed over."""
_asked: "WeakKeyDictionary[Host, float]" = WeakKeyDictionary()
"""When T was pressed last, by app."""


def take_next(owner: "Owner") -> None:
    """Take the next ticket and open it; again: from any group."""
    app, now = owner.desk_app, monotonic()
    again = now - _asked.pop(app, now - 2 * AGAIN_WITHIN) < AGAIN_WITHIN

    def run(desk: "Desk", how: "How") -> "Done":
        if not again:
            _asked[app] = now
        done = desk.tickets.next(how=how, anywhere=again)
        if not any(AGAIN in note for note in done.notes):
            _asked.pop(app, None)
        return done

    def after(done: "Done") -> None:
        if done.tickets:
            owner.desk_app.go("ticket", done.tickets[0])

    owner.desk_app.write(Order("Took", run, None, after))


def solution(owner: "TicketOwner") -> None:
    """Show the solutions that fit."""
    owner.desk_app.go("solutions", owner.targets().ids[0])


def publish(owner: "TicketOwner") -> None:
    """Make the resolution a solution, or go to the one it became; then review it."""
    number = owner.targets().ids[0]

    def draft(found: int | None) -> None:
        if found is not None:
            owner.desk_app.go("solutions", number, found, True)
        else:
            owner.desk_app.write(Order("Drafted a solution from", _draft(number), None, review))

    def review(done: "Done") -> None:
        owner.desk_app.go("solutions", number, done.of("solution")[0], True)

    look_up(owner, lambda desk: desk.solutions.of_ticket(number), draft, "solution")


def _draft(number: int) -> "Callable[[Desk, How], Done]":
    """Give what makes a draft of a resolved ticket."""

    def run(desk: "Desk", how: "How") -> "Done":
        return desk.solutions.draft(number, how=how)

    return run


def person(owner: "TicketOwner") -> None:
    """Show the page of the requester."""
    owner.desk_app.go("person", 0, owner.targets().ids[0])


def guide(owner: "TicketOwner") -> None:
    """Choose and walk a guide."""
    owner.desk_app.go("guide", owner.targets().ids[0])


FLOWS: "Mapping[str, Flow]" = {
    "new_call": new_call,
    "take_next": take_next,
    "solution": solution,
    "publish": publish,
    "guide": guide,
    "person": person,
}
"""Action → what it does."""
NAMED: "Mapping[str, Named]" = {"template": Named("", call_from)}
"""What the desk gave names to → what such a name does on any screen."""
