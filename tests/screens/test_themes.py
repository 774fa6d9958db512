"""Colours: what a setting and a terminal lead to; state is never colour alone."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.vocabulary import State
from deskterm.screens.themes import following, theme_name
from deskterm.widgets.ticket_columns import STATE_SIGNS
from tests.builders import open_ticket
from tests.screens.conftest import running
from tests.screens.test_board import board


@pytest.mark.parametrize(
    ("setting", "environ", "theme"),
    [
        ("auto", {"TERM": "xterm-256color"}, "desk-dark"),
        ("auto", {"TERM": "xterm", "COLORTERM": "truecolor"}, "desk-dark"),
        ("auto", {"TERM": "xterm"}, "ansi-dark"),
        ("light", {"TERM": "xterm"}, "desk-light"),
        ("16 colours", {"TERM": "xterm-256color"}, "ansi-dark"),
        ("dark", {"TERM": "xterm-256color", "NO_COLOR": "1"}, "ansi-dark"),
        ("no such theme", {}, "ansi-dark"),
    ],
)
def test_colours_follow_the_setting_and_the_terminal(
    setting: str, environ: dict[str, str], theme: str
) -> None:
    assert theme_name(setting, environ) == theme


def test_f9_goes_round() -> None:
    theme = "desk-dark"
    seen = []
    for _ in range(3):
        theme = following(theme)
        seen.append(theme)
    assert seen == ["desk-light", "ansi-dark", "desk-dark"]


async def test_a_state_has_a_sign_and_a_word_and_a_cursor_is_more_than_colour(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    open_ticket(sqlite_desk, urgent=True)
    async with running(sqlite_desk) as pilot:
        strip = board(pilot).table.render_line(1)
        assert strip.text.startswith("  ! #1 ")
        assert f"{STATE_SIGNS[State.NEW]} new" in strip.text
        assert sum(one.cell_length for one in strip if one.style and one.style.reverse) > 70
        await pilot.press("f9")
        assert pilot.app.theme == "ansi-dark"
