"""The board on a large database: first rows, keys, memory, beside a Textual hello-world.

    python bench/board_keys.py sqlite:////path/desk.sqlite

Headless at 120×40. A key's time runs from the key to the next drawing of the screen; `with rows`
until no placeholder is left, the filter key until its tickets are shown.
"""

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any, cast

from textual.app import App
from textual.widgets import Static

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import open_desk


async def _until(true: Callable[[], object]) -> None:
    while not true():
        await asyncio.sleep(0.001)


def _show(name: str, times: list[float]) -> None:
    print(f"{name:<24} {statistics.median(times):8.1f} ms median {max(times):8.1f} worst")


async def _hello() -> float:
    """Give the milliseconds until a Textual app with one line has drawn it."""

    class Hello(App[None]):
        def compose(self) -> Any:
            yield Static("hello")

    start = time.perf_counter()
    async with Hello().run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        return (time.perf_counter() - start) * 1000


async def _keys(app: Any, key: str, many: int, done: Callable[[], object]) -> list[float]:
    times = []
    drawn = asyncio.Event()
    app.post_display_hook = drawn.set
    for _ in range(many):
        await asyncio.sleep(0.3)
        drawn.clear()
        start = time.perf_counter()
        app.simulate_key(key)
        await drawn.wait()
        await _until(done)
        times.append((time.perf_counter() - start) * 1000)
    return times


def _whole(table: Any) -> bool:
    top = round(table.scroll_y)
    return all(table.rows.get(number) for number in table.ids[top : top + table.page])


async def main(url: str) -> None:
    print(f"{'hello-world':<24} {await _hello():8.1f} ms")

    chosen = settings.load({"db": url, "theme": "dark"}, as_login="cy")
    start = time.perf_counter()
    app: Any = DeskApp(cast("Any", lambda: open_desk(chosen)), chosen)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until(lambda: app.screen.query("TicketTable"))
        table = app.screen.query_one("TicketTable")
        await _until(lambda: len(table.rows))
        print(f"{'first rows':<24} {(time.perf_counter() - start) * 1000:8.1f} ms")
        await _until(lambda: not app.screen.tickets.reader.busy)
        print(f"{'all numbers':<24} {(time.perf_counter() - start) * 1000:8.1f} ms")
        print(f"{'tickets':<24} {len(table.ids):8}")
        await asyncio.sleep(1)
        _show("cursor down", await _keys(app, "j", 30, lambda: True))
        _show("page down", await _keys(app, "pagedown", 30, lambda: True))
        _show("page down, with rows", await _keys(app, "pagedown", 20, lambda: _whole(table)))
        await pilot.press("slash")
        times = []
        for key in "urgent:yes":
            asked = app.screen.tickets.reader.query
            start = time.perf_counter()
            await pilot.press(key)
            if key in ":s":
                await _until(lambda: app.screen.tickets.reader.query != asked)  # noqa: B023
                await _until(lambda: not app.screen.tickets.reader.busy or _whole(table))
                times.append((time.perf_counter() - start) * 1000)
        print(f"{'filter key to its rows':<24} {times[-1]:8.1f} ms (30 of them wait for typing)")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{'memory':<24} {peak:8.1f} MiB")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
