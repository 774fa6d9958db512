"""Releases: planned, shipped to whom their problems hurt, withdrawn (F4, semantics.md §9)."""

from collections.abc import Sequence

from deskterm.domain.asking import NOW, How
from deskterm.domain.clock import to_text
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.problems import LIVE, ProblemState
from deskterm.domain.releases import (
    BEFORE,
    Plan,
    Recipient,
    ReleaseRow,
    ReleaseState,
    ToldRow,
    check_shipping,
    draft,
)
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Solve, Verify
from deskterm.domain.versions import versions
from deskterm.domain.vocabulary import Event, Proof, State
from deskterm.services import crossing, promised
from deskterm.services.news_letters import Progress, of_tickets, write_news
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.operation import CHUNK, Tickets, done
from deskterm.storage import problems
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import unknown
from deskterm.storage.reads import problems as problem_reads
from deskterm.storage.reads import releases as reads
from deskterm.storage.reads.clients import of_problems
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from deskterm.storage.work import RepeatedError, Work


class Releases:
    """Use cases of releases beside their records (`desk.records`)."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets

    def show(self, name: str) -> ReleaseRow:
        """Give one release by name or number; raises NotFoundError."""
        with self.store.reading() as database, database.snapshot():
            return find(database, name)

    def told(self, name: str) -> list[ToldRow]:
        """Give who was told of a release and what they answered."""
        with self.store.reading() as database, database.snapshot():
            return reads.told(database, find(database, name).id)

    def plan(self, name: str) -> Plan:
        """Give a release whole: who is told of what and why, who answered what, what is solved."""
        with self.store.reading() as database, database.snapshot():
            row = find(database, name)
            known = problem_reads.some(database, row.problems)
            titles = [(one.id, one.title, one.state) for one in sorted(known)]
            words = row.words.strip() or draft([(number, title) for number, title, _ in titles])
            solves = reads.open_tickets(database, row.problems)
            people, heard = reads.recipients(database, row), reads.told(database, row.id)
            return Plan(row, words, people, solves, titles, heard)

    def ship(self, name: str, how: How = NOW, progress: Progress | None = None) -> Done:
        """Ship a release: its problems are released, open tickets solved, each person told once.

        One operation: all of it or nothing. Raises RefusedError where it is not ready.
        """
        try:
            with self.tickets.working("ship", how) as work:
                row = _held(work, name)
                release = reads.rows(work.spine, [row.number])[0]
                check_shipping(release)
                found = reads.recipients(work.spine, release)
                people = [one for one in found if not one.status]
                told = [one for one in found if one.status in ("", BEFORE)]
                _check_clients(work, release, people, across=how.across)
                row.set(shipped_at=work.at)
                at = to_text(work.at)
                row.put_new("told", {str(one.person_id): at for one in told})
                entry = row.write(Event.SHIPPED, row["name"])
                solved = self._solve(work, release, progress)
                _release_problems(work, release)
                _write(work, self.tickets, release, people, ("released", entry))
                knows = [one.person_id for one in told]
                for number in release.problems:
                    promised.by_release(work, self.tickets.letters, number, release.name, knows)
        except RepeatedError as repeated:
            return self.tickets.repeated("ship", repeated.operation_id)
        return done("ship", work, solved).about("release", row.number)

    def withdraw(self, name: str, reason: str, how: How = NOW) -> Done:
        """Take a release back: its problems are open again, and who was told is told so."""
        if not reason.strip():
            raise RefusedError("why is it withdrawn? Those who were told are told why (--reason).")
        try:
            with self.tickets.working("withdraw", how) as work:
                row = _held(work, name)
                release = reads.rows(work.spine, [row.number])[0]
                if release.state != ReleaseState.SHIPPED:
                    raise RefusedError(f"{release.name} is {release.state}: nobody was told of it.")
                people = reads.recipients(work.spine, release)
                row.set(withdrawn_at=work.at, reason=reason.strip())
                entry = row.write(Event.WITHDRAWN, f"{row['name']}: {reason.strip()}")
                for number in release.problems:
                    _back(work, number, release.product_version)
                told = [one for one in people if one.status == "told" and one.address]
                _write(work, self.tickets, release, told, ("withdrawn", entry), reason.strip())
                for number in release.problems:
                    promised.taken_back(work, number, [one.person_id for one in told])
        except RepeatedError as repeated:
            return self.tickets.repeated("withdraw", repeated.operation_id)
        return done("withdraw", work, ()).about("release", row.number)

    def list(self) -> list[ReleaseRow]:
        """Give the releases, the newest first."""
        with self.store.reading() as database:
            return reads.rows(database)

    def _solve(self, work: Work, release: ReleaseRow, progress: Progress | None) -> tuple[int, ...]:
        """Solve the open tickets of its problems; the letter of the release tells of it."""
        act = Act(self.tickets.letters)
        words = f"{release.name}: {release.words.strip()}"
        numbers = reads.open_tickets(work.spine, release.problems)
        solved = []
        for start in range(0, len(numbers), CHUNK):
            for held in hold(work, numbers[start : start + CHUNK]).values():
                if held["state"] == State.SOLVED:
                    continue
                with act.quietly():
                    act.do(held, Solve(words))
                    act.do(held, Verify("craft", Proof.OK, release.name))
                solved.append(held.id)
            if progress is not None:
                progress(min(start + CHUNK, len(numbers)), len(numbers))
        return tuple(solved)


def find(database: Database, name: str) -> ReleaseRow:
    """Give a release by its name, capitals aside, or by its number; raises NotFoundError."""
    known = reads.rows(database)
    wanted = " ".join(name.split()).casefold()
    for row in known:
        if row.name.casefold() == wanted or str(row.id) == wanted.removeprefix("r"):
            return row
    near = [row.name for row in known]
    raise NotFoundError(unknown("release", name, near, "deskterm release list"))


def _check_clients(
    work: Work, release: ReleaseRow, people: Sequence[Recipient], *, across: bool
) -> None:
    """Refuse to tell one client's people of what was another's problem, unless that is meant."""
    known = crossing.of_work(work)
    if not known.walls:
        return
    for problem, whose in of_problems(work.spine, release.problems).items():
        theirs = [one.person_id for one in people]
        what = f"P{problem}, which {release.name} fixes,"
        crossing.to_people(work, what, whose, theirs, across=across)


def _held(work: Work, name: str) -> HeldRow:
    return HeldRow(work, "release", find(work.spine, name).id)


def _release_problems(work: Work, release: ReleaseRow) -> None:
    for number in release.problems:
        held = problems.locked(work, number)
        fixed = ", ".join(versions(f"{held['fixed']},{release.product_version}"))
        values = {"fixed": fixed, "product": held["product"] or release.product}
        if held["state"] in LIVE:
            values["state"] = str(ProblemState.RELEASED)
        problems.change(work, number, values)


def _back(work: Work, number: int, version: str) -> None:
    """A problem whose release was withdrawn is not fixed in it; open again if no other has it."""
    held = problems.locked(work, number)
    fixed = ", ".join(one for one in versions(held["fixed"]) if one != version)
    values = {"fixed": fixed}
    other = reads.of_problem(work.spine, number, shipped=True)
    if held["state"] in (ProblemState.RELEASED, ProblemState.VERIFIED) and not other:
        values |= {"state": str(ProblemState.OPEN), "reason": ""}
    problems.change(work, number, values)


def _write(
    work: Work,
    tickets: Tickets,
    release: ReleaseRow,
    people: Sequence[Recipient],
    what: tuple[str, int],
    reason: str = "",
) -> None:
    said = {
        "name": release.name,
        "words": release.words.strip(),
        "how": release.how.strip(),
        "reason": reason,
    }
    template, entry = what
    write_news(work, tickets.letters, template, of_tickets(people, said, entry))
