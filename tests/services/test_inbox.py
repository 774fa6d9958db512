"""Mail comes in: kept first, then a ticket, a reply, machine mail, or quarantined."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid5

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import (
    ConflictError,
    NotFoundError,
    RefusedError,
    TemporaryError,
)
from deskterm.domain.mail_rows import Processed
from deskterm.mail.tokens import message_id, recipient_address
from deskterm.services.inbox.receive import message_key
from deskterm.services.rhythm import OPERATIONS
from deskterm.storage.store import Store
from tests.builders import count, open_ticket, solved_ticket, value
from tests.mails import last_entry, mail_bytes, secret, take
from tests.verbs import verbs


def test_a_mail_from_a_stranger_becomes_a_ticket_and_a_person(desk: Desk) -> None:
    assert take(desk, mail_bytes(body="Since lunch.\n")) == Processed(tickets=1)
    view = desk.tickets.show(1)
    assert (view.subject, view.body, view.channel) == ("Printer", "Since lunch.", "email")
    assert view.requester is not None
    assert (view.requester.name, view.requester.addresses) == ("Ada Moss", ("ada@example.org",))
    assert count(desk, "outbox", "template = 'opened'") == 1
    (row,) = desk.inbox.list()
    assert (row.state, row.ticket_id, row.sender) == ("ticket", 1, "ada@example.org")


def test_attachments_and_inline_screenshots_are_kept_on_the_ticket(desk: Desk) -> None:
    raw = (
        b"From: ada@example.org\r\nSubject: shot\r\n"
        b"Content-Type: multipart/related; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>see <img src=cid:1></p>\r\n"
        b"--b\r\nContent-Type: image/png; name=../shot.png\r\nContent-ID: <1>\r\n\r\npng\r\n"
        b"--b--\r\n"
    )
    take(desk, raw)
    with desk.store.reading() as database:
        (row,) = database.all("SELECT name, inline, size FROM attachment")
    assert (row["name"], bool(row["inline"]), row["size"]) == ("../shot.png", True, 3)


def test_an_exact_copy_is_a_duplicate_and_counted_once(desk: Desk) -> None:
    raw = mail_bytes(message_id="<one@x>")
    assert take(desk, raw, raw, raw) == Processed(tickets=1, duplicates=2)
    assert take(desk) == Processed()
    assert take(desk, raw) == Processed(duplicates=1)
    assert count(desk, "ticket") == 1


def test_the_same_message_id_with_other_bytes_is_kept_and_flagged(desk: Desk) -> None:
    done = take(desk, mail_bytes(message_id="<same@x>"), mail_bytes("Other", message_id="<same@x>"))
    assert done == Processed(tickets=2)
    assert last_entry(desk, "opened")["same_id_as"] == 1


def test_processing_twice_never_doubles(desk: Desk) -> None:
    take(desk, mail_bytes())
    with desk.store.reading() as database:
        database.run("UPDATE inbox SET state = 'waiting'")
    assert desk.inbox.process() == Processed(duplicates=1)
    assert count(desk, "ticket") == 1
    assert count(desk, "operation", "id = :id", id=str(uuid5(OPERATIONS, "inbox 1"))) == 1


def test_a_reply_with_the_token_lands_on_its_ticket_and_ends_the_waiting(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "customer")
    address = recipient_address("help@localhost", number, secret(desk))
    assert take(desk, mail_bytes("Re: hello", "Here it is.", to=address)) == Processed(replies=1)
    assert value(desk, number, "state") == "open"
    assert last_entry(desk)["text"] == "Here it is."


def test_a_valid_token_from_an_unknown_sender_is_filed_as_external(desk: Desk) -> None:
    number = open_ticket(desk)
    address = recipient_address("help@localhost", number, secret(desk))
    raw = mail_bytes(to=address, **{"from": "Eve <eve@e.test>"}, cc="mallory@e.test")
    assert take(desk, raw) == Processed(replies=1)
    assert last_entry(desk)["external"] == "eve@e.test"
    assert count(desk, "watcher") == 0
    remark = desk.tickets.show(number).timeline[-1]
    assert (remark.event, remark.public) == ("mail", False)
    assert remark.text.startswith("Written by eve@e.test, who is not on this ticket")


def test_an_answer_to_our_letter_needs_a_sender_who_is_on_the_ticket(desk: Desk) -> None:
    number = open_ticket(desk)
    ours = message_id(number, "abc", secret(desk), "localhost")
    assert take(desk, mail_bytes(in_reply_to=ours)) == Processed(replies=1)
    stranger = mail_bytes(in_reply_to=ours, **{"from": "eve@e.test"}, message_id="<2@x>")
    assert take(desk, stranger) == Processed(tickets=1)
    with desk.store.reading() as database:
        (link,) = database.all("SELECT ticket_id, kind, other_id FROM link")
    assert (link["ticket_id"], link["kind"], link["other_id"]) == (number + 1, "claimed", number)
    assert count(desk, "ledger", "subject_id = :id AND event = 'received'", id=number) == 1


def test_an_answer_to_a_foreign_mail_on_a_ticket_finds_it(desk: Desk) -> None:
    take(desk, mail_bytes(message_id="<first@x>", cc="Bo <bo@example.org>"))
    answer = mail_bytes("Re: Printer", references="<first@x>", **{"from": "bo@example.org"})
    assert take(desk, answer) == Processed(replies=1)


def test_a_subject_number_from_a_stranger_opens_a_ticket_and_tells_nothing(desk: Desk) -> None:
    number = open_ticket(desk, "Secret plans")
    raw = mail_bytes(f"Re: [#{number}] hi", **{"from": "eve@e.test"})
    assert take(desk, raw) == Processed(tickets=1)
    assert count(desk, "outbox", "recipient = 'eve@e.test' AND ticket_id = :id", id=number) == 0


@pytest.mark.parametrize(("days", "reopened"), [(13, True), (15, False)])
def test_a_reply_reopens_within_14_days_of_the_last_closing(
    desk: Desk, days: int, reopened: bool
) -> None:
    number = solved_ticket(desk)
    verbs(desk).verify([number], "craft", "ok")
    verbs(desk).close([number], "solved", "phoned")
    with desk.store.reading() as database:
        database.run(
            "UPDATE ticket SET closed_at = :at WHERE id = :id",
            at=clock.now() - timedelta(days=days),
            id=number,
        )
    to = recipient_address("help@localhost", number, secret(desk))
    done = take(desk, mail_bytes(f"[#{number}]", "It is broken again.", to=to))
    assert value(desk, number, "state") == ("open" if reopened else "closed")
    assert done == (Processed(replies=1) if reopened else Processed(tickets=1))
    assert count(desk, "link", "kind = 'related'") == (0 if reopened else 1)


def test_thanks_and_machine_mail_never_reopen(desk: Desk) -> None:
    number = solved_ticket(desk)
    verbs(desk).verify([number], "craft", "ok")
    verbs(desk).close([number], "solved", "phoned")
    away = mail_bytes(f"Re: [#{number}]", "I am away.", auto_submitted="auto-replied")
    done = take(desk, mail_bytes(f"Re: [#{number}]", "Thanks a lot!"), away)
    assert done == Processed(replies=1, machine=1)
    assert value(desk, number, "state") == "closed"


def test_machine_mail_is_filed_never_answered_and_stops_no_waiting(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "customer")
    before = count(desk, "outbox")
    raw = mail_bytes(f"Re: [#{number}]", "I am away.", auto_submitted="auto-replied")
    assert take(desk, raw) == Processed(machine=1)
    assert value(desk, number, "state") == "waiting"
    assert count(desk, "outbox") == before
    assert not last_entry(desk)["public"]


def test_an_alert_opens_a_ticket_that_nobody_is_told_of(desk: Desk) -> None:
    assert take(desk, mail_bytes(auto_submitted="auto-generated")) == Processed(machine=1)
    assert count(desk, "ticket") == 1
    assert count(desk, "outbox") == 0


def test_a_bounce_opens_nothing_and_makes_no_customer(desk: Desk) -> None:
    raw = mail_bytes("Undelivered", **{"from": "MAILER-DAEMON@x.test"}, return_path="<>")
    assert take(desk, raw) == Processed(machine=1)
    assert count(desk, "ticket") == count(desk, "person") == 0


@pytest.mark.parametrize(
    ("sender", "reason"),
    [
        ("", "it names no sender"),
        ("a@bank.test@evil.test", "is not a mail address"),
        ("help@localhost", "is the desk itself"),
        ("help+1.aaaaaaaaaaaaaaaa@localhost", "is the desk itself"),
    ],
)
def test_a_mail_that_cannot_be_understood_is_quarantined_with_its_reason(
    desk: Desk, sender: str, reason: str
) -> None:
    raw = mail_bytes(**{"from": sender})
    assert take(desk, raw, mail_bytes("Good")) == Processed(tickets=1, quarantined=1)
    (row,) = desk.inbox.list("quarantined")
    assert reason in row.reason
    assert desk.inbox.raw(row.id) == raw


def test_a_mail_over_a_limit_is_quarantined_unread(desk: Desk) -> None:
    raw = mail_bytes(content_type="multipart/mixed; boundary=b", body="--b\r\n\r\nx\r\n" * 300)
    assert take(desk, raw) == Processed(quarantined=1)
    assert "too many parts" in desk.inbox.list()[0].reason


def test_limits_are_the_desk_s_to_set(desk: Desk) -> None:
    with desk.store.reading() as database:
        database.run("INSERT INTO desk_setting (key, value) VALUES ('mail.max_bytes', '50')")
    assert take(desk, mail_bytes()) == Processed(quarantined=1)


def test_cc_become_watchers_without_lists_robots_and_the_desk(desk: Desk) -> None:
    cc = ", ".join(f"p{number}@example.org" for number in range(12))
    raw = mail_bytes(cc=f"noreply@x.test, help@localhost, staff-list@x.test, ada@example.org, {cc}")
    take(desk, raw)
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT a.address FROM watcher w JOIN person_address a ON a.person_id = w.person_id"
        )
    assert {row["address"] for row in rows} == {f"p{number}@example.org" for number in range(10)}


def test_an_acknowledgement_is_sent_once_an_hour_for_the_same_subject(desk: Desk) -> None:
    mails = [mail_bytes(message_id=f"<{number}@x>") for number in range(3)]
    assert take(desk, *mails).tickets == 3
    assert count(desk, "outbox", "template = 'opened'") == 1


def test_a_technician_s_forward_opens_the_ticket_for_the_customer_inside(desk: Desk) -> None:
    open_ticket(desk)
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'Cy@desk.test'")
    inline = mail_bytes(
        "Fwd: help",
        "fyi\n---------- Forwarded message ----------\nFrom: Bo <bo@example.org>\nhelp!",
        **{"from": "cy@desk.test"},
    )
    attached = (
        b"From: cy@desk.test\r\nSubject: Fwd: help\r\nContent-Type: message/rfc822\r\n\r\n"
        b"From: Di <di@example.org>\r\nSubject: help\r\n\r\nhelp"
    )
    assert take(desk, inline, attached).tickets == 2
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT p.name FROM ticket t JOIN person p ON p.id = t.requester_id ORDER BY t.id"
        )
    assert [row["name"] for row in rows] == ["Ada Moss", "Bo", "Di"]
    assert value(desk, 3, "requester_unsure")
    assert "confirm that the requester" in desk.tickets.show(3).timeline[-1].text
    assert count(desk, "outbox", "recipient IN ('bo@example.org', 'di@example.org')") == 0


def test_a_technician_s_address_in_from_makes_no_technician_s_answer(desk: Desk) -> None:
    number = open_ticket(desk)
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'cy@desk.test'")
    take(desk, mail_bytes(f"[#{number}]", "Close it.", **{"from": "cy@desk.test"}))
    view = desk.tickets.show(number)
    assert [entry.event for entry in view.timeline[-2:]] == ["received", "mail"]
    assert view.timeline[-2].actor == "customer"
    assert "without the token" in view.timeline[-1].text


def test_a_name_that_is_another_address_is_shown_with_the_real_one(desk: Desk) -> None:
    take(desk, mail_bytes(**{"from": "ceo@bank.test <evil@e.test>"}))
    view = desk.tickets.show(1)
    assert view.requester is not None
    assert view.requester.name == '"ceo@bank.test" <evil@e.test>'
    assert view.requester.addresses == ("evil@e.test",)


def test_the_claimed_date_decides_nothing(desk: Desk) -> None:
    take(desk, mail_bytes(date="Fri, 31 Dec 2099 23:59:59 +0000"))
    view = desk.tickets.show(1)
    assert view.opened_at <= clock.now()


def test_a_worker_leaves_alone_what_another_has_filed(desk: Desk) -> None:
    for number in range(30):
        desk.inbox.receive(mail_bytes(f"Mail {number}", message_id=f"<{number}@x>"))
    first, second = desk.inbox.process(limit=12), desk.inbox.process()
    assert (first.tickets, second.tickets) == (12, 18)
    assert count(desk, "ticket") == 30


def test_two_workers_at_the_same_time_lose_and_double_nothing(desk: Desk) -> None:
    for number in range(60):
        sender = f"p{number % 7}@example.org"
        desk.inbox.receive(mail_bytes(f"{number}", message_id=f"<{number}@x>", **{"from": sender}))
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda _: desk.inbox.process(), range(3)))
    again = desk.inbox.process()
    assert sum(sum(run) for run in (*runs, again)) == 60
    assert sum(run.tickets for run in (*runs, again)) == 60
    assert count(desk, "ticket") == 60
    assert count(desk, "person") == 7


def test_one_mail_that_fails_takes_nothing_of_the_others_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in our own code is the mail's third chance, then its reason."""
    from deskterm.services.inbox import opening

    def fail(inner: Any, mail: Any, *_: Any) -> None:
        if mail.parsed.subject == "Bad":
            raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(opening.Opening, "forwarded", fail)
    assert take(desk, mail_bytes("Good 1"), mail_bytes("Bad"), mail_bytes("Good 2")).tickets == 2
    assert count(desk, "person") == 1
    assert desk.inbox.process() == Processed()
    assert desk.inbox.process() == Processed(quarantined=1)
    assert "ZeroDivisionError: a fault of ours" in desk.inbox.list("quarantined")[0].reason


def test_a_quarantined_mail_can_be_tried_again_or_put_away(desk: Desk) -> None:
    take(desk, mail_bytes(**{"from": ""}))
    assert desk.inbox.retry([1]) == 1
    assert desk.inbox.process() == Processed(quarantined=1)
    assert desk.inbox.discard([1]) == 1
    assert desk.inbox.list()[0].state == "discarded"
    assert desk.inbox.process() == Processed()
    assert count(desk, "ledger", "kind = 'mail'") == 2


def test_putting_a_mail_away_can_be_undone(desk: Desk) -> None:
    take(desk, mail_bytes(**{"from": ""}))
    desk.inbox.discard([1])
    desk.ledger.undo()
    assert desk.inbox.list()[0].state == "quarantined"
    desk.inbox.retry([1])
    desk.inbox.process()
    with pytest.raises(ConflictError, match="gone on"):
        desk.ledger.undo()


def test_what_cannot_be_retried_or_found_is_said(desk: Desk) -> None:
    take(desk, mail_bytes())
    with pytest.raises(RefusedError, match="mail 1 is ticket"):
        desk.inbox.retry([1])
    with pytest.raises(NotFoundError, match="no mail 7"):
        desk.inbox.discard([7])
    with pytest.raises(NotFoundError, match="no state 'lost'"):
        desk.inbox.list("lost")


def test_a_mail_is_shown_with_its_headers_and_text(desk: Desk) -> None:
    desk.inbox.receive(mail_bytes(body="hello"))
    shown = desk.inbox.show(1)
    assert shown.body == "hello"
    assert ("subject", "Printer") in shown.headers


def test_a_database_that_cannot_be_reached_means_try_again() -> None:
    from deskterm.services.inbox.receive import receive

    with pytest.raises(TemporaryError):
        receive(Store("postgresql://nobody@127.0.0.1:1/none"), b"x")


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b"Message-ID: <a@b>\r\n\r\nx", "a@b"),
        (b"Subject: x\nmessage-id:\n <a @b>\n\nx", "a@b"),
        (b"Message-Id: bare@id\n\n", "bare@id"),
        (b"Subject: x\n\nMessage-ID: <in@body>\n", ""),
        (b"X-Message-ID: <no@x>\n\n", ""),
        (b"", ""),
    ],
)
def test_the_key_of_a_mail_is_its_message_id(raw: bytes, key: str) -> None:
    assert message_key(raw) == key
    assert len(message_key(b"Message-ID: <" + b"x" * 900 + b">\n\n")) == 64
    assert message_key(b"message-id:<" * 5_000) == ""
