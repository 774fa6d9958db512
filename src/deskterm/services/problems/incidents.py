"""Incidents: announced to everyone until they end (C4, G2)."""

from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.problems import AnnouncementRow
from deskterm.domain.rows import Done
from deskterm.services.problems.fitting import Fitting
from deskterm.services.problems.records import site_of
from deskterm.services.tickets.operation import done
from deskterm.storage import problems
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.work import RepeatedError
from deskterm.triage.spans import later

if TYPE_CHECKING:
    from datetime import datetime


class Incidents(Fitting):
    """Use cases that treat many tickets as one."""

    def announcements(self, *, all_: bool = False) -> list[AnnouncementRow]:
        """Give the announcements that run now, the newest first; `all_`: also those past."""
        with self.store.reading() as database:
            return reads.announcements(database, None if all_ else clock.now())

    def announce(
        self,
        text: str,
        *,
        site: str = "",
        until: str = "",
        problem: int | None = None,
        how: How = NOW,
    ) -> Done:
        """Say something to everyone, or to a site, until it ends; `until` such as `3h`."""
        if not text.strip():
            raise UsageError("what is announced? Say it in one sentence.")
        end: datetime | None = None
        if until.strip():
            with self.store.reading() as database:
                end = later(until, clock.now(), desk_zone(database))
        try:
            with self.tickets.working("announce", how) as work:
                given = {
                    "text": text.strip(),
                    "site_id": site_of(work.spine, site),
                    "problem_id": problem,
                    "until_at": end,
                }
                problems.announce(work, given)
        except RepeatedError as repeated:
            return self.tickets.repeated("announce", repeated.operation_id)
        return done("announce", work, (), [])

    def end_announcement(self, number: int, how: How = NOW) -> Done:
        """End an announcement; raises NotFoundError, RefusedError."""
        try:
            with self.tickets.working("announce", how) as work:
                if reads.announcement_ended(work.spine, number) is not None:
                    raise RefusedError(f"announcement {number} has ended before.")
                problems.end_announcement(work, number)
        except RepeatedError as repeated:
            return self.tickets.repeated("announce", repeated.operation_id)
        return done("announce", work, (), [])
