"""Rows held by a unit of work: every change kept as before → after, made, removed and restored.

What `Hold` is to a ticket, a `HeldRow` is to a solution, a person, a mailbox: whatever it changes
is named by a key (`level`, `member.bo`, `use.12`), so that undo needs one rule for all of them.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from deskterm.domain.errors import ConflictError
from deskterm.storage.held_values import Changes, HeldValues, plain
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.row_parts import Stored
from deskterm.storage.work import Work

if TYPE_CHECKING:
    from deskterm.storage.row_kind import RowKind


class HeldRow(HeldValues):
    """One row held for change: its values as they will be, and what changed."""

    def __init__(self, work: Work, kind: str, key: int | str | None) -> None:
        self.work = work
        self.kind = kind
        self.key = key
        """Its number or name; None for a row that is to be made."""
        self.shape: RowKind = ROW_KINDS[kind]
        self.version = 0
        super().__init__(dict.fromkeys(self.shape.columns))
        self._there = key is not None and self._read()
        self._parts: dict[str, Stored] = {}
        self._came = False

    @property
    def exists(self) -> bool:
        """Tell whether the row is there, as it now is in this operation."""
        return self._values[self.shape.naming] is not None

    @property
    def changed(self) -> bool:
        """Tell whether anything was changed that is not stored yet."""
        return bool(self._changes)

    @property
    def number(self) -> int:
        """The number in the ledger: 0 for rows that are known by a name."""
        return self.key if isinstance(self.key, int) else 0

    def attest(self, column: str) -> None:
        """Say in the ledger what a column is: undo then asks whether it still is that."""
        self._note(column, plain(self._values[column]), plain(self._values[column]))

    def remove(self) -> None:
        """Take the row away; the ledger keeps what it was."""
        self.set(**dict.fromkeys(self.shape.columns))

    def put(self, key: str, value: Stored) -> None:
        """Change something that hangs on the row; None takes it away."""
        before = self.get(key)
        if before != value:
            self._parts[key] = value
            self._note(key, before, value)

    def put_new(
        self, word: str, values: Mapping[str, Stored], before: "Mapping[str, Stored] | None" = None
    ) -> None:
        """Write many things that hang on the row at once; `before` has what is there of them."""
        write = self.shape.parts[word].write_new
        assert write is not None, f"{word} is written one by one"
        write(self.work, self.number, values)
        for name, value in values.items():
            self._note(f"{word}.{name}", (before or {}).get(name), value)

    def get(self, key: str) -> Any:
        """Give the present value of a column or of something that hangs on the row."""
        word, dot, name = key.partition(".")
        if not dot:
            return plain(self._values[key]) if key in self._values else None
        if key in self._parts:
            return self._parts[key]
        return self.shape.parts[word].read(self.work, self.number, name) if self._there else None

    def restore(self, key: str, value: Any) -> None:
        """Set what `get` names to a value from the ledger."""
        if "." in key:
            self.put(key, value)
        elif key not in self._values:
            raise ConflictError(
                f"{key.replace('_', ' ')} is kept otherwise since an upgrade. {self.shape.clash}"
            )
        else:
            self.set(**{key: self.shape.typed(key, value)})

    def come_back(self) -> None:
        """Be there again at once, for what names it; the entry is written with the rest."""
        if self.exists and not self._there:
            self._write()
            self._dirty.clear()
            self._came = True

    def store(self) -> Changes:
        """Write the changes into the database and give them; the caller writes the entry."""
        if not self.exists:
            self.remove()
        changes, self._changes = self._changes, {}
        if not changes:
            return {}
        if not self._there or self._came:
            changes = {
                key: pair
                for key, pair in changes.items()
                if key == self.shape.naming or pair[1] not in (None, "")
            }
        if self.exists:
            self._write()
            self._write_parts()
        else:
            self._write_parts()
            self._delete()
        self._dirty.clear()
        if self.shape.follows is not None:
            self.shape.follows(self.work, self.number, changes)
        return changes

    def write(self, event: str, text: str = "", **entry: Any) -> int:
        """Store the changes with their ledger entry; gives the entry's id."""
        changes = self.store()
        if isinstance(self.key, str):
            changes = {f"{column}.{self.key}": pair for column, pair in changes.items()}
        subject = (self.kind, self.number)
        return self.work.record(
            subject, event, text, changes=changes, version=self.version, **entry
        )

    def _read(self) -> bool:
        names = (*self.shape.columns, *(("version",) if self.shape.versioned else ()))
        lock = "" if self.work.spine.dialect == "sqlite" else " FOR UPDATE"
        row = self.work.spine.one(
            f"SELECT {', '.join(names)} FROM {self.shape.table} "  # noqa: S608 - ROW_KINDS only
            f"WHERE {self.shape.key} = :key{lock}",
            key=self.key,
        )
        if row is None:
            return False
        self._values = {name: self.shape.held(name, row[name]) for name in self.shape.columns}
        self.version = row["version"] if self.shape.versioned else 0
        return True

    def _write(self) -> None:
        values = {name: self.shape.bound(name, self._values[name]) for name in sorted(self._dirty)}
        if self._there and not values:
            return
        self.version += self.shape.versioned
        values |= self.shape.reset
        if self.shape.versioned:
            values |= {"version": self.version, "updated_at": self.work.at}
        if self._there:
            sets = ", ".join(f"{name} = :{name}" for name in values)
            self.work.spine.run(
                f"UPDATE {self.shape.table} SET {sets} WHERE {self.shape.key} = :key_",  # noqa: S608 - ROW_KINDS only
                **values,
                key_=self.key,
            )
        else:
            self._insert(values)

    def _insert(self, values: dict[str, object]) -> None:
        known = {"now": self.work.at, "me": self.work.actor}
        full = {
            name: known.get(str(value), value) for name, value in self.shape.new.items()
        } | values
        if self.key is not None:
            full[self.shape.key] = self.key
        row = self.work.spine.one(
            f"INSERT INTO {self.shape.table} ({', '.join(full)}) "  # noqa: S608 - ROW_KINDS only
            f"VALUES ({', '.join(':' + name for name in full)}) "
            f"ON CONFLICT DO NOTHING RETURNING {self.shape.key} AS key",
            **full,
        )
        if row is None:
            name = str(self._values[self.shape.naming])[:60]
            raise ConflictError(
                f"there is a {self.kind} {name!r} already; look at it, then decide."
            )
        self.key = row["key"]
        self._there = True

    def _write_parts(self) -> None:
        for key, value in self._parts.items():
            word, _, name = key.partition(".")
            self.shape.parts[word].write(self.work, self.number, name, value)
        self._parts.clear()

    def _delete(self) -> None:
        spine, called = self.work.spine, self.shape.called.replace("{}", str(self.key))
        for table, column in self.shape.used:
            row = spine.one(
                f"SELECT 1 AS n FROM {table} WHERE {column} = :key LIMIT 1",  # noqa: S608 - ROW_KINDS only
                key=self.key,
            )
            if row is not None:
                raise ConflictError(f"{called} is used meanwhile ({_table_words(table)}).")
        for table, column in (*self.shape.goes, (self.shape.table, self.shape.key)):
            spine.run(f"DELETE FROM {table} WHERE {column} = :key", key=self.key)  # noqa: S608 - ROW_KINDS only
        self._there = False


class HeldNames:
    """Rows known by a name, such as technicians: one subject, whose keys say whose they are."""

    def __init__(self, work: Work, kind: str) -> None:
        self.work = work
        self.kind = kind
        self._rows: dict[str, HeldRow] = {}

    def row(self, name: str) -> HeldRow:
        """Give the row of that name, held for change."""
        if name not in self._rows:
            self._rows[name] = HeldRow(self.work, self.kind, name)
        return self._rows[name]

    def get(self, key: str) -> object:
        """Give the present value of `column.name`."""
        column, _, name = key.partition(".")
        return self.row(name).get(column)

    def restore(self, key: str, value: object) -> None:
        """Set what `get` names to a value from the ledger."""
        column, _, name = key.partition(".")
        self.row(name).restore(column, value)

    def write(self, event: str, text: str = "", **entry: Any) -> int:
        """Store the changes with one ledger entry; gives its id."""
        changes = {
            f"{column}.{name}": pair
            for name, row in self._rows.items()
            for column, pair in row.store().items()
        }
        return self.work.record((self.kind, 0), event, text, changes=changes, **entry)


def hold_rows(kind: str, work: Work, numbers: Sequence[int]) -> Mapping[int, HeldRow | HeldNames]:
    """Lock rows for change, in order of their numbers."""
    if ROW_KINDS[kind].key != "id":
        return {0: HeldNames(work, kind)}
    return {number: HeldRow(work, kind, number) for number in sorted(numbers)}


def _table_words(table: str) -> str:
    return table.replace("_", " ")
