"""Mailboxes as records, and mail out of a Maildir that is watched and an mbox that grows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.mailboxes import Trouble
from deskterm.services.inbox.rules import read_rules
from deskterm.services.mailboxes.watch import Watch
from deskterm.storage.leases import FAR, LEASE, give_back, hold_lease
from tests.builders import count


def mail(number: int) -> bytes:
    """Give a mail of its own."""
    return b"From: ada@example.org\r\nMessage-ID: <%d@x>\r\nSubject: no. %d\r\n\r\nhi\r\n" % (
        number,
        number,
    )


# --- records ------------------------------------------------------------------------------------


def test_a_mailbox_is_added_changed_removed_and_each_is_undone(desk: Desk) -> None:
    boxes = desk.mailboxes
    boxes.add("it", "imap", {"address": "IT+x@Example.org"}, {"host": "Imap.Example.org"})
    row = boxes.get("it")
    assert (row.address, row.source, row.active) == (
        "it@example.org",
        {"host": "imap.example.org"},
        True,
    )
    boxes.set("it", {"group": "desk", "active": False}, {"port": "1143"})
    row = boxes.get("it")
    assert (row.group, row.active, row.source["port"]) == ("desk", False, 1143)
    boxes.remove("it")
    assert boxes.all() == []
    desk.ledger.undo()
    row = boxes.get("it")
    assert (row.group, row.active, row.source["port"]) == ("desk", False, 1143)
    boxes.set("it", {"group": ""}, {})
    desk.ledger.undo()
    assert boxes.get("it").group == "desk"


def test_an_added_mailbox_is_undone_unless_it_was_changed_since(sqlite_desk: Desk) -> None:
    boxes = sqlite_desk.mailboxes
    boxes.add("it", "pipe", {"address": "it@example.org"}, {})
    sqlite_desk.ledger.undo()
    assert boxes.all() == []
    boxes.add("hr", "pipe", {"address": "hr@example.org"}, {})
    with sqlite_desk.store.reading() as database:
        database.run("UPDATE mailbox SET channel = 'web'")
    with pytest.raises(ConflictError, match="changed since"):
        sqlite_desk.ledger.undo()


def test_a_dry_run_adds_nothing(sqlite_desk: Desk) -> None:
    sqlite_desk.mailboxes.add("it", "pipe", {"address": "it@example.org"}, {}, How(dry=True))
    assert sqlite_desk.mailboxes.all() == []


@pytest.mark.parametrize(
    ("kind", "given", "typed", "told"),
    [
        ("pop3", {}, {}, "no kind 'pop3'"),
        ("imap", {}, {}, "needs --host"),
        ("maildir", {}, {}, "needs --path"),
        ("maildir", {}, {"host": "x"}, "--host is not for"),
        ("imap", {}, {"host": "a b"}, "no name of a host"),
        ("imap", {}, {"host": "x", "port": "99999"}, "--port"),
        ("imap", {}, {"host": "x", "security": "ssl"}, "tls, starttls, none"),
        ("pipe", {"channel": "fax"}, {}, "no channel 'fax'"),
        ("pipe", {"address": "nobody"}, {}, "not a mail address"),
        ("pipe", {"address": "other@example.org"}, {}, "address of mailbox other"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    sqlite_desk: Desk, kind: str, given: dict[str, str], typed: dict[str, str], told: str
) -> None:
    sqlite_desk.mailboxes.add("other", "pipe", {"address": "other@example.org"}, {})
    with pytest.raises((UsageError, RefusedError), match=told):
        sqlite_desk.mailboxes.add("it", kind, given, typed)


def test_addresses_of_mailboxes_are_the_desks_own(sqlite_desk: Desk) -> None:
    sqlite_desk.mailboxes.add("it", "pipe", {"address": "it@example.org"}, {})
    with sqlite_desk.store.reading() as database:
        assert read_rules(database).is_own("IT+12.x@example.org")
    with pytest.raises(NotFoundError, match="did you mean 'it'"):
        sqlite_desk.mailboxes.get("itt")


# --- Maildir and mbox ---------------------------------------------------------------------------


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for part in ("new", "cur", "tmp"):
        (folder / part).mkdir(parents=True)
    return folder


def deliver(folder: Path, name: str, raw: bytes) -> None:
    """Deliver as every mail server does: written in tmp, moved to new."""
    (folder / "tmp" / name).write_bytes(raw)
    (folder / "tmp" / name).rename(folder / "new" / name)


def fetched(desk: Desk) -> tuple[int, int, str]:
    (one,) = desk.mailboxes.fetch()
    return one.kept, one.copies, one.trouble


def test_a_maildir_is_emptied_into_cur_and_what_is_half_written_is_not_touched(
    desk: Desk, maildir: Path
) -> None:
    desk.mailboxes.add("it", "maildir", {}, {"path": str(maildir)})
    deliver(maildir, "1", mail(1))
    deliver(maildir, "2:2,F", mail(2))
    (maildir / "tmp" / "3").write_bytes(mail(3)[:20])
    (maildir / "new" / ".hidden").write_bytes(b"x")
    (maildir / "new" / "link").symlink_to("/etc/hostname")
    assert fetched(desk) == (2, 0, "")
    assert sorted(one.name for one in (maildir / "cur").iterdir()) == ["1:2,S", "2:2,FS"]
    assert [one.name for one in (maildir / "tmp").iterdir()] == ["3"]
    assert fetched(desk) == (0, 0, "")
    (maildir / "tmp" / "3").write_bytes(mail(3))
    (maildir / "tmp" / "3").rename(maildir / "new" / "3")
    assert fetched(desk) == (1, 0, "")
    assert desk.inbox.process().tickets == 3


def test_a_maildir_mail_stays_in_new_while_the_database_takes_none(
    sqlite_desk: Desk, maildir: Path
) -> None:
    sqlite_desk.mailboxes.add("it", "maildir", {}, {"path": str(maildir)})
    deliver(maildir, "1", mail(1) + b"x" * 100_000)
    with sqlite_desk.store.reading() as database:
        database.run("PRAGMA max_page_count = 1")
    assert "no mail is taken now" in fetched(sqlite_desk)[2]
    assert [one.name for one in (maildir / "new").iterdir()] == ["1"]
    assert fetched(sqlite_desk) == (1, 0, "")


class News(threading.Event):
    """Set whenever mail came."""


@contextmanager
def watched(desk: Desk) -> Iterator[News]:
    """Keep the mailboxes going, as an open board does."""
    news = News()
    watch = Watch(desk.store, desk.settings, news.set, first_pause=0.02)
    watch.keep()
    try:
        yield news
    finally:
        watch.rest()


def test_a_watched_maildir_brings_mail_and_heals(
    sqlite_desk: Desk, maildir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskterm.services.mailboxes.watch._FILES", 0.01)
    sqlite_desk.mailboxes.add("it", "maildir", {}, {"path": str(maildir)})
    with watched(sqlite_desk) as news:
        deliver(maildir, "1", mail(1))
        assert news.wait(60)
        news.clear()
        (maildir / "new").rename(maildir / "away")
        pause = threading.Event()
        while sqlite_desk.mailboxes.get("it").trouble_kind != Trouble.FOLDER:
            pause.wait(0.01)
        (maildir / "away").rename(maildir / "new")
        deliver(maildir, "2", mail(2))
        assert news.wait(60)
    assert count(sqlite_desk, "inbox") == 2


def test_an_mbox_is_read_on_from_where_it_ended(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "mbox"
    line = b"From ada@example.org Mon Jan  5 10:00:00 2026\n"
    file.write_bytes(line + mail(1) + b"\n" + line + mail(2) + b"\n")
    desk.mailboxes.add("it", "mbox", {}, {"path": str(file)})
    assert fetched(desk) == (2, 0, "")
    with file.open("ab") as stream:
        stream.write(line + mail(3) + b"\n")
    assert fetched(desk) == (1, 0, "")
    assert fetched(desk) == (0, 0, "")
    file.write_bytes(line + mail(4) + b"\n")
    assert fetched(desk) == (1, 0, "")


def test_an_mbox_that_is_being_written_is_left_for_later(sqlite_desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "mbox"
    file.write_bytes(b"From ada Mon Jan  5 10:00:00 2026\n" + mail(1))
    sqlite_desk.mailboxes.add("it", "mbox", {}, {"path": str(file)})
    (tmp_path / "mbox.lock").touch()
    assert "is being written" in fetched(sqlite_desk)[2]
    (tmp_path / "mbox.lock").unlink()
    assert fetched(sqlite_desk) == (1, 0, "")


# --- clocks and leases --------------------------------------------------------------------------


def test_a_lease_by_a_clock_that_jumped_binds_nobody(desk: Desk) -> None:
    now = clock.now()
    with desk.store.reading() as database:
        assert hold_lease(database, "x", "a", now + timedelta(days=365))
        assert hold_lease(database, "x", "b", now)
        assert not hold_lease(database, "x", "a", now)
        assert hold_lease(database, "x", "a", now + LEASE)
        assert hold_lease(database, "x", "a", now - FAR)
        assert not hold_lease(database, "x", "b", now - FAR)
        give_back(database, "x", "a")
        assert hold_lease(database, "x", "b", now)


def test_a_mailbox_nobody_looks_into_says_so(sqlite_desk: Desk, maildir: Path) -> None:
    sqlite_desk.mailboxes.add("it", "maildir", {}, {"path": str(maildir)})
    fetched(sqlite_desk)
    row = sqlite_desk.mailboxes.get("it")
    assert row.status(clock.now()).startswith("✓")
    assert row.status(clock.now() + timedelta(hours=1)).startswith("! nobody has looked since")
    assert row._replace(active=False).status(clock.now()) == "switched off"
