"""The job that follows announcements by the clock and tells each wording, once a person (G2).

Letters are written in batches, each a transaction that keeps who was told with the letters
themselves: after a kill the rest is told, and nobody twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from time import monotonic
from uuid import uuid4

from deskterm.domain.announcements import (
    ONLY_TO_THE_TOLD,
    AnnouncementKind,
    AnnouncementRow,
    AnnouncementState,
    Telling,
    telling,
)
from deskterm.domain.audience import Member
from deskterm.domain.clock import to_text
from deskterm.domain.vocabulary import Event
from deskterm.services.announcements.fitting import fits_words
from deskterm.services.letters import Letters
from deskterm.services.news_letters import BATCH, ToReader, write_news
from deskterm.storage import announcements
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import announcements as reads
from deskterm.storage.reads import audience as people
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import Work
from deskterm.triage.people_terms import audience, says_what_they_use
from deskterm.triage.query_tree import QueryError

_TURN = 3.0
"""Seconds of a turn: mail that comes in meanwhile does not wait for fifty thousand letters."""
_EVERY = timedelta(seconds=5)
_TEMPLATES = {
    Telling.PLANNED: "news_announced",
    Telling.RUNNING: "news_announced",
    Telling.REMINDER: "news_reminder",
    Telling.UPDATE: "news_update",
    Telling.ENDED: "news_ended",
    Telling.WITHDRAWN: "news_withdrawn",
}


class Announcing:
    """Begins, reminds and ends announcements when their time has come, and writes their letters."""

    def __init__(self, store: Store, letters: Letters) -> None:
        self._store = store
        self._letters = letters
        self._looked: datetime | None = None
        self.more = False
        """Whether letters are still to be written after the last turn."""
        self._rest: dict[int, tuple[tuple[str, ...], Sequence[Member]]] = {}
        """Announcement → its wording and who is still to hear it: read once for all turns."""

    def run(self, now: datetime, budget: float = _TURN) -> int:
        """Do what is due; gives how many letters were written. Safe to call at any time."""
        looked = self._looked
        if not self.more and looked and timedelta(0) <= now - looked < _EVERY:
            return 0
        self._looked, self.more = now, False
        with self._store.reading() as database:
            over, remind = reads.over(database, now), reads.to_remind(database, now)
        for number in over:
            self._change(number, _end_by_clock)
        for number in remind:
            self._change(number, _remind)
        return self._tell_all(now, monotonic() + budget)

    def _tell_all(self, now: datetime, until: float) -> int:
        """Write the letters that are due; undo can take back nothing of them any more."""
        with self._store.reading() as database:
            numbers = reads.to_tell(database, now - self._letters.wait)
        written = 0
        for number in numbers:
            if monotonic() > until:
                self.more = True
                break
            written += self._tell(number, until)
        return written

    def _change(self, number: int, change: Callable[[HeldRow], None]) -> None:
        with self._store.work("desk", str(uuid4())) as work:
            work.claim("announcement")
            change(announcements.held(work, number))

    def _tell(self, number: int, until: float) -> int:
        """Tell one wording to whoever was not told; gives how many letters."""
        with self._store.reading() as database, database.snapshot():
            row = reads.one(database, number)
            wording = (row.due, row.text, row.audience)
            before, left = self._rest.pop(number, ((), ()))
            try:
                wanted = left if before == wording else self._wanted(database, row)
            except QueryError as error:
                said = error.sentence
                self._change(number, lambda held: _trouble(held, said))
                return 0
        written = 0
        while wanted and monotonic() <= until:
            some, wanted = wanted[:BATCH], wanted[BATCH:]
            batch = self._batch(row, some, last=not wanted)
            if batch is None:
                return written
            written += batch
        if wanted:
            self.more = True
            self._rest[number] = wording, wanted
        elif not written:
            self._batch(row, (), last=True)
        return written

    def _wanted(self, database: Database, row: AnnouncementRow) -> Sequence[Member]:
        """Give who is to hear this wording and has not; raises QueryError."""
        query = audience(row.audience or "everyone")
        despite = row.kind == AnnouncementKind.OUTAGE and says_what_they_use(query)
        told = reads.told(database, "announcement", row.id, row.due)
        known = reads.told(database, "announcement", row.id) - told
        heard = people.some(database, sorted(known), despite=despite) if known else []
        if telling(row.due) in ONLY_TO_THE_TOLD:
            found = heard
        else:
            fresh = people.members(database, query, despite=despite)
            there = {one.person_id for one in fresh}
            found = [*fresh, *(one for one in heard if one.person_id not in there)]
        found = people.within(database, row.organisation_id, found)
        return [one for one in found if not one.status and one.person_id not in told]

    def _batch(self, row: AnnouncementRow, some: Sequence[Member], *, last: bool) -> int | None:
        """Write the letters of a batch; None where the wording was overtaken meanwhile."""
        with self._store.work("desk", str(uuid4())) as work:
            work.claim("announcement")
            held = announcements.held(work, row.id)
            if held["due"] != row.due or held["text"] != row.text:
                return None
            if _is_moot(row, work.at):
                some, last = (), True
            asked = [one.person_id for one in some]
            told = reads.told(work.spine, "announcement", row.id, row.due, asked)
            fresh = [one for one in some if one.person_id not in told]
            planned = row.state(work.at) == AnnouncementState.PLANNED
            at, data = to_text(work.at), _data(row, planned)
            held.put_new("told", {f"{row.due}/{one.person_id}": at for one in fresh})
            held.set(told=held["told"] + len(fresh))
            if last:
                held.set(due="", due_at=None)
            held.write(Event.MAIL, f"Told {len(fresh)} people: {row.due}." if fresh else "")
            many = (ToReader(one, data) for one in fresh)
            template = _TEMPLATES[telling(row.due)]
            write_news(work, self._letters, template, many, at_once=True)
            _reach_tickets(work, row, [one.person_id for one in fresh])
        return len(fresh)


def _is_moot(row: AnnouncementRow, now: datetime) -> bool:
    """Tell whether nobody need hear this any more: it is over before it was told."""
    state = row.state(now)
    open_ = state in (AnnouncementState.PLANNED, AnnouncementState.RUNNING)
    begun = state != AnnouncementState.PLANNED and telling(row.due) == Telling.REMINDER
    return begun or not (open_ or telling(row.due) in ONLY_TO_THE_TOLD)


def _data(row: AnnouncementRow, planned: bool) -> dict[str, object]:
    """Give what is kept with a letter, as it is when it is written."""
    return {
        "said": row.text,
        "kind": row.kind,
        "closing": row.closing,
        "planned": planned,
        "from_at": to_text(row.from_at),
        "until_at": to_text(row.until_at) if row.until_at else None,
    }


def _reach_tickets(work: Work, row: AnnouncementRow, told: Sequence[int]) -> None:
    """An announcement that reached whoever wrote a ticket about it picks the ticket up (§4)."""
    if telling(row.due) in ONLY_TO_THE_TOLD or not told:
        return
    for chunk in (told[at : at + 500] for at in range(0, len(told), 500)):
        found = [
            one.ticket
            for one in reads.unnoticed(work.spine, chunk, row.problem_id)
            if one.linked or fits_words(row, one.subject)
        ]
        for ticket in hold(work, found).values():
            ticket.write(Event.ANNOUNCED, row.text, public=True)


def _end_by_clock(row: HeldRow) -> None:
    """Its time is over: everybody who was told knew until when."""
    if row["ended_at"] is None:
        row.set(ended_at=row["until_at"], remind_at=None)
        row.write(Event.CLOSED)


def _remind(row: HeldRow) -> None:
    """Let people be reminded, where nothing newer is still to be told."""
    row.set(remind_at=None)
    if row["letters"] and not row["due"]:
        announcements.due(row, Telling.REMINDER)
    row.write(Event.REMINDED)


def _trouble(row: HeldRow, why: str) -> None:
    row.set(trouble=why)
    row.write(Event.NOTED, why)
