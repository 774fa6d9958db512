"""Puts the demo into an empty desk: the year, then its known problems, one outage of them new."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.demo import times
from deskterm.demo.year import TICKETS, Year
from deskterm.domain.errors import RefusedError
from deskterm.storage import bulk, day_totals, demo
from deskterm.storage.driver import Database, shown_url
from deskterm.storage.solution_uses import refresh as fade_votes
from deskterm.storage.store import Store
from deskterm.storage.ticket import course
from deskterm.storage.ticket.backlog import RESULTS
from deskterm.storage.ticket.clocks import refresh
from deskterm.storage.ticket.impact import refresh as refresh_impact
from deskterm.storage.ticket.words import refresh as fold_words

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
    "checklist",
    "guide",
    "guide_run",
]
Told = Callable[[int, int], None]
"""Called with (tickets done, tickets in all)."""


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
    demo.add_up_time(database)
    fade_votes(database)
    tell_problems(database, now)
    refresh(database, now)
    fold_words(database)
    refresh_impact(database)
    course.refresh(database)
    RESULTS.add(database)
    bulk.resume_numbering(database, _NUMBERED)
    day_totals.drop_marked(database)
    demo.plan_anew(database)


class Known(NamedTuple):
    """A problem of the demo and how its tickets are recognised."""

    title: str
    state: str
    category: str
    days: int
    """So many days ago it was found; older tickets are not of it."""
    cause: str
    workaround: str
    os: str = ""
    like: str = "%"
    """Their subjects, in lower case."""


KNOWN = (
    Known(
        "ERP stands still: database storage full",
        "verified",
        "software/erp",
        130,
        "The storage of the ERP database filled up; no alarm was set.",
        "Wait; orders on paper are entered afterwards.",
        like="%erp%",
    ),
    Known(
        "Laptops lose their Wi-Fi after the driver update",
        "known_error",
        "network/wifi",
        40,
        "The driver of October powers the card down when it idles.",
        "Switch the Wi-Fi off and on; on the cable nothing is lost.",
        os="Windows 11*",
    ),
    Known(
        "Printers show offline after the server moved",
        "open",
        "printing/queue",
        40,
        "",
        "Remove the printer and add it again from the list.",
    ),
)
MOST = 60
"""Tickets tied to one of them."""


def tell_problems(database: Database, now: datetime) -> None:
    """Write the problems of the demo with the tickets that fit."""
    for known in KNOWN:
        since = now - timedelta(days=known.days)
        tickets = demo.fitting(database, known.category, known.like, since, MOST)
        if tickets:
            seed = demo.ProblemSeed(
                title=known.title,
                state=known.state,
                cause=known.cause,
                workaround=known.workaround,
                os=known.os,
                category=known.category,
            )
            demo.add_problem(database, seed, tickets, since + timedelta(days=1))
