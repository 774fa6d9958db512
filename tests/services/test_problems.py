"""Problems: kept with their tickets, found, changed by one at a time, ended and taken back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.problems import measured, number_of
from deskterm.domain.verbs import Change
from deskterm.reports.problem_page import measure
from deskterm.services.looking import Bursting
from deskterm.storage.driver import Database
from tests.builders import count, open_ticket, value
from tests.verbs import verbs

ASKED = How("6a3c9c1e-0000-4000-8000-000000000001")


def problem(desk: Desk, *tickets: int, title: str = "VPN gateway", **facts: str) -> int:
    """Make a problem of tickets and give its number."""
    return desk.problems.new({"title": title, **facts}, tickets).of("problem")[0]


def test_a_problem_holds_its_tickets_and_a_query_finds_them(desk: Desk) -> None:
    one, two, other = (open_ticket(desk, subject) for subject in ("VPN", "VPN down", "Mouse"))
    number = problem(desk, one)
    verbs(desk).link([two], number, "problem")
    view = desk.problems.show(number)
    assert (view.tickets, view.state, view.people) == ((one, two), "suspected", 1)
    assert sorted(desk.board.ids(f"problem:P{number}")) == [one, two]
    assert list(desk.board.ids("problem:none")) == [other]
    (row,) = desk.problems.list()
    assert (row.tickets, row.open_tickets, row.name) == (2, 2, f"P{number} VPN gateway")
    assert [f.id for f in desk.search.find("gateway vpn") if f.kind == "problem"] == [str(number)]
    assert desk.search.find(f"P{number}")[0].kind == "problem"
    desk.problems.link(number, [one], off=True)
    assert desk.problems.show(number).tickets == (two,)
    desk.ledger.undo()
    assert desk.problems.show(number).tickets == (one, two)


def test_making_a_problem_is_one_undo(desk: Desk) -> None:
    one = open_ticket(desk)
    number = problem(desk, one)
    desk.ledger.undo()
    view = desk.problems.show(number)
    assert (view.tickets, view.state) == ((), "wont_fix")
    assert desk.problems.list() == []
    again = desk.problems.new({"title": "x"}, [one], how=ASKED)
    same = desk.problems.new({"title": "x"}, [one], how=ASKED)
    assert same.repeated
    assert same.of("problem") == again.of("problem")


def test_a_known_error_has_cause_and_workaround(desk: Desk) -> None:
    number = problem(desk)
    with pytest.raises(RefusedError, match="name the cause"):
        desk.problems.set(number, {"state": "known_error"})
    desk.problems.set(number, {"state": "known_error", "cause": "Firmware", "workaround": "Web"})
    with pytest.raises(RefusedError, match="name the workaround"):
        desk.problems.set(number, {"workaround": ""})
    desk.ledger.undo()
    view = desk.problems.show(number)
    assert (view.state, view.cause) == ("suspected", "")
    with pytest.raises(UsageError, match="severity"):
        desk.problems.set(number, {"severity": "awful"})
    with pytest.raises(NotFoundError, match="no problem P99"):
        desk.problems.set(99, {"title": "x"})
    with pytest.raises(NotFoundError, match="no problem P99"):
        verbs(desk).link([open_ticket(desk)], 99, "problem")


def test_two_people_never_overwrite_each_other(desk: Desk) -> None:
    number = problem(desk)
    operation = desk.problems.set(number, {"owner": "mia"}, how=How(seen={number: 1})).operation_id
    with pytest.raises(ConflictError, match="version 1 was seen"):
        desk.problems.set(number, {"owner": "cy"}, how=How(seen={number: 1}))
    desk.problems.set(number, {"owner": "cy"}, how=How(seen={number: 2}))
    with pytest.raises(ConflictError, match="changed since"):
        desk.ledger.undo(operation)


def test_ending_a_problem_solves_its_tickets_with_a_letter_each(desk: Desk) -> None:
    tickets = [open_ticket(desk, "VPN", requester=f"p{n}@example.org") for n in range(3)]
    verbs(desk).solve([tickets[0]], "Done before.")
    number = problem(desk, *tickets, cause="The secret cause")
    desk.announcements.new("VPN is down", {"problem": f"P{number}", "until": "3h"})
    assert desk.problems.show(number).announcement
    done = desk.problems.close(number, resolution="The gateway is back.")
    assert (set(done.tickets), done.letters) == (set(tickets[1:]), 2)
    assert {value(desk, one, "state") for one in tickets} == {"solved"}
    assert value(desk, tickets[1], "resolution") == "The gateway is back."
    assert desk.announcements.list() == []
    assert count(desk, "ledger", "kind = 'ticket' AND text LIKE :it", it="%secret%") == 0
    desk.ledger.undo()
    assert desk.problems.show(number).state == "suspected"
    assert [one.text for one in desk.announcements.list()] == ["VPN is down"]
    assert value(desk, tickets[2], "state") == "new"
    assert count(desk, "outbox", "template = 'solved' AND state = 'queued'") == 1
    with pytest.raises(UsageError, match="ends as"):
        desk.problems.close(number, "open")


def test_a_merge_takes_the_problem_along_and_an_unmerge_brings_it_back(desk: Desk) -> None:
    one, two = open_ticket(desk), open_ticket(desk, "Printer")
    number = problem(desk, one)
    verbs(desk).merge([one], two)
    assert desk.problems.show(number).tickets == (two,)
    desk.ledger.unmerge(one)
    assert desk.problems.show(number).tickets == (one,)


def test_announcements_run_until_they_end(desk: Desk) -> None:
    with pytest.raises(UsageError, match="what is announced"):
        desk.announcements.new("  ")
    with pytest.raises(UsageError, match="no site"):
        desk.announcements.new("VPN is down", {"to": "site:Atlantis"})
    desk.announcements.new("VPN is down")
    (row,) = desk.announcements.list()
    desk.announcements.end(row.id)
    assert desk.announcements.list() == []
    with pytest.raises(RefusedError, match="has ended"):
        desk.announcements.end(row.id)
    desk.ledger.undo()
    assert len(desk.announcements.list()) == 1
    assert len(desk.announcements.list(all_=True)) == 1


@pytest.mark.parametrize(("text", "number"), [("P7", 7), ("p7", 7), ("7", 7), (" P12 ", 12)])
def test_a_problem_is_written_with_a_p(text: str, number: int) -> None:
    assert number_of(text) == number
    for odd in ("", "P", "seven", "P7x", "P" + "7" * 50_000):
        with pytest.raises(UsageError):
            number_of(odd)


def test_a_known_incident_is_shown_and_never_linked_by_itself(desk: Desk) -> None:
    for n in range(12):
        open_ticket(desk, f"Printer {n} offline", body="Toner is low.")
    first = open_ticket(desk, "VPN: no route", body="The CRM cannot be reached over VPN.")
    number = problem(desk, first, title="VPN gateway has no route", workaround="Use web mail")
    new = open_ticket(desk, "No route with VPN", requester="b@example.org")
    (fit,) = desk.problems.fitting(new)
    assert (fit.id, fit.workaround, fit.tickets, fit.linked) == (number, "Use web mail", 1, False)
    assert "vpn" in fit.reason
    assert desk.problems.show(number).tickets == (first,)
    (said,) = desk.problems.fitting_words("my VPN says no route")
    assert said.id == number
    assert desk.problems.fitting_words("the printer is offline") == []
    assert desk.problems.fitting_words("  ") == []
    verbs(desk).link([new], number, "problem")
    (fit,) = desk.problems.fitting(new)
    assert (fit.linked, fit.tickets, fit.reason) == (True, 2, "linked")
    desk.ledger.undo()
    assert not desk.problems.fitting(new)[0].linked
    desk.problems.close(number, "wont_fix", because="It is replaced.")
    assert desk.problems.fitting(new) == []
    assert desk.problems.fitting(99) == []


def test_a_running_burst_counts_in_the_boards_order_while_it_lasts(desk: Desk) -> None:
    single = open_ticket(desk, "Printer offline")
    tickets = [open_ticket(desk, "VPN: no route", requester=f"p{n}@example.org") for n in range(6)]
    assert desk.board.ids("is:open")[0] == single
    assert Bursting(desk.store).run(clock.now()) == 6
    assert list(desk.board.ids("is:open")) == [*tickets, single]
    assert "6 people" in desk.tickets.why(tickets[0]).reasons
    verbs(desk).change([tickets[5]], values={"urgent": True})
    assert desk.board.ids("impact:6")[0] == tickets[5]
    verbs(desk).close(tickets[:5], "spam")
    assert Bursting(desk.store).run(clock.now()) == 6
    assert list(desk.board.ids("impact>0")) == []


def test_a_burst_is_called_out_and_becomes_an_incident_with_one_order(desk: Desk) -> None:
    open_ticket(desk, "Printer offline")
    tickets = [open_ticket(desk, "VPN: no route", requester=f"p{n}@example.org") for n in range(6)]
    (burst,) = desk.problems.outbreaks()
    assert (burst.tickets, burst.people, burst.title) == (tuple(tickets), 6, "VPN: no route")
    assert burst.words in (
        "6 like VPN in 2 h, usually 0",
        "6 like route in 2 h, usually 0",
    )
    done = desk.problems.incident(burst.tickets, burst.title, "VPN is down; we are on it.")
    (number,) = done.of("problem")
    view = desk.problems.show(number)
    assert (view.tickets, view.state) == (tuple(tickets), "suspected")
    assert [one.problem_id for one in desk.announcements.list()] == [number]
    assert desk.problems.outbreaks() == []
    late = open_ticket(desk, "VPN no route either", requester="late@example.org")
    assert [fit.id for fit in desk.problems.fitting(late)] == [number]
    desk.ledger.undo()
    desk.ledger.undo(done.operation_id)
    assert desk.announcements.list() == []
    assert len(desk.problems.outbreaks()[0].tickets) == 6
    with pytest.raises(UsageError, match="which tickets"):
        desk.problems.incident([], "x")


def owner(desk: Desk, name: str, model: str, device: str, system: str = "Windows 11") -> int:
    """Make a person with a device and give their number."""
    open_ticket(desk, "Mouse", requester=f"{name} <{name.lower()}@example.org>")
    with desk.store.reading() as database:
        row = database.one("SELECT id FROM person WHERE name = :name", name=name)
        assert row is not None
        database.run(
            "INSERT INTO device (name, kind, model, os, os_version, serial, person_id, facts) "
            "VALUES (:device, 'laptop', :model, :system, '23H2', '', :person, '{}')",
            device=device,
            model=model,
            system=system,
            person=row["id"],
        )
    return int(row["id"])


def test_owners_of_devices_that_fit_are_told_once_and_never_the_cause(desk: Desk) -> None:
    ada, ben = owner(desk, "Ada", "ThinkPad T14", "L1"), owner(desk, "Ben", "ThinkPad T14s", "L2")
    owner(desk, "Cora", "EliteBook", "L3")
    has = open_ticket(desk, "Screen", requester="Ben <ben@example.org>")
    number = problem(desk, title="Dock loses screens", cause="SECRET", workaround="Use the cable")
    assert desk.problems.owners(number) == []
    desk.problems.set(number, {"model": "ThinkPad*", "os": "windows 11*"})
    assert [one.person_id for one in desk.problems.owners(number)] == [ada, ben]
    desk.problems.link(number, [has])
    assert [one.status for one in desk.problems.owners(number)] == ["", "has a ticket"]
    assert "Use the cable" in desk.problems.letter(number)
    before = count(desk, "outbox")
    assert desk.problems.tell(number, how=How(dry=True)).letters == 1
    assert desk.problems.tell(number).letters == 1
    assert desk.problems.tell(number).letters == 0
    assert count(desk, "outbox") == before + 1
    assert [one.status for one in desk.problems.owners(number)] == ["told", "has a ticket"]
    with desk.store.reading() as database:
        row = database.one("SELECT id FROM outbox WHERE template = 'news_incident'")
    assert row is not None
    letter = desk.outbox.letter(row["id"])
    assert "Dock loses screens" in letter.text
    assert "L1" in letter.text
    assert "SECRET" not in str(letter)


def test_undo_takes_the_letters_back_and_they_can_be_told_again(desk: Desk) -> None:
    owner(desk, "Ada", "ThinkPad T14", "L1")
    number = problem(desk, model="ThinkPad T14")
    assert desk.problems.tell(number).letters == 1
    desk.ledger.undo()
    assert count(desk, "outbox", "template = 'news_incident' AND state = 'queued'") == 0
    assert desk.problems.tell(number).letters == 1


def test_a_ticket_of_an_outage_touches_as_many_people_as_the_outage(desk: Desk) -> None:
    mouse = open_ticket(desk, "Sticky mouse", requester="m@example.org")
    tickets = [open_ticket(desk, "VPN", requester=f"p{n}@example.org") for n in range(5)]
    desk.problems.incident(tickets[:4], "VPN")
    assert [value(desk, one, "impact") for one in tickets] == [4, 4, 4, 4, 0]
    desk.problems.link(1, [tickets[4]])
    assert {value(desk, one, "impact") for one in tickets} == {5}
    verbs(desk).take([tickets[0]])
    assert value(desk, tickets[0], "impact") == 5
    assert value(desk, mouse, "impact") == 0
    desk.problems.link(1, [tickets[4]], off=True)
    assert [value(desk, one, "impact") for one in tickets] == [4, 4, 4, 4, 0]
    desk.ledger.undo()
    assert {value(desk, one, "impact") for one in tickets} == {5}
    desk.problems.close(1, "wont_fix", because="It is replaced.")
    assert {value(desk, one, "impact") for one in tickets} == {0}


def test_of_known_problems_the_one_with_the_same_code_and_the_like_title_comes_first(
    desk: Desk,
) -> None:
    """The order of candidates, asked on the desk itself: names of things, letters of titles."""
    for at in range(12):
        open_ticket(desk, f"Shelf {at} is empty", body="Nothing in it")
    code = problem(
        desk, open_ticket(desk, "Backup ends early", body="0x8007045D"), title="Backup ends"
    )
    other = problem(
        desk, open_ticket(desk, "Backup ends early", body="0x80070005"), title="Backup ends"
    )
    mail = problem(
        desk, open_ticket(desk, "Outlook-Anmeldung klappt nicht"), title="Outlook Anmeldung"
    )
    asked = open_ticket(desk, "Backup is not finished", body="It says 0x8007045d")
    assert [fit.id for fit in desk.problems.fitting(asked)][:2] == [code, other]
    joined = open_ticket(desk, "Outlook: outlookanmeldungen schlagen fehl")
    assert desk.problems.fitting(joined)[0].id == mail


def test_the_queue_ranks_live_problems_by_what_they_cost(desk: Desk) -> None:
    vpn = [open_ticket(desk, "VPN", requester=f"p{n}@example.org") for n in range(3)]
    mouse = open_ticket(desk, "Mouse", requester="m@example.org")
    few = problem(desk, mouse)
    many = desk.problems.new({"title": "VPN timer", "severity": "high"}, vpn).of("problem")[0]
    ended = desk.problems.new({"title": "Old"}, vpn).of("problem")[0]
    desk.problems.close(ended, "wont_fix", because="Gone.")
    places = desk.problems.queue()
    assert [one.problem.id for one in places] == [many, few]
    assert (places[0].people, len(places[0].terms), places[0].above) == (3, 3, True)
    assert places[0].score == pytest.approx(3 * 3 * 4, rel=0.01)
    assert [one.problem.id for one in desk.problems.queue("timer")] == [many]
    desk.records.add("organisation", "Acme", {})
    desk.records.set("person", "p1@example.org", {"organisation": "Acme"})
    desk.admin.set_group("Network", level=2)
    verbs(desk).escalate([mouse], "Network", "Ping fails.", ["Look at the switch"])
    (acme,) = desk.problems.queue("client:ACME")
    assert [one.ticket for one in acme.terms] == [vpn[1]]
    assert [one.problem.id for one in desk.problems.queue("group:network")] == [few]


def test_a_problem_says_what_it_cost_by_month_with_lost_time_where_it_was_asked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime(2026, 11, 25, 12, tzinfo=UTC)
    some = [open_ticket(desk, "VPN", requester=f"p{n}@example.org", at=noon) for n in range(2)]
    desk.tickets.do([some[0]], Change(people=3))
    for name, text in (("zone", "UTC"), ("hours", "Mon-Fri 8:00-18:00"), ("holidays", "")):
        desk.desk_settings.set(name, text)
    desk.desk_settings.set("cost.customer_hour", "50")
    number = problem(desk, *some, state="open")
    monkeypatch.setattr(clock, "now", lambda: noon + timedelta(hours=4))
    values, _ = measured("open", {"kind": "training", "owner": "cy", "cost": "1500"})
    operation = desk.problems.set(number, values).operation_id
    page = desk.problems.page(number)
    assert page.view.state == "fix_planned"
    (month,) = page.bill.months
    assert (month.month, month.tickets, month.people, month.lost, month.asked) == (
        *("2026-11", 2, 2, 12.0, 1),
    )
    assert measure(page) == "training, cy, costs 1500: pays for itself in 3 months"
    assert [one.words for one in page.history] == [
        "edited: measure training; measure cost 1500; measure owner cy; state open → fix planned",
        "opened: severity normal; state open; title VPN gateway",
    ]
    desk.ledger.undo(operation)
    assert desk.problems.page(number).view.measure_owner == ""


def test_a_measure_that_was_taken_releases_and_wont_fix_wants_a_reason(desk: Desk) -> None:
    number = problem(desk, open_ticket(desk), state="open")
    with pytest.raises(UsageError, match="shipped, not taken"):
        measured("open", {"kind": "release"}, taken=True)
    with pytest.raises(UsageError, match="measure 'prayer'"):
        measured("open", {"kind": "prayer"})
    values, _ = measured("open", {"kind": "replacement"}, taken=True)
    desk.problems.set(number, values)
    assert desk.problems.show(number).state == "released"
    assert measured("released", {"kind": "wont-fix", "because": "Old."}) == (
        {"reason": "Old."},
        True,
    )


def test_two_problems_become_one_with_tickets_promises_and_releases_and_back(desk: Desk) -> None:
    one, two = open_ticket(desk, "VPN"), open_ticket(desk, "No VPN", requester="b@example.org")
    stays = problem(desk, one, state="open", found="2.3")
    gone = problem(desk, two, title="Tunnel", state="open", found="2.1", workaround="Web mail")
    verbs(desk).close([two], "recorded")
    desk.records.add("release", "Router 2.4", {"problems": f"P{gone}", "words": "Mended."})
    desk.problems.merge(gone, stays)
    view = desk.problems.show(stays)
    assert (view.tickets, view.found, view.workaround) == ((one, two), "2.1, 2.3", "Web mail")
    assert desk.problems.show(gone).state == "wont_fix"
    assert desk.problems.show(gone).tickets == ()
    assert desk.releases.show("Router 2.4").problems == (stays,)
    with pytest.raises(RefusedError, match="was told that"):
        desk.problems.link(stays, [two], off=True)
    desk.ledger.undo()
    assert desk.problems.show(stays).tickets == (one,)
    assert (desk.problems.show(gone).tickets, desk.problems.show(gone).state) == (
        *((two,), "fix_planned"),
    )
    assert desk.releases.show("Router 2.4").problems == (gone,)
    desk.problems.close(stays, because="Gone.")
    with pytest.raises(RefusedError, match="has ended"):
        desk.problems.merge(gone, stays)
    with pytest.raises(UsageError, match="into itself"):
        desk.problems.merge(gone, gone)


def test_a_problem_is_parted_and_put_together_again(desk: Desk) -> None:
    some = [open_ticket(desk, "VPN") for _ in range(3)]
    number = problem(desk, *some, state="open", product="Router", severity="high")
    made = desk.problems.split(number, [some[2]], "Tunnel").of("problem")[0]
    part = desk.problems.show(made)
    assert (part.tickets, part.product, part.severity, part.state) == (
        *((some[2],), "Router", "high", "open"),
    )
    assert desk.problems.show(number).tickets == tuple(some[:2])
    desk.ledger.undo()
    assert desk.problems.show(number).tickets == tuple(some)
    with pytest.raises(RefusedError, match="none of these"):
        desk.problems.split(number, [99], "Tunnel")


def test_the_people_of_a_problem_are_not_counted_once_a_ticket_when_all_of_them_change(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets = [open_ticket(desk, requester=f"p{n}@example.org") for n in range(30)]
    desk.problems.new({"title": "The VPN drops"}, tickets)
    asked: list[str] = []
    read = Database.all

    def counting(self: Database, sql: str, /, **params: object) -> Any:
        asked.append(sql)
        return read(self, sql, **params)

    monkeypatch.setattr(Database, "all", counting)
    done = verbs(desk).change(tickets[:28], urgent=True)
    desk.ledger.undo(done.operation_id)
    assert sum("count(DISTINCT t.requester_id)" in sql for sql in asked) <= 2 * 22
    monkeypatch.undo()
    assert {value(desk, one, "impact") for one in tickets} == {30}
