"""Remedies are offered as choices; who chose what, when and how is kept, on both databases."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.remedies import Remedy, read_remedy
from tests.builders import count, open_ticket, value
from tests.mails import last_entry, mail_bytes, send_all, take
from tests.verbs import verbs

REPAIR = Remedy("Repair it now", "30 min", "free", "a restart")
REPLACE = Remedy("A new set", "2 h")


def test_remedies_are_offered_numbered_and_the_choice_is_kept(desk: Desk) -> None:
    ticket = open_ticket(desk)
    with pytest.raises(RefusedError, match="nothing was offered"):
        desk.solutions.choose(ticket, 1)
    letters = count(desk, "outbox")
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    assert count(desk, "outbox") == letters + 1
    words = "%1. Repair it now (takes 30 min; costs: free; note: a restart)\n2. A new set (%"
    assert count(desk, "ledger", "event = 'replied' AND text LIKE :words", words=words) == 1
    with pytest.raises(UsageError, match="1 to 2"):
        desk.solutions.choose(ticket, 3)
    done = desk.solutions.choose(ticket, 2, means="by phone")
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert found.remedies == (REPAIR, REPLACE)
    assert (found.chosen, found.chosen_by, found.how) == (2, "customer", "by phone")
    assert count(desk, "step", "step IN ('propose', 'select') AND status = 'done'") == 2
    desk.ledger.undo(done.operation_id)
    again = desk.solutions.offered(ticket)
    assert again is not None
    assert again.chosen is None
    assert count(desk, "step", "step = 'select'") == 0
    desk.solutions.offer(ticket, [REPLACE], letter=False)
    assert count(desk, "outbox") == letters + 1


def reply_to_the_offer(desk: Desk, body: str) -> None:
    sent = [one for one in send_all(desk) if one["recipient"] == "ada@example.org"]
    take(desk, mail_bytes("Re: Printer", body, in_reply_to=sent[-1]["message_id"]))


def test_a_number_by_mail_chooses_and_ends_the_waiting(desk: Desk) -> None:
    ticket = open_ticket(desk)
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    verbs(desk).wait([ticket], "customer")
    reply_to_the_offer(desk, "2 please\n\nAfter lunch, if you can.\n\n> 1. Repair it now")
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert (found.chosen, found.chosen_by, found.how) == (2, "Ada Moss", "by mail")
    assert value(desk, ticket, "state") == "open"
    assert last_entry(desk)["text"] == "After lunch, if you can."
    assert last_entry(desk, "stepped")["actor"] == "customer"
    assert count(desk, "step", "step = 'select' AND status = 'done'") == 1


@pytest.mark.parametrize(
    ("language", "head", "takes"),
    [
        ("de", "Sie können wählen:", "(dauert 30 min; Kosten: free; Hinweis: a restart)"),
        ("fr", "Vous avez le choix :", "(durée : 30 min; coût : free; à noter : a restart)"),
        ("es", "Puede elegir:", "(duración: 30 min; coste: free; nota: a restart)"),
        ("pl", "You can choose:", "(takes 30 min; costs: free; note: a restart)"),
    ],
)
def test_an_offer_speaks_the_requesters_language(
    desk: Desk, language: str, head: str, takes: str
) -> None:
    ticket = open_ticket(desk)
    desk.records.set("person", "ada@example.org", {"language": language})
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    words = last_entry(desk, "replied")["text"].splitlines()
    assert (words[0], words[2]) == (head, f"1. Repair it now {takes}")
    reply_to_the_offer(desk, "1")
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert found.chosen == 1


def test_an_offer_speaks_the_desks_language_where_nobody_says_another(desk: Desk) -> None:
    desk.desk_settings.set("mail.language", "de")
    ticket = open_ticket(desk)
    desk.solutions.offer(ticket, [REPAIR])
    assert last_entry(desk, "replied")["text"].startswith("Sie können wählen:")
    desk.solutions.offer(ticket, [REPAIR], letter=False)
    assert last_entry(desk, "stepped")["text"].startswith("You can choose:")


@pytest.mark.parametrize("body", ["3", "2 days ago it worked", "1 or 2, whichever is quicker"])
def test_what_names_no_remedy_clearly_is_a_reply(desk: Desk, body: str) -> None:
    ticket = open_ticket(desk)
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    reply_to_the_offer(desk, body)
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert found.chosen is None
    assert last_entry(desk)["text"] == body


def test_only_the_requester_chooses(desk: Desk) -> None:
    ticket = open_ticket(desk)
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    sent = send_all(desk)[-1]["message_id"]
    sender = {"from": "Bo Lind <bo@example.org>"}
    take(desk, mail_bytes("Re: Printer", "2", in_reply_to=sent, **sender))
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert found.chosen is None


def test_a_choice_among_what_was_offered_before_is_a_reply(desk: Desk) -> None:
    ticket = open_ticket(desk)
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    sent = send_all(desk)[-1]["message_id"]
    desk.solutions.offer(ticket, [REPLACE], letter=False)
    take(desk, mail_bytes("Re: Printer", "1", in_reply_to=sent))
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert found.chosen is None
    assert last_entry(desk)["text"] == "1"


@pytest.mark.parametrize("text", ["", "|30 min", "a|b|c|d|e", "x" * 501])
def test_what_is_no_remedy_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_remedy(text)
