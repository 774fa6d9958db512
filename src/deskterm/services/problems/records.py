"""Problem records: made, changed, tied to tickets, ended (F1)."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import UsageError
from deskterm.domain.problems import LIVE, ProblemRow, ProblemState, ProblemView
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
from deskterm.storage.reads import problems as reads
from deskterm.storage.reads.announcements import of_problem as announced
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work


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
