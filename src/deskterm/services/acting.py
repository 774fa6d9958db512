"""Who acts on which desk: what a service needs to open operations of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deskterm.domain.asking import How
from deskterm.domain.rows import Done
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work


class Acting:
    """One person at one desk."""

    def __init__(self, store: Store, me: str) -> None:
        self.store = store
        self.me = me

    @contextmanager
    def work(
        self, kind: str, op_id: str | None = None, *, models: bool = False, dry: bool = False
    ) -> Iterator[Work]:
        """Open a claimed unit of work; raises RepeatedError where `op_id` was done before."""
        from deskterm.services.tickets.operation import ensure_technician

        with self.store.work(self.me, op_id, models=models, dry=dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, self.me, work)
            yield work

    def do(self, kind: str, how: How, change: Callable[[Work], object]) -> Done:
        """Run a change as one operation; what was done before tells what it did then."""
        from deskterm.services.tickets.operation import done, repeated

        try:
            with self.work(kind, how.op_id, dry=how.dry) as work:
                change(work)
        except RepeatedError as before:
            return repeated(self.store, kind, before.operation_id)
        return done(kind, work)
