"""A fix that holds is verified by rule: so long after it left nobody missed it (semantics §9)."""

from datetime import datetime, timedelta
from uuid import uuid5

from deskterm.domain.news import Kind, News
from deskterm.domain.problems import ProblemState
from deskterm.services.job_ids import OPERATIONS
from deskterm.services.rhythm import Rhythm
from deskterm.storage import problems
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database
from deskterm.storage.reads import releases as reads
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import store as keep
from deskterm.storage.ticket.news import with_deputies
from deskterm.storage.work import RepeatedError, Work

_EVERY = timedelta(minutes=10)


class Verifying:
    """The job that ends released problems whose fix held, at most every ten minutes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rhythm = Rhythm(_EVERY)

    def run(self, now: datetime) -> int:
        """End what held for the desk's number of days; gives how many. Doing it again does none."""
        if not self._rhythm.due(now):
            return 0
        with self._store.reading() as database:
            days = int(value(database, "release.verify_days"))
            if not days:
                return 0
            since = now - timedelta(days=days)
            held = _held(database, since)
        return sum(self._verify(number, release, days) for number, release in held)

    def _verify(self, number: int, release: reads.Fix, days: int) -> int:
        name = f"verified {number} {release.id} {release.began.isoformat()}"
        try:
            with self._store.work("desk", str(uuid5(OPERATIONS, name))) as work:
                work.claim("problem")
                row = problems.locked(work, number)
                if (
                    row["state"] != ProblemState.RELEASED
                    or reads.fix(work.spine, number) != release
                ):
                    return 0
                why = (
                    f"{release.name} held for {days} days: {release.works} of {release.told} say "
                    "that it works, nobody that it does not."
                )
                values = {"state": str(ProblemState.VERIFIED), "reason": why}
                problems.change(work, number, values, words=why)
                keep(work, with_deputies(work, _news(work, number, row["owner"], release)))
        except RepeatedError:
            return 0
        return 1


def _held(database: Database, since: datetime) -> list[tuple[int, reads.Fix]]:
    """Give the released problems whose fix has held since then, each with its release."""
    found = ((number, reads.fix(database, number)) for number in reads.released(database))
    return [(number, one) for number, one in found if one and one.holds and one.began <= since]


def _news(work: Work, number: int, owner: str, release: reads.Fix) -> list[News]:
    """Tell the owners of problem and release, on the newest ticket of the problem."""
    tickets = reads.newest_ticket(work.spine, number)
    owners = reads.technicians(work.spine, [one for one in (owner, release.owner) if one])
    return [News(one, Kind.VERIFIED, False, ticket, 0) for ticket in tickets for one in owners]
