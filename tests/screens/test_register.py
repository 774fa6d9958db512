"""The review board on screen: an action from a figure, a decision taken, all undone by keys."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.domain.verbs import Change
from deskterm.screens.records.form import RecordForm
from deskterm.screens.register.screen import RegisterScreen
from tests.builders import open_ticket
from tests.screens.conftest import lines, running, settled, until


async def opened(pilot: Pilot[None]) -> None:
    """Go to the screen of the review board."""
    await settled(pilot)
    await pilot.press("right_parenthesis")
    await until(pilot, lambda: isinstance(pilot.app.screen, RegisterScreen), "the screen")
    await settled(pilot)


async def test_a_figure_on_screen_becomes_an_action(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.records.add("service", "Office network", {})
    desk.tickets.do([open_ticket(desk)], Change(service="Office network"))
    async with running(desk, (80, 24)) as pilot:
        await pilot.press("f12", "2")
        await settled(pilot)
        await pilot.press("b")
        await until(pilot, lambda: "Office network" in lines(pilot), "in parts")
        await settled(pilot)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, RecordForm), "the form")
        await settled(pilot)
        said = {one.id: one.value for one in pilot.app.screen.query(Input)}
        assert (said["field-figure"], said["field-filter"]) == (
            "logged",
            'service:"Office network"',
        )
        assert (said["field-from"], said["field-until"]) == ("today", "29d")
        await pilot.press(*"Phones", "tab", "tab", "tab", "tab", *"<9", "ctrl+s")
        await until(pilot, lambda: desk.records.list("improvement"), "made")
        await settled(pilot)
        await opened(pilot)
        await until(pilot, lambda: "too early" in lines(pilot), "listed")
        await pilot.press("x")
        await settled(pilot)
        await pilot.press(*"No money", "enter")
        await until(pilot, lambda: "given up" in lines(pilot), "given up")
        await settled(pilot)
        await pilot.press("u")
        await until(pilot, lambda: "too early" in lines(pilot), "it goes on")


async def test_a_decision_is_taken_and_the_pack_written_by_a_key(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    desk = sqlite_desk
    desk.records.add("decision", "[@click=app.quit]A printer", {"words": "\x1b[2J"})
    async with running(desk, (120, 40)) as pilot:
        await opened(pilot)
        await pilot.press("2")
        await until(pilot, lambda: "A printer" in lines(pilot), "asked")
        await settled(pilot)
        await pilot.press("t")
        await settled(pilot)
        await pilot.press(*"Yes", "enter")
        await until(pilot, lambda: desk.figures.register.decisions()[0].answer == "Yes", "taken")
        await settled(pilot)
        file = tmp_path / "pack.md"
        await pilot.press("E")
        await settled(pilot)
        pilot.app.screen.query_one(Input).value = f"this-month {file}"
        await pilot.press("enter")
        await until(pilot, file.exists, "written")
        await settled(pilot)
        assert "Yes" in file.read_text()
        await pilot.press("D", "enter")
        await until(pilot, lambda: not desk.figures.register.decisions(), "removed")
