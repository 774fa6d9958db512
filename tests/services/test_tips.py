"""Tips and the welcome letter: once each, to whom it concerns, with a way out (E5)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError
from tests.builders import count, open_ticket


@pytest.fixture
def solution(desk: Desk) -> int:
    """A published solution with a tip; Ada and Bo, who wants no news."""
    desk.records.set("person", "ada@acme.test", {"name": "Ada Moss"})
    desk.records.set("person", "bo@acme.test", {"name": "Bo Lind", "news": "no"})
    facts = {"title": "VPN drops", "resolution": "Reconnect.", "tip": "Plug in the cable."}
    number = desk.solutions.new(facts).of("solution")[0]
    desk.solutions.publish(number, "public")
    return number


def letters(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.reading() as database:
        rows = database.all("SELECT recipient, template FROM outbox WHERE state = 'queued'")
    return sorted((row["recipient"].partition("@")[0], row["template"]) for row in rows)


def test_a_tip_is_told_once_a_person(desk: Desk, solution: int) -> None:
    found = desk.announcements.tip_audience(solution, "everyone")
    assert found.words() == "2 people (Ada Moss, Bo Lind); 1 not written to: 1 opted out"
    assert desk.announcements.tip(solution, "everyone").letters == 1
    assert desk.announcements.tip(solution, "everyone").letters == 0
    assert letters(desk) == [("ada", "news_tip")]
    text = desk.outbox.letter(1).text
    assert "Plug in the cable." in text
    assert "To get no more news like this" in text
    assert count(desk, "news_told") == 1


def test_undo_takes_a_tip_back_while_its_letters_wait(desk: Desk, solution: int) -> None:
    done = desk.announcements.tip(solution, "everyone")
    desk.ledger.undo(done.operation_id)
    assert letters(desk) == []
    assert desk.announcements.tip(solution, "everyone").letters == 1


def test_a_tip_goes_out_with_the_answer_and_is_not_told_again(desk: Desk, solution: int) -> None:
    ada = open_ticket(desk, "VPN", requester="ada@acme.test")
    bo = open_ticket(desk, "VPN", requester="bo@acme.test")
    desk.solutions.send(ada, solution)
    desk.solutions.send(bo, solution)
    said = ["".join(one.text for one in desk.outbox.preview(ticket)) for ticket in (ada, bo)]
    assert ["Plug in" in text for text in said] == [True, False], (
        "who wants no news gets the answer"
    )
    assert desk.announcements.tip(solution, "everyone").letters == 0


def test_a_tip_that_customers_may_not_read_is_refused(desk: Desk) -> None:
    number = desk.solutions.new({"title": "x", "resolution": "y", "tip": "z"}).of("solution")[0]
    with pytest.raises(RefusedError, match="not published for customers"):
        desk.announcements.tip(number, "everyone")
    bare = desk.solutions.new({"title": "x2", "resolution": "y"}).of("solution")[0]
    with pytest.raises(RefusedError, match="has no tip"):
        desk.announcements.tip(bare, "everyone")


def test_new_people_are_welcomed_once_with_the_tips_of_what_worked(
    desk: Desk, solution: int
) -> None:
    del solution
    rows = [
        (2, {"name": "Ada Moss", "email": "ada@acme.test", "phone": "12"}),
        (3, {"name": "Cy Field", "email": "cy@acme.test"}),
    ]
    done = desk.announcements.welcoming(rows, "new.csv")
    assert done.letters == 1, "Ada is known: only Cy is new"
    assert letters(desk) == [("cy", "news_welcome")]
    text = desk.outbox.letter(1).text
    assert "- Plug in the cable." in text
    assert "To get no more news like this" in text
    assert [one.name for one in desk.people.audience("is:new").members] == ["Ada Moss", "Bo Lind"]
    desk.ledger.undo(done.operation_id)
    assert letters(desk) == []
    assert desk.announcements.welcome("is:new").letters == 2
    assert desk.announcements.welcome("everyone").letters == 0
