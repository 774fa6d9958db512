"""What is done with notices on their screen."""

from typing import TYPE_CHECKING, Protocol

from deskterm.domain.notice_rows import NoticeRow, Wishes
from deskterm.screens.flows import lists
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deskterm.screens.action import Flow


class NoticesOwner(lists.ListOwner, Protocol):
    """The screen of notices."""

    @property
    def in_hand(self) -> NoticeRow | None:
        """The notice under the cursor."""


def open_ticket(owner: NoticesOwner) -> None:
    """Open the ticket at the entry; its notices are seen."""
    one = owner.in_hand
    if one is not None:
        owner.desk_app.go("ticket", one.ticket_id, one.entry_id)


def seen(owner: NoticesOwner) -> None:
    """Mark the one in hand as seen and move on."""
    one = owner.in_hand

    def marked(many: int) -> None:
        del many
        _look_again(owner)

    if one is not None:
        owner.part.listing.move(1)
        owner.keep(lambda desk: desk.notices.seen([one.id]), marked)


def seen_all(owner: NoticesOwner) -> None:
    """Mark all as seen."""

    def marked(many: int) -> None:
        owner.desk_app.say(f"{many} seen." if many else "Nothing was new.")
        _look_again(owner)

    owner.keep(lambda desk: desk.notices.seen_all(), marked)


def _look_again(owner: NoticesOwner) -> None:
    owner.desk_changed()
    owner.desk_app.news.look()


def wishes(owner: NoticesOwner) -> None:
    """Choose what one is told of."""

    def ask(wishes: Wishes) -> None:
        from deskterm.screens.notices.wishes import WishesDialog

        owner.app.push_screen(WishesDialog(wishes), decided)

    def decided(values: dict[str, str] | None) -> None:
        if values:
            order = Order("Kept", lambda desk, how: desk.attention.wish(values, how))
            owner.desk_app.write(order)

    owner.load(lambda desk: desk.attention.show(), ask, "wishes")


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "notice_open": open_ticket,
    "notice_seen": seen,
    "notice_seen_all": seen_all,
    "notice_wishes": wishes,
}
