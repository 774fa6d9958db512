"""What figures count: kept courses, what customers report, and what queries narrow."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from deskterm.domain.stopping import check
from deskterm.reports.customers import Report
from deskterm.reports.mistakes import Wrong, reasons
from deskterm.reports.steps import Stood
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.phrases import CALLED, NOT_UNDONE, OF_TICKET
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.measures import Which
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import Query

_WINDOW, _SEARCHED = 4_000, 40_000
"""Rows that are read together; more where a query is asked anew each time."""


class Wanted(NamedTuple):
    """Which closed tickets are counted: by a condition over `t`, and since when."""

    condition: str
    params: Mapping[str, object]
    since: datetime


def wanted(database: Database, query: Query, asked: Asked, since: datetime) -> Wanted:
    """Give which tickets are counted; raises QueryError."""
    if query.where is None:
        return Wanted("", {}, since)
    where = compile_query(database, query, asked)
    return Wanted(where.condition, where.params, since)


def steps(database: Database, which: Wanted) -> Iterator[Sequence[Stood]]:
    """Give how the steps of the counted tickets stood, in the order of their first closing."""
    for rows in _windows(database, which, "k.steps, k.seconds, k.reasons"):
        seconds = json.loads(f"[{','.join(row['seconds'] for row in rows)}]")
        yield [
            Stood(row["ticket_id"], row["steps"], each, _object(row["reasons"]))
            for row, each in zip(rows, seconds, strict=True)
        ]


def mistakes(database: Database, which: Wanted, *, whys: bool) -> Iterator[Sequence[Wrong]]:
    """Give which steps of the counted tickets went wrong, and where asked for why."""
    paths = {row["id"]: row["path"] for row in database.all("SELECT id, path FROM category")}
    columns = "k.category_id, k.mistakes" + (", k.whys" if whys else "")
    for rows in _windows(database, which, columns):
        yield [
            Wrong(
                row["ticket_id"],
                paths.get(row["category_id"], ""),
                row["mistakes"],
                reasons(row["mistakes"], _object(row["whys"])) if whys else {},
            )
            for row in rows
        ]


def _object(text: str) -> Mapping[str, str]:
    return json.loads(text) if text else {}


def _windows(database: Database, which: Wanted, columns: str) -> Iterator[Sequence[Row]]:
    """Walk the index of first closings from its start; what is not asked for is not joined.

    The measure of a ticket says when that was: its course does not say it again.
    """
    joined = "JOIN ticket t ON t.id = k.ticket_id" if which.condition else ""
    only = f"AND {which.condition}" if which.condition else ""
    text = (
        f"SELECT k.ticket_id, m.closed_at, {columns} FROM measure m "  # noqa: S608 - compiled, bound
        f"JOIN course k ON k.ticket_id = m.ticket_id {joined} WHERE m.closed_at >= :reached_at "
        "AND (m.closed_at, m.ticket_id) > (:reached_at, :reached) "
        f"{only} ORDER BY m.closed_at, m.ticket_id LIMIT :window"
    )
    at: object = which.since
    reached, window = -1, _SEARCHED if which.condition else _WINDOW
    while True:
        rows = database.all(text, **which.params, reached_at=at, reached=reached, window=window)
        check()
        if rows:
            yield rows
            at, reached = rows[-1]["closed_at"], rows[-1]["ticket_id"]
        if len(rows) < window:
            return


MOST = 20_000
"""The newest tickets that are read."""
_WORD = 4_000
"""Characters of a customer's words that are compared."""
_ASKED = (
    "l.event = 'waiting' AND replace(l.changes, ', ', ',') LIKE '%\"waiting_for\":%,\"customer\"]%'"
)
_OWN_WORD = "l.event IN ('verified', 'rated') AND l.actor IN ('customer', 'mail')"
_RETURNED = "l.event = 'reopened'"
_HAPPENED = (
    "COALESCE((SELECT "  # noqa: S608 - constants
    + " + ".join(
        f"{flag} * max(CASE WHEN {what} THEN 1 ELSE 0 END)"
        for flag, what in ((1, _ASKED), (2, _OWN_WORD), (4, _RETURNED))
    )
    + " FROM ledger l WHERE l.kind = 'ticket' AND l.subject_id = t.id "
    f"AND l.event IN ('waiting', 'verified', 'rated', 'reopened') AND {NOT_UNDONE}), 0)"
)
"""A flag for each, so that a ticket's entries are walked once."""
_REPORTS = (
    "SELECT t.id, t.requester_id, t.subject, substr(t.body, 1, :words) AS body, t.opened_at, "  # noqa: S608 - constants
    f"{CALLED} AS name, "
    "COALESCE(c.path, '') AS category, t.device_id, t.reproduction, t.reproduced, "
    "EXISTS (SELECT 1 FROM attachment f WHERE f.ticket_id = t.id "
    "AND f.media_type LIKE 'image/%') AS picture, "
    "EXISTS (SELECT 1 FROM solution s WHERE s.id = t.solution_id "
    "AND s.audience IN ('organisation', 'public')) AS published, "
    f"{_HAPPENED} AS happened "
    "FROM ticket t JOIN person p ON p.id = t.requester_id "
    "LEFT JOIN category c ON c.id = t.category_id "
)


def reports_since(
    database: Database, query: Query, asked: Asked, since: datetime
) -> Iterator[tuple[Report, str]]:
    """Give the reports of a query that came in since then, newest first; raises QueryError.

    Each comes with what the customer wrote, so that nobody need hold the words of all. Left out:
    merged, cancelled and imported tickets, spam, and what a monitor reported.
    """
    where = compile_query(database, query, asked)
    text = (
        f"{_REPORTS} WHERE {where.condition} AND t.opened_at >= :opened_since "
        "AND (t.opened_at, t.id) < (:reached_at, :reached) "
        "AND t.foreign_id IS NULL AND t.channel <> 'monitor' "
        "AND t.state NOT IN ('merged', 'cancelled') "
        "AND COALESCE(t.outcome, 'solved') <> 'spam' "
        "ORDER BY t.opened_at DESC, t.id DESC LIMIT :window"
    )
    at: object = datetime.max.replace(tzinfo=UTC)
    reached, window = 0, _WINDOW if query.where is None else _SEARCHED
    for left in range(MOST, 0, -window):
        rows = database.all(
            text,
            **where.params,
            opened_since=since,
            words=_WORD,
            reached_at=at,
            reached=reached,
            window=min(left, window),
        )
        check()
        yield from map(_report, rows)
        if len(rows) < window:
            return
        at, reached = rows[-1]["opened_at"], rows[-1]["id"]


def _report(row: Row) -> tuple[Report, str]:
    tried, happened = row["reproduced"], row["happened"]
    report = Report(
        row["id"],
        row["requester_id"],
        row["name"],
        row["category"],
        row["subject"],
        moment(row["opened_at"]),
        device=row["device_id"] is not None,
        steps=bool(row["reproduction"].strip()),
        picture=bool(row["picture"]),
        reproduced=None if tried is None else bool(tried),
        asked_back=bool(happened & 1),
        published=bool(row["published"]),
        own_word=bool(happened & 2),
        returned=bool(happened & 4),
    )
    return report, row["body"]


def narrowed(database: Database, query: Query, asked: Asked, which: Which) -> Which:
    """Give the same tickets, as far as a query finds them; raises QueryError."""
    if query.where is None:
        return which
    where = compile_query(database, query, asked)
    return which._replace(condition=where.condition, params=where.params)


def of_client(which: Which, client: int) -> Which:
    """Give the same tickets, as far as they belong to an organisation."""
    condition = f"{OF_TICKET} = :of_client"
    if which.condition:
        condition = f"{which.condition} AND {condition}"
    return which._replace(condition=condition, params={**which.params, "of_client": client})


def standing(database: Database, query: Query, asked: Asked) -> tuple[int, Which]:
    """Give how many tickets a query finds now, and how they are found again; raises QueryError."""
    where = compile_query(database, query, asked)
    row = database.returned(
        f"SELECT count(*) AS n FROM ticket t WHERE {where.condition}",  # noqa: S608 - compiled, bound
        **where.params,
    )
    return int(row["n"]), Which(asked.now, asked.now, where.condition, where.params)


def found(database: Database, which: Which) -> list[int]:
    """Give the tickets that a query finds now, the newest first."""
    rows = database.all(
        f"SELECT t.id FROM ticket t WHERE {which.condition} ORDER BY t.id DESC",  # noqa: S608 - compiled, bound
        **which.params,
    )
    return [row["id"] for row in rows]
