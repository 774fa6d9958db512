"""Whose ticket it is, who hears of it, and what signs letters (semantics.md §1.3, §1.8–9)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.mail.tokens import recipient_address
from tests.builders import count, open_ticket, value
from tests.mails import mail_bytes, secret, take
from tests.verbs import verbs


def _forwarded(desk: Desk) -> int:
    """Let technician Bo forward a mail of Di's; gives the ticket."""
    open_ticket(desk)
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'bo@desk.test'")
    body = "she always does that\n\n---------- Forwarded message ----------\n"
    body += (
        "From: Di <di@example.org>\nDate: 2026-11-23\nSubject: No sound\n\nThe speaker is silent.\n"
    )
    take(desk, mail_bytes("Fwd: No sound", body, **{"from": "bo@desk.test"}))
    return 2


def test_a_forward_waits_for_a_person_to_confirm_whose_it_is(desk: Desk) -> None:
    number = _forwarded(desk)
    view = desk.tickets.show(number)
    assert view.requester_unsure
    assert view.requester is not None
    assert view.requester.name == "Di"
    assert (view.subject, view.body) == ("No sound", "The speaker is silent.")
    assert count(desk, "outbox", "ticket_id = :id", id=number) == 0
    verbs(desk).confirm_requester([number])
    assert not desk.tickets.show(number).requester_unsure
    assert count(desk, "outbox", "recipient = 'di@example.org' AND template = 'opened'") == 1
    desk.ledger.undo()
    assert desk.tickets.show(number).requester_unsure
    with pytest.raises(RefusedError, match="nobody doubts"):
        verbs(desk).confirm_requester([1])


def test_what_the_forwarder_wrote_above_stays_inside(desk: Desk) -> None:
    number = _forwarded(desk)
    assert count(desk, "ledger", "public AND (text || data) LIKE '%always does%'") == 0
    remark = desk.tickets.show(number).timeline[-1]
    assert (remark.public, "she always does that" in remark.text) == (False, True)


def test_the_right_requester_is_set_and_written_to(desk: Desk) -> None:
    number = _forwarded(desk)
    verbs(desk).change([number], named={"requester": "Ed <ed@example.org>"})
    assert not desk.tickets.show(number).requester_unsure
    assert count(desk, "outbox", "recipient = 'ed@example.org' AND template = 'opened'") == 1


def test_an_answer_of_the_customer_inside_an_attached_forward_finds_the_ticket(
    desk: Desk,
) -> None:
    _forwarded(desk)
    raw = (
        b"From: bo@desk.test\r\nSubject: Fwd: help\r\nContent-Type: message/rfc822\r\n\r\n"
        b"From: Di <di@example.org>\r\nMessage-ID: <di1@x>\r\nSubject: help\r\n\r\nhelp"
    )
    take(desk, raw)
    more = mail_bytes("Re: help", "More.", references="<di1@x>", **{"from": "di@example.org"})
    assert take(desk, more).replies == 1


def test_a_name_without_an_address_is_the_one_person_who_has_it(desk: Desk) -> None:
    _forwarded(desk)
    for name, expected in (("Ada Moss", "Ada Moss"), ("Nobody Known", "bo")):
        body = f"From: {name}\nSent: 2026-11-23\nTo: Bo\nSubject: x\n\nhelp {name}"
        take(desk, mail_bytes("FW: x", body, **{"from": "bo <bo@desk.test>"}))
        view = desk.tickets.show(count(desk, "ticket"))
        assert view.requester is not None
        assert (view.requester.name, view.requester_unsure) == (expected, True)


def test_watchers_are_added_and_dropped_and_that_is_undone(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).watch([number], add=["Bo <bo@example.org>", "ada@example.org"])
    assert desk.tickets.show(number).watchers == ("Bo <bo@example.org>",)
    verbs(desk).watch([number], drop=["bo@example.org"])
    assert desk.tickets.show(number).watchers == ()
    desk.ledger.undo()
    assert desk.tickets.show(number).watchers == ("Bo <bo@example.org>",)
    with pytest.raises(RefusedError, match="does not watch"):
        verbs(desk).watch([number], drop=["ada@example.org"])
    with pytest.raises(UsageError):
        verbs(desk).watch([number])


def test_a_new_secret_signs_and_the_old_one_still_opens(desk: Desk) -> None:
    number = open_ticket(desk)
    old = recipient_address("help@localhost", number, secret(desk))
    desk.secrets.rotate()
    new = recipient_address("help@localhost", number, secret(desk))
    assert old != new
    for place, to in enumerate((old, new)):
        assert take(desk, mail_bytes("Re", "more", to=to, message_id=f"<{place}@x>")).replies == 1
    open_ticket(desk, "Another")
    with desk.store.reading() as database:
        row = database.one("SELECT message_id FROM outbox ORDER BY id DESC LIMIT 1")
    assert row is not None
    answer = mail_bytes("Re", "yes", in_reply_to=row["message_id"], message_id="<3@x>")
    assert take(desk, answer).replies == 1
    assert [(one.signs) for one in desk.secrets.list()] == [True, False]


def test_a_rotation_is_in_the_ledger_without_the_secret_and_is_not_undone(desk: Desk) -> None:
    desk.secrets.rotate()
    assert count(desk, "ledger", "kind = 'secret'") == 1
    value_ = secret(desk)
    assert count(desk, "ledger", "changes LIKE :v OR data LIKE :v", v=f"%{value_}%") == 0
    with pytest.raises(RefusedError):
        desk.ledger.undo()
    desk.secrets.rotate(how=How(dry=True))
    assert len(desk.secrets.list()) == 2


def test_received_mail_is_found_by_words_and_state(desk: Desk) -> None:
    take(
        desk,
        mail_bytes("Cheap pills", **{"from": "a@b@c.test"}),
        mail_bytes("CHEAP rugs", **{"from": ""}),
        mail_bytes("Printer", message_id="<p@x>"),
    )
    assert [row.subject for row in desk.inbox.list(words="cheap")] == ["CHEAP rugs", "Cheap pills"]
    assert [row.subject for row in desk.inbox.list(words="cheap no sender")] == ["CHEAP rugs"]
    assert desk.inbox.list(words="100%_") == []
    assert desk.inbox.list("ticket")[0].subject == "Printer"


def test_a_dry_run_moves_no_mail(desk: Desk) -> None:
    take(desk, mail_bytes(**{"from": ""}))
    assert desk.inbox.discard([1], how=How(dry=True)) == 1
    assert desk.inbox.list()[0].state == "quarantined"
    desk.inbox.discard([1])
    assert desk.inbox.list()[0].reason == "it names no sender"


def test_an_imported_forward_keeps_its_state(desk: Desk) -> None:
    number = _forwarded(desk)
    assert value(desk, number, "requester_unsure")
