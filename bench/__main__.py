"""Benchmarks, run by hand: `uv run python -m bench NAME [--tickets N] [--db URL] [--repeat N]`.

NAME is start, search, pages, bulk, imports, release, announcement, outreach, figures, or all.
Databases are made once under the folder for temporary files and used again; --db names another,
which is written into, as is the desk on a server that --server names: `start` measures it beside
the other. --postgresql runs it on a new server of the bench's own.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import announcements, bulk, commands, figures, queries, releases
from bench.load import fill
from bench.mail_in import _postgres
from deskterm.storage.store import Store

NAMES: Mapping[str, Callable[[str, int], None]] = {
    "pages": queries.pages,
    "search": queries.search,
    "bulk": bulk.bulk,
    "imports": bulk.imports,
    "release": releases.ship,
    "announcement": announcements.announce,
    "outreach": announcements.outreach,
    "figures": figures.screens,
}


def database(tickets: int) -> str:
    """Give the URL of a database with so many tickets, made where it is missing."""
    folder = Path(tempfile.gettempdir(), "deskterm-bench")
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / f"{tickets}.sqlite"
    if not file.exists():
        start = time.perf_counter()
        part = folder / f"{tickets}.part"
        part.unlink(missing_ok=True)
        store = Store(f"sqlite:///{part}", new=True)
        fill(store, tickets)
        store.close()
        part.rename(file)
        print(f"{tickets} tickets were written in {time.perf_counter() - start:.0f} s")
    return f"sqlite:///{file}"


def main() -> None:
    """Run the named benchmarks and print their tables."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", choices=["start", *NAMES, "all"])
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--db", help="a database of your own")
    parser.add_argument("--server", help="an initialised desk on PostgreSQL, measured beside it")
    parser.add_argument("--repeat", type=int, default=11)
    parser.add_argument("--postgresql", action="store_true", help="on a server of the bench's own")
    given = parser.parse_args()
    if given.postgresql:
        with _postgres() as url:
            store = Store(url)
            fill(store, given.tickets)
            store.close()
            _run(given, url)
    else:
        _run(given, given.db or database(given.tickets))


def _run(given: argparse.Namespace, url: str) -> None:
    print(f"{url.rpartition('/')[2]}, medians of {given.repeat}")
    if given.name in ("start", "all"):
        commands.start(url, given.repeat, given.server)
    for name in NAMES if given.name == "all" else {given.name} - {"start"}:
        NAMES[name](url, given.repeat)


if __name__ == "__main__":
    main()
