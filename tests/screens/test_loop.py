"""The loop (F1 to F4) by keys, from twelve tickets to a fix that holds; on both databases."""

from datetime import timedelta
from pathlib import Path

from textual.pilot import Pilot

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.services.looking import Verifying
from deskterm.widgets.line_list import LineList
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_releases import made, shipped
from tests.services.test_releases import answers
from tests.trackers import Tracker


async def tracked(pilot: Pilot[None], desk: Desk, tracker: Tracker) -> None:
    """Open problem 1 in the outside tracker, now."""
    await pilot.press("escape", "f4")
    await settled(pilot)
    await pilot.press("t", "enter")
    await until(pilot, lambda: desk.trackers.of(1), "followed")
    await settled(pilot)
    await pilot.press("t", *"now", "enter")
    await until(pilot, lambda: tracker.issues, "opened there")
    await settled(pilot)


async def test_from_twelve_tickets_to_a_fix_that_holds(desk: Desk, tmp_path: Path) -> None:
    tracker = Tracker(desk, tmp_path / "tracker")
    for n in range(12):
        open_ticket(desk, "VPN drops", requester=f"p{n % 11}@example.org")
    async with running(desk, (80, 24), None, **tracker.settings) as pilot:
        await pilot.press("asterisk", "E")
        await settled(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: desk.problems.list(), "one problem")
        await settled(pilot)
        await pilot.press("Q")
        await settled(pilot)
        listing = pilot.app.screen.query_one(LineList)
        await until(pilot, lambda: listing.option_count == 2, "on top, with its reason")
        await tracked(pilot, desk, tracker)
        await made(pilot, desk)
        question = await shipped(pilot, desk)
        assert "11 people are told, 12 open tickets are solved" in question
        answers(desk, "p1@example.org", "Yes, it works.")
        answers(desk, "p0@example.org", "No, still broken")
        assert desk.problems.show(1).state == "open"
        await made(pilot, desk, "2.5")
        await shipped(pilot, desk)
        answers(desk, "p0@example.org", "Yes, it works.")
    rows = desk.releases.list()
    assert [(one.told, one.works, one.broken) for one in rows] == [(11, 1, 0), (11, 1, 1)]
    assert Verifying(desk.store).run(clock.now() + timedelta(days=15)) == 1
    assert desk.problems.show(1).state == "verified"
