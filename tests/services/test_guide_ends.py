"""A guide ends in a problem, new or joined, or in a visit; one operation, one undo (D4)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError
from deskterm.guides.model import GuideError
from tests.builders import open_ticket

TEXT = """
id: router
title: Router drops
applies_to: {category: [network]}
start: lights
nodes:
  lights:
    ask: Are all lights on?
    choices: {Yes: known, No: dead, Don't know: dead}
  known:
    outcome: problem
    summary: |
      VPN drops after an hour
      All lights are on at {device}.
  dead: {outcome: visit, summary: "The router at {site} is dark."}
"""


def walked(desk: Desk, ticket: int, answer: str) -> int:
    """Walk the guide to its end; gives the run."""
    desk.guides.add(TEXT)
    run = desk.runs.start("router", ticket)
    return desk.runs.answer(run.id, answer, run.version).id


def test_a_run_makes_a_problem_or_joins_the_one_it_fits(desk: Desk) -> None:
    known = desk.problems.new({"title": "VPN timer"}, [open_ticket(desk, "VPN drops")])
    ticket, other = open_ticket(desk, "VPN drops hourly"), open_ticket(desk, "VPN again")
    (number,) = known.of("problem")
    run = walked(desk, ticket, "Yes")
    assert desk.runs.conclude(run).ending == "problem"
    desk.runs.finish(run, group=f"P{number}")
    assert ticket in desk.problems.show(number).tickets
    done = desk.runs.finish(walked(desk, other, "Yes"))
    (made,) = (one for one in done.of("problem") if one != number)
    view = desk.problems.show(made)
    assert (view.title, view.tickets) == ("VPN drops after an hour", (other,))
    assert "All lights are on" in view.reproduction
    timeline = [entry.text for entry in desk.tickets.show(other).timeline]
    assert any("A problem: VPN drops after an hour" in text for text in timeline)
    desk.ledger.undo(done.operation_id)
    assert desk.problems.show(made).tickets == ()
    (again,) = desk.runs.open_runs(other)
    with pytest.raises(NotFoundError):
        desk.runs.finish(again.id, group="P99")


def test_a_run_offers_times_for_a_visit(desk: Desk) -> None:
    ticket = open_ticket(desk)
    done = desk.runs.finish(walked(desk, ticket, "No"))
    assert done.letters == 1
    said = [entry.text for entry in desk.tickets.show(ticket).timeline]
    assert any("is dark" in text for text in said)
    with desk.store.reading() as database:
        row = database.one("SELECT template FROM outbox ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert row["template"] == "visit-offer"


def test_such_ends_are_checked_and_drawn(desk: Desk) -> None:
    with pytest.raises(GuideError, match="a problem needs its `summary`"):
        desk.guides.add(TEXT.replace("summary: |", "say: |"))
    desk.guides.add(TEXT)
    drawn = desk.guides.flowchart("router")
    assert "Problem: VPN drops" in drawn
    assert "Visit: The router" in drawn
