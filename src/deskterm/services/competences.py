"""Who knows what, where it is missing, who stands in for whom (H7). It ranks nobody."""

from datetime import timedelta
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.competences import CLOSED, People
from deskterm.domain.errors import NotFoundError
from deskterm.reports.competences import covered, proposed, standing_in
from deskterm.reports.periods import period
from deskterm.services.records import Records
from deskterm.storage.reads import competences, in_hand
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.measures import Which

if TYPE_CHECKING:
    from deskterm.domain.asking import How
    from deskterm.domain.rows import Done
    from deskterm.services.acting import Acting

AHEAD = timedelta(days=60)
"""Absences that begin within so long are looked at."""


class Competences:
    """Reads what is known of the technicians; a competence is a record and changed as one."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def look(self, span: str = "90d", *, categories: int | None = None) -> People:
        """Give who knows what, with the demand of a period; raises UsageError.

        `categories`: at most so many, those most asked for.
        """
        now = clock.now()
        with self._desk.store.reading() as database, database.patiently(), database.snapshot():
            zone = desk_zone(database)
            when = period(span, now.astimezone(zone).date(), zone)
            which = Which(when.start, when.end)
            able = competences.technicians(database, now)
            demand = competences.demand(database, which)
            solved = competences.solved(database, when.start, when.end)
            rows = covered(demand, able, competences.owners(database))
            away = [one for one in in_hand.absences(database, now) if one.from_at <= now + AHEAD]
        if categories is not None:
            kept = sorted(rows, key=lambda one: -one.tickets)[:categories]
            rows = [one for one in rows if one in kept]
        return People(
            when.name,
            sum(demand.values()),
            rows,
            able,
            proposed(solved, able),
            standing_in(away, able, demand),
        )

    def accept(self, login: str, category: str, how: "How", span: str = "90d") -> "Done":
        """Write down what closed tickets propose of somebody; raises NotFoundError."""
        wanted = (login.casefold(), category.strip("/ ").casefold())
        for one in self.look(span).proposed:
            if (one.login.casefold(), one.category.casefold()) == wanted:
                values = {"level": str(one.level), "source": CLOSED}
                return Records(self._desk).set("competence", one.name, values, how)
        raise NotFoundError(
            f"closed tickets propose nothing of {login[:40]} in {category[:60]}; "
            "see `deskterm competence proposed`."
        )
