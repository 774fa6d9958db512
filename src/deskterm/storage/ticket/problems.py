"""A problem follows its tickets: one that comes back after the release opens it again (§9)."""

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
    """Tickets that came back in a unit of work."""

    def __init__(self) -> None:
        self.tickets: list[int] = []

    def finish(self, work: Work) -> None:
        """Open their problems again where they counted as mended."""
        from deskterm.storage.held_row import HeldRow

        for problem, ticket in _mended(work.spine, self.tickets):
            row = HeldRow(work, "problem", problem)
            if row["state"] in _DONE:
                row.set(state=str(ProblemState.OPEN))
                row.write(Event.REOPENED, f"#{ticket} came back.")


def follow(entry: Entry) -> Derived:
    """Note a ticket that was ended and is worked on again."""
    before, after = entry.changes.get("state", (None, None))
    if before in _ENDED and after not in _ENDED and entry.event in _AGAIN and not entry.undone:
        entry.work.state(Returned).tickets.append(entry.ticket)
    return {}


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
