"""Time worked as a desk looks at it: of a ticket, of a period, proposed; clocks that nobody stops.

What is done with it is a verb of its ticket.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid5

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError
from deskterm.domain.times import FORGOTTEN, TimeRow, TimeState
from deskterm.reports.periods import period
from deskterm.services.rhythm import OPERATIONS, Rhythm
from deskterm.storage import times
from deskterm.storage import times as reads
from deskterm.storage.names import login_of
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.ticket.hold import hold, survivor
from deskterm.storage.work import RepeatedError
from deskterm.triage.query import parse

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.services.letters import Letters
    from deskterm.storage.store import Store

_EVERY = timedelta(minutes=10)
_AHEAD = timedelta(minutes=5)
"""So much may two machines' clocks differ."""
_ON_TICKET = (TimeState.RUNNING, TimeState.PROPOSED, TimeState.BOOKED)


class Times:
    """Use cases that read time worked."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def of(self, ticket: int) -> Sequence[TimeRow]:
        """Give what was worked on a ticket, what is proposed and what runs; NotFoundError."""
        with self._desk.store.reading() as database:
            sought = reads.Sought(_ON_TICKET, tickets=[survivor(database, ticket)])
            return reads.entries(database, sought, parse(""), self._asked())

    def proposed(self, ticket: int) -> Sequence[int]:
        """Give the numbers of what is proposed to oneself on a ticket; raises NotFoundError."""
        found = self.of(ticket)
        mine = (one for one in found if one.technician == self._desk.me)
        return [one.id for one in mine if one.state == TimeState.PROPOSED]

    def list(
        self,
        *,
        when: str = "",
        query: str = "",
        technician: str = "",
        states: Sequence[str] = (TimeState.BOOKED,),
    ) -> Sequence[TimeRow]:
        """Give entries of a period, of the tickets that a query finds, in the order of their days.

        `when`: 30d, 2026-11, last-quarter, a range; empty: all times. `technician`: a login or
        `me`. Raises UsageError, QueryError, NotFoundError.
        """
        with self._desk.store.reading() as database:
            asked = self._asked()
            sought = reads.Sought(states)
            if when:
                zone = desk_zone(database)
                found = period(when, asked.now.astimezone(zone).date(), zone)
                sought = sought._replace(start=found.start, end=found.end)
            if technician:
                me = technician == "me"
                login = self._desk.me if me else login_of(database, technician)
                sought = sought._replace(technician=login)
            return reads.entries(database, sought, parse(query), asked)

    def ticket_of(self, number: int) -> int:
        """Give the ticket on which an entry of time stands; raises NotFoundError."""
        with self._desk.store.reading() as database:
            sought = reads.Sought(tuple(TimeState), numbers=[number])
            found = reads.entries(database, sought, parse(""), self._asked())
        if not found:
            raise NotFoundError(f"there is no time {number}; see `deskterm time list --proposed`.")
        return found[0].ticket_id

    def running(self) -> int | None:
        """Give the ticket on which one's own clock runs, or None."""
        with self._desk.store.reading() as database:
            found = times.running(database, self._desk.me)
        return found.ticket if found else None

    def _asked(self) -> Asked:
        return Asked(me=self._desk.me, now=clock.now())


class Forgotten:
    """Stops the clocks that nobody stops: their time is proposed, never booked (the jobs)."""

    def __init__(self, store: "Store", letters: "Letters") -> None:
        self._store = store
        self._letters = letters
        self._rhythm = Rhythm(_EVERY)

    def run(self, now: datetime) -> int:
        """Every ten minutes; gives how many were stopped."""
        if not self._rhythm.due(now):
            return 0
        with self._store.reading() as database:
            found = times.left_running(database, now - FORGOTTEN, now + _AHEAD)
        return sum(self._stop(one) for one in found)

    def _stop(self, known: times.Clock) -> bool:
        from deskterm.services.tickets.act import Act
        from deskterm.services.tickets.verbs.times import forgotten

        operation = str(uuid5(OPERATIONS, f"clock {known.number}"))
        try:
            with self._store.work("desk", operation) as work:
                work.claim("time")
                held = hold(work, [known.ticket])[known.ticket]
                if held.get(f"time.{known.number}") != known.worked.kept:
                    return False
                forgotten(held, known, Act(self._letters))
        except RepeatedError:
            return False
        return True
