"""Draws the README's picture with the program itself: `uv run python -m docs.picture`."""

import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import Any, cast

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import open_desk
from deskterm.cli.main import run

HERE = Path(__file__).parent
SIZE = (120, 34)


async def picture(url: str) -> str:
    """Give the board of a desk as an SVG text, once everything on it is read."""
    chosen = settings.load({"db": url, "theme": "dark"}, as_login="cy")
    app = DeskApp(cast("Any", lambda: open_desk(chosen)), chosen)
    async with app.run_test(size=SIZE) as pilot:
        for key in ("down", "down", "down"):
            await asyncio.sleep(1.0)
            await pilot.press(key)
        await asyncio.sleep(1.5)
        svg = app.export_screenshot(title="deskterm")
        app.desk.close()
    return re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)


def main() -> None:
    """Fill a throw-away demo desk and write `docs/board.svg`."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/demo.sqlite"
        run(["--db", url, "demo", "--no-board"])
        (HERE / "board.svg").write_text(asyncio.run(picture(url)), encoding="utf-8")
    sys.stderr.write("board.svg\n")


if __name__ == "__main__":
    main()
