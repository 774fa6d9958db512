"""Handing over to the next shift: the list is made by the desk, the words by whoever goes."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.handovers import MOST, STANDS, HandoverRow, Item, ItemKind
from deskterm.domain.promises import OWED, WORDS, PromiseKind
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import announcements, board, promises, visits
from deskterm.storage.reads import handovers as reads
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.triage.query import parse
from deskterm.triage.spans import bounds

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from deskterm.domain.problems import Outbreak
    from deskterm.domain.rows import Done
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_LISTED = 50
_MOST_WORDS = 10_000
_QUERIES = (
    (ItemKind.OVERDUE, "is:overdue assignee:me"),
    (ItemKind.OPEN, "is:open assignee:me -is:overdue -is:waiting"),
    (ItemKind.WAITING, "is:waiting assignee:me -is:overdue"),
)
"""Whose tickets: those of whoever goes, each once."""


class Handovers:
    """Use cases of hand-overs."""

    def __init__(self, desk: "Acting", outbreaks: "Callable[[], Sequence[Outbreak]]") -> None:
        self._desk = desk
        self._outbreaks = outbreaks

    def draft(self, login: str | None = None) -> list[Item]:
        """Give what would be handed over now: one's tickets, promises, visits, what goes on."""
        bursts = [Item(ItemKind.BURST, 0, one.words) for one in self._outbreaks()[:MOST]]
        with self._desk.store.reading() as database, database.snapshot():
            return [*bursts, *_items(database, login or self._desk.me)]

    def new(self, words: str = "", how: How = NOW) -> "Done":
        """Hand over what there is now, with words; everybody else finds it on their board."""
        items = self.draft(how.actor)

        def change(work: "Work") -> None:
            row = HeldRow(work, "handover", None)
            row.set(login=work.actor, words=storable(words).strip()[:_MOST_WORDS])
            row.set(items=[list(one) for one in items])
            row.write(Event.EDITED, f"{work.actor} hands over {len(items)}")

        return self._desk.do("hand over", how, change)

    def list(self, most: int = _LISTED) -> "list[HandoverRow]":
        """Give hand-overs, the newest first."""
        with self._desk.store.reading() as database:
            return reads.handovers(database, most)

    def show(self, number: int | None = None) -> HandoverRow:
        """Give one, by default the newest; raises NotFoundError."""
        with self._desk.store.reading() as database:
            return reads.one(database, number)

    def unread(self) -> Sequence[HandoverRow]:
        """Give what others handed over within a day and one has not read, the newest first."""
        with self._desk.store.reading() as database:
            return reads.unread(database, self._desk.me, clock.now() - STANDS)

    def see(self, numbers: Sequence[int]) -> None:
        """Mark hand-overs as read by oneself; raises NotFoundError."""
        with self._desk.store.reading() as database:
            for number in numbers:
                reads.see(database, reads.one(database, number).id, self._desk.me, clock.now())


def _items(database: "Database", me: str) -> list[Item]:
    now = clock.now()
    zone = desk_zone(database)
    end = bounds(":", "today", now, zone)[1] or now
    found = [
        Item(ItemKind.ANNOUNCED, 0, " ".join(one.text.split()))
        for one in announcements.on_boards(database, now)[:MOST]
    ]
    found += [
        Item(ItemKind.PROMISED, one.ticket_id, _promised(one.kind, one.at, zone, one.subject))
        for one in promises.rows(database)
        if one.kind in OWED and one.kind != PromiseKind.VISIT
        and one.owner in ("", me) and one.at is not None and one.at < end
    ][:MOST]  # fmt: skip
    found += [
        Item(ItemKind.VISIT, one.ticket_id, _promised("visit", one.at, zone, one.subject))
        for one in visits.visits(database, start=now, end=end, technician=me, states=("fixed",))
    ][:MOST]
    for kind, query in _QUERIES:
        numbers = board.numbers(database, parse(query), Asked(me, now, zone), MOST)
        found += [Item(kind, row.id, row.subject) for row in board.rows(database, numbers)]
    return found


def _promised(kind: str, at: "datetime | None", zone: "tzinfo", subject: str) -> str:
    when = f"{at.astimezone(zone):%H:%M} " if at else ""
    return f"{when}{WORDS.get(kind, kind)}: {subject}"
