"""The same mail by two ways, and answers whose ids or numbers mislead (semantics §1.2–3)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.mail.thread import reference_mark
from tests.builders import count, open_ticket
from tests.mails import last_entry, mail_bytes, secret, send_all, take

BANNER = "[NOTICE: this came from outside the house]\n\n"


@pytest.mark.parametrize(
    ("subject", "body", "tickets"),
    [
        ("[EXT] Scanner jams", f"{BANNER}It jams on page two.\n\nEach time.", 1),
        ("Scanner jams", "It jams on page two.\nEach time.\n\n____\ncrew mailing list", 1),
        ("Scanner jams", "It jams on page two.", 1),
        ("Scanner jams [EXT]", "It jams on page two.\nEach time.", 1),
        ("Scanner jams", "It jams on\npage two. Each\ntime.", 1),
        ("Scanner jams again", "It jams on page two.\nEach time.", 2),
        ("Scanner jams", "It jams on page twenty.\nEach time.", 2),
        ("Printer jams", "It jams on page two.\nEach time.", 2),
        ("Scanner jams", "It jams on page two.\n" + "another line\n" * 30, 2),
    ],
)
def test_a_gateway_s_banner_makes_no_second_ticket_and_other_words_do(
    desk: Desk, subject: str, body: str, tickets: int
) -> None:
    first = mail_bytes("Scanner jams", "It jams on page two.\nEach time.", message_id="<s@x>")
    take(desk, first, mail_bytes(subject, body, message_id="<s@x>"))
    assert count(desk, "ticket") == tickets


def test_the_same_words_of_another_sender_are_another_mail(desk: Desk) -> None:
    take(desk, mail_bytes(message_id="<s@x>"))
    take(desk, mail_bytes(message_id="<s@x>", **{"from": "bo@example.org"}))
    assert count(desk, "ticket") == 2


def test_the_signed_mark_counts_in_a_quote_of_somebody_on_the_ticket(desk: Desk) -> None:
    number = open_ticket(desk)
    quote = f"Fourth floor.\n\n> Which floor?\n> {reference_mark(number, secret(desk))}\n"
    assert take(desk, mail_bytes("floor", quote, message_id="<1@x>")).replies == 1
    stranger = {"from": "eve@example.org", "message_id": "<2@x>"}
    assert take(desk, mail_bytes("floor", quote, **stranger)).tickets == 1
    assert count(desk, "link") == 0


def test_an_answer_to_a_letter_signed_by_another_secret_finds_its_ticket(desk: Desk) -> None:
    open_ticket(desk)
    (letter,) = send_all(desk)
    with desk.store.reading() as database:
        database.run("UPDATE secret SET value = 'of the desk after it moved'")
    raw = mail_bytes("Re: x", "more", in_reply_to=letter["message_id"])
    assert take(desk, raw).replies == 1


def _technician(desk: Desk) -> None:
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'bo@desk.test'")


def test_a_number_in_a_passed_on_mail_is_its_writer_s_and_not_the_technician_s(
    desk: Desk,
) -> None:
    open_ticket(desk)
    _technician(desk)
    body = "----- Forwarded message -----\nFrom: Di <di@x.test>\nDate: 2026-11-23\nSubject: a\n\nhi"
    take(desk, mail_bytes("Fwd: [#1] their number", body, **{"from": "bo@desk.test"}))
    assert count(desk, "ticket") == 2
    assert count(desk, "link") == 0
    ours = body.replace("Di <di@x.test>", "Ada <ada@example.org>")
    take(desk, mail_bytes("Fwd: Re: [#1] Printer", ours, **{"from": "bo@desk.test"}))
    entry = last_entry(desk)
    assert (entry["subject_id"], entry["public"]) == (1, False)
