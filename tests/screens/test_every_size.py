"""Every screen in four sizes and three sets of colours: framed, within the window, readable."""

import re
from itertools import product

import pytest
from rich.color_triplet import ColorTriplet
from rich.segment import Segment

from deskterm.app import DeskApp
from deskterm.bootstrap import Desk
from deskterm.screens import themes
from deskterm.widgets.key_bar import KeyBar
from deskterm.widgets.status_line import StatusLine
from tests.screens.conftest import settled, until
from tests.screens.test_board_looks import _frozen, app_on, keys
from tests.screens.test_every_screen_looks import WAYS, lived_desk

__all__ = ["_frozen", "lived_desk"]
SIZES = ((60, 15), (80, 24), (120, 40), (200, 60))
THEMES = ("dark", "light", "16 colours")
READABLE = 2.5
"""Contrast of ink and ground that muted words have at least; what is said has more."""
_WORDS = re.compile(r"\w")


@pytest.mark.parametrize("door", sorted(WAYS))
async def test_a_screen_is_whole_in_every_size_and_colour(lived_desk: Desk, door: str) -> None:
    app = app_on(lived_desk, "dark")
    async with app.run_test(size=SIZES[0]) as pilot:
        await keys(*WAYS[door])(pilot)
        for theme, size in product(THEMES, SIZES):
            app.theme = themes.theme_name(theme, {})
            app.ansi_color = True if app.theme in themes.SIXTEEN else None
            await pilot.resize_terminal(*size)
            await settled(pilot)
            await until(pilot, lambda: len(_lines(app)) == size[1], "drawn")  # noqa: B023
            _frame(app, size)
            _inside(app)
            assert not _unreadable(app), (theme, size)


def _frame(app: DeskApp, size: tuple[int, int]) -> None:
    """Head on top, keys below, `?` (or F1) first."""
    lines = _lines(app)
    assert len(lines) == size[1]
    head, foot = app.screen.query_one(StatusLine).region, app.screen.query_one(KeyBar).region
    assert (head.y, foot.bottom) == (0, size[1])
    assert lines[-1].split()[0] in ("?", "F1")


def _inside(app: DeskApp) -> None:
    """Nothing that is shown reaches out of the window."""
    window = app.screen.region
    for one in app.screen.query("*"):
        if one.display and one.region and one.parent is app.screen:
            assert window.contains_region(one.region), one


def _unreadable(app: DeskApp) -> list[str]:
    """Give the words whose ink is too much like what is behind them."""
    strips = app.screen._compositor.render_strips()
    return [
        f"{segment.text!r} {_contrast(segment):.1f}"
        for strip in strips
        for segment in strip
        if _WORDS.search(segment.text) and _contrast(segment) < READABLE
    ]


def _contrast(segment: Segment) -> float:
    """Give how ink stands out from the ground, 1 to 21; the terminal's own two always do."""
    style = segment.style
    ink, ground = (style.color, style.bgcolor) if style else (None, None)
    if ink is None or ground is None or ink.is_default or ground.is_default:
        return READABLE
    if ink.triplet is None or ground.triplet is None:
        return READABLE if ink != ground else 1.0
    dark, bright = sorted((_light(ink.triplet), _light(ground.triplet)))
    return (bright + 0.05) / (dark + 0.05)


def _light(shade: ColorTriplet) -> float:
    """Give the relative luminance as WCAG 2 has it, from 0 to 1."""
    parts = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
             for one in shade.normalized)  # fmt: skip
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _lines(app: DeskApp) -> list[str]:
    return ["".join(one.text for one in strip) for strip in app.screen._compositor.render_strips()]
