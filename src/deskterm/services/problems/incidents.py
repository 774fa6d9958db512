"""Incidents: announced to everyone until they end (C4, G2)."""

from collections.abc import Sequence

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.problems import AnnouncementRow
from deskterm.domain.rows import Done
from deskterm.services.acting import Acting
from deskterm.services.problems.fitting import Fitting
from deskterm.services.records import Records
from deskterm.storage.reads import problems as reads


class Incidents(Fitting):
    """Use cases that treat many tickets as one."""

    def announcements(self, *, all_: bool = False) -> list[AnnouncementRow]:
        """Give the announcements that run now, the newest first; `all_`: also those past."""
        with self.store.reading() as database:
            return reads.announcements(database, None if all_ else clock.now())

    def settled(self, tickets: Sequence[int]) -> list[AnnouncementRow]:
        """Give what is still announced for problems of these tickets of which none is open."""
        with self.store.reading() as database:
            return reads.settled(database, clock.now(), tickets)

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
        values = {"site": site, "until": until, "problem": f"P{problem}" if problem else ""}
        return self._records.add("announcement", text, values, how)

    def end_announcement(self, number: int, how: How = NOW) -> Done:
        """End an announcement; raises NotFoundError, RefusedError."""
        return self._records.remove("announcement", str(number), how)

    @property
    def _records(self) -> Records:
        return Records(Acting(self.store, self.me))
