"""The job that keeps calendars up to date: their feeds, and public holidays of years to come."""

from datetime import date, datetime, timedelta

from deskterm.services.rhythm import Rhythm
from deskterm.storage import calendars
from deskterm.storage.calendars import Feed
from deskterm.storage.store import Store

_LOOK = timedelta(minutes=1)
_DAILY, _AGAIN = timedelta(days=1), timedelta(hours=6)


class Feeding:
    """The job that asks feeds once a day, one a turn, and lets a new year's holidays be known."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rhythm = Rhythm(_LOOK)
        self._year: date | None = None

    def run(self, now: datetime) -> int:
        """Do what is due; gives how many calendars were looked after."""
        if not self._rhythm.due(now):
            return 0
        done = self._new_year(now)
        with self._store.reading() as database:
            due = next((one for one in calendars.feeds(database) if _due(one, now)), None)
        if due is not None:
            from deskterm.services.calendars import fetch

            fetch(self._store, due, now)
            done += 1
        return done

    def _new_year(self, now: datetime) -> int:
        """Once a day: let calendars of a country know the years to come."""
        if self._year == now.date():
            return 0
        self._year = now.date()
        with self._store.reading() as database:
            return calendars.know_years(database, now)


def _due(feed: Feed, now: datetime) -> bool:
    pause = _AGAIN if feed.trouble else _DAILY
    return feed.fed_at is None or not timedelta(0) <= now - feed.fed_at < pause
