"""A full disk: every write says so in one sentence, nothing is half-done, and it works again after.

SQLite's `max_page_count` gives the same error as a disk without room; the limit on the size of
files is the operating system's own and reaches a real process.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from deskterm.storage import sqlite
from deskterm.storage.soundness import trouble
from tests.faults.conftest import Call
from tests.faults.crowd import looking_at

BIG = "long " * 20_000
WRITES: dict[str, tuple[str, ...]] = {
    "new": ("new", "--from", "bo@example.org", "--subject", "x", "--body", BIG),
    "note": ("note", "1", "--body", BIG),
    "reply": ("reply", "1", "--body", BIG),
    "set": ("set", "1", "--problem", BIG),
    "wait": ("wait", "1", "--for", "other", "--reason", BIG),
    "escalate": ("escalate", "1", "--group", "second level", "--summary", BIG),
    "solve": ("solve", "2", "--resolution", BIG),
    "close": ("close", "3", "--as", "unsolved", "--reason", BIG),
    "cancel": ("cancel", "4", "--reason", BIG),
}
TABLES = ("operation", "ledger", "ticket", "person", "step", "outbox", "inbox", "blob", "draft")


def _counts(url: str) -> dict[str, int]:
    with looking_at(url) as database:
        rows = {table: database.one(f"SELECT count(*) AS n FROM {table}") for table in TABLES}
    return {table: int(row["n"]) for table, row in rows.items() if row}


def _full(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """From now on each connection finds no room for another page."""
    with looking_at(url) as database:
        row = database.one("PRAGMA page_count")
    assert row is not None
    limit = f"PRAGMA max_page_count = {row['page_count']}"
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, limit))


@pytest.fixture
def full_url(used_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A desk of thirty tickets whose disk is full within the test."""
    url = f"sqlite:///{used_file}"
    with pytest.MonkeyPatch.context() as full:
        _full(full, url)
        yield url


def test_every_write_is_refused_in_one_sentence_and_nothing_is_half_done(
    full_url: str, call: Call
) -> None:
    before = _counts(full_url)
    for name, words in WRITES.items():
        ended = call(full_url, "ticket", *words)
        assert ended.is_refusal(6), (name, ended)
        assert "the disk is full" in ended.err
    mail = b"From: bo@example.org\r\nSubject: x\r\n\r\n" + BIG.encode()
    ended = call(full_url, "mail", "receive", stdin=mail)
    assert ended.is_refusal(75), ended
    assert _counts(full_url) == before
    assert len(call(full_url, "ticket", "list", "-o", "jsonl").out.splitlines()) == 30


def test_bulk_work_is_done_whole_or_not_at_all(full_url: str, call: Call) -> None:
    before = _counts(full_url)
    words = ("note", "--query", "is:open", "--yes", "--body", BIG[:4_000])
    assert call(full_url, "ticket", *words).is_refusal(6)
    assert _counts(full_url) == before


def test_what_is_written_with_models_says_so_too(full_url: str, call: Call) -> None:
    before = _counts(full_url)
    for words in (("category", "add"), ("group", "add"), ("org", "add")):
        for place in range(200):
            ended = call(full_url, *words, f"{BIG[:900]} {place}")
            if ended.code == 6:
                assert ended.out == ""
                assert "full" in ended.err
                assert "Traceback" not in ended.err
                break
            assert ended.code in (0, 2), ended
    assert _counts(full_url)["ticket"] == before["ticket"]


def test_it_works_again_when_there_is_room(used_file: Path, call: Call) -> None:
    url = f"sqlite:///{used_file}"
    operations = {name: str(uuid4()) for name in WRITES}
    with pytest.MonkeyPatch.context() as full:
        _full(full, url)
        for name, words in WRITES.items():
            assert call(url, "ticket", *words, "--op", operations[name]).code == 6
    for name, words in WRITES.items():
        ended = call(url, "ticket", *words, "--op", operations[name])
        assert ended.code == 0, (name, ended)
    with looking_at(url) as database:
        assert trouble(database) == []
        done = {row["id"] for row in database.all("SELECT id FROM operation")}
    assert set(operations.values()) <= done


_LIMITED = """
import resource, sys
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
from deskterm.cli.main import run
sys.exit(run(sys.argv[2:]))
"""


def test_a_file_that_may_not_grow_is_refused_by_the_system_itself(used_file: Path) -> None:
    url = f"sqlite:///{used_file}"
    before = _counts(url)
    limit = used_file.stat().st_size
    words = ["--db", url, "ticket", "note", "1", "--body", BIG]
    ended = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(min(limit, 65_536)), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout) == (6, ""), ended.stderr
    assert ended.stderr.startswith("deskterm: the database")
    assert "Traceback" not in ended.stderr
    assert _counts(url) == before
