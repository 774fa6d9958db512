"""Calendars in use: a month of one, and the feeds that know more holidays."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from deskterm.calendars.feed import MOST_BYTES, days_of
from deskterm.calendars.month import DayRow, month, read_month
from deskterm.domain import clock
from deskterm.domain.errors import DeskError, NotFoundError, UsageError
from deskterm.storage import calendars
from deskterm.storage.calendars import Feed
from deskterm.storage.names import number_of
from deskterm.storage.targets import Targets

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.store import Store

_SECONDS = 10.0
"""All of an answer has to be here by then: a feed that never ends is given up."""
_PIECE = 65_536
_BEFORE, _AHEAD = timedelta(days=366), timedelta(days=3 * 366)
"""What of a feed is kept: a year back, three ahead."""


class Fed(NamedTuple):
    """What became of asking one feed."""

    calendar: str
    days: int
    changed: bool
    trouble: str


class Month(NamedTuple):
    """A month of a calendar."""

    name: str
    zone: str
    days: tuple[DayRow, ...]


class Calendars:
    """Use cases on calendars, beside those of every record."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def month(self, name: str, text: str = "") -> Month:
        """Give a month of a calendar (`desk`: what counts where nothing else fits)."""
        with self._desk.store.reading() as database:
            targets = Targets(database)
            calendar = targets.default.calendar
            if name != "desk" or targets.has_calendar(name):
                name, calendar = targets.calendar(number_of(database, "calendar", name))
        today = clock.now().astimezone(calendar.zone).date()
        return Month(name, str(calendar.zone), tuple(month(calendar, read_month(text, today))))

    def fetch(self, name: str = "") -> list[Fed]:
        """Ask the feed of a calendar, or of all, now; raises NotFoundError where it has none."""
        with self._desk.store.reading() as database:
            found = calendars.feeds(database)
        wanted = [one for one in found if not name or one.name.casefold() == name.casefold()]
        if name and not wanted:
            raise NotFoundError(
                f"there is no calendar {name[:60]!r} with a feed; see `deskterm calendar list`."
            )
        return [fetch(self._desk.store, one, clock.now()) for one in wanted]


def fetch(store: "Store", feed: Feed, now: datetime) -> Fed:
    """Ask one feed, outside of any transaction, then keep what it holds, or why it could not be."""
    try:
        today = now.date()
        days = days_of(read_feed(feed.address), today - _BEFORE, today + _AHEAD)
    except (DeskError, OSError) as error:
        trouble = f"{feed.address[:80]}: {error}"[:300]
        with store.reading() as database:
            calendars.feed_failed(database, feed.calendar, trouble, now)
        return Fed(feed.name, feed.days, changed=False, trouble=trouble)
    with store.reading() as database:
        changed = calendars.keep_feed(database, feed.calendar, days, now)
    return Fed(feed.name, len(days), changed, "")


def read_feed(address: str) -> bytes:
    """Read a file, or what an address answers; raises UsageError, OSError within the limits."""
    if "://" not in address:
        with Path(address).expanduser().open("rb") as file:
            return _within(iter(lambda: file.read(_PIECE), b""))
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    asked = Request(address, headers={"Accept": "text/calendar", "User-Agent": "deskterm"})
    try:
        with urlopen(asked, timeout=_SECONDS / 2) as answer:
            return _within(iter(lambda: answer.read1(_PIECE), b""))
    except (URLError, ValueError) as error:
        raise UsageError(f"no answer ({getattr(error, 'reason', error)}).") from error


def _within(pieces: Iterable[bytes]) -> bytes:
    """Take pieces until there are too many, or until it takes too long."""
    ends, found, many = monotonic() + _SECONDS, [], 0
    for piece in pieces:
        found.append(piece)
        many += len(piece)
        if many > MOST_BYTES:
            raise UsageError(f"larger than {MOST_BYTES // 1_000_000} MB: no calendar of holidays.")
        if monotonic() > ends:
            raise UsageError(f"not whole after {_SECONDS:.0f} s: given up.")
    return b"".join(found)
