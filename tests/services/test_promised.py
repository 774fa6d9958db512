""" "Will be fixed" is a promise: made by closing as recorded, told once how it ended (F5, §9)."""

from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.promises import PromiseKind
from deskterm.domain.verbs import CallBack, Close, Join, KeepFix, MoveFix, Reopen, Wait
from deskterm.domain.visits import EndVisit, SetVisit
from deskterm.services.overdue import remind
from tests.builders import count, open_ticket, value
from tests.services.test_releases import letters, problem, release


def recorded(desk: Desk, *people: str, until: str = "") -> tuple[int, list[int]]:
    """A problem, and a ticket of it for each of these people, closed as recorded."""
    tickets = [open_ticket(desk, "The VPN drops", requester=one) for one in people]
    number = problem(desk, *tickets)
    desk.tickets.do(tickets, Close("recorded", until=until))
    return number, tickets


def promises(desk: Desk) -> list[str]:
    return [one.id for one in desk.promises.list()]


def texts(desk: Desk, template: str) -> list[str]:
    with desk.store.reading() as database:
        rows = database.all("SELECT id FROM outbox WHERE template = :name", name=template)
    return [desk.outbox.letter(row["id"]).text for row in rows]


def test_closing_as_recorded_promises_that_it_will_be_fixed(desk: Desk) -> None:
    number, (ticket,) = recorded(desk, "Ada Moss <ada@example.org>")
    assert value(desk, ticket, "outcome") == "recorded"
    (told,) = texts(desk, "recorded")
    assert "It will be fixed, and you hear from us" in told
    assert "Connect again." in told
    assert "A timer is wrong." not in told  # the cause is internal
    (row,) = desk.promises.list()
    assert (row.id, row.requester, row.at) == (f"fix.{ticket}.{number}", "Ada Moss", None)
    assert [one.what for one in desk.people.page(ticket=ticket).promises] == [
        f"fixed with P{number} The VPN drops after an hour"
    ]


def test_what_is_recorded_belongs_to_a_problem_that_is_still_to_be_fixed(desk: Desk) -> None:
    ticket = open_ticket(desk)
    with pytest.raises(UsageError, match="recorded in which problem"):
        desk.tickets.do([ticket], Close("recorded"))
    number = problem(desk)
    desk.problems.close(number, because="It was never there.")
    with pytest.raises(RefusedError, match="nothing is left to be fixed"):
        desk.tickets.do([ticket], Close("recorded", problem=number))


@pytest.mark.parametrize("told", [False, True], ids=["waits", "left"])
def test_undo_takes_a_promise_back_while_nobody_was_told(desk: Desk, told: bool) -> None:
    number, (ticket,) = recorded(desk, "Ada Moss <ada@example.org>")
    if told:
        with desk.store.work("desk") as work:
            work.claim("send")
            work.spine.run("UPDATE outbox SET state = 'sent' WHERE template = 'recorded'")
    done = desk.ledger.undo()
    assert value(desk, ticket, "state") == "new"
    assert promises(desk) == ([f"fix.{ticket}.{number}"] if told else [])
    assert any("was told" in note for note in done.notes) == told


def test_a_release_ends_the_promise_and_its_letter_is_the_only_one(desk: Desk) -> None:
    number, tickets = recorded(desk, "Ada <ada@example.org>", "ada@example.org", "Bo <bo@b.org>")
    desk.records.set("person", "bo@b.org", {"news": "no"})
    release(desk, number)
    assert len(promises(desk)) == 3
    desk.releases.ship("Router 2.4")
    assert promises(desk) == []
    assert letters(desk, "released") == ["ada@example.org"]
    assert letters(desk, "mended") == ["bo@b.org"]  # no news of releases, but their own ticket
    assert "fixed by Router 2.4" in texts(desk, "mended")[0]
    desk.releases.withdraw("Router 2.4", "It drops calls.")
    assert len(promises(desk)) == 3
    assert tickets


def test_another_measure_ends_it_with_one_letter_a_person(desk: Desk) -> None:
    number, (first, second) = recorded(desk, "Ada <ada@example.org>", "ada@example.org")
    facts = {"state": "released", "measure": "configuration", "reason": "The timer is off now."}
    desk.problems.set(number, facts)
    (text,) = texts(desk, "mended")
    assert f"(#{first}, #{second})" in text
    assert "changed how it is set up" in text
    assert "The timer is off now." in text
    assert promises(desk) == []
    desk.problems.close(number, because="Nobody complained.")
    assert len(letters(desk, "mended")) == 1  # nobody is told of a stage twice
    desk.problems.set(number, {"state": "open"})
    assert len(promises(desk)) == 2
    desk.problems.set(number, facts)
    assert len(letters(desk, "mended")) == 1


def test_a_no_is_told_with_its_reason(desk: Desk) -> None:
    number, _ = recorded(desk, "Ada <ada@example.org>")
    desk.problems.close(number, "wont_fix", because="The maker has given it up.")
    (text,) = texts(desk, "wont-fix")
    assert "The maker has given it up." in text
    assert promises(desk) == []
    desk.ledger.undo()
    assert len(promises(desk)) == 1
    assert letters(desk, "wont-fix")  # withdrawn, kept in the outbox


def test_whom_no_letter_reaches_stays_on_the_list_until_somebody_tells_them(desk: Desk) -> None:
    number, (ticket,) = recorded(desk, "Zoe")
    with pytest.raises(RefusedError, match="ends with its release"):
        desk.tickets.do([ticket], KeepFix(number))
    desk.problems.close(number, "wont_fix", because="The maker has given it up.")
    assert promises(desk) == [f"fix.{ticket}.{number}"]
    desk.tickets.do([ticket], KeepFix(number))
    assert promises(desk) == []


def test_a_ticket_leaves_its_problem_only_once_it_is_worked_on_again(desk: Desk) -> None:
    number, (ticket,) = recorded(desk, "Ada <ada@example.org>")
    with pytest.raises(RefusedError, match="was told that"):
        desk.tickets.do([ticket], Join(number, off=True))
    desk.tickets.do([ticket], Reopen("It is something else."))
    desk.tickets.do([ticket], Join(number, off=True))
    assert promises(desk) == []


def test_another_day_is_told_and_a_day_that_is_over_is_broken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, (ticket,) = recorded(desk, "Ada <ada@example.org>", until="3d")
    assert "will be fixed by" in texts(desk, "recorded")[0]
    kinds = {one.kind: one for one in desk.promises.broken()}
    assert kinds[PromiseKind.FIX].open_late == 0
    later = clock.now() + timedelta(days=5)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert {one.kind: one for one in desk.promises.broken()}[PromiseKind.FIX].open_late == 1
    desk.tickets.do([ticket], MoveFix(number, "7d"))
    kinds = {one.kind: one for one in desk.promises.broken()}
    assert (kinds[PromiseKind.FIX].open_late, kinds[PromiseKind.FIX].kept_late) == (0, 1)
    assert len(letters(desk, "recorded")) == 2


def test_the_list_has_every_source_with_its_time_and_each_can_be_kept_moved_or_dropped(
    desk: Desk,
) -> None:
    number, (fixed,) = recorded(desk, "Ada <ada@example.org>")
    called = open_ticket(desk, "Printer", requester="Bo <bo@example.org>")
    desk.tickets.do([called], CallBack("1d", "first"))
    desk.tickets.do([called], CallBack("2d", "second"))
    waits = open_ticket(desk, "Cable", requester="Cy <cy@example.org>")
    desk.tickets.do([waits], Wait("other", "3d", "the cable comes"))
    asked = open_ticket(desk, "Screen", requester="Di <di@example.org>")
    desk.tickets.do([asked], Wait("customer"))
    found = desk.promises.list()
    assert [one.id for one in found][-1] == f"fix.{fixed}.{number}"  # without a day it stands last
    assert {one.id for one in found} == {
        f"fix.{fixed}.{number}",
        f"call.{called}.1",
        f"call.{called}.2",
        f"wait.{waits}",
        f"ask.{asked}",
    }
    assert [one.note for one in desk.promises.list(kind="call", until="36h")] == ["first"]
    desk.promises.keep(f"call.{called}.2", "It holds.")
    assert [one.note for one in desk.promises.list(kind="call")] == ["first"]
    desk.promises.move(f"call.{called}.1", "5d")
    desk.promises.drop(f"call.{called}.1", "They wrote that it works.")
    with pytest.raises(NotFoundError, match="no promise"):
        desk.promises.keep(f"call.{called}.1")
    desk.promises.keep(f"wait.{waits}")
    assert value(desk, waits, "state") == "open"
    with pytest.raises(RefusedError, match="asked again by the rule"):
        desk.promises.drop(f"ask.{asked}")
    with pytest.raises(RefusedError, match="A no is told with its reason"):
        desk.promises.drop(f"fix.{fixed}.{number}")


def test_a_measure_s_day_and_a_release_s_are_the_day_of_a_fix_without_its_own(desk: Desk) -> None:
    number, _ = recorded(desk, "Ada <ada@example.org>")
    desk.problems.set(number, {"measure_on": "2031-05-06"})
    (row,) = desk.promises.list()
    assert row.at is not None
    assert f"{row.at:%Y-%m-%d}" == "2031-05-06"
    release(desk, number)
    desk.records.set("release", "Router 2.4", {"planned": "2031-04-05"})
    (row,) = desk.promises.list(owner="none")
    assert row.at is not None
    assert f"{row.at:%Y-%m}" == "2031-04"


def test_a_fix_that_is_due_is_told_to_its_owner_or_else_to_the_group(desk: Desk) -> None:
    number, (ticket,) = recorded(desk, "Ada <ada@example.org>", until="1h")
    desk.admin.set_technician("bo", {"name": "Bo"})
    later = clock.now() + timedelta(hours=2)
    assert [remind(desk.store, later) for _ in range(2)] == [1, 0]
    (one,) = desk.notices.list()
    assert (one.kind, one.ticket_id) == ("due", ticket)
    assert count(desk, "notice", "login = 'bo'") == 1  # nobody owns it: every technician
    assert number


def test_a_visit_is_a_promise_and_one_that_was_missed_counts_as_broken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = open_ticket(desk, requester="Ada <ada@example.org>")
    desk.tickets.do([number], SetVisit(at="2d", what="A new screen"))
    (row,) = desk.promises.list()
    assert (row.kind, row.ticket_id, row.owner, row.note) == ("visit", number, "cy", "A new screen")
    desk.promises.move(row.id, "9d")
    assert len(desk.promises.list(until="8d")) == 0
    assert list(desk.board.ids("is:promised")) == [number]
    over = clock.now() + timedelta(days=10)
    monkeypatch.setattr(clock, "now", lambda: over)
    desk.tickets.do([number], EndVisit("missed", "Nobody was there."))
    assert desk.promises.list() == []
    kinds = {one.kind: one for one in desk.promises.broken()}
    assert kinds["visit"].kept_late == 1


def test_queries_find_what_is_recorded_and_what_is_promised(desk: Desk) -> None:
    _, (fixed,) = recorded(desk, "Ada <ada@example.org>")
    called, other = open_ticket(desk, "Printer"), open_ticket(desk, "Cable")
    desk.tickets.do([called], CallBack("1d"))
    assert list(desk.board.ids("is:recorded")) == [fixed]
    assert sorted(desk.board.ids("is:any is:promised")) == [fixed, called]
    assert other in desk.board.ids("-is:promised")
