"""Merging keeps the stronger of both, never loses an open wish, and is taken back where it was."""

from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError
from tests.builders import count, open_ticket, snapshot, value
from tests.verbs import verbs


def test_the_survivor_keeps_the_stronger_of_both(desk: Desk) -> None:
    desk.desk_settings.set("hours", "always")
    yesterday = clock.now() - timedelta(days=1)
    early = open_ticket(desk, "VPN down", urgent=True, people=40, cannot_work=True, at=yesterday)
    late = open_ticket(desk, "VPN, too", people=2)
    before = snapshot(desk)
    due = value(desk, late, "due_at")
    verbs(desk).merge([early], late)
    row = desk.board.rows([late])[0]
    assert (row.urgent, row.opened_at) == (True, yesterday)
    assert (value(desk, late, "people"), value(desk, late, "cannot_work")) == (40, True)
    assert value(desk, late, "due_at") < due
    desk.ledger.unmerge(early)
    assert snapshot(desk) == before
    assert value(desk, late, "due_at") == due


def test_an_open_wish_never_ends_on_a_closed_ticket(desk: Desk) -> None:
    closed, wish = open_ticket(desk, "Old"), open_ticket(desk, "New")
    verbs(desk).close([closed], "unsolved", "no answer")
    before = snapshot(desk)
    assert desk.tickets.pairing([wish], closed, merges=True).opens
    done = verbs(desk).merge([wish], closed)
    assert value(desk, closed, "state") == "open"
    assert f"#{closed} was closed; it is open again, for #{wish} is not settled." in done.notes
    desk.ledger.unmerge(wish)
    assert snapshot(desk) == before
    verbs(desk).close([wish], "unsolved", "no answer")
    verbs(desk).merge([wish], closed)
    assert value(desk, closed, "state") == "closed"


def test_unmerge_frees_that_ticket_or_names_what_comes_first(desk: Desk) -> None:
    five, four, six = (open_ticket(desk, name) for name in ("five", "four", "six"))
    verbs(desk).merge([five], four)
    verbs(desk).merge([four], six)
    with pytest.raises(RefusedError, match=f"merge of #{four} back first"):
        desk.ledger.unmerge(five)
    assert value(desk, four, "state") == "merged"
    desk.ledger.unmerge(four)
    assert value(desk, five, "merged_into") == four
    desk.ledger.unmerge(five)
    assert (value(desk, five, "state"), value(desk, five, "merged_into")) == ("new", None)


def test_what_was_said_of_the_survivor_holds_or_it_is_asked_again(desk: Desk) -> None:
    one = open_ticket(desk, "One")
    other = open_ticket(desk, "Other", requester="Bo Lind <bo@example.org>")
    pairing = desk.tickets.pairing([one], other, merges=True)
    said = pairing.words("#1", "into")
    assert said == "#1 into #2 Other (Bo Lind) · other person: #1 Ada Moss"
    verbs(desk).change([other], subject="Quite another")
    with pytest.raises(ConflictError, match="#2 was changed meanwhile"):
        verbs(desk).merge([one], other, How(seen={other: pairing.goal.version}))


def test_unmerge_frees_that_ticket_alone_of_those_merged_together(desk: Desk) -> None:
    one, two, goal = (open_ticket(desk, name, urgent=name != "goal") for name in ("1", "2", "goal"))
    before = snapshot(desk)
    verbs(desk).merge([one, two], goal)
    done = desk.ledger.unmerge(one)
    assert set(done.tickets) == {one, goal}
    assert f"#{two} stays merged into #{goal}." in done.notes
    assert (value(desk, one, "state"), value(desk, two, "merged_into")) == ("new", goal)
    assert desk.board.rows([goal])[0].urgent
    desk.ledger.unmerge(two)
    assert snapshot(desk) == before


def test_whoever_was_told_of_the_merge_is_not_told_again(desk: Desk) -> None:
    one, two, goal = (open_ticket(desk, name) for name in ("one", "two", "goal"))
    done = verbs(desk).merge([one, two], goal)
    with desk.store.reading() as database:
        database.run(
            "UPDATE outbox SET state = 'sent' WHERE operation_id = :id", id=done.operation_id
        )
    written = count(desk, "outbox")
    desk.ledger.unmerge(one)
    assert count(desk, "outbox") == written


def test_a_ticket_that_is_not_there_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="no ticket #99"):
        desk.ledger.unmerge(99)
