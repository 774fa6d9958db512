"""A problem follows its tickets: one that comes back after the release opens it again (§9).

So does one that is linked later where the fix should be in: at a version that has it.
"""

from deskterm.domain.problems import ProblemState
from deskterm.domain.vocabulary import Event, State
from deskterm.storage.driver import Database
from deskterm.storage.ticket.entry import Derived, Entry
from deskterm.storage.work import State as Kept
from deskterm.storage.work import Work

_DONE = (str(ProblemState.RELEASED), str(ProblemState.VERIFIED))
_ENDED = (State.SOLVED, State.CLOSED)
_AGAIN = (Event.REOPENED, Event.VERIFIED, Event.RECEIVED)


class Returned(Kept):
    """Tickets that came back in a unit of work, and those that were linked."""

    def __init__(self) -> None:
        self.tickets: list[int] = []
        self.linked: list[tuple[int, int]] = []
        """(problem, ticket)"""

    def finish(self, work: Work) -> None:
        """Open their problems again where they counted as mended."""
        for problem, ticket in _mended(work.spine, self.tickets):
            _open_again(work, problem, f"#{ticket} came back.")
        for problem, ticket in self.linked:
            version = _regression(work.spine, problem, ticket)
            if version:
                _open_again(work, problem, f"#{ticket} has it in {version}, which has the fix.")


def follow(entry: Entry) -> Derived:
    """Note a ticket that was ended and is worked on again."""
    before, after = entry.changes.get("state", (None, None))
    if before in _ENDED and after not in _ENDED and entry.event in _AGAIN and not entry.undone:
        entry.work.state(Returned).tickets.append(entry.ticket)
    for key, (_, value) in entry.changes.items():
        if key.startswith("problem.") and value is not None and not entry.undone:
            problem = int(key.removeprefix("problem."))
            entry.work.state(Returned).linked.append((problem, entry.ticket))
    return {}


def _open_again(work: Work, problem: int, why: str) -> None:
    from deskterm.storage.held_row import HeldRow

    row = HeldRow(work, "problem", problem)
    if row["state"] in _DONE:
        row.set(state=str(ProblemState.OPEN), reason="")
        row.write(Event.REOPENED, why)


def _regression(database: Database, problem: int, ticket: int) -> str:
    """Give the version at which a ticket has a problem that is fixed in it; else empty."""
    row = database.one(
        "SELECT product, found, fixed FROM problem WHERE id = :id AND state IN :done",
        id=problem,
        done=_DONE,
    )
    if row is None or not row["fixed"]:
        return ""
    from deskterm.domain.versions import Stand, stand
    from deskterm.storage.reads.releases import ticket_version

    version = ticket_version(database, ticket, row["product"])
    return version if stand(version, row["found"], row["fixed"]) == Stand.FIXED else ""


def _mended(database: Database, tickets: list[int]) -> list[tuple[int, int]]:
    """Give (problem, ticket) where a problem of these tickets counts as mended."""
    rows = database.all(
        "SELECT x.problem_id, min(x.ticket_id) AS ticket_id FROM problem_ticket x "
        "JOIN problem p ON p.id = x.problem_id WHERE x.ticket_id IN :ids AND p.state IN :done "
        "GROUP BY x.problem_id ORDER BY x.problem_id",
        ids=tickets,
        done=_DONE,
    )
    return [(row["problem_id"], row["ticket_id"]) for row in rows]
