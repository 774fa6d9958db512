"""Keys of the board on a database: cursor down, page down, filter key, first rows, memory.

    python bench/board_keys.py sqlite:////path/desk.sqlite

Times are from the key to the drawn screen, medians, in milliseconds; headless at 120×40.
"""

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import open_desk


async def _until(pilot: Any, true: Callable[[], object]) -> None:
    while not true():
        await asyncio.sleep(0.001)
    await pilot.pause(0)


async def _keys(pilot: Any, key: str, many: int) -> list[float]:
    """Time each press until the next drawing of the screen is done."""
    times = []
    app = pilot.app
    drawn = asyncio.Event()
    app.post_display_hook = drawn.set
    for _ in range(many):
        await asyncio.sleep(0.3)
        drawn.clear()
        start = time.perf_counter()
        app.simulate_key(key)
        await drawn.wait()
        times.append((time.perf_counter() - start) * 1000)
    return times


async def main(url: str) -> None:
    chosen = settings.load({"db": url, "theme": "dark"}, as_login="cy")
    start = time.perf_counter()
    app = DeskApp(lambda: open_desk(chosen), chosen)
    async with app.run_test(size=(120, 40)) as pilot:
        table = app.screen.query_one("TicketTable")
        await _until(pilot, lambda: len(table._rows))
        print(f"first rows      {(time.perf_counter() - start) * 1000:8.1f} ms after the app began")
        await _until(pilot, lambda: not app.screen._reading)
        print(
            f"all numbers     {(time.perf_counter() - start) * 1000:8.1f} ms, {len(table.ids)} tickets"
        )
        await asyncio.sleep(1)
        for name, key, many in (("cursor down", "j", 40), ("page down", "pagedown", 40)):
            times = await _keys(pilot, key, many)
            print(f"{name:<15} {statistics.median(times):8.1f} ms median, {max(times):.1f} worst")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory          {peak:8.1f} MiB")


asyncio.run(main(sys.argv[1]))
