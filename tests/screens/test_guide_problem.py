"""A guide that ends in a problem asks which: the one it fits, or a new one."""

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown
from tests.services.test_guide_ends import TEXT


async def test_the_problem_that_fits_is_proposed_and_joined(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.guides.add(TEXT)
    first = open_ticket(desk, "VPN drops hourly", requester="bo@example.org")
    (number,) = desk.problems.new({"title": "VPN drops after an hour"}, [first]).of("problem")
    ticket = open_ticket(desk, "VPN drops after an hour", urgent=True)
    run = desk.runs.start("router", ticket)
    desk.runs.answer(run.id, "Yes", run.version)
    async with running(desk, (100, 30)) as pilot:
        await pilot.press("w")
        await settled(pilot)
        assert f"A problem for #{ticket} with these words" in shown(pilot)
        await pilot.press("1")
        await until(pilot, lambda: f"P{number} VPN drops" in shown(pilot), "proposed")
        await pilot.press("enter")
        await until(pilot, lambda: ticket in desk.problems.show(number).tickets, "joined")
