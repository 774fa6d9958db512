"""Problems: made, changed, tied to tickets, ended (F1); which a ticket may belong to (C3)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import UsageError
from deskterm.domain.problems import LIVE, ProblemFit, ProblemRow, ProblemState, ProblemView
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Finish, Join, Solve
from deskterm.domain.vocabulary import State
from deskterm.services import crossing, promised
from deskterm.services.leaking import refuse_leaks
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.operation import Tickets, done
from deskterm.storage import announcements, problems
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of, unknown
from deskterm.storage.reads import clients, problem_words
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.announcements import of_problem as announced
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work
from deskterm.triage.problem_fit import Shelf, Shown, Told


class Records:
    """Use cases of the records themselves. Each write takes how it is asked for."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets

    def list(self, *, ended: bool = False) -> list[ProblemRow]:
        """Give the problems, those with most open tickets first."""
        with self.store.reading() as database:
            return reads.rows(database, ended=ended)

    def show(self, number: int) -> ProblemView:
        """Give one problem whole; raises NotFoundError."""
        with self.store.reading() as database, database.snapshot():
            return reads.view(database, number)

    def new(self, values: Mapping[str, str], tickets: Sequence[int] = (), how: How = NOW) -> Done:
        """Make a problem of these facts (site and category by name), with tickets."""
        try:
            with self.tickets.working("problem", how) as work:
                number = problems.create(
                    work, crossing.owned(work, columns(work.spine, values), tickets)
                )
                self.join(work, number, tickets, across=how.across)
        except RepeatedError as repeated:
            return self.tickets.repeated("problem", repeated.operation_id)
        return done("problem", work, tickets).about("problem", number)

    def set(
        self,
        number: int,
        values: Mapping[str, str],
        how: How = NOW,
    ) -> Done:
        """Change facts of a problem; raises ConflictError where it is not as it was seen."""
        try:
            with self.tickets.working("problem", how) as work:
                seen = (how.seen or {}).get(number)
                row = problems.locked(work, number)
                before, given = row["state"], columns(work.spine, values)
                words = _freed(work, row, given, across=how.across)
                problems.change(work, number, given, seen, words)
                promised.by_state(work, self.tickets.letters, number, before)
        except RepeatedError as repeated:
            return self.tickets.repeated("problem", repeated.operation_id)
        return done("problem", work, ()).about("problem", number)

    def link(
        self, number: int, tickets: Sequence[int], *, off: bool = False, how: How = NOW
    ) -> Done:
        """Put tickets under a problem, or take them off it."""
        return self.tickets.do(tickets, Join(number, off), how).about("problem", number)

    def close(
        self,
        number: int,
        state: str = ProblemState.VERIFIED,
        resolution: str = "",
        reason: str = "",
        how: How = NOW,
        because: str = "",
    ) -> Done:
        """End a problem and its announcement; with a resolution its open tickets are solved.

        With a reason to do without the customers' word they are closed too. Each requester gets a
        letter with their own number. One operation, one undo. `because` says why it will not be
        fixed, or why what was released counts as verified; else the resolution or reason does.
        """
        if state in LIVE:
            raise UsageError(f"a problem ends as {ProblemState.VERIFIED} or wont_fix, not {state}.")
        solved: tuple[int, ...] = ()
        try:
            with self.tickets.working("problem", how) as work:
                said = because.strip() or resolution.strip() or reason.strip()
                before = problems.locked(work, number)["state"]
                problems.change(
                    work, number, {"state": state, **({"reason": said} if said else {})}
                )
                view = reads.view(work.spine, number)
                for said_of_it in announced(work.spine, number, work.at):
                    announcements.end_with(work, said_of_it.id)
                if resolution.strip():
                    solved = self._solve(work, view.open_tickets, resolution, reason)
                promised.by_state(work, self.tickets.letters, number, before, solved)
        except RepeatedError as repeated:
            return self.tickets.repeated("problem", repeated.operation_id)
        return done("problem", work, solved).about("problem", number)

    def _solve(
        self, work: Work, tickets: Sequence[int], resolution: str, reason: str
    ) -> tuple[int, ...]:
        act, solved = Act(self.tickets.letters), []
        for held in hold(work, tickets).values():
            if reason.strip():
                act.do(held, Finish(resolution, reason))
                solved.append(held.id)
            elif held["state"] != State.SOLVED:
                act.do(held, Solve(resolution))
                solved.append(held.id)
        return tuple(solved)

    def join(
        self,
        work: Work,
        number: int,
        tickets: Sequence[int],
        *,
        urgent: bool = False,
        across: bool = False,
    ) -> None:
        """Put tickets under a problem within a unit of work, and make them urgent where wanted."""
        act = Act(self.tickets.letters, across=across)
        for held in hold(work, tickets).values():
            held.set(urgent=urgent or held["urgent"])
            act.do(held, Join(number))


def _freed(work: Work, row: HeldRow, given: Mapping[str, object], *, across: bool) -> str:
    """Give the sentence for a problem that is another client's now, or anybody's.

    Raises AcrossClientsError unless that was meant, LeaksError where its words name people.
    """
    if "organisation_id" not in given:
        return ""
    known, target = crossing.of_work(work), given["organisation_id"]
    said = known.check(
        f"P{row.number}", row["organisation_id"], cast("int | None", target), across=across
    )
    if said:
        words = {name: str(given.get(name, row[name])) for name in ("title", "workaround")}
        tickets = reads.view(work.spine, row.number).tickets
        refuse_leaks(work.spine, f"P{row.number}", words, tickets)
    return said


def columns(database: Database, values: Mapping[str, str]) -> dict[str, object]:
    """Give the columns that facts by name are; raises NotFoundError for unknown names."""
    found: dict[str, Any] = dict(values)
    if "site" in found:
        found["site_id"] = site_of(database, found.pop("site"))
    if "category" in found:
        name = found.pop("category")
        found["category_id"] = number_of(database, "category", name) if name else None
    if "client" in found:
        name = found.pop("client")
        found["organisation_id"] = number_of(database, "organisation", name) if name else None
    return found


def site_of(database: Database, name: str) -> int | None:
    """Give the number of a site, None for no name; raises NotFoundError."""
    from deskterm.domain.errors import NotFoundError

    if not name.strip():
        return None
    known = reads.sites(database)
    for number, site in known:
        if site.casefold() == name.strip().casefold():
            return number
    raise NotFoundError(unknown("site", name, [site for _, site in known], "deskterm person list"))


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
