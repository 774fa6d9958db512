"""A day of mail through real servers, IMAP in and SMTP out: nothing is lost or doubled.

One desk, one IMAP server and one SMTP server on this machine. People write, answer our letters as
their mail programs would, forward, are absent; letters bounce; strangers forge; hostile mail comes.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import NamedTuple

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from tests.builders import count, value
from tests.cli.test_mail_hostile import cases, raw_mail
from tests.mail.imap_server import Server as ImapServer
from tests.mail.imap_server import imap_server
from tests.mail.smtp_server import Server as SmtpServer
from tests.mail.smtp_server import smtp_server
from tests.mails import bounce_bytes
from tests.services.test_imap import mailbox
from tests.verbs import verbs

DESK = "help@example.org"
ADA = "Ada Moss <ada@example.org>"
FORWARDED = """Begin forwarded message:

From: Dora <dora@example.org>
Subject: VPN
Date: Mon, 2 Mar 2026 08:00
To: Ben <ben@example.org>

VPN says no route.
"""


class Letter(NamedTuple):
    """A letter as its recipient's mail server got it."""

    path: str
    """The envelope sender, empty for a letter nobody wants to hear the bounce of."""
    to: str
    mail: Message

    @property
    def text(self) -> str:
        part = self.mail.get_body(("plain",))  # type: ignore[attr-defined]
        return str(part.get_content())


def _bracketed(text: str) -> str:
    found = re.search(r"<([^>]*)>", text)
    return found.group(1) if found else ""


class Day:
    """The post office of the day."""

    def __init__(self, desk: Desk, imap: ImapServer, smtp: SmtpServer) -> None:
        self.desk, self.imap, self.smtp = desk, imap, smtp
        self.put = self.piped = 0
        self.read = 0

    def post(self, *mails: bytes) -> None:
        """Mails arrive, are fetched, filed, and what is due leaves."""
        self.imap.put(*mails)
        self.put += len(mails)
        (fetched,) = self.desk.mailboxes.fetch()
        assert fetched.trouble == ""
        self.desk.inbox.process()
        self.desk.outbox.send(at_once=True)

    def letters(self) -> list[Letter]:
        """Give the letters that came out since the last call."""
        fresh, self.read = self.smtp.mails[self.read :], len(self.smtp.mails)
        found = []
        for sender, recipients, raw in fresh:
            (to,) = (_bracketed(one) for one in recipients)
            mail = message_from_bytes(raw, policy=default)
            found.append(Letter(_bracketed(sender), to, mail))
        return found

    def letter(self, to: str) -> Letter:
        """Give the one letter that came out since the last call."""
        found = self.letters()
        assert [one.to for one in found] == [to], [(one.to, one.text[:200]) for one in found]
        return found[0]

    def ticket(self, subject: str) -> int:
        with self.desk.store.reading() as database:
            (row,) = database.all("SELECT id FROM ticket WHERE subject = :s", s=subject)
        return int(row["id"])


@pytest.fixture
def day(database_url: str) -> Iterator[Day]:
    """A desk between the two servers."""
    with imap_server() as imap, smtp_server() as smtp:
        flags = {
            "db": database_url,
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp.port,
            "smtp_security": "none",
        }
        desk = open_desk(settings.load(flags, as_login="cy"))
        desk.desk_settings.set("mail.address", DESK)
        mailbox(desk, imap.port)
        yield Day(desk, imap, smtp)
        desk.close()


def written(sender: str, subject: str, body: str, **headers: str) -> bytes:
    """A person writes to the desk."""
    message = EmailMessage(policy=default.clone(linesep="\r\n"))
    message["From"] = sender
    message["To"] = headers.pop("To", DESK)
    message["Subject"] = subject
    message["Message-ID"] = f"<{abs(hash((sender, subject, body)))}@people.example>"
    for name, text in headers.items():
        message[name.replace("_", "-")] = text
    message.set_content(body)
    return message.as_bytes()


def answered(letter: Letter, sender: str, words: str, **headers: str) -> bytes:
    """A person answers a letter as mail programs do: threaded, quoted below."""
    quoted = "\r\n".join(f"> {line}" for line in letter.text.splitlines())
    return written(
        sender,
        f"Re: {letter.mail['Subject']}",
        f"{words}\r\n\r\nOn Mon, 2 Mar 2026 at 09:00, Help desk <{DESK}> wrote:\r\n{quoted}\r\n",
        To=str(letter.mail["Reply-To"]),
        In_Reply_To=str(letter.mail["Message-ID"]),
        References=f"{letter.mail['References'] or ''} {letter.mail['Message-ID']}".strip(),
        **headers,
    )


def test_a_day_of_mail_is_filed_answered_and_added_up(
    day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    _people_write_and_answer(day)
    _machines_forgers_and_forwards(day)
    _bounces_and_copies(day)
    _solved_confirmed_and_rated(day, monkeypatch)
    _hostile(day)
    _adds_up(day)


def _people_write_and_answer(day: Day) -> None:
    desk = day.desk
    day.post(
        written(
            ADA,
            "Printer offline",
            "It shows offline.",
            Cc="bo@example.org",
        ),
        written(
            "Cleo <cleo@example.org>", "Kein Ton", "Seit heute früh höre ich nichts — gar nichts."
        ),
    )
    greeted = {one.to: one for one in day.letters()}
    assert set(greeted) == {"ada@example.org", "bo@example.org", "cleo@example.org"}
    assert [one.path for one in greeted.values()] == ["", "", ""]
    assert str(greeted["ada@example.org"].mail["Auto-Submitted"]) == "auto-replied"
    printer = day.ticket("Printer offline")
    day.post(answered(greeted["ada@example.org"], ADA, "It is P-31."))
    assert day.letter("bo@example.org")
    entry = _entry(desk, printer, "received")
    assert entry == "It is P-31."
    verbs(desk).reply([printer], "Please switch it off and on.")
    desk.outbox.send(at_once=True)
    told = {one.to: one for one in day.letters()}
    assert set(told) == {"ada@example.org", "bo@example.org"}
    reply = told["ada@example.org"]
    assert reply.mail["Auto-Submitted"] is None
    assert reply.path.startswith("help+")
    verbs(desk).wait([printer], "customer")
    desk.outbox.send(at_once=True)
    day.letters()
    day.post(answered(reply, ADA, "Still offline."))
    assert value(desk, printer, "state") == "open"
    assert day.letter("bo@example.org")


def _machines_forgers_and_forwards(day: Day) -> None:
    desk = day.desk
    printer = day.ticket("Printer offline")
    verbs(desk).wait([printer], "customer")
    desk.outbox.send(at_once=True)
    waits = {one.to: one for one in day.letters()}["ada@example.org"]
    tickets = count(desk, "ticket")
    day.post(
        answered(waits, "Ada <ada@example.org>", "I am away.", Auto_Submitted="auto-replied"),
        bytes(waits.mail.as_bytes()),
        written(
            "List <news@list.example>", "Weekly news", "Buy now.", Precedence="bulk", List_Id="<n>"
        ),
    )
    assert value(desk, printer, "state") == "waiting"
    assert day.letters() == []
    day.post(
        written("Eve <eve@elsewhere.example>", f"Re: [#{printer}] Printer offline", "Let me in.")
    )
    stranger = day.letter("eve@elsewhere.example")
    assert "P-31" not in stranger.text
    assert count(desk, "link", "kind = 'claimed' AND other_id = :t", t=printer) == 1
    desk.admin.set_technician("ben", {"email": "ben@example.org"})
    day.post(written("Ben <ben@example.org>", "Fwd: VPN", FORWARDED))
    with desk.store.reading() as database:
        row = database.one(
            "SELECT a.address FROM ticket t JOIN person_address a ON a.person_id = t.requester_id "
            "ORDER BY t.id DESC LIMIT 1"
        )
    assert row is not None
    assert row["address"] == "dora@example.org"
    assert count(desk, "ticket") >= tickets + 2
    day.letters()


def _bounces_and_copies(day: Day) -> None:
    desk = day.desk
    sound = day.ticket("Kein Ton")
    verbs(desk).reply([sound], "Is the headset plugged in?")
    desk.outbox.send(at_once=True)
    sent = day.letter("cleo@example.org")
    people = count(desk, "person")
    day.post(bounce_bytes(sent.path, "cleo@example.org"))
    assert count(desk, "outbox", "state = 'failed'") == 1
    assert count(desk, "person") == people
    again = written("Cleo <cleo@example.org>", "Once more", "It is broken.")
    day.post(again)
    day.post(again)
    assert count(desk, "ticket", "subject = 'Once more'") == 1
    day.letters()


def _solved_confirmed_and_rated(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = day.desk
    printer = day.ticket("Printer offline")
    verbs(desk).solve([printer], "The queue was added again.")
    verbs(desk).verify([printer], "craft", "ok")
    desk.outbox.send(at_once=True)
    asked = {one.to: one for one in day.letters()}["ada@example.org"]
    day.post(answered(asked, ADA, "Yes"))
    assert value(desk, printer, "state") == "closed"
    day.letters()
    true = clock.now
    monkeypatch.setattr(clock, "now", lambda: true() + timedelta(hours=30))
    desk.jobs.run_once()
    desk.outbox.send(at_once=True)
    polls = [one for one in day.letters() if one.to == "ada@example.org"]
    assert len(polls) == 1
    day.post(answered(polls[0], ADA, "5"))
    assert value(desk, printer, "state") == "closed"
    assert count(desk, "ledger", "subject_id = :t AND event = 'rated'", t=printer) == 1
    day.letters()


def _hostile(day: Day) -> None:
    """What the IMAP server of the test can hold comes through it, the rest through the pipe."""
    mails = [raw_mail(case) for case in cases()]
    assert len(mails) > 30
    before = count(day.desk, "inbox")
    piped = [raw for raw in mails if raw.count(b"boundary") > 100]
    for raw in piped:
        day.desk.inbox.receive(raw)
    day.piped = len(piped)
    day.post(*(raw for raw in mails if raw not in piped))
    taken = count(day.desk, "inbox") - before
    assert taken + _copies(day.desk) >= len(mails)
    for letter in day.letters():
        assert "@" in letter.to
        assert DESK not in letter.to


def _adds_up(day: Day) -> None:
    desk = day.desk
    assert count(desk, "inbox") + _copies(desk) == day.put + day.piped
    assert count(desk, "inbox", "state = 'waiting'") == 0
    assert count(desk, "outbox", "state IN ('queued', 'claimed')") == 0
    kept = sum(len(day.imap.mails(folder)) for folder in day.imap.folders())
    assert kept == day.put
    ids = [str(message_from_bytes(raw)["Message-ID"]) for _, _, raw in day.smtp.mails]
    assert len(set(ids)) == len(ids)
    assert all("mailer-daemon" not in to.lower() for _, tos, _ in day.smtp.mails for to in tos)


def _copies(desk: Desk) -> int:
    with desk.store.reading() as database:
        row = database.one("SELECT coalesce(sum(copies), 0) AS n FROM inbox")
    return int(row["n"]) if row else 0


def _entry(desk: Desk, ticket: int, event: str) -> str:
    with desk.store.reading() as database:
        row = database.one(
            "SELECT text FROM ledger WHERE kind = 'ticket' AND subject_id = :id AND event = :event "
            "ORDER BY id DESC LIMIT 1",
            id=ticket,
            event=event,
        )
    return str(row["text"]).strip() if row else ""
