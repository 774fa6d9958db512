"""Reads rows of the kinds declared in `ROW_KINDS`: names for numbers, uses counted."""

import json
from typing import Any

from deskterm.storage.driver import Database, moment
from deskterm.storage.names import paths_below
from deskterm.storage.row_kind import RowKind
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.search import like_pattern

_NAMES = {
    "person_id": "(SELECT name FROM person WHERE id = r.person_id)",
    "site_id": "(SELECT name FROM site WHERE id = r.site_id)",
    "group_id": "(SELECT name FROM desk_group WHERE id = r.group_id)",
    "category_id": "(SELECT path FROM category WHERE id = r.category_id)",
    "organisation_id": "(SELECT name FROM organisation WHERE id = r.organisation_id)",
    "service_id": "(SELECT name FROM service WHERE id = r.service_id)",
    "calendar_id": "(SELECT name FROM calendar WHERE id = r.calendar_id)",
    "template_id": "(SELECT name FROM ticket_template WHERE id = r.template_id)",
    "checklist_id": "(SELECT name FROM checklist WHERE id = r.checklist_id)",
    "improvement_id": "(SELECT name FROM improvement WHERE id = r.improvement_id)",
    "problem_id": "(SELECT 'P' || id FROM problem WHERE id = r.problem_id)",
}
"""Column → the name behind its number."""
_UNCOUNTED = ("person_id", "approver_id")
"""Columns that are looked through from end to end: not for every line of a list."""
_BY_NUMBER = "l.subject_id = r.id"
_BY_NAME = "replace(l.changes, '.' || r.{key} || '\":', '') <> l.changes"
"""Entries of rows known by a name have the subject 0 and keys such as `level.bo`."""


def records(
    database: Database,
    kind: str,
    key: int | str | None = None,
    words: str = "",
    most: int = 100_000,
) -> list[dict[str, Any]]:
    """Give the rows of a kind by name, those with `words` in the name, or one: with `used`.

    Each has its columns, `key` and `version`: how often it was changed.
    """
    shape = ROW_KINDS[kind]
    columns = [f"{_NAMES[c]} AS {c}" if c in _NAMES else f"r.{c}" for c in shape.columns]
    counts = [
        f"(SELECT count(*) FROM {table} u WHERE u.{column} = r.{shape.key})"  # noqa: S608 - ROW_KINDS only
        for table, column in shape.used
        if column not in _UNCOUNTED or table == "device"
    ]
    by = _BY_NUMBER if shape.key == "id" else _BY_NAME.format(key=shape.key)
    shown = shape.naming if shape.key == "id" else shape.key
    rows = database.all(
        f"SELECT r.{shape.key} AS key, {', '.join(columns)}, {' + '.join(counts) or '0'} AS used, "  # noqa: S608 - ROW_KINDS only
        f"(SELECT count(*) FROM ledger l WHERE l.kind = :kind AND {by}) AS version "
        f"FROM {shape.table} r WHERE r.{shape.key} IN (SELECT q.{shape.key} FROM {shape.table} q "
        f"WHERE (CAST(:key AS text) IS NULL OR CAST(q.{shape.key} AS text) = :key) "
        f"AND lower(q.{shown}) LIKE :words ESCAPE '!' "
        f"ORDER BY lower(q.{shown}), q.{shape.key} LIMIT :most) "
        f"ORDER BY lower(r.{shown}), r.{shape.key}",
        kind=kind,
        key=None if key is None else str(key),
        words=like_pattern(words.lower()),
        most=most,
    )
    names = ("key", "used", "version")
    return [
        {c: _value(shape, c, row[c]) for c in shape.columns} | {name: row[name] for name in names}
        for row in rows
    ]


def _value(shape: RowKind, column: str, value: object) -> object:
    if value is None:
        return None
    if column in shape.jsons:
        return json.loads(str(value))
    if column in shape.moments:
        return moment(value)
    return bool(value) if column in shape.flags else value


def names(database: Database, kind: str) -> list[tuple[int | str, str]]:
    """Give (key, name) of every row of a kind."""
    shape = ROW_KINDS[kind]
    shown = shape.naming if shape.key == "id" else shape.key
    rows = database.all(
        f"SELECT {shape.key} AS key, {shown} AS name FROM {shape.table} ORDER BY {shape.key}"  # noqa: S608 - ROW_KINDS only
    )
    return [(row["key"], str(row["name"])) for row in rows]


def version(database: Database, kind: str, key: int | str) -> int:
    """Give how often a row was changed."""
    if isinstance(key, int):
        row = database.returned(
            "SELECT count(*) AS n FROM ledger WHERE kind = :kind AND subject_id = :number",
            kind=kind,
            number=key,
        )
    else:
        row = database.returned(
            "SELECT count(*) AS n FROM ledger WHERE kind = :kind AND subject_id = 0 "
            "AND replace(changes, :mark, '') <> changes",
            kind=kind,
            mark=f'"{key}":' if kind == "setting" else f'.{key}":',
        )
    return int(row["n"])


_REFERS = {place: kind for kind, shape in ROW_KINDS.items() for place in shape.used}
"""(Table, column) → the kind of row that stands there."""


def lacks(database: Database, kind: str, column: str, key: int | str) -> str:
    """Give the kind of what a column names by a key where there is none such; else nothing."""
    table = ROW_KINDS[kind].table if kind in ROW_KINDS else kind
    other = _REFERS.get((table, column))
    if other is None:
        return ""
    shape = ROW_KINDS[other]
    row = database.one(
        f"SELECT 1 AS there FROM {shape.table} WHERE {shape.key} = :key",  # noqa: S608 - ROW_KINDS only
        key=key,
    )
    return "" if row else other


def uses(database: Database, kind: str, key: int | str) -> dict[str, int]:
    """Give table → how many rows name a row; tables without one are left out."""
    found: dict[str, int] = {}
    for table, column in ROW_KINDS[kind].used:
        row = database.returned(
            f"SELECT count(*) AS n FROM {table} WHERE {column} = :key",  # noqa: S608 - ROW_KINDS only
            key=key,
        )
        found[table] = found.get(table, 0) + int(row["n"])
    return {table: n for table, n in found.items() if n}


def naming(database: Database, table: str, column: str, number: int | str) -> list[int]:
    """Give the numbers of the rows of a table that name a row in a column."""
    return [int(key) for key in _naming(database, table, "id", column, number)]


def naming_of(database: Database, kind: str, column: str, number: int | str) -> list[int | str]:
    """Give the keys of the rows of a kind that name a row in a column."""
    shape = ROW_KINDS[kind]
    return _naming(database, shape.table, shape.key, column, number)


def _naming(
    database: Database, table: str, key: str, column: str, number: int | str
) -> list[int | str]:
    rows = database.all(
        f"SELECT {key} AS key FROM {table} WHERE {column} = :number ORDER BY {key}",  # noqa: S608 - ROW_KINDS only
        number=number,
    )
    return [row["key"] for row in rows]


_PARTS = {
    "group": "SELECT 'member.' || login AS key FROM membership WHERE group_id = :id ORDER BY login",
    "person": "SELECT 'address.' || address AS key FROM person_address WHERE person_id = :id "
    "ORDER BY position, address",
    "release": "SELECT 'fixes.' || problem_id AS key FROM release_problem WHERE release_id = :id "
    "ORDER BY problem_id",
    "offer": "SELECT 'organisation.' || organisation_id AS key FROM offer_organisation "
    "WHERE offer_id = :id UNION ALL SELECT 'site.' || site_id FROM offer_site WHERE offer_id = :id "
    "UNION ALL SELECT 'segment.' || segment FROM offer_segment WHERE offer_id = :id "
    "UNION ALL SELECT 'version.' || first_day FROM offer_version WHERE offer_id = :id ORDER BY 1",
}


def parts(database: Database, kind: str, number: int) -> list[str]:
    """Give the keys of what hangs on a row: members, addresses, whom an offer names."""
    return [row["key"] for row in database.all(_PARTS[kind], id=number)] if kind in _PARTS else []


def tied_to(database: Database, table: str, column: str, number: int) -> list[int]:
    """Give the offers that name an organisation or a site, by the table that says so."""
    return [int(key) for key in _naming(database, table, "offer_id", column, number)]


def calls_of(database: Database, login: str) -> list[tuple[int, str]]:
    """Give (ticket, `callback.1`) of the call-backs that a technician has still to make."""
    found = database.all(
        "SELECT ticket_id, number FROM callback WHERE owner = :login AND state = 'open' "
        "ORDER BY ticket_id, number",
        login=login,
    )
    return [(int(row["ticket_id"]), f"callback.{row['number']}") for row in found]


def visits_naming(database: Database, column: str, gone: int | str) -> list[tuple[int, str]]:
    """Give (ticket, `visit.7`) of the visits that name a site or a technician."""
    found = database.all(
        f"SELECT ticket_id, id FROM visit WHERE {column} = :gone ORDER BY ticket_id, id",  # noqa: S608 - ROW_KINDS only
        gone=gone,
    )
    return [(int(row["ticket_id"]), f"visit.{row['id']}") for row in found]


def groups_with(database: Database, login: str) -> list[int]:
    """Give the groups that a technician is in."""
    found = database.all(
        "SELECT group_id FROM membership WHERE login = :login ORDER BY group_id", login=login
    )
    return [int(row["group_id"]) for row in found]


def view_names(database: Database, owner: str) -> set[str]:
    """Give the names of the views that are somebody's own."""
    found = database.all("SELECT name FROM saved_view WHERE owner = :owner", owner=owner)
    return {str(row["name"]) for row in found}


def with_field(database: Database, name: str) -> list[int]:
    """Give the tickets that have a value of a field of the desk's own."""
    found = database.all(
        "SELECT ticket_id FROM field_value WHERE name = :name ORDER BY ticket_id", name=name
    )
    return [int(row["ticket_id"]) for row in found]


def watched(database: Database, person: int) -> list[int]:
    """Give the tickets that a person hears of."""
    rows = database.all(
        "SELECT ticket_id FROM watcher WHERE person_id = :id ORDER BY ticket_id", id=person
    )
    return [int(row["ticket_id"]) for row in rows]


def told_of(database: Database, person: int) -> list[tuple[str, int]]:
    """Give the problems, releases, announcements, solutions and offers a person was told of."""
    rows = database.all(
        "SELECT 'problem' AS kind, problem_id AS id FROM problem_told WHERE person_id = :id "
        "UNION ALL SELECT 'release', release_id FROM release_told WHERE person_id = :id "
        "UNION SELECT kind, subject_id FROM news_told WHERE person_id = :id AND kind <> 'person' "
        "AND (kind <> 'offer' OR subject_id IN (SELECT id FROM offer)) "
        "ORDER BY 1, 2",
        id=person,
    )
    return [(row["kind"], int(row["id"])) for row in rows]


def wordings(database: Database, kind: str, number: int, person: int) -> list[str]:
    """Give which words of something a person was told."""
    found = database.all(
        "SELECT wording FROM news_told WHERE kind = :kind AND subject_id = :number "
        "AND person_id = :person ORDER BY wording",
        kind=kind,
        number=number,
        person=person,
    )
    return [row["wording"] for row in found]


def open_below(database: Database, path: str) -> int:
    """Give how many open tickets are in a category, or in what lies below it."""
    numbers = [number for number, _ in paths_below(database, path)]
    row = database.returned(
        "SELECT count(*) AS n FROM ticket WHERE is_open AND category_id IN :ids", ids=numbers
    )
    return int(row["n"])
