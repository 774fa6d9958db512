"""Whose mail it is and whom the desk writes to, as real senders put it (semantics §1.4, §1.7–8)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.mail.tokens import recipient_address
from deskterm.widgets.ticket_columns import state_words
from tests.builders import count, open_ticket, value
from tests.mails import last_entry, mail_bytes, secret, send_all, take
from tests.verbs import verbs


def _written_to(desk: Desk) -> set[str]:
    return {letter["recipient"] for letter in send_all(desk)}


def test_a_form_s_ticket_is_whose_words_it_brings_and_the_form_is_a_fact(desk: Desk) -> None:
    form = {"from": "Shop <no-reply@shop.example>", "reply_to": "Otto <otto@firma.example>"}
    take(desk, mail_bytes("Basket", "It is empty.", **form))
    view = desk.tickets.show(1)
    assert view.requester is not None
    assert view.requester.addresses == ("otto@firma.example",)
    assert _written_to(desk) == {"otto@firma.example"}
    assert "no-reply@shop.example" in last_entry(desk, "mail")["text"]


def test_no_automatic_letter_goes_to_an_address_that_nobody_reads(desk: Desk) -> None:
    take(desk, mail_bytes("Alarm", "Disk full.", **{"from": "noreply@nas.example"}))
    assert _written_to(desk) == set()
    verbs(desk).reply([1], "We look at it.")
    assert _written_to(desk) == {"noreply@nas.example"}


def test_where_answers_are_asked_for_letters_go_too_and_it_is_said(desk: Desk) -> None:
    take(desk, mail_bytes("Locked", "My box is locked.", reply_to="At home <ada@home.example>"))
    assert _written_to(desk) == {"ada@example.org", "ada@home.example"}
    assert "ada@home.example" in last_entry(desk, "mail")["text"]
    view = desk.tickets.show(1)
    assert view.requester is not None
    assert view.requester.addresses == ("ada@example.org",)


def test_others_in_to_and_cc_watch_from_the_start_and_get_the_first_letter(desk: Desk) -> None:
    to = "help@localhost, Ben Rost <ben@example.org>"
    take(desk, mail_bytes("Moving", "We move.", to=to, cc="Cy <cy@example.org>"))
    assert _written_to(desk) == {"ada@example.org", "ben@example.org", "cy@example.org"}
    assert len(desk.tickets.show(1).watchers) == 2


def test_who_stands_in_to_of_a_blind_copy_hears_nothing(desk: Desk) -> None:
    take(desk, mail_bytes("Between us", "Look at this.", to="Ben <ben@example.org>"))
    assert _written_to(desk) == {"ada@example.org"}


def test_who_stands_in_copy_of_an_answer_gets_no_letter_with_its_words(desk: Desk) -> None:
    take(desk, mail_bytes("Moving", cc="Cy <cy@example.org>, di@example.org", message_id="<1@x>"))
    before = len(send_all(desk))
    to = recipient_address("help@localhost", 1, secret(desk))
    take(desk, mail_bytes("Re", "On Friday.", to=to, cc="cy@example.org", message_id="<2@x>"))
    assert [one["recipient"] for one in send_all(desk)[before:]] == ["di@example.org"]


def test_a_technician_s_mail_to_an_outsider_with_the_desk_in_copy_is_the_outsider_s(
    desk: Desk,
) -> None:
    open_ticket(desk)
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'bo@desk.test'")
    mail = {"from": "bo@desk.test", "to": "Eva <eva@example.org>", "cc": "help@localhost"}
    take(desk, mail_bytes("Your screen", "I look at it tomorrow.", **mail))
    view = desk.tickets.show(2)
    assert view.requester is not None
    assert (view.requester.name, view.requester_unsure) == ("Eva", True)
    assert count(desk, "outbox", "ticket_id = 2") == 0


@pytest.mark.parametrize("headers", [{}, {"auto_submitted": "auto-generated"}])
def test_a_sender_without_a_domain_is_named_and_nobody_s_person_is_taken_for_it(
    desk: Desk, headers: dict[str, str]
) -> None:
    take(desk, mail_bytes("Hi", "x", **{"from": "root <r@example.org>"}))
    for number in (2, 3):
        raw = mail_bytes("Cron", f"job {number}", **{"from": "root (Cron Daemon)", **headers})
        take(desk, raw)
        view = desk.tickets.show(number)
        assert view.requester is not None
        assert (view.requester.name, view.requester.addresses) == ("root", ())
    assert count(desk, "person", "name = 'root'") == 2


@pytest.mark.parametrize("sender", ["Scanner <scan@[192.0.2.9]>", "Scanner <scan@>"])
def test_a_machine_without_a_domain_is_named_and_nobody_is_written_to(
    desk: Desk, sender: str
) -> None:
    take(desk, mail_bytes("Scan", "See the file.", **{"from": sender}))
    view = desk.tickets.show(1)
    assert view.requester is not None
    assert (view.requester.name, view.requester.addresses) == ("Scanner", ())
    assert _written_to(desk) == set()


def test_whoever_sent_it_for_somebody_else_is_named(desk: Desk) -> None:
    take(desk, mail_bytes("Chair", "A new chair, please.", sender="Office <office@example.org>"))
    assert "office@example.org" in last_entry(desk, "mail")["text"]


def test_machine_mail_on_a_ticket_moves_nothing_and_is_news_for_its_owner(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    verbs(desk).wait([number], "customer")
    to = recipient_address("help@localhost", number, secret(desk))
    raw = mail_bytes("RE: Printer", "Fourth floor.", to=to, auto_submitted="auto-generated")
    take(desk, raw)
    assert value(desk, number, "state") == "waiting"
    assert count(desk, "notice", "kind = 'filed'") == 1
    (row,) = desk.board.rows([number])
    assert state_words(row) == "⚙ waiting"
    verbs(desk).note([number], "I called them.")
    (row,) = desk.board.rows([number])
    assert state_words(row) == "◔ waiting"


def test_another_desk_s_letter_is_a_person_s_mail(desk: Desk) -> None:
    headers = {"from": "Their desk <it@firma.example>", "x_deskterm_loop": "77"}
    take(desk, mail_bytes("[#77] Line down", "Please look.", **headers))
    assert desk.tickets.show(1).subject == "[#77] Line down"
    assert _written_to(desk) == {"it@firma.example"}
