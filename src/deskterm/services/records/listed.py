"""How the records of a kind are read and found by name."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.record_table import Record
from deskterm.domain.text import alike, header_safe, is_blank, storable
from deskterm.services.records.readers import written
from deskterm.storage.names import unknown
from deskterm.storage.reads import rows
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.rules import all_rules

if TYPE_CHECKING:
    from deskterm.storage.driver import Database

Key = int | str
Shown = dict[str, Any]
"""A record as it is listed: its values by name, how many rows name it, its version."""
Given = Mapping[str, str]
"""Field → what a person typed."""
_MOST = 200


class Listed:
    """Reads the records of one kind; `me` is the login of whoever asks."""

    def __init__(self, record: Record, me: str) -> None:
        self.record = record
        self.kind = record.kind
        self.me = me
        self.fields = {field.name: field for field in record.fields}

    # --- reading --------------------------------------------------------------------------

    def listed(self, database: "Database", words: str = "", most: int = 100_000) -> list[Shown]:
        """Give the records by name, those with the words in it."""
        return [
            self.shown(database, row)
            for row in rows.records(database, self.kind, None, words, most)
        ]

    def one(self, database: "Database", name: str) -> Shown:
        """Give one record; raises NotFoundError with what is near."""
        return self.shown(database, rows.records(database, self.kind, self.find(database, name))[0])

    def shown(self, database: "Database", row: Shown) -> Shown:
        """Give a row of the database as people see it."""
        del database
        shape = ROW_KINDS[self.kind]
        name = row[shape.naming] if shape.key == "id" else row["key"]
        values = {"id": row["key"], "name": name}
        for field in self.record.fields:
            if field.place in row and field.kind != "sets":
                values[field.name] = row[field.place]
        return values | {"used": row["used"], "version": row["version"]}

    def texts(self, database: "Database", shown: Shown) -> dict[str, str]:
        """Give every field as a person would type it."""
        return {
            field.name: written(database, field, shown.get(field.name))
            for field in self.record.fields
        }

    # --- finding --------------------------------------------------------------------------

    def known(self, database: "Database", name: str, given: Given) -> Key | None:
        """Give the key of exactly that name, capitals aside, or None: it would be a new one."""
        del given
        wanted = alike(header_safe(storable(name))).strip("/ ")
        found = rows.names(database, self.kind)
        return next((key for key, one in found if alike(one) == wanted), None)

    def find(self, database: "Database", name: str) -> Key:
        """Give the key of that name; raises NotFoundError with what is near."""
        key = self.known(database, name, {})
        if key is None:
            near = [one for _, one in rows.names(database, self.kind)]
            where = f"deskterm {self.record.command} list"
            raise NotFoundError(unknown(self.kind, name[:60], near, where))
        return key

    def name(self, text: str) -> str:
        """Give a name as it is kept; raises UsageError."""
        name = header_safe(storable(text)).strip()
        if is_blank(name) or len(name) > _MOST:
            raise UsageError(
                f"a {self.kind}'s name has 1 to {_MOST} characters, not {text[:60]!r}."
            )
        return name

    # --- who names it -------------------------------------------------------------------

    def uses(self, database: "Database", key: Key) -> dict[str, int]:
        """Give table → how many rows name it; none are left out."""
        found = rows.uses(database, self.kind, key)
        ruled = len(self.rules_naming(database, key))
        return found | ({"rule": ruled} if ruled else {})

    def rules_naming(self, database: "Database", key: Key) -> list[int]:
        """Give the desk's own rules that set this record on new tickets."""
        return [one.id for one in all_rules(database) if one.sets.get(self.kind) == key]
