"""What was imported before: our numbers behind foreign ones."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.clock import to_text
from deskterm.storage.driver import Database, moment
from deskterm.storage.ticket.columns import NAMES, read


def known_tickets(database: Database, foreign_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Give foreign id → (our number, digest of the line it came from) of those that are here."""
    if not foreign_ids:
        return {}
    rows = database.all(
        "SELECT t.foreign_id, t.id, (SELECT l.data FROM ledger l WHERE l.kind = 'ticket' "
        "AND l.subject_id = t.id AND l.event IN ('opened', 'imported') "
        "AND l.data LIKE '%digest%' ORDER BY l.id DESC LIMIT 1) AS data "
        "FROM ticket t WHERE t.foreign_id IS NOT NULL AND t.foreign_id IN :ids",
        ids=foreign_ids,
    )
    return {row["foreign_id"]: (int(row["id"]), _digest(row["data"])) for row in rows}


def _digest(data: str | None) -> str:
    return str(json.loads(data or "{}").get("digest", ""))


def people_by_address(database: Database) -> dict[str, int]:
    """Give address → person of everybody."""
    rows = database.all("SELECT address, person_id FROM person_address")
    return {row["address"]: int(row["person_id"]) for row in rows}


def people_by_name(database: Database) -> dict[str, list[int]]:
    """Give folded name → the active people of that name."""
    found: dict[str, list[int]] = {}
    for row in database.all("SELECT id, name FROM person WHERE active ORDER BY id"):
        found.setdefault(row["name"].casefold(), []).append(int(row["id"]))
    return found


def categories(database: Database) -> dict[str, int]:
    """Give folded path → category."""
    rows = database.all("SELECT id, path FROM category")
    return {row["path"].casefold(): int(row["id"]) for row in rows}


def add_category(database: Database, path: str) -> int:
    """Make a category; gives its number."""
    row = database.returned(
        "INSERT INTO category (path, active) VALUES (:path, :active) RETURNING id",
        path=path,
        active=True,
    )
    return int(row["id"])


_ADD_NAMED = {
    "desk_group": "INSERT INTO desk_group (name, level) VALUES (:name, 1) RETURNING id",
    "organisation": "INSERT INTO organisation (name, language) VALUES (:name, '') RETURNING id",
}
_NAMED = {
    "desk_group": "SELECT id, name FROM desk_group",
    "organisation": "SELECT id, name FROM organisation",
}


def named(database: Database, table: str) -> dict[str, int]:
    """Give folded name → number of the groups or organisations."""
    return {row["name"].casefold(): int(row["id"]) for row in database.all(_NAMED[table])}


def add_named(database: Database, table: str, name: str) -> int:
    """Make a group or an organisation; gives its number."""
    return int(database.returned(_ADD_NAMED[table], name=name)["id"])


def technicians(database: Database) -> dict[str, str]:
    """Give folded login, address or name → login; a name that two bear means nobody."""
    rows = database.all("SELECT login, name, email FROM technician ORDER BY login")
    found: dict[str, str] = {}
    names: dict[str, list[str]] = {}
    for row in rows:
        names.setdefault(row["name"].casefold(), []).append(row["login"])
        if row["email"]:
            found[row["email"].casefold()] = row["login"]
    found |= {name: logins[0] for name, logins in names.items() if name and len(logins) == 1}
    return found | {row["login"].casefold(): row["login"] for row in rows}


def add_technician(database: Database, login: str, name: str, email: str, at: datetime) -> None:
    """Make a technician who owned tickets in another desk."""
    database.run(
        "INSERT INTO technician (login, name, email, level, active, since) "
        "VALUES (:login, :name, :email, 1, :active, :at) ON CONFLICT DO NOTHING",
        login=login,
        name=name,
        email=email,
        active=True,
        at=at,
    )


class Here(NamedTuple):
    """A ticket that was imported before, as it stands."""

    columns: dict[str, object]
    version: int
    updated: str
    touched: bool
    """Whether somebody has worked on it here."""
    keys: frozenset[str]
    """The entries of the old desk that were told already."""


def here(database: Database, number: int) -> Here:
    """Give how a ticket that was imported before stands now."""
    columns = ", ".join(NAMES)
    row = database.returned(
        f"SELECT version, updated_at, {columns} FROM ticket WHERE id = :id",  # noqa: S608 - our own names
        id=number,
    )
    told = database.all(
        "SELECT actor, data FROM ledger WHERE kind = 'ticket' AND subject_id = :id", id=number
    )
    keys = {json.loads(one["data"]).get("key") for one in told if one["actor"] == "import"}
    return Here(
        {name: _plain(read(name, row[name])) for name in NAMES},
        int(row["version"]),
        to_text(moment(row["updated_at"])),
        any(one["actor"] != "import" for one in told),
        frozenset(filter(None, keys)),
    )


def _plain(value: object) -> object:
    return to_text(value) if isinstance(value, datetime) else value


def change(
    database: Database, number: int, columns: dict[str, object], updated: str, is_open: bool
) -> None:
    """Store what the old desk changed on a ticket that nobody here has worked on."""
    sets = ", ".join(f"{name} = :{name}" for name in columns)
    database.run(
        f"UPDATE ticket SET version = version + 1, updated_at = :updated, is_open = :is_open"  # noqa: S608 - our own names
        f"{', ' + sets if sets else ''} WHERE id = :number",
        **columns,
        updated=updated,
        is_open=is_open,
        number=number,
    )


def last_import(database: Database, kind: str, actor: str) -> str | None:
    """Give the newest operation of somebody that imported from a source and still holds."""
    row = database.one(
        "SELECT o.id FROM operation o WHERE o.kind = :kind AND o.actor = :actor "
        "AND NOT EXISTS (SELECT 1 FROM taken_back b WHERE b.operation_id = o.id) "
        "ORDER BY o.at DESC LIMIT 1",
        kind=kind,
        actor=actor,
    )
    return str(row["id"]) if row else None


def still_holds(database: Database, operation: str) -> bool:
    """Tell whether an operation was claimed and not undone since."""
    row = database.one(
        "SELECT o.id FROM operation o WHERE o.id = :id AND NOT EXISTS "
        "(SELECT 1 FROM taken_back b WHERE b.operation_id = o.id)",
        id=operation,
    )
    return row is not None


def set_fields(database: Database, number: int, fields: Mapping[str, str]) -> None:
    """Give a ticket these values in the desk's own fields; others stay."""
    for name, value in fields.items():
        database.run(
            "INSERT INTO field_value (ticket_id, name, value) VALUES (:number, :name, :value) "
            "ON CONFLICT (ticket_id, name) DO UPDATE SET value = excluded.value",
            number=number,
            name=name,
            value=value,
        )
