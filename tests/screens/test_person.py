"""The page of a person, from ticket, palette and list of people, and back to their tickets."""

from textual.widgets import Input

from deskterm.bootstrap import Desk
from deskterm.screens.person import PersonScreen
from deskterm.screens.ticket.screen import TicketScreen
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until


async def test_a_person_is_a_key_away_and_so_are_their_tickets_and_data(sqlite_desk: Desk) -> None:
    first = open_ticket(sqlite_desk, "Old trouble", device="LT-1")
    open_ticket(sqlite_desk, "Else", requester="Bo <bo@x.example>")
    second = open_ticket(sqlite_desk, "New trouble [b]")
    async with running(sqlite_desk, (80, 24)) as pilot:
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await settled(pilot)
        page = pilot.app.screen
        assert isinstance(page, PersonScreen)
        lines = "\n".join(str(one.content) for one in page.lines(page.shown))
        for words in ("Ada Moss", "ada@example.org", "LT-1", "2 open, 0 past", "New trouble [b]"):
            assert words in lines
        assert "Else" not in lines
        await pilot.press("e")
        await until(pilot, lambda: pilot.app.screen.query("#field-phone"))
        pilot.app.screen.query_one("#field-phone", Input).value = "214"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: sqlite_desk.people.show("ada@example.org").phone == "214")
        await settled(pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))
        await settled(pilot)
        ticket = pilot.app.screen
        assert isinstance(ticket, TicketScreen)
        assert ticket.chosen()[0].id in (first, second)
        await pilot.press("f")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
        await settled(pilot)
        await pilot.press("f3", "f")
        await until(pilot, lambda: isinstance(pilot.app.screen, PersonScreen))
