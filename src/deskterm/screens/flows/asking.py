"""The common path of verbs on tickets: ask what is missing, then place one order.

A bulk order is one operation and one undo.
"""

from typing import TYPE_CHECKING

from deskterm.screens.order import OnTickets, Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.asking import How, Request
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.verb import RequestDialog, Targets
    from deskterm.screens.flows.owner import Owner, TicketOwner


def limit(owner: "Owner") -> int:
    """Give the setting: more tickets than this want the number typed."""
    return int(owner.desk_app.settings["confirm_over"])


def say_here(owner: "TicketOwner") -> str:
    """Say who else has the targets open or writes on them; gives what was said."""
    here = owner.desk_app.presence.words(owner.targets().ids)
    if here:
        owner.desk_app.say(here, "warning")
    return here


def place(owner: "Owner", said: str, run: "Callable[[Desk, How], Done]") -> None:
    """Place an order that clashes with nothing others did, and goes on with nothing."""
    owner.desk_app.write(Order(said, run))


def order(
    owner: "TicketOwner",
    said: str,
    targets: "Targets",
    asked: "Request",
    then: "Callable[[], None] | None" = None,
    *,
    seen: bool = True,
) -> None:
    """Place one order for these targets; `seen`: it clashes with what others did since."""

    def after(done: "Done") -> None:
        owner.written(done)
        if then is not None:
            then()

    versions = targets.seen or None if seen else None
    owner.desk_app.write(Order(said, OnTickets(targets.ids, asked), versions, after))


def confirmed(owner: "TicketOwner", verb: str, said: str, asked: "Request") -> None:
    """Do a verb that asks nothing; several tickets are confirmed first."""
    from deskterm.screens.dialogs.verb import ConfirmDialog

    targets = owner.targets()

    def answered(yes: bool | None) -> None:
        if yes:
            order(owner, said, targets, asked)

    if len(targets.ids) > 1:
        owner.app.push_screen(ConfirmDialog(verb, targets, limit(owner)), answered)
    else:
        answered(True)


def ask(owner: "TicketOwner", dialog: "RequestDialog", said: str) -> None:
    """Open a form; what it asks for is ordered."""

    def filled(asked: "Request | None") -> None:
        if asked is not None:
            order(owner, said, dialog.targets, asked)

    owner.app.push_screen(dialog, filled)
