"""Macros by key: chosen and shown before they run, on marked tickets, by a key of their own."""

from typing import TYPE_CHECKING, cast

from deskterm.bootstrap import Desk
from deskterm.screens.palette import NamedProvider
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown

if TYPE_CHECKING:
    from textual.command import Hits
    from textual.pilot import Pilot

    from deskterm.screens.base import DeskScreen
    from deskterm.screens.call.call import Call
    from deskterm.screens.ticket.screen import TicketScreen


async def _typed(pilot: "Pilot[None]", words: str, run: str = "") -> list[str]:
    """Type words into the palette of the screen on top; give what is found, run what is named."""
    provider = NamedProvider(cast("DeskScreen", pilot.app.screen))
    await provider.startup()
    found: Hits = provider.search(words)
    hits = {f"{one.text}: {one.help}": one.command async for one in found}
    for name, command in hits.items():
        if run and name.startswith(run):
            command()
            await settled(pilot)
    return sorted(hits)


async def test_what_the_desk_named_is_found_and_used_by_its_name(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    ticket = open_ticket(desk)
    for kind, name, given in (
        ("checklist", "VPN set up", {"items": "Install it"}),
        ("macro", "VPN again", {"steps": "take", "about": "[@click=app.quit]take it"}),
        ("text", "vpn", {"words": "Hello {first_name}, restart the VPN."}),
        ("ticket_template", "new vpn", {"subject": "A new VPN account"}),
        ("verb", "ask vpn", {"run": "lookup vpn", "gives": "note"}),
        ("macro", "unlike", {"steps": "take"}),
    ):
        desk.records.add(kind, name, given)
    async with running(desk, (100, 30)) as pilot:
        assert [one.partition(":")[0] for one in await _typed(pilot, "vpn")] == [
            "VPN again", "VPN set up", "ask vpn", "new vpn",
        ]  # fmt: skip
        await _typed(pilot, "vpn", "VPN set up")
        await until(pilot, lambda: len(desk.means.checklists.of(ticket)) == 1, "put on")
        await pilot.press("enter")
        await settled(pilot)
        page = cast("TicketScreen", pilot.app.screen)
        assert "vpn: Hello" in " ".join(await _typed(pilot, "vpn", "vpn:"))
        await until(pilot, lambda: "restart the VPN." in page.writer.text, "the text is there")
        await pilot.press("escape", "escape")
        await _typed(pilot, "vpn", "VPN again")
        assert "1 ticket(s)" in shown(pilot)
        await pilot.press("escape")
        await _typed(pilot, "new vpn", "new vpn")
        call = cast("Call", pilot.app.screen)
        await until(pilot, lambda: call.form.values.template == "new vpn", "filled in")
        assert call.form.values.what == "A new VPN account"


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
        assert "owner – → cy" in shown(pilot)
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
