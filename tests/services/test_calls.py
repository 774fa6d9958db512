"""Taking a call: who calls, what is open, and solved before the receiver is down."""

from datetime import datetime

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import UsageError
from deskterm.domain.greeting import MISSION, MISSION_SETTING
from deskterm.domain.requests import NewTicket
from tests.builders import count, open_ticket, value
from tests.verbs import verbs

MORNING = datetime(2026, 11, 22, 8, 30).astimezone()
CALL = NewTicket(requester="Ada Moss <ada@example.org>", body="The printer is offline.")


def test_the_script_greets_by_the_hour_and_says_the_mission(desk: Desk) -> None:
    words = desk.calls.script(MORNING)
    assert words.hello == "Good morning, service desk, you speak with cy. How can I help?"
    assert words.mission == MISSION


def test_the_mission_is_a_setting_of_the_desk(desk: Desk) -> None:
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO desk_setting (key, value) VALUES (:key, '\"We mend.\"')",
            key=MISSION_SETTING,
        )
    assert desk.calls.script(MORNING).mission == "We mend."


def test_a_call_can_end_solved_verified_by_both_and_closed_in_one_operation(desk: Desk) -> None:
    done = desk.calls.solved(CALL, "Switched it on.")
    (number,) = done.tickets
    assert value(desk, number, "state") == "closed"
    assert value(desk, number, "outcome") == "solved"
    assert value(desk, number, "craft_proof") == "ok"
    assert value(desk, number, "customer_proof") == "ok"
    assert count(desk, "operation") == 1
    assert done.letters == 1
    steps = {step.step: step.status for step in desk.tickets.show(number).steps}
    assert steps["greet"] == steps["verify"] == steps["confirm"] == "done"


def test_without_the_callers_word_the_reason_is_kept(desk: Desk) -> None:
    (number,) = desk.calls.solved(CALL, "Reset it.", waived="they had to run").tickets
    assert value(desk, number, "customer_proof") == "waived"
    step = desk.tickets.show(number).steps[8]
    assert (step.status, step.reason) == ("skipped", "they had to run")


def test_a_solved_call_needs_words_and_is_stored_once(desk: Desk) -> None:
    with pytest.raises(UsageError):
        desk.calls.solved(CALL, " ")
    assert count(desk, "ticket") == 0
    operation = "6f4f4a2e-0000-4000-8000-000000000001"
    desk.calls.solved(CALL, "Switched it on.", how=How(operation))
    assert desk.calls.solved(CALL, "Switched it on.", how=How(operation)).repeated
    assert count(desk, "ticket") == 1


def test_undo_takes_the_whole_call_back(desk: Desk) -> None:
    (number,) = desk.calls.solved(CALL, "Switched it on.").tickets
    desk.ledger.undo()
    assert value(desk, number, "state") == "cancelled"


def test_a_callers_tickets_come_open_ones_first(desk: Desk) -> None:
    first, second, third = (open_ticket(desk, f"Trouble {at}") for at in range(3))
    verbs(desk).close([third], outcome="spam")
    open_ticket(desk, requester="Ben <ben@example.org>")
    person = desk.tickets.show(first).requester
    assert person is not None
    assert [row.id for row in desk.calls.tickets_of(person.id)] == [second, first, third]


def test_what_is_open_and_reads_like_it_is_found(desk: Desk) -> None:
    gone = open_ticket(desk, "VPN says no route to host")
    here = open_ticket(desk, "VPN no route since lunch", body="The VPN says no route.")
    open_ticket(desk, "Printer jams", body="Paper is stuck in tray two.")
    assert {one.id for one in desk.calls.alike("vpn says no route")} == {gone, here}
    verbs(desk).close([gone], outcome="spam")
    assert [one.id for one in desk.calls.alike("vpn says no route")] == [here]


def test_the_names_behind_the_numbers_of_a_timeline(desk: Desk) -> None:
    path = desk.calls.categories()[0]
    number = open_ticket(desk)
    verbs(desk).change([number], named={"category": path, "device": "LT-220"})
    names = desk.ledger.names(desk.tickets.show(number).timeline)
    assert list(names["category_id"].values()) == [path]
    assert list(names["device_id"].values()) == ["LT-220"]
    assert list(names["requester_id"].values()) == ["Ada Moss"]
