"""Only what differs goes over the line, and the terminal shows what the screen is."""

from typing import Any, cast

import pytest
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.app import App
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.geometry import Region
from textual.strip import Strip

from deskterm.bootstrap import Desk
from deskterm.screens import drawn
from deskterm.screens.drawn import Drawn
from deskterm.screens.themes import DIALOGS
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.written import Line, Terminal

STYLED = 41
"""So often something is styled before the first drawing, parts of widgets counted."""
ODD = ("Ünïcode ●◔ – …", "表示 wide 漢字 in it", "a⚠b ☎ ‼ ✉", "e\u0301 marks z\u0335")


def _shows(app: Any, terminal: Terminal) -> bool:
    """Tell whether the terminal shows what a whole new drawing would, and all there is to write."""
    terminal.feed("".join(app._driver.texts))
    app._driver.texts.clear()
    whole = Terminal(*app.size)
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        assert isinstance(strip, Strip)
        whole.feed(f"\x1b[{y + 1};1H{strip.render(app.console)}")
    return list(map(_seen, terminal.cells)) == list(map(_seen, whole.cells))


def _seen(line: list[Any]) -> list[Any]:
    """Leave away what cannot be seen: in which colour a blank would be written."""
    return [
        (sign, [one for one in sorted(look) if sign != " " or one[0] == "ground"])
        for sign, look in line
    ]


@pytest.mark.parametrize("theme", ["dark", "16 colours"])
async def test_the_terminal_shows_what_the_screen_is_after_every_key(
    sqlite_desk: Desk, theme: str
) -> None:
    for subject in (*ODD, *(f"Printer {number}" for number in range(40))):
        open_ticket(sqlite_desk, subject, body=f"{subject}\n\nIt does not print.")
    async with running(sqlite_desk, driver=Line, theme=theme) as pilot:
        terminal = Terminal(*pilot.app.size)
        for key in (
            *("j", "pagedown", "space", "question_mark", "escape", "p", "2"),
            *("enter", "escape", "slash", "w"),
        ):
            await pilot.press(key)
            await settled(pilot)
            await until(pilot, lambda: _shows(pilot.app, terminal), f"drawn after {key}")


def test_a_strip_whose_cells_nobody_can_tell_apart_is_written_whole_each_time() -> None:
    memory = Drawn(App())
    strip = Strip([Segment("a 👩‍👩‍👧 family"), Segment(" ❤️")])
    whole: Any = LayoutUpdate
    drawing = whole([[strip]], Region(0, 0, 40, 1))
    told = [memory.write(drawing) for _ in range(2)]
    assert told[0] == told[1] == f"\x1b[1;1H{strip.text}"


async def test_the_board_is_drawn_first_with_its_tickets_on_it_and_styled_once(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn, "SOON", 60)
    applied: list[str] = []
    apply = Stylesheet.apply

    def counted(sheet: Stylesheet, node: DOMNode, **given: Any) -> None:
        applied.append(type(node).__name__)
        apply(sheet, node, **given)

    at_first: list[tuple[int, list[str], bool]] = []
    draw = drawn.Sparing.draw

    def drawing(app: Any) -> None:
        dialogs = app.stylesheet.has_source(str(DIALOGS))
        at_first.append((len(app.screen.query("*")), list(applied), dialogs))
        draw(app)

    monkeypatch.setattr(Stylesheet, "apply", counted)
    monkeypatch.setattr(drawn.Sparing, "draw", drawing)
    open_ticket(sqlite_desk, "Printer offline")
    async with running(sqlite_desk, driver=Line) as pilot:
        written: list[str] = cast("Line", pilot.app._driver).texts
        first = next(text for text in written if "Filter" in text)
        assert "Printer offline" in first
        once = ("StatusLine", "KeyBar", "BoardTabs", "Input", "TicketPreview")
        assert [applied.count(part) for part in once] == [1] * len(once)
        widgets, styled, dialogs = at_first[0]
        assert widgets <= 15
        assert len(styled) <= STYLED
        assert not dialogs
        await until(pilot, lambda: pilot.app.stylesheet.has_source(str(DIALOGS)), "behind it")


async def test_f5_and_a_new_size_write_every_cell_again(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk)
    async with running(sqlite_desk, driver=Line) as pilot:
        line: Any = pilot.app._driver
        for size in (pilot.app.size, (100, 30)):
            line.texts.clear()
            await (pilot.press("f5") if size == pilot.app.size else pilot.resize_terminal(*size))
            await settled(pilot)
            terminal = Terminal(*pilot.app.size)
            for cells in terminal.cells:
                cells[:] = [("?", cell[1]) for cell in cells]
            await until(pilot, lambda: _shows(pilot.app, terminal), "all is drawn")  # noqa: B023


async def test_what_stands_there_already_is_not_written(sqlite_desk: Desk) -> None:
    for number in range(60):
        open_ticket(sqlite_desk, f"Printer {number} offline")
    async with running(sqlite_desk, driver=Line) as pilot:
        line: Any = pilot.app._driver

        async def bytes_of(key: str) -> int:
            before = line.bytes
            await pilot.press(key)
            await settled(pilot)
            return int(line.bytes - before)

        await bytes_of("j")
        assert await bytes_of("j") <= 3_000
        assert await bytes_of("question_mark") <= 16_000
        assert await bytes_of("escape") <= 16_000
        pilot.app.screen.refresh()
        before = line.bytes
        await settled(pilot)
        assert line.bytes - before <= 20
