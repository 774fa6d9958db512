"""The offer is pruned (H8, semantics.md §11): use by service, proposals by stated limits."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.shares import Share
from deskterm.domain.times import AddTime
from deskterm.reports.pruning import COLUMNS, Limits, Use, proposals
from tests.builders import open_ticket
from tests.services.test_promises import Time, time, utc_desk
from tests.verbs import verbs

__all__ = ["time", "utc_desk"]
LIMITS = Limits(seldom=5, costly=60, kept=80, satisfied=70)
BUSY = Use("Mail", 50, 20, 3600, Share(95, 100), Share(9, 10), None)


def test_a_service_is_proposed_by_each_limit_and_few_cases_propose_nothing() -> None:
    assert proposals(BUSY, 100, LIMITS) == []
    assert proposals(BUSY._replace(tickets=0), 100, LIMITS) == [
        "not used: is it offered to anybody?"
    ]
    assert proposals(BUSY._replace(tickets=4), 100, LIMITS) == [
        "seldom used: less than 5 % of the tickets"
    ]
    assert proposals(BUSY._replace(seconds=50 * 3601), 100, LIMITS) == [
        "costly: more than 60 min worked a ticket"
    ]
    poor = BUSY._replace(met=Share(7, 10), satisfied=Share(2, 9))
    assert proposals(poor, 100, LIMITS) == ["below target: less than 80 % promises kept"]


def test_use_is_counted_by_service_and_from_each_row_to_its_tickets(
    utc_desk: Desk, time: Time
) -> None:
    del time
    for name in ("Mail", "Fax", "=1+1"):
        utc_desk.records.set("service", name, {})
    one = open_ticket(utc_desk, service="Mail")
    other = open_ticket(utc_desk, service="Mail", requester="Bo <bo@example.org>")
    open_ticket(utc_desk)
    verbs(utc_desk).take([one])
    utc_desk.tickets.do([one], AddTime("3h"))
    rows = {row.cells["service"].text: row for row in utc_desk.offers.pruned().rows}
    mail = rows["Mail"]
    assert [mail.cells[name].value for name in COLUMNS[1:5]] == [2, 2 / 3, 2, 3 * 3600]
    assert mail.cells["last_used"].text == "2026-11-23"
    assert list(mail.tickets) == [other, one]
    assert mail.told == ["costly: more than 60 min worked a ticket"]
    assert rows["Fax"].told == ["not used: is it offered to anybody?"]
    assert rows["Fax"].cells["last_used"].text == "never"
    utc_desk.desk_settings.set("offer.costly", "120")
    again = {row.cells["service"].text: row for row in utc_desk.offers.pruned("2026-11").rows}
    assert again["Mail"].told == []


def test_a_proposal_is_decided_once_kept_as_a_decision_and_taken_back(
    utc_desk: Desk, time: Time
) -> None:
    del time
    desk = utc_desk
    for name in ("Mail", "Fax"):
        desk.records.set("service", name, {})
    open_ticket(desk, service="Mail")
    desk.offers.decide("fax", accept=False, why="One plant has nothing else.")
    (made,) = desk.records.list("decision")
    assert (made["name"], made["service"]) == ("Service Fax: not used", "Fax")
    assert made["answer"] == "Declined: it stays as it is. One plant has nothing else."
    assert made["taken_by"] == desk.me
    assert "0 tickets (0 %) of 0 people" in made["words"]
    rows = {row.cells["service"].text: row for row in desk.offers.pruned().rows}
    assert rows["Fax"].cells["decided"].text == "declined 2026-11-23"
    desk.offers.decide("Fax", accept=True)
    (again,) = desk.records.list("decision")
    assert again["answer"].startswith("Accepted: ")
    for name in ("Declined", ""):
        desk.ledger.undo()
        assert [one["answer"][:8] for one in desk.records.list("decision")] == [name] * bool(name)
    desk.records.add("decision", "Do we need faxes?", {"service": "Fax"})
    rows = {row.cells["service"].text: row for row in desk.offers.pruned().rows}
    assert rows["Fax"].cells["decided"].text == "the board is asked"
    desk.offers.decide("Fax", accept=True)
    (asked,) = desk.records.list("decision")
    assert (asked["name"], asked["taken"]) == ("Do we need faxes?", "2026-11-23")
    with pytest.raises(RefusedError, match="nothing is proposed of Mail"):
        desk.offers.decide("Mail", accept=True)
    with pytest.raises(NotFoundError, match="no service 'Fex'"):
        desk.offers.decide("Fex", accept=True)
