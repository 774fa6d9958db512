"""Macros: several verbs as one operation, all of them on a ticket or none, one undo (C8)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.verbs import Cancel
from deskterm.services.means.steps import read_steps, written
from tests.builders import open_ticket, snapshot, value

STEPS = """take
set urgent=yes problem='Line one
of "two"'
reply text=::vpn
escalate group=second summary="VPN of {name}" actions="look here" actions=there
"""


def ready(desk: Desk) -> list[int]:
    desk.records.set("group", "second", {})
    desk.records.add("text", "vpn", {"words": "Hello {first_name}, about {ticket}."})
    desk.records.add("macro", "reset", {"steps": STEPS, "key": "F11"})
    bo = {"requester": "Bo Reed <bo@example.org>"}
    return [open_ticket(desk), open_ticket(desk, **bo), open_ticket(desk, **bo)]


def said(desk: Desk, ticket: int) -> list[str]:
    return [entry.text for entry in desk.tickets.show(ticket).timeline]


def test_a_macro_is_one_operation_filled_in_for_each_ticket_and_one_undo(desk: Desk) -> None:
    tickets = ready(desk)
    before = snapshot(desk)
    preview = desk.means.macros.preview(tickets, "RESET")
    assert preview.steps[0] == "take"
    assert preview.done.tickets == tuple(tickets)
    assert snapshot(desk) == before
    desk.tickets.do(tickets[2:], Cancel("not wanted"))
    cancelled = snapshot(desk)
    done = desk.means.macros.do(tickets, "reset", How("5f0c0f5e-6a8e-4f6e-9d1c-0d3f7a1b2c3d"))
    assert done.tickets == tuple(tickets[:2])
    assert [number for number, _, _ in done.failed] == tickets[2:]
    assert "macro reset, step 1: #" in done.failed[0][1]
    assert f"Hello Bo, about #{tickets[1]}." in said(desk, tickets[1])
    assert desk.tickets.show(tickets[0]).group == "second"
    assert 'of "two"' in desk.tickets.show(tickets[0]).problem
    again = desk.means.macros.do(tickets[:2], "reset", How("5f0c0f5e-6a8e-4f6e-9d1c-0d3f7a1b2c3d"))
    assert again.repeated
    desk.ledger.undo(done.operation_id)
    assert snapshot(desk) == cancelled


def test_where_a_step_is_refused_nothing_of_the_macro_stays(desk: Desk) -> None:
    tickets = ready(desk)
    before = snapshot(desk)
    desk.records.rename("group", "second", "third")
    with pytest.raises(NotFoundError, match="macro reset, step 4: there is no group 'second'"):
        desk.means.macros.do(tickets, "reset")
    assert snapshot(desk) == before
    assert value(desk, tickets[0], "assignee") is None
    with pytest.raises(NotFoundError, match="there is no macro 'rest': did you mean 'reset'"):
        desk.means.macros.do(tickets, "rest")
    desk.records.add("macro", "empty", {})
    with pytest.raises(RefusedError, match="has no steps yet"):
        desk.means.macros.do(tickets, "empty")
    desk.records.add("macro", "hole", {"steps": "note text='{device} of {subject}'"})
    with pytest.raises(RefusedError, match=r"nothing is known for \{device\}"):
        desk.means.macros.do(tickets[:1], "hole")


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ("fly", "step 1: there is no verb 'fly'"),
        ("take\nset colour=red", "step 2: change has no 'colour'"),
        ("take free=maybe", "neither yes nor no"),
        ("escalate group=nowhere", "step 1: there is no group 'nowhere'"),
        ("set category=no/such", "there is no category"),
        ("reply text='open", "has no end"),
        ("reply hello", "Write name=value"),
        ("reply text='{nope}'", "stands for nothing"),
        ("close outcome=lost", "closing as 'lost'"),
        ('[{"do": "note"}]', "step 1: note has the fields"),
        ("[1]", "is no request"),
        ("[", "or JSON"),
        ("\n".join(["take"] * 21), "too many"),
    ],
)
def test_steps_that_cannot_be_are_refused_when_they_are_written(
    desk: Desk, steps: str, sentence: str
) -> None:
    with pytest.raises((UsageError, NotFoundError), match=sentence):
        desk.records.add("macro", "bad", {"steps": steps})
    with pytest.raises(UsageError, match="is no key"):
        desk.records.add("macro", "bad", {"key": "x"})


@pytest.mark.parametrize(
    "line",
    [
        "take",
        "set field.os=Windows urgent=no",
        "reply text=\"a\\nb \\\\ 'c'\"",
        "reply text='say \"x\" it'\"'\"'s'",
        "watch add=a@x.org add=b@x.org",
        "verify by=customer result=waived reason=Phone",
    ],
)
def test_a_step_is_written_as_it_is_read(line: str) -> None:
    steps = read_steps(line)
    assert read_steps("\n".join(written(step) for step in steps)) == steps


def test_hostile_values_are_filled_in_once_and_stay_one_value(desk: Desk) -> None:
    subject = "x' urgent=yes {me} ::vpn \x1b[2J"
    ticket = open_ticket(desk, subject)
    desk.records.add("macro", "m", {"steps": "note text='About {subject}'"})
    desk.means.macros.do([ticket], "m")
    assert said(desk, ticket)[-1].startswith("About x' urgent=yes {me} ::vpn ")
    assert "\x1b" not in said(desk, ticket)[-1]
    assert not desk.tickets.show(ticket).urgent
