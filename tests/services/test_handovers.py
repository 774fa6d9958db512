"""Hand-over: the list is the desk's, the words are whose shift ends; the next one reads it (H7)."""

from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError
from deskterm.domain.verbs import Assign, CallBack, Wait
from deskterm.domain.visits import SetVisit
from tests.builders import count, open_ticket


@pytest.fixture
def shift(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A morning at which cy has something of every kind in hand, and bo something else."""
    at = clock.now().replace(hour=6, minute=0)
    monkeypatch.setattr(clock, "now", lambda: at)
    desk.desk_settings.set("zone", "UTC")
    for login in ("bo", "cy"):
        desk.admin.set_technician(login, {})
    mine, waits, called, visited, theirs = (
        open_ticket(desk, subject) for subject in ("Mine", "Waits", "Call", "Dock", "Theirs")
    )
    desk.tickets.do([mine, waits, called, visited], Assign("cy"))
    desk.tickets.do([theirs], Assign("bo"))
    desk.tickets.do([waits], Wait("customer"))
    desk.tickets.do(
        [called], CallBack((at + timedelta(hours=1)).isoformat(), "Does it hold?", "cy")
    )
    desk.tickets.do([visited], SetVisit(at=(at + timedelta(hours=4)).isoformat(), technician="cy"))
    desk.announcements.new("The lift is out.")
    return desk


def test_a_hand_over_lists_what_is_in_hand_each_once_and_nothing_of_others(shift: Desk) -> None:
    shift.staff.handovers.new("The supplier\x1b[31m calls at six.")
    found = shift.staff.handovers.show()
    assert {(one.kind, one.ticket) for one in found.items} == {
        ("open", 1),
        ("waiting", 2),
        ("open", 3),
        ("promised", 3),
        ("open", 4),
        ("visit", 4),
        ("announced", 0),
    }
    assert (found.login, found.words.startswith("The supplier")) == ("cy", True)


def test_it_stands_on_other_boards_until_they_have_read_it_or_a_day_is_over(
    shift: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shift.staff.handovers.new("Bye.")
    assert shift.staff.handovers.unread() == []  # not on one's own
    shift.me = "bo"
    (left,) = shift.staff.handovers.unread()
    entries = count(shift, "ledger")
    shift.staff.handovers.see([left.id])
    shift.staff.handovers.see([left.id])
    assert (shift.staff.handovers.unread(), count(shift, "ledger")) == ([], entries)
    assert shift.staff.handovers.show(left.id).read_by == ("bo",)
    shift.staff.handovers.new("Good night.", How(actor="mia"))
    (mias,) = shift.staff.handovers.unread()
    assert [one.kind for one in mias.items] == ["announced"]  # hers, whoever wrote it down
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert shift.staff.handovers.unread() == []
    with pytest.raises(NotFoundError, match="no hand-over 99"):
        shift.staff.handovers.see([99])


def test_a_hand_over_is_taken_back_by_one_key_though_somebody_has_read_it(shift: Desk) -> None:
    shift.staff.handovers.new("Oops.")
    shift.me = "bo"
    shift.staff.handovers.see([1])
    shift.me = "cy"
    shift.ledger.undo()
    assert shift.staff.handovers.list() == []
    with pytest.raises(NotFoundError, match="no hand-over yet"):
        shift.staff.handovers.show()
    shift.ledger.redo()
    assert [one.words for one in shift.staff.handovers.list()] == ["Oops."]
