"""A promise that ends is told to the owner once, before it is broken (G1)."""

from datetime import datetime, timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.services.notices import Notices
from deskterm.services.overdue import Overdue
from tests.builders import count, open_ticket
from tests.verbs import verbs

SOON = timedelta(minutes=10)


def ends(desk: Desk, number: int, at: datetime) -> None:
    """Let a ticket's promise end at a time."""
    with desk.store.reading() as database:
        database.run("UPDATE ticket SET due_at = :at WHERE id = :id", at=at, id=number)


@pytest.fixture
def mine(desk: Desk) -> int:
    """A ticket of cy's own, whose promise ends soon."""
    number = open_ticket(desk, urgent=True)
    verbs(desk).take([number])
    ends(desk, number, clock.now() + SOON)
    return number


def test_the_owner_is_told_before_the_promise_is_broken_and_only_once(
    desk: Desk, mine: int
) -> None:
    overdue, now = Overdue(desk.store), clock.now()
    assert overdue.run(now) == 1
    assert overdue.run(now) == overdue.run(now + timedelta(minutes=2)) == 0
    assert Overdue(desk.store).run(now) == 0
    (one,) = desk.notices.list()
    assert (one.kind, one.ticket_id, one.urgent, one.who) == ("overdue", mine, True, "desk")
    assert one.entry_id is None
    assert count(desk, "ledger", "operation_id = :id", id=_operation(desk)) == 0


def _operation(desk: Desk) -> str:
    with desk.store.reading() as database:
        row = database.one("SELECT operation_id AS id FROM notice")
    assert row is not None
    return str(row["id"])


def test_promises_far_off_long_broken_nobodys_or_ended_are_no_news(desk: Desk) -> None:
    now = clock.now()
    for at in (now + timedelta(hours=2), now - timedelta(days=3)):
        number = open_ticket(desk)
        verbs(desk).take([number])
        ends(desk, number, at)
    ends(desk, open_ticket(desk), now)
    closed = open_ticket(desk)
    verbs(desk).take([closed])
    verbs(desk).close([closed], "spam")
    ends(desk, closed, now)
    assert Overdue(desk.store).run(now) == 0


def test_a_new_owner_and_a_new_promise_are_told_anew(desk: Desk, mine: int) -> None:
    now = clock.now()
    Overdue(desk.store).run(now)
    desk.admin.set_technician("ben", {})
    verbs(desk).assign([mine], to="ben")
    ends(desk, mine, now + SOON)
    assert Overdue(desk.store).run(now) == 1
    assert [one.kind for one in Notices(desk.store, "ben").list()] == ["overdue", "assigned"]
    ends(desk, mine, now + SOON / 2)
    assert Overdue(desk.store).run(now) == 1


def test_whoever_does_not_want_it_is_not_told_and_not_asked_again_by_this_process(
    desk: Desk, mine: int
) -> None:
    desk.attention.set({"notify": "assigned"})
    ends(desk, mine, clock.now() + SOON)
    overdue = Overdue(desk.store)
    assert overdue.run(clock.now()) == 0
    assert count(desk, "notice") == 0
    before = count(desk, "operation")
    overdue.run(clock.now() + timedelta(minutes=2))
    assert count(desk, "operation") == before


def test_the_jobs_tell_of_promises(desk: Desk, mine: int) -> None:
    desk.jobs.run_once()
    assert [one.ticket_id for one in desk.notices.list()] == [mine]
