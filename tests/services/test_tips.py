"""Tips and the welcome letter: once each, to whom it concerns, with a way out (E5)."""

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import RefusedError
from deskterm.services import news_letters
from deskterm.storage.work import Work
from tests.builders import count, open_ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.rows import Done


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


class KilledError(BaseException):
    """The process ends here."""


def test_after_a_kill_between_batches_each_is_told_of_it_once(
    desk: Desk, solution: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tip, owners of devices, a welcome: asking again under the same id goes on with the rest."""
    names = [f"p{n}@acme.test" for n in range(4)]
    for name in names:
        desk.records.set("person", name, {"name": name[:2]})
        desk.records.add("device", f"LT-{name[:2]}", {"model": "T14", "owner": name})
    problem = desk.problems.new({"title": "Freezes", "model": "T14"}).of("problem")[0]
    deeds: dict[str, Callable[[How], Done]] = {
        "news_tip": lambda how: desk.announcements.tip(solution, "everyone", how),
        "news_incident": lambda how: desk.problems.tell(problem, how),
        "news_welcome": lambda how: desk.announcements.welcome("is:new", how),
    }
    for (template, tell), many in zip(deeds.items(), (5, 4, 5), strict=True):
        how = How(str(uuid4()))
        with monkeypatch.context() as broken:
            _dying(broken)
            with pytest.raises(KilledError):
                tell(how)
        assert count(desk, "outbox", "template = :name", name=template) == 2
        assert tell(how).letters == many - 2
        assert tell(how).letters == 0
        told = [one for one, name in letters(desk) if name == template]
        assert (len(told), len(set(told))) == (many, many)
    assert count(desk, "news_told") == 10  # the tip, and the welcome
    assert count(desk, "problem_told") == 4


def _dying(broken: pytest.MonkeyPatch) -> None:
    """Write in batches of two, and die before the second is committed."""
    commit = Work.finish
    done: list[Work] = []

    def finish(work: Work) -> None:
        done.append(work)
        if len(done) == 2:
            raise KilledError
        commit(work)

    broken.setattr(news_letters, "BATCH", 2)
    broken.setattr(Work, "finish", finish)
