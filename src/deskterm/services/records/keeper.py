"""How the records of a kind are kept: made, changed, taken away, merged.

What is said here holds for every kind with rows of its own (`storage/row_kinds.py`); a kind that
differs has a subclass that says in what.
"""

from abc import abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING

from deskterm.domain.errors import ConflictError, DeskError, RefusedError, UsageError
from deskterm.domain.record_table import Field
from deskterm.domain.vocabulary import Event
from deskterm.services.records.listed import Given, Key, Listed
from deskterm.services.records.merging import move, move_parts
from deskterm.services.records.readers import READERS, read
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import rows
from deskterm.storage.row_kinds import ROW_KINDS

if TYPE_CHECKING:
    from deskterm.storage.work import Work


class Keeper(Listed):
    """Keeps the records of one kind."""

    across = False
    """Whether it was said that something may go from one client to another."""

    def held(self, work: "Work", name: str, version: int | None = None) -> HeldRow:
        """Give a record held for change; raises NotFoundError, ConflictError."""
        row = HeldRow(work, self.kind, self.find(work.spine, name))
        self.check_version(work, row.key, name, version)
        return row

    def check_version(self, work: "Work", key: Key | None, name: str, version: int | None) -> None:
        """Refuse where another version was seen; the row is locked by then."""
        if version is None or key is None:
            return
        now = rows.version(work.spine, self.kind, key)
        if now != version:
            raise ConflictError(
                f"{self.kind} {name!r} was changed meanwhile (version {version} was seen, now it "
                f"is {now}). Look at it again, then decide."
            )

    # --- making and changing ----------------------------------------------------------------

    def put(self, work: "Work", name: str, given: Given, version: int | None = None) -> None:
        """Make a record, or change its values."""
        self.check_fields(given)
        key = self.known(work.spine, name, given)
        if key is None and self.makes(name):
            self.create(work, name, given)
            return
        key = self.find(work.spine, name) if key is None else key
        row = HeldRow(work, self.kind, key)
        self.check_version(work, key, name, version)
        self.settle(row, given)

    def makes(self, name: str) -> bool:
        """Tell whether setting something of an unknown name makes it."""
        del name
        return True

    def add(self, work: "Work", name: str, given: Given) -> None:
        """Make a record; raises RefusedError where there is one of that name."""
        self.check_fields(given)
        if self.known(work.spine, name, given) is not None:
            raise RefusedError(f"there is a {self.kind} {name[:60]!r} already: change that one.")
        self.create(work, name, given)

    def create(self, work: "Work", name: str, given: Given) -> HeldRow:
        """Make a new record of these values."""
        row = HeldRow(work, self.kind, self.fresh_key(name))
        self.begin(row, name)
        return self.settle(row, given)

    def settle(self, row: HeldRow, given: Given) -> HeldRow:
        """Set what was typed and write it, where it changes anything."""
        self.change(row, given)
        self.check(row)
        if row.changed:
            self.keep(row)
        return row

    def check_fields(self, given: Given) -> None:
        """Refuse a field that this kind does not have."""
        for one in given:
            if one not in self.fields:
                known = ", ".join(self.fields) or "nothing but its name"
                raise UsageError(f"a {self.kind} has no {one[:40]!r}; it has {known}.")

    def fresh_key(self, name: str) -> Key | None:
        """Give the key of a new record: None where the database gives a number."""
        return None if ROW_KINDS[self.kind].key == "id" else self.name(name)

    def begin(self, row: HeldRow, name: str) -> None:
        """Fill in what a new record has."""
        row.set(
            **{
                field.place: field.fresh
                for field in self.record.fields
                if field.place in row.shape.columns and field.kind in READERS
            }
        )
        row.set(**self.record.fresh)
        if row.shape.key == "id":
            row.set(**{row.shape.naming: self.name(name)})

    def change(self, row: HeldRow, given: Given) -> None:
        """Set what was typed; an error knows its field."""
        for name, text in given.items():
            try:
                self.set_field(row, self.fields[name], text)
            except DeskError as error:
                error.field = error.field or name
                raise

    def set_field(self, row: HeldRow, field: Field, text: str) -> None:
        """Set one field."""
        row.set(**{field.place: read(row.work.spine, field, text)})

    def check(self, row: HeldRow) -> None:
        """Refuse what does not fit together as a whole."""

    def keep(self, row: HeldRow) -> None:
        """Write the record with its ledger entry."""
        row.write(Event.EDITED, self.called(row))

    def called(self, row: HeldRow) -> str:
        """Give the name for the ledger."""
        return str(row.key if isinstance(row.key, str) else row[row.shape.naming])

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Give it another name; whatever names it follows."""
        row = self.held(work, name, version)
        row.set(**{row.shape.naming: self.name(new)})
        if self.known(work.spine, new, {}) not in (None, row.key):
            raise RefusedError(f"there is a {self.kind} {new!r} already: merge {name!r} into it.")
        self.keep(row)

    # --- taking away --------------------------------------------------------------------------

    def remove(self, work: "Work", name: str, version: int | None = None) -> None:
        """Take a record away that nothing names; raises RefusedError where something does."""
        row = self.held(work, name, version)
        used = self.uses(work.spine, row.key or 0)
        if used:
            words = ", ".join(f"{n} in {table.replace('_', ' ')}" for table, n in used.items())
            raise RefusedError(f"{self.kind} {name!r} is in use ({words}): {self.record.instead}")
        called = self.called(row)
        for key in rows.parts(work.spine, self.kind, row.number):
            row.put(key, None)
        row.remove()
        row.write(Event.EDITED, called)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Let whatever names one record name another, and take the first away."""
        gone, stays = self.held(work, name), self.held(work, into)
        if gone.number == stays.number:
            raise RefusedError(f"{name!r} cannot be merged into itself.")
        self.check_merge(gone, stays)
        move(work, self.kind, gone.number, stays.number)
        for number in self.rules_naming(work.spine, gone.number):
            row = HeldRow(work, "rule", number)
            row.set(sets={**row["sets"], self.kind: stays.number})
            row.write(Event.EDITED, row["name"])
        move_parts(work, gone, stays)
        gone.remove()
        gone.write(Event.EDITED, name)
        stays.write(Event.EDITED, into)

    def check_merge(self, gone: HeldRow, stays: HeldRow) -> None:
        """Refuse two that do not belong together, unless that was meant."""

    # --- taking in ----------------------------------------------------------------------------

    def take(self, work: "Work", values: Given) -> None:
        """Take a record from a file's row."""
        given = dict(values)
        self.put(work, given.pop("name", ""), given)


def leave_only(row: HeldRow, part: str, named: Iterable[object]) -> list[str]:
    """Let of all that hangs on a row as this part only these stay; gives the keys of new ones."""
    wanted = {f"{part}.{one}" for one in named}
    hanging = rows.parts(row.work.spine, row.kind, row.number)
    has = {key for key in hanging if key.startswith(f"{part}.")}
    for key in sorted(has - wanted):
        row.put(key, None)
    return sorted(wanted - has)


class ByName(Keeper):
    """Keeps records whose key is their name: another name is another row, to which all goes."""

    def rename(self, work: "Work", name: str, new: str, version: int | None = None) -> None:
        """Give it another name; whatever names it follows."""
        gone = self.held(work, name, version)
        if self.known(work.spine, new, {}) is not None:
            raise RefusedError(f"there is a {self.kind} {new!r} already: merge {name!r} into it.")
        stays = HeldRow(work, self.kind, self.name(new))
        stays.set(**{column: gone[column] for column in gone.shape.columns})
        self.keep(stays)
        self.hand_over(work, gone, stays)

    def merge(self, work: "Work", name: str, into: str) -> None:
        """Let whatever names one name another."""
        gone, stays = self.held(work, name), self.held(work, into)
        if gone.key == stays.key:
            raise RefusedError(f"{name!r} cannot be merged into itself.")
        self.hand_over(work, gone, stays)

    @abstractmethod
    def hand_over(self, work: "Work", gone: HeldRow, stays: HeldRow) -> None:
        """Give all that is one's to the other, and take the first away, or out of use."""
