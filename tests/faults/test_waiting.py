"""A writer that stands still: whoever waits for it is told who it is, and goes on afterwards."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from deskterm.bootstrap import Desk
from deskterm.storage import sqlite
from tests.builders import count, open_ticket
from tests.faults.conftest import Call

if TYPE_CHECKING:
    from deskterm.storage.store import Store

_HOLDS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("holds", flush=True)
sys.stdin.read()
"""


@contextmanager
def _stopped_writer(url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Give a process that holds the write lock and is stopped in the middle."""
    command = [sys.executable, "-c", _HOLDS, url.removeprefix("sqlite:///")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"holds\n"
        process.send_signal(signal.SIGSTOP)
        try:
            yield process
        finally:
            process.kill()


def test_a_write_that_waits_says_for_whom_and_is_done_when_the_lock_is_free(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sqlite._SOON == 5_000
    monkeypatch.setattr(sqlite, "_SOON", 50)
    open_ticket(sqlite_desk)
    store: Store = sqlite_desk.store
    heard: list[str] = []
    with _stopped_writer(store.url) as process:

        def told(who: str) -> None:
            heard.append(who)
            process.kill()
            process.wait()

        store.told_waiting = told
        open_ticket(sqlite_desk)
    assert heard == [f"process {process.pid}"]
    assert count(sqlite_desk, "ticket") == 2
    with store.reading() as database:
        row = database.one("PRAGMA busy_timeout")
        assert row is not None
        assert row["timeout"] == sqlite._LATEST


def test_a_command_that_waits_says_so_and_gives_up_in_the_end(
    sqlite_url: str, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_SOON", 50)
    monkeypatch.setattr(sqlite, "_LATEST", 100)
    with _stopped_writer(sqlite_url) as process:
        ended = call(sqlite_url, "ticket", "new", "--from", "ada@x.org", "--subject", "Wait")
    said = ended.err.splitlines()
    assert said[0] == f"deskterm: process {process.pid} is writing to the desk; waiting for it …"
    assert "another program holds it" in said[-1]
    assert ended.code == 6
