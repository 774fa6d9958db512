"""Macros by key: chosen and shown before they run, on marked tickets, by a key of their own."""

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown


async def test_a_macro_is_shown_then_run_on_marked_tickets_and_undone(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    tickets = [open_ticket(desk), open_ticket(desk, "Two")]
    desk.records.add(
        "macro", "mine", {"steps": "take\nnote text='seen {ticket}'", "key": "f11", "about": "take"}
    )

    def owners() -> set[str | None]:
        return {desk.tickets.show(number).assignee for number in tickets}

    async with running(desk, (100, 30)) as pilot:
        await pilot.press("space", "down", "space", "d")
        await settled(pilot)
        assert "mine (f11)" in shown(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "note text=" in shown(pilot)
        assert "2 ticket(s) · 2 letter(s)" in shown(pilot)
        assert owners() == {None}
        await pilot.press("enter")
        await until(pilot, lambda: owners() == {desk.me}, "taken")
        await settled(pilot)
        await pilot.press("u")
        await settled(pilot)
        await until(pilot, lambda: owners() == {None}, "undone")
        await pilot.press("f11")
        await settled(pilot)
        assert "note text=" in shown(pilot)
