"""Forms that come at the same time are committed together: each commit pays for the disk once."""

import threading
from collections import deque
from collections.abc import Callable

from deskterm.storage.driver import Database
from deskterm.storage.reads.ledger import subjects_of
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import give_numbers_back
from deskterm.storage.work import Common, RepeatedError, Work, unit_within

ACTOR = "customer"
_MOST = 20
"""Operations of one commit."""


class _Asked:
    """One operation that waits to be done, and what became of it."""

    def __init__(self, kind: str, op_id: str, change: Callable[[Work], int]) -> None:
        self.kind, self.op_id, self.change = kind, op_id, change
        self.number = 0
        self.error: BaseException | None = None
        self.settled = False
        self.woken = threading.Lock()
        """Held until it is settled, or it is its turn to do what waits."""
        self.woken.acquire()


class Together:
    """Does operations for several threads, those that wait at the same moment in one transaction.

    Each is a unit of work with a savepoint of its own: what is wrong with one is its own. Whoever
    is answered is committed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[_Asked] = deque()
        self._held = threading.Lock()
        """Held for a moment: who waits, and whether somebody does it."""
        self._busy = False

    def do(self, kind: str, op_id: str, change: Callable[[Work], int]) -> int:
        """Do one operation; gives the ticket it is about, also where it was done before."""
        one = _Asked(kind, op_id, change)
        with self._held:
            self._waiting.append(one)
            waits, self._busy = self._busy, True
        if waits:
            one.woken.acquire()
        if not one.settled:
            try:
                self._next(one)
            finally:
                self._hand_on()
        if one.error is not None:
            raise one.error
        return one.number

    def _next(self, mine: _Asked) -> None:
        """Do what waits, one's own first; each of the others is woken when it is answered."""
        with self._held:
            batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
        try:
            self._store.tried(lambda: self._commit(batch))
        except BaseException as error:  # noqa: BLE001 - each of them raises it in its own thread
            for one in batch:
                one.error = error
        for one in batch:
            one.settled = True
            if one is not mine:
                one.woken.release()

    def _hand_on(self) -> None:
        """Let the first of those that came meanwhile do what waits now."""
        with self._held:
            self._busy = bool(self._waiting)
            if self._busy:
                self._waiting[0].woken.release()

    def _commit(self, batch: list[_Asked]) -> None:
        with self._store.reading() as database:
            common = Common(len(batch))
            database.begin(write=True)
            try:
                for one in batch:
                    self._part(database, common, one)
                give_numbers_back(database, common)
                database.commit()
            finally:
                database.rollback()

    def _part(self, database: Database, common: Common, one: _Asked) -> None:
        one.error = None
        try:
            with unit_within(database, one.op_id, ACTOR, common) as work:
                work.claim(one.kind)
                one.number = one.change(work)
        except RepeatedError:
            found = subjects_of(database, one.op_id)
            one.number = next(number for kind, number in found if kind == "ticket")
        except Exception as error:  # raised again in the thread of whoever asked for it
            if database.in_transaction and not database.broken:
                one.error = error
                return
            raise
