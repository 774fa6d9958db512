"""A writer that stands still: whoever waits for it is told so in time, and goes on afterwards."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.errors import DatabaseError, HeldError
from deskterm.domain.verbs import Note
from deskterm.storage import deadline, postgres, sqlite
from deskterm.storage import store as pool
from deskterm.storage.driver import connect
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


def _stopped_writer(url: str) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    return _stopped([sys.executable, "-c", _HOLDS, url.removeprefix("sqlite:///")])


@contextmanager
def _stopped(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Give a process that has something in hand and is stopped in the middle."""
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


_HOLDS_TICKET = """
import sys
from deskterm import settings
from deskterm.bootstrap import open_desk
from deskterm.storage import postgres
from deskterm.storage.ticket.hold import hold
postgres._LIMITED = f"SET LOCAL idle_in_transaction_session_timeout = '{sys.argv[2]}'".encode()
with open_desk(settings.load({"db": sys.argv[1]}, as_login="ann")).store.work("ann") as work:
    work.claim("note")
    hold(work, [1])
    print("holds", flush=True)
    sys.stdin.read()
"""


def test_who_stands_still_with_a_ticket_in_hand_holds_others_up_for_a_few_seconds_at_most(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its machine is asleep, or its cable was pulled: the server knows nothing of it for long."""
    limits = postgres._LIMITED.decode()
    assert f"'lock_timeout', '{deadline.LOCK_SECONDS}s'" in limits
    assert f"'idle_in_transaction_session_timeout', '{deadline.IDLE_SECONDS}s'" in limits
    holds = [sys.executable, "-c", _HOLDS_TICKET, postgres_url]
    with closing(open_desk(settings.load({"db": postgres_url}, as_login="cy"))) as desk:
        number, other = open_ticket(desk), open_ticket(desk)
        with monkeypatch.context() as patch, _stopped([*holds, "1h"]):
            patch.setattr(postgres, "_LIMITED", b"SET LOCAL lock_timeout = '50ms'")
            with pytest.raises(HeldError, match="has had in hand for some seconds"):
                desk.tickets.do([number], Note("is refused"))
            desk.tickets.do([other], Note("does not wait"))
        with _stopped([*holds, "300ms"]):
            desk.tickets.do([number], Note("goes on"))
        assert count(desk, "ledger", "text IN ('does not wait', 'goes on')") == 2
        assert count(desk, "ledger", "text = 'is refused'") == 0


def test_who_wakes_after_that_is_told_and_has_changed_nothing(postgres_url: str) -> None:
    with closing(open_desk(settings.load({"db": postgres_url}, as_login="cy"))) as desk:

        def sleep_amid_it() -> None:
            with desk.store.work("cy") as work:
                work.claim("note")
                work.spine.run("SET LOCAL idle_in_transaction_session_timeout = '1ms'")
                while not work.spine.outdated:
                    pass
                work.spine.one("SELECT 1 AS one")

        with pytest.raises(DatabaseError, match="Nothing half-done was kept; try again"):
            sleep_amid_it()
        assert count(desk, "operation") == 0


def test_a_transaction_says_how_long_it_may_stand_still(postgres_url: str) -> None:
    """Half a minute at most, whether a program or its machine is gone; ten minutes for imports."""
    asked = ("idle_in_transaction_session_timeout", "tcp_keepalives_idle", "lock_timeout")
    with closing(connect(postgres_url)) as database:

        def said() -> list[str]:
            names = ", ".join(f"current_setting('{one}') AS a{n}" for n, one in enumerate(asked))
            row = database.returned(f"SELECT {names}")
            return [row[f"a{n}"] for n in range(len(asked))]

        before = said()
        database.begin()
        assert (said()[0], said()[2]) == ("30s", "5s")
        with database.patiently():
            assert (said()[0], said()[2]) == ("10min", "5s")
        database.rollback()
        assert said() == before


def test_what_a_transaction_waits_for_is_limited_in_all(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several locks that are each held for less than the longest would add up to a minute."""
    with monkeypatch.context() as patch, closing(connect(postgres_url)) as database:
        patch.setattr(deadline, "SECONDS", 0.6)
        patch.setattr(deadline, "SOON", 0.0)
        patch.setattr(deadline, "_LOOK", 0.01)
        database.begin()
        for _ in range(2):
            database.one("SELECT 1 AS one FROM pg_sleep(0.25)")
        with pytest.raises(DatabaseError, match=r"for 0\.0\d+ seconds: .* try again"):
            database.one("SELECT 1 AS one FROM pg_sleep(2)")


def test_whoever_asks_has_an_answer_within_ten_seconds() -> None:
    """A lock, a silent server, and whether a commit was kept that it did not answer."""
    silent = deadline.SECONDS + deadline._LOOK
    connecting = 2.0
    asked = max(silent, pool._UNCLEAR) + connecting
    assert max(deadline.LOCK_SECONDS, silent, asked) <= 10
