"""Call reviews: drawn fairly by a seed, filled in by somebody else, seen, summed, not ranked."""

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.reviews import Answer, ReviewRow
from deskterm.domain.verbs import Assign, Close, Solve, Verify
from deskterm.reports.reviews import drawn, needs, summed
from tests.builders import count, open_ticket

ALL_YES = "yes " * 8


@pytest.fixture
def closed(desk: Desk) -> Desk:
    """Three tickets closed by bo, one by mia, and what is never drawn."""
    for login in ("bo", "cy", "mia"):
        desk.admin.set_technician(login, {"email": f"{login}@desk.example"})
    for number in range(3):
        close(desk, "bo", f"Toner {number}")
    close(desk, "mia", "Wifi")
    close(desk, "mia", "Pills", outcome="spam")
    close(desk, "mia", "My own mouse", requester="Mia <mia@desk.example>")
    open_ticket(desk, "Still open", take=True)
    return desk


def close(desk: Desk, login: str, subject: str, outcome: str = "solved", **values: str) -> int:
    """Open a ticket, give it to somebody and close it."""
    number = open_ticket(desk, subject, **values)
    desk.tickets.do([number], Assign(login))
    if outcome == "solved":
        desk.tickets.do([number], Solve("Done."))
        desk.tickets.do([number], Verify("craft", "ok"))
        desk.tickets.do([number], Verify("customer", "ok"))
    desk.tickets.do([number], Close(outcome))
    return number


def subjects(desk: Desk) -> list[tuple[str, str]]:
    """Give (login, subject) of what is drawn."""
    return sorted((one.login, one.subject) for one in desk.staff.reviews.list())


def test_as_many_of_everybody_are_drawn_and_none_that_tells_nothing(closed: Desk) -> None:
    closed.staff.reviews.draw("30d", each=2)
    found = subjects(closed)
    assert [login for login, _ in found] == ["bo", "bo", "mia"]
    assert ("mia", "Wifi") in found
    closed.staff.reviews.draw("30d", each=2)  # what is drawn counts: nothing more is
    assert subjects(closed) == found
    closed.staff.reviews.draw("30d", each=3)
    assert len(subjects(closed)) == 4
    closed.ledger.undo()
    assert subjects(closed) == found
    closed.staff.reviews.draw("2001")
    assert subjects(closed) == found


def test_a_seed_draws_the_same_again_and_another_seed_another() -> None:
    cases = [("bo", n) for n in range(100)] + [("mia", n) for n in range(100, 103)]
    first = drawn(cases, 5, "7", {})
    assert first == drawn(reversed(cases), 5, "7", {})
    assert first != drawn(cases, 5, "8", {})
    assert [login for login, _ in first] == ["bo"] * 5 + ["mia"] * 3
    assert [login for login, _ in drawn(cases, 5, "7", {"bo": 4, "mia": 9})] == ["bo"]


def test_a_review_is_filled_in_by_somebody_else_and_stays_between_the_two(closed: Desk) -> None:
    closed.staff.reviews.draw("30d", each=1)
    number = next(one.id for one in closed.staff.reviews.list() if one.login == "bo")
    as_bo, as_mia = How(actor="bo"), How(actor="mia")
    with pytest.raises(RefusedError, match="nobody reviews their own calls"):
        closed.staff.reviews.fill(number, ALL_YES, how=as_bo)
    with pytest.raises(UsageError, match="2 answers for 8 questions"):
        closed.staff.reviews.fill(number, "yes no")
    with pytest.raises(UsageError, match="'perhaps' is no answer"):
        closed.staff.reviews.fill(number, "perhaps " * 8)
    with pytest.raises(RefusedError, match="not filled in yet"):
        closed.staff.reviews.see(number, how=as_bo)
    closed.staff.reviews.fill(number, "yes no - y n na yes yes", "Kind\x1b[2J words.")
    assert count(closed, "notice", "login = 'bo' AND kind = 'reviewed'") == 1
    found = closed.staff.reviews.show(number)
    assert [one.said for one in found.answers] == ["yes", "no", "-", "yes", "no", "-", "yes", "yes"]
    with pytest.raises(ConflictError, match="cy has filled in"):
        closed.staff.reviews.fill(number, ALL_YES, how=as_mia)
    closed.me = "mia"
    with pytest.raises(RefusedError, match="between bo and cy"):
        closed.staff.reviews.show(number)
    assert all(not one.answers and not one.note for one in closed.staff.reviews.list())
    bo = open_desk(settings.load({"db": closed.store.url}, as_login="bo"))
    closed.me = "bo"
    assert bo.staff.reviews.show(number).state == "filled in"
    with pytest.raises(RefusedError, match="only bo"):
        closed.staff.reviews.see(number, how=as_mia)
    bo.staff.reviews.see(number, "True.")
    assert (bo.staff.reviews.show(number).state, bo.staff.reviews.show(number).reply) == (
        "seen",
        "True.",
    )
    bo.ledger.undo()
    assert bo.staff.reviews.show(number).state == "filled in"
    bo.close()
    closed.me = "cy"
    closed.ledger.undo()
    assert closed.staff.reviews.show(number).state == "to fill in"
    assert count(closed, "notice", "kind = 'reviewed'") == 0


def test_whoever_left_is_not_reviewed_any_more_and_is_not_removed(closed: Desk) -> None:
    closed.staff.reviews.draw("30d", each=1)
    with pytest.raises(RefusedError, match="in use"):
        closed.records.remove("technician", "mia")
    closed.admin.set_technician("mia", {"active": False})
    assert [one.login for one in closed.staff.reviews.list()] == ["bo"]
    assert len(closed.staff.reviews.list(every=True)) == 2
    closed.staff.reviews.draw("30d", each=9)
    assert {one.login for one in closed.staff.reviews.list()} == {"bo"}


def review(login: str, *said: str) -> ReviewRow:
    """Give a review with these answers to one question of `greet`, and yes to one of `verify`."""
    answers = [Answer("greet", "Kind?", one) for one in said] + [Answer("verify", "Sure?", "yes")]
    at = clock.now()
    return ReviewRow(1, 1, "", "", login, "", at, "cy", at, answers, "", None, "")


def test_sums_name_steps_alone_and_few_answers_or_one_person_say_nothing() -> None:
    one_person = [review("bo", "yes", "no", "no"), review("bo", "no", "no", "-")]
    both = [*one_person, review("mia", "yes")]
    assert next(iter(summed(one_person, 3))).text == "too few (n 5)"
    assert next(iter(summed(both, 7))).text == "too few (n 6)"
    greet, question, *_ = summed(both, 6)
    assert (greet.step, greet.question, greet.share, greet.apart) == ("greet", "", (2, 6), 1)
    assert question.question == "Kind?"
    (need,) = needs(summed(both, 6), 80, [])
    assert (need.kind, need.what) == ("step", "greet")
    assert not any("bo" in one.text or "mia" in one.text for one in summed(both, 1))


def test_the_sums_of_a_desk_are_of_what_was_filled_in(closed: Desk) -> None:
    assert closed.staff.reviews.sums().steps == []
    closed.desk_settings.set("review.questions", "confirm: Sure?\n1: Kind?")
    closed.desk_settings.set("review.least", "2")
    closed.staff.reviews.draw("30d", each=1)
    for one in closed.staff.reviews.list():
        closed.staff.reviews.fill(one.id, "yes no")
    found = closed.staff.reviews.sums()
    shares = {one.step: tuple(one.share) for one in found.steps if not one.question}
    assert (found.reviews, shares) == (2, {"greet": (2, 2), "confirm": (0, 2)})
    assert [(one.kind, one.what) for one in found.needs] == [("step", "confirm")]
    with pytest.raises(UsageError, match="write a step, a colon"):
        closed.desk_settings.set("review.questions", "What?")
