"""One's own notices, newest first: what happened, and the way there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.cells import cell_len
from textual import events, on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from deskterm.domain import clock
from deskterm.domain.news import REASONS, SIGNS, WORDS, Kind
from deskterm.domain.notice_rows import BY_MAIL, NoticeRow, Wishes
from deskterm.domain.text import clean
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.flows import lists
from deskterm.screens.listing import KeptList, Read, Shelf
from deskterm.screens.order import Order
from deskterm.screens.work import look_up
from deskterm.widgets.choice import Choice
from deskterm.widgets.line_list import Line
from deskterm.widgets.list_part import has_words
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.typed import PlainInput
from deskterm.widgets.value_words import moment_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.screens.desk import Desk


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

    look_up(owner, lambda desk: desk.attention.show(), ask, "wishes")


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


MOST = 500
"""Notices that are read at most."""


_NOTHING = "Nothing new.\n\n3 shows what you have seen · o chooses what you are told of"


class NoticesScreen(KeptList[NoticeRow]):
    """A list with tabs New, Urgent, All; opening one marks it as seen."""

    NAME = "notices"
    FLOWS: ClassVar[Mapping[str, Flow]] = {
        **lists.FILTERED,
        "notice_open": open_it,
        "notice_seen": seen,
        "notice_seen_all": seen_all,
        "notice_wishes": wishes,
    }
    KIND = "notice"
    CSS_PATH = "notices.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("notices")]
    SHELVES = (Shelf("New", _NOTHING), Shelf("Urgent", _NOTHING), Shelf("All", _NOTHING))
    FILTER = "filter by words"
    EMPTY = (
        "No notices yet.\n\nWhat concerns you appears here: tickets given to you, answers, @you."
    )

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Read anew: a ticket that was open meanwhile took its notices along."""
        del event
        if self.composed:
            self.desk_changed()

    def read(self, desk: "Desk") -> Read[NoticeRow]:
        """Read the notices."""
        rows = tuple(desk.notices.list(limit=MOST))
        return Read(rows, [len(chosen(rows, place, "")) for place in range(len(self.SHELVES))])

    def fitting(self) -> Sequence[NoticeRow]:
        """Give the notices of the tab that have the words."""
        return chosen(self.told.rows, self.part.view, self.part.words)

    def lines(self, rows: Sequence[NoticeRow]) -> list[Line]:
        """Give a line a notice."""
        return lines(rows, max(20, self.size.width - 1), clock.now())

    def about(self, row: NoticeRow) -> Content:
        """Give what happened."""
        return notice_content(row, max(20, self.size.width - 2))

    def chosen_number(self) -> str:
        """Give `#12`, the ticket, or `R3`."""
        return self.in_hand.name if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give the first words of what happened."""
        return self.in_hand.text or self.in_hand.subject if self.in_hand else ""


KIND, NUMBER, WHO, WHEN = 16, 7, 14, 12
"""Cells of the columns; the subject has the rest."""


def chosen(rows: Iterable[NoticeRow], view: int, words: str) -> list[NoticeRow]:
    """Give the notices of a view that have all of these words."""
    return [
        one
        for one in rows
        if (view == 2 or one.seen_at is None)
        and (view != 1 or one.urgent)
        and has_words(_searched(one), words)
    ]


def _searched(one: NoticeRow) -> str:
    words = f"{one.kind} {WORDS[one.kind]} {one.name} {one.subject} {one.who} {one.text}"
    return f"{words} {'urgent' if one.urgent else ''}"


def lines(rows: Sequence[NoticeRow], width: int, now: datetime) -> list[Line]:
    """Give the lines of the list for a window of this width."""
    return [Line(str(one.id), _line(one, width, now)) for one in rows]


def _line(one: NoticeRow, width: int, now: datetime) -> Content:
    seen = one.seen_at is not None
    room = max(8, width - 2 - KIND - NUMBER - WHO - WHEN - 5)
    muted = "$text-muted"
    return Content.assemble(
        ("! " if one.urgent else "  ", muted if seen else "bold $error"),
        (fit(f"{SIGNS[one.kind]} {WORDS[one.kind]}", KIND), muted if seen else "$accent"),
        " ",
        (one.name.ljust(NUMBER), muted),
        " ",
        (fit(clean(one.subject, one_line=True), room), muted if seen else "bold"),
        " ",
        (fit(clean(one.who, one_line=True), WHO), muted),
        " ",
        (moment_words(one.at, now).ljust(WHEN), muted),
    )


def notice_content(one: NoticeRow, width: int) -> Content:
    """Give what happened: who, what kind of entry, and its first words."""
    seen = " · seen" if one.seen_at else ""
    if one.ticket_id is None:
        return Content("\n").join(
            [
                Content.styled(f"{WORDS[one.kind]} · Enter shows it{seen}", "bold"),
                Content(clean(one.text, one_line=True)),
            ]
        )
    kind = "" if one.entry_id is None else " · public" if one.public else " · internal"
    head = f"{WORDS[one.kind]} by {one.who}{kind} · ticket is {one.state}{seen}"
    text = clean(one.text, one_line=True)
    if cell_len(text) > 3 * width:
        text = fit(text, 3 * width - 4)
    return Content("\n").join([Content.styled(clean(head, one_line=True), "bold"), Content(text)])
