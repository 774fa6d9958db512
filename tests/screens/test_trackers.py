"""A problem and its outside tracker by keys; what waits stands among the letters."""

import json
from pathlib import Path

from textual.widgets import Static

from deskterm.bootstrap import Desk
from deskterm.screens.letters.screen import LettersScreen
from deskterm.screens.problems.screen import ProblemsScreen
from deskterm.widgets.line_list import LineList
from tests.builders import open_ticket
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_ticket import shown
from tests.trackers import Tracker


async def test_a_problem_is_opened_asked_and_taken_over_by_keys(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    desk, tracker = sqlite_desk, Tracker(sqlite_desk, tmp_path / "tracker")
    number = desk.problems.new({"title": "VPN drops"}, [open_ticket(desk)]).of("problem")[0]
    desk.jobs.hold()  # another process does the jobs
    async with running(desk, (100, 30), None, **tracker.settings) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        assert "open it in dev" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: desk.trackers.of(number), "followed")
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        await pilot.press(*"now", "enter")
        await until(pilot, lambda: tracker.issues, "opened there")
        tracker.change("1", state="closed", fixed_in="2.4.1")
        tracker.change("1", comments=[{"id": 1, "author": "dev", "text": "[b]Fixed[/b] \x1b[2J"}])
        desk.trackers.ask_now(number)
        await pilot.press("f5")
        screen = pilot.app.screen
        assert isinstance(screen, ProblemsScreen)
        page = screen.part.page.query_one(Static)
        await until(pilot, lambda: "closed, fixed in 2.4.1" in str(page.content), "told")
        assert "dev in dev 1: [b]Fixed[/b] ␛[2J" in str(page.content)
        await pilot.press("t")
        await settled(pilot)
        assert "take over: fixed: 2.4.1" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: desk.problems.show(number).fixed == "2.4.1", "taken over")
        await settled(pilot)
        assert "Taken over from dev" in heard(pilot)


async def test_what_names_people_is_asked_first_and_errands_stand_among_the_letters(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    desk, tracker = sqlite_desk, Tracker(sqlite_desk, tmp_path / "tracker")
    facts = {"title": "VPN drops", "cause": "Ada Moss unplugs it."}
    number = desk.problems.new(facts, [open_ticket(desk)]).of("problem")[0]
    desk.jobs.hold()  # another process does the jobs
    async with running(desk, (100, 30), None, **tracker.settings) as pilot:
        await pilot.press("f4")
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "cause: name Ada Moss" in shown(pilot), "asked")
        tracker.faults(json.dumps({"error": "no [b]rights[/]", "again": False}))
        await pilot.press("enter")
        await until(pilot, lambda: desk.trackers.of(number), "followed")
        desk.trackers.run()
        await settled(pilot)
        await pilot.press("escape", "M")
        await settled(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, LettersScreen)
        await until(pilot, lambda: screen.told.errands.failed, "read")
        first = screen.query_one(LineList)._shown[0].content.plain
        assert first.startswith("✗ failed")
        assert f"P{number}" in first
        assert "VPN drops · open" in first
        about = str(screen.query_one("#about", Static).content)
        assert "no [b]rights[/]" in about
        await pilot.press("enter")
        await until(pilot, lambda: '"do": "open"' in shown(pilot), "the line is shown")
        await pilot.press("escape", "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, ProblemsScreen), "the problem")
        await settled(pilot)
        await pilot.press("escape", "r")
        await until(pilot, lambda: not screen.told.errands.failed, "again")
        desk.trackers.run()
        assert tracker.did == ["open", "open"]
