"""A letter's headers are the desk's own, whatever a stranger wrote (I6): real mails, real bytes."""

from base64 import b64encode

import pytest

from deskterm import paths
from deskterm.bootstrap import Desk
from deskterm.domain.requests import NewFile
from deskterm.domain.text import header_safe
from deskterm.services.outbox.claims import Claims
from deskterm.services.outbox.public_view import read_face
from tests.builders import count, open_ticket
from tests.hostile_words import word
from tests.mails import mail_bytes, take
from tests.services.test_privacy import HAPPENINGS, afterwards, happen, letters_sent
from tests.verbs import verbs

PAGE = (
    "Invoice=0d=0aContent-Type:_text/html=0d=0aBcc:_evil@e.test=0d=0a=0d=0a<h1>Pay_now</h1>"
    "=0d=0a<!--"
)
PAGE_TEXT = "Invoice\r\nContent-Type: text/html\r\n\r\n<h1>Pay now</h1>\r\n<!--"
NAMES = [
    b"From", b"To", b"Reply-To", b"Subject", b"Date", b"Message-ID", b"In-Reply-To",
    b"References", b"Auto-Submitted", b"X-Auto-Response-Suppress", b"X-Deskterm-Loop",
    b"MIME-Version", b"Content-Type",
]  # fmt: skip


def _left() -> list[bytes]:
    return [one.read_bytes() for one in sorted((paths.outgoing_maildir() / "new").iterdir())]


def _twice(text: str) -> str:
    return f"=?utf-8?b?{b64encode(f'=?utf-8?q?{text}?='.encode()).decode()}?="


def _names(raw: bytes) -> list[bytes]:
    head = raw.partition(b"\r\n\r\n")[0].replace(b"\r\n ", b"")
    return [line.partition(b":")[0] for line in head.split(b"\r\n")]


@pytest.mark.parametrize("where", ["subject", "name"])
def test_an_encoded_word_in_an_encoded_word_writes_no_header_and_no_body(
    desk: Desk, where: str
) -> None:
    twice = _twice(PAGE)
    if where == "subject":
        take(desk, mail_bytes(twice, From="victim@x.test"))
    else:
        take(desk, mail_bytes(From=f"{twice} <victim@x.test>"))
    desk.outbox.send(at_once=True)
    verbs(desk).reply([1], "Please switch it on.")
    desk.outbox.send(at_once=True)
    letters = _left()
    assert len(letters) == 2
    for raw in letters:
        automatic = [b"Auto-Submitted", b"X-Auto-Response-Suppress"]
        typed = [name for name in NAMES if name not in automatic]
        assert _names(raw) in (NAMES, typed)
        assert b"\nContent-Type: text/html" not in raw.partition(b"\r\n\r\n")[0]
        assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_desk_s_name_cannot_write_headers_either(desk: Desk) -> None:
    desk.desk_settings.set("desk.name", _twice(PAGE))
    take(desk, mail_bytes())
    desk.outbox.send(at_once=True)
    (raw,) = _left()
    assert _names(raw) == NAMES
    assert count(desk, "outbox", "state = 'sent'") == 1


def test_a_letter_that_an_older_program_froze_with_foreign_lines_does_not_leave(
    desk: Desk,
) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    desk.outbox.send(at_once=True)
    verbs(desk).reply([number], "Please switch it on.")
    sender = Claims("other", at_once=True)
    with desk.store.reading() as database:
        for groups in sender.groups(database):
            (claimed,) = sender.take(database, groups, read_face(database), {})
        foreign = claimed.raw.replace(b"\r\nDate:", b"\r\nBcc: evil@e.test\r\nDate:")
        database.run(
            "UPDATE blob SET bytes = :raw WHERE sha256 = :sha256",
            raw=foreign,
            sha256=claimed.sha256,
        )
        database.run("UPDATE outbox SET state = 'queued', holder = NULL WHERE state = 'claimed'")
    assert desk.outbox.send(at_once=True).failed == 1
    (row,) = desk.outbox.queue(failed=True)
    assert row.error.startswith("the letter cannot be written: its headers are not the desk's own")
    assert len(_left()) == 1
    assert desk.notices.list()[0].kind == "undelivered"
    assert "cannot be written" in desk.tickets.show(number).timeline[-1].text


def test_an_address_that_programs_read_as_a_code_gets_no_letter_and_its_technician_hears(
    desk: Desk,
) -> None:
    number = open_ticket(desk, requester="Ada <=?utf-8?q?a=0d=0abcc?=@example.org>", take=True)
    assert desk.outbox.send(at_once=True).failed == 1
    (row,) = desk.outbox.queue()
    assert "programs read '=?' as a code" in row.error
    assert [(one.kind, one.ticket_id) for one in desk.notices.list()] == [("undelivered", number)]


@pytest.mark.parametrize(
    "text",
    [PAGE_TEXT, word(PAGE_TEXT), word(word(PAGE_TEXT))],
    ids=["plain", "word", "word in a word"],
)
def test_every_letter_of_a_ticket_s_life_is_written_by_the_desk_alone(
    desk: Desk, text: str
) -> None:
    """Subject, names, organisation, category, desk and file carry the text; all letters leave."""
    desk.admin.set_technician("ben", {"email": "ben@example.org", "name": text})
    desk.desk_settings.set("desk.name", header_safe(text))
    line = header_safe(text)[:200].strip()
    category = line.replace("/", "")[:80]
    desk.records.set("organisation", line, {})
    desk.admin.set_category(category)
    number = open_ticket(desk, text, body=text, watchers=("Bo <bo@example.org>",))
    desk.people.set("ada@example.org", {"name": text, "organisation": line})
    verbs(desk).change([number], named={"category": category})
    verbs(desk).reply([number], text, (NewFile(text, "text/plain", b"x"),))
    for happening in (*HAPPENINGS, lambda desk, _: afterwards(desk)):
        happen(desk, number, happening)
        assert desk.outbox.send(at_once=True).failed == 0
    letters = letters_sent(desk)
    assert len(letters) > 10
    for raw in letters:
        names = _names(raw)
        assert [name for name in NAMES if name in names] == names
        assert {b"From", b"To", b"Subject", b"Message-ID", b"X-Deskterm-Loop"} <= set(names)
