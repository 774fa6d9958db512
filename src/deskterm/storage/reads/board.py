"""The board and every listing: a first page, the order of all, rows by number, a count.

The hot path of `ticket list` and of the board: the driver only, and never more rows than shown.
"""

from array import array
from collections.abc import Iterator, Sequence

from deskterm.domain.rows import BoardRow
from deskterm.storage.driver import Database, Row, moment, moment_or_none, psycopg_text
from deskterm.storage.phrases import CALLED
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.first import first
from deskterm.storage.reads.where import compile_query
from deskterm.triage.query import Query

CAP = 10_000
"""Counts stop here; more is shown as `10000+`."""

_BATCH = 10_000
_WINDOW = 500

_ROWS = f"""
SELECT t.id, t.version, t.state, t.urgent, t.subject, t.assignee, t.channel, t.opened_at,
  t.updated_at, t.waiting_for, t.waiting_until, t.needs, t.due_at, t.response_due, t.picked_at,
  t.impact, t.approval, t.closed_at,
  (SELECT count(*) FROM question q WHERE q.ticket_id = t.id) > 0 AS asks,
  (SELECT count(*) FROM ledger f WHERE f.kind = 'ticket' AND f.subject_id = t.id
    AND f.actor = 'mail' AND f.event = 'received' AND NOT EXISTS (SELECT 1 FROM ledger l
    WHERE l.kind = 'ticket' AND l.subject_id = t.id AND l.id > f.id
    AND l.actor NOT IN ('mail', 'desk'))) > 0 AS filed,
  g.name AS group_name,
  c.path AS category,
  {CALLED} AS requester
FROM ticket t
LEFT JOIN person p ON p.id = t.requester_id
LEFT JOIN desk_group g ON g.id = t.group_id
LEFT JOIN category c ON c.id = t.category_id
WHERE t.id IN ({{numbers}})
"""  # noqa: S608 - constants
"""Counted, for the server plans each EXISTS in two ways, under row security four (sight.py)."""


def page(database: Database, query: Query, asked: Asked, limit: int = 50) -> list[BoardRow]:
    """Give the first rows of a query, in its order; raises QueryError."""
    return rows(database, [row["id"] for row in first(database, query, asked, limit)])


def heads(
    database: Database, query: Query, asked: Asked, limit: int, others: Sequence[int] = ()
) -> tuple[list[int], dict[int, int]]:
    """Give the first tickets of a query in its order, and the version of these and of `others`.

    Raises QueryError.
    """
    found = first(database, query, asked, limit)
    versions = {row["id"]: row["version"] for row in found}
    if lacking := [number for number in others if number not in versions]:
        rest = database.all("SELECT id, version FROM ticket WHERE id IN :ids", ids=lacking)
        versions |= {row["id"]: row["version"] for row in rest}
    return [row["id"] for row in found], versions


def count(database: Database, query: Query, asked: Asked, cap: int = CAP) -> int:
    """Give how many tickets a query finds, counting no further than the cap; raises QueryError."""
    text, params = counting(database, query, asked, cap)
    return int(database.returned(text, **params)["n"])


def counting(
    database: Database, query: Query, asked: Asked, cap: int
) -> tuple[str, dict[str, object]]:
    """Give the statement that counts, so that several go in one trip; raises QueryError."""
    where = compile_query(database, query, asked)
    return (
        "SELECT count(*) AS n FROM (SELECT 1 FROM ticket t "  # noqa: S608 - compiled, bound
        f"WHERE {where.condition} LIMIT :count_cap) AS found",
        {**where.params, "count_cap": cap},
    )


def numbers(
    database: Database, query: Query, asked: Asked, limit: int | None = None
) -> "array[int]":
    """Give the numbers of all tickets of a query, in its order: the board's id snapshot.

    Eight bytes a ticket, fetched in batches, so that a million stay small. Raises QueryError.
    """
    where = compile_query(database, query, asked)
    sql = (
        f"SELECT t.id FROM ticket t WHERE {where.condition} "  # noqa: S608 - compiled, bound
        f"ORDER BY {where.order}"
    )
    params = dict(where.params)
    if limit is not None:
        sql, params = sql + " LIMIT :page_limit", params | {"page_limit": limit}
    found = array("q")
    for batch in _batches(database, sql, params):
        found.extend(number for (number,) in batch)
    return found


def _batches(database: Database, sql: str, params: dict[str, object]) -> Iterator[list[tuple[int]]]:
    """Give the rows of a long result piece by piece, from one state of the database."""
    bound = database._bind(params)
    if database.dialect == "sqlite":
        with database.translating_errors():
            cursor = database.connection.execute(sql, bound)
            while batch := cursor.fetchmany(_BATCH):
                yield batch
        return
    with (
        database.snapshot(),
        database.translating_errors(),
        database.connection.cursor(name="numbers") as cursor,
    ):
        cursor.execute(psycopg_text(sql).encode(), bound)
        while batch := cursor.fetchmany(_BATCH):
            yield batch


def rows(database: Database, wanted: Sequence[int]) -> list[BoardRow]:
    """Give the rows of these tickets, in this order; numbers nobody has are left out."""
    found: dict[int, BoardRow] = {}
    for start in range(0, len(wanted), _WINDOW):
        window = wanted[start : start + _WINDOW]
        names = [f"i{place}" for place in range(len(window))]
        sql = _ROWS.format(numbers=", ".join(f":{name}" for name in names))
        for row in database.all(sql, **dict(zip(names, window, strict=True))):
            found[row["id"]] = _row(row)
    return [found[number] for number in wanted if number in found]


def _row(row: Row) -> BoardRow:
    return BoardRow(
        id=row["id"],
        version=row["version"],
        state=row["state"],
        urgent=bool(row["urgent"]),
        subject=row["subject"],
        requester=row["requester"],
        assignee=row["assignee"],
        group=row["group_name"],
        category=row["category"],
        channel=row["channel"],
        opened_at=moment(row["opened_at"]),
        updated_at=moment(row["updated_at"]),
        waiting_for=row["waiting_for"],
        waiting_until=moment_or_none(row["waiting_until"]),
        needs=row["needs"],
        due_at=moment_or_none(row["due_at"]),
        response_due=moment_or_none(row["response_due"]),
        picked_at=moment_or_none(row["picked_at"]),
        impact=row["impact"],
        approval=row["approval"],
        closed_at=moment_or_none(row["closed_at"]),
        asks=bool(row["asks"]),
        filed=bool(row["filed"]),
    )
