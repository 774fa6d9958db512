"""Hand-over: the list is the desk's, the words are whose shift ends; the next one reads it (H7)."""

import re
from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.in_hand import Holding
from deskterm.domain.times import StartClock
from deskterm.domain.verbs import Assign, CallBack, EndCall, Wait
from deskterm.domain.visits import EndVisit, SetVisit
from deskterm.storage.reads import in_hand
from deskterm.storage.row_kinds import ROW_KINDS
from tests.builders import count, open_ticket, value
from tests.services.test_guide_ends import TEXT
from tests.services.test_undo_all import everything


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


@pytest.fixture
def full(shift: Desk) -> Desk:
    """The same morning, at which cy has more of everything, and leaves: bo acts."""
    shift.admin.set_group("printing", level=2)
    shift.admin.set_member("printing", "cy")
    shift.drafts.put("reply", 5, "Dear Ada,\x1b[31m")
    shift.drafts.put("call", 0, "{}")
    shift.guides.add(TEXT)
    shift.runs.start("router", 1)
    shift.tickets.do([1], StartClock())
    shift.problems.new({"title": "Toner", "owner": "cy"})
    shift.admin.save_view("red", "urgent:yes")
    shift.absences.add("3d", login="cy", start="2d")
    shift.admin.set_technician("dan", {})
    shift.absences.add("3d", login="dan", deputy="cy")
    shift.me = "bo"
    shift.admin.save_view("red", "is:open")
    return shift


def test_whoever_leaves_hands_over_all_they_have_and_one_undo_brings_it_back(full: Desk) -> None:
    leaving, before = full.staff.leaving, everything(full)
    has = Holding(4, 1, 1, 1, 1, 1, absences=2, problems=1, views=1)
    assert leaving.holds("cy") == has
    assert has.words.startswith("4 tickets, 1 visit, 1 call-back, 1 draft, 1 guide run, 1 clock,")
    assert everything(full) == before
    leaving.leave("cy", "bo", How(dry=True))
    assert everything(full) == before
    how = How("11111111-2222-4333-8444-555555555555")
    leaving.leave("cy", "bo", how)
    after = everything(full)
    assert leaving.leave("cy", "bo", how).repeated
    assert everything(full) == after
    assert leaving.holds("cy") == Holding()
    assert leaving.holds("bo") == Holding(5, 1, 1, 0, 1, absences=1, problems=1, views=2)
    assert {one.name for one in full.admin.views() if one.owner == "bo"} == {"red", "red (cy)"}
    assert count(full, "technician", "login = 'cy' AND NOT active") == 1
    assert count(full, "membership", "login = 'cy'") == 0
    assert count(full, "visit", "technician = 'bo' AND state = 'fixed'") == 1
    assert count(full, "time_entry", "state = 'running'") == 0
    note = full.tickets.show(5).timeline[-1]
    assert (note.public, note.text) == (False, "cy had begun a reply:\n\nDear Ada,\x1b[31m")
    full.ledger.undo(how.op_id)
    back = everything(full)
    assert {name for name in back if back[name] != before[name]} <= {"outbox", "visit"}
    assert leaving.holds("cy") == has


def test_what_was_begun_on_no_ticket_stands_in_a_hand_over_and_undo_takes_it_out(
    full: Desk,
) -> None:
    full.me = "cy"
    full.drafts.put("call", 0, '{"who": "Ada", "what": "No dial tone", "own": {"os": "mac"}}')
    full.drafts.put("solution", 12, '{"title": "Turn it off"}')
    full.drafts.put("guide-text", 0, "slug: fax\n")
    full.me = "bo"
    leaving = full.staff.leaving
    assert leaving.holds("cy").drafts == 4
    before = everything(full)
    leaving.leave("cy", "bo", How(dry=True))
    assert everything(full) == before
    how = How("11111111-2222-4333-8444-555555555555")
    done = leaving.leave("cy", "bo", how)
    left = full.staff.handovers.show()
    said = f"What cy had begun without a ticket: deskterm handover show {left.id}."
    assert done.notes[-1] == said
    assert left.words == (
        "cy had begun a call:\nwho: Ada\nwhat: No dial tone\nos: mac\n\n"
        "a guide:\nslug: fax\n\na solution (S12):\ntitle: Turn it off"
    )
    assert leaving.holds("cy") == Holding()
    full.ledger.undo(how.op_id)
    assert full.staff.handovers.list() == []
    assert leaving.holds("cy").drafts == 4


def test_what_a_member_of_a_restricted_group_had_begun_is_named_and_not_shown(full: Desk) -> None:
    full.records.set("group", "board", {"restricted": "yes", "members": "cy"})
    full.me = "cy"
    full.drafts.put("call", 1, '{"who": "Ada", "what": "Secret"}')
    full.me = "bo"
    full.staff.leaving.leave("cy", "bo")
    words = full.staff.handovers.show().words
    assert words == "cy had begun a call:\nnot shown: it may be of a restricted group"


def test_what_a_person_was_promised_needs_a_person_the_rest_may_be_the_groups(full: Desk) -> None:
    leaving = full.staff.leaving
    with pytest.raises(RefusedError, match=r"cy still has 4 tickets, 1 visit.*--to LOGIN"):
        leaving.leave("cy")
    with pytest.raises(RefusedError, match=r"cy has 1 visit, 1 call-back, promised to people"):
        leaving.leave("cy", "nobody")
    with pytest.raises(UsageError, match="cannot take over from themselves"):
        leaving.leave("cy", "cy")
    with pytest.raises(NotFoundError, match="no technician 'zed'"):
        leaving.leave("cy", "zed")
    with pytest.raises(RefusedError, match="bo is you"):
        leaving.leave("bo", "cy")
    full.tickets.do([4], EndVisit("cancelled"))
    full.tickets.do([3], EndCall())
    leaving.leave("cy", "nobody")
    assert leaving.holds("cy") == Holding(runs=1, views=1)  # anybody goes on with a run
    assert count(full, "ticket", "assignee IS NULL AND is_open") == 4


def test_a_visit_at_which_the_other_is_elsewhere_is_named_and_nothing_is_handed_over(
    full: Desk,
) -> None:
    at = clock.now() + timedelta(hours=4)
    full.tickets.do([5], SetVisit(at=at.isoformat(), technician="bo"))
    with pytest.raises(ConflictError, match="bo"):
        full.staff.leaving.leave("cy", "bo")
    assert full.staff.leaving.holds("cy").tickets == 4


def test_whoever_has_nothing_just_goes(full: Desk) -> None:
    full.admin.set_technician("new", {})
    full.staff.leaving.leave("new")
    assert count(full, "technician", "login = 'new'") == 0
    assert value(full, 1, "assignee") == "cy"


_STAYS = {
    ("time_entry", "technician"),
    ("competence", "login"),
    ("review", "login"),
    ("member", "login"),
    ("membership", "login"),
}
"""What somebody did or knew, and where they sat: it stays theirs; groups are left."""


def test_whatever_names_a_technician_is_handed_over_or_said_to_stay() -> None:
    listed = in_hand._ON_TICKETS + in_hand._RECORDS
    for table, column in set(ROW_KINDS["technician"].used) - _STAYS:
        assert re.search(rf"FROM {table}\s[^F]*\b{column} = :login", listed), (table, column)
