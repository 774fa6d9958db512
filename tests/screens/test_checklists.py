"""Checklists by key, and a call that begins from a template (C8)."""

from deskterm.bootstrap import Desk
from deskterm.domain.checklists import PutList
from tests.builders import open_ticket
from tests.screens.conftest import running, settled, until
from tests.screens.test_ticket import shown


async def test_items_are_ticked_one_after_the_other(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    ticket = open_ticket(desk)
    desk.records.add("checklist", "New [b]laptop[/b]", {"items": "Label it"})
    desk.tickets.do([ticket], PutList(items=("Note it [red]now[/]",)))
    async with running(desk, (100, 30)) as pilot:
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("l")
        await settled(pilot)
        assert "[ ] 1 Note it [red]now[/]" in shown(pilot)
        assert "+ New [b]laptop[/b]" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: desk.tickets.show(ticket).items_done == 1, "ticked")
        await until(pilot, lambda: "[x] 1 Note it" in shown(pilot), "shown again")
        await pilot.press(*"New", "enter")
        await until(pilot, lambda: len(desk.means.checklists.of(ticket)) == 2, "put on it")
        await until(pilot, lambda: "1 of 2 done" in shown(pilot), "counted")


async def test_a_call_begins_from_a_template(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.records.add("checklist", "Items", {"items": "Label it"})
    desk.records.add(
        "ticket_template",
        "laptop",
        {"subject": "New laptop", "body": "Wants one.", "checklist": "Items"},
    )
    async with running(desk, (100, 30)) as pilot:
        await pilot.press("n", *"Ada", "f8")
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "Wants one." in shown(pilot)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: bool(desk.board.rows([1])), "logged")
    view = desk.tickets.show(1)
    assert (view.subject, view.body, view.items) == ("New laptop", "Wants one.", 1)
