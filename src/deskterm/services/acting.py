"""Who acts on which desk: what a service needs to open operations of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from deskterm.domain.asking import NOW, How
from deskterm.domain.rows import Done
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work


class Acting:
    """One person at one desk."""

    def __init__(self, store: Store, me: str) -> None:
        self.store = store
        self.me = me

    @contextmanager
    def work(self, kind: str, how: How = NOW, *, models: bool = False) -> Iterator[Work]:
        """Open a claimed unit of work; raises RepeatedError where it was done before."""
        from deskterm.services.tickets.operation import ensure_technician

        with self.store.work(how.actor or self.me, how.op_id, models=models, dry=how.dry) as work:
            work.claim(kind)
            ensure_technician(work.spine, work.actor, work)
            yield work

    def do(self, kind: str, how: How, change: Callable[[Work], object]) -> Done:
        """Run a change as one operation; what was done before tells what it did then."""
        return self.store.tried(lambda: self._do(kind, how, change))

    def _do(self, kind: str, how: How, change: Callable[[Work], object]) -> Done:
        from deskterm.services.tickets.operation import done, repeated

        try:
            with self.work(kind, how) as work:
                change(work)
        except RepeatedError as before:
            return repeated(self.store, kind, before.operation_id)
        return done(kind, work)
