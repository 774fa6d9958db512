"""The screens of figures inside one process: processor time and rows read, at any size.

The tickets of `bench.load` lie evenly over 1.9 years; what figures keep of them is made up here.
`--db` is written into.
"""

import time
from collections.abc import Callable
from typing import Any

from bench.measure import Table, Took, call
from deskterm.domain import clock
from deskterm.reports.shown import Wish
from deskterm.services.figures import Figures
from deskterm.storage import day_totals
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.store import Store

_MEASURES = """
INSERT INTO measure (ticket_id, opened_at, closed_at, ended_at, counted, channel, urgent,
  category_id, group_id, requester_id, first_contact, first_contact_eligible, first_level,
  escalated, reopened, known, linked, reused, answered, satisfied)
SELECT id, opened_at, closed_at, closed_at, 1, channel, CASE WHEN urgent THEN 1 ELSE 0 END,
  category_id, group_id, requester_id, CASE WHEN is_open THEN NULL ELSE (id % 10) / 7 END,
  CASE WHEN is_open THEN NULL ELSE (id % 10) / 7 END, CASE WHEN is_open THEN NULL ELSE 1 END,
  CASE WHEN is_open THEN NULL ELSE (id % 5) / 4 END, CASE WHEN is_open THEN NULL ELSE 0 END,
  CASE WHEN is_open THEN NULL ELSE id % 2 END, CASE WHEN is_open THEN NULL ELSE id % 2 END,
  CASE WHEN is_open THEN NULL ELSE id % 2 END, CASE WHEN is_open THEN NULL ELSE (id % 3) / 2 END,
  CASE WHEN is_open OR id % 3 < 2 THEN NULL ELSE (id % 7) / 2 % 2 END
FROM ticket WHERE id NOT IN (SELECT ticket_id FROM measure)
"""
_RESULTS = """
INSERT INTO result (ticket_id, kind, number, started_at, ended_at, seconds, elapsed, target, met,
  why)
SELECT id, '{0}', 1, opened_at, opened_at, CAST(id AS BIGINT) * 7919 % 86400,
  CAST(id AS BIGINT) * 104729 % 864000, '4h',
  id % 9 > 0, '' FROM ticket WHERE NOT is_open
  AND id NOT IN (SELECT ticket_id FROM result WHERE kind = '{0}')
"""


def screens(url: str, repeat: int) -> None:
    """The tabs of figures, as they are opened, and the same for a year."""
    store = Store(url)
    _prepare(store)
    figures = Figures(store, "cy")
    last = "2025-10"
    asked: dict[str, Callable[[], Any]] = {
        "today, 30 days": lambda: figures.today("2025-10-20..2025-11-18"),
        "performance, a month": lambda: figures.performance(Wish((), last, compare="before")),
        "performance, a year": lambda: figures.performance(Wish((), "2025", compare="before")),
        "one figure by category, a month": lambda: figures.performance(
            Wish(("pickup",), last, "category", compare="before")
        ),
        "one figure by category, a year": lambda: figures.performance(
            Wish(("first-contact",), "2025", "category", compare="before")
        ),
        "satisfaction, a month": lambda: figures.voices(Wish((), last)),
        "trends, a month": lambda: figures.trends(Wish((), last)),
        "by a query, a month": lambda: figures.show(Wish(("logged",), last, query="urgent:yes")),
    }
    table = Table("figures, inside one process (processor time)", 1)
    for name, ask in asked.items():
        rows = _rows_of(ask)
        took = call(ask, max(3, repeat // 3), time.process_time)
        table.line(f"{name}, {rows:,} rows", Took(took.times), "300")
    store.close()


def _prepare(store: Store) -> None:
    with store.reading() as database, database.patiently():
        database.begin()
        database.run("DELETE FROM course_due")
        database.run("DELETE FROM result_due")
        database.run(_MEASURES)
        for kind in ("pickup", "response", "solution"):
            database.run(_RESULTS.format(kind))
        database.commit()
        began, days = time.process_time(), 0
        while more := day_totals.keep(database, desk_zone(database), clock.now()):
            days += more
        took = time.process_time() - began
        print(f"{days} days are kept: {1000 * took / max(days, 1):.1f} ms of processor time a day")


def _rows_of(ask: Callable[[], Any]) -> int:
    """Give how many rows a screen gets from the database."""
    read = Database.all
    rows = 0

    def counting(self: Database, sql: str, /, **params: object) -> Any:
        nonlocal rows
        found = read(self, sql, **params)
        rows += len(found)
        return found

    Database.all = counting  # type: ignore[method-assign]
    try:
        ask()
    finally:
        Database.all = read  # type: ignore[method-assign]
    return rows
