"""The queue of what is to be asked of trackers, as people see and change it; each can be undone."""

from collections.abc import Sequence

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.trackers import ErrandRow, Errands, Kind
from deskterm.services.acting import Acting
from deskterm.services.trackers.running import end_pause, standing
from deskterm.storage import errands, trackers
from deskterm.storage.held_row import HeldRow
from deskterm.storage.store import Store
from deskterm.storage.work import Work

_ALL = 100_000


class Queue:
    """Shows and changes what waits, as the outbox does for letters."""

    def __init__(self, store: Store, me: str) -> None:
        self._acting = Acting(store, me)
        self._store = store

    def rows(
        self,
        *,
        done: bool = False,
        failed: bool = False,
        problem: int | None = None,
        limit: int = 200,
    ) -> list[ErrandRow]:
        """Give what waits or failed, failed first; with `done` all, with `failed` only those."""
        waiting = (*errands.WAITING, *errands.FAILED)
        states: Sequence[str] = errands.FAILED if failed else waiting
        states = errands.EVERY if done else states
        with self._store.reading() as database:
            return errands.rows(database, states, problem, limit)

    def standing(self) -> Errands:
        """Give how the queue stands: what waits, what failed and why, who is left alone."""
        with self._store.reading() as database:
            return standing(database)

    def show(self, number: int) -> tuple[ErrandRow, str]:
        """Give an errand, and the line that was or will be sent; raises NotFoundError."""
        with self._store.reading() as database:
            (row,) = errands.by_id(database, [number])
            kept = errands.request_of(database, number)
        if kept is None:
            raise NotFoundError(f"there is no errand {number}.")
        return row, str(kept["request"] or kept["words"])

    def retry(self, numbers: Sequence[int] = (), how: How = NOW) -> Done:
        """Queue failed errands again, and let waiting ones be due now.

        Where none is named, whatever went wrong: what failed and what is tried again.
        """

        def change(work: Work) -> None:
            rows = (
                errands.by_id(work.spine, tuple(dict.fromkeys(numbers)))
                if numbers
                else _wrong(errands.rows(work.spine, (*errands.FAILED, "queued"), limit=_ALL))
            )
            for row in rows:
                _again(work, row)
            for name in {row.tracker for row in rows} or set(trackers.names(work.spine)):
                end_pause(work.spine, name)

        return self._acting.do("tracker retry", how, change)

    def withdraw(self, numbers: Sequence[int], how: How = NOW) -> Done:
        """Stop errands before they are done; one that opens a problem ends following it there."""

        def change(work: Work) -> None:
            for row in errands.by_id(work.spine, tuple(dict.fromkeys(numbers))):
                if row.state not in ("queued", "failed"):
                    raise RefusedError(f"errand {row.id} cannot be stopped: it is {row.state}.")
                if row.kind == Kind.OPEN:
                    problem = HeldRow(work, "problem", row.problem_id)
                    problem.put(f"tracked.{row.tracker}", None)
                    problem.write("edited", f"{row.tracker}: no longer followed")
                    self.stop(work, errands.unfinished(work.spine, row.problem_id, row.tracker))
                else:
                    self.stop(work, [row.id])

        return self._acting.do("tracker withdraw", how, change)

    def stop(self, work: Work, numbers: Sequence[int], kind: Kind | None = None) -> None:
        """Withdraw errands within an operation, of one kind where it is named."""
        for row in errands.by_id(work.spine, tuple(numbers)) if numbers else ():
            if kind is None or row.kind == kind:
                held = HeldRow(work, "errand", row.id)
                held.set(state="withdrawn")
                held.write("mail")


def _wrong(rows: Sequence[ErrandRow]) -> tuple[ErrandRow, ...]:
    return tuple(row for row in rows if row.state == "failed" or row.error)


def _again(work: Work, row: ErrandRow) -> None:
    if row.state not in ("failed", "queued"):
        raise RefusedError(
            f"errand {row.id} is {row.state}: only failed and waiting ones are tried again."
        )
    held = HeldRow(work, "errand", row.id)
    if held["state"] != row.state:
        raise RefusedError(f"errand {row.id} is being done just now.")
    if row.state == "failed":
        held.set(state="queued")
        errands.begin_again(work.spine, row.id, work.at)
    else:
        held.attest("state")
    held.set(not_before=work.at)
    held.write("mail")
