"""Any window size while a dialog is open: the program lives, and shows itself again."""

from collections.abc import Mapping

import pytest
from rich.style import Style
from textual import events
from textual.geometry import Size

from deskterm.bootstrap import Desk
from deskterm.widgets.talk_lines import TalkLines
from deskterm.widgets.talk_view import TalkView
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until

SIZES = ((40, 20), (6, 3), (5, 2), (3, 1), (2, 1), (1, 1), (300, 100), (1, 100), (300, 1), (80, 24))


@pytest.mark.parametrize("key", ["ctrl+p", "question_mark", "m", "x", "e", "n", "w", "enter"])
async def test_a_dialog_lives_through_any_window_size(sqlite_desk: Desk, key: str) -> None:
    open_ticket(sqlite_desk, "Printer offline", body="It says offline. " * 9)
    async with running(sqlite_desk) as pilot:
        await pilot.press(key)
        await settled(pilot)
        for size in SIZES:
            await pilot.resize_terminal(*size)
            small = size[0] < 60 or size[1] < 15

            def fits(small: bool = small) -> bool:
                parts = pilot.app.screen.children
                return any(one.display for one in parts if one.id != "too-small") != small

            await until(pilot, fits, f"the dialog in {size}")
        assert pilot.app.is_running


@pytest.mark.parametrize("key", ["w", "n", "ctrl+p"])
async def test_a_dialog_that_opens_in_no_room_lives(sqlite_desk: Desk, key: str) -> None:
    open_ticket(sqlite_desk, "Printer offline", body="It says offline. " * 9)
    async with running(sqlite_desk) as pilot:
        pilot.app.post_message(events.Key(key, None))  # nobody waits for the dialog
        for size in SIZES:
            await pilot.resize_terminal(*size)
        await settled(pilot)
        assert len(pilot.app.screen_stack) > 1
        shown = pilot.app.screen.query("#box")
        assert all(one.region for one in shown)


async def test_a_key_that_comes_while_it_leaves_acts_on_nothing(sqlite_desk: Desk) -> None:
    async with running(sqlite_desk) as pilot:
        app = pilot.app
    key = events.Key("j", "j")
    key._set_forwarded()
    await app.on_event(key)
    assert not app.screen_stack


async def test_a_talk_is_laid_out_for_the_last_size_and_for_none_too_small(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket(sqlite_desk, "Printer offline", body="It says offline. " * 9)
    widths: list[int] = []
    lay_out = TalkLines.lay_out

    def noted(lines: TalkLines, width: int, styles: Mapping[str, Style]) -> None:
        widths.append(width)
        lay_out(lines, width, styles)

    monkeypatch.setattr(TalkLines, "lay_out", noted)
    async with running(sqlite_desk) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        for size in ((50, 12), (200, 60)):
            await pilot.resize_terminal(*size)
        await settled(pilot)
        assert widths[-1] == pilot.app.screen.query_one(TalkView).size.width > 120
        assert min(filter(None, widths)) >= 60


@pytest.mark.parametrize("keys", [(), ("e",)])
async def test_two_sizes_at_once_end_with_the_one_that_is(
    sqlite_desk: Desk, keys: tuple[str, ...]
) -> None:
    open_ticket(sqlite_desk, "Printer offline")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press(*keys)
        await settled(pilot)
        screen, heights = pilot.app.screen, []
        watched = screen._refresh_layout

        def noted(size: Size | None = None, scroll: bool = False) -> None:
            heights.append(size.height if size else 0)
            assert len(heights) < 100, "it goes on for ever"
            watched(size, scroll)

        screen._refresh_layout = noted  # type: ignore[method-assign]
        for height in (25, 24, 25, 24):
            screen.post_message(events.Resize(Size(80, height), Size(80, height)))
        await settled(pilot)
        assert screen.size.height == pilot.app.size.height == 24
