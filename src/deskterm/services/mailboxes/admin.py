"""Use cases on mailboxes: listed, made, changed, removed, tried, and mail fetched from them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain.address import normal_address
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.mailboxes import FETCHED, KINDS, Fetched, MailboxRow
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Channel, Event
from deskterm.services.mailboxes.options import check_complete, read_options
from deskterm.storage import mailboxes as rows
from deskterm.storage.held_row import HeldRow
from deskterm.storage.mailbox_choice import without_token
from deskterm.storage.names import number_of, unknown

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.services.mailboxes.door import Doors, Place
    from deskterm.services.mailboxes.watch import Watch
    from deskterm.settings import Settings
    from deskterm.storage.driver import Database

_RESERVED = ("inbox", "import")
_PLACE = ("host", "user", "folder", "path")
"""What makes it another place: nothing is known of how far that one was read."""


class Mailboxes:
    """Use cases on mailboxes; each change takes `op_id` and `dry`."""

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
        self, name: str, kind: str, given: Mapping[str, Any], typed: Mapping[str, str], **how: Any
    ) -> MailboxRow:
        """Make a mailbox; raises UsageError where something does not fit or is missing."""
        if kind not in KINDS:
            raise UsageError(f"there is no kind {kind[:40]!r}; use one of {', '.join(KINDS)}.")
        source = read_options(kind, typed)
        with self._desk.work("mailbox add", **how) as work:
            values = {"address": "", "channel": str(Channel.EMAIL), "active": True}
            values |= {"name": _name(name), "kind": kind, "source": source}
            values |= _values(work.spine, given)
            if rows.mailbox_named(work.spine, str(values["name"])):
                raise RefusedError(f"there is a mailbox {name!r} already; use set.")
            _check(work.spine, values, 0)
            row = HeldRow(work, "mailbox", None)
            row.set(**values)
            row.write(Event.EDITED, name)
            return _found(work.spine, name)

    def set(
        self, name: str, given: Mapping[str, Any], typed: Mapping[str, str], **how: Any
    ) -> MailboxRow:
        """Change a mailbox; what it knows of its folder stays."""
        with self._desk.work("mailbox set", **how) as work:
            row = _found(work.spine, name)
            held = HeldRow(work, "mailbox", row.id)
            before = held["source"]
            source = {**before, **read_options(row.kind, typed)}
            held.set(**_values(work.spine, given), source=source)
            _check(
                work.spine, {"kind": row.kind, "address": held["address"], "source": source}, row.id
            )
            held.write(Event.EDITED, name)
            if any(before.get(one) != source.get(one) for one in _PLACE):
                rows.forget_place(work.spine, row.id)
            return _found(work.spine, str(held["name"]))

    def remove(self, name: str, **how: Any) -> None:
        """Forget a mailbox; its mail and its tickets stay."""
        with self._desk.work("mailbox remove", **how) as work:
            row = _found(work.spine, name)
            held = HeldRow(work, "mailbox", row.id)
            held.remove()
            held.write(Event.EDITED, name)

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


def _values(database: "Database", given: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of what was asked for; an empty group or category means none."""
    values = dict(given)
    for column, kind in (("group_id", "group"), ("category_id", "category")):
        if kind in values:
            name = values.pop(kind)
            values[column] = number_of(database, kind, name) if name else None
    if values.get("address"):
        values["address"] = without_token(normal_address(values["address"]))
    if values.get("channel", Channel.EMAIL) not in tuple(Channel):
        known = ", ".join(Channel)
        raise UsageError(f"there is no channel {values['channel']!r}; use one of {known}.")
    return values


def _check(database: "Database", values: Mapping[str, Any], number: int) -> None:
    check_complete(values["kind"], values["source"])
    other = rows.owner_of_address(database, values["address"], number)
    if other:
        raise RefusedError(f"{values['address']} is the address of mailbox {other}.")


def _name(text: str) -> str:
    name = header_safe(storable(text)).strip()
    if not name or len(name) > 40 or name in _RESERVED or name.startswith("-"):
        raise UsageError(f"a mailbox's name has 1 to 40 characters and is not {text[:40]!r}.")
    return name
