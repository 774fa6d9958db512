"""Trips to a server: statements of which nothing is wanted wait for the next one and go with it.

A trip costs more than most statements do. psycopg's pipeline keeps their order; what is wrong with
one that waited is raised by the trip it goes with, and nothing after it is done.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from deskterm.storage.libpq import Fields, Link, Statement, errors, pq

if TYPE_CHECKING:
    from psycopg import Cursor, Pipeline
    from psycopg.abc import PQGen

MOST = 500
"""So many statements wait at most."""


class Answer(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows it gave or touched."""

    def fetchall(self) -> Sequence[Fields]:
        """Give its rows."""


class Trips:
    """The statements of one connection on their way to its server."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: list[Statement] = []
        self._sent = 0
        self.begun = False
        """Whether the beginning of a transaction is among those that wait."""

    @property
    def idle(self) -> bool:
        """Whether nothing waits."""
        return not self._waiting

    @property
    def status(self) -> pq.TransactionStatus:
        """How the transaction stands on the server."""
        return self._link.status

    @property
    def place(self) -> int:
        """How many statements of this transaction there were until now."""
        return self._sent + len(self._waiting)

    def begin(self, mode: bytes) -> None:
        """Begin a transaction with the next trip."""
        self.forget()
        self._waiting.append((mode, {}))
        self.begun = True

    def wait(self, sql: bytes, params: Mapping[str, object]) -> bool:
        """Let a statement wait; gives whether enough of them do."""
        self._waiting.append((sql, params))
        return len(self._waiting) >= MOST

    def forget(self, since: int = 0) -> None:
        """Forget what waits and came after so many statements of the transaction."""
        del self._waiting[max(0, since - self._sent) :]
        if not self._waiting:
            self.begun = False

    def send(self, asked: Sequence[Statement]) -> list[Answer]:
        """Send what waits and then what is asked; gives the answers to that."""
        waiting, self._waiting, self.begun = self._waiting, [], False
        self._sent += len(waiting) + len(asked)
        answers = self._link.answers(waiting, asked)
        return [*(self._by_psycopg(waiting, asked) if answers is None else answers)]

    def _by_psycopg(
        self, waiting: Sequence[Statement], asked: Sequence[Statement]
    ) -> "list[Cursor[Fields]]":
        if not waiting and len(asked) == 1:
            return [self._asked(asked[0])]
        with self._link.whole.pipeline() as pipeline:
            pipeline._exit_gen = partial(_ended, pipeline)  # type: ignore[method-assign]
            silent = self._link.whole.cursor()
            for sql, params in waiting:
                silent.execute(sql, params)
            return [self._asked(one) for one in asked]

    def _asked(self, asked: Statement) -> "Cursor[Fields]":
        from psycopg.rows import dict_row

        cursor = self._link.whole.cursor(row_factory=dict_row)
        return cursor.execute(asked[0], asked[1])


def _ended(pipeline: "Pipeline") -> "PQGen[None]":
    """End a pipeline as psycopg does, without asking the server to flush behind the end.

    Whatever a server hears behind the end of a trip stops the clock by which it ends sessions that
    say nothing within a transaction.
    """
    from psycopg.generators import send

    try:
        try:
            pipeline._enqueue_sync()
            yield from pipeline._communicate_gen()
            yield from send(pipeline.pgconn)  # large ones are not all on their way yet
        finally:
            yield from pipeline._fetch_gen(flush=False)
    except errors.DatabaseError as error:
        if error.sqlstate is None and pipeline.pgconn.status == pq.ConnStatus.BAD:
            raise errors.OperationalError(
                str(error)
            ) from error  # the connection was lost meanwhile
        raise


class Numbers:
    """Numbers of ledger entries, taken from their sequence before the entries are written."""

    _most = 64
    """So many are taken at once at most where nobody says how many follow."""

    def __init__(self) -> None:
        self._ahead: deque[int] = deque()
        self._block = 1

    def forget(self) -> None:
        """Use no number that was taken until now."""
        self._ahead.clear()
        self._block = 1

    def take(self) -> int | None:
        """Give the next number; None where none is left."""
        return self._ahead.popleft() if self._ahead else None

    def wanted(self, many: int = 0) -> tuple[str, Mapping[str, object]]:
        """Give what asks for so many numbers; else twice as many each time."""
        if not many:
            many = self._block = min(2 * self._block, self._most)
        return _NEXT, {"many": many}

    def keep(self, numbers: Iterable[int]) -> None:
        """Keep the numbers that the server gave."""
        self._ahead.extend(numbers)


_NEXT = (
    "SELECT nextval(pg_get_serial_sequence('ledger', 'id')) AS id FROM generate_series(1, :many)"
)
