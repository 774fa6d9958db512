"""Bounces: which letter came back, what it changes, when an address is given up (§1.5)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.mail_rows import Processed
from deskterm.mail.tokens import verp_address
from tests.builders import count, open_ticket, value
from tests.mails import bounce_bytes, last_entry, mail_bytes, secret, send_all, take
from tests.verbs import verbs

ADA = "ada@example.org"


def _letter(desk: Desk, number: int = 1) -> dict[str, Any]:
    with desk.store.reading() as database:
        row = database.one("SELECT state, error FROM outbox WHERE id = :id", id=number)
    assert row is not None
    return {"state": row["state"], "error": row["error"]}


def _verp(desk: Desk, letter: int) -> str:
    return verp_address("help@localhost", letter, secret(desk))


def _broken(desk: Desk, address: str = ADA) -> bool:
    return count(desk, "person_address", "address = :a AND broken_since IS NOT NULL", a=address) > 0


@pytest.mark.parametrize("by", ["verp", "message id"])
def test_a_bounce_marks_its_delivery_failed_and_is_a_note_on_its_ticket(
    desk: Desk, by: str
) -> None:
    number = open_ticket(desk)
    (letter,) = send_all(desk)
    to = _verp(desk, letter["id"]) if by == "verp" else "help@localhost"
    original = "" if by == "verp" else letter["message_id"]
    assert take(desk, bounce_bytes(to, ADA, original=original)) == Processed(machine=1)
    assert _letter(desk) == {
        "state": "failed",
        "error": "it came back: 5.1.1 550 5.1.1 says the server",
    }
    note = last_entry(desk, "mail")
    assert (note["subject_id"], note["public"], note["undelivered"]) == (number, False, ADA)
    assert f"letter to {ADA} came back" in note["text"]
    assert desk.inbox.list()[0].ticket_id == number


def test_a_bounce_is_never_answered_and_makes_no_customer(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "customer")
    send_all(desk)
    letters, people = count(desk, "outbox"), count(desk, "person")
    for raw in (
        bounce_bytes(_verp(desk, 1), ADA),
        bounce_bytes("help@localhost", ADA),
        bounce_bytes(_verp(desk, 999), ADA),
    ):
        take(desk, raw)
    assert (count(desk, "outbox"), count(desk, "person")) == (letters, people)
    assert count(desk, "ticket") == 1
    assert value(desk, number, "state") == "waiting"


def test_a_report_without_proof_is_told_as_that_and_changes_nothing(desk: Desk) -> None:
    open_ticket(desk)
    send_all(desk)
    take(desk, bounce_bytes("help@localhost", "eve@example.org"))
    assert count(desk, "ledger", "event = 'mail'") == 0
    forged = verp_address("help@localhost", 1, "another secret")
    take(desk, bounce_bytes(forged, ADA, original="<dt.1.0.aaaaaaaaaaaaaaaa@localhost>"))
    assert _letter(desk)["state"] == "sent"
    assert "perhaps the last one" in last_entry(desk, "mail")["text"]
    assert count(desk, "person_address", "failures > 0") == 0


def test_a_report_that_names_ours_as_delivered_fails_nothing_of_ours(desk: Desk) -> None:
    number = open_ticket(desk)
    (letter,) = send_all(desk)
    one = bounce_bytes(_verp(desk, letter["id"]), "ada.old@elsewhere.test")
    ours = f"Final-Recipient: rfc822; {ADA}\r\nAction: relayed\r\nStatus: 2.0.0\r\n\r\n"
    take(desk, one.replace(b"Final-Recipient", ours.encode() + b"Final-Recipient"))
    assert _letter(desk)["state"] == "sent"
    assert [entry.event for entry in desk.tickets.show(number).timeline] == ["opened"]


def test_a_sending_service_s_report_in_json_fails_its_letter_and_opens_no_ticket(
    desk: Desk,
) -> None:
    open_ticket(desk)
    (letter,) = send_all(desk)
    told = {
        "eventType": "Bounce",
        "mail": {"headers": [{"name": "Message-ID", "value": letter["message_id"]}]},
        "bounce": {"bouncedRecipients": [{"emailAddress": ADA, "status": "5.1.1"}]},
    }
    wrapped = json.dumps({"Type": "Notification", "Message": json.dumps(told)})
    mail = {"from": "no-reply@events.test", "message_id": "<1@events.test>"}
    assert take(desk, mail_bytes("Event", wrapped, **mail)).machine == 1
    assert _letter(desk)["state"] == "failed"
    strange = wrapped.replace("dt.1.", "dt.9.").replace(ADA, "eve@example.org")
    mail["message_id"] = "<2@events.test>"
    assert take(desk, mail_bytes("Event", strange, **mail)).machine == 1
    assert count(desk, "ticket") == 1


def test_a_no_reply_address_that_names_no_letter_of_ours_may_report_trouble(desk: Desk) -> None:
    words = "Mail could not be delivered to: <bob@firma.test>\nThe mailbox is full."
    mail = mail_bytes("Queue of mx1", words, **{"from": "no-reply@mx1.test"})
    assert take(desk, mail).tickets == 1


def test_a_delay_is_noted_once_and_marks_nothing(desk: Desk) -> None:
    open_ticket(desk)
    send_all(desk)
    late = bounce_bytes(_verp(desk, 1), ADA, "4.4.1", "delayed")
    take(desk, late, late + b"again\r\n")
    assert _letter(desk)["state"] == "sent"
    assert count(desk, "ledger", "event = 'mail' AND kind = 'ticket'") == 1
    assert "still tried" in last_entry(desk, "mail")["text"]
    take(desk, bounce_bytes(_verp(desk, 1), ADA))
    assert _letter(desk)["state"] == "failed"


def _bounced(desk: Desk, times: int, status: str = "5.1.1") -> None:
    """Write as many letters to Ada, each about a ticket of its own, and let each come back."""
    for _ in range(times):
        open_ticket(desk, f"Trouble {count(desk, 'ticket')}")
        last = send_all(desk)[-1]["id"]
        take(desk, bounce_bytes(_verp(desk, last), ADA, status))


def test_three_hard_failures_give_an_address_up(desk: Desk) -> None:
    _bounced(desk, 2)
    assert not _broken(desk)
    _bounced(desk, 1)
    assert _broken(desk)
    assert f"No more letters go to {ADA}" in last_entry(desk, "mail")["text"]


def test_two_hard_failures_on_different_days_give_an_address_up(desk: Desk) -> None:
    _bounced(desk, 1)
    with desk.store.reading() as database:
        yesterday = clock.now() - timedelta(days=1)
        database.run("UPDATE person_address SET first_failure = :at", at=yesterday)
    _bounced(desk, 1)
    assert _broken(desk)


@pytest.mark.parametrize("status", ["4.2.2", "5.2.2", "5.7.1"])
def test_full_mailboxes_and_policies_never_give_an_address_up(desk: Desk, status: str) -> None:
    _bounced(desk, 4, status)
    assert not _broken(desk)


def test_how_many_failures_are_too_many_is_the_desk_s_to_set(desk: Desk) -> None:
    desk.desk_settings.set("mail.max_bounces", "1")
    _bounced(desk, 1)
    assert _broken(desk)


def test_no_letter_is_written_to_a_given_up_address_and_the_technician_is_told(
    desk: Desk,
) -> None:
    _bounced(desk, 3)
    before = count(desk, "outbox")
    done = verbs(desk).reply([1], "Are you there?")
    assert done.notes == (f"#1: letters to {ADA} come back; they were not told.",)
    assert count(desk, "outbox") == before


def test_a_mail_from_a_given_up_address_shows_that_it_works(desk: Desk) -> None:
    _bounced(desk, 3)
    with desk.store.reading() as database:  # nobody is acknowledged more often than that an hour
        database.run("UPDATE outbox SET created_at = :at", at=clock.now() - timedelta(hours=2))
    take(desk, mail_bytes("New trouble", message_id="<new@x>"))
    assert not _broken(desk)
    assert count(desk, "outbox", "template = 'opened' AND ticket_id = 4") == 1


def test_machine_mail_shows_nothing_of_an_address(desk: Desk) -> None:
    _bounced(desk, 3)
    take(desk, mail_bytes("Away", auto_submitted="auto-replied"))
    assert _broken(desk)


def test_an_absence_notice_to_the_envelope_sender_is_no_bounce(desk: Desk) -> None:
    number = open_ticket(desk)
    send_all(desk)
    away = mail_bytes(
        "Out of office", "Back on Monday.", to=_verp(desk, 1), auto_submitted="auto-replied"
    )
    assert take(desk, away) == Processed(machine=1)
    assert _letter(desk)["state"] == "sent"
    assert desk.inbox.list()[0].ticket_id == number
