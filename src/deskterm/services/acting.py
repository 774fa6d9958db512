"""Who acts on which desk: what a service needs to open operations of its own."""

import os
import pwd
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.rows import Done
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work

_LOGIN = pattern(r"[A-Za-z0-9._@-]{1,64}\Z")


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


def who_is_there(desk: Acting, tickets: Sequence[int]) -> list[tuple[int, str, bool]]:
    """Give (ticket, login, whether they write) of who else has these tickets open."""
    from deskterm.storage.reads.in_hand import at_tickets

    with desk.store.reading() as database:
        return at_tickets(database, desk.me, tickets)


def there_words(found: Sequence[tuple[int, str, bool]], tickets: Sequence[int]) -> str:
    """Say who else has these tickets open or writes on them; nothing where nobody does."""
    if not found:
        return ""
    from deskterm.domain.presence import Here, by_ticket, of_tickets

    return of_tickets(by_ticket(Here(*one) for one in found), tickets)


def who(store: Store, wanted: str | None) -> str:
    """On SQLite the operating system's user, or `--as`; on PostgreSQL the database's role.

    A shared database knows who acts; `--as` is honoured there only for a superuser.
    """
    if wanted is not None and not _LOGIN.match(wanted):
        raise UsageError(f"{wanted[:60]!r} is no login: use letters, digits and . _ - @.")
    with store.reading() as database:
        if database.dialect == "sqlite":
            return wanted or _system_user()
        from deskterm.storage.names import server_role

        login, superuser = server_role(database)
    if wanted in (None, login):
        return login
    if not superuser:
        raise RefusedError(f"this database knows you as {login}; --as {wanted} is not allowed.")
    return str(wanted)


def _system_user() -> str:
    for name in ("LOGNAME", "USER"):
        login = os.environ.get(name, "")
        if _LOGIN.match(login):
            return login
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"user{os.getuid()}"
