"""Canned texts while writing: by short name, by the picker, in the call (C8)."""

from textual.widgets import TextArea

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown


async def test_a_short_name_and_a_space_become_the_text(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    ticket = open_ticket(desk)
    desk.records.add("text", "vpn", {"words": "Dear {first_name},\nrestart [b]it[/b]."})
    desk.records.add("text", "bye", {"words": "Bye, {me}, {device}"})
    async with running(desk, (100, 30)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        await pilot.press(*"see ::vp", "right", "space", *"ok ::nope", "space", *"::BYE", "tab")
        area = pilot.app.screen.query_one(TextArea)
        text = "see Dear Ada,\nrestart [b]it[/b].ok ::nope Bye, " + f"{desk.me}, {{device}}"
        assert area.text == text
        assert "Nothing is known for {device}" in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: len(desk.tickets.show(ticket).timeline) > 1, "sent")
        await settled(pilot)
        used = {one.short: one.uses for one in desk.means.texts.for_ticket(ticket)}
        assert used == {"vpn": 1, "bye": 1}
        await pilot.press("i")
        await settled(pilot)
        await pilot.press("ctrl+o")
        await settled(pilot)
        assert "::bye" in shown(pilot)
        await pilot.press(*"vpn", "enter")
        await until(pilot, lambda: "restart" in area.text, "put in")


async def test_a_call_takes_texts_too(sqlite_desk: Desk) -> None:
    sqlite_desk.records.add("text", "pw", {"words": "Wants a new password."})
    async with running(sqlite_desk, (100, 30)) as pilot:
        await pilot.press("n")
        await settled(pilot)
        what = pilot.app.screen.query_one("#what", TextArea)
        what.focus()
        await pilot.press(*"::pw", "tab")
        assert what.text == "Wants a new password."
        assert what.has_focus
