"""Tickets as they came in now and at the same hours of the last weeks, for bursts."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.phrases import OF_TICKET
from deskterm.storage.reads.clients import clients
from deskterm.storage.ticket.impact import LIVE_SQL
from deskterm.triage.bursts import WINDOWS, Arrival, Key, spans
from deskterm.triage.likeness import words

_MOST = 20_000
"""Tickets that are looked at, the newest first."""


def arrivals(database: Database, now: datetime) -> list[Arrival]:
    """Give the tickets of the hours that `triage.bursts` looks at.

    `+` keeps the database from walking all tickets by their number: few came in those hours.
    """
    parts: list[str] = []
    params: dict[str, object] = {}
    for place, (first, last) in enumerate(spans(now, max(WINDOWS))):
        parts.append(f"(t.opened_at > :a{place} AND t.opened_at <= :b{place})")
        params |= {f"a{place}": first, f"b{place}": last}
    known = clients(database)
    whose = OF_TICKET if known.walls else "NULL"
    rows = database.all(
        f"SELECT t.id, t.opened_at, t.requester_id, t.is_open, {whose} AS whose, "  # noqa: S608 - placeholders only
        "substr(t.subject, 1, 200) AS subject, c.path AS category, "
        "EXISTS (SELECT 1 FROM problem_ticket x JOIN problem p "
        f"ON p.id = x.problem_id WHERE x.ticket_id = t.id AND p.state IN ({LIVE_SQL})) AS known "
        "FROM ticket t LEFT JOIN category c ON c.id = t.category_id "
        f"WHERE t.state <> 'merged' AND ({' OR '.join(parts)}) ORDER BY +t.id DESC LIMIT :most",
        **params,
        most=_MOST,
    )
    return [_arrival(row, known.whose(row["whose"])) for row in rows]


def _arrival(row: Row, client: int | None) -> Arrival:
    keys: set[Key] = {("word", stem) for stem, _ in words(row["subject"]) if not stem.isdigit()}
    if row["category"]:
        keys.add(("category", row["category"]))
    counts = bool(row["is_open"]) and not row["known"]
    return Arrival(
        row["id"], moment(row["opened_at"]), frozenset(keys), row["requester_id"], counts, client
    )


def subjects(database: Database, numbers: Sequence[int]) -> list[str]:
    """Give the subjects of tickets."""
    rows = database.all(
        "SELECT subject FROM ticket WHERE id IN :ids ORDER BY id",
        ids=numbers,
    )
    return [row["subject"] for row in rows]
