"""The page of a person: all they ever had, what they think of it, what they still wait for."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import CallBack, Close, Finish, Wait
from tests.builders import open_ticket

ADA = "Ada Moss <ada@example.org>"


def test_a_page_has_tickets_devices_votes_and_promises_of_nobody_else(desk: Desk) -> None:
    first = open_ticket(desk, "Old trouble", requester=ADA, device="LT-1")
    desk.tickets.do([first], Finish("Mended.", said_yes=True))
    with desk.work("rate") as work:
        work.spine.run("UPDATE ticket SET rating = 4 WHERE id = :id", id=first)
    second = open_ticket(desk, "New trouble", requester=ADA)
    third = open_ticket(desk, "Known trouble", requester=ADA)
    other = open_ticket(desk, "Else", requester="Bo <bo@x.example>")
    desk.tickets.do([second], CallBack("2999-01-02 10:00", "ask", "me"))
    desk.tickets.do([second], Wait("other", "2999-01-03"))
    desk.problems.new({"title": "Gateway"}, [third])
    desk.tickets.do([third], Close("recorded"))
    page = desk.people.page("ada@example.org")
    assert [row.id for row in page.tickets] == [second, third, first]
    assert (page.person.open_tickets, page.person.past_tickets) == (1, 2)
    assert [one.name for one in page.person.devices] == ["LT-1"]
    assert page.ratings == [4]
    assert page.tickets[-1].value("rating") == 4
    said = [one.what for one in page.promises]
    assert "call back by cy" in said
    assert "asked again, or open again" in said
    assert said[-1] == "fixed with P1 Gateway"  # without a date it stands last
    assert {one.ticket_id for one in page.promises} == {second, third}
    assert desk.people.page(ticket=other).person.name == "Bo"


def test_a_ticket_without_a_requester_says_so(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="#99"):
        desk.people.page(ticket=99)


def test_a_problem_that_ended_is_no_promise_any_more(desk: Desk) -> None:
    one = desk.tickets.new(NewTicket(ADA, "x")).tickets[0]
    desk.problems.new({"title": "Gateway"}, [one])
    desk.tickets.do([one], Close("recorded"))
    desk.problems.close(1, "verified", "", "")
    assert desk.people.page(ADA).promises == []
