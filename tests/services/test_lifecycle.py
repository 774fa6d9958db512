"""The way of a ticket and the closing gate, on both databases."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from tests.builders import count, open_ticket, solved_ticket, value
from tests.verbs import verbs


def test_a_call_greets_and_acknowledges(desk: Desk) -> None:
    number = open_ticket(desk, body="It blinks", category="printing", device="LT-220")
    assert value(desk, number, "state") == "new"
    steps = count(desk, "step", "status = 'done'")
    assert steps == 2  # greeted on the phone, classified by its category
    assert count(desk, "outbox", "template = 'opened' AND recipient = 'ada@example.org'") == 1


def test_taking_a_new_ticket_opens_it(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    assert (value(desk, number, "state"), value(desk, number, "assignee")) == ("open", "cy")


def test_unknown_category_suggests_the_near_one(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="did you mean 'printing'"):
        open_ticket(desk, category="pritning")
    assert count(desk, "ticket") == 0


def test_numbers_have_no_gaps_after_failures_and_dry_runs(desk: Desk) -> None:
    first = open_ticket(desk)
    with pytest.raises(UsageError):
        open_ticket(desk, channel="pigeon")
    from deskterm.domain.requests import NewTicket

    desk.tickets.new(NewTicket(requester="bo@example.org", subject="x"), how=How(dry=True))
    assert open_ticket(desk) == first + 1


def test_closing_as_solved_needs_both_words(desk: Desk) -> None:
    number = open_ticket(desk)
    with pytest.raises(RefusedError, match="not solved"):
        verbs(desk).close([number], "solved")
    verbs(desk).solve([number], "New cable.")
    with pytest.raises(RefusedError, match="not yet verified"):
        verbs(desk).close([number], "solved")
    verbs(desk).verify([number], by="craft", result="ok")
    with pytest.raises(RefusedError, match="customer has not confirmed"):
        verbs(desk).close([number], "solved")
    verbs(desk).verify([number], by="customer", result="ok")
    verbs(desk).close([number], "solved")
    assert value(desk, number, "state") == "closed"
    assert not value(desk, number, "is_open")


def test_a_named_reason_stands_in_for_the_customers_word(desk: Desk) -> None:
    number = solved_ticket(desk)
    verbs(desk).verify([number], by="craft", result="ok")
    verbs(desk).close([number], "solved", reason="left the company")
    assert value(desk, number, "customer_proof") == "waived"
    skipped = count(desk, "step", "step = 'confirm' AND status = 'skipped' AND reason <> ''")
    assert skipped == 1


def test_no_reason_replaces_the_craft_verification(desk: Desk) -> None:
    number = solved_ticket(desk)
    with pytest.raises(RefusedError, match="not yet verified"):
        verbs(desk).close([number], "solved", reason="trust me")


@pytest.mark.parametrize(("by", "back_to"), [("craft", "reproduce"), ("customer", "state")])
def test_a_failed_verification_goes_back(desk: Desk, by: str, back_to: str) -> None:
    number = solved_ticket(desk)
    for step in ("state", "reproduce"):
        verbs(desk).step([number], step)
    verbs(desk).verify([number], by=by, result="failed", reason="still offline")
    assert value(desk, number, "state") == "open"
    assert count(desk, "step", "step = :step", step=back_to) == 0
    assert count(desk, "step", "step = 'carry-out'") == 0


def test_escalation_goes_to_the_group_and_comes_back(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    verbs(desk).escalate([number], "second level", "Ping fails", actions=["check the switch"])
    assert (value(desk, number, "level"), value(desk, number, "assignee")) == (2, None)
    verbs(desk).hand_back([number], "switch was off")
    assert (value(desk, number, "level"), value(desk, number, "assignee")) == (1, "cy")
    with pytest.raises(RefusedError, match="was not escalated"):
        verbs(desk).hand_back([number])


def test_a_note_writes_no_letter_and_a_reply_one(desk: Desk) -> None:
    number = open_ticket(desk)
    before = count(desk, "outbox")
    verbs(desk).note([number], "ask Bo about it")
    assert count(desk, "outbox") == before
    verbs(desk).reply([number], "We are on it.")
    assert count(desk, "outbox", "template = 'reply'") == 1


def test_a_reply_without_any_address_says_so(desk: Desk) -> None:
    number = open_ticket(desk, requester="Walk-in Wanda")
    done = verbs(desk).reply([number], "Hello")
    assert done.letters == 0
    assert "nobody was told" in done.notes[0]


def test_finishing_is_one_operation_and_one_letter(desk: Desk) -> None:
    numbers = [open_ticket(desk, requester=f"p{n}@example.org") for n in range(4)]
    before = count(desk, "operation"), count(desk, "outbox")
    done = verbs(desk).finish(numbers, "The gateway is back.", reason="outage is over")
    assert done.letters == 4
    assert (count(desk, "operation"), count(desk, "outbox")) == (before[0] + 1, before[1] + 4)
    assert count(desk, "ticket", "state = 'closed' AND outcome = 'solved'") == 4


def test_bulk_names_what_failed_and_does_the_rest(desk: Desk) -> None:
    good, bad = open_ticket(desk), solved_ticket(desk)
    done = verbs(desk).wait([good, bad, 999], "customer")
    assert done.tickets == (good,)
    assert {(number, code) for number, _, code in done.failed} == {(bad, 5), (999, 3)}


def test_a_field_may_be_required_for_a_service_as_well_as_a_category(desk: Desk) -> None:
    desk.admin.set_category("network")
    desk.records.add("service", "Mail", {})
    desk.records.set("field", "build", {"required_for": "network, service:mail"})
    assert desk.admin.fields()[0].required_for == "network, service:Mail"
    with pytest.raises(NotFoundError, match="no service 'Post'"):
        desk.records.set("field", "build", {"required_for": "service:Post"})
    free, held = open_ticket(desk), open_ticket(desk, service="Mail")
    verbs(desk).solve([free], "Done.")
    with pytest.raises(RefusedError, match="fill in build first; service Mail needs it"):
        verbs(desk).solve([held], "Done.")
    verbs(desk).change([held], fields={"build": "7"})
    verbs(desk).solve([held], "Done.")


def test_required_field_holds_up_the_solution(desk: Desk) -> None:
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO field_definition (name, label, choices, required_for, position) "
            "VALUES ('os', 'OS', '[\"macOS\", \"Windows\"]', 'network', 0)"
        )
    number = open_ticket(desk, category="network/wifi")
    with pytest.raises(RefusedError, match="fill in os"):
        verbs(desk).solve([number], "x")
    with pytest.raises(RefusedError, match="cannot be 'BeOS'"):
        verbs(desk).change([number], fields={"os": "BeOS"})
    verbs(desk).change([number], fields={"os": "macOS"})
    verbs(desk).solve([number], "x")
