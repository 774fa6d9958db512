"""The desk's records by one declared table: listed, set, renamed, merged, removed and imported.

A record noun that only has names and values needs no more than its row here, its rows in
`storage/row_kinds.py` and its model; the commands follow (`cli/records.py`).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.text import check_language, header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of, paths_below
from deskterm.storage.people import find_person
from deskterm.storage.reads import rows
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.rules import all_rules
from deskterm.storage.ticket.hold import hold

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

Read = Callable[["Database", str], object]
"""From what a person typed to the value of a column; raises UsageError, NotFoundError."""
_MOST = 200


Shown = dict[str, Any]
"""A record as it is listed: its values by name, how many rows name it, its version."""


class Field(NamedTuple):
    """One value of a record that may be set."""

    name: str
    column: str
    read: Read
    fresh: object = ""
    """What a new record has."""


class Record(NamedTuple):
    """A noun of the desk's own records."""

    kind: str
    fields: tuple[Field, ...] = ()
    fresh: Mapping[str, object] = {}
    """What a new record has besides the fields."""


def _text(_database: "Database", text: str) -> str:
    return storable(text).strip()


def _level(_database: "Database", text: str) -> int:
    if text.strip() not in tuple("123456789"):
        raise UsageError(f"{text[:40]!r} is no level from 1 to 9.")
    return int(text)


def _language(_database: "Database", text: str) -> str:
    check_language(text.strip())
    return text.strip()


def _facts(_database: "Database", text: str) -> dict[str, object]:
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise UsageError(
            f'facts are a JSON object such as {{"gateway": "10.0.0.1"}}: {error}.'
        ) from error
    if not isinstance(found, dict):
        raise UsageError('facts are a JSON object such as {"gateway": "10.0.0.1"}.')
    return found


def _named(kind: str) -> Read:
    def read(database: "Database", text: str) -> int | None:
        return number_of(database, kind, text) if text.strip() else None

    return read


def _person(database: "Database", text: str) -> int | None:
    return find_person(database, text.strip()) if text.strip() else None


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name, name, _text) for name in names)


RECORDS = {
    one.kind: one
    for one in (
        Record("service"),
        Record("organisation", (Field("language", "language", _language),)),
        Record("site", _texts("address")),
        Record(
            "device",
            (
                *_texts("kind", "model", "os", "os_version", "serial"),
                Field("owner", "person_id", _person, None),
                Field("site", "site_id", _named("site"), None),
                Field("facts", "facts", _facts, {}),
            ),
        ),
        Record("group", (Field("level", "level", _level, 1),)),
        Record("category", (Field("group", "group_id", _named("group"), None),), {"active": True}),
    )
}
"""Kind → what can be set of it."""


class Records:
    """Use cases on records, the same for each kind; each write takes how it was asked."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def list(self, kind: str) -> list[Shown]:
        """Give every record of a kind with its values, version and how many rows name it."""
        with self._desk.store.reading() as database, database.snapshot():
            return [_shown(kind, row) for row in rows.records(database, kind)]

    def show(self, kind: str, name: str) -> Shown:
        """Give one record; raises NotFoundError with what is near."""
        with self._desk.store.reading() as database, database.snapshot():
            number = number_of(database, kind, name)
            return _shown(kind, rows.records(database, kind, number)[0])

    def set(
        self,
        kind: str,
        name: str,
        values: Mapping[str, str],
        how: How = NOW,
        version: int | None = None,
    ) -> None:
        """Make a record, or change its values; `version` is the one that was seen."""
        with self._desk.work(f"set {kind}", how.op_id, dry=how.dry) as work:
            _set(work, kind, name, values, version)

    def rename(
        self, kind: str, name: str, new: str, how: How = NOW, version: int | None = None
    ) -> None:
        """Give a record another name; whatever names it follows."""
        with self._desk.work(f"rename {kind}", how.op_id, dry=how.dry) as work:
            row = _found(work, kind, name, version)
            row.set(**{row.shape.naming: _name(new, kind)})
            if _known(work.spine, kind, new) not in (None, row.key):
                raise RefusedError(f"there is a {kind} {new!r} already: merge {name!r} into it.")
            row.write(Event.EDITED, row[row.shape.naming])

    def remove(self, kind: str, name: str, how: How = NOW, version: int | None = None) -> None:
        """Take a record away that nothing names; raises RefusedError where something does."""
        with self._desk.work(f"remove {kind}", how.op_id, dry=how.dry) as work:
            row = _found(work, kind, name, version)
            used = rows.uses(work.spine, kind, row.number)
            ruled = len(_rules_naming(work, kind, row.number))
            if used or ruled:
                used |= {"rule": ruled} if ruled else {}
                words = ", ".join(f"{n} in {table}" for table, n in used.items())
                raise RefusedError(f"{kind} {name!r} is in use ({words}): merge it into another.")
            row.remove()
            row.write(Event.EDITED, name)

    def merge(self, kind: str, name: str, into: str, how: How = NOW) -> int:
        """Let whatever names one record name another, and take the first away; gives how many."""
        with self._desk.work(f"merge {kind}", how.op_id, dry=how.dry) as work:
            gone, stays = _found(work, kind, name), _found(work, kind, into)
            if gone.number == stays.number:
                raise RefusedError(f"{name!r} cannot be merged into itself.")
            if kind == "category" and len(paths_below(work.spine, gone["path"])) > 1:
                raise RefusedError(f"categories lie below {name!r}: merge or rename those first.")
            moved = _move(work, kind, gone.number, stays.number)
            moved += _move_rules(work, kind, gone.number, stays.number)
            for key in rows.parts(work.spine, kind, gone.number):
                value = gone.get(key)
                gone.put(key, None)
                stays.put(key, value)
            gone.remove()
            gone.write(Event.EDITED, name)
            stays.write(Event.EDITED, into)
            return moved

    def load(
        self, kind: str, given: Iterable[tuple[int, Mapping[str, str]]], where: str, how: How = NOW
    ) -> int:
        """Take records from a file's rows as one operation, all or none; gives how many."""
        taken = 0
        with self._desk.work(f"import {kind}", how.op_id, dry=how.dry) as work:
            for line, row in given:
                values = dict(row)
                try:
                    _set(work, kind, values.pop("name", ""), values, None)
                except (UsageError, NotFoundError) as error:
                    raise UsageError(f"{where}:{line}: {error}") from error
                taken += 1
        return taken


def fields_of(kind: str) -> tuple[str, ...]:
    """Give the names of what can be set of a kind."""
    return tuple(field.name for field in RECORDS[kind].fields)


def _set(
    work: "Work", kind: str, name: str, values: Mapping[str, str], version: int | None
) -> None:
    declared = {field.name: field for field in RECORDS[kind].fields}
    for given in values:
        if given not in declared:
            known = ", ".join(declared) or "nothing but its name"
            raise UsageError(f"a {kind} has no {given[:40]!r}; it has {known}.")
    number = _known(work.spine, kind, name)
    row = HeldRow(work, kind, number)
    _check_version(work, row, name, version)
    if number is None:
        row.set(**{field.column: field.fresh for field in declared.values()})
        row.set(**RECORDS[kind].fresh, **{row.shape.naming: _name(name, kind)})
    row.set(
        **{declared[key].column: declared[key].read(work.spine, v) for key, v in values.items()}
    )
    if row.changed:
        row.write(Event.EDITED, row[row.shape.naming])


def _found(work: "Work", kind: str, name: str, version: int | None = None) -> HeldRow:
    row = HeldRow(work, kind, number_of(work.spine, kind, name))
    _check_version(work, row, name, version)
    return row


def _check_version(work: "Work", row: HeldRow, name: str, version: int | None) -> None:
    """The row is locked: nobody writes another entry of it meanwhile."""
    if version is not None:
        now = rows.version(work.spine, row.kind, row.number)
        if now != version:
            raise ConflictError(
                f"{row.kind} {name!r} was changed meanwhile (version {version} was seen, now it "
                f"is {now}). Look at it again, then decide."
            )


def _move(work: "Work", kind: str, gone: int, stays: int) -> int:
    """Let every subject that names one record name another; gives how many."""
    kinds = {shape.table: other for other, shape in ROW_KINDS.items()}
    moved = 0
    for table, column in ROW_KINDS[kind].used:
        numbers = rows.naming(work.spine, table, column, gone)
        if table == "ticket":
            for held in hold(work, numbers).values():
                held.set(**{column: stays})
                held.write(Event.CHANGED)
        else:
            for number in numbers:
                row = HeldRow(work, kinds[table], number)
                row.set(**{column: stays})
                row.write(Event.EDITED)
        moved += len(numbers)
    return moved


def _rules_naming(work: "Work", kind: str, number: int) -> list[int]:
    """Give the desk's own rules that set a record on new tickets."""
    return [one.id for one in all_rules(work.spine) if one.sets.get(kind) == number]


def _move_rules(work: "Work", kind: str, gone: int, stays: int) -> int:
    found = _rules_naming(work, kind, gone)
    for number in found:
        row = HeldRow(work, "rule", number)
        row.set(sets={**row["sets"], kind: stays})
        row.write(Event.EDITED, row["name"])
    return len(found)


def _known(database: "Database", kind: str, name: str) -> int | None:
    """Give the number of exactly that name, capitals aside."""
    wanted = header_safe(storable(name)).strip("/ ").casefold()
    return next(
        (number for number, one in rows.names(database, kind) if one.casefold() == wanted), None
    )


def _name(text: str, kind: str) -> str:
    name = header_safe(storable(text)).strip()
    if not name or len(name) > _MOST:
        raise UsageError(f"a {kind}'s name has 1 to {_MOST} characters, not {text[:60]!r}.")
    return name


def _shown(kind: str, row: Mapping[str, Any]) -> Shown:
    shape = ROW_KINDS[kind]
    values = {"id": row["id"], "name": row[shape.naming]}
    for field in RECORDS[kind].fields:
        value = row[field.column]
        values[field.name] = json.loads(value) if field.column in shape.jsons else value
    return values | {"used": row["used"], "version": row["version"]}
