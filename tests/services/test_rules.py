"""The desk's own rules: asked when a ticket opens, in order, never over what a person said."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import ConflictError, NotFoundError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import TicketView
from deskterm.triage.query_tree import QueryError
from tests.builders import open_ticket


@pytest.fixture
def ruled(desk: Desk) -> Desk:
    """A desk that knows groups and categories, and has one rule."""
    desk.admin.set_group("network")
    desk.admin.set_group("vip desk")
    for path in ("network/wifi", "printing"):
        desk.admin.set_category(path)
    desk.rules.add("wifi", "wifi or wlan", {"category": "network/wifi", "group": "network"})
    return desk


def opened(desk: Desk, subject: str, **values: object) -> TicketView:
    return desk.tickets.show(open_ticket(desk, subject, **values))


def test_a_ticket_that_fits_gets_what_the_rule_says_with_its_reason(ruled: Desk) -> None:
    view = opened(ruled, "No wifi in the lobby")
    assert (view.category, view.group) == ("network/wifi", "network")
    entry = view.timeline[-1]
    assert (entry.actor, entry.text) == ("desk", "Rule wifi: category network/wifi, group network.")
    assert opened(ruled, "No paper").category is None


def test_what_a_person_said_is_never_changed(ruled: Desk) -> None:
    view = opened(ruled, "No wifi on the printer", category="printing", group="vip desk")
    assert (view.category, view.group) == ("printing", "vip desk")
    assert len(view.timeline) == 1


def test_every_door_asks_the_rules(ruled: Desk) -> None:
    mail = NewTicket(requester="bo@example.org", body="wlan is slow", channel="email",
                     actor="customer")  # fmt: skip
    script = NewTicket(requester="m@example.org", subject="wifi", channel="monitor")
    solved = NewTicket(requester="bo@example.org", subject="wifi", channel="phone")
    numbers = [
        *ruled.tickets.new_many([mail, script]).tickets,
        *ruled.calls.solved(solved, "Restarted it.").tickets,
    ]
    assert {ruled.tickets.show(n).category for n in numbers} == {"network/wifi"}


def test_rules_are_asked_in_order_see_what_was_set_and_one_may_stop_them(ruled: Desk) -> None:
    ruled.rules.add("lobby", "category:network/wifi lobby", {"urgent": True}, stops=True)
    ruled.rules.add("late", "lobby", {"group": "vip desk", "field.os": "any"})
    view = opened(ruled, "wifi in the lobby")
    assert (view.urgent, view.group, dict(view.fields)) == (True, "network", {})
    ruled.rules.move("late", 1)
    assert [one.name for one in ruled.rules.all()] == ["late", "wifi", "lobby"]
    view = opened(ruled, "wifi in the lobby")
    assert (view.category, view.group) == ("network/wifi", "vip desk")
    assert dict(view.fields) == {"os": "any"}


def test_a_rule_lets_others_hear_of_it_but_not_the_requester_twice(ruled: Desk) -> None:
    watchers = {"watcher": ["boss@example.org", "ada@example.org"]}
    ruled.rules.add("boss", "lobby", watchers)
    assert [w for w in opened(ruled, "lobby is dark").watchers if "boss" in w]
    assert len(opened(ruled, "lobby is cold").watchers) == 1


def test_a_renamed_category_is_still_set_and_a_query_that_broke_is_told_and_passed_over(
    ruled: Desk,
) -> None:
    ruled.rules.add("paper", "category:printing", {"urgent": True})
    ruled.admin.rename_category("printing", "output")
    ruled.admin.rename_category("network/wifi", "network/radio")
    assert opened(ruled, "wifi").category == "network/radio"
    broken = next(one for one in ruled.rules.all() if one.name == "paper")
    assert "printing" in broken.trouble
    ruled.rules.change("paper", {"query": "category:output"})
    assert next(one for one in ruled.rules.all() if one.name == "paper").trouble == ""
    assert opened(ruled, "no paper", category="output").urgent


def test_what_is_wrong_is_refused_before_it_is_kept(ruled: Desk) -> None:
    with pytest.raises(QueryError):
        ruled.rules.add("x", "is:nonsense", {"urgent": True})
    with pytest.raises(NotFoundError, match="category"):
        ruled.rules.add("x", "wifi", {"category": "ghost"})
    with pytest.raises(UsageError, match="what shall it set"):
        ruled.rules.add("x", "wifi", {})
    with pytest.raises(UsageError, match="already"):
        ruled.rules.add("WIFI", "wifi", {"urgent": True})
    with pytest.raises(UsageError, match="which tickets"):
        ruled.rules.add("x", " ", {"urgent": True})
    with pytest.raises(NotFoundError):
        ruled.rules.remove("ghost")
    assert [one.name for one in ruled.rules.all()] == ["wifi"]


def test_every_change_of_a_rule_is_undone_and_a_later_change_stands_in_the_way(ruled: Desk) -> None:
    before = ruled.rules.all()
    ruled.rules.change("wifi", {"active": False})
    assert opened(ruled, "wifi").category is None
    ruled.ledger.undo()
    ruled.ledger.undo()
    assert ruled.rules.all() == before
    ruled.rules.remove("wifi")
    ruled.ledger.undo()
    assert [one.query for one in ruled.rules.all()] == [before[0].query]
    ruled.rules.add("other", "lobby", {"urgent": True})
    ruled.ledger.undo()
    assert len(ruled.rules.all()) == 1
    ruled.rules.change("wifi", {"stops": True})
    with ruled.store.reading() as database:
        database.run("UPDATE rule SET stops = FALSE")
    with pytest.raises(ConflictError, match="stops"):
        ruled.ledger.undo(ruled.ledger.log(None, None, 1)[0]["operation"])


def test_undoing_an_opening_undoes_what_rules_did(ruled: Desk) -> None:
    number = open_ticket(ruled, "wifi")
    ruled.ledger.undo()
    view = ruled.tickets.show(number)
    assert (view.state, view.category) == ("cancelled", None)


def test_a_test_shows_each_ticket_and_how_often_people_decided_the_same(ruled: Desk) -> None:
    ruled.rules.change("wifi", {"active": False})
    for subject, category in (("wifi a", "network/wifi"), ("wifi b", "printing"), ("wlan", None)):
        open_ticket(ruled, subject, category=category)
    found = ruled.rules.test("wifi")
    kinds = [(hit.id, hit.verdict) for hit in found.hits if hit.field == "category"]
    assert kinds == [(3, "sets"), (2, "other"), (1, "same")]
    assert (found.tickets, found.same, found.other) == (3, 1, 1)
    tried = ruled.rules.try_out("wlan", {"urgent": True}, "is:open")
    assert [hit.id for hit in tried.hits] == [3]
    assert ruled.tickets.show(3).category is None


def test_for_tickets_that_are_there_already_rules_come_before_guesses(ruled: Desk) -> None:
    ruled.rules.change("wifi", {"active": False})
    number = open_ticket(ruled, "wifi", group="vip desk")
    ruled.rules.change("wifi", {"active": True})
    found = ruled.triage.lacking(number)
    assert [(one.kind, one.rule) for one in found if one.rule] == [("category", "wifi")]
    ruled.triage.accept([number])
    view = ruled.tickets.show(number)
    assert (view.category, view.group) == ("network/wifi", "vip desk")
    assert "rule wifi" in view.timeline[-1].text
