"""Technicians answer by mail, and nobody in their name (semantics.md §1.3)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.mail.tokens import personal_address, recipient_address
from tests.builders import count, open_ticket, solved_ticket, value
from tests.mails import last_entry, mail_bytes, secret, take
from tests.verbs import verbs

BO = "bo@desk.test"


def _hire(desk: Desk, login: str) -> None:
    with desk.store.reading() as database:
        database.run(
            "INSERT INTO technician (login, name, email, level, active, since) "
            "SELECT :login, '', :email, 1, active, since FROM technician LIMIT 1",
            login=login,
            email=f"{login}@desk.test",
        )


@pytest.fixture
def number(desk: Desk) -> int:
    """A ticket from Ada on a desk where Bo works too."""
    ticket = open_ticket(desk)
    verbs(desk).note([ticket], "the master key is under the mat")
    _hire(desk, "bo")
    return ticket


def _write(desk: Desk, number: int, body: str, sender: str = BO, token: str = "bo") -> str:
    """Answer a letter that Bo got, and give the state the mail is in."""
    to = personal_address("help@localhost", number, token, secret(desk))
    take(desk, mail_bytes("Re: news", body, to=to, **{"from": sender}))
    return desk.inbox.list()[0].state


def test_plain_words_are_the_technician_s_public_answer(desk: Desk, number: int) -> None:
    assert _write(desk, number, "Please restart it.\n") == "reply"
    entry = last_entry(desk, "replied")
    assert (entry["actor"], entry["public"], entry["text"]) == ("bo", True, "Please restart it.")
    assert (value(desk, number, "state"), value(desk, number, "assignee")) == ("open", "bo")
    assert count(desk, "outbox", "template = 'reply' AND recipient = 'ada@example.org'") == 1


def test_what_the_desk_wrote_to_a_technician_never_leaves_with_their_answer(
    desk: Desk, number: int
) -> None:
    quoted = "Done.\n\n> the master key is under the mat\n> -- \n"
    _write(desk, number, quoted)
    assert last_entry(desk, "replied")["text"] == "Done."
    _write(desk, number, "> the master key is under the mat\nwhich mat?\n> more\nI see\n")
    assert count(desk, "ledger", "event = 'replied'") == 1
    assert count(desk, "ledger", "public AND text LIKE '%master key%'") == 0
    assert "still holds our letter" in last_entry(desk, "mail")["text"]


def test_a_first_line_note_keeps_the_words_inside(desk: Desk, number: int) -> None:
    before = count(desk, "outbox")
    _write(desk, number, "!note\nHe is rude.")
    entry = last_entry(desk, "noted")
    assert (entry["actor"], entry["public"], entry["text"]) == ("bo", False, "He is rude.")
    assert count(desk, "outbox") == before


@pytest.mark.parametrize(
    ("order", "column", "found"),
    [
        ("!take", "assignee", "bo"),
        ("!assign me", "assignee", "bo"),
        ("!wait 3d", "state", "waiting"),
        ("!solve Replaced the fuse.", "resolution", "Replaced the fuse."),
        ("!solve\n\nReplaced the fuse.", "resolution", "Replaced the fuse."),
        ("!close spam", "outcome", "spam"),
    ],
)
def test_orders_are_done_as_the_technician(
    desk: Desk, number: int, order: str, column: str, found: str
) -> None:
    assert _write(desk, number, f"{order}\n") == "reply"
    assert value(desk, number, column) == found
    assert last_entry(desk, "noted")["actor"] == "bo"


def test_orders_and_a_public_answer_go_together(desk: Desk, number: int) -> None:
    _write(desk, number, "!take\n!reply\nI am on it.")
    assert value(desk, number, "assignee") == "bo"
    assert last_entry(desk, "replied")["text"] == "I am on it."


def test_closing_by_mail_goes_through_the_closing_gate(desk: Desk, number: int) -> None:
    _write(desk, number, "!close he phoned")
    assert value(desk, number, "state") == "new"
    note = last_entry(desk, "noted")
    assert "not solved" in note["refused_order"]
    _write(desk, number, "!solve new cable\n!verify ok\n!close he phoned")
    assert value(desk, number, "state") == "closed"


@pytest.mark.parametrize("order", ["!dance", "!take\n!assign nobody-here", "!solve", "!wait never"])
def test_an_order_that_cannot_be_done_changes_nothing_and_says_why(
    desk: Desk, number: int, order: str
) -> None:
    before = count(desk, "outbox")
    assert _write(desk, number, order) == "reply"
    assert (value(desk, number, "state"), value(desk, number, "assignee")) == ("new", None)
    assert count(desk, "outbox") == before
    assert last_entry(desk, "noted")["refused_order"]
    assert "was not done" in last_entry(desk, "mail")["text"]


@pytest.mark.parametrize(
    ("sender", "token"),
    [("eve@e.test", "bo"), (BO, "mia"), (BO, "")],
    ids=["stolen token", "another's token", "no token"],
)
def test_without_token_and_address_nobody_speaks_as_a_technician(
    desk: Desk, sender: str, token: str
) -> None:
    number = solved_ticket(desk)
    _hire(desk, "bo")
    _hire(desk, "mia")
    before = count(desk, "outbox")
    if token:
        _write(desk, number, "!close spam\nGo away.", sender, token)
    else:
        raw = mail_bytes(f"Re: [#{number}]", "!close spam\nGo away.", **{"from": sender})
        take(desk, raw)
        assert "without the token" in last_entry(desk, "mail")["text"]
    assert value(desk, number, "outcome") is None
    assert last_entry(desk)["actor"] == "customer"
    assert count(desk, "outbox") == before
    assert count(desk, "ledger", "event IN ('replied', 'noted')") == 0


def test_an_absence_notice_of_a_technician_is_no_answer(desk: Desk, number: int) -> None:
    to = personal_address("help@localhost", number, "bo", secret(desk))
    away = mail_bytes("Away", "I am away.", to=to, auto_submitted="auto-replied")
    take(desk, away.replace(b"ada@example.org", BO.encode()))
    assert count(desk, "ledger", "event = 'replied'") == 0
    assert not last_entry(desk)["public"]


def test_a_stranger_with_a_token_reaches_the_technicians_and_nobody_else(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "customer")
    before = count(desk, "outbox")
    to = recipient_address("help@localhost", number, secret(desk))
    take(desk, mail_bytes("Re", "From my other address.", to=to, **{"from": "eve@e.test"}))
    assert last_entry(desk)["external"] == "eve@e.test"
    assert value(desk, number, "state") == "open"
    assert count(desk, "outbox") == before


def test_an_answer_to_a_letter_about_an_internal_note_is_an_internal_note(desk: Desk) -> None:
    """Whoever is called by a colleague's note and answers it speaks to the colleague."""
    number = open_ticket(desk)
    _hire(desk, "bo")
    desk.admin.set_technician("bo", {"email": BO})
    verbs(desk).note([number], "@bo the master key is under the mat")
    with desk.store.reading() as database:
        entry = database.one("SELECT id FROM ledger WHERE event = 'noted'")
        notice = database.one("SELECT id FROM notice WHERE login = 'bo'")
        letter = database.one("SELECT id, message_id FROM outbox ORDER BY id LIMIT 1")
        assert entry is not None
        assert notice is not None
        assert letter is not None
        database.run(
            "UPDATE notice SET letter_id = :letter, entry_id = :entry WHERE id = :id",
            letter=letter["id"],
            entry=entry["id"],
            id=notice["id"],
        )
    to = personal_address("help@localhost", number, "bo", secret(desk))
    answer = {"to": to, "in_reply_to": letter["message_id"], "from": BO}
    take(desk, mail_bytes("Re", "Which mat?", message_id="<1@x>", **answer))
    assert last_entry(desk, "noted")["text"] == "Which mat?"
    take(desk, mail_bytes("Re", "!reply\nWe have it.", message_id="<2@x>", **answer))
    assert last_entry(desk, "replied")["text"] == "We have it."


def test_a_resolution_by_mail_never_carries_what_the_desk_wrote(desk: Desk, number: int) -> None:
    _write(desk, number, "!solve\n> the master key is under the mat\nNew cable.\n> more\nyes")
    assert value(desk, number, "state") == "new"
    assert "still holds our letter" in last_entry(desk, "mail")["text"]
