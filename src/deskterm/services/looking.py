"""Jobs that look now and then: bursts of one cause, feeds of calendars, fixes that hold."""

from datetime import date, datetime, timedelta
from uuid import uuid5

from deskterm.domain.news import Kind, News
from deskterm.domain.problems import ProblemState
from deskterm.services.rhythm import OPERATIONS, NowAndThen
from deskterm.storage import calendars, problems
from deskterm.storage.calendars import Feed
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.reads import releases as reads
from deskterm.storage.reads.arrivals import arrivals
from deskterm.storage.store import Store
from deskterm.storage.ticket.impact import write_bursts
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.ticket.news import with_deputies
from deskterm.storage.work import RepeatedError, Work
from deskterm.triage.bursts import bursts

_DAILY, _AGAIN = timedelta(days=1), timedelta(hours=6)


class Bursting(NowAndThen):
    """A running burst counts in the board's order: its tickets touch as many people (C4)."""

    EVERY = timedelta(minutes=1)

    def look(self, now: datetime) -> int:
        """Let the order follow what bursts there are; gives how many tickets moved."""
        with self.store.reading() as database:
            found = bursts(now, arrivals(database, now))
            people = {number: one.people for one in reversed(found) for number in one.tickets}
            return write_bursts(database, people)


class Feeding(NowAndThen):
    """The job that asks feeds once a day, one a turn, and lets a new year's holidays be known."""

    EVERY = timedelta(minutes=1)

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._year: date | None = None

    def look(self, now: datetime) -> int:
        """Do what is due; gives how many calendars were looked after."""
        done = self._new_year(now)
        with self.store.reading() as database:
            due = next((one for one in calendars.feeds(database) if _due(one, now)), None)
        if due is not None:
            from deskterm.services.calendars import fetch

            fetch(self.store, due, now)
            done += 1
        return done

    def _new_year(self, now: datetime) -> int:
        """Once a day: let calendars of a country know the years to come."""
        if self._year == now.date():
            return 0
        self._year = now.date()
        with self.store.reading() as database:
            return calendars.know_years(database, now)


def _due(feed: Feed, now: datetime) -> bool:
    pause = _AGAIN if feed.trouble else _DAILY
    return feed.fed_at is None or not timedelta(0) <= now - feed.fed_at < pause


class Verifying(NowAndThen):
    """The job that ends released problems whose fix held: nobody missed it (semantics §9)."""

    EVERY = timedelta(minutes=10)

    def look(self, now: datetime) -> int:
        """End what held for the desk's number of days; gives how many. Doing it again does none."""
        with self.store.reading() as database:
            days = int(value(database, "release.verify_days"))
            if not days:
                return 0
            since = now - timedelta(days=days)
            held = _held(database, since)
        return sum(self._verify(number, release, days) for number, release in held)

    def _verify(self, number: int, release: reads.Fix, days: int) -> int:
        name = f"verified {number} {release.id} {release.began.isoformat()}"
        try:
            with self.store.work("desk", str(uuid5(OPERATIONS, name))) as work:
                work.claim("problem")
                row = problems.locked(work, number)
                if (
                    row["state"] != ProblemState.RELEASED
                    or reads.fix(work.spine, number) != release
                ):
                    return 0
                why = (
                    f"{release.name} held for {days} days: {release.works} of {release.told} say "
                    "that it works, nobody that it does not."
                )
                values = {"state": str(ProblemState.VERIFIED), "reason": why}
                problems.change(work, number, values, words=why)
                keep(work, with_deputies(work, _news(work, number, row["owner"], release)))
        except RepeatedError:
            return 0
        return 1


def _held(database: Database, since: datetime) -> list[tuple[int, reads.Fix]]:
    """Give the released problems whose fix has held since then, each with its release."""
    found = ((number, reads.fix(database, number)) for number in reads.released(database))
    return [(number, one) for number, one in found if one and one.holds and one.began <= since]


def _news(work: Work, number: int, owner: str, release: reads.Fix) -> list[News]:
    """Tell the owners of problem and release, on the newest ticket of the problem."""
    tickets = reads.newest_ticket(work.spine, number)
    owners = reads.technicians(work.spine, [one for one in (owner, release.owner) if one])
    return [News(one, Kind.VERIFIED, False, ticket, 0) for ticket in tickets for one in owners]
