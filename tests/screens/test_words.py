"""The words of letters on screen: looked at in each language, edited, taken back."""

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Static, TextArea

from deskterm.bootstrap import Desk
from deskterm.screens.dialogs.ask import AskDialog, PickDialog
from deskterm.screens.wording.screen import WordingScreen
from deskterm.screens.wording.verbs import EditWords
from deskterm.widgets.line_list import LineList
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until


def here(pilot: Pilot[None]) -> WordingScreen:
    screen = pilot.app.screen
    assert isinstance(screen, WordingScreen)
    return screen


def letter(pilot: Pilot[None]) -> str:
    return str(here(pilot).query_one("#page Static", Static).content)


def head(pilot: Pilot[None]) -> str:
    return str(here(pilot).query_one("#head", Static).content)


async def test_each_letter_is_seen_as_it_would_look_in_each_language(sqlite_desk: Desk) -> None:
    open_ticket(sqlite_desk, "Printer [b]offline")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("f7")
        await settled(pilot)
        assert "Thank you for telling us" in letter(pilot)
        assert "Thank you" not in head(pilot)
        await pilot.press("l")
        await until(pilot, lambda: "Danke für Ihre Nachricht" in letter(pilot))
        await pilot.press("v")
        assert "{{ number }}" in letter(pilot)
        await pilot.press("v")
        assert "<!DOCTYPE html>" in letter(pilot)
        await pilot.press("v", "t", "#", "1", "enter")
        await until(pilot, lambda: "Printer [b]offline" in letter(pilot))
        assert "about #1" in head(pilot)
        await pilot.press("t", "9", "9", "enter")
        await until(pilot, lambda: "there is no ticket #99" in heard(pilot))


async def test_words_are_tried_before_they_are_kept_and_can_be_taken_back(
    sqlite_desk: Desk,
) -> None:
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("f7")
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditWords))
        pilot.app.screen.query_one(TextArea).load_text("Subject: Hi\nWe got it, {{ nobody }}.")
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert isinstance(pilot.app.screen, EditWords)
        wrong = str(pilot.app.screen.query_one(".wrong", Static).content)
        assert "letter opened line 2: 'nobody' is undefined" in wrong
        pilot.app.screen.query_one(TextArea).load_text("Subject: Hi\nWe got it.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "We got it." in letter(pilot))
        assert "your words" in head(pilot)
        first = here(pilot).query_one(LineList)._shown[0].content.plain
        assert first.startswith("✎")
        await pilot.press("x", "enter")
        await until(pilot, lambda: "Thank you for telling us" in letter(pilot))
        await pilot.press("u")
        await until(pilot, lambda: "We got it." in letter(pilot))
        assert sqlite_desk.wording.text("opened") == "Subject: Hi\nWe got it."


async def test_the_editor_of_one_s_own_writes_a_letter(
    sqlite_desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []

    def edit(_app: Any, _command: Any, text: str) -> str:
        written.append(text)
        return "Subject: Mine\nOwn words."

    monkeypatch.setattr("deskterm.screens.editing.edit_text", edit)
    monkeypatch.setenv("EDITOR", "true")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("f7")
        await settled(pilot)
        await pilot.press("E")
        await until(pilot, lambda: "Own words." in letter(pilot))
    assert written[0].startswith("Subject: [#{{ number }}]")


async def test_a_clients_own_words_are_begun_shown_and_taken_back_on_the_screen(
    sqlite_desk: Desk,
) -> None:
    """Everybody else's letters stay as they are."""
    desk = sqlite_desk
    for name in ("Clinic", "Harbour"):
        desk.records.set("organisation", name, {"client": "yes"})
    async with running(desk, (80, 24)) as pilot:
        await pilot.press("f7")
        await settled(pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(pilot.app.screen, PickDialog))
        await pilot.press(*"clin", "enter")
        await until(pilot, lambda: "to Clinic · en · the first words" in head(pilot))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, EditWords))
        pilot.app.screen.query_one(TextArea).load_text("Subject: Hi\n\nDear ward.")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Dear ward." in letter(pilot))
        await until(pilot, lambda: "to Clinic · en · its own words" in head(pilot))
        assert "Dear ward." in desk.wording.text("opened", client="Clinic")
        assert "Dear ward." not in desk.wording.text("opened")
        assert "Dear ward." not in desk.wording.text("opened", client="Harbour")
        await pilot.press("x")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskDialog))
        await pilot.press("enter")
        await until(pilot, lambda: "to Clinic · en · the first words" in head(pilot))
