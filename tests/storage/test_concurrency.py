"""Several at once: no update is lost, changes by others are announced, the pool heals."""

import os
import signal
import threading
from contextlib import ExitStack, closing
from typing import Any

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, DatabaseError
from deskterm.screens.watching import LISTEN
from deskterm.storage import deadline, sqlite
from deskterm.storage import store as pool
from deskterm.storage.changes import Changes
from deskterm.storage.driver import Database, connect
from deskterm.storage.people import person_for
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import hold
from tests.builders import count, open_ticket, value
from tests.verbs import verbs

THREADS, TIMES = 4, 15


def _at_once(work: "list[threading.Thread]") -> None:
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()


def test_no_increment_is_lost(database_url: str) -> None:
    """The driver's own transactions lost half of them without an error."""
    store = Store(database_url)
    failures: list[BaseException] = []

    def add() -> None:
        try:
            for _ in range(TIMES):
                with store.work("cy") as work:
                    work.claim("count")
                    row = work.spine.one(
                        "UPDATE counter SET value = value + 1 WHERE name = 'ticket' RETURNING value"
                    )
                    assert row is not None
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    _at_once([threading.Thread(target=add) for _ in range(THREADS)])
    assert failures == []
    with store.reading() as database:
        row = database.one("SELECT value FROM counter WHERE name = 'ticket'")
        assert row is not None
        assert row["value"] == THREADS * TIMES
    store.close()


def test_two_who_make_the_same_person_at_once_make_one(database_url: str) -> None:
    """The second looks before the first commits, and waits for it with its own insert."""
    first, second = Store(database_url), Store(database_url)
    made: list[int] = []

    def make() -> None:
        with second.work("cy") as work:
            work.claim("person set")
            made.append(person_for(work, "Ada <ada@example.org>"))

    other = threading.Thread(target=make)
    with first.work("cy") as work:
        work.claim("person set")
        made.append(person_for(work, "Ada Moss <ada@example.org>"))
        other.start()
        while first.dialect == "postgresql" and not _somebody_waits(work.spine):
            assert other.is_alive()
    other.join()
    with first.reading() as database:
        people = database.all("SELECT id FROM person")
        told = database.all("SELECT id FROM ledger WHERE kind = 'person'")
    first.close()
    second.close()
    assert made == [people[0]["id"]] * 2
    assert (len(people), len(told)) == (1, 1)


def _somebody_waits(database: Database) -> bool:
    row = database.one("SELECT count(*) AS n FROM pg_locks WHERE NOT granted")
    return row is not None and row["n"] > 0


def test_changes_of_one_ticket_at_once_are_all_kept_and_versions_run_on(desk: Desk) -> None:
    """Read, change, write back, by several at once: the ticket is locked before it is read."""
    number = open_ticket(desk)
    before = value(desk, number, "version")
    failures: list[BaseException] = []

    def change(name: str) -> None:
        try:
            for place in range(TIMES):
                verbs(desk).change([number], fields={name: str(place)})
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    _at_once([threading.Thread(target=change, args=(f"f{n}",)) for n in range(THREADS)])
    assert failures == []
    assert value(desk, number, "version") == before + THREADS * TIMES
    assert count(desk, "field_value", "value = :last", last=str(TIMES - 1)) == THREADS
    assert count(desk, "ledger", "event = 'changed'") == THREADS * TIMES


def test_of_two_who_saw_the_same_version_one_is_told(desk: Desk) -> None:
    number = open_ticket(desk)
    seen = value(desk, number, "version")
    results: list[str] = []
    ready = threading.Barrier(2)

    def change(subject: str) -> None:
        ready.wait(timeout=30)
        try:
            how = How(seen={number: seen})
            verbs(desk).change([number], values={"subject": subject}, how=how)
            results.append("done")
        except ConflictError as error:
            results.append(f"conflict over {error.clashes[0].field}")

    _at_once([threading.Thread(target=change, args=(text,)) for text in ("mine", "theirs")])
    assert sorted(results) == ["conflict over subject", "done"]


def test_the_same_operation_by_two_at_once_is_done_once(desk: Desk) -> None:
    number = open_ticket(desk)
    operation = "7e57ab1e-0000-4000-8000-000000000002"
    ready = threading.Barrier(THREADS)
    done: list[bool] = []

    def note() -> None:
        ready.wait(timeout=30)
        done.append(verbs(desk).note([number], "once", how=How(operation)).repeated)

    _at_once([threading.Thread(target=note) for _ in range(THREADS)])
    assert sorted(done) == [False, *[True] * (THREADS - 1)]
    assert count(desk, "ledger", "text = 'once'") == 1


def test_a_change_by_another_is_announced_and_nothing_else_is(desk: Desk) -> None:
    with Changes(desk.store.url) as changes:
        changes.wait(0)
        assert not changes.wait(0)
        with desk.store.reading() as database:
            database.all("SELECT 1 FROM ticket")
        assert not changes.wait(0)
        open_ticket(desk)
        assert changes.wait(0 if desk.store.dialect == "sqlite" else 5)
        assert not changes.wait(0)


def test_what_was_announced_while_the_line_was_down_is_made_up_for(postgres_url: str) -> None:
    """Notifications sent meanwhile are lost: the first answer after a new connection is yes."""
    with Changes(postgres_url) as changes:
        changes.wait(0)
        with closing(connect(postgres_url)) as admin:
            admin.all(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        with pytest.raises(DatabaseError):
            changes.wait(5)
        assert changes.wait(0)
        assert not changes.wait(0)


def test_a_server_that_hangs_is_given_up_and_said(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that lives and a server that does not answer: without a deadline no end of waiting."""
    store = Store(postgres_url)
    with store.reading() as database:
        row = database.one("SELECT pg_backend_pid() AS pid")
    assert row is not None
    os.kill(row["pid"], signal.SIGSTOP)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(deadline, "SECONDS", 0.2)
            said = "has not answered for 0.2 seconds: .* try again"
            with pytest.raises(DatabaseError, match=said), store.reading() as database:
                database.one("SELECT 1 AS one")
    finally:
        os.kill(row["pid"], signal.SIGCONT)
    with store.reading() as database:
        assert database.one("SELECT 1 AS one")
    store.close()


def _connections(url: str) -> int:
    with closing(connect(url)) as admin:
        row = admin.returned(
            "SELECT count(*) AS n FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(row["n"])


class _Readers:
    """Threads that have a connection until they are let go."""

    def __init__(self, store: Store, many: int, *, long: bool = False) -> None:
        self.long = long
        self.go = threading.Event()
        self.reading: list[int] = []
        self._threads = [threading.Thread(target=self._read, args=(store,)) for _ in range(many)]
        for thread in self._threads:
            thread.start()

    def _read(self, store: Store) -> None:
        with store.reading(long=self.long) as database:
            self.reading.append(id(database))
            assert self.go.wait(60)

    def read_once(self, store: Store) -> None:
        """Read beside those who have a connection."""
        with store.reading() as database:
            self.reading.append(id(database))

    def end(self) -> None:
        self.go.set()
        for thread in self._threads:
            thread.join()


def test_a_store_keeps_one_connection_to_a_server_however_many_threads_read(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further one is there while the first is busy for long, and is closed when not used."""
    monkeypatch.setattr(pool, "_KEPT", 0.0)
    monkeypatch.setattr(pool, "_PATIENCE", 0.01)
    store = Store(postgres_url)
    readers = _Readers(store, 2)
    while len(readers.reading) < 2:
        assert not readers.go.is_set()
    assert _connections(postgres_url) == 2
    readers.end()
    with store.reading():
        pass
    while _connections(postgres_url) > 1:
        pass
    store.close()


def test_who_has_a_connection_for_long_is_not_waited_for(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_PATIENCE", 3_600.0)
    store = Store(postgres_url)
    readers = _Readers(store, 1, long=True)
    while not readers.reading:
        assert not readers.go.is_set()
    other = threading.Thread(target=readers.read_once, args=(store,))
    other.start()
    other.join()
    readers.end()
    assert len(set(readers.reading)) == 2
    store.close()


def test_a_turn_of_the_jobs_needs_no_connection_beside_that_of_who_reads(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails where a turn that is soon over counts as one kept for long: two keys later there were
    three connections to one board."""
    opened = list[str]()

    def connecting(url: str, **given: Any) -> Database:
        opened.append(url)
        return connect(url, **given)

    monkeypatch.setattr(pool, "_LONG", 3_600.0)
    monkeypatch.setattr(pool, "_PATIENCE", 3_600.0)
    monkeypatch.setattr(pool, "connect", connecting)
    desk = open_desk(settings.load({"db": postgres_url}, as_login="cy"))
    over = threading.Event()

    def read() -> None:
        while not over.wait(0.01):
            desk.board.first_page("is:open", 5)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(3):
        open_ticket(desk)
        desk.inbox.receive(b"From: a@example.org\r\nTo: help@localhost\r\nSubject: x\r\n\r\nx")
        desk.jobs.run_once(0.0)
    desk.jobs.run_all()
    over.set()
    reader.join()
    assert count(desk, "outbox") >= 3
    assert len(opened) == 1
    desk.close()


def test_however_many_threads_wait_their_turn_no_further_connection_is_opened(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails where who has waited long opens one: on a busy machine many wait, each for little."""
    monkeypatch.setattr(pool, "_PATIENCE", 3_600.0)
    store, seen = Store(postgres_url), set()

    def read() -> None:
        for _ in range(5):
            with store.reading() as database:
                database.one("SELECT 1 AS one FROM pg_sleep(0.002)")
                seen.add(id(database))

    _at_once([threading.Thread(target=read) for _ in range(12)])
    assert len(seen) == _connections(postgres_url) == 1
    store.close()


def test_more_threads_than_connections_take_turns(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_PATIENCE", 0.01)
    store = Store(postgres_url)
    readers = _Readers(store, 3 * pool._MOST)
    while len(readers.reading) < pool._MOST:
        assert not readers.go.is_set()
    assert _connections(postgres_url) == pool._MOST
    readers.end()
    assert len(readers.reading) == 3 * pool._MOST
    store.close()


def test_a_thread_that_has_the_last_connection_gets_another_at_once(postgres_url: str) -> None:
    store = Store(postgres_url)
    with ExitStack() as stack:
        got = [stack.enter_context(store.reading()) for _ in range(pool._MOST + 1)]
    assert len(set(map(id, got))) == pool._MOST + 1
    store.close()


def test_a_full_server_is_waited_for_while_ours_may_come_back(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second thread may open none, and gets the first one's when that is done."""
    monkeypatch.setattr(pool, "_PATIENCE", 0.01)
    store = Store(postgres_url)
    refused = threading.Event()

    def full(*_: object, **__: object) -> Database:
        refused.set()
        raise DatabaseError("too many clients already")

    readers = _Readers(store, 1)
    while not readers.reading:
        assert not readers.go.is_set()
    monkeypatch.setattr(pool, "connect", full)
    others = _Readers(store, 1)
    assert refused.wait(60)
    readers.end()
    others.end()
    assert readers.reading == others.reading
    store.close()


def test_an_operation_that_was_in_anothers_way_is_done_again_as_a_whole(
    postgres_url: str,
) -> None:
    """Two that lock the same tickets in different order wait for each other: one is refused."""
    desk = open_desk(settings.load({"db": postgres_url}, as_login="cy"))
    numbers = [open_ticket(desk), open_ticket(desk)]
    both, tries = threading.Barrier(2), []

    def swap(order: list[int]) -> None:
        def operation() -> None:
            tries.append(order)
            with desk.store.work("cy") as work:
                work.claim("note")
                for place, number in enumerate(order):
                    hold(work, [number])[number].write("noted", "mine")
                    if place == 0 and len(tries) <= 2:
                        both.wait(60)

        desk.store.tried(operation)

    _at_once([threading.Thread(target=swap, args=(one,)) for one in (numbers, numbers[::-1])])
    assert len(tries) >= 3
    assert count(desk, "ledger", "text = 'mine'") == 4
    desk.close()


def test_whoever_waits_longer_for_a_file_looks_more_often() -> None:
    """So that who has just written does not write again before those who wait."""
    longest = [1.5 * sqlite._LOOK * 0.5 ** (waited / sqlite._HALVED) for waited in (0.0, 0.2, 0.3)]
    for waited, most in zip((0.0, 0.2, 0.3), longest, strict=True):
        assert max(sqlite.pause(waited) for _ in range(200)) <= most
    assert 0 < sqlite.pause(20.0) <= 0.0015


def test_a_pool_whose_connections_were_cut_works_again(postgres_url: str) -> None:
    desk = open_desk(settings.load({"db": postgres_url}, as_login="cy"))
    number = open_ticket(desk)
    with closing(connect(postgres_url)) as admin:
        admin.all(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        while admin.all(
            "SELECT 1 AS n FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        ):
            pass  # they end when they notice
    verbs(desk).note([number], "unnoticed")
    assert count(desk, "ledger", "text = 'unnoticed'") == 1
    desk.close()


def _stopped_server(url: str) -> list[int]:
    """Stop every server process that serves this desk; its links stay alive."""
    name = url.split("?", maxsplit=1)[0].rpartition("/")[2]
    with closing(connect(url.replace(f"/{name}?", "/postgres?"))) as admin:
        rows = admin.all("SELECT pid FROM pg_stat_activity WHERE datname = :name", name=name)
    pids = [int(row["pid"]) for row in rows]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return pids


def test_the_feed_of_changes_hears_that_a_server_is_silent(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing to tell and nobody there look alike to who listens: it asks for a sign of life."""
    monkeypatch.setattr(deadline, "PING_SECONDS", 0.2)
    monkeypatch.setattr(deadline, "PING_EVERY", 0.0)
    with Changes(postgres_url) as changes:
        changes.wait(0)
        assert not changes.wait(0.01)
        pids = _stopped_server(postgres_url)
        try:
            with pytest.raises(DatabaseError, match="try again"):
                changes.wait(0.01)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        assert changes.wait(5), "a full refresh is due"


def test_a_board_is_told_of_a_silent_server_within_five_seconds() -> None:
    board = deadline.PING_EVERY + LISTEN + deadline.PING_SECONDS + deadline._LOOK
    assert board <= 5


_LOOKS_AGAIN = (
    "CREATE TEMP TABLE many (id integer)",
    "CREATE FUNCTION pg_temp.slow() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN PERFORM pg_sleep(1); RETURN NULL; END $$",
    "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON many DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW WHEN (NEW.id = 7) EXECUTE FUNCTION pg_temp.slow()",
)
"""A server that looks at what was written again before the commit."""


def test_what_takes_long_by_nature_has_a_limit_of_its_own(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, closing(connect(postgres_url)) as database:
        patch.setattr(deadline, "SECONDS", 0.1)
        with database.patiently():
            assert database.one("SELECT 1 AS one FROM pg_sleep(1)")
        for statement in _LOOKS_AGAIN:
            database.run(statement)
        database.begin()
        database.many("INSERT INTO many (id) VALUES (:id)", [{"id": n} for n in range(501)])
        database.commit()
        assert database.returned("SELECT count(*) AS n FROM many")["n"] == 501
        with pytest.raises(DatabaseError, match="try again"):
            database.one("SELECT 1 AS one FROM pg_sleep(60)")
