"""Mail handed over by LMTP and SMTP: 250 after the commit, never refused for being odd."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.services.mailboxes import lmtp
from deskterm.services.mailboxes.door import Doors, read_place
from deskterm.storage import sqlite
from deskterm.storage.driver import connect
from tests.builders import count

MAIL = b"From: ada@example.org\r\nSubject: hello\r\nMessage-ID: <1@example.org>\r\n\r\nhelp\r\n"


@contextmanager
def doors(desk: Desk, *kinds: str) -> Iterator[Doors]:
    """Open ports on this machine for the time of a test."""
    places = [read_place(kind, "127.0.0.1:0") for kind in kinds]
    opened = desk.mailboxes.doors(places, lambda: None)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def client(opened: Doors, index: int = 0) -> Iterator[smtplib.SMTP]:
    """Talk to an open port."""
    place = opened.places[index]
    made = smtplib.LMTP if place.kind == "lmtp" else smtplib.SMTP
    talking = made("127.0.0.1", place.port)
    try:
        yield talking
    finally:
        talking.close()


def say(
    talking: smtplib.SMTP, raw: bytes, *recipients: str, sender: str = "ada@example.org"
) -> None:
    """Hand a mail's bytes over up to the final dot, as they are; answers are read by the caller."""
    talking.ehlo_or_helo_if_needed()
    talking.mail(sender)
    for one in recipients:
        assert talking.rcpt(one)[0] == 250
    talking.putcmd("data")
    assert talking.getreply()[0] == 354
    talking.send(raw.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")


def answers(talking: smtplib.SMTP, wanted: int = 1) -> list[int]:
    return [talking.getreply()[0] for _ in range(wanted)]


def raws(desk: Desk) -> list[bytes]:
    return [desk.inbox.raw(row.id) for row in reversed(desk.inbox.list())]


@pytest.mark.parametrize("kind", ["lmtp", "smtp"])
def test_a_mail_is_kept_byte_by_byte_before_it_is_answered(desk: Desk, kind: str) -> None:
    odd = MAIL + b".a dot\r\n..\r\n\x00\xff bare\nlines\r" + b"x" * 300_000 + b"\r\nend"
    with doors(desk, kind) as opened, client(opened) as talking:
        say(talking, odd, "help@localhost", sender="")
        assert answers(talking) == [250]
        assert raws(desk) == [odd + b"\r\n"]
        say(talking, b"no mail at all", "help@localhost")
        assert answers(talking) == [250]
    assert desk.inbox.process().tickets == 2


def test_each_recipient_is_answered_and_each_mailbox_gets_the_mail_once(desk: Desk) -> None:
    for name in ("hr", "it"):
        desk.mailboxes.add(name, "lmtp", {"address": f"{name}@example.org"}, {})
    desk.mailboxes.add("off", "lmtp", {"address": "off@example.org", "active": False}, {})
    to = ("hr@example.org", "it+12.abc@example.org", "IT@Example.Org", "off@example.org")
    with doors(desk, "lmtp") as opened, client(opened) as talking:
        say(talking, MAIL, *to)
        assert answers(talking, 4) == [250] * 4
        assert talking.noop()[0] == 250
    with desk.store.reading() as database:
        rows = database.all("SELECT mailbox, envelope_to FROM inbox ORDER BY mailbox")
    assert [(row["mailbox"], row["envelope_to"]) for row in rows] == [
        ("hr", "hr@example.org"),
        ("inbox", "off@example.org"),
        ("it", "it+12.abc@example.org IT@Example.Org"),
    ]


def test_a_pipe_may_name_a_mailbox_by_its_address(desk: Desk) -> None:
    desk.mailboxes.add("it", "pipe", {"address": "it@example.org"}, {})
    desk.inbox.receive(MAIL, "ada@example.org", "it+5.x@example.org")
    desk.inbox.receive(MAIL, "ada@example.org", "help@localhost")
    assert count(desk, "inbox", "mailbox = 'it'") == count(desk, "inbox", "mailbox = 'inbox'") == 1


def test_too_big_is_552_for_each_recipient_and_the_next_mail_is_taken(sqlite_desk: Desk) -> None:
    sqlite_desk.desk_settings.set("mail.max_bytes", "100000")
    with doors(sqlite_desk, "lmtp", "smtp") as opened:
        with client(opened) as talking:
            say(talking, MAIL + b"x" * 200_000, "help@localhost", "it@localhost")
            assert answers(talking, 2) == [552, 552]
            say(talking, MAIL, "help@localhost")
            assert answers(talking) == [250]
        with client(opened, 1) as talking, pytest.raises(smtplib.SMTPSenderRefused) as error:
            talking.sendmail("ada@example.org", ["help@localhost"], b"x" * 200_000)
        assert error.value.smtp_code == 552
    assert count(sqlite_desk, "inbox") == 1


def test_a_locked_or_full_database_is_451_and_the_same_mail_is_taken_later(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_LATEST", 0)  # the lock is given up at once
    with doors(sqlite_desk, "lmtp") as opened, client(opened) as talking:
        with closing(connect(sqlite_desk.store.url)) as other:
            other.begin(write=True)
            say(talking, MAIL, "help@localhost", "it@localhost")
            assert answers(talking, 2) == [451, 451]
            other.rollback()
        with sqlite_desk.store.reading() as database:
            database.run("PRAGMA max_page_count = 1")
        large = MAIL + b"x" * 100_000
        say(talking, large, "help@localhost")
        assert answers(talking) == [451]
        assert count(sqlite_desk, "inbox") == 0
        say(talking, large, "help@localhost")
        assert answers(talking) == [250]
    assert count(sqlite_desk, "inbox") == 1


def test_silent_and_half_finished_clients_keep_nobody_waiting(sqlite_desk: Desk) -> None:
    with doors(sqlite_desk, "lmtp") as opened:
        port = opened.places[0].port
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
        with client(opened) as half:
            half.ehlo()
            half.mail("ada@example.org")
            half.rcpt("help@localhost")
            half.putcmd("data")
            half.getreply()
            half.send(b"From: ada@exam")
            with client(opened) as talking:
                say(talking, MAIL, "help@localhost")
                assert answers(talking) == [250]
        for one in silent:
            one.close()
    assert count(sqlite_desk, "inbox") == 1


def test_many_clients_at_once_lose_nothing(desk: Desk) -> None:
    def send(first: int) -> None:
        with client(opened) as talking:
            for number in range(first, first + 25):
                raw = MAIL.replace(b"<1@", b"<%d@" % number)
                say(talking, raw, "help@localhost")
                codes.extend(answers(talking))

    codes: list[int] = []
    with doors(desk, "lmtp") as opened:
        threads = [threading.Thread(target=send, args=(100 * n,)) for n in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert codes == [250] * 100
    assert count(desk, "inbox", "copies = 0") == 100


def test_only_this_machine_may_hand_mail_over_unless_it_is_said(sqlite_desk: Desk) -> None:
    for host in ("0.0.0.0", "[::]", "192.0.2.1"):
        with pytest.raises(RefusedError, match="say --allow-remote"):
            sqlite_desk.mailboxes.doors([read_place("lmtp", f"{host}:0")], lambda: None)
    for text in ("2424", "localhost", "127.0.0.1:x", ":1", "127.0.0.1:70000"):
        with pytest.raises(UsageError, match="write HOST:PORT"):
            read_place("lmtp", text)


def test_a_port_that_is_taken_is_a_sentence(sqlite_desk: Desk) -> None:
    with doors(sqlite_desk, "lmtp") as opened:
        place = opened.places[0]
        with pytest.raises(RefusedError, match=f"{place.port} cannot be opened"):
            sqlite_desk.mailboxes.doors([place], lambda: None)


def _silent(opened: Doors) -> socket.socket:
    """Connect, hear the greeting, say nothing."""
    calling = socket.create_connection(("127.0.0.1", opened.places[0].port))
    assert calling.recv(100).startswith(b"220")
    return calling


def test_silent_clients_do_not_shut_the_door(sqlite_desk: Desk) -> None:
    with ExitStack() as stack, doors(sqlite_desk, "lmtp") as opened:
        silent = [stack.enter_context(_silent(opened)) for _ in range(lmtp.MOST_CLIENTS)]
        with client(opened) as talking:
            say(talking, MAIL, "help@localhost")
            assert answers(talking) == [250]
        assert silent[0].recv(100).startswith(b"421")
        assert silent[0].recv(100) == b""


def test_who_speaks_is_not_let_go_for_who_comes_later(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lmtp, "MOST_CLIENTS", 2)
    with ExitStack() as stack, doors(sqlite_desk, "lmtp") as opened:
        first, second = (stack.enter_context(client(opened)) for _ in range(2))
        assert first.ehlo()[0] == second.ehlo()[0] == 250
        with pytest.raises(smtplib.SMTPConnectError, match="421"):
            stack.enter_context(client(opened))
        say(first, MAIL, "help@localhost")
        assert answers(first) == [250]


def test_who_says_nothing_at_all_is_let_go_soon(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lmtp, "FIRST", 0.05)
    with doors(sqlite_desk, "lmtp") as opened, _silent(opened) as calling:
        assert calling.recv(100) == b""
