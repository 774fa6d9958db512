"""The whole table: commands, the board's first rows, its keys, F-keys, bytes and growth.

What is measured under a terminal runs in a process of its own. A goal that is missed is printed as
missed. Growth is that of the databases of this bench that are there already (`database` makes one
of any size): what stays flat is 1.0 times the smallest.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import islice

from bench.measure import call
from deskterm.domain.clock import now
from deskterm.storage.driver import Database, connect
from deskterm.storage.reads import board, finder, ranking, ticket
from deskterm.storage.reads.asked import Asked
from deskterm.storage.store import Store
from deskterm.triage.query import parse

SIZES = (3_000, 30_000, 300_000, 1_000_000)
USED = 5
"""Ledger entries a ticket from which a desk counts as used."""
BYTES = 5_000
"""At most so many bytes a ticket of a used desk."""
SHOWN = 24
TERMINAL = ("bench.board_start", "bench.board_keys", "bench.keys")


def on_terminal(url: str, repeat: int) -> None:
    """The board's first rows beside a hello-world, then its keys with their bytes, then F-keys."""
    for module, more in zip(TERMINAL, ([str(repeat)], [], []), strict=True):
        print(f"\n{module}", flush=True)
        subprocess.run([sys.executable, "-m", module, url, *more], check=False)


def size(url: str, repeat: int) -> None:
    """Bytes a ticket, by table and index: what SQLite's `dbstat`, what PostgreSQL says of it."""
    del repeat
    database = connect(url)
    try:
        many, entries = _count(database, "ticket"), _count(database, "ledger")
        parts = _parts(database)
    finally:
        database.close()
    whole = sum(parts.values()) / many
    used = entries >= USED * many
    missed = "  missed" if used and whole > BYTES else ""
    goal = f"{BYTES:>10}{missed}" if used else "  (hardly used: no goal)"
    print(f"\nbytes a ticket, {many} tickets with {entries / many:.1f} entries each")
    print(f"{'all':<44}{whole:10.0f}{goal}")
    for name, held in islice(sorted(parts.items(), key=lambda one: -one[1]), SHOWN):
        print(f"  {name:<42}{held / many:10.0f}")


def _count(database: Database, table: str) -> int:
    row = database.one(f"SELECT count(*) AS many FROM {table}")
    assert row is not None
    return int(row["many"])


def _parts(database: Database) -> Mapping[str, int]:
    if database.dialect == "sqlite":
        sql = "SELECT name, sum(pgsize) AS held FROM dbstat GROUP BY name"
    else:
        sql = (
            "SELECT c.relname AS name, pg_relation_size(c.oid) AS held FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind IN ('r', 'i', 't') AND n.nspname NOT IN ('pg_catalog', "
            "'information_schema')"
        )
    return {row["name"]: int(row["held"]) for row in database.all(sql)}


def growth(urls: Mapping[int, str], repeat: int) -> None:
    """What reads cost at each size, processor time in milliseconds; and the last by the first."""
    columns = {many: _reads(url, repeat) for many, url in urls.items()}
    print("\ngrowth, inside one process" + "".join(f"{many:>12,}" for many in columns) + "   times")
    for name in next(iter(columns.values()), {}):
        times = [column[name] for column in columns.values()]
        line = "".join(f"{one:12.2f}" for one in times)
        print(f"{name:<26}{line}{times[-1] / max(times[0], 0.01):8.1f}")


def _reads(url: str, repeat: int) -> Mapping[str, float]:
    store = Store(url)
    with store.reading() as database:
        asked, query = Asked("cy", now()), parse("is:open")
        word = parse("is:open printer")
        reads: Sequence[tuple[str, Callable[[], object]]] = (
            ("triage page", partial(board.page, database, query, asked, 50)),
            ("count, capped", partial(board.count, database, query, asked)),
            ("all numbers of open ones", partial(board.numbers, database, query, asked)),
            ("page by a common word", partial(board.page, database, word, asked, 50)),
            ("ticket show", lambda: ticket.show(database, 500)),
            ("search, two words", partial(ranking.ranked_tickets, database, "printer vpn ", 20)),
            ("palette: prin*", partial(finder.find, database, "prin", 10)),
        )
        took = {name: call(read, repeat, time.process_time).median for name, read in reads}
    store.close()
    return took
