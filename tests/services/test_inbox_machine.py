"""Machine mail: filed, never answered, moves nothing; and what stops loops (semantics §1.4–1.6)."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import RefusedError
from deskterm.domain.mail_rows import JobsDone
from deskterm.domain.verbs import Reply
from deskterm.mail.tokens import loop_mark, message_id, recipient_address, verp_address
from deskterm.screens.watching import in_trouble, jobs_words
from deskterm.services.letters import blown
from deskterm.storage import inbox
from tests.builders import count, open_ticket, snapshot, solved_ticket, value
from tests.mails import bounce_bytes, last_entry, mail_bytes, secret, send_all, take
from tests.verbs import verbs

STATES = ("new", "waiting", "solved", "closed")
_SIGNS = (
    {"auto_submitted": "auto-replied"},
    {"auto_submitted": "auto-generated"},
    {"precedence": "bulk"},
    {"list_id": "<staff.example.org>"},
    {"x_autoreply": "yes"},
    {"return_path": "<>"},
    {"x_deskterm_loop": "desk"},
    {"from": "MAILER-DAEMON@mx.test"},
    {"from": "Help <help@localhost>", "x_deskterm_loop": "desk"},
)

_WAYS = ("token", "verp", "message id", "subject", "bounce", "late", "none")
_WORDS = ("I am away.", "yes", "no", "5", "Thanks!", "leave", "!close spam")


def _one_of_each(desk: Desk) -> None:
    """Open tickets 1 to 4 that are new, waiting, solved and closed."""
    open_ticket(desk)
    verbs(desk).wait([open_ticket(desk)], "customer")
    solved_ticket(desk)
    closed = solved_ticket(desk)
    verbs(desk).verify([closed], "craft", "ok")
    verbs(desk).close([closed], "solved", "phoned")
    send_all(desk)


@st.composite
def _machine_mails(draw: st.DrawFn) -> tuple[int, dict[str, str], str, str]:
    """A ticket, the signs of a machine, how the mail names the ticket, what it says."""
    number = draw(st.integers(1, len(STATES)))
    sign = draw(st.sampled_from(_SIGNS))
    way = draw(st.sampled_from(["token", "verp", "message id", "subject", "bounce", "late", "no"]))
    words = draw(
        st.sampled_from(["I am away.", "yes", "no", "5", "Thanks!", "leave", "!close spam"])
    )
    return number, sign, way, words


def _built(desk: Desk, number: int, sign: dict[str, str], way: str, words: str) -> bytes:
    key = secret(desk)
    if way in ("bounce", "late"):
        to = verp_address("help@localhost", number, key)
        status, action = ("5.1.1", "failed") if way == "bounce" else ("4.4.1", "delayed")
        return bounce_bytes(to, "ada@example.org", status, action)
    named = {
        "token": {"to": recipient_address("help@localhost", number, key)},
        "verp": {"to": verp_address("help@localhost", number, key)},
        "message id": {"in_reply_to": message_id(number, "ab", key, "localhost")},
    }.get(way, {})
    if "x_deskterm_loop" in sign:
        sign = sign | {"x_deskterm_loop": loop_mark(number, key)}
    subject = f"Re: [#{number}] Printer" if way == "subject" else "Printer offline"
    return mail_bytes(subject, words, **(named | sign))


@given(st.lists(_machine_mails(), min_size=1, max_size=6))
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_sequence_of_machine_mails_is_answered_or_moves_anything(
    desk: Desk, mails: list[tuple[int, dict[str, str], str, str]]
) -> None:
    if not count(desk, "ticket"):
        _one_of_each(desk)
    before, letters = snapshot(desk), count(desk, "outbox")
    known = [row[0] for row in before["ticket"]]
    take(desk, *(_built(desk, *mail) for mail in mails))
    after = snapshot(desk)
    after["ticket"] = [row for row in after["ticket"] if row[0] in known]
    assert after == before
    assert count(desk, "outbox") == letters
    assert count(desk, "inbox", "state NOT IN ('machine', 'duplicate')") == 0
    assert count(desk, "ledger", "public AND actor = 'mail' AND event = 'received'") == 0


def test_our_own_letter_that_comes_back_is_kept_in_the_inbox_and_not_on_the_ticket(
    desk: Desk,
) -> None:
    number = open_ticket(desk)
    send_all(desk)
    with desk.store.reading() as database:
        row = database.one("SELECT b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256")
    assert row is not None
    take(desk, bytes(row["bytes"]))
    assert desk.inbox.list()[0].state == "machine"
    assert [entry.event for entry in desk.tickets.show(number).timeline] == ["opened"]


# --- the fuse -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("letters", "minutes"), [(10, 10), (15, 30), (25, 60), (50, 180), (100, 600)]
)
def test_so_many_letters_in_so_many_minutes_blow_the_fuse(letters: int, minutes: int) -> None:
    now = clock.now()
    written = [now - timedelta(minutes=minutes) * (n + 0.5) / letters for n in range(letters)]
    assert blown(written, now) is not None
    assert blown(written[::2], now) is None


def test_a_blown_fuse_stops_automatic_letters_once_aloud_and_typed_ones_never(desk: Desk) -> None:
    number = open_ticket(desk)
    for n in range(11):
        verbs(desk).wait([number], "customer", reason=str(n))
        verbs(desk).resume([number])
    assert count(desk, "outbox") == 10
    note = last_entry(desk, "mail")
    assert (note["public"], note["fuse"]) == (False, "ada@example.org")
    verbs(desk).wait([number], "customer")
    assert count(desk, "ledger", "event = 'mail' AND kind = 'ticket'") == 1
    verbs(desk).reply([number], "Let me call you.")
    assert count(desk, "outbox", "template = 'reply'") == 1
    other = open_ticket(desk, "Something else")
    assert count(desk, "outbox", "ticket_id = :id", id=other) == 1


def test_a_conversation_with_a_machine_that_says_it_is_none_ends(desk: Desk) -> None:
    """Two robots that answer each other at once: the fuse is what ends it."""
    take(desk, mail_bytes("Help", cc="bo@example.org", message_id="<0@x>"))
    to = recipient_address("help@localhost", 1, secret(desk))
    for n in range(15):
        take(desk, mail_bytes("Re: Help", f"Robot {n}", to=to, message_id=f"<r{n}@x>"))
    assert count(desk, "outbox", "recipient = 'bo@example.org'") <= 10
    assert count(desk, "ledger", "event = 'received'") == 15


def test_one_acknowledgement_an_hour_for_equal_subjects_also_where_there_is_none(
    desk: Desk,
) -> None:
    for n in range(3):
        take(desk, mail_bytes("", "Nothing works.\n", message_id=f"<{n}@x>"))
    assert value(desk, 3, "subject") == "Nothing works."
    assert count(desk, "outbox", "template = 'opened'") == 1


def test_a_responder_with_new_mails_and_new_subjects_is_acknowledged_three_times_an_hour(
    desk: Desk,
) -> None:
    """It answers every letter with a new mail that looks like a person's; then it hears nothing."""
    for n in range(6):
        take(desk, mail_bytes(f"Away until {n}", f"I am away, {n}", message_id=f"<{n}@x>"))
    assert count(desk, "ticket") == 6
    assert count(desk, "outbox", "template = 'opened'") == 3
    assert [count(desk, "outbox", "ticket_id = :id", id=n) for n in (3, 4)] == [1, 0]
    assert "Not acknowledged: 3 mails from ada@example.org" in last_entry(desk, "mail")["text"]
    take(desk, mail_bytes("Printer", From="bo@example.org", message_id="<b@x>"))
    open_ticket(desk, "By phone")
    assert count(desk, "outbox", "template = 'opened'") == 5
    with desk.store.reading() as database:
        database.run("UPDATE outbox SET created_at = :past", past=clock.now() - timedelta(hours=1))
    take(desk, mail_bytes("An hour later", message_id="<later@x>"))
    assert count(desk, "outbox", "template = 'opened'") == 6


# --- one mail, two ways -------------------------------------------------------------------------


def test_one_mail_through_two_mailboxes_is_filed_once(desk: Desk) -> None:
    from deskterm.services.inbox.receive import receive

    raw = mail_bytes(message_id="<one@x>", to="help@localhost, vpn@localhost")
    first = receive(desk.store, b"Delivered-To: help@localhost\r\n" + raw, mailbox="help")
    second = receive(desk.store, b"Delivered-To: vpn@localhost\r\n" + raw, mailbox="vpn")
    done = desk.inbox.process()
    assert (done.tickets, done.duplicates) == (1, 1)
    row = desk.inbox.list("duplicate")[0]
    assert (row.id, row.ticket_id) == (second.id, 1)
    assert row.reason == f"the same as mail {first.id} that came to help"


def test_other_words_under_the_same_id_in_another_mailbox_are_kept(desk: Desk) -> None:
    from deskterm.services.inbox.receive import receive

    receive(desk.store, mail_bytes("One", message_id="<same@x>"), mailbox="help")
    receive(desk.store, mail_bytes("Two", message_id="<same@x>"), mailbox="vpn")
    assert desk.inbox.process().tickets == 2
    assert last_entry(desk, "opened")["same_id_as"] == 1


# --- leaving ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["address", "subject", "body"])
def test_whoever_is_in_copy_can_leave(desk: Desk, way: str) -> None:
    from deskterm.mail.tokens import leaving_address

    take(desk, mail_bytes(cc="Bo <bo@example.org>", message_id="<1@x>"))
    with desk.store.reading() as database:
        row = database.one("SELECT person_id FROM watcher")
    assert row is not None
    token = recipient_address("help@localhost", 1, secret(desk))
    leave = leaving_address("help@localhost", 1, row["person_id"], secret(desk))
    mail = {
        "address": mail_bytes("x", "y", to=leave, **{"from": "any@example.org"}),
        "subject": mail_bytes("Re: [#1] Unsubscribe", "", to=token, **{"from": "bo@example.org"}),
        "body": mail_bytes("Re: Printer", "Abmelden!\n", to=token, **{"from": "bo@example.org"}),
    }[way]
    before = count(desk, "outbox")
    take(desk, mail)
    assert count(desk, "watcher") == 0
    assert count(desk, "outbox") == before
    desk.ledger.undo(last_operation(desk))
    assert count(desk, "watcher") == 1


def last_operation(desk: Desk) -> str:
    """Give the operation that changed something last."""
    with desk.store.reading() as database:
        row = database.one("SELECT operation_id AS id FROM ledger ORDER BY id DESC LIMIT 1")
    assert row is not None
    return str(row["id"])


def test_the_requester_cannot_leave_and_words_among_others_leave_nobody(desk: Desk) -> None:
    take(desk, mail_bytes(cc="Bo <bo@example.org>", message_id="<1@x>"))
    to = recipient_address("help@localhost", 1, secret(desk))
    take(
        desk,
        mail_bytes("leave", "leave", to=to, message_id="<2@x>"),
        mail_bytes("Re", "Stop\nthe printer first.", to=to, **{"from": "bo@example.org"}),
    )
    assert count(desk, "watcher") == 1
    assert count(desk, "ledger", "event = 'received'") == 2


def test_mail_of_machines_without_a_ticket_is_counted_until_somebody_puts_it_away(
    desk: Desk,
) -> None:
    number = open_ticket(desk)
    away = {"auto_submitted": "auto-replied", "from": "bob@example.org"}
    to = recipient_address("help@localhost", number, secret(desk))
    take(
        desk, mail_bytes("Away", "Until Monday.", **away), mail_bytes("Away", "Here", **away, to=to)
    )
    free, filed = sorted(desk.inbox.list(), key=lambda row: row.ticket_id is not None)
    assert (free.state, free.ticket_id, filed.state, filed.ticket_id) == (
        *("machine", None),
        *("machine", number),
    )
    assert desk.inbox.of_machines() == 1
    assert desk.jobs.run_once().of_machines == 1
    with desk.store.reading() as database:
        assert inbox.standing(database, clock.now() + timedelta(minutes=1)).of_machines == 0
    with pytest.raises(RefusedError, match="stands on #1"):
        desk.inbox.discard([filed.id])
    desk.inbox.discard([free.id])
    assert desk.inbox.of_machines() == 0
    desk.ledger.undo()
    assert desk.inbox.of_machines() == 1


def test_the_head_says_how_many_came_of_machines_and_that_is_no_trouble() -> None:
    one, two = (JobsDone(held=True, of_machines=number) for number in (1, 2))
    assert jobs_words(one).endswith(" · 1 by machine")
    assert jobs_words(two).endswith(" · 2 by machines")
    assert not in_trouble(two)
    assert "machine" not in jobs_words(JobsDone(held=True))


def test_an_answer_to_an_address_that_nobody_reads_goes_out_with_a_warning(desk: Desk) -> None:
    number = open_ticket(desk, requester="Shop <no-reply@shop.example>")
    other = open_ticket(desk)
    assert desk.tickets.unread([number, other]) == ("no-reply@shop.example",)
    before = count(desk, "outbox")
    words = f"#{number}: no-reply@shop.example says itself that nobody reads it"
    for how in (How(dry=True), How()):
        (note,) = desk.tickets.do([number, other], Reply("It is done."), how=how).notes
        assert note.startswith(words)
    assert count(desk, "outbox") == before + 2
