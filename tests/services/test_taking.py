"""Taking the next ticket, and why a ticket stands where it stands (C1, C7)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError
from deskterm.domain.verbs import Change
from deskterm.services.tickets.taking import choices
from deskterm.triage.ranking import key
from tests.builders import open_ticket, value
from tests.services.test_promises import Time, time, utc_desk
from tests.verbs import verbs

__all__ = ["time", "utc_desk"]


def _colleague(desk: Desk, login: str) -> Desk:
    return open_desk(settings.load({"db": desk.store.url}, as_login=login))


def test_next_takes_what_the_board_shows_on_top_and_says_why(utc_desk: Desk) -> None:
    open_ticket(utc_desk)
    urgent = open_ticket(utc_desk, urgent=True)
    waits = open_ticket(utc_desk, urgent=True)
    verbs(utc_desk).wait([waits], "customer")
    done = utc_desk.tickets.next()
    assert done.tickets == (urgent,)
    assert done.notes == ("Why: urgent; pick-up promised in 0:15; opened 0:00 ago.",)


def test_next_stays_within_ones_groups_and_names_what_waits_elsewhere(utc_desk: Desk) -> None:
    utc_desk.admin.set_member("desk", "cy")
    open_ticket(utc_desk, urgent=True, group="second level")
    with pytest.raises(NotFoundError, match="1 without an owner wait in others"):
        utc_desk.tickets.next()
    mine = open_ticket(utc_desk, group="desk")
    assert utc_desk.tickets.next().tickets == (mine,)


def test_next_says_which_urgent_ones_of_others_it_passes_over_and_takes_them_when_asked(
    utc_desk: Desk,
) -> None:
    utc_desk.admin.set_member("desk", "cy")
    theirs = open_ticket(utc_desk, urgent=True, group="second level")
    calm = open_ticket(utc_desk)
    done = utc_desk.tickets.next()
    assert done.tickets == (calm,)
    assert done.notes[0].startswith("Why: no urgent one waits in your groups")
    assert (
        f"1 urgent above belongs to second level, not to your groups: #{theirs}." in done.notes[1]
    )
    assert utc_desk.tickets.next(anywhere=True).tickets == (theirs,)
    open_ticket(utc_desk)
    assert utc_desk.tickets.next().notes[0].startswith("Why: no urgent one is free; pick-up")


def test_what_needs_somebody_stands_above_what_waits_and_many_people_above_one(
    utc_desk: Desk, time: Time
) -> None:
    do = verbs(utc_desk)
    solved, ended, older = (open_ticket(utc_desk, urgent=True) for _ in range(3))
    waits, asked = open_ticket(utc_desk, urgent=True), open_ticket(utc_desk, urgent=True)
    late = open_ticket(utc_desk)
    one = open_ticket(utc_desk, urgent=True)
    time.at("mon 09:30")
    many = open_ticket(utc_desk, urgent=True, people=40)
    do.take([solved, ended, older])
    do.solve([solved], "Done.")
    do.cancel([older], "no")
    do.wait([waits], "customer")
    utc_desk.tickets.do([asked], Change(needs="approval", approver="Bo <bo@example.org>"))
    time.at("mon 16:00")
    do.cancel([ended], "no")
    wanted = [many, one, late, waits, asked, solved, ended, older]
    assert list(utc_desk.board.ids("is:any")) == wanted
    assert list(utc_desk.board.ids("-is:open")) == [ended, older]


def test_what_one_gave_away_comes_back_last(utc_desk: Desk) -> None:
    given = open_ticket(utc_desk, urgent=True)
    verbs(utc_desk).escalate([given], "second level", "Over my head.")
    other = open_ticket(utc_desk)
    assert utc_desk.tickets.next().tickets == (other,)
    assert utc_desk.tickets.next().tickets == (given,)


def test_ones_own_trade_goes_first_where_no_deadline_is_much_closer(
    utc_desk: Desk, time: Time
) -> None:
    for _ in range(3):
        known = open_ticket(utc_desk, category="printing")
        verbs(utc_desk).finish([known], "New toner.", "no answer")
    first = open_ticket(utc_desk)
    time.at("mon 09:20")
    skilled = open_ticket(utc_desk, category="printing")
    time.at("mon 09:40")
    late = open_ticket(utc_desk, category="printing")
    assert [one.id for one in choices(utc_desk.board)] == [skilled, first, late]
    assert "you have solved 3 in printing" in choices(utc_desk.board)[0].reasons[-1]
    time.at("mon 13:10")
    assert choices(utc_desk.board)[0].id == first


def test_several_at_once_never_get_the_same_ticket(desk: Desk) -> None:
    tickets = [open_ticket(desk) for _ in range(12)]
    logins = ["mia", "oli", "ana"] if desk.store.url.startswith("sqlite") else ["a", "b", "c"]
    colleagues = [_colleague(desk, login) for login in logins]

    def take_four(one: Desk) -> list[int]:
        return [one.tickets.next().tickets[0] for _ in range(4)]

    with ThreadPoolExecutor(3) as pool:
        taken = [number for found in pool.map(take_four, colleagues) for number in found]
    for one in colleagues:
        one.close()
    assert sorted(taken) == tickets
    assert {value(desk, number, "assignee") for number in tickets} == set(logins)


def test_asking_again_with_the_same_operation_id_takes_no_second_ticket(desk: Desk) -> None:
    only = open_ticket(desk)
    operation = "0f0e3f6a-3f9e-4d6e-9d55-0c8f0a3a1b11"
    assert desk.tickets.next(how=How(operation)).tickets == (only,)
    again = desk.tickets.next(how=How(operation))
    assert (again.tickets, again.repeated) == ((only,), True)


def test_the_boards_order_in_sql_is_the_rules_order_and_places_follow_it(
    utc_desk: Desk, time: Time
) -> None:
    numbers = []
    for place in range(12):
        time.at(f"mon 09:{place * 3:02d}")
        numbers.append(open_ticket(utc_desk, urgent=place % 3 == 0))
    verbs(utc_desk).take(numbers[:4])
    verbs(utc_desk).wait(numbers[4:6], "customer")
    verbs(utc_desk).wait([numbers[6]], "other", "2d")
    verbs(utc_desk).wait([numbers[7]], "approval", "3d")
    verbs(utc_desk).solve([numbers[8]], "Done.")
    verbs(utc_desk).cancel([numbers[9]], "no")
    shown = utc_desk.board.first_page("is:any", 50)
    backwards = shown[::-1]
    assert [row.id for row in shown] == [row.id for row in sorted(backwards, key=key)]
    is_open = [row.id for row in shown if row.state != "cancelled"]
    assert [utc_desk.tickets.why(number).place for number in is_open] == list(range(1, 12))
    assert utc_desk.tickets.why(numbers[9]).place is None


def test_why_prints_each_piece_of_a_clock_and_their_sum(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk, take=True)
    time.at("mon 17:00")
    verbs(utc_desk).wait([number], "customer")
    time.at("tue 09:00")
    verbs(utc_desk).resume([number])
    time.at("tue 10:30")
    pickup, solution = utc_desk.tickets.why(number).clocks
    assert (pickup.state, pickup.ran) == ("kept", 0)
    assert [(piece.kind, piece.note, piece.counted // 60) for piece in solution.pieces] == [
        ("running", "", 480),
        ("paused", "waits for customer", 0),
        ("running", "", 90),
    ]
    assert (solution.state, solution.ran, solution.target) == ("running", 570 * 60, "3d")
