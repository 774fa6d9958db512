"""Units of work: one that is part of a larger transaction, and those who follow its changes."""

import time
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID, uuid4, uuid5

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.vocabulary import Event
from deskterm.services.rhythm import following
from deskterm.storage.driver import Database, connect
from deskterm.storage.ticket.followers import FOLLOWERS
from deskterm.storage.ticket.hold import hold
from deskterm.storage.ticket.news import hush
from deskterm.storage.work import (
    RepeatedError,
    Work,
    new_id,
    operation_id,
    ordered_id,
    unit_within,
)
from tests.builders import count, open_ticket


@pytest.fixture
def begun(desk: Desk) -> Iterator[Database]:
    """A transaction of the caller's own, committed where the test commits it."""
    with closing(connect(desk.store.url)) as database:
        database.begin()
        yield database
        database.rollback()


def _give_to_mia(work: Work, number: int) -> None:
    work.claim("assign")
    held = hold(work, [number])[number]
    held.set(assignee="mia", state="open")
    held.write(Event.ASSIGNED)


def _fail(database: Database, number: int) -> None:
    with unit_within(database, str(uuid4()), "mail") as work:
        _give_to_mia(work, number)
        raise ZeroDivisionError


def test_what_one_unit_wrote_is_taken_back_and_the_others_stay(desk: Desk) -> None:
    desk.admin.set_technician("mia", {})
    first, second = open_ticket(desk), open_ticket(desk)
    with closing(connect(desk.store.url)) as database:
        database.begin()
        with unit_within(database, str(uuid4()), "mail") as work:
            _give_to_mia(work, first)
        with pytest.raises(ZeroDivisionError):
            _fail(database, second)
        database.commit()
    assert [desk.tickets.show(one).assignee for one in (first, second)] == ["mia", None]


def test_a_unit_within_another_transaction_is_done_once(desk: Desk, begun: Database) -> None:
    operation = str(uuid4())
    with unit_within(begun, operation, "mail") as work:
        work.claim("mail")
    with pytest.raises(RepeatedError), unit_within(begun, operation, "mail") as work:
        work.claim("mail")
    assert begun.in_transaction


@pytest.mark.parametrize(("history", "told"), [(False, 1), (True, 0)])
def test_a_unit_within_another_transaction_is_followed(
    desk: Desk, history: bool, told: int
) -> None:
    """Deadline, notices and impact are written by its end; history is nobody's news."""
    desk.admin.set_technician("mia", {})
    number = open_ticket(desk, people=7)
    problem = desk.problems.new({"title": "Mail is down"}, []).of("problem")[0]
    with closing(connect(desk.store.url)) as database:
        database.begin()
        with unit_within(database, str(uuid4()), "cy") as work:
            if history:
                hush(work)
            _give_to_mia(work, number)
            held = hold(work, [number])[number]
            held.put(f"problem.{problem}", True)
            held.write(Event.CHANGED)
        database.commit()
    assert count(desk, "notice", "login = 'mia'") == told
    view = desk.tickets.show(number)
    assert view.picked_at is not None
    assert view.impact == 7


def test_followers_give_derived_columns_only(desk: Desk) -> None:
    from deskterm.domain.columns import DERIVED
    from deskterm.storage.ticket.columns import NAMES
    from deskterm.storage.ticket.entry import KEPT, Entry

    number = open_ticket(desk)
    with desk.store.work("cy", dry=True) as work:
        work.claim("test")
        held = hold(work, [number])[number]
        seen: dict[str, object] = {}
        entry = Entry(
            work=work,
            ticket=number,
            number=1,
            event=Event.CHANGED,
            actor="cy",
            text="",
            public=False,
            data={},
            changes={},
            touched=frozenset({"state"}),
            values={name: held[name] for name in NAMES},
            opened_at=held["opened_at"],
            kept=dict.fromkeys(KEPT),
            alone=True,
            fresh=False,
            opening=False,
        )
        for follow in FOLLOWERS:
            seen |= follow(entry)
    assert set(seen) | {"burst", "folded", "worked"} == {one.name for one in DERIVED}


def test_an_operation_id_is_short_no_other_has_it_and_it_sorts_by_time() -> None:
    made = {new_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert {len(one) for one in made} == {18}
    assert {operation_id(one) for one in made} == made
    at = time.time_ns() // 1_000_000
    for began in (0, 1, at, at + 100 * 365 * 86_400_000):
        assert ordered_id(began, (1 << 45) - 1) < ordered_id(began + 1, 0)
    assert new_id() < ordered_id(at + 3_600_000, 0)
    assert ordered_id(at, 0) > str(UUID(int=at << 80))


def test_parts_of_an_operation_have_ids_that_follow_from_its_own() -> None:
    for root in (new_id(), str(UUID(int=7))):
        parts = [following(root, name) for name in ("0", "1", "0")]
        assert parts[0] == parts[2] != parts[1]
        assert operation_id(parts[0]) == parts[0]
    assert following(str(UUID(int=7)), "0") == str(uuid5(UUID(int=7), "0"))
