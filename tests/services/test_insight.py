"""Figures of the process, read from the ledger of a real desk on both databases (B4)."""

import json
from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.shares import Share
from deskterm.domain.vocabulary import Step
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.figures import reports_since
from deskterm.storage.redactions import rewritten
from deskterm.triage.query import parse
from tests.builders import open_ticket, solved_ticket
from tests.histories import BEGUN
from tests.verbs import verbs


def closed_ticket(desk: Desk, reason: str = "No answer after two reminders.", **values: str) -> int:
    """Open, solve, verify and close a ticket without the customer's word."""
    number = solved_ticket(desk, **values)
    verbs(desk).verify([number], "craft", "ok")
    verbs(desk).close([number], "solved", reason)
    return number


def test_steps_are_counted_on_closed_tickets_and_what_was_undone_did_not_happen(
    desk: Desk,
) -> None:
    number = closed_ticket(desk)
    open_ticket(desk)
    spam = open_ticket(desk, subject="Win a phone")
    verbs(desk).close([spam], "spam")
    found = desk.insight.steps()
    confirm = found.steps[8]
    assert (found.tickets, confirm.step) == (1, Step.CONFIRM)
    assert confirm.skipped == [number]
    assert confirm.shares()[1] == Share(1, 1)
    assert confirm.reasons == {"No answer after two reminders.": 1}
    verbs(desk).reopen([number], "It is back.")
    assert desk.insight.steps().tickets == 1
    desk.ledger.undo()
    assert desk.insight.steps().steps[8].skipped == [number]


def test_a_query_narrows_and_a_span_that_is_none_is_refused(desk: Desk) -> None:
    closed_ticket(desk, subject="Screen dark")
    assert desk.insight.steps("90d", "screen").tickets == 1
    assert desk.insight.steps("90d", "toner").tickets == 0
    with pytest.raises(UsageError, match="30d"):
        desk.insight.steps("yesterday")


def test_a_mistake_names_its_tickets_and_an_undone_one_was_none(desk: Desk) -> None:
    number = closed_ticket(desk)
    verbs(desk).reopen([number], "It is back.")
    seen = {one.mistake.name: one.tickets for one in desk.insight.mistakes().mistakes}
    assert seen["wrong fixer"] == seen["assumer"] == seen["closer"] == [number]
    assert seen["hit-and-run"] == seen["misdelegator"] == []
    desk.ledger.undo()
    seen = {one.mistake.name: one.tickets for one in desk.insight.mistakes().mistakes}
    assert seen["wrong fixer"] == []


def test_nobody_answered_in_time_is_told_by_what_was_promised(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [BEGUN]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    for promise, late in (("2h always", True), ("3d always", False)):
        desk.desk_settings.set("promise.response", promise)
        number = open_ticket(desk, channel="email")
        now[0] += timedelta(hours=5)
        verbs(desk).reply([number], "We look at it.")
        verbs(desk).finish([number], "Cable.", "no answer")
        (ogre,) = [one for one in desk.insight.mistakes().mistakes if one.mistake.name == "ogre"]
        assert (number in ogre.tickets) == late
    assert "later than promised" in desk.insight.mistakes(whys=True).mistakes[0].seen[0].why


def test_no_technician_is_named_in_any_figure(desk: Desk) -> None:
    verbs(desk).reopen([closed_ticket(desk)], "It is back.")
    told = f"{desk.insight.steps()}{desk.insight.mistakes()}{desk.insight.customers()}"
    assert desk.me not in told


def test_customers_who_report_well_and_the_same_trouble_again(desk: Desk) -> None:
    desk.admin.set_category("printing")
    same = [
        open_ticket(desk, subject="Toner smears on page two", category="printing") for _ in range(2)
    ]
    open_ticket(desk, subject="Scanner lamp broken", category="printing")
    verbs(desk).wait(same[1:], "customer", "3d")
    found = desk.insight.customers()
    assert [(one.name, one.tickets) for one in found.again] == [("Ada Moss", tuple(same))]
    assert (found.reports, found.best, found.helped) == (3, (), ())


def test_who_was_asked_back_is_told_by_entries_written_with_spaces_and_without(desk: Desk) -> None:
    asked, older, never = (open_ticket(desk, subject="Toner smears") for _ in range(3))
    verbs(desk).wait([asked], "customer", "3d")
    verbs(desk).wait([never], "other", "3d")
    with desk.store.work("cy") as work:
        work.claim("wait")
        number = work.record(("ticket", older), "waiting")
        work.spine.run(
            "INSERT INTO redaction (entry_id, operation_id, digest) VALUES (:id, :operation, '')",
            id=number,
            operation=work.id,
        )
        told = '{"waiting_for": [null, "customer"], "waiting_reason": ["", "asked"]}'
        work.spine.run("UPDATE ledger SET changes = :told WHERE id = :id", id=number, told=told)
    with desk.store.reading() as database:
        since = clock.now() - timedelta(days=1)
        reports = list(reports_since(database, parse(""), Asked("cy", clock.now()), since))
        entry = database.one("SELECT changes FROM ledger WHERE event = 'waiting' ORDER BY id")
    assert entry is not None
    assert ": " not in entry["changes"]
    assert [one.ticket for one, _ in reports if one.asked_back] == [older, asked]
    assert rewritten(told, json.loads(told)) == told
    assert rewritten(told, {"subject": (1, 2)}) == '{"subject":[1,2]}'
