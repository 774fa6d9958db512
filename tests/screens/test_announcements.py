"""Announcements on screen: who is told is shown before anything leaves; updated, ended."""

from textual.pilot import Pilot
from textual.widgets import Static

from deskterm.bootstrap import Desk
from deskterm.screens.flows.audience import AudienceDialog
from tests.builders import open_ticket
from tests.screens.conftest import heard, lines, running, settled, until


async def asked(pilot: Pilot[None]) -> str:
    """Wait for the question before letters leave; gives what it says."""
    await until(pilot, lambda: isinstance(pilot.app.screen, AudienceDialog), "asked first")
    await settled(pilot)
    return str(pilot.app.screen.query_one("#question", Static).content)


async def test_an_announcement_is_said_updated_and_ended_by_keys(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    open_ticket(desk, "VPN drops", requester="Ada Moss <ada@example.org>")
    open_ticket(desk, "No VPN", requester="Bo Lind")
    async with running(desk, (80, 24)) as pilot:
        await pilot.press("K")
        none = pilot.app.screen.query_one("#none", Static)
        await until(pilot, lambda: "n announces" in str(none.content), "empty")
        await pilot.press("n")
        await settled(pilot)
        await pilot.press(*"VPN", "space", *"is", "space", *"down.", "tab", *"site:Rome", "ctrl+s")
        await until(pilot, lambda: "no site 'Rome'" in wrong(pilot), "the query's error")
        await pilot.press(*["backspace"] * 9, *"everyone", "ctrl+s")
        question = await asked(pilot)
        assert "2 people; 1 not written to: 1 no address" in question
        assert "Ada Moss" in question
        await pilot.press("enter")
        await until(pilot, lambda: "VPN is down" in lines(pilot), "listed")
        assert "u undoes" in heard(pilot)
        await pilot.press("e")
        await settled(pilot)
        await pilot.press("ctrl+a", *"Back at noon.", "ctrl+s")
        await asked(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "Back at noon." in lines(pilot), "updated")
        await settled(pilot)
        await pilot.press("x")
        await settled(pilot)
        await pilot.press(*"Done", "enter")
        await until(pilot, lambda: desk.announcements.list() == [], "ended")
        await settled(pilot)
        await pilot.press("3")
        await until(pilot, lambda: "✓ ended" in lines(pilot), "among those past")
        await pilot.press("e")
        assert "n makes a new one" in heard(pilot)


def wrong(pilot: Pilot[None]) -> str:
    found = pilot.app.screen.query(".wrong")
    return " ".join(str(one.content) for one in found.results(Static))
