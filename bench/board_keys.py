"""The open board: keys, bytes over the line, a change by another, idle time, beside the goals.

    python -m bench.board_keys sqlite:////path/desk.sqlite

At 120×40 on a terminal that keeps what is written. CPU is processor time of the whole process, in
milliseconds a key, medians; the filter key runs on the wall until its tickets are shown. The desk
gets some notes, for the changes by another. A goal that is missed is printed as missed.
"""

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple, cast

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.verbs import Note
from tests.screens.written import Line

KEYS = (
    # name, key, key back, rest in seconds, goal in CPU, goal in bytes
    ("cursor down, quickly", "j", "", 0.05, 8.0, 3_000),
    ("to the top", "g", "", 1.0, 0.0, 0),
    ("cursor down with preview", "j", "", 1.0, 50.0, 3_000),
    ("to the top again", "g", "", 1.0, 0.0, 0),
    ("page down", "pagedown", "", 1.0, 0.0, 0),
    ("ticket opened", "enter", "escape", 1.5, 150.0, 25_000),
    ("help opened", "question_mark", "escape", 1.0, 0.0, 0),
    ("view changed", "2", "1", 1.0, 0.0, 0),
)
FILTER = "urgent:yes printer"


class Cost(NamedTuple):
    """What something cost: milliseconds of processor time, bytes to the terminal."""

    cpu: float
    bytes: int


async def _until(true: Callable[[], object]) -> None:
    while not true():
        await asyncio.sleep(0.001)


def _show(name: str, number: float, unit: str, goal: float = 0) -> None:
    said = f"{goal:10.0f}{'  missed' if number > goal else ''}" if goal else ""
    print(f"{name:<40}{number:10.1f} {unit:<4}{said}".rstrip(), file=sys.__stdout__, flush=True)


async def _cost(app: Any, do: Callable[[], object], rest: float) -> Cost:
    written, began = app._driver.bytes, time.process_time()
    do()
    await asyncio.sleep(rest)
    return Cost((time.process_time() - began) * 1000, app._driver.bytes - written)


def _median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


async def _keys(app: Any) -> None:
    for name, key, back, rest, cpu, sent in KEYS:
        costs, backs = [], []
        for _ in range(30 if rest < 1 else 1 if key in "gG" else 8):
            costs.append(await _cost(app, lambda: app.simulate_key(key), rest))  # noqa: B023
            if back:
                backs.append(await _cost(app, lambda: app.simulate_key(back), rest))  # noqa: B023
        cost = _median(costs)
        _show(name, cost.cpu, "ms", cpu)
        _show("", cost.bytes, "B", sent)
        if back:
            _show("  and back", _median(backs).bytes, "B")


async def _filter(app: Any, goal: float) -> None:
    reader = app.screen.tickets.reader
    app.simulate_key("slash")
    await asyncio.sleep(0.5)
    times = []
    for sign in FILTER:
        asked, reads, began = reader.query, reader.reads, time.perf_counter()
        app.simulate_key({":": "colon", " ": "space"}.get(sign, sign))
        await asyncio.sleep(0.05)
        if reader.query != asked or reader.reads != reads:
            await _until(lambda: not reader.busy or _whole(app.screen.table))
            times.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.5)
    _show("filter key to its tickets, median", statistics.median(times), "ms", goal)
    _show("filter key to its tickets, worst", max(times), "ms")
    for _ in range(2):
        app.simulate_key("escape")
        await asyncio.sleep(1)


def _whole(table: Any) -> bool:
    return all(table.rows.get(table.ids[place]) for place in table.places)


async def _changes(app: Any, other: Desk) -> None:
    numbers = list(app.screen.table.ids[2:10])
    for name, rest in (("change by another", 6.0), ("change by another, one a second", 1.0)):
        costs = []
        for number in numbers:
            other.tickets.do([number], Note("Another word."))
            costs.append(await _cost(app, lambda: None, rest))
        _show(name, _median(costs).cpu, "ms", 50)
        _show("", _median(costs).bytes, "B", 10_000)


async def main(url: str) -> None:
    chosen = settings.load({"db": url, "theme": "dark"}, as_login="cy")
    app: Any = DeskApp(cast("Any", lambda: open_desk(chosen)), chosen)
    app.driver_class = Line
    other = open_desk(chosen)
    async with app.run_test(headless=False, size=(120, 40)):
        await _until(lambda: app.screen.query("TicketTable") and len(app.screen.table.rows))
        await _until(lambda: not app.screen.tickets.reader.busy)
        tickets = len(app.screen.table.ids)
        await asyncio.sleep(8)
        _show("tickets shown", tickets, "")
        idle = await _cost(app, lambda: None, 10)
        _show("idle, of a core", idle.cpu / 100, "%", 1)
        await _keys(app)
        await _filter(app, 150 if other.board.count("", 200_000) >= 200_000 else 80)
        await _changes(app, other)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _show("memory, with the bench's own desk", peak, "MiB")
    other.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
