"""Whoever owes an answer is asked twice, then the desk closes by rule (B3, A7)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskterm.bootstrap import Desk
from deskterm.calendars.calendar import Calendar
from deskterm.calendars.hours import read_holidays, read_hours
from deskterm.domain import clock
from deskterm.mail.answers import NO, YES, Answer, Question, answer_address
from deskterm.services.reminders import Open, Reminders, Rule, due
from tests.builders import count, open_ticket, solved_ticket, value
from tests.services.test_answers import entry, letters, mail, secret
from tests.verbs import verbs

_RULE = Rule(2, 4, 5, 5)
_WEEK = Calendar(read_hours("Mon-Fri 8:00-18:00"), read_holidays(["12-25"]), ZoneInfo("UTC"))
_FRIDAY = datetime(2026, 12, 18, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("times", "after", "step"),
    [
        (0, timedelta(days=3, hours=23), ""),
        (0, timedelta(days=4), "remind"),
        (1, timedelta(days=4), "remind"),
        (2, timedelta(days=9), ""),  # the sixth day is a holiday and does not count
        (2, timedelta(days=10), "end"),
        (3, timedelta(days=99), ""),
    ],
)
def test_days_of_silence_are_business_days(times: int, after: timedelta, step: str) -> None:
    question = Open(1, "solved", 7, _FRIDAY, times)
    assert due(question, _RULE, _WEEK, _FRIDAY + after) == step


def test_a_rule_of_no_days_never_closes() -> None:
    question = Open(1, "waiting", 7, _FRIDAY, 2)
    never = _RULE._replace(close_waiting=0)
    assert due(question, never, _WEEK, _FRIDAY + timedelta(days=400)) == ""


def _remind(desk: Desk, days: float = 400) -> int:
    return Reminders(desk.store, desk.letters).run(clock.now() + timedelta(days=days))


def test_what_waits_for_the_customer_is_asked_twice_then_closed_with_the_rule_s_name(
    desk: Desk,
) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "customer", reason="Which printer is it?")
    assert _remind(desk, days=0) == 0
    assert [_remind(desk) for _ in range(4)] == [1, 1, 1, 0]
    shown = desk.tickets.show(number)
    assert (shown.state, shown.outcome) == ("closed", "unsolved")
    assert shown.close_reason == "asked twice, no answer in 5 business days"
    assert letters(desk, "still-waiting") == ["ada@example.org"] * 2
    first, second, closed = (one.text for one in desk.outbox.preview(number)[-3:])
    assert "Which printer is it?" in first
    assert "within 5 business days, we close the ticket" not in first
    assert "within 5 business days, we close the ticket" in second
    assert "heard nothing for 5 business days" in closed


def test_what_nobody_confirms_is_closed_as_solved_once_the_work_is_verified(desk: Desk) -> None:
    number = solved_ticket(desk)
    verbs(desk).verify([number], "craft", "ok")
    assert [_remind(desk) for _ in range(4)] == [1, 1, 1, 0]
    shown = desk.tickets.show(number)
    assert (shown.state, shown.outcome, shown.customer_proof) == ("closed", "solved", "waived")
    assert shown.close_reason == "asked twice, no answer in 5 business days"


def test_work_that_nobody_verified_is_not_closed_by_silence(desk: Desk) -> None:
    number = solved_ticket(desk)
    assert [_remind(desk) for _ in range(4)] == [1, 1, 1, 0]
    assert value(desk, number, "state") == "solved"
    assert value(desk, number, "customer_proof") == "waived"


def test_the_answer_to_a_reminder_counts(desk: Desk) -> None:
    number = solved_ticket(desk)
    verbs(desk).verify([number], "craft", "ok")
    _remind(desk)
    with desk.store.reading() as database:
        row = database.one("SELECT message_id FROM outbox WHERE template = 'still-solved'")
    assert row is not None
    mail(desk, "help@localhost", "Yes", In_Reply_To=row["message_id"])
    assert value(desk, number, "state") == "closed"
    assert value(desk, number, "customer_proof") == "ok"


def test_any_answer_ends_the_asking_and_a_new_question_begins_it_again(desk: Desk) -> None:
    number = solved_ticket(desk)
    mail(desk, "help@localhost", "Thank you!", Subject=f"Re: [#{number}]")
    assert value(desk, number, "state") == "solved"
    assert _remind(desk) == 0
    verbs(desk).reply([number], "So it works now?")
    assert _remind(desk) == 1


def test_machines_and_people_without_an_address_are_not_asked_again(desk: Desk) -> None:
    mail(desk, "help@localhost", "Disk full", Auto_Submitted="auto-generated", Subject="Alert")
    nameless = open_ticket(desk, requester="Somebody")
    verbs(desk).wait([1, nameless], "customer")
    assert _remind(desk) == 0


def test_the_asking_can_be_switched_off(desk: Desk) -> None:
    desk.desk_settings.set("remind.on", "no")
    verbs(desk).wait([open_ticket(desk)], "customer")
    assert _remind(desk) == 0


def _asking(desk: Desk) -> int:
    number = open_ticket(desk, body="A new laptop, please.")
    verbs(desk).change([number], needs="approval", approver="Bo Lind <bo@example.org>")
    return number


def _answer(desk: Desk, number: int, choice: str, person: int | None = None) -> str:
    who = person or int(value(desk, number, "approver_id"))
    answer = Answer(Question.APPROVAL, number, who, entry(desk, "approval"), choice)
    return answer_address("help@localhost", answer, secret(desk))


def test_the_approver_is_asked_and_the_requester_told_whose_word_it_needs(desk: Desk) -> None:
    number = _asking(desk)
    assert letters(desk, "approval") == ["bo@example.org"]
    _, asked, needs = (one.text for one in desk.outbox.preview(number))
    assert "A new laptop, please." in asked
    assert asked.count("mailto:help+ag") == 2
    assert "to be given by Bo Lind; we asked on" in needs
    shown = desk.tickets.show(number)
    assert (shown.needs, shown.approver, shown.approval) == ("approval", "Bo Lind", "asked")
    verbs(desk).change([number], approver="bo@example.org")
    assert count(desk, "outbox", "template = 'approval'") == 1


@pytest.mark.parametrize("ends", [{"approver": "Di <di@x.org>"}, {"needs": "nothing"}, None])
def test_a_former_approver_hears_once_that_no_decision_is_needed(
    desk: Desk, ends: dict[str, str] | None
) -> None:
    number = _asking(desk)
    with desk.work("send") as work:
        work.spine.run("UPDATE outbox SET state = 'sent'")
    if ends is None:
        verbs(desk).cancel([number], "not wanted")
    else:
        verbs(desk).change([number], values=ends)
        verbs(desk).change([number], subject="A laptop")
    assert letters(desk, "unasked") == ["bo@example.org"]
    assert any(
        "It is not needed from you any more" in one.text for one in desk.outbox.preview(number)
    )


def test_an_approver_who_is_corrected_before_the_letter_left_hears_nothing(desk: Desk) -> None:
    number = _asking(desk)
    verbs(desk).change([number], approver="Di <di@x.org>")
    assert count(desk, "outbox", "state = 'queued' AND template = 'approval'") == 1
    assert letters(desk, "unasked") == []


@pytest.mark.parametrize(("choice", "result"), [(YES, "granted"), (NO, "refused")])
def test_the_approver_decides_by_mail_and_the_requester_is_told(
    desk: Desk, choice: str, result: str
) -> None:
    number = _asking(desk)
    verbs(desk).wait([number], "approval")
    mail(desk, _answer(desk, number, choice), "The small one.", From="bo@example.org")
    shown = desk.tickets.show(number)
    assert (shown.approval, shown.state) == (result, "open")
    assert (shown.timeline[-1].who, shown.timeline[-1].text) == ("Bo Lind", "The small one.")
    assert letters(desk, "decided") == ["ada@example.org"]
    told = desk.outbox.preview(number)[-1].text
    assert f"was {result} by Bo Lind" in told
    assert "> The small one." in told


def test_nobody_else_s_mark_decides(desk: Desk) -> None:
    number = _asking(desk)
    requester = int(value(desk, number, "requester_id"))
    mail(desk, _answer(desk, number, YES, requester))
    assert value(desk, number, "approval") == "asked"


def test_an_approver_is_asked_twice_then_a_technician_is_told(desk: Desk) -> None:
    number = _asking(desk)
    assert [_remind(desk) for _ in range(4)] == [1, 1, 1, 0]
    assert letters(desk, "approval") == ["bo@example.org"] * 3
    last = desk.tickets.show(number).timeline[-1]
    assert (last.event, last.public) == ("reminded", False)
    assert "ask them in person" in last.text
    assert value(desk, number, "approval") == "asked"


def test_a_technician_writes_down_a_decision_and_can_take_it_back(desk: Desk) -> None:
    number = _asking(desk)
    done = verbs(desk).decide([number], True, "By phone.", by="Di Ray <di@example.org>")
    shown = desk.tickets.show(number)
    assert (shown.approver, shown.approval) == ("Di Ray", "granted")
    desk.ledger.undo(done.operation_id)
    assert value(desk, number, "approval") == "asked"
    verbs(desk).change([number], needs="nothing")
    assert value(desk, number, "approval") is None


def test_the_requester_hears_once_who_takes_care_of_it(desk: Desk) -> None:
    number = open_ticket(desk, watchers=("Bo <bo@example.org>",))
    verbs(desk).take([number])
    verbs(desk).take([number])
    assert letters(desk, "owner") == ["ada@example.org"]
    desk.desk_settings.set("mail.tell_owner", "no")
    verbs(desk).assign([number], None)
    verbs(desk).take([number])
    assert letters(desk, "owner") == ["ada@example.org"]


def test_whoever_acts_gets_no_letter_about_it(desk: Desk) -> None:
    number = open_ticket(desk)
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'Ada@example.org' WHERE login = 'cy'")
    verbs(desk).reply([number], "I did it myself.")
    assert letters(desk, "reply") == []
