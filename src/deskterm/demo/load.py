"""Puts the demo into an empty desk."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from deskterm.demo import times
from deskterm.demo.problems import tell_problems
from deskterm.demo.year import TICKETS, Year
from deskterm.domain.errors import RefusedError
from deskterm.storage import bulk, demo
from deskterm.storage.driver import Database, shown_url
from deskterm.storage.store import Store
from deskterm.storage.ticket.clocks import refresh
from deskterm.storage.ticket.impact import refresh as refresh_impact

_FILLED = ("ticket", "person", "organisation", "site", "device", "solution", "service", "outbox")
_FIRST_FILLING = ("guide", "category", "desk_group", "membership", "technician")
_NUMBERED = [
    "organisation",
    "site",
    "desk_group",
    "category",
    "service",
    "person",
    "device",
    "solution",
    "saved_view",
    "guide",
    "guide_run",
]
Told = Callable[[int, int], None]
"""Called with (tickets done, tickets in all)."""


def new_file(folder: Path) -> str:
    """Give the URL of a new demo database in a folder that only its owner can enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chmod(folder, 0o700)
    return f"sqlite:///{folder / 'demo.sqlite'}"


def load(
    store: Store,
    me: str,
    now: datetime,
    *,
    tickets: int = TICKETS,
    seed: int = 1,
    told: Told | None = None,
) -> int:
    """Fill an empty desk with the demo company and give how many tickets; no letter is written.

    Raises RefusedError where the desk holds anything already.
    """
    with store.reading() as database:
        _refuse_filled(database)
    year = Year(times.seconds(now), tickets, seed, me)
    done = 0
    with store.reading() as database, bulk.without_collector():
        demo.cache_more(database)
        _begin(database)
        demo.clear(database, _FIRST_FILLING)  # the demo company has its own
        for batch in year.batches():
            if batch.table == "ticket" and done:
                database.commit()
                _begin(database)
            if batch.rows:
                bulk.insert(database, batch.table, batch.columns, batch.rows)
            if batch.table == "ticket":
                done += len(batch.rows)
                demo.count_tickets(database, done)
                if told:
                    told(done, tickets)
        _finish(database, now)
        database.commit()
    return done


def _refuse_filled(database: Database) -> None:
    table = demo.first_filled(database, _FILLED)
    if table:
        raise RefusedError(
            f"the desk {shown_url(database.url)} is not empty (there is a {table}); "
            "the demo goes into an empty one. Without --db it makes its own."
        )


def _begin(database: Database) -> None:
    """Begin a chunk; whoever may on PostgreSQL leaves out foreign keys, half of the time.

    The rows keep them: the same rows are checked one by one where SQLite takes them.
    """
    database.begin()
    demo.leave_out_keys(database)


def _finish(database: Database, now: datetime) -> None:
    demo.count_uses(database)
    tell_problems(database, now)
    refresh(database, now)
    refresh_impact(database)
    bulk.resume_numbering(database, _NUMBERED)
    demo.plan_anew(database)
