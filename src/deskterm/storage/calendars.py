"""Calendars as they are kept: what their country and their feed know, and who follows a change."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.storage.driver import Database, json_text, moment_or_none
from deskterm.storage.work import State, Work

if TYPE_CHECKING:
    from deskterm.storage.held_values import Changes

_BEFORE, _AHEAD = 10, 3
"""Years around this one whose public holidays are kept."""


class Anew(State):
    """What was promised of tickets is another now: their deadlines follow before the commit."""

    def __init__(self) -> None:
        self.all = False
        self.people: set[int] = set()

    def finish(self, work: Work) -> None:
        """Let the deadlines of open tickets follow."""
        from deskterm.storage.ticket.clocks import refresh
        from deskterm.storage.ticket.impact import refresh as refresh_impact

        if self.all:
            refresh(work.spine, work.at)
            refresh_impact(work.spine)
        elif self.people:
            numbers = open_of(work.spine, sorted(self.people))
            refresh(work.spine, work.at, numbers)
            refresh_impact(work.spine)


def open_of(database: Database, people: Sequence[int]) -> list[int]:
    """Give the open tickets of requesters."""
    rows = database.all(
        "SELECT id FROM ticket WHERE requester_id IN :ids AND is_open ORDER BY id", ids=people
    )
    return [row["id"] for row in rows]


def promised_anew(work: Work, person: int | None = None) -> None:
    """Let deadlines follow: of all open tickets, or of one requester's."""
    state = work.state(Anew)
    if person is None:
        state.all = True
    else:
        state.people.add(person)


_BELONGS = {"organisation_id", "site_id", "segment"}


def follow(kind: str, work: Work, number: int, changes: "Changes") -> None:
    """Let what is promised follow a calendar, an offer, a site's hours, where somebody belongs."""
    if kind == "calendar":
        _calendar_follows(work, number, changes)
    elif kind == "person":
        if changes.keys() & _BELONGS and "name" not in changes:
            promised_anew(work, number)
    elif kind == "offer" or "calendar_id" in changes:
        promised_anew(work)


def _calendar_follows(work: Work, number: int, changes: "Changes") -> None:
    """Let what a calendar knows of its country and its feed follow a change of it."""
    if changes.keys() & {"country", "subdivision"}:
        know_country(work.spine, number, work.at)
    if "feed" in changes:
        work.spine.run(
            "UPDATE calendar SET fed = '{}', fed_at = NULL, trouble = '' WHERE id = :id", id=number
        )
    promised_anew(work)


def know_country(database: Database, number: int, now: datetime) -> bool:
    """Keep the public holidays of a calendar's country; tells whether they are others now."""
    row = database.one("SELECT country, subdivision, known FROM calendar WHERE id = :id", id=number)
    if row is None:
        return False
    known: Mapping[date, str] = {}
    if row["country"]:
        from deskterm.calendars.feed import public_holidays

        years = range(now.year - _BEFORE, now.year + _AHEAD + 1)
        known = public_holidays(row["country"], row["subdivision"], years)
    text = json_text({day.isoformat(): name for day, name in known.items()})
    if text == row["known"]:
        return False
    database.run("UPDATE calendar SET known = :known WHERE id = :id", known=text, id=number)
    return True


class Feed(NamedTuple):
    """A calendar's feed."""

    calendar: int
    name: str
    address: str
    fed_at: datetime | None
    trouble: str
    days: int
    """So many days it held when it was last read."""


def feeds(database: Database) -> list[Feed]:
    """Give the feeds of all calendars."""
    rows = database.all(
        "SELECT id, name, feed, fed, fed_at, trouble FROM calendar WHERE feed <> '' ORDER BY id"
    )
    return [
        Feed(
            row["id"],
            row["name"],
            row["feed"],
            moment_or_none(row["fed_at"]),
            row["trouble"],
            len(json.loads(row["fed"])),
        )
        for row in rows
    ]


def feed_failed(database: Database, number: int, trouble: str, now: datetime) -> None:
    """Keep why a feed could not be read; what it held before stays."""
    database.run(
        "UPDATE calendar SET fed_at = :now, trouble = :trouble WHERE id = :id",
        now=now,
        trouble=trouble,
        id=number,
    )


def keep_feed(database: Database, number: int, days: Mapping[date, str], now: datetime) -> bool:
    """Keep what a feed holds, a transaction of its own; tells whether it is something else.

    Deadlines follow. Nothing is kept where the calendar is gone meanwhile.
    """
    text = json_text({day.isoformat(): name for day, name in days.items()})
    with _transaction(database):
        row = database.one("SELECT fed FROM calendar WHERE id = :id", id=number)
        database.run(
            "UPDATE calendar SET fed = :fed, fed_at = :now, trouble = '' WHERE id = :id",
            fed=text,
            now=now,
            id=number,
        )
        changed = row is not None and row["fed"] != text
        if changed:
            _deadlines_follow(database, now)
    return changed


def know_years(database: Database, now: datetime) -> int:
    """Let calendars of a country know the years to come, a transaction of its own; gives how many.

    The library that knows them is loaded only where the last of those years is not known yet.
    """
    rows = database.all("SELECT id, known FROM calendar WHERE country <> '' ORDER BY id")
    last = str(now.year + _AHEAD)
    old = [row["id"] for row in rows if max(json.loads(row["known"]), default="")[:4] < last]
    if not old:
        return 0
    with _transaction(database):
        changed = [number for number in old if know_country(database, number, now)]
        if changed:
            _deadlines_follow(database, now)
    return len(old)


@contextmanager
def _transaction(database: Database) -> Iterator[None]:
    database.begin()
    try:
        yield
        database.commit()
    except BaseException:
        database.rollback()
        raise


def _deadlines_follow(database: Database, now: datetime) -> None:
    from deskterm.storage.ticket.clocks import refresh
    from deskterm.storage.ticket.impact import refresh as refresh_impact

    refresh(database, now)
    refresh_impact(database)
    if database.dialect == "postgresql":
        database.all("SELECT pg_notify('deskterm', 'calendar')")
