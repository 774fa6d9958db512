"""Releases on screen: made, looked at, shipped after a look at who is told, answered, withdrawn."""

from textual.pilot import Pilot
from textual.widgets import Static

from deskterm.bootstrap import Desk
from deskterm.screens.releases.verbs import ShipDialog
from tests.builders import open_ticket
from tests.screens.conftest import heard, lines, running, settled, until
from tests.services.test_releases import answers


async def made(pilot: Pilot[None], desk: Desk, version: str = "2.4") -> None:
    """Make a version of Router, which fixes P1, and take the draft of its words."""
    await pilot.press("R")
    await settled(pilot)
    await pilot.press("n")
    await settled(pilot)
    await pilot.press(*"Router", "space", *version, "tab", *"P1", "ctrl+s")
    await until(pilot, lambda: "planned" in lines(pilot), "listed")
    await settled(pilot)
    await pilot.press("g")
    await pilot.press("s")
    await settled(pilot)
    await pilot.press("enter")
    await until(pilot, lambda: desk.releases.list()[0].words, "the draft is taken")
    await settled(pilot)


async def shipped(pilot: Pilot[None], desk: Desk) -> str:
    """Ship the release in hand; gives what was asked first."""
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, ShipDialog), "asked first")
    await settled(pilot)
    question = str(pilot.app.screen.query_one("#question", Static).content)
    await pilot.press("enter")
    await until(pilot, lambda: desk.releases.list()[0].state == "shipped", "shipped")
    await settled(pilot)
    return question


async def test_a_release_is_made_shipped_answered_and_withdrawn_by_keys(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    ada = open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    open_ticket(desk, "No VPN", requester="Bo Lind <bo@example.org>")
    desk.problems.new({"title": "VPN timer", "state": "open"}, [1, 2])
    async with running(desk, (80, 24)) as pilot:
        await made(pilot, desk)
        question = await shipped(pilot, desk)
        assert "2 people are told, 2 open tickets are solved" in question
        assert "Ada Moss: reported #1" in question
        assert "Shipped 2 tickets · 2 letters · u undoes" in heard(pilot)
        answers(desk, "ada@example.org", "No")
        await pilot.press("f5", "enter")
        await until(pilot, lambda: "still broken" in lines(pilot), "its page")
        await pilot.press("2")
        await until(
            pilot, lambda: lines(pilot) and "Bo Lind" not in lines(pilot), "only who is not helped"
        )
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen.query("#talk"), "her ticket")
        assert desk.tickets.show(ada).state == "open"
        await settled(pilot)
        await pilot.press("q", "x")
        await settled(pilot)
        await pilot.press(*"Worse", "enter")
        await until(pilot, lambda: desk.releases.list()[0].state == "withdrawn", "withdrawn")
        await settled(pilot)
