"""Promises (C1, H1, semantics.md §4): what is kept beside a ticket follows from its ledger."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.columns import DERIVED
from deskterm.domain.errors import UsageError
from deskterm.domain.verbs import Change, Decide
from deskterm.storage.ticket import clocks
from deskterm.triage.ranking import promise_words
from tests.builders import open_ticket, value
from tests.verbs import verbs

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
Kept = tuple[Any, ...]


class Time:
    """The clock on the wall, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = MONDAY
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def at(self, text: str) -> None:
        day, _, time = text.partition(" ")
        names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
        hour, _, minute = time.partition(":")
        self.now = MONDAY.replace(hour=int(hour), minute=int(minute))
        self.now += timedelta(days=names.index(day))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def utc_desk(desk: Desk, time: Time) -> Desk:
    desk.desk_settings.set("zone", "UTC")
    return desk


def kept(desk: Desk, number: int) -> Kept:
    with desk.store.reading() as database:
        row = database.one(
            f"SELECT {', '.join(one.name for one in DERIVED)} FROM ticket WHERE id = :id",
            id=number,
        )
    assert row is not None
    return tuple(row[one.name] for one in DERIVED)


def due(desk: Desk, number: int) -> str:
    """The deadline as `tue 10:30`, or -."""
    found = value(desk, number, "due_at")
    if found is None:
        return "-"
    at = found if isinstance(found, datetime) else clock.from_text(found)
    return f"{at.astimezone(UTC):%a %H:%M}".lower()


def anew(desk: Desk) -> None:
    with desk.work("refresh") as work:
        clocks.refresh(work.spine, work.at)


def test_first_the_pick_up_is_promised_then_the_solution(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk)
    assert due(utc_desk, number) == "mon 13:00"
    time.at("mon 10:00")
    verbs(utc_desk).note([number], "Looking at it.")
    assert due(utc_desk, number) == "mon 13:00"
    verbs(utc_desk).reply([number], "We are looking at it.")
    assert due(utc_desk, number) == "thu 09:00"
    assert value(utc_desk, number, "picked_at") is not None


def test_what_no_customer_notices_is_no_pick_up(utc_desk: Desk) -> None:
    number, other = open_ticket(utc_desk), open_ticket(utc_desk)
    do = verbs(utc_desk)
    do.change([number], values={"category": "network", "urgent": True})
    do.link([number], other)
    do.step([number], "greet")
    do.wait([number], "other", MONDAY + timedelta(hours=2))
    do.call_back([number], MONDAY + timedelta(hours=2))
    utc_desk.problems.incident([number, other], "VPN")
    assert value(utc_desk, number, "picked_at") is None
    do.call_back_done([number])
    assert value(utc_desk, number, "picked_at") is not None
    do.wait([other], "customer")
    assert value(utc_desk, other, "picked_at") is not None


def test_an_asked_approval_stops_the_clock_until_it_is_decided(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk, take=True, urgent=True)
    time.at("mon 10:00")
    utc_desk.tickets.do([number], Change(needs="budget", approver="Bo <bo@example.org>"))
    assert due(utc_desk, number) == "-"
    (row,) = utc_desk.board.rows([number])
    assert promise_words(row, time.now) == "budget"
    time.at("mon 16:00")
    assert utc_desk.tickets.why(number).clocks[1].state == "paused"
    utc_desk.tickets.do([number], Decide(True))
    assert due(utc_desk, number) == "tue 09:00"
    notes = [piece.note for piece in utc_desk.tickets.why(number).clocks[1].pieces]
    assert "waits for approval" in notes


def test_what_is_kept_or_broken_is_not_judged_anew(utc_desk: Desk, time: Time) -> None:
    broken, kept_one = open_ticket(utc_desk), open_ticket(utc_desk)
    time.at("mon 10:00")
    verbs(utc_desk).take([kept_one])
    time.at("mon 13:30")
    was = utc_desk.tickets.why(kept_one).clocks[0]
    utc_desk.desk_settings.set("hours", "Thu-Fri 8-10")
    assert due(utc_desk, broken) == "mon 13:00"
    verbs(utc_desk).wait([broken], "customer")
    time.at("tue 09:00")
    verbs(utc_desk).resume([broken])
    assert utc_desk.tickets.why(broken).clocks[0].due_at == MONDAY + timedelta(hours=4)
    now = utc_desk.tickets.why(kept_one).clocks[0]
    assert (now.state, now.due_at) == ("kept", was.due_at) == ("kept", MONDAY + timedelta(hours=4))


def test_waiting_after_a_promise_was_broken_mends_nothing(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk, take=True, urgent=True)
    time.at("mon 15:00")
    verbs(utc_desk).wait([number], "customer")
    time.at("tue 15:00")
    verbs(utc_desk).resume([number])
    assert due(utc_desk, number) == "mon 13:00"


def test_urgent_counts_from_the_opening_and_keeps_earned_pauses(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk, take=True)
    time.at("mon 10:00")
    verbs(utc_desk).wait([number], "customer")
    assert due(utc_desk, number) == "-"
    time.at("mon 11:30")
    verbs(utc_desk).resume([number])
    verbs(utc_desk).change([number], values={"urgent": True})
    assert due(utc_desk, number) == "mon 14:30"


def test_a_night_of_waiting_earns_business_time_only(utc_desk: Desk, time: Time) -> None:
    time.at("mon 15:00")
    number = open_ticket(utc_desk, take=True, urgent=True)
    time.at("mon 17:00")
    verbs(utc_desk).wait([number], "approval")
    time.at("tue 10:00")
    verbs(utc_desk).resume([number])
    assert due(utc_desk, number) == "tue 12:00"


def test_solved_time_is_left_out_after_a_reopening(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk, take=True, urgent=True)
    time.at("mon 10:00")
    verbs(utc_desk).solve([number], "Cable.")
    assert due(utc_desk, number) == "-"
    time.at("tue 12:00")
    verbs(utc_desk).reopen([number], "It is back.")
    assert due(utc_desk, number) == "tue 15:00"


def test_waiting_for_something_else_does_not_stop_the_clock_but_puts_the_ticket_off(
    utc_desk: Desk, time: Time
) -> None:
    number = open_ticket(utc_desk, take=True, urgent=True)
    verbs(utc_desk).wait([number], "other", MONDAY + timedelta(days=2))
    assert due(utc_desk, number) == "mon 13:00"
    assert value(utc_desk, number, "rank_at") != value(utc_desk, number, "due_at")


def test_changed_hours_and_targets_move_every_open_deadline_and_undo_moves_them_back(
    utc_desk: Desk, time: Time
) -> None:
    number = open_ticket(utc_desk)
    utc_desk.desk_settings.set("promise.pickup", "30m always")
    assert due(utc_desk, number) == "mon 09:30"
    utc_desk.desk_settings.set("hours", "Tue 10-12")
    assert due(utc_desk, number) == "mon 09:30"
    time.now += timedelta(minutes=1)
    utc_desk.desk_settings.set("promise.pickup", "1h30m")
    assert due(utc_desk, number) == "tue 11:30"
    utc_desk.ledger.undo()
    assert due(utc_desk, number) == "mon 09:30"
    with pytest.raises(UsageError, match="no target"):
        utc_desk.desk_settings.set("promise.pickup", "soon")


def test_a_desk_that_never_opens_promises_nothing_and_breaks_nothing(
    utc_desk: Desk, time: Time
) -> None:
    number = open_ticket(utc_desk)
    utc_desk.desk_settings.set("hours", "Mon 9-10")
    utc_desk.desk_settings.set("promise.pickup", "9999h")
    utc_desk.desk_settings.set("promise.solution", "none")
    assert due(utc_desk, number) == "-"
    verbs(utc_desk).take([number])


def test_after_every_operation_and_undo_the_columns_are_what_the_ledger_tells(
    utc_desk: Desk, time: Time
) -> None:
    one = open_ticket(utc_desk)
    two = open_ticket(utc_desk, urgent=True)
    steps: list[Callable[[], Any]] = [
        lambda: verbs(utc_desk).take([one, two]),
        utc_desk.ledger.undo,
        lambda: verbs(utc_desk).wait([one], "customer"),
        utc_desk.ledger.undo,
        lambda: verbs(utc_desk).escalate([one], "second level", "Dead switch."),
        lambda: verbs(utc_desk).wait([one, two], "approval", MONDAY + timedelta(days=3)),
        lambda: verbs(utc_desk).resume([one]),
        utc_desk.ledger.undo,
        lambda: verbs(utc_desk).resume([one]),
        lambda: verbs(utc_desk).change([two], values={"urgent": False}),
        lambda: verbs(utc_desk).merge([two], one),
        utc_desk.ledger.undo,
        lambda: verbs(utc_desk).finish([two], "Done.", "no answer"),
        lambda: verbs(utc_desk).reopen([two], "again"),
        lambda: verbs(utc_desk).solve([one], "Switch replaced."),
        lambda: verbs(utc_desk).verify([one], "customer", "failed"),
        lambda: verbs(utc_desk).cancel([one], "not wanted"),
        utc_desk.ledger.undo,
    ]
    for place, step in enumerate(steps):
        time.now += timedelta(hours=1, minutes=7)
        step()
        before = [kept(utc_desk, number) for number in (one, two)]
        anew(utc_desk)
        after = [kept(utc_desk, number) for number in (one, two)]
        open_ones = [value(utc_desk, number, "is_open") for number in (one, two)]
        assert [b for b, o in zip(before, open_ones, strict=True) if o] == [
            a for a, o in zip(after, open_ones, strict=True) if o
        ], place


def test_overdue_and_the_order_by_promise_can_be_asked_for(utc_desk: Desk, time: Time) -> None:
    late, soon = open_ticket(utc_desk), open_ticket(utc_desk, urgent=True)
    calm = open_ticket(utc_desk)
    verbs(utc_desk).take([calm])
    time.at("mon 13:30")
    assert list(utc_desk.board.ids("is:overdue sort:promise")) == [soon, late]
    assert list(utc_desk.board.ids("is:open")) == [soon, late, calm]
