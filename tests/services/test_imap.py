"""Mail is fetched by IMAP: kept before it is marked, once, whatever breaks (semantics.md §1)."""

import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.mailboxes import Trouble
from deskterm.services.mailboxes.watch import Watch
from deskterm.settings import Settings, Value
from tests.builders import count
from tests.mail.imap_server import PASSWORD, USER, Line, Server, imap_server, line_to

QUARANTINED = b"Subject: from nobody\r\n\r\nwho am I"


def mail(number: int, text: str = "the printer is on fire") -> bytes:
    """Give a mail of its own."""
    head = (
        f"From: ada@example.org\r\nSubject: trouble {number}\r\nMessage-ID: <{number}@example.org>"
    )
    return f"{head}\r\n\r\n{text}\r\n".encode()


def knowing(desk: Desk, **commands: str) -> None:
    """Let the machine's settings know commands that print passwords or tokens."""
    values: dict[str, Value] = dict(desk.settings._values)
    for name, command in commands.items():
        values[f"imap_{name}_commands"] = Value({f"{USER}@127.0.0.1": command}, "file")
    given(desk, Settings(values, "cy"))


def given(desk: Desk, found: Settings) -> None:
    """Let the desk be opened with other settings of the machine."""
    desk.settings = found
    desk.__dict__.pop("mailboxes", None)


def mailbox(desk: Desk, port: int, name: str = "help", **typed: str) -> None:
    """Add a mailbox on this machine."""
    knowing(desk, password=f"echo '{PASSWORD}'")
    options = {"host": "127.0.0.1", "port": str(port), "security": "none", "user": USER}
    desk.mailboxes.add(name, "imap", {"address": f"{name}@example.org"}, {**options, **typed})


@pytest.fixture
def server() -> Iterator[Server]:
    with imap_server() as running:
        yield running


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    with line_to(server.port) as laid:
        yield laid


def fetched(desk: Desk) -> tuple[int, int, str]:
    (one,) = desk.mailboxes.fetch()
    return one.kept, one.copies, one.trouble


def test_mail_becomes_tickets_and_is_marked_as_read(desk: Desk, server: Server) -> None:
    mailbox(desk, server.port)
    server.put(mail(1), mail(2))
    assert fetched(desk) == (2, 0, "")
    assert desk.inbox.process().tickets == 2
    assert [seen for _, seen in server.mails()] == [True, True]
    assert fetched(desk) == (0, 0, "")
    assert desk.mailboxes.get("help").status(clock.now()).startswith("✓ last looked")


def trouble(desk: Desk) -> tuple[str, str]:
    row = desk.mailboxes.get("help")
    return row.trouble_kind, row.trouble


def until(true: Callable[[], object]) -> None:
    """Wait for what another thread does; fails after 60 seconds."""
    end = time.monotonic() + 60
    pause = threading.Event()
    while not true():
        assert time.monotonic() < end
        pause.wait(0.01)


class News(threading.Event):
    """Set whenever a mailbox has brought mail; has the watch that says so."""

    watch: Watch


@contextmanager
def watched(desk: Desk) -> Iterator[News]:
    """Keep the mailboxes going as an open board does; pauses are short."""
    news = News()
    news.watch = Watch(desk.store, desk.settings, news.set, first_pause=0.02)
    news.watch.keep()
    try:
        yield news
    finally:
        news.watch.rest()


# --- which mail, and what it becomes ------------------------------------------------------------


def test_only_unread_mail_is_taken_of_what_was_there_before(desk: Desk, server: Server) -> None:
    server.put(mail(1), flags=[rb"\Seen"])
    server.put(mail(2))
    server.put(mail(3), flags=[rb"\Seen"])
    mailbox(desk, server.port)
    assert fetched(desk)[0] == 1
    server.put(mail(4), flags=[rb"\Seen"])
    assert fetched(desk)[0] == 1
    assert [row.subject for row in desk.inbox.list()] == ["", ""]


@pytest.mark.parametrize(("start", "taken"), [("all", 2), ("none", 0)])
def test_a_mailbox_may_begin_with_all_or_with_nothing(
    sqlite_desk: Desk, server: Server, start: str, taken: int
) -> None:
    server.put(mail(1), mail(2), flags=[rb"\Seen"])
    mailbox(sqlite_desk, server.port, start=start)
    assert fetched(sqlite_desk)[0] == taken
    server.put(mail(3))
    assert fetched(sqlite_desk)[0] == 1


def test_tickets_begin_with_what_their_mailbox_says(desk: Desk, server: Server) -> None:
    desk.admin.set_group("network", level=2)
    mailbox(desk, server.port)
    desk.mailboxes.set("help", {"group": "network", "category": "printing", "channel": "web"}, {})
    server.put(mail(1))
    fetched(desk)
    desk.inbox.process()
    (row,) = desk.board.rows([1])
    assert (row.group, row.category, row.channel) == ("network", "printing", "web")


def test_processed_and_quarantined_mail_goes_to_folders_of_its_own(
    desk: Desk, server: Server
) -> None:
    mailbox(desk, server.port, done="Done/Desk", held="Held")
    server.put(mail(1), QUARANTINED)
    assert fetched(desk)[0] == 2
    assert [seen for _, seen in server.mails()] == [True, True]
    desk.inbox.process()
    assert fetched(desk)[0] == 0
    assert server.mails() == []
    assert server.mails("Done/Desk") == [(mail(1), True)]
    assert server.mails("Held") == [(QUARANTINED, True)]
    assert count(desk, "mail_receipt") == 0


def test_a_server_without_move_copies_and_deletes_only_what_it_copied(sqlite_desk: Desk) -> None:
    with imap_server(lacking=[b"MOVE"]) as server:
        mailbox(sqlite_desk, server.port, done="Done")
        server.put(mail(9), flags=[rb"\Deleted", rb"\Seen"])
        server.put(mail(1))
        fetched(sqlite_desk)
        sqlite_desk.inbox.process()
        fetched(sqlite_desk)
        assert [raw for raw, _ in server.mails()] == [mail(9)]
        assert server.mails("Done") == [(mail(1), True)]


def test_new_numbering_doubles_nothing_and_loses_nothing(desk: Desk, server: Server) -> None:
    mailbox(desk, server.port)
    server.put(mail(1), mail(2))
    fetched(desk)
    server.renumber()
    server.put(mail(3), flags=[rb"\Seen"])
    kept, copies, wrong = fetched(desk)
    assert (kept - copies, wrong) == (1, "")
    assert desk.inbox.process().tickets == 3
    assert fetched(desk) == (0, 0, "")


# --- what can be wrong --------------------------------------------------------------------------


def test_a_server_that_is_down_is_named_and_heals(sqlite_desk: Desk) -> None:
    with imap_server() as server, line_to(server.port) as line:
        port = line.port
        line.close()
        mailbox(sqlite_desk, port)
        wrong = fetched(sqlite_desk)[2]
        assert f"127.0.0.1:{port} cannot be reached" in wrong
        assert trouble(sqlite_desk) == (Trouble.AWAY, wrong)
        assert sqlite_desk.jobs.run_once().mailboxes == "help: no answer"
        sqlite_desk.mailboxes.set("help", {}, {"port": str(server.port)})
        assert fetched(sqlite_desk)[2] == ""
        assert trouble(sqlite_desk) == ("", "")


def test_a_wrong_password_is_named_and_never_told(sqlite_desk: Desk, server: Server) -> None:
    mailbox(sqlite_desk, server.port)
    knowing(sqlite_desk, password="echo hunter2")
    wrong = fetched(sqlite_desk)[2]
    assert "refuses help: wrong password" in wrong
    assert trouble(sqlite_desk)[0] == Trouble.PASSWORD
    assert "hunter2" not in wrong


@pytest.mark.parametrize(
    ("command", "told"),
    [("false", "failed (CalledProcessError)"), ("true", "prints nothing"), ("/nowhere", "failed")],
)
def test_a_password_command_that_fails_is_named(
    sqlite_desk: Desk, server: Server, command: str, told: str
) -> None:
    mailbox(sqlite_desk, server.port)
    knowing(sqlite_desk, password=command)
    assert told in fetched(sqlite_desk)[2]
    knowing(sqlite_desk)
    given(sqlite_desk, Settings({**sqlite_desk.settings._values, **_no_commands()}, "cy"))
    assert "this machine has no password for help" in fetched(sqlite_desk)[2]


def _no_commands() -> dict[str, Value]:
    return {f"imap_{name}_commands": Value({}, "default") for name in ("password", "token")}


def test_a_missing_folder_is_named(sqlite_desk: Desk, server: Server) -> None:
    mailbox(sqlite_desk, server.port, folder="Nowhere")
    assert "has no folder 'Nowhere'" in fetched(sqlite_desk)[2]
    assert trouble(sqlite_desk)[0] == Trouble.FOLDER


def test_only_a_trusted_certificate_of_the_right_host_will_do(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    for name, one in (("ours", authority), ("other", stranger)):
        one.cert_pem.write_to_path(str(tmp_path / name))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with imap_server(context=context) as server:
        server.put(mail(1))
        mailbox(sqlite_desk, server.port, security="tls")
        assert "certificate" in fetched(sqlite_desk)[2]
        assert trouble(sqlite_desk)[0] == Trouble.CERTIFICATE
        sqlite_desk.mailboxes.set("help", {}, {"ca_file": str(tmp_path / "other")})
        assert trouble(sqlite_desk)[0] == ""
        fetched(sqlite_desk)
        assert trouble(sqlite_desk)[0] == Trouble.CERTIFICATE
        sqlite_desk.mailboxes.set("help", {}, {"ca_file": str(tmp_path / "ours")})
        assert fetched(sqlite_desk) == (1, 0, "")


def test_a_line_may_become_safe_by_starttls_and_does_before_the_password_is_said(
    sqlite_desk: Desk, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ours"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with (
        imap_server(context=context, starttls=True) as server,
        line_to(server.port) as line,
    ):
        server.put(mail(1))
        ca_file = str(tmp_path / "ours")
        mailbox(sqlite_desk, line.port, security="starttls", ca_file=ca_file)
        assert fetched(sqlite_desk) == (1, 0, "")
        assert b"STARTTLS" in b"".join(line.said)
        assert PASSWORD.encode() not in b"".join(line.said)


def test_a_token_signs_in_by_xoauth2(sqlite_desk: Desk, server: Server, line: Line) -> None:
    mailbox(sqlite_desk, line.port)
    line.token = "ya29.abc"
    knowing(sqlite_desk, password="echo wrong", token="echo ya29.abc")
    server.put(mail(1))
    assert fetched(sqlite_desk) == (1, 0, "")
    knowing(sqlite_desk, token="echo old-token")
    wrong = fetched(sqlite_desk)[2]
    assert "wrong password or token" in wrong
    assert "old-token" not in wrong


@pytest.mark.parametrize(
    ("word", "done"), [(b"UID MOVE", "Done"), (b"CREATE", "Done"), (b"UID STORE", "")]
)
def test_a_full_mailbox_is_told_and_mail_still_comes(
    sqlite_desk: Desk, server: Server, line: Line, word: bytes, done: str
) -> None:
    mailbox(sqlite_desk, line.port, done=done)
    line.refused[word] = b"NO [OVERQUOTA] Quota exceeded \x1b[31m"
    for number in (1, 2):
        server.put(mail(number))
        fetched(sqlite_desk)
        sqlite_desk.inbox.process()
    wrong = fetched(sqlite_desk)[2]
    assert "says the mailbox is full" in wrong
    assert "\x1b" not in wrong
    assert sqlite_desk.jobs.run_once().mailboxes == "help: mailbox full"
    assert count(sqlite_desk, "ticket") == 2
    line.refused.clear()
    assert fetched(sqlite_desk) == (0, 0, "")
    assert trouble(sqlite_desk) == ("", "")
    assert count(sqlite_desk, "mail_receipt") == 0
    assert len(server.mails("Done" if done else "INBOX")) == 2


# --- the line breaks ----------------------------------------------------------------------------


@pytest.mark.parametrize("word", [b"LOGIN", b"CAPABILITY", b"SELECT", b"SEARCH", b"SIZE", b"PEEK"])
@pytest.mark.parametrize("way", ["before", "after"])
def test_a_line_that_breaks_loses_and_doubles_nothing(
    sqlite_desk: Desk, server: Server, line: Line, word: bytes, way: str
) -> None:
    mailbox(sqlite_desk, line.port)
    server.put(mail(1), mail(2))
    setattr(line, f"cut_{way}", word)
    kept, _, wrong = fetched(sqlite_desk)
    assert (kept, trouble(sqlite_desk)[0]) == (0, Trouble.DROPPED), wrong
    assert [seen for _, seen in server.mails()] == [False, False]
    setattr(line, f"cut_{way}", b"")
    assert fetched(sqlite_desk) == (2, 0, "")
    assert sqlite_desk.inbox.process().tickets == 2


def test_mail_that_was_kept_but_not_marked_is_marked_later_and_not_loaded_again(
    desk: Desk, server: Server, line: Line
) -> None:
    mailbox(desk, line.port)
    server.put(mail(1), mail(2))
    line.cut_before = b"STORE"
    assert "dropped while marking mail as read" in fetched(desk)[2]
    assert [seen for _, seen in server.mails()] == [False, False]
    assert count(desk, "inbox") == 2
    line.cut_before, line.said = b"", []
    assert fetched(desk) == (0, 0, "")
    assert [seen for _, seen in server.mails()] == [True, True]
    assert not any(b"PEEK" in said for said in line.said)


def test_a_database_that_takes_no_mail_leaves_it_on_the_server(
    sqlite_desk: Desk, server: Server
) -> None:
    mailbox(sqlite_desk, server.port)
    large = mail(1, "x" * 100_000)
    server.put(large)
    with sqlite_desk.store.reading() as database:
        database.run("PRAGMA max_page_count = 1")
    wrong = fetched(sqlite_desk)[2]
    assert "no mail is taken now, it stays there" in wrong
    assert "disk is full" in wrong
    assert server.mails() == [(large, False)]
    assert fetched(sqlite_desk) == (1, 0, "")


# --- kept going ---------------------------------------------------------------------------------


def test_idle_brings_mail_at_once_and_moves_it_when_it_is_processed(
    desk: Desk, server: Server, line: Line
) -> None:
    mailbox(desk, line.port, done="Done")
    with watched(desk) as news:
        until(lambda: any(b"IDLE" in said for said in line.said) and server.idling)
        server.put(mail(1))
        assert news.wait(60)
        assert desk.jobs.run_once().processed.tickets == 1
        until(lambda: "Done" in server.folders() and server.mails("Done") == [(mail(1), True)])
    assert not [one for one in threading.enumerate() if one.name == "mailbox help"]
    assert line.calls == 1


def test_mail_that_comes_while_other_mail_is_marked_is_not_slept_over(
    sqlite_desk: Desk, server: Server, line: Line
) -> None:
    mailbox(sqlite_desk, line.port)
    server.put(mail(1))
    line.once[b"UID STORE"] = lambda: server.put(mail(2))
    with watched(sqlite_desk):
        until(lambda: count(sqlite_desk, "inbox") == 2)


def test_a_line_that_breaks_while_waiting_is_laid_again(
    sqlite_desk: Desk, server: Server, line: Line
) -> None:
    mailbox(sqlite_desk, line.port)
    with watched(sqlite_desk) as news:
        until(lambda: any(b"IDLE" in said for said in line.said))
        line.cut()
        server.put(mail(1))
        assert news.wait(60)
        until(lambda: trouble(sqlite_desk) == ("", ""))
    assert line.calls == 2
    assert count(sqlite_desk, "inbox") == 1


def test_a_server_without_idle_is_asked_again_and_again(sqlite_desk: Desk) -> None:
    with imap_server(lacking=[b"IDLE"]) as server, line_to(server.port) as line:
        mailbox(sqlite_desk, line.port)
        _set_source(sqlite_desk, every=0.02)
        with watched(sqlite_desk) as news:
            until(lambda: any(b"NOOP" in said for said in line.said))
            server.put(mail(1))
            assert news.wait(60)
        assert not any(b"IDLE" in said for said in line.said)


def _set_source(desk: Desk, **values: object) -> None:
    source = {**desk.mailboxes.get("help").source, **values}
    with desk.store.reading() as database:
        database.run("UPDATE mailbox SET source = :source", source=json.dumps(source))


def test_what_is_wrong_is_tried_again_later_each_time_and_heals(
    sqlite_desk: Desk, server: Server
) -> None:
    mailbox(sqlite_desk, server.port)
    knowing(sqlite_desk, password="echo wrong")
    with watched(sqlite_desk) as news:
        until(lambda: trouble(sqlite_desk)[0] == Trouble.PASSWORD)
        assert "next try at" in sqlite_desk.mailboxes.get("help").status(clock.now())
        (watcher,) = news.watch._watchers.values()
        until(lambda: watcher._failures > 2)
        watcher._settings = _right(sqlite_desk)
        until(lambda: trouble(sqlite_desk) == ("", ""))
        until(lambda: watcher._failures == 0)


def _right(desk: Desk) -> Settings:
    knowing(desk, password=f"echo '{PASSWORD}'")
    return desk.settings


def test_one_process_has_a_mailbox_and_another_takes_over(desk: Desk, server: Server) -> None:
    mailbox(desk, server.port)
    with watched(desk) as first, watched(desk) as second:
        assert (len(first.watch._watchers), len(second.watch._watchers)) == (1, 0)
        first.watch.rest()
        second.watch.keep()
        assert len(second.watch._watchers) == 1


def test_a_machine_without_the_password_leaves_the_mailbox_to_others(
    sqlite_desk: Desk, server: Server
) -> None:
    mailbox(sqlite_desk, server.port)
    right = sqlite_desk.settings
    given(sqlite_desk, Settings({**right._values, **_no_commands()}, "cy"))
    with watched(sqlite_desk) as ignorant:
        assert ignorant.watch._watchers == {}
        assert "no running deskterm knows the password of help" in trouble(sqlite_desk)[1]
        given(sqlite_desk, right)
        with watched(sqlite_desk):
            until(lambda: trouble(sqlite_desk) == ("", ""))


def test_a_changed_mailbox_begins_anew_and_one_switched_off_ends(
    sqlite_desk: Desk, server: Server
) -> None:
    mailbox(sqlite_desk, server.port)
    with watched(sqlite_desk) as news:
        (old,) = news.watch._watchers.values()
        sqlite_desk.mailboxes.set("help", {"address": "it@example.org"}, {})
        news.watch.keep()
        (new,) = news.watch._watchers.values()
        assert (old.is_alive(), new is old) == (False, False)
        sqlite_desk.mailboxes.set("help", {"active": False}, {})
        news.watch.keep()
        assert (new.is_alive(), news.watch._watchers) == (False, {})


def test_five_thousand_mails_at_once_are_taken_once_each(sqlite_desk: Desk, server: Server) -> None:
    mailbox(sqlite_desk, server.port)
    server.put(*(mail(number) for number in range(5_000)))
    assert fetched(sqlite_desk) == (5_000, 0, "")
    assert count(sqlite_desk, "inbox", "copies = 0") == 5_000
    assert fetched(sqlite_desk) == (0, 0, "")


def test_a_mail_of_60_mb_is_kept_and_quarantined(sqlite_desk: Desk, server: Server) -> None:
    mailbox(sqlite_desk, server.port)
    line = b"x" * 998 + b"\r\n"
    server.put(mail(1)[:-2] + line * 60_000, mail(2))
    assert fetched(sqlite_desk) == (2, 0, "")
    done = sqlite_desk.inbox.process()
    assert (done.tickets, done.quarantined) == (1, 1)
    (row,) = sqlite_desk.inbox.list("quarantined")
    assert row.size > 60_000_000
    assert "larger" in row.reason or "limit" in row.reason or "bytes" in row.reason
