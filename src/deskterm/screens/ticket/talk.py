"""The part Talk, and from ledger entries to what it says: who to whom, what was done, changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType

from deskterm.domain.rows import AttachmentRow, EntryRow
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Event
from deskterm.screens.actions import BY_ID, key_label, keys_of, part_bindings
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.screens.work import Working
from deskterm.widgets.moving import MOVES, bound
from deskterm.widgets.talk_lines import Saying
from deskterm.widgets.talk_view import TalkView
from deskterm.widgets.value_words import Names, change_lines, entry_words, moment_words, size_words

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
