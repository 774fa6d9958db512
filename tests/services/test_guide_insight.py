"""Guides from use, on a real desk: outcomes joined with what became of the tickets."""

from importlib import import_module

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import ConflictError
from deskterm.domain.shares import Share
from deskterm.reports.pack_page import markdown_pack
from deskterm.reports.shown import Wish
from deskterm.storage import runs
from tests.builders import open_ticket
from tests.unit.guide_makers import SMALL
from tests.verbs import verbs


def finished(desk: Desk) -> int:
    """Walk the small guide on a new ticket until it solves it."""
    ticket = open_ticket(desk)
    run = desk.runs.start("small", ticket)
    for reply in ("Yes", "1", "Fixed"):
        run = desk.runs.answer(run.id, reply)
    desk.runs.finish(run.id)
    return ticket


def shelved(desk: Desk, text: str = SMALL) -> None:
    desk.admin.set_group("network", level=2)
    desk.guides.add(text)


def test_a_fix_counts_as_long_as_its_ticket_does_not_come_back(desk: Desk) -> None:
    shelved(desk)
    tickets = [finished(desk) for _ in range(2)]
    assert desk.insight.guide("small").usage.fixed == Share(2, 2)
    verbs(desk).reopen([tickets[0]], "It is back.")
    assert desk.insight.guide("small").usage.fixed == Share(1, 2)
    desk.ledger.undo()
    assert desk.insight.guide("small").usage.fixed == Share(2, 2)


def test_a_guide_changed_in_between_shows_both_versions(desk: Desk) -> None:
    shelved(desk)
    finished(desk)
    shelved(desk, SMALL.replace("Small one", "Small two"))
    finished(desk)
    assert list(desk.insight.guide("small").versions) == [2, 1]


def test_the_overview_names_what_has_no_guide(desk: Desk) -> None:
    desk.admin.set_category("knitting/needles")
    found = desk.insight.guides()
    assert "knitting/needles" in found.uncovered
    assert all(one.usage.runs == 0 for one in found.guides)


def test_runs_without_a_ticket_are_rehearsals_and_do_not_count(desk: Desk) -> None:
    shelved(desk)
    desk.runs.start("small", None)
    with desk.store.reading() as database:
        assert runs.with_outcome(database, "small", 10) == []


def test_a_save_is_refused_where_somebody_else_saved_meanwhile(desk: Desk) -> None:
    shelved(desk)
    text = desk.guides.text("small")
    desk.guides.add(SMALL.replace("Small one", "Small two"), note="first", seen=text.version)
    mine = SMALL.replace("Small one", "Small three")
    with pytest.raises(ConflictError, match="version 2 by cy meanwhile"):
        desk.guides.add(mine, note="second", seen=text.version)
    with pytest.raises(ConflictError):
        desk.guides.add(mine, note="a new guide of that name", seen=0)
    assert [one.note for one in desk.guides.versions("small")] == ["first", ""]


def test_a_text_that_is_tried_leaves_no_trace(desk: Desk) -> None:
    shelved(desk)
    trial = desk.guides.rehearse(SMALL.replace("Is the light on?", "Lit?"))
    assert trial.start("small").ask == "Lit?"
    assert trial.answer(0, "No").ask == "Is it well?"
    end = trial.answer(0, "Fixed").conclusion
    assert end is not None
    assert trial.finish(0).operation_id == ""
    assert not desk.runs.open_runs()
    assert len(desk.guides.versions("small")) == 1


def test_which_end_fixed_it_is_kept_counted_and_asked_for(desk: Desk) -> None:
    shelved(desk)
    lasted, came_back = finished(desk), finished(desk)
    verbs(desk).finish([lasted, came_back], "As the guide says.", "by phone")
    verbs(desk).reopen([came_back], "It is back.")
    passed = open_ticket(desk)
    run = desk.runs.start("small", passed)
    desk.runs.finish(run.id, "escalate", "No time.", "network")
    found = desk.figures.show(Wish(("reopened", "logged"), by="end")).rows
    assert {(row.figure.name, row.part): row.value.number for row in found} == {
        ("reopened", "Small one: The plug"): 0.5,
        ("reopened", "Small one: ended early, at “Is the light on?”"): None,
        ("logged", "Small one: The plug"): 2,
        ("logged", "Small one: ended early, at “Is the light on?”"): 1,
    }
    for row in found:
        assert sorted(desk.board.ids(row.query)) == sorted(row.tickets())
    assert sorted(desk.board.ids("guide:small/done")) == [lasted, came_back]
    assert list(desk.board.ids('guide:"small/light, early"')) == [passed]
    helped = desk.figures.today("30d").helped
    assert [(one.kind, one.name, one.solved, one.returned) for one in helped] == [
        ("end", "Small one: The plug", 2, 1)
    ]
    assert "| guide Small one: The plug | 2 | 1 |" in markdown_pack(desk.figures.pack("30d"))
    by_guide = desk.figures.show(Wish(("logged",), by="guide")).rows
    assert [(row.part, row.id) for row in by_guide] == [("Small one", "small")]
    for part in ("small", "SMALL ONE"):
        asked = desk.board.ids(f'figure:"logged/30d/guide={part}"')
        assert sorted(asked) == [lasted, came_back, passed]
    assert desk.insight.guide("small").ends() == [
        "done: 2 times, lasted 50 % (n 2, 9–91)",
        "never reached in 3 runs of version 1: up",
    ]
    desk.ledger.undo()
    assert not list(desk.board.ids('guide:"small/light, early"'))


def test_the_ends_of_older_runs_are_taken_from_the_ledger(desk: Desk) -> None:
    shelved(desk)
    ticket = finished(desk)
    with desk.work("test", models=True) as work:
        work.spine.run("UPDATE guide_run SET leaf = ''")
        fill = import_module("deskterm.storage.migrations.versions.0050_ends_of_guides")._fill
        fill(work.session.connection())
    assert list(desk.board.ids("guide:small/done")) == [ticket]
