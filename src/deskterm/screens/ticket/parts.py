"""The middle of the ticket screen: Talk, Steps, Links and Facts in tabs, the pane beside them."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import var
from textual.widget import Widget
from textual.widgets import ContentSwitcher

from deskterm.domain import clock
from deskterm.domain.rows import AttachmentRow, EntryRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Event
from deskterm.screens.actions import BY_ID, key_label, keys_of, part_bindings
from deskterm.screens.ticket import steps, ties
from deskterm.screens.ticket.beside import Beside
from deskterm.screens.ticket.facts import Facts
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.screens.ticket.steps import Steps
from deskterm.screens.ticket.ties import Ties
from deskterm.screens.work import Working
from deskterm.widgets.moving import MOVES, bound
from deskterm.widgets.talk_lines import Saying
from deskterm.widgets.talk_view import TalkView
from deskterm.widgets.value_words import Names, change_lines, entry_words, moment_words, size_words
from deskterm.widgets.view_tabs import View, ViewTabs

PUBLIC, INTERNAL, EVENT = "┃", "┊", " "
"""The bar at the left of what the customer can read, of what they cannot, of mere events."""


class Talk(TalkView, Working):
    """What was said and done on a ticket."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bound(*MOVES),
        *part_bindings("next_entry", "previous_entry", "do"),
    ]

    def draw(self, page: Page, fitting: Fitting, now: datetime) -> None:
        """Show the timeline; the place in it is kept."""
        del fitting
        mail_key = key_label(keys_of(BY_ID["whole_mail"], self.desk_app.keys)[0])
        self.show(sayings(page, now, mail_key))

    def action_next_entry(self) -> None:
        """To the next message."""
        self.step(1)

    def action_previous_entry(self) -> None:
        """To the message before."""
        self.step(-1)

    def action_do(self) -> None:
        """Unfold the entry in hand."""
        self.unfold()


def sayings(page: Page, now: datetime, mail_key: str = "Q") -> list[Saying]:
    """Give the timeline of a ticket, oldest first; an opening carries what the customer said.

    `mail_key` is the key that shows the whole mail behind a message.
    """
    return [_saying(page, entry, now, mail_key) for entry in page.view.timeline]


def _saying(page: Page, entry: EntryRow, now: datetime, mail_key: str) -> Saying:
    opening = page.openings.get(entry.id)
    said = opening.body if opening and entry.data.get("split_from") is None else ""
    body = entry.text or said
    details = tuple(_details(entry, page.names))
    says = bool(body or entry.attachments) or entry.event in (Event.OPENED, Event.ESCALATED)
    head = _head(page, entry)
    if not says and details and not entry.data.get("actions"):
        joint = " " if entry.event in _WITH_DETAILS else " · "
        head, details = f"{head}{joint}{'; '.join(details)}", ()
    return Saying(
        id=entry.id,
        kind=_kind(entry) if says else "event",
        when=moment_words(entry.at, now),
        head=head,
        side=("public" if entry.public else "internal") if says else "",
        bar=(PUBLIC if entry.public else INTERNAL) if says else EVENT,
        body=clean(body).strip(),
        details=(*_folded(entry, mail_key), *details),
        files=tuple(_file(file) for file in entry.attachments),
        undone=entry.undone,
    )


def _folded(entry: EntryRow, mail_key: str) -> Iterable[str]:
    """What a reply quoted and the timeline leaves out."""
    lines = entry.data.get("folded")
    if isinstance(lines, int) and lines > 0:
        yield f"… {lines} quoted line{'s' if lines > 1 else ''}: {mail_key} shows the whole mail"


_WITH_DETAILS = (Event.CHANGED, Event.ASSIGNED, Event.STEPPED)
"""Events whose word and changes are one sentence."""


def _kind(entry: EntryRow) -> str:
    if entry.actor == "customer" or entry.event == Event.OPENED:
        return "customer"
    return "desk" if entry.public else "internal"


def _head(page: Page, entry: EntryRow) -> str:
    who = entry.who
    if entry.event == Event.OPENED:
        return clean(_opening(page, entry, who), one_line=True)
    return clean(entry_words(entry, page.names), one_line=True)


def _opening(page: Page, entry: EntryRow, who: str) -> str:
    """`Mia → desk · phone, taken by cy`; a ticket that was merged says its number and subject."""
    one = page.openings.get(entry.id)
    person, channel = (one.requester, one.channel) if one else ("", page.view.channel)
    other = f"#{one.ticket} {one.subject} · " if one and one.ticket != page.view.id else ""
    if entry.actor == "customer" or not person:
        return f"{other}{who} → desk · {channel}"
    return f"{other}{person} → desk · {channel}, taken by {who}"


def _details(entry: EntryRow, names: Names) -> Iterable[str]:
    yield from change_lines(entry, names)
    actions = entry.data.get("actions") or []
    if actions:
        yield "Suggested next:"
        yield from (f"  {place}. {clean(str(one), True)}" for place, one in enumerate(actions, 1))


def _file(file: AttachmentRow) -> str:
    return f"file: {clean(file.name, one_line=True) or 'unnamed'}  {size_words(file.size)}"


class Parts(Widget, Working):
    """What is read of a ticket; one part has the keys. Its screen reads the page."""

    DEFAULT_CSS = """
    Parts { height: 1fr; layout: vertical; }
    Parts #middle, Parts #parts-of-it { height: 1fr; width: 1fr; }
    Parts.-whole #beside { display: none; }
    """

    part: var[int] = var(0)
    """The place of the part that is shown."""
    _page: Page | None = None
    _below = 0

    class Turned(Message):
        """Another part is shown, what fits is another, or entries came out of sight."""

    def __init__(self) -> None:
        super().__init__()
        self.talk = Talk(id="talk")
        self.each = (self.talk, Steps(id="steps"), Ties(id="links"), Facts(id="facts"))
        self.beside = Beside(id="beside")

    def compose(self) -> Iterable[Widget]:
        """Give tabs, parts, and the pane beside them."""
        yield ViewTabs()
        yield Horizontal(
            ContentSwitcher(*self.each, initial="talk", id="parts-of-it"),
            self.beside,
            id="middle",
        )

    def on_mount(self) -> None:
        """Draw the frame."""
        self._show_tabs()
        self.take_keys()

    @property
    def shown(self) -> "Talk | Steps | Ties | Facts":
        """The part that is shown."""
        return self.each[self.part]

    @property
    def fitting(self) -> Fitting:
        """What may help with the ticket."""
        return self.beside.fitting

    @property
    def entry(self) -> Saying | None:
        """The entry in hand, while Talk is shown."""
        return self.talk.in_hand if self.shown is self.talk else None

    @property
    def below(self) -> int:
        """New entries that are out of sight, while Talk is shown."""
        return self._below if self.shown is self.talk else 0

    def take_keys(self) -> None:
        """Let keys go to the part that is shown."""
        self.shown.focus()

    def empty(self) -> None:
        """Show nothing of any ticket, and Talk first."""
        self._page, self._below = None, 0
        for part in (*self.each, self.beside):
            part.empty()
        self.part = 0
        self._show_tabs()
        self.take_keys()

    # --- drawing ------------------------------------------------------------------------

    def follow(self, page: Page) -> None:
        """Take the ticket as it was read, and read what fits it."""
        self._page = page
        self.beside.follow(page)

    @on(Beside.Fits)
    def draw(self) -> None:
        """Draw what is seen anew; each part keeps its place."""
        if self._page is None or not self.is_mounted:
            return
        what = (self._page, self.fitting, clock.now())
        for part in (self.shown, self.beside):
            part.draw(*what)
        self._show_tabs()
        self.post_message(self.Turned())

    def _show_tabs(self) -> None:
        page = self._page
        counts = ("", steps.count(page.view.steps), str(ties.count(page) or ""), "") if page else ()
        tabs = self.query_one(ViewTabs)
        tabs.views = tuple(
            View(str(one.id).capitalize(), "", counts[at] if counts else "")
            for at, one in enumerate(self.each)
        )
        tabs.active = self.part

    @on(TalkView.Moved)
    def _moved(self, message: TalkView.Moved) -> None:
        if message.below != self._below:
            self._below = message.below
            self.post_message(self.Turned())

    # --- from part to part --------------------------------------------------------------

    def watch_part(self) -> None:
        """Go to the part."""
        if self.is_mounted:
            # Links and facts say all that the pane does: they have its room.
            self.set_class(self.part >= 2, "-whole")
            self.draw()
            self.query_one(ContentSwitcher).current = self.shown.id
            self._show_tabs()
            self.take_keys()
            self.post_message(self.Turned())

    def turn(self, by: int) -> None:
        """Go to the next part, or to the one before."""
        self.part = (self.part + by) % len(self.each)

    @on(ViewTabs.Chosen)
    def _tab_clicked(self, message: ViewTabs.Chosen) -> None:
        self.part = message.place

    def on_key(self, event: events.Key) -> None:
        """Choose a part by its number."""
        if event.character and event.character in "1234":
            self.part = int(event.character) - 1
            event.stop()
