"""What the web face reads of a ticket and of whoever looks at it: `public` in every question."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain import choices
from deskterm.domain.records import FieldRow
from deskterm.domain.web_rows import Look, OwnFacts, OwnForm, OwnTicket, PageFile, Visitor
from deskterm.storage.driver import Database, moment
from deskterm.storage.phrases import FIRST_ADDRESS, NOT_UNDONE, OF_TICKET
from deskterm.storage.reads import clients, records

_MOST = 500
"""Entries of one ticket's talk, and tickets of one person, that a page shows."""


class Entry(NamedTuple):
    """A public ledger entry of a ticket's page."""

    id: int
    at: datetime
    event: str
    text: str
    who: str
    ours: bool
    data: Mapping[str, object]
    files: tuple[PageFile, ...]


def visitor(database: Database, person: int) -> tuple[Visitor, int] | None:
    """Give who a person is, and their round of links; None for nobody, or who is no more."""
    row = database.one(
        f"SELECT p.id, p.name, p.link_round, p.organisation_id, {FIRST_ADDRESS} AS address, "  # noqa: S608 - constants
        "coalesce(nullif(p.language, ''), o.language, '') AS language FROM person p "
        "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = :id AND p.active",
        id=person,
    )
    if row is None:
        return None
    found = Visitor(
        *(row["id"], row["name"], row["address"] or "", row["language"]),
        row["organisation_id"] or 0,
    )
    return found, int(row["link_round"])


def looks(database: Database) -> dict[int, Look]:
    """Give organisation → how its people's pages look, where it differs from the desk's."""
    rows = database.all(
        "SELECT id, desk_name, mission, style FROM organisation "
        "WHERE desk_name <> '' OR mission <> '' OR style <> ''"
    )
    return {row["id"]: Look(row["desk_name"], row["mission"], row["style"]) for row in rows}


def own_facts(database: Database, person: int) -> OwnFacts:
    """Give what is filled in by itself for somebody who is known; never notes about them."""
    row = database.one(
        "SELECT p.department, p.location, s.name AS site, o.name AS organisation FROM person p "
        "LEFT JOIN organisation o ON o.id = p.organisation_id "
        "LEFT JOIN site s ON s.id = p.site_id WHERE p.id = :id",
        id=person,
    )
    if row is None:
        return OwnFacts()
    devices = database.all(
        "SELECT id, kind, model, os FROM device WHERE person_id = :id ORDER BY name LIMIT 20",
        id=person,
    )
    named = ((one["id"], " ".join(filter(None, (one["model"], one["kind"])))) for one in devices)
    return OwnFacts(
        row["department"],
        row["location"],
        row["site"] or "",
        row["organisation"] or "",
        tuple((number, words) for number, words in named if words),
    )


def own_form(database: Database, person: int) -> OwnForm:
    """Give what the form asks somebody of the desk's own fields; 0: whoever is not known."""
    found = [
        one
        for one in records.fields(database, [clients.of_person(database, person or None)])
        if one.web in (choices.ASKED, choices.NEEDED)
    ]
    kinds = (choices.CATEGORY, choices.SERVICE)
    return (
        OwnForm(found, *(_depended(database, kind, found) for kind in kinds))
        if found
        else OwnForm()
    )


def _depended(database: Database, kind: str, fields: Sequence[FieldRow]) -> tuple[str, ...]:
    """Give the categories or services in use on which one of the fields depends."""
    named = {
        name.casefold()
        for field in fields
        for what, name in (*choices.needed_by(field.required_for), *choices.wanted(field.choices))
        if what == kind
    }
    rows = database.all(_IN_USE[kind]) if named else ()
    return tuple(row["name"] for row in rows if row["name"].casefold() in named)


_IN_USE = {
    choices.CATEGORY: "SELECT path AS name FROM category WHERE active ORDER BY path",
    choices.SERVICE: "SELECT name FROM service ORDER BY name",
}


def seen_fields(database: Database, ticket: int) -> tuple[tuple[FieldRow, str], ...]:
    """Give the fields of the desk's own that a ticket's people may see, with their values."""
    rows = database.all(
        f"SELECT v.value, {records.FIELD} JOIN field_value v ON v.name = d.name "  # noqa: S608 - constants
        "WHERE v.ticket_id = :id AND d.web <> :no AND (d.organisation_id IS NULL OR "
        f"d.organisation_id = (SELECT {OF_TICKET} FROM ticket t WHERE t.id = :id)) "
        "ORDER BY d.position, d.name",
        id=ticket,
        no=choices.NO_WEB,
    )
    return tuple((records.field_row(row), row["value"]) for row in rows)


def roles(database: Database, ticket: int, person: int) -> tuple[str, ...]:
    """Give what somebody is on a ticket: requester, watcher, approver; the first says most."""
    row = database.one(
        "SELECT t.requester_id, t.approver_id, EXISTS (SELECT 1 FROM watcher w "
        "WHERE w.ticket_id = t.id AND w.person_id = :person) AS watches "
        "FROM ticket t WHERE t.id = :id",
        id=ticket,
        person=person,
    )
    if row is None:
        return ()
    found = (
        ("requester", row["requester_id"] == person),
        ("watcher", bool(row["watches"])),
        ("approver", row["approver_id"] == person),
    )
    return tuple(name for name, is_one in found if is_one)


_ENTRY = (
    "SELECT l.id, l.at, l.event, l.text, l.data, l.actor, p.name AS person, "
    "t.name AS tech FROM ledger l LEFT JOIN person p ON p.id = l.person_id "
    "LEFT JOIN technician t ON t.login = l.actor WHERE l.public AND l.kind = 'ticket' AND "
)
_HERE = (
    "l.subject_id IN :tickets AND NOT EXISTS (SELECT 1 FROM entry_place e WHERE e.entry_id = l.id)"
)
_MOVED = "l.id IN (SELECT e.entry_id FROM entry_place e WHERE e.ticket_id IN :tickets)"
_TALK = (
    f"{_ENTRY}{_HERE} AND {NOT_UNDONE} UNION ALL {_ENTRY}{_MOVED} AND {NOT_UNDONE} "
    "ORDER BY 2, 1 LIMIT :most"
)


def talk(database: Database, tickets: Sequence[int]) -> list[Entry]:
    """Give the public entries of tickets that were not taken back, in order, with their files."""
    rows = database.all(_TALK, tickets=tickets, most=_MOST)
    files: dict[int, list[PageFile]] = {}
    for one in database.all(
        "SELECT id, entry_id, name, size FROM attachment WHERE entry_id IN :ids ORDER BY id",
        ids=[row["id"] for row in rows],
    ):
        files.setdefault(one["entry_id"], []).append(PageFile(one["id"], one["name"], one["size"]))
    return [
        Entry(
            row["id"],
            moment(row["at"]),
            row["event"],
            row["text"],
            str(row["person"] or row["tech"] or row["actor"]),
            row["person"] is None,
            json.loads(row["data"]),
            tuple(files.get(row["id"], ())),
        )
        for row in rows
    ]


def merged_of(database: Database, ticket: int, person: int) -> list[int]:
    """Give the tickets merged into one that the person reported: their words are theirs to read."""
    rows = database.all(
        "SELECT id FROM ticket WHERE merged_into = :id AND requester_id = :person ORDER BY id",
        id=ticket,
        person=person,
    )
    return [row["id"] for row in rows]


def split_from(database: Database, ticket: int, person: int) -> list[int]:
    """Give the tickets that were split from one and that the person reported too."""
    rows = database.all(
        "SELECT t.id, l.data FROM link k JOIN ticket t ON t.id = k.other_id JOIN ledger l "  # noqa: S608 - constants
        "ON l.kind = 'ticket' AND l.subject_id = t.id AND l.event = 'opened' "
        "WHERE k.ticket_id = :id AND k.kind = 'related' AND t.requester_id = :person "
        f"AND {NOT_UNDONE} ORDER BY t.id",
        id=ticket,
        person=person,
    )
    return [row["id"] for row in rows if json.loads(row["data"]).get("split_from") == ticket]


def own_tickets(database: Database, person: int) -> list[OwnTicket]:
    """Give somebody's tickets: those they reported or hear of, open ones first, then the newest."""
    rows = database.all(
        "SELECT id, subject, state, waiting_for, outcome, opened_at FROM ticket "
        "WHERE state <> 'merged' AND (requester_id = :person OR id IN "
        "(SELECT ticket_id FROM watcher WHERE person_id = :person)) "
        "ORDER BY is_open DESC, opened_at DESC, id DESC LIMIT :most",
        person=person,
        most=_MOST,
    )
    return [
        OwnTicket(
            row["id"],
            row["subject"],
            row["state"],
            row["waiting_for"] or "",
            row["outcome"] or "",
            moment(row["opened_at"]),
        )
        for row in rows
    ]


def where_it_stands(database: Database, ticket: int) -> tuple[datetime, str]:
    """Give (opened, for whom it waits) of a ticket."""
    row = database.returned("SELECT opened_at, waiting_for FROM ticket WHERE id = :id", id=ticket)
    return moment(row["opened_at"]), row["waiting_for"] or ""


def file_of(database: Database, number: int) -> tuple[int, str, str] | None:
    """Give (entry, name, sha256) of an attachment; whether it may be read says its entry."""
    row = database.one("SELECT entry_id, name, sha256 FROM attachment WHERE id = :id", id=number)
    return (row["entry_id"], row["name"], row["sha256"]) if row else None


def device_of(database: Database, device: int, person: int) -> str | None:
    """Give the name of a device, where it is that person's."""
    row = database.one(
        "SELECT name FROM device WHERE id = :id AND person_id = :person", id=device, person=person
    )
    return str(row["name"]) if row else None


def round_of(database: Database, person: int) -> int:
    """Give how often the links of a person were revoked."""
    row = database.one("SELECT link_round FROM person WHERE id = :id", id=person)
    return int(row["link_round"]) if row else 0


def wrote_link(database: Database, person: int, now: datetime) -> bool:
    """Tell whether somebody was written the link to their own page within the hour."""
    row = database.one(
        "SELECT 1 AS yes FROM outbox WHERE person_id = :id AND template = 'news_link' "
        "AND created_at > :since LIMIT 1",
        id=person,
        since=now - timedelta(hours=1),
    )
    return row is not None


class Same(NamedTuple):
    """What a report that comes once more has in common with the first."""

    address: str
    body: str
    urgent: bool
    since: datetime


def opened_with(database: Database, same: Same, fields: Mapping[str, str]) -> int | None:
    """Give the open ticket that somebody opened by the web with just these words and fields."""
    rows = database.all(
        "SELECT id FROM ticket WHERE requester_id = (SELECT person_id FROM person_address "
        "WHERE address = :address) AND opened_at > :since AND channel = 'web' AND is_open "
        "AND urgent = :urgent AND body = :body ORDER BY id DESC LIMIT 5",
        **same._asdict(),
    )
    for row in rows:
        kept = database.all("SELECT name, value FROM field_value WHERE ticket_id = :id", **row)
        if fields.items() <= {one["name"]: one["value"] for one in kept}.items():
            return int(row["id"])
    return None


def wrote(database: Database, operation: str) -> bool:
    """Tell whether an operation wrote to somebody."""
    row = database.one("SELECT 1 AS yes FROM outbox WHERE operation_id = :id", id=operation)
    return row is not None


def was_told(database: Database, ticket: int) -> bool:
    """Tell whether a ticket's opening was written to somebody."""
    row = database.one(
        "SELECT 1 AS yes FROM outbox WHERE ticket_id = :id AND template = 'opened' LIMIT 1",
        id=ticket,
    )
    return row is not None
