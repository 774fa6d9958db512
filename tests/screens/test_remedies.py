"""Remedies on screen: a key offers them, the same key records what the customer chose."""

from textual.widgets import TextArea

from deskterm.bootstrap import Desk
from deskterm.screens.ticket.steps import Steps
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until


async def test_one_key_offers_remedies_and_records_the_choice(sqlite_desk: Desk) -> None:
    ticket = open_ticket(sqlite_desk)

    def chosen() -> int | None:
        found = sqlite_desk.solutions.offered(ticket)
        return found.chosen if found else None

    async with running(sqlite_desk) as pilot:
        await pilot.press("dollar_sign")
        await settled(pilot)
        area = pilot.app.screen.query_one("#field-remedies", TextArea)
        area.load_text("[b]Repair|30 min|free\nNew set|2 h")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: sqlite_desk.solutions.offered(ticket) is not None, "offered")
        await settled(pilot)
        await pilot.press("dollar_sign")
        await settled(pilot)
        await pilot.press("down", "enter")
        await settled(pilot)
        await pilot.press(*"phone", "enter")
        await until(pilot, lambda: chosen() == 2, "chosen")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("2")
        await settled(pilot)
        steps = [line.content.plain for line in pilot.app.screen.query_one(Steps)._shown]
        assert any("2. New set (customer, phone)" in one for one in steps)
        assert "    1 [b]Repair (takes 30 min; costs: free)" in steps
        assert any(
            one.startswith("  ✓ 2 New set (takes 2 h)  chosen by customer, phone") for one in steps
        )
