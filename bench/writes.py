"""Writing on both databases: rates, many writers, many boards, connections, bytes a ticket.

    uv run python -m bench.writes [--count N] [--writers N] [--boards N] [--tickets N] [--url URL]

PostgreSQL is one of this bench, with every commit on the disk and a hundred connections; `--url`
names another, empty one. What misses its goal is printed as missed. Run it on a quiet machine: a
rate is as good as the machine is free; trips, failures, connections and bytes are not its mood.
"""

import argparse
import asyncio
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext, suppress
from itertools import islice
from pathlib import Path
from typing import Any, cast

from bench.begin import begin
from bench.load import fill
from bench.mail_in import _postgres
from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import How
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Close, Note
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from deskterm.storage.trips import Trips

GOALS = {
    "sqlite": {"new": 800, "close": 1_200, "inbox": 300, "longest": 2_000},
    "postgresql": {"new": 300, "close": 600, "inbox": 150, "longest": 2_000},
}
_MAIL = (
    b"From: a%d@example.org\r\nTo: help@localhost\r\nSubject: Mail %d\r\n"
    b"Message-ID: <%d@bench.example>\r\n\r\nIt hangs.\r\n"
)
_MARK = "zq-"
_LAST = f"{_MARK}last"
"""Subjects that boards are watched for."""
_Told = tuple[list[float], list[str], float]
"""What a writer tells: how long each write took in ms, what failed, how many seconds all took."""
_SETTLED = 10
"""Seconds in which boards end what they do when they are opened."""
_BOARD = 2
"""Connections of a board."""
_LOOK = 0.05
"""Seconds between two looks at a board's rows: so much later a change may be seen. Looking five
times as often took a third of a core for thirty boards."""
_TICKETS = 5_000
"""What the desk has that the boards show; no letter of it waits to be sent."""


def row(name: str, value: str, goal: str, met: bool) -> None:
    """Print one measurement with its goal, and whether it is missed."""
    print(f"  {name:<46}{value:>22}{goal:>14}{'' if met else '  missed'}", flush=True)


@contextmanager
def desk_on(url: str) -> Iterator[Desk]:
    """Open a desk in somebody's name."""
    desk = open_desk(settings.load({"db": url}, as_login="cy"))
    try:
        yield desk
    finally:
        desk.close()


def rates(url: str, count: int) -> None:
    """Open, close and file many, each as one call."""
    with desk_on(url) as desk:
        goals = GOALS[desk.store.dialect]
        numbers: list[int] = []
        asked = [
            NewTicket(f"a{n % 50}@example.org", f"Bulk {n}", "It hangs.") for n in range(count)
        ]
        desk.tickets.new_many(asked[:50])
        _rate("new, many, a second", count, goals["new"], lambda: numbers.extend(_new(desk, asked)))
        closing_ = Close("unsolved", "outage over")
        _rate(
            "close with letters, many, a second",
            count,
            goals["close"],
            lambda: desk.tickets.do(numbers, closing_),
        )
        for n in range(count // 2):
            desk.inbox.receive(_MAIL % (n % 50, n, n))
        _rate("inbox in batch, mails a second", count // 2, goals["inbox"], desk.inbox.process)


def _new(desk: Desk, asked: list[NewTicket]) -> tuple[int, ...]:
    return desk.tickets.new_many(asked).tickets


def _rate(name: str, many: int, goal: int, act: Callable[[], object]) -> None:
    trips, send = [0], Trips.send

    def counted(self: Trips, asked: object) -> object:
        trips[0] += 1
        return send(self, asked)  # type: ignore[arg-type]

    Trips.send = counted  # type: ignore[method-assign,assignment]
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        act()
    finally:
        Trips.send = send  # type: ignore[method-assign]
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    row(name, f"{many / wall:.0f}", f">= {goal}", many / wall >= goal)
    told = f", {trips[0] / many:.2f} trips each" if trips[0] else ""
    print(f"    {1000 * cpu / many:.2f} ms of this processor{told}")


def _writer(url: str, number: int, times: int, told: "multiprocessing.Queue[_Told]") -> None:
    """Open a ticket, note on it, close it: for requesters that others meet at the same time."""
    took: list[float] = []
    failed: list[str] = []
    with desk_on(url) as desk:
        for n in range(times):
            start = time.perf_counter()
            try:
                who = f"Guest <guest{n // 4}@example.org>"
                if n % 4 == 0:
                    ticket = desk.tickets.new(NewTicket(who, f"{number}: {n}", "x")).tickets[0]
                else:
                    desk.tickets.do([ticket], Note(f"note {n}"), How())
            except Exception as error:  # noqa: BLE001 - each failure is counted
                failed.append(f"{type(error).__name__}: {error}")
            took.append(1000 * (time.perf_counter() - start))
    told.put((took, failed, sum(took) / 1000))


def writers(url: str, many: int, times: int) -> None:
    """Let several processes write at once."""
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[_Told] = context.Queue()
    processes = [context.Process(target=_writer, args=(url, n, times, told)) for n in range(many)]
    for process in processes:
        process.start()
    answers = [told.get() for _ in processes]
    for process in processes:
        process.join()
    took = sorted(wait for waits, _, _ in answers for wait in waits)
    failed = [why for _, lost, _ in answers for why in lost]
    seconds = statistics.median(lasted for _, _, lasted in answers)
    name = f"{many} x {times} writers"
    row(f"{name}: failed", f"{len(failed)} of {len(took)}", "0", not failed)
    row(f"{name}: longest wait, ms", f"{took[-1]:.0f}", "<= 2000", took[-1] <= 2_000)
    p99 = took[int(0.99 * len(took))]
    print(f"    {len(took) / seconds:.0f}/s, p50 {statistics.median(took):.1f}, p99 {p99:.0f} ms")
    for one in failed[:3]:
        print(f"    {one[:150]}")


async def board(url: str) -> None:
    """Show a board without a terminal; tell when tickets that are waited for are among its rows."""
    chosen = settings.load({"db": url}, as_login="cy")
    app: Any = DeskApp(cast("Any", lambda: open_desk(chosen)), chosen)
    seen: set[str] = set()
    async with app.run_test(size=(120, 40)):
        while not app.screen.query("TicketTable"):
            await asyncio.sleep(0.05)
        table = app.screen.query_one("TicketTable")
        while not len(table.rows):
            await asyncio.sleep(0.05)
        print("ready", flush=True)
        while _LAST not in seen:
            await asyncio.sleep(_LOOK)
            rows = [table.rows.get(number) for number in islice(table.ids, 50)]
            shown = {one.subject for one in rows if one and one.subject.startswith(_MARK)}
            for subject in shown - seen:
                print(subject, time.time(), flush=True)
            seen |= shown


def boards(url: str, many: int, writers_: int = 5, changes: int = 10) -> None:
    """Open boards, change something now and then, and see when each of them shows it."""
    command = [sys.executable, "-m", "bench.writes", "--board", url]
    with desk_on(url) as desk, ExitStack() as stack:
        fill(desk.store, _TICKETS)
        processes = [
            stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            for _ in range(many)
        ]
        lines = [_line(one) for one in processes]
        row(f"{many} boards open", f"{lines.count('ready')}", str(many), lines == ["ready"] * many)
        writers = [stack.enter_context(desk_on(url)) for _ in range(writers_)]
        told, most = {}, 0
        time.sleep(_SETTLED)
        before, began, served = sum(map(_cpu, processes)), time.time(), _served(desk)
        for n in range(changes):
            subject = _LAST if n == changes - 1 else f"{_MARK}{n}"
            told[subject] = time.time()
            writers[n % writers_].tickets.new(NewTicket("z@example.org", subject, urgent=True))
            until = time.time() + 2
            while time.time() < until:
                most = max(most, _connections(desk))
                time.sleep(0.05)
        cores = (sum(map(_cpu, processes)) - before) / (time.time() - began)
        row("cores that all boards use, a change each 2 s", f"{cores:.2f}", "<= 1", cores <= 1)
        print(f"    beside {(_served(desk) - served) / changes:.0f} transactions a change")
        each = (most - writers_ - 1) / many
        row("connections a board, most", f"{each:.1f}", f"<= {_BOARD}", each <= _BOARD)
        took = sorted(
            1000 * (float(at) - told[subject])
            for one in processes
            for subject, at in (line.split() for line in one.stdout or ())
        )
        all_ = many * changes
        row("changes seen", f"{len(took)} of {all_}", "all", len(took) == all_)
        median = statistics.median(took) if took else float("inf")
        row("a change on every board, p50 ms", f"{median:.0f}", "<= 300", median <= 300)


def _cpu(process: "subprocess.Popen[str]") -> float:
    """Give the processor time of a program, in seconds; 0 once it has ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _served(desk: Desk) -> int:
    """Give how many transactions the server has ended on this desk, as it last told."""
    with desk.store.reading() as database:
        row_ = database.returned(
            "SELECT xact_commit + xact_rollback AS n FROM pg_stat_database "
            "WHERE datname = current_database()"
        )
        return int(row_["n"])


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _connections(desk: Desk) -> int:
    with desk.store.reading() as database:
        row_ = database.returned(
            "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
        )
        return int(row_["n"])


def size(url: str, tickets: int) -> None:
    """Print what a ticket of a used desk takes on the disk."""
    before = _bytes(url)
    command = [sys.executable, "-m", "deskterm", "--db", url, "demo", "--no-board"]
    subprocess.run(
        [*command, "--tickets", str(tickets)], check=True, stdout=subprocess.DEVNULL, timeout=3_000
    )
    each = (_bytes(url) - before) / tickets
    row(f"bytes a ticket, used desk of {tickets}", f"{each:.0f}", "<= 5000", each <= 5_000)


def _bytes(url: str) -> int:
    if url.startswith("sqlite:"):
        with suppress(FileNotFoundError):
            return Path(url.removeprefix("sqlite:///")).stat().st_size
        return 0
    with closing(connect(url)) as database:
        return int(database.returned("SELECT pg_database_size(current_database()) AS n")["n"])


@contextmanager
def fresh(server: str, name: str) -> Iterator[str]:
    """Give the URL of a new, empty database on a server."""
    with closing(connect(server)) as admin:
        admin.run(f"CREATE DATABASE {name}")
    path, mark, query = server.partition("?")
    url = f"{path.rpartition('/')[0]}/{name}{mark}{query}"
    with closing(connect(url)) as database:
        upgrade(database)
    try:
        yield url
    finally:
        with closing(connect(server)) as admin:
            admin.run(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.writes", description=__doc__)
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--tickets", type=int, default=3_000)
    parser.add_argument("--url", help="a PostgreSQL server of your own")
    parser.add_argument("--boards", type=int, default=0, help="on PostgreSQL; 30 need 2 GiB")
    parser.add_argument("--board", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.board:
        asyncio.run(board(given.board))
        return
    load = os.getloadavg()[0]
    print(f"load {load:.1f} on {os.cpu_count()} processors{'; NOT QUIET' if load > 1 else ''}")
    os.environ["DESKTERM_DATA"] = tempfile.mkdtemp()
    with tempfile.TemporaryDirectory() as folder:
        print("sqlite")
        for name in ("rates", "writers"):
            begin(f"sqlite:///{folder}/{name}.sqlite")
        rates(f"sqlite:///{folder}/rates.sqlite", given.count)
        writers(f"sqlite:///{folder}/writers.sqlite", given.writers, given.times)
        size(f"sqlite:///{folder}/size.sqlite", given.tickets)
    with _postgres() if given.url is None else nullcontext(given.url) as server:
        print("postgresql")
        with fresh(server, "bench_rates") as url:
            rates(url, given.count)
        if given.boards:
            with fresh(server, "bench_boards") as url:
                boards(url, given.boards)
        with fresh(server, "bench_writers") as url:
            writers(url, given.writers, given.times)
        with fresh(server, "bench_size") as url:
            size(url, given.tickets)


if __name__ == "__main__":
    main()
