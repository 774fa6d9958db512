"""The key of the end and the beginning of a shift: read what was left, else hand over."""

from typing import TYPE_CHECKING

from deskterm.screens.order import Order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.handovers import HandoverRow, Item
    from deskterm.screens.desk import Desk
    from deskterm.screens.flows.owner import AnyScreen

    Found = tuple[Sequence[HandoverRow], Sequence[Item]]


def handover(owner: "AnyScreen") -> None:
    """Show what others handed over; where all is read, hand over oneself."""

    def ask(desk: "Desk") -> "Found":
        left = desk.staff.handovers.unread()
        return left, () if left else desk.staff.handovers.draft()

    owner.load(ask, lambda found: _show(owner, *found), "handover")


def _show(owner: "AnyScreen", left: "Sequence[HandoverRow]", items: "Sequence[Item]") -> None:
    from deskterm.screens.dialogs.handover import HandedDialog, HandOverDialog

    numbers = [one.id for one in left]

    def read(yes: bool | None) -> None:
        if yes:
            owner.keep(
                lambda desk: desk.staff.handovers.see(numbers),
                lambda _: owner.desk_app.desk_changed(),
            )

    def keep(words: str | None) -> None:
        if words is not None:
            order = Order("Handed over", lambda desk, how: desk.staff.handovers.new(words, how))
            owner.desk_app.write(order)

    if left:
        owner.app.push_screen(HandedDialog(left), read)
    else:
        owner.app.push_screen(HandOverDialog(items), keep)
