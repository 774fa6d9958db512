"""Colours: what a setting and a terminal lead to; state is never colour alone."""

import pytest
from textual.widgets import OptionList

from deskterm.bootstrap import Desk
from deskterm.domain.vocabulary import State
from deskterm.screens.themes import following, theme_name
from deskterm.widgets.ticket_columns import STATE_SIGNS
from tests.builders import open_ticket
from tests.screens.conftest import running, until
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


@pytest.mark.parametrize("keys", [["f12"], ["f4"], ["f6"], ["s"], ["f3"], ["a"], ["ctrl+p"]])
async def test_the_line_under_the_cursor_is_seen_without_colours(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch, keys: list[str]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    number = open_ticket(sqlite_desk, urgent=True, take=True)
    sqlite_desk.problems.new({"title": "Gateway"}, [number])
    sqlite_desk.solutions.new({"title": "Cable", "resolution": "Plug it in."})
    async with running(sqlite_desk) as pilot:
        await pilot.press(*keys)

        def underlined() -> list[int]:
            lists = pilot.app.screen.query(OptionList)
            return [
                sum(one.cell_length for one in strip if one.style and one.style.underline)
                for listed in lists
                if listed.highlighted is not None and listed.size.height
                for strip in map(listed.render_line, range(listed.size.height))
            ]

        await until(pilot, lambda: any(cells > 20 for cells in underlined()), "a cursor")


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
