"""Use cases on mailboxes: listed, made, changed, removed, tried, and mail fetched from them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.mailboxes import FETCHED, Fetched, MailboxRow
from deskterm.domain.rows import Done
from deskterm.services.records import Records
from deskterm.storage import mailboxes as rows
from deskterm.storage.names import unknown

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.services.mailboxes.door import Doors, Place
    from deskterm.services.mailboxes.watch import Watch
    from deskterm.settings import Settings
    from deskterm.storage.driver import Database


class Mailboxes:
    """Use cases on mailboxes; a mailbox is a record."""

    def __init__(self, desk: "Acting", settings: "Settings") -> None:
        self._desk = desk
        self._settings = settings
        self._watches: list[Watch] = []

    def all(self) -> list[MailboxRow]:
        """Give every mailbox with how it stands."""
        with self._desk.store.reading() as database:
            return rows.mailboxes(database)

    def get(self, name: str) -> MailboxRow:
        """Give one mailbox; raises NotFoundError with what is near."""
        with self._desk.store.reading() as database:
            return _found(database, name)

    def add(
        self,
        name: str,
        kind: str,
        given: Mapping[str, object],
        typed: Mapping[str, str],
        how: How = NOW,
    ) -> Done:
        """Make a mailbox; raises UsageError where something does not fit or is missing."""
        values = {"kind": kind, **_typed(given), **typed}
        return Records(self._desk).add("mailbox", name, values, how)

    def set(
        self, name: str, given: Mapping[str, object], typed: Mapping[str, str], how: How = NOW
    ) -> Done:
        """Change a mailbox; what it knows of its folder stays."""
        return Records(self._desk).set("mailbox", name, {**_typed(given), **typed}, how)

    def remove(self, name: str, how: How = NOW) -> Done:
        """Forget a mailbox; its mail and its tickets stay."""
        return Records(self._desk).remove("mailbox", name, how)

    def fetch(self, names: Sequence[str] = ()) -> list[Fetched]:
        """Take what is new in the mailboxes named, or in all that are active, one by one."""
        from deskterm.services.mailboxes.fetching import fetch

        chosen = [self.get(name) for name in names] or [
            row for row in self.all() if row.active and row.kind in FETCHED
        ]
        for row in chosen:
            if row.kind not in FETCHED:
                raise UsageError(f"{row.name} is of kind {row.kind}: mail is handed over to it.")
        return [fetch(self._desk.store, self._settings, row) for row in chosen]

    def test(self, name: str) -> str:
        """Try to reach a mailbox without taking anything; gives what was found, or raises."""
        from deskterm.services.mailboxes.fetching import test

        return test(self._settings, self.get(name))

    def watch(self, news: Callable[[], None]) -> "Watch":
        """Give what keeps all mailboxes going; `news` is called, by any thread, when mail came."""
        from deskterm.services.mailboxes.watch import Watch

        watch = Watch(self._desk.store, self._settings, news)
        self._watches.append(watch)
        return watch

    def doors(
        self, places: "Sequence[Place]", news: Callable[[], None], *, strangers: bool = False
    ) -> "Doors":
        """Open ports for LMTP and SMTP; raises where one cannot be, or is not of this machine."""
        from deskterm.services.inbox.rules import read_rules
        from deskterm.services.mailboxes.door import Doors, refuse_strangers

        for place in () if strangers else places:
            refuse_strangers(place)
        with self._desk.store.reading() as database:
            largest = read_rules(database).limits.size
        return Doors(self._desk.store, places, largest, news)

    def rest(self) -> None:
        """Stop whatever watches mailboxes, for good."""
        for watch in self._watches:
            watch.rest()


def _found(database: "Database", name: str) -> MailboxRow:
    row = rows.mailbox_named(database, name)
    if row is None:
        known = [one.name for one in rows.mailboxes(database)]
        raise NotFoundError(unknown("mailbox", name[:60], known, "deskterm mail mailbox list"))
    return row


def _typed(given: Mapping[str, object]) -> dict[str, str]:
    """Give values as they are typed."""
    return {
        name: ("yes" if one else "no") if isinstance(one, bool) else str(one or "")
        for name, one in given.items()
    }
