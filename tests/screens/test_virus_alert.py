"""A virus alert by keys, call to call-back: found, told, visited, chosen, called (B6, G3, G5)."""

from datetime import timedelta

from textual.pilot import Pilot
from textual.widgets import Input, Static, TextArea

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.screens.dialogs.problem import TellDialog
from deskterm.screens.problems.screen import ProblemsScreen
from deskterm.screens.ticket.screen import TicketScreen
from tests.screens.conftest import heard, running, settled, until
from tests.screens.test_guide import press
from tests.screens.test_ticket import shown
from tests.screens.test_verbs import type_text

ALERT = "Virus alert by mail"


def known(desk: Desk) -> None:
    """A known incident, and two people whose devices fit it."""
    for name, device in (("Ada", "LT-220"), ("Bo", "LT-221")):
        address = f"{name.lower()}@example.org"
        desk.records.add("person", f"{name} <{address}>", {})
        desk.records.add("device", device, {"model": "T14", "owner": address})
    facts = {"title": ALERT, "workaround": "Do not open it.", "model": "T14", "state": "open"}
    desk.problems.new(facts)


async def calls(pilot: Pilot[None], desk: Desk) -> None:
    """Ada calls: the incident is seen while she speaks, joined, and the ticket is open."""
    await press(pilot, "n")
    await type_text(pilot, "ada")
    await press(pilot, "enter")
    await type_text(pilot, "There is a virus alert by mail on my screen.")
    alike = pilot.app.screen.query_one("#alike", Static)
    await until(pilot, lambda: f"P1 {ALERT}" in str(alike.content), "known")
    assert "Do not open it." in str(alike.content)
    await press(pilot, "ctrl+l", "f2", "ctrl+t")
    await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen), "the ticket")
    await until(pilot, lambda: desk.problems.show(1).tickets == (1,), "joined")
    await settled(pilot)


async def tells_the_owners(pilot: Pilot[None], desk: Desk) -> None:
    """Bo is told before he calls, from the problem; Ada, on the phone, gets no letter of it."""
    await press(pilot, "3", "enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, ProblemsScreen), "the problem")
    await settled(pilot)
    assert "1 to be told" in shown(pilot)
    await press(pilot, "o")
    await until(pilot, lambda: isinstance(pilot.app.screen, TellDialog), "the letter first")
    await press(pilot, "enter")
    await until(pilot, lambda: desk.problems.owners(1)[1].status == "told", "told")
    await press(pilot, "escape")
    assert isinstance(pilot.app.screen, TicketScreen)


async def lets_choose(pilot: Pilot[None], desk: Desk) -> None:
    """Two remedies, each with what it takes; she takes the second."""
    await press(pilot, "dollar_sign")
    pilot.app.screen.query_one(TextArea).load_text("Clean it now|30 min\nA new one|2 h")
    await press(pilot, "ctrl+s", "dollar_sign", "down", "enter")
    await type_text(pilot, "by phone")
    await press(pilot, "enter")
    await until(pilot, lambda: "Recorded the choice" in heard(pilot), "chosen")
    offer = desk.solutions.offered(1)
    assert offer is not None
    assert offer.chosen == 2


async def visits(pilot: Pilot[None], desk: Desk) -> None:
    """Two times are offered, ten is taken; what was done ends on the ticket."""
    day = (clock.now().astimezone() + timedelta(days=1)).date()
    await press(pilot, "ampersand")
    pilot.app.screen.query_one("#field-slots", Input).value = f"{day} 10:00; {day} 14:00"
    await press(pilot, "ctrl+s")
    await until(pilot, lambda: desk.visits.of(1), "offered")
    await press(pilot, "ampersand")
    assert "1. tomorrow 10:00" in shown(pilot)
    await press(pilot, "enter")
    await type_text(pilot, "by phone")
    await press(pilot, "enter")
    await until(pilot, lambda: desk.visits.of(1)[0].state == "fixed", "fixed")
    (visit,) = desk.visits.of(1)
    assert visit.at is not None
    assert f"{visit.at.astimezone():%d %H:%M}" == f"{day:%d} 10:00"
    await settled(pilot)
    await press(pilot, "ampersand", "enter")
    await type_text(pilot, "Took LT-220 along, left LT-240.")
    await press(pilot, "enter")
    await until(pilot, lambda: desk.visits.of(1)[0].state == "done", "done")
    await settled(pilot)


async def test_the_story_of_the_virus_alert(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    known(desk)
    async with running(desk, (80, 24)) as pilot:
        await calls(pilot, desk)
        await tells_the_owners(pilot, desk)
        await lets_choose(pilot, desk)
        await visits(pilot, desk)
        await press(pilot, "b")
        await type_text(pilot, "3d")
        await press(pilot, "enter")
        await type_text(pilot, "Still clean?")
        await press(pilot, "enter")
        await until(pilot, lambda: desk.tickets.call_backs(1), "promised")
        await settled(pilot)
        await press(pilot, "at")
        assert "Still clean?" in shown(pilot)
    steps = {one.step: one.status for one in desk.tickets.show(1).steps}
    assert (steps["select"], steps["carry-out"]) == ("done", "done")
    told = [one.recipient for one in desk.outbox.queue(sent=True)]
    assert told.count("bo@example.org") == 1
