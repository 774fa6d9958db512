"""Checklists and tickets that are filled in: who did what, what must be done first (C8)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.checklists import GONE, OPEN, PutList, Tick
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Cancel, Merge, Note, Solve, Split
from tests.builders import open_ticket, snapshot


def listed(desk: Desk, ticket: int) -> list[tuple[str, str | None]]:
    return [(one.text, one.done_by) for one in desk.means.checklists.of(ticket)]


def test_items_are_ticked_by_whom_and_when_and_each_change_is_undone(desk: Desk) -> None:
    ticket = open_ticket(desk)
    desk.records.add("checklist", "New laptop", {"items": "Note the serial\nLabel it"})
    put = desk.tickets.do([ticket], PutList("new laptop", ("Note the serial", "Own \x1b one")))
    assert [text for text, _ in listed(desk, ticket)][:2] == ["Note the serial", "Label it"]
    done = desk.tickets.do([ticket], Tick(2))
    item = desk.means.checklists.of(ticket)[1]
    assert item.done_by == desk.me
    assert item.done_at is not None
    assert item.line == f"[x] 2 Label it · {desk.me}"
    view = desk.tickets.show(ticket)
    assert (view.items, view.items_done) == (3, 1)
    desk.tickets.do([ticket], Tick(2, OPEN))
    assert listed(desk, ticket)[1] == ("Label it", None)
    desk.ledger.undo()
    assert listed(desk, ticket)[1] == ("Label it", desk.me)
    desk.ledger.undo(done.operation_id)
    desk.ledger.undo(put.operation_id)
    assert listed(desk, ticket) == []
    with pytest.raises(NotFoundError, match="has no item 7"):
        desk.tickets.do([ticket], Tick(7))
    with pytest.raises(NotFoundError, match="did you mean 'new laptop'"):
        desk.tickets.do([ticket], PutList("new laptops"))
    with pytest.raises(UsageError, match="which checklist"):
        desk.tickets.do([ticket], PutList())


def test_a_required_item_that_is_open_keeps_a_ticket_from_being_solved(desk: Desk) -> None:
    desk.records.add("checklist", "Leaver", {"items": "Lock account\nTake key", "required": "yes"})
    ticket = open_ticket(desk)
    desk.tickets.do([ticket], PutList("Leaver"))
    sentence = rf"#{ticket}: item 1 of 'Leaver' is open: 'Lock account', and 1 more"
    with pytest.raises(RefusedError, match=sentence):
        desk.tickets.do([ticket], Solve("Done."))
    desk.tickets.do([ticket], Tick(1))
    desk.tickets.do([ticket], Tick(2, GONE))
    desk.tickets.do([ticket], Solve("Done."))
    assert desk.tickets.show(ticket).state == "solved"


def test_merged_items_go_to_the_survivor_once_and_a_split_leaves_them(desk: Desk) -> None:
    desk.records.add("checklist", "Leaver", {"items": "Lock account\nTake key", "required": "yes"})
    goal, gone, ended = open_ticket(desk), open_ticket(desk), open_ticket(desk)
    desk.tickets.do([goal], PutList(items=("Call", "Take key")))
    desk.tickets.do([gone, ended], PutList("Leaver", ("Water the plants",)))
    desk.tickets.do([gone], Tick(2))
    desk.tickets.do([ended], Cancel("not wanted"))
    before = snapshot(desk)
    merged = desk.tickets.do([gone, ended], Merge(goal))
    assert listed(desk, goal) == [
        ("Call", None),
        ("Take key", desk.me),
        ("Lock account", None),
        ("Water the plants", None),
    ]
    assert [one.required for one in desk.means.checklists.of(goal)] == [False, True, True, False]
    assert len(desk.means.checklists.of(gone)) == 4  # it stands for the survivor now
    with pytest.raises(RefusedError, match="'Lock account'"):
        desk.tickets.do([goal], Solve("Done."))
    desk.ledger.undo(merged.operation_id)
    assert snapshot(desk) == before
    note = desk.tickets.do([goal], Note("another thing")).tickets
    entry = desk.tickets.show(note[0]).timeline[-1].id
    new = next(one for one in desk.tickets.do([goal], Split(entry)).tickets if one != goal)
    assert (len(listed(desk, goal)), listed(desk, new)) == (2, [])


def test_a_template_fills_in_what_nobody_said(desk: Desk) -> None:
    desk.records.set("category", "hardware/laptop", {})
    desk.records.set("group", "second", {})
    desk.records.add("checklist", "New laptop", {"items": "Note it", "required": "yes"})
    desk.records.add(
        "ticket_template",
        "laptop",
        {
            "subject": "New laptop, {today}",
            "body": "From {me}.",
            "category": "hardware/laptop",
            "group": "second",
            "checklist": "New laptop",
            "fields": "os=Windows\nram=16",
            "urgent": "yes",
        },
    )
    asked = NewTicket(requester="Ada <ada@x.org>", body="Ada's.", fields={"os": "macOS"})
    number = desk.tickets.new(desk.means.templates.fill("Laptop", asked)).tickets[0]
    view = desk.tickets.show(number)
    assert view.subject.startswith("New laptop, 20")
    assert (view.body, view.category, view.group) == ("Ada's.", "hardware/laptop", "second")
    assert (view.urgent, view.items, view.fields) == (True, 1, {"os": "macOS", "ram": "16"})
    with pytest.raises(RefusedError, match="take it off the templates"):
        desk.records.remove("checklist", "New laptop")
    with pytest.raises(UsageError, match=r"\{first_name\} stands for nothing here"):
        desk.records.set("ticket_template", "laptop", {"subject": "{first_name}"})
    with pytest.raises(NotFoundError, match="there is no ticket template 'lap'"):
        desk.means.templates.named("lap")
