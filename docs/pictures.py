"""Draws the README's pictures with the program itself: `uv run python -m docs.pictures`.

The desk in them is the demo's, as it stood at one instant, so that the same program always draws
the same pictures; a test compares them.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.cli.main import run
from deskterm.demo.load import load
from deskterm.domain import clock
from deskterm.screens.board.screen import BoardScreen
from tests.screens.conftest import StillApp, settled, until

HERE = Path(__file__).parent
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
SIZE = (120, 34)
TICKETS = 900
SCENES: Mapping[str, tuple[str, ...]] = {
    "board": ("j", "j", "j"),
    "ticket": ("escape", "enter"),
    "guide": ("w", *"vpn", "enter", "1"),
    "insight": ("escape", "escape", "f12"),
}
"""Picture → the keys that lead there from the one before."""
_DRAWN_ANEW = re.compile(r"@font-face \{.*?\}|terminal-\d+", re.DOTALL)
"""What a picture needs not, and what has another number each time."""


@contextmanager
def still() -> Iterator[None]:
    """Let time stand at one instant, here as in Greenwich."""
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    with patch.object(clock, "now", lambda: AT):
        yield
    os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
    time.tzset()


async def pictures(desk: Desk) -> dict[str, str]:
    """Give each picture as SVG, of a desk on which nothing has happened yet."""
    with still():
        load(desk.store, desk.me, AT, tickets=TICKETS, seed=1)
        desk.figures.catch_up(600)
        chosen = settings.load({"db": desk.store.url, "theme": "dark"}, as_login=desk.me)
        app = StillApp(lambda: open_desk(chosen), chosen)
        found = {}
        async with app.run_test(size=SIZE) as pilot:
            await until(pilot, lambda: app.is_open, "open")
            for name, keys in SCENES.items():
                await _press(pilot, keys)
                if isinstance(top := app.screen, BoardScreen):  # what fits comes when it rests
                    await until(pilot, lambda: top.preview.number in top.preview.proposed, name)
                    await settled(pilot)
                found[name] = _drawn(app.export_screenshot(title="deskterm"))
        app.close_desk()
    return found


async def _press(pilot: Pilot[None], keys: tuple[str, ...]) -> None:
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    for area in pilot.app.screen.query(TextArea):
        area.show_cursor = False
    await settled(pilot)


def _drawn(svg: str) -> str:
    return _DRAWN_ANEW.sub(lambda found: "terminal" if found[0][0] == "t" else "", svg)


def main() -> None:
    """Fill a throw-away demo desk and write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.sqlite"
        run(["--db", url, "db", "init"])
        desk = open_desk(settings.load({"db": url}, as_login="cy"))
        for name, svg in asyncio.run(pictures(desk)).items():
            (HERE / f"{name}.svg").write_text(svg, encoding="utf-8")
            sys.stderr.write(f"{name}.svg\n")
        desk.close()


if __name__ == "__main__":
    main()
