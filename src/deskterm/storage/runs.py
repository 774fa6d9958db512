"""Guides and their runs in the database: plain SQL, the same text for both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from deskterm.domain.text import storable
from deskterm.storage.driver import Database, Row, as_row, moment
from deskterm.storage.phrases import NOT_UNDONE
from deskterm.storage.search import like_pattern

_SOON = timedelta(days=14)
_NEWEST = (
    "SELECT g.id, g.slug, g.version, g.title, g.actor, g.at, g.outline, g.organisation_id "
    "FROM guide g WHERE g.active "
    "AND g.version = (SELECT max(x.version) FROM guide x WHERE x.slug = g.slug AND x.active)"
)
_RUN = (
    "SELECT r.id, r.guide_id, r.ticket_id, r.owner, r.status, r.state, r.started_at, r.updated_at, "
    "r.version, r.leaf, g.slug, g.title, g.version AS guide_version "
    "FROM guide_run r JOIN guide g ON g.id = r.guide_id"
)


class GuideRow(NamedTuple):
    """One version of a guide, without its text."""

    id: int
    slug: str
    version: int
    title: str
    actor: str
    at: datetime
    outline: str | None = None
    """What the text says of itself, as it is kept; None: nobody has read it yet."""
    organisation_id: int | None = None
    """The client it was written for; None: anybody's."""


class RunRow(NamedTuple):
    """One run as stored; `state` is JSON."""

    id: int
    guide_id: int
    ticket_id: int | None
    owner: str
    status: str
    state: str
    started_at: datetime
    updated_at: datetime
    version: int
    slug: str
    title: str
    guide_version: int
    leaf: str = ""
    """The end it came to (models/knowledge.py)."""


def newest(database: Database) -> list[GuideRow]:
    """Give the newest active version of every guide, by title."""
    return [_guide(row) for row in database.all(f"{_NEWEST} ORDER BY g.title, g.slug")]


def newest_of(database: Database, slug: str) -> GuideRow | None:
    """Give the newest active version of one guide."""
    row = database.one(f"{_NEWEST} AND g.slug = :slug", slug=slug)
    return _guide(row) if row else None


def highest(database: Database, slug: str) -> int:
    """Give the highest version number ever used for a guide, 0 where there is none."""
    row = database.one("SELECT max(version) AS top FROM guide WHERE slug = :slug", slug=slug)
    return int(row["top"] or 0) if row else 0


def _guide(row: Row) -> GuideRow:
    return as_row(GuideRow, row, at=moment(row["at"]))


class VersionRow(NamedTuple):
    """One version with what the ledger says of it; `data` is a JSON object."""

    id: int
    version: int
    title: str
    actor: str
    at: datetime
    active: bool
    data: str


def all_versions(database: Database, slug: str) -> list[VersionRow]:
    """Give every version of a guide, also those taken back; the newest first."""
    rows = database.all(
        "SELECT g.id, g.version, g.title, g.actor, g.at, g.active, (SELECT l.data FROM ledger l "
        "WHERE l.kind = 'guide' AND l.subject_id = g.id ORDER BY l.id LIMIT 1) AS data "
        "FROM guide g WHERE g.slug = :slug ORDER BY g.version DESC",
        slug=slug,
    )
    return [as_row(VersionRow, row, data=row["data"] or "{}") for row in rows]


def source(database: Database, slug: str, version: int) -> str | None:
    """Give the text of one version."""
    row = database.one(
        "SELECT source FROM guide WHERE slug = :slug AND version = :version",
        slug=slug,
        version=version,
    )
    return str(row["source"]) if row else None


def add_version(database: Database, guide: GuideRow, text: str) -> int | None:
    """Keep a new version and give its id; None where somebody else just kept that number."""
    row = database.one(
        "INSERT INTO guide (slug, version, title, source, actor, at, active) "
        "VALUES (:slug, :version, :title, :source, :actor, :at, :active) "
        "ON CONFLICT DO NOTHING RETURNING id",
        slug=guide.slug,
        version=guide.version,
        title=storable(guide.title),
        source=storable(text),
        actor=guide.actor,
        at=guide.at,
        active=True,
    )
    return int(row["id"]) if row else None


def unread(database: Database) -> list[tuple[int, str]]:
    """Give id and text of the versions in use whose outline nobody has kept yet."""
    rows = database.all(
        "SELECT id, source FROM guide WHERE active AND outline IS NULL AND source <> '' ORDER BY id"
    )
    return [(row["id"], row["source"]) for row in rows]


def keep_outline(database: Database, number: int, outline: str) -> None:
    """Keep what a version says of itself beside its text."""
    database.run(
        "UPDATE guide SET outline = :outline WHERE id = :id", outline=storable(outline), id=number
    )


def start(database: Database, run: dict[str, Any]) -> int:
    """Keep a new run (guide_id, ticket_id, owner, state, at) and give its number."""
    row = database.one(
        "INSERT INTO guide_run (guide_id, ticket_id, owner, status, state, started_at, "
        "updated_at, version) VALUES (:guide_id, :ticket_id, :owner, 'running', :state, :at, :at, "
        "1) RETURNING id",
        **run,
    )
    return int(row["id"])  # type: ignore[index]  # RETURNING always gives the row


def run(database: Database, number: int) -> RunRow | None:
    """Give one run."""
    row = database.one(f"{_RUN} WHERE r.id = :id", id=number)
    return _run(row) if row else None


def open_runs(database: Database, ticket: int | None, owner: str | None) -> list[RunRow]:
    """Give the runs that are not over: of a ticket, of an owner, or all; newest first."""
    rows = database.all(
        f"{_RUN} WHERE r.status IN ('running', 'paused') "
        "AND (CAST(:ticket AS bigint) IS NULL OR r.ticket_id = :ticket) "
        "AND (CAST(:owner AS TEXT) IS NULL OR r.owner = :owner) ORDER BY r.id DESC LIMIT 200",
        ticket=ticket,
        owner=owner,
    )
    return [_run(row) for row in rows]


def ended_states(database: Database, slug: str, limit: int) -> Sequence[str]:
    """Give the states of the newest runs of a guide that came to an end."""
    rows = database.all(
        "SELECT r.state FROM guide_run r JOIN guide g ON g.id = r.guide_id WHERE g.slug = :slug "
        "AND r.status IN ('solved', 'escalated', 'problem', 'visit') "
        "ORDER BY r.id DESC LIMIT :some",
        slug=slug,
        some=limit,
    )
    return [str(row["state"]) for row in rows]


def ends_that_solve(database: Database) -> set[str]:
    """Give `guide/end` of every end at which a run solved its ticket."""
    rows = database.all(
        "SELECT DISTINCT g.slug || '/' || r.leaf AS place FROM guide_run r "
        "JOIN guide g ON g.id = r.guide_id WHERE r.status = 'solved' AND r.leaf <> ''"
    )
    return {row["place"] for row in rows}


def texts_with(database: Database, slug: str, node: str, most: int) -> list[str]:
    """Give the text of the newest versions of a guide that may have a node."""
    rows = database.all(
        "SELECT source FROM guide WHERE slug = :slug AND source LIKE :node ESCAPE '!' "
        "ORDER BY version DESC LIMIT :most",
        slug=slug,
        node=like_pattern(node),
        most=most,
    )
    return [row["source"] for row in rows]


class RanRow(NamedTuple):
    """A run with what became of its ticket."""

    run: RunRow
    reopened: bool
    """The ticket was reopened within 14 days of the run's end."""


def with_outcome(database: Database, slug: str, limit: int) -> list[RanRow]:
    """Give the newest runs of a guide on tickets, each with whether its fix lasted."""
    rows = database.all(
        f"{_RUN} WHERE g.slug = :slug AND r.ticket_id IS NOT NULL ORDER BY r.id DESC LIMIT :most",
        slug=slug,
        most=limit,
    )
    found = [_run(row) for row in rows]
    back = _reopened(database, {run.ticket_id for run in found if run.ticket_id is not None})
    return [
        RanRow(run, any(timedelta(0) <= at - run.updated_at <= _SOON for at in came))
        for run in found
        for came in [back.get(run.ticket_id or 0, ())]
    ]


def _reopened(database: Database, tickets: set[int]) -> dict[int, list[datetime]]:
    """Give when each of these tickets came back; what was undone did not happen."""
    rows = database.all(
        "SELECT l.subject_id, l.at FROM ledger l WHERE l.kind = 'ticket' "  # noqa: S608 - constants
        f"AND l.event = 'reopened' AND l.subject_id IN :tickets AND {NOT_UNDONE}",
        tickets=sorted(tickets),
    )
    found: dict[int, list[datetime]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(moment(row["at"]))
    return found


def save(database: Database, row: RunRow, state: str, at: datetime) -> bool:
    """Keep what a run has become, if it still is as it was seen; owner and status included."""
    return bool(
        database.run(
            "UPDATE guide_run SET state = :state, owner = :owner, status = :status, "
            "leaf = :leaf, updated_at = :at, version = version + 1 "
            "WHERE id = :id AND version = :seen",
            state=storable(state),
            owner=row.owner,
            status=row.status,
            leaf=row.leaf,
            at=at,
            id=row.id,
            seen=row.version,
        )
    )


def _run(row: Row) -> RunRow:
    values = {name: row[name] for name in RunRow._fields}
    values |= {name: moment(values[name]) for name in ("started_at", "updated_at")}
    return RunRow(**values)


def group_names(database: Database) -> list[str]:
    """Give the names of the desk's groups."""
    return [str(row["name"]) for row in database.all("SELECT name FROM desk_group ORDER BY name")]


def category_paths(database: Database) -> list[str]:
    """Give the paths of the desk's categories."""
    return [
        str(row["path"])
        for row in database.all("SELECT path FROM category WHERE active ORDER BY path")
    ]


def group_for(database: Database, named: str) -> str:
    """Give the group of that name, else the first one above the first level, else nothing."""
    row = database.one(
        "SELECT name FROM desk_group WHERE lower(name) = :name OR level > 1 "
        "ORDER BY CASE WHEN lower(name) = :name THEN 0 ELSE level END, id LIMIT 1",
        name=named.strip().lower(),
    )
    return str(row["name"]) if row else ""


def solution_named(database: Database, name: str) -> int | None:
    """Give the id of a solution that a guide names by number (`S12`, `12`) or by title."""
    digits = name.strip().removeprefix("S").removeprefix("s")
    row = database.one(
        "SELECT id FROM solution WHERE id = :id OR lower(title) = :title ORDER BY id LIMIT 1",
        id=int(digits) if digits.isdecimal() and len(digits) < 10 else 0,
        title=name.strip().lower(),
    )
    return int(row["id"]) if row else None


def solution_names(database: Database) -> list[str]:
    """Give every name a guide may call a solution by: its number, S and its number, its title."""
    rows = database.all("SELECT id, title FROM solution")
    return [name for row in rows for name in (f"{row['id']}", f"S{row['id']}", row["title"])]


def device_facts(database: Database, device: int) -> str:
    """Give what else is known of a device, a JSON object."""
    row = database.one("SELECT facts FROM device WHERE id = :id", id=device)
    return str(row["facts"]) if row else "{}"
