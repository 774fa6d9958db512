"""Visits as a desk looks at them: a day's, a ticket's, free times, a file for one's calendar."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from deskterm.calendars.slots import Wanted, free_slots
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.visits import (
    AHEAD,
    ENDS,
    FARTHEST,
    OFFERED,
    OPEN,
    Proposed,
    VisitRow,
    VisitState,
)
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.names import login_of
from deskterm.storage.reads import visits as reads
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.targets import visit_calendar
from deskterm.storage.ticket.hold import survivor
from deskterm.triage.spans import bounds, later

if TYPE_CHECKING:
    from deskterm.services.acting import Acting


class Sought(NamedTuple):
    """For what free time is looked for."""

    technician: str
    minutes: int
    travel: int
    site: int | None
    ticket: int
    """Whose hours count where its site has none, and whose own visit is not in the way."""


def free_times(database: Database, sought: Sought, after: datetime | None = None) -> list[datetime]:
    """Give free times of a technician, spread over half days; none within four weeks: empty."""
    start = clock.now() + timedelta(hours=1, minutes=sought.travel)
    start = max(start, after) if after else start
    far = timedelta(minutes=FARTHEST)
    busy = reads.busy(database, sought.technician, start - far, start + AHEAD + far)
    others = [one for one in busy if one.ticket != sought.ticket]
    wanted = Wanted(timedelta(minutes=sought.minutes), sought.travel, sought.site)
    calendar = visit_calendar(database, sought.ticket, sought.site)
    return free_slots(calendar, others, wanted, start, OFFERED)


def local_words(database: Database, at: datetime) -> str:
    """Give a time as the desk reads it: `Tue 1 Dec 2026 10:00`."""
    local = at.astimezone(desk_zone(database))
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def left_words(database: Database, tickets: Sequence[int]) -> list[str]:
    """Say which visits stay agreed on, or offered, where these tickets end."""
    found = []
    for row in reads.left(database, tickets):
        said = f"#{row.ticket_id} has a visit "
        if row.state == VisitState.OFFERED:
            said += f"whose times are offered ({row.technician})"
        else:
            declined = ", declined" if row.state == VisitState.DECLINED else ""
            assert row.at is not None
            said += f"on {local_words(database, row.at)} ({row.technician}{declined})"
        found.append(f"{said}: it stays so until it is called off (`visit cancel`).")
    return found


def covered_words(database: Database, login: str, start: datetime, end: datetime) -> str:
    """Say which visits of a technician lie in a time at which they are off; empty: none."""
    named = [
        f"#{row.ticket_id} {local_words(database, row.at) if row.at else '(offered)'}"
        for row in reads.within(database, login, max(start, clock.now()), end)
    ]
    if not named:
        return ""
    more = f" and {len(named) - 5} more" if len(named) > 5 else ""
    return (
        f"{login} is off then, but has visits: {'; '.join(named[:5])}{more}. Move them or give "
        "them to somebody else (`visit set`)."
    )


class Visits:
    """Use cases that read visits; what is done with one is a verb of its ticket."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def list(
        self, *, when: str = "", technician: str = "", over: bool = False
    ) -> Sequence[VisitRow]:
        """Give visits by time: those that are not over, offered ones last, or those of a period.

        `when`: today, tomorrow, friday, this-week, 2026-12. `technician`: a login or `me`.
        `over`: also those that were done, missed or called off, since yesterday where no period
        is named. Raises UsageError.
        """
        with self._desk.store.reading() as database:
            login = None
            if technician:
                login = self._desk.me if technician == "me" else login_of(database, technician)
            if not when:
                yesterday = clock.now() - timedelta(days=1)
                ended = reads.visits(database, start=yesterday, technician=login, states=ENDS)
                return [*(ended if over else ()), *reads.visits(database, technician=login)]
            start, end = _period(database, when)
            states = (*OPEN, *ENDS) if over else OPEN
            return reads.visits(database, start=start, end=end, technician=login, states=states)

    def today(self) -> Sequence[VisitRow]:
        """Give the visits that are fixed for the rest of the day."""
        with self._desk.store.reading() as database:
            now = clock.now()
            _, end = bounds(":", "today", now, desk_zone(database))
            return reads.visits(database, start=now - LATE, end=end, states=("fixed",))

    def of(self, ticket: int) -> Sequence[VisitRow]:
        """Give every visit of a ticket, the open one first; raises NotFoundError."""
        with self._desk.store.reading() as database:
            return reads.visits_of(database, survivor(database, ticket))

    def left(self, tickets: Sequence[int]) -> Sequence[str]:
        """Give a sentence for each visit that would stay agreed on where these tickets end."""
        with self._desk.store.reading() as database:
            return left_words(database, tickets)

    def around(self) -> Sequence[VisitRow]:
        """Give the visits to come and those of the last month, whatever became of them."""
        with self._desk.store.reading() as database:
            start = clock.now() - timedelta(days=30)
            over = reads.visits(database, start=start, states=ENDS)
            rows = [*over, *reads.visits(database)]
        return sorted(rows, key=lambda row: (row.at is None, row.at or start, row.id))

    def proposed(self, ticket: int) -> Proposed:
        """Give what would be offered on a ticket: who, where, free times; raises NotFoundError."""
        with self._desk.store.reading() as database:
            number = survivor(database, ticket)
            now = reads.open_visit(database, number)
            row = reads.visit(database, now) if now is not None else None
            owner, site, room = reads.about_ticket(database, number)
            login = row.technician if row else owner or self._desk.me
            minutes = row.minutes if row else USUAL
            travel = row.travel if row else reads.travel_to(database, site)
            found = free_times(database, Sought(login, minutes, travel, site, number))
            zone = desk_zone(database)
            return Proposed(
                technician=login,
                length=f"{minutes}m",
                place=row.place if row else room,
                site=reads.site_name(database, site),
                what=row.what if row else "",
                slots=tuple(f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in found),
            )

    def calendar(self, rows: Iterable[VisitRow]) -> bytes:
        """Give an iCalendar file of these visits, for the technician's own calendar."""
        from deskterm.mail.invitation import Meeting, calendar

        with self._desk.store.reading() as database:
            domain = str(value(database, "mail.address")).rpartition("@")[2]
        now = clock.now()
        return calendar(
            Meeting(
                uid=f"visit-{row.id}@{domain}",
                sequence=row.sequence,
                start=row.at,
                minutes=row.minutes,
                summary=f"#{row.ticket_id} {row.requester}: {row.subject}",
                place=row.where,
                about=" ".join(part for part in (row.what, row.phone) if part),
                written_at=now,
                cancelled=row.state in ("cancelled", "declined"),
            )
            for row in rows
            if row.at is not None
        )


USUAL = 60
"""Minutes of a visit where nothing is said."""
LATE = timedelta(hours=4)
"""So long a visit that nobody ended stays in the head of the board."""


def _period(database: Database, when: str) -> tuple[datetime | None, datetime | None]:
    now, zone = clock.now(), desk_zone(database)
    try:
        return bounds(":", when, now, zone)
    except ValueError as wrong:
        try:
            day = later(when, now, zone).astimezone(zone).date().isoformat()
        except UsageError:
            raise UsageError(f"{wrong}, or tomorrow, friday.") from None
        return bounds(":", day, now, zone)
