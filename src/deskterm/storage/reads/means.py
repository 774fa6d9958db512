"""Canned texts and their kin, remote sessions too, as they are read for whoever uses them."""

import json

from deskterm.domain.means import MacroRow, TemplateRow, TextRow, VerbRow
from deskterm.domain.remote import RemoteRow
from deskterm.storage.driver import Database, Row, as_row


def texts(database: Database) -> list[TextRow]:
    """Give the canned texts that are in use, by name."""
    rows = database.all(
        "SELECT c.id, c.name, c.short, c.words, c.language, c.uses, "
        "coalesce(o.name, '') AS organisation FROM canned_text c "
        "LEFT JOIN organisation o ON o.id = c.organisation_id WHERE c.active AND c.words <> '' "
        "ORDER BY c.name, c.id"
    )
    return [as_row(TextRow, row) for row in rows]


def text_uses(database: Database, number: int) -> int:
    """Give how often a canned text was sent."""
    row = database.returned("SELECT uses FROM canned_text WHERE id = :id", id=number)
    return int(row["uses"])


def count_text(database: Database, number: int) -> None:
    """Count that a canned text was used; ranks them, and is in nobody's way."""
    database.run("UPDATE canned_text SET uses = uses + 1 WHERE id = :id", id=number)


def macros(database: Database) -> list[MacroRow]:
    """Give the macros that are in use, by name."""
    rows = database.all(
        "SELECT id, name, about, steps, hotkey AS key FROM macro WHERE active "
        "ORDER BY lower(name), id"
    )
    return [as_row(MacroRow, row, steps=tuple(json.loads(row["steps"]))) for row in rows]


def own_verbs(database: Database) -> list[VerbRow]:
    """Give the desk's own verbs that are in use, by name."""
    rows = database.all(
        "SELECT id, name, about, run, gives, seconds, hotkey AS key FROM own_verb "
        "WHERE active AND run <> '' ORDER BY lower(name), id"
    )
    return [as_row(VerbRow, row) for row in rows]


_TEMPLATE = (
    "SELECT m.id, m.name, m.subject, m.body, m.problem, m.urgent, m.fields, "
    "coalesce(c.path, '') AS category, coalesce(s.name, '') AS service, "
    "coalesce(g.name, '') AS group_name, coalesce(l.name, '') AS checklist "
    "FROM ticket_template m LEFT JOIN category c ON c.id = m.category_id "
    "LEFT JOIN service s ON s.id = m.service_id LEFT JOIN desk_group g ON g.id = m.group_id "
    "LEFT JOIN checklist l ON l.id = m.checklist_id"
)


def templates(database: Database) -> list[TemplateRow]:
    """Give the ticket templates that are in use, by name."""
    rows = database.all(f"{_TEMPLATE} WHERE m.active ORDER BY lower(m.name), m.id")
    return [_template(row) for row in rows]


def template(database: Database, number: int) -> TemplateRow | None:
    """Give one template, in use or not; None where it is gone."""
    row = database.one(f"{_TEMPLATE} WHERE m.id = :id", id=number)
    return _template(row) if row else None


def _template(row: Row) -> TemplateRow:
    fields = {name: str(value) for name, value in json.loads(row["fields"]).items()}
    return as_row(TemplateRow, row, group=row["group_name"], fields=fields)


def technician_name(database: Database, login: str) -> str:
    """Give the name of a technician; empty where none is known."""
    row = database.one("SELECT name FROM technician WHERE login = :login", login=login)
    return str(row["name"]) if row else ""


def commands(database: Database) -> list[RemoteRow]:
    """Give those that are offered, by name."""
    rows = database.all(
        "SELECT id, name, run, kind, os FROM remote WHERE active AND run <> '' ORDER BY name, id"
    )
    return [as_row(RemoteRow, row) for row in rows]
