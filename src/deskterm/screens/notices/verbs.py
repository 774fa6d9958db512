"""What is done with notices on their screen, and which ones one wants, by mail or not."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from deskterm.domain.news import REASONS, SIGNS, WORDS, Kind
from deskterm.domain.notice_rows import BY_MAIL, NoticeRow, Wishes
from deskterm.domain.text import clean
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.flows import lists
from deskterm.screens.order import Order
from deskterm.widgets.choice import Choice
from deskterm.widgets.typed import PlainInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.screens.action import Flow


class NoticesOwner(lists.ListOwner, Protocol):
    """The screen of notices."""

    @property
    def in_hand(self) -> NoticeRow | None:
        """The notice under the cursor."""


def open_it(owner: NoticesOwner) -> None:
    """Open the ticket at the entry, its notices are seen; or what it is of, and that is seen."""
    one = owner.in_hand
    if one is None:
        return
    if one.ticket_id is not None:
        owner.desk_app.go("ticket", one.ticket_id, one.entry_id)
        return

    def marked(many: int) -> None:
        del many
        owner.desk_app.news.look()

    owner.keep(lambda desk: desk.notices.seen([one.id]), marked)
    door, *wanted = _DOORS[one.about](one.about_id)
    owner.desk_app.go(str(door), *wanted)


_DOORS: "Mapping[str, Callable[[int], tuple[object, ...]]]" = {
    "announcement": lambda number: ("announcements", number),
    "release": lambda number: ("release", number),
    "mailbox": lambda number: ("records", "mailbox", number),
    "inbox": lambda _: ("inbox", "Machine"),
    "ratings": lambda _: ("insight", "Satisfaction"),
}
"""What a notice of no ticket is of → the screen that shows it, and what it begins with."""


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

        owner.app.push_screen(WishesDialog(wishes), decided)

    def decided(values: dict[str, str] | None) -> None:
        if values:
            order = Order("Kept", lambda desk, how: desk.attention.wish(values, how))
            owner.desk_app.write(order)

    owner.load(lambda desk: desk.attention.show(), ask, "wishes")


FLOWS: "Mapping[str, Flow]" = {
    **lists.FILTERED,
    "notice_open": open_it,
    "notice_seen": seen,
    "notice_seen_all": seen_all,
    "notice_wishes": wishes,
}


class WishesDialog(Dialog[dict[str, str]]):
    """Space switches a kind; Tab goes to the mail below."""

    HINT = "Space switches · Tab goes on · ^s keeps · Esc leaves"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "switch", "Switch")]

    def __init__(self, wishes: Wishes) -> None:
        super().__init__("What you are told of")
        self._wanted = set(wishes.notify)
        self._wishes = wishes

    def fields(self) -> Iterable[Widget]:
        """Give the kinds, how by mail, the address."""
        yield OptionList(*self._options(), markup=False)
        yield Static(Content("By mail"), classes="label")
        yield Choice(BY_MAIL, self._wishes.mail, id="mail")
        yield Static(Content("Your address"), classes="label")
        yield PlainInput(clean(self._wishes.email, one_line=True), id="email")

    def _options(self) -> list[Option]:
        return [
            Option(
                Content.assemble(
                    f"{'✓' if kind in self._wanted else ' '} {SIGNS[kind]} {WORDS[kind]:<15}",
                    (REASONS[kind], "dim"),
                )
            )
            for kind in Kind
        ]

    @on(OptionList.OptionSelected)
    def action_switch(self) -> None:
        """Switch the kind under the cursor on or off."""
        options = self.query_one(OptionList)
        at = options.highlighted or 0
        self._wanted ^= {tuple(Kind)[at]}
        options.clear_options()
        options.add_options(self._options())
        options.highlighted = at

    def answer(self) -> dict[str, str]:
        """Give the values to set."""
        return {
            "notify": ",".join(kind for kind in Kind if kind in self._wanted) or "none",
            "mail": self.query_one("#mail", Choice).value,
            "email": self.query_one("#email", Input).value.strip(),
        }
