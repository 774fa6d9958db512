"""Open problems that a ticket may belong to, shown before anybody starts work (C3)."""

from collections.abc import Callable

from deskterm.domain import clock
from deskterm.domain.problems import LIVE, ProblemFit
from deskterm.services.problems.records import Records
from deskterm.storage.driver import Database
from deskterm.storage.reads import clients, problem_words
from deskterm.storage.reads import problems as reads
from deskterm.triage.problem_fit import Shelf, Shown, Told

TIES, OTHERS = 1_000, 400
"""Tickets of problems, and other open ones, that a new ticket is compared with."""


class Fitting(Records):
    """What may be a known incident. Asking changes nothing; a person links."""

    _shelf: tuple[tuple[object, ...], Shelf] | None = None

    def fitting(self, ticket: int, limit: int = 3) -> list[ProblemFit]:
        """Give the problems of a ticket, then those it may belong to, best first."""
        with self.store.reading() as database:
            told = problem_words.ticket(database, ticket)
            if told is None:
                return []
            linked = [Shown(one, 1.0, "linked") for one in problem_words.linked(database, ticket)]
            known = {one.problem for one in linked}
            whose = clients.of_ticket(database, ticket)
            among = _reaching(database, whose)
            like = self._open(database).fitting(told, clock.now(), limit + len(linked), among)
            shown = linked + [one for one in like if one.problem not in known]
            return _fits(database, shown[:limit], known)

    def mates(self, ticket: int) -> list[int]:
        """Give the open tickets of the same client that share a problem with a ticket."""
        with self.store.reading() as database:
            found, known = reads.mates(database, ticket), clients.clients(database)
            if not known.walls:
                return found
            whose = clients.of_tickets(database, (*found, ticket))
            return [one for one in found if known.same(whose[one], whose[ticket])]

    def fitting_words(
        self, text: str, *, person: int | None = None, category: str = "", limit: int = 2
    ) -> list[ProblemFit]:
        """Give the open problems that what a caller says may belong to."""
        if not text.strip():
            return []
        with self.store.reading() as database:
            shelf = self._open(database)
            first, _, rest = text.strip().partition("\n")
            facts = problem_words.caller(database, person, category)
            among = _reaching(database, clients.of_person(database, person))
            shown = shelf.fitting(Told(first, rest, facts), clock.now(), limit, among)
            return _fits(database, shown, set())

    def _open(self, database: Database) -> Shelf:
        stamp = problem_words.stamp(database)
        if self._shelf is None or self._shelf[0] != stamp:
            live = problem_words.live(database)
            ties = problem_words.ties(database, TIES) if live else ()
            others = problem_words.newest(database, OTHERS) if live else ()
            self._shelf = (stamp, Shelf(live, ties, others))
        return self._shelf[1]


def _reaching(database: Database, whose: int | None) -> Callable[[int], bool] | None:
    """Give which problems may be shown for what belongs to an organisation; None: all of them."""
    known = clients.clients(database)
    if not known.walls:
        return None
    owned = clients.owned_problems(database)
    return lambda problem: known.reaches(owned.get(problem), whose)


def _fits(database: Database, shown: list[Shown], linked: set[int]) -> list[ProblemFit]:
    rows = {row.id: row for row in reads.some(database, [one.problem for one in shown])}
    return [
        ProblemFit(
            id=one.problem,
            title=rows[one.problem].title,
            state=rows[one.problem].state,
            workaround=rows[one.problem].workaround,
            tickets=rows[one.problem].open_tickets,
            score=round(one.score, 4),
            reason=one.reason,
            linked=one.problem in linked,
        )
        for one in shown
        if one.problem in linked or rows[one.problem].state in LIVE
    ]
