"""Use cases on mailboxes: listed, made, changed, removed, tried, and mail fetched from them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain.address import normal_address
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.mailboxes import FETCHED, KINDS, Fetched, MailboxRow
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Channel, Event
from deskterm.services.mailboxes.options import check_complete, read_options
from deskterm.storage import mailboxes as rows
from deskterm.storage.driver import json_text
from deskterm.storage.mailbox_choice import without_token
from deskterm.storage.names import number_of, unknown

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.services.mailboxes.door import Doors, Place
    from deskterm.services.mailboxes.watch import Watch
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_RESERVED = ("inbox", "import")
_PLACE = ("host", "user", "folder", "path")
"""What makes it another place: nothing is known of how far that one was read."""
_COLUMNS = ("name", "kind", "address", "group_id", "category_id", "channel", "active", "source")


class Mailboxes:
    """Use cases on mailboxes; each change takes `op_id` and `dry`."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
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
            number = _insert(work, values)
            changes = {column: (None, values.get(column)) for column in _COLUMNS}
            work.record(("mailbox", number), Event.EDITED, name, changes=changes)
            return _found(work.spine, name)

    def set(
        self, name: str, given: Mapping[str, Any], typed: Mapping[str, str], **how: Any
    ) -> MailboxRow:
        """Change a mailbox; what it knows of its folder stays."""
        with self._desk.work("mailbox set", **how) as work:
            row = _found(work.spine, name)
            before = _stored(work.spine, row.id)
            source = {**before["source"], **read_options(row.kind, typed)}
            after = before | _values(work.spine, given) | {"source": source}
            _check(work.spine, after, row.id)
            changes = {c: (before[c], after[c]) for c in _COLUMNS if before[c] != after[c]}
            if changes:
                _update(work.spine, row.id, {column: pair[1] for column, pair in changes.items()})
                if any(before["source"].get(one) != source.get(one) for one in _PLACE):
                    rows.forget_place(work.spine, row.id)
                work.record(("mailbox", row.id), Event.EDITED, name, changes=changes)
            return _found(work.spine, str(after["name"]))

    def remove(self, name: str, **how: Any) -> None:
        """Forget a mailbox; its mail and its tickets stay."""
        with self._desk.work("mailbox remove", **how) as work:
            row = _found(work.spine, name)
            before = _stored(work.spine, row.id)
            _delete(work.spine, row.id)
            changes = {column: (before[column], None) for column in _COLUMNS}
            work.record(("mailbox", row.id), Event.EDITED, name, changes=changes)

    def fetch(self, names: Sequence[str] = ()) -> list[Fetched]:
        """Take what is new in the mailboxes named, or in all that are active, one by one."""
        from deskterm.services.mailboxes.fetching import fetch

        chosen = [self.get(name) for name in names] or [
            row for row in self.all() if row.active and row.kind in FETCHED
        ]
        for row in chosen:
            if row.kind not in FETCHED:
                raise UsageError(f"{row.name} is of kind {row.kind}: mail is handed over to it.")
        return [fetch(self._desk.store, self._desk.settings, row) for row in chosen]

    def test(self, name: str) -> str:
        """Try to reach a mailbox without taking anything; gives what was found, or raises."""
        from deskterm.services.mailboxes.fetching import test

        return test(self._desk.settings, self.get(name))

    def watch(self, news: Callable[[], None]) -> "Watch":
        """Give what keeps all mailboxes going; `news` is called, by any thread, when mail came."""
        from deskterm.services.mailboxes.watch import Watch

        watch = Watch(self._desk.store, self._desk.settings, news)
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


def undo(work: "Work", number: int, changes: dict[str, tuple[Any, Any]]) -> None:
    """Put a mailbox back; raises ConflictError where it was changed since."""
    before = {column: pair[0] for column, pair in changes.items()}
    after = {column: pair[1] for column, pair in changes.items()}
    now = _stored(work.spine, number)
    if after.get("name", "") is None:
        if rows.mailbox_named(work.spine, str(before["name"])):
            raise ConflictError(f"there is another mailbox {before['name']!r} now.")
        _insert(work, before)
        return
    if {column: now.get(column) for column in after} != after:
        raise ConflictError("the mailbox was changed since; change it back by hand.")
    if before.get("name", "") is None:
        _delete(work.spine, number)
        return
    _update(work.spine, number, before)


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
    row = database.one(
        "SELECT name FROM mailbox WHERE address = :address AND address <> '' AND id <> :id",
        address=values["address"],
        id=number,
    )
    if row is not None:
        raise RefusedError(f"{values['address']} is the address of mailbox {row['name']}.")


def _stored(database: "Database", number: int) -> dict[str, Any]:
    import json

    row = database.one(
        "SELECT name, kind, address, group_id, category_id, channel, active, source "
        "FROM mailbox WHERE id = :id",
        id=number,
    )
    if row is None:
        return {}
    values = {column: row[column] for column in _COLUMNS}
    return values | {"active": bool(row["active"]), "source": json.loads(row["source"])}


def _insert(work: "Work", values: Mapping[str, Any]) -> int:
    row = work.spine.one(
        "INSERT INTO mailbox (name, kind, address, group_id, category_id, channel, active, source, "
        "since, last_uid, trouble, trouble_kind) VALUES (:name, :kind, :address, :group_id, "
        ":category_id, :channel, :active, :source, :since, 0, '', '') RETURNING id",
        since=work.at,
        **_bound({column: values.get(column) for column in _COLUMNS}),
    )
    return int(row["id"])  # type: ignore[index]  # RETURNING always gives the row


def _update(database: "Database", number: int, values: Mapping[str, Any]) -> None:
    names = ", ".join(f"{column} = :{column}" for column in values)
    database.run(
        f"UPDATE mailbox SET {names}, trouble = '', trouble_kind = '', next_try = NULL "  # noqa: S608 - our own columns
        "WHERE id = :id",
        id=number,
        **_bound(values),
    )


def _bound(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: json_text(one) if name == "source" else one for name, one in values.items()}


def _delete(database: "Database", number: int) -> None:
    database.run("DELETE FROM mail_receipt WHERE mailbox_id = :id", id=number)
    database.run("DELETE FROM mailbox WHERE id = :id", id=number)


def _name(text: str) -> str:
    name = header_safe(storable(text)).strip()
    if not name or len(name) > 40 or name in _RESERVED or name.startswith("-"):
        raise UsageError(f"a mailbox's name has 1 to 40 characters and is not {text[:40]!r}.")
    return name
