"""Customers answer our questions by mail: did it work (B3), is it granted (A7), how was it (H3)."""

import re
from datetime import timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.verbs import Close
from deskterm.mail.answers import NO, YES, Answer, Question, answer_address, answer_of
from tests.builders import count, open_ticket, solved_ticket, value
from tests.verbs import verbs


def secret(desk: Desk) -> str:
    with desk.store.reading() as database:
        row = database.one("SELECT value FROM secret WHERE name = 'token'")
    assert row is not None
    return str(row["value"])


def entry(desk: Desk, event: str) -> int:
    """Give the newest ledger entry of an event."""
    with desk.store.reading() as database:
        row = database.one("SELECT max(id) AS id FROM ledger WHERE event = :event", event=event)
    assert row is not None
    return int(row["id"])


def address(desk: Desk, question: Question, choice: str, ticket: int, asked: int) -> str:
    answer = Answer(question, ticket, int(value(desk, ticket, "requester_id")), asked, choice)
    return answer_address("help@localhost", answer, secret(desk))


def mail(desk: Desk, to: str, body: str = "", **headers: str) -> Any:
    fields = {"From": "Ada Moss <ada@example.org>", "To": to, "Subject": "Answer", **headers}
    lines = [f"{name.replace('_', '-')}: {text}" for name, text in fields.items()]
    desk.inbox.receive("\r\n".join([*lines, "", body]).encode())
    return desk.inbox.process()


def solved(desk: Desk, *, verified: bool = True) -> int:
    number = solved_ticket(desk, watchers=("Bo <bo@example.org>",))
    if verified:
        verbs(desk).verify([number], "craft", "ok")
    return number


def letters(desk: Desk, template: str) -> list[str]:
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT recipient FROM outbox WHERE template = :template ORDER BY id", template=template
        )
    return [row["recipient"] for row in rows]


def test_a_yes_closes_what_the_technician_has_verified(desk: Desk) -> None:
    number = solved(desk)
    to = address(desk, Question.WORKED, YES, number, entry(desk, "solved"))
    assert mail(desk, to, "Yes, it works\r\n\r\nThank you!").replies == 1
    shown = desk.tickets.show(number)
    assert (shown.state, shown.outcome, shown.customer_proof) == ("closed", "solved", "ok")
    verified = next(one for one in shown.timeline if one.event == "verified" and one.public)
    assert (verified.who, verified.text) == ("Ada Moss", "Thank you!")
    assert [one.status for one in shown.steps if one.step == "confirm"] == ["done"]
    assert letters(desk, "closed") == ["bo@example.org"]


def test_a_yes_before_the_technician_verified_is_kept_and_closes_nothing(desk: Desk) -> None:
    number = solved(desk, verified=False)
    mail(desk, address(desk, Question.WORKED, YES, number, entry(desk, "solved")))
    assert value(desk, number, "state") == "solved"
    assert value(desk, number, "customer_proof") == "ok"


def test_a_no_takes_the_work_up_again(desk: Desk) -> None:
    number = solved(desk)
    to = address(desk, Question.WORKED, NO, number, entry(desk, "solved"))
    mail(desk, to, "No, it does not work\r\n\r\nIt blinks.")
    shown = desk.tickets.show(number)
    assert (shown.state, shown.customer_proof) == ("open", None)
    assert shown.timeline[-1].text == "It blinks."
    assert letters(desk, "reopened") == ["bo@example.org"]


def test_an_answer_by_address_counts_for_whom_it_was_made_and_says_who_sent_it(desk: Desk) -> None:
    number = solved(desk)
    to = address(desk, Question.WORKED, YES, number, entry(desk, "solved"))
    mail(desk, to, From="someone@else.test")
    (verified,) = (
        one for one in desk.tickets.show(number).timeline if one.data.get("by") == "customer"
    )
    assert (verified.who, verified.data["sent_by"]) == ("Ada Moss", "someone@else.test")


def test_an_answer_of_an_earlier_round_changes_nothing_by_itself(desk: Desk) -> None:
    number = solved(desk)
    early = address(desk, Question.WORKED, YES, number, entry(desk, "solved"))
    verbs(desk).reopen([number], "It is back.")
    verbs(desk).solve([number], "A new cable.")
    verbs(desk).verify([number], "craft", "ok")
    mail(desk, early)
    assert value(desk, number, "state") == "solved"
    assert desk.tickets.show(number).timeline[-1].data["late"] is True


def test_a_late_no_reopens_like_any_reply(desk: Desk) -> None:
    number = solved(desk)
    to = address(desk, Question.WORKED, NO, number, entry(desk, "solved"))
    verbs(desk).close([number], "solved", "She said so on the phone.")
    mail(desk, to, "No, it does not work")
    assert value(desk, number, "state") == "open"


def test_an_answer_that_is_neither_yes_nor_no_reopens_nothing_and_is_asked_about(
    desk: Desk,
) -> None:
    number = solved(desk)
    with desk.store.reading() as database:
        row = database.one(
            "SELECT message_id FROM outbox WHERE template = 'solved' "
            "AND recipient = 'ada@example.org'"
        )
    assert row is not None
    mail(desk, "help@localhost", "Could you call me, please?", In_Reply_To=row["message_id"])
    shown = desk.tickets.show(number)
    assert (shown.state, shown.craft_proof) == ("solved", "ok")
    assert shown.timeline[-1].text == "Could you call me, please?"
    assert [(one.asks, one.why) for one in shown.questions] == [("reopen", "unsure")]
    verbs(desk).allow([number])
    assert value(desk, number, "state") == "open"


def test_forged_answers_and_machines_decide_nothing(desk: Desk) -> None:
    number = solved(desk)
    asked = entry(desk, "solved")
    good = address(desk, Question.WORKED, YES, number, asked)
    forged = good.replace("-y.", "-n.")
    mail(desk, forged, From="eve@example.org")
    mail(desk, good, "I am away.", Auto_Submitted="auto-replied")
    assert value(desk, number, "state") == "solved"
    assert value(desk, number, "customer_proof") is None


@pytest.mark.parametrize(
    ("sender", "body", "state"),
    [
        ("ada@example.org", "Yes", "closed"),
        ("ada@example.org", "no\r\n\r\n> Does it work for you?", "open"),
        ("bo@example.org", "Yes", "solved"),
        ("ada@example.org", "Yes, it works, thanks", "closed"),
        ("ada@example.org", "ja, geht wieder, danke", "closed"),
        ("ada@example.org", "ok", "closed"),
        ("ada@example.org", "Yes, but it does not work", "open"),
        ("ada@example.org", "thanks", "solved"),
    ],
)
def test_a_word_in_reply_to_our_question_counts_from_whom_we_asked(
    desk: Desk, sender: str, body: str, state: str
) -> None:
    number = solved(desk)
    with desk.store.reading() as database:
        row = database.one(
            "SELECT message_id FROM outbox WHERE template = 'solved' "
            "AND recipient = 'ada@example.org'"
        )
    assert row is not None
    mail(desk, "help@localhost", body, From=sender, In_Reply_To=row["message_id"])
    assert value(desk, number, "state") == state


def test_the_letter_offers_what_can_be_answered(desk: Desk) -> None:
    number = solved(desk)
    texts = [letter.text for letter in desk.outbox.preview(number)]
    hers, his = (text for text in texts if "believe" in text)
    offered = re.findall(r"mailto:(help\+aw[^\s]+)", hers)
    assert offered == [
        address(desk, Question.WORKED, choice, number, entry(desk, "solved"))
        for choice in (YES, NO)
    ]
    assert "mailto:" not in his
    assert "have asked Ada Moss whether it works" in his


def test_a_preview_of_words_hands_out_no_answer_that_counts(desk: Desk) -> None:
    number = solved(desk)
    shown = desk.wording.preview("solved", ticket=number).text
    offered = re.findall(r"mailto:(help\+aw[^\s]+)", shown)
    assert len(offered) == 2
    assert not any(answer_of(one, (secret(desk),)) for one in offered)


def _closed(desk: Desk, **how: Any) -> int:
    number = solved(desk, **how)
    verbs(desk).close([number], "solved", "She said so.")
    return number


def _later(hours: float) -> Any:
    return clock.now() + timedelta(hours=hours)


def _polls(desk: Desk, hours: float = 25) -> int:
    from deskterm.services.reminders import Surveys

    return Surveys(desk.store, desk.letters).run(_later(hours))


def test_the_poll_is_asked_once_a_ticket_some_time_after_closing(desk: Desk) -> None:
    number = _closed(desk)
    assert _polls(desk, hours=1) == 0
    assert _polls(desk) == 1
    assert _polls(desk) == 0
    assert letters(desk, "poll") == ["ada@example.org"]
    verbs(desk).reopen([number], "It is back.")
    verbs(desk).close([number], "unsolved", "Not wanted.")
    desk.desk_settings.set("poll.days", "0")
    assert _polls(desk) == 0


def test_the_poll_spares_spam_duplicates_the_cancelled_and_whoever_was_asked_lately(
    desk: Desk,
) -> None:
    verbs(desk).close([open_ticket(desk)], "spam")
    desk.tickets.do([open_ticket(desk)], Close("duplicate", of=1))
    verbs(desk).cancel([open_ticket(desk)], "Not wanted.")
    mail(desk, "help@localhost", "Disk full", Auto_Submitted="auto-generated", Subject="Alert")
    verbs(desk).close([4], "unsolved", "Only an alert.")
    assert _polls(desk) == 0
    _closed(desk)
    _closed(desk)
    assert _polls(desk) == 1
    desk.desk_settings.set("poll.days", "0")
    desk.desk_settings.set("poll.on", "no")
    assert _polls(desk) == 0


def test_of_who_is_not_content_a_call_is_proposed_once(desk: Desk) -> None:
    number = _closed(desk)
    _polls(desk)
    asked = entry(desk, "polled")
    for score in ("2", "1"):
        to = address(desk, Question.SCORE, score, number, asked)
        mail(desk, to, "2 - dissatisfied\r\n\r\nSlow.")
    (promise,) = desk.promises.list()
    assert (promise.id, promise.note) == (f"call.{number}.1", "rated 2 of 5: Slow.")
    desk.promises.drop(promise.id, "said sorry at lunch")
    assert desk.promises.list() == []
    desk.ledger.undo()
    assert [one.id for one in desk.promises.list()] == [promise.id]


def test_one_vote_a_ticket_the_last_counts_and_nothing_reopens(desk: Desk) -> None:
    number = _closed(desk)
    _polls(desk)
    asked = entry(desk, "polled")
    mail(desk, address(desk, Question.SCORE, "2", number, asked), "2 - dissatisfied\r\n\r\nSlow.")
    with desk.store.reading() as database:
        row = database.one("SELECT message_id FROM outbox WHERE template = 'poll'")
    assert row is not None
    mail(desk, "help@localhost", "5\r\nFine now.", In_Reply_To=row["message_id"])
    shown = desk.tickets.show(number)
    assert (shown.state, shown.rating, shown.rating_comment) == ("closed", 5, "Fine now.")
    votes = [(one.data["score"], one.text) for one in shown.timeline if one.event == "rated"]
    assert votes == [(2, "Slow."), (5, "Fine now.")]
    assert count(desk, "outbox", "template = 'received'") == 0
