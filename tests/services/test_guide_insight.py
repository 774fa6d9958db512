"""Guides from use, on a real desk: outcomes joined with what became of the tickets."""

from deskterm.bootstrap import Desk
from deskterm.domain.shares import Share
from deskterm.storage import runs
from tests.builders import open_ticket
from tests.unit.guide_makers import SMALL


def finished(desk: Desk) -> int:
    """Walk the small guide on a new ticket until it solves it."""
    ticket = open_ticket(desk)
    run = desk.guides.start("small", ticket)
    for reply in ("Yes", "1", "Fixed"):
        run = desk.guides.answer(run.id, reply)
    desk.guides.finish(run.id)
    return ticket


def shelved(desk: Desk, text: str = SMALL) -> None:
    desk.admin.set_group("network", level=2)
    desk.guides.add(text)


def test_a_fix_counts_as_long_as_its_ticket_does_not_come_back(desk: Desk) -> None:
    shelved(desk)
    tickets = [finished(desk) for _ in range(2)]
    assert desk.guides.insight("small").usage.fixed == Share(2, 2)
    desk.tickets.reopen([tickets[0]], "It is back.")
    assert desk.guides.insight("small").usage.fixed == Share(1, 2)
    desk.tickets.undo()
    assert desk.guides.insight("small").usage.fixed == Share(2, 2)


def test_a_guide_changed_in_between_shows_both_versions(desk: Desk) -> None:
    shelved(desk)
    finished(desk)
    shelved(desk, SMALL.replace("Small one", "Small two"))
    finished(desk)
    assert list(desk.guides.insight("small").versions) == [2, 1]


def test_the_overview_names_what_has_no_guide(desk: Desk) -> None:
    desk.admin.set_category("knitting/needles")
    found = desk.guides.coverage()
    assert "knitting/needles" in found.uncovered
    assert all(one.usage.runs == 0 for one in found.guides)


def test_runs_without_a_ticket_are_rehearsals_and_do_not_count(desk: Desk) -> None:
    shelved(desk)
    desk.guides.start("small", None)
    with desk.store.reading() as database:
        assert runs.with_outcome(database, "small", 10) == []
