"""Benchmarks, run by hand: `uv run python -m bench [NAME] [--tickets N] [--db URL] [--repeat N]`.

Without a name it prints the whole table: commands, the board under a terminal, bytes, growth. NAME
is start, terminal, size, growth, search, pages, bulk, imports, release, announcement, outreach or
figures. Databases are made once under the folder for temporary files and used again; --db names
another, which is written into, as is the desk on a server that --server names: `start` measures it
beside the other. --postgresql runs it on a new server of the bench's own. Growth takes the sizes
that are there; --grow makes those that are missing.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from bench import announcements, bulk, commands, figures, queries, releases, table
from bench.load import fill
from bench.mail_in import _postgres
from deskterm.storage.store import Store

NAMES: Mapping[str, Callable[[str, int], None]] = {
    "terminal": table.on_terminal,
    "size": table.size,
    "pages": queries.pages,
    "search": queries.search,
    "bulk": bulk.bulk,
    "imports": bulk.imports,
    "release": releases.ship,
    "announcement": announcements.announce,
    "outreach": announcements.outreach,
    "figures": figures.screens,
}


FOLDER = Path(tempfile.gettempdir(), "deskterm-bench")


def database(tickets: int) -> str:
    """Give the URL of a database with so many tickets, made where it is missing."""
    folder = FOLDER
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
    parser.add_argument("name", nargs="?", choices=["start", "growth", *NAMES])
    parser.add_argument("--grow", action="store_true", help="make the databases that are missing")
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
    chosen = [given.name] if given.name else ["start", "terminal", "size", "growth"]
    for name in chosen:
        if name == "start":
            commands.start(url, given.repeat, given.server)
        elif name == "growth":
            there = [n for n in table.SIZES if given.grow or (FOLDER / f"{n}.sqlite").exists()]
            table.growth({tickets: database(tickets) for tickets in there}, given.repeat)
        else:
            NAMES[name](url, given.repeat)


if __name__ == "__main__":
    main()
