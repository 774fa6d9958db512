"""What comes due, and what does not work by itself, is told to whoever must know, once.

Promises to a ticket (G1), call-backs (B5), visits; announcements and releases whose letters fail,
mailboxes that cannot be read, mail of machines that opened no ticket, last week's ratings.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4, uuid5

from deskterm.domain.news import EVERYBODY, POOR, Kind, News
from deskterm.domain.promises import PromiseKind, PromiseRow
from deskterm.domain.visits import VisitRow
from deskterm.domain.vocabulary import Event
from deskterm.reports.periods import period
from deskterm.services.rhythm import OPERATIONS, Rhythm
from deskterm.storage import inbox, mailboxes, notices
from deskterm.storage.held_row import HeldRow
from deskterm.storage.inbox import Unasked
from deskterm.storage.mailboxes import Unread
from deskterm.storage.notices import DuePromise
from deskterm.storage.reads import announcements, measures, promises, visits
from deskterm.storage.reads.announcements import Trouble, Undelivered
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.ledger import done_before
from deskterm.storage.reads.measures import Which
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import drop, managers, members, nobodys, with_deputies
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.work import RepeatedError, Work

AHEAD = timedelta(minutes=15)
"""So long before the promise ends its owner is told: there is still something to be done."""
_STALE = timedelta(days=1)
"""A promise broken longer ago is no news: it stands on the board."""
_EVERY = timedelta(minutes=1)
_MOST = 500


class Overdue:
    """Finds promises that end soon, at most once a minute."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rhythm = Rhythm(_EVERY)
        self._done: set[str] = set()
        """Operations of this process that are done, so that nothing is tried twice."""

    def run(self, now: datetime) -> int:
        """Write the notices that are due; gives how many. A second process doubles none."""
        if not self._rhythm.due(now):
            return 0
        with self._store.reading() as database:
            rows = notices.due_promises(database, now + AHEAD, now - _STALE, _MOST)
            named = {_operation(row): row for row in rows}
            self._done = self._done & set(named) | done_before(database, set(named) - self._done)
        return sum(self._tell(name, row) for name, row in named.items() if name not in self._done)

    def _tell(self, operation: str, one: DuePromise) -> int:
        self._done.add(operation)
        try:
            with self._store.work("desk", operation) as work:
                work.claim("overdue")
                return keep(work, [News(one.owner, Kind.OVERDUE, one.urgent, one.ticket, 0)])
        except RepeatedError:
            return 0


def _operation(one: DuePromise) -> str:
    """Give the operation that tells this owner of this promise."""
    until = one.due_at.isoformat()
    return str(uuid5(OPERATIONS, f"overdue {one.ticket} {one.owner} {until}"))


_LATE = timedelta(days=1)
"""Promises that came due longer ago were told before; they stand on the list."""


_TROUBLED = timedelta(days=7)
"""Announcements that were over before are no news."""
_NAMES: dict[str, str] = {PromiseKind.CALL: "call-back", PromiseKind.FIX: "fix"}
"""What the operations are called that tell of them: notices told before have these names."""


def remind(store: Store, now: datetime) -> int:
    """Tell of promises that are due: their owners, whoever stands in, else the group; how many."""
    with store.reading() as database:
        due = promises.to_tell(database, now - _LATE, now)
    return sum(_tell_of(store, one) for one in due)


def _tell_of(store: Store, one: PromiseRow) -> bool:
    """Write the notices of one promise under an id of its own, so that they are written once."""
    name = f"{_NAMES[one.kind]} {one.ticket_id} {one.number} {one.owner} {one.at}"
    kind = "call-back" if one.kind == PromiseKind.CALL else "promise"
    return _once(store, name, kind, lambda work: _due(work, one))


def _due(work: Work, one: PromiseRow) -> list[News]:
    logins = [one.owner] if one.owner else nobodys(work, one.ticket_id)
    return [News(login, Kind.DUE, True, one.ticket_id, 0) for login in logins]


def _once(store: Store, name: str, kind: str, news: Callable[[Work], Sequence[News]]) -> bool:
    """Write notices as the one operation of that name; False where it was done before."""
    operation = str(uuid5(OPERATIONS, name))
    with store.reading() as database:
        if done_before(database, [operation]):
            return False
    try:
        with store.work("desk", operation) as work:
            work.claim(kind)
            keep(work, with_deputies(work, news(work)))
    except RepeatedError:
        return False
    return True


def tell_announcements(store: Store, now: datetime) -> int:
    """Tell whoever announced something that it is in trouble, once of each; gives how many."""
    with store.reading() as database:
        found = announcements.troubled(database, now - _TROUBLED, now)
    return sum(_tell_of_announcement(store, one) for one in found)


def _tell_of_announcement(store: Store, one: Trouble) -> bool:
    def news(work: Work) -> list[News]:
        entry = HeldRow(work, "announcement", one.id).write(Event.NOTED, _wrong(one))
        return [News(one.actor, Kind.ANNOUNCED, True, None, entry)]

    return _once(store, f"announcement {one.id} {one.actor} {one.what}", "announcement", news)


def _wrong(one: Trouble) -> str:
    """Say what is wrong with an announcement, and what to do."""
    about = f"announcement {one.id}" + (f" about P{one.problem}" if one.problem else "")
    if one.trouble:
        return f"{about}: its letters cannot be written: {one.trouble}"
    if one.failed:
        many = "1 letter was" if one.failed == 1 else f"{one.failed} letters were"
        return f"{about}: {many} given up, of {one.told}; M shows why."
    return (
        f"{about} is over, but tickets of it are open: K announces it again, or end P{one.problem}."
    )


def tell_visits(store: Store, now: datetime) -> int:
    """Tell technicians of visits that are about to begin, and that ended and nobody said how."""
    with store.reading() as database:
        due = visits.starting(database, now, AHEAD)
    return sum(_tell_of_visit(store, row, now) for row in due)


def _tell_of_visit(store: Store, row: VisitRow, now: datetime) -> bool:
    over = row.until_at is not None and now >= row.until_at
    what = "over" if over else "starts"
    news = News(row.technician, Kind.VISIT, not over, row.ticket_id, 0)
    name = f"visit {what} {row.id} {row.technician} {row.at}"
    return _once(store, name, "visit", lambda _: [news])


def tell_releases(store: Store, now: datetime) -> int:
    """Tell whoever shipped a release, and its owner, that its letters fail; gives how many."""
    with store.reading() as database:
        found = announcements.undelivered(database, now - _TROUBLED)
    return sum(_tell_of_release(store, one) for one in found)


def _tell_of_release(store: Store, one: Undelivered) -> bool:
    many = "1 letter was" if one.failed == 1 else f"{one.failed} letters were"
    said = f"{one.name}: {many} given up, of {one.letters}; M shows why."

    def news(work: Work) -> list[News]:
        entry = HeldRow(work, "release", one.id).write(Event.NOTED, said)
        return [News(login, Kind.UNDELIVERED, True, None, entry) for login in one.logins]

    return _once(store, f"release {one.id} {one.operation} letters", "release", news)


_UNREAD = timedelta(minutes=15)
"""So long a mailbox may be out of reach before somebody is told: servers are restarted."""


def tell_mailboxes(store: Store, now: datetime) -> int:
    """Tell a mailbox's group, else everybody, that it cannot be read; gives of how many.

    What was not seen is taken back once it is read again.
    """
    with store.reading() as database:
        found = mailboxes.unread(database, now - _UNREAD)
        over = mailboxes.read_again(database)
    if over:
        with store.work("desk", str(uuid4())) as work:
            work.claim("mailbox")
            drop(work, over)
    return sum(_tell_of_mailbox(store, one) for one in found)


def _tell_of_mailbox(store: Store, one: Unread) -> bool:
    def news(work: Work) -> list[News]:
        said = f"{one.name} cannot be read: {one.trouble}"
        entry = HeldRow(work, "mailbox", one.id).write(Event.NOTED, said)
        to = members(work.spine, one.group_id or EVERYBODY)
        return [News(login, Kind.MAILBOX, True, None, entry) for login in to]

    return _once(store, f"mailbox {one.id} {one.last} unread", "mailbox", news)


def tell_machines(store: Store, now: datetime) -> int:
    """Tell a mailbox's group of the last full hour's mail of machines that opened no ticket."""
    until = now.replace(minute=0, second=0, microsecond=0)
    with store.reading() as database:
        found = inbox.unasked(database, until - timedelta(hours=1), until)
    return sum(_tell_of_machines(store, one, until) for one in found)


def _tell_of_machines(store: Store, one: Unasked, until: datetime) -> bool:
    many = "1 mail of a machine" if one.many == 1 else f"{one.many} mails of machines"
    said = f"{many} came to {one.mailbox} and opened no ticket: I shows what."

    def news(work: Work) -> list[News]:
        to = members(work.spine, one.group_id or EVERYBODY)
        return [News(login, Kind.FILED, False, None, 0, said) for login in to]

    return _once(store, f"machines {one.mailbox} {until}", "inbox", news)


class Troubles:
    """Tells of what does not work by itself, each trouble once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._done = ""
        """The week whose ratings were looked at."""

    def run(self, now: datetime) -> None:
        """Tell what is new. Safe to call at any time, by anybody."""
        for tell in (tell_announcements, tell_releases, tell_mailboxes, tell_machines):
            tell(self._store, now)
        self.tell_ratings(now)

    def tell_ratings(self, now: datetime) -> bool:
        """Tell managers, once a week, how many customers were not content in the week before.

        False where it was told, or everybody was content.
        """
        with self._store.reading() as database:
            zone = desk_zone(database)
            today = now.astimezone(zone).date()
            week = period("last-week", today, zone)
            if week.name == self._done:
                return False
            self._done = week.name
            said = measures.voices(database, Which(week.start, week.end), _MOST)
        poor = sum(one.rating in POOR for one in said)
        if not poor:
            return False
        words = f"{poor} of {len(said)} ratings of last week ({week.name}) were 1 or 2 of 5."

        def news(work: Work) -> list[News]:
            return [News(login, Kind.POOR, False, None, 0, words) for login in managers(work.spine)]

        return _once(self._store, f"ratings {week.name}", "ratings", news)
