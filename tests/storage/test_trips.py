"""Trips to PostgreSQL: what travels together, in which order, and how many a write makes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import count as numbered
from threading import Thread

import psycopg
import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Close
from deskterm.services.inbox import process
from deskterm.storage.driver import Database, connect
from deskterm.storage.libpq import Statement
from deskterm.storage.ticket import news
from deskterm.storage.trips import Trips
from deskterm.storage.work import Work
from deskterm.triage.terms import DEFAULT_VIEWS
from tests.builders import count, open_ticket, value
from tests.mails import mail_bytes, take
from tests.verbs import verbs


@pytest.fixture
def desk(postgres_url: str) -> Iterator[Desk]:
    """A desk on PostgreSQL: SQLite makes no trips."""
    opened = open_desk(settings.load({"db": postgres_url}, as_login="cy"))
    yield opened
    opened.close()


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    with closing(connect(postgres_url)) as opened:
        opened.run("CREATE TEMPORARY TABLE said (n int PRIMARY KEY)")
        yield opened


def _said(database: Database) -> list[int]:
    return [row["n"] for row in database.all("SELECT n FROM said ORDER BY n")]


def _say(database: Database, *numbers: int) -> None:
    for n in numbers:
        database.later("INSERT INTO said (n) VALUES (:n)", n=n)


@pytest.fixture
def trips(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], int]:
    """Counts the trips that something makes."""
    seen = numbered()
    send = Trips.send

    def counted(self: Trips, asked: Sequence[Statement]) -> object:
        next(seen)
        return send(self, asked)

    monkeypatch.setattr(Trips, "send", counted)

    def of(act: Callable[[], object]) -> int:
        before = next(seen)
        act()
        return next(seen) - before - 1

    return of


def test_what_waits_is_done_before_what_is_asked_next(
    database: Database, trips: Callable[[Callable[[], object]], int]
) -> None:
    database.begin()
    assert trips(lambda: _say(database, 1, 2, 3)) == 0
    assert trips(lambda: _said(database)) == 1
    assert _said(database) == [1, 2, 3]
    database.rollback()


def test_a_transaction_that_nothing_was_asked_in_makes_no_trip(
    database: Database, trips: Callable[[Callable[[], object]], int]
) -> None:
    def nothing() -> None:
        database.begin()
        assert database.in_transaction
        database.rollback()
        assert not database.in_transaction

    assert trips(nothing) == 0


def test_outside_a_transaction_nothing_waits(database: Database) -> None:
    _say(database, 1)
    assert database.connection.execute("SELECT n FROM said").fetchall() == [(1,)]


def test_nothing_is_committed_behind_a_statement_that_failed(database: Database) -> None:
    database.begin()
    _say(database, 1, 1, 2)
    with pytest.raises(psycopg.errors.UniqueViolation):
        database.commit()
    assert database.broken
    database.rollback()
    assert _said(database) == []


def test_what_waits_is_not_done_after_a_rollback(database: Database) -> None:
    database.begin()
    _say(database, 1)
    database.rollback()
    assert _said(database) == []


@pytest.mark.parametrize("asked_between", [False, True])
def test_a_part_that_raises_takes_back_its_own_alone(
    database: Database, asked_between: bool
) -> None:
    def fail() -> None:
        with database.part():
            _say(database, 2)
            if asked_between:
                assert _said(database) == [1, 2]
            _say(database, 3)
            raise ZeroDivisionError

    database.begin()
    _say(database, 1)
    with pytest.raises(ZeroDivisionError):
        fail()
    _say(database, 4)
    database.commit()
    assert _said(database) == [1, 4]


def test_a_part_whose_waiting_statement_is_wrong_is_taken_back_where_it_ends(
    database: Database,
) -> None:
    database.begin()
    _say(database, 1)
    with pytest.raises(psycopg.errors.UniqueViolation), database.part():
        _say(database, 2, 1)
    _say(database, 3)
    database.commit()
    assert _said(database) == [1, 3]


def test_entries_are_numbered_behind_the_lock_of_their_ticket(desk: Desk) -> None:
    """Who gets the lock second has the higher numbers, though both took some before."""
    number = open_ticket(desk)
    with closing(connect(desk.store.url)) as first, closing(connect(desk.store.url)) as second:
        for database in (first, second):
            database.begin()
            database.run(
                "INSERT INTO operation (id, kind, actor, at) VALUES (:id, 'x', 'cy', now())",
                id=str(id(database)),
            )
        early = _entry(first, 0)
        middle = _entry(second, number)
        first.locked("SELECT id FROM ticket WHERE id IN :ids FOR UPDATE", [number])
        late = _entry(first, number)
        assert early < middle < late
        for database in (first, second):
            database.rollback()


def _entry(database: Database, number: int) -> int:
    return database.add(
        "ledger",
        operation_id=str(id(database)),
        at="2026-01-01T00:00:00Z",
        actor="cy",
        kind="ticket",
        subject_id=number,
        version=1,
        event="noted",
        public=False,
        text="",
        changes="{}",
        data="{}",
    )


def _open(desk: Desk, many: int) -> list[int]:
    asked = [NewTicket(f"p{n}@example.org", f"Printer {n}", "It hangs.") for n in range(many)]
    return list(desk.tickets.new_many(asked).tickets)


@pytest.mark.parametrize(
    ("write", "most"),
    [
        (lambda desk, _: open_ticket(desk), 13),
        (lambda desk, n: verbs(desk).note([n], "Seen."), 3),
        (lambda desk, n: verbs(desk).take([n]), 12),
        (lambda desk, n: verbs(desk).reply([n], "We look at it."), 10),
    ],
    ids=["new", "note", "take", "reply"],
)
def test_a_write_makes_few_trips(
    desk: Desk,
    trips: Callable[[Callable[[], object]], int],
    write: Callable[[Desk, int], object],
    most: int,
) -> None:
    number = open_ticket(desk)
    assert trips(lambda: write(desk, number)) <= most


def test_the_views_are_counted_together(
    desk: Desk, trips: Callable[[Callable[[], object]], int]
) -> None:
    """A query that cannot be asked, of a view that somebody saved long ago, spoils no other.

    Two trips are for who is meant by `mine`; one counts, however many views there are.
    """
    _open(desk, 3)
    asked = [query for _, query in DEFAULT_VIEWS]
    found: list[int | None] = []
    assert trips(lambda: found.extend(desk.board.counts([*asked, "is:nonsense", ""], 2))) <= 3
    assert found == [*(desk.board.count(query, 2) for query in asked), None, 2]


def test_many_tickets_are_opened_and_closed_in_few_trips_each(
    desk: Desk, trips: Callable[[Callable[[], object]], int]
) -> None:
    _open(desk, 40)
    opened, twice = trips(lambda: _open(desk, 20)), trips(lambda: _open(desk, 40))
    assert opened <= 16
    assert twice - opened <= 2  # more tickets, hardly more trips
    few, many = _open(desk, 20), _open(desk, 40)
    closed = trips(lambda: desk.tickets.do(few, Close("unsolved", "outage over")))
    assert closed <= 10
    assert trips(lambda: desk.tickets.do(many, Close("unsolved", "outage over"))) == closed


def test_a_mail_that_begins_a_ticket_makes_few_trips(
    desk: Desk, trips: Callable[[Callable[[], object]], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_SECONDS", 60.0)  # as many in a transaction on a slow machine
    for n in range(21):
        desk.inbox.receive(mail_bytes(f"Printer {n}", message_id=f"<{n}@example.org>"))
    desk.inbox.process(limit=1)
    assert trips(desk.inbox.process) <= 20 * 4 + 20
    assert count(desk, "ticket") == 21


def test_of_mails_filed_together_one_that_cannot_be_stored_takes_no_other_with_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is wrong with it is heard when the next is begun: then each is filed alone."""
    follow = news.Heard.finish

    def broken(self: news.Heard, work: Work) -> None:
        follow(self, work)
        if any(one.ticket and "m2" in str(one.data) for one in self.happened):
            work.spine.later("INSERT INTO step (ticket_id, step) VALUES (0, 'x')")

    monkeypatch.setattr(news.Heard, "finish", broken)
    for n in range(5):
        desk.inbox.receive(mail_bytes(f"Printer {n}", message_id=f"<m{n}@example.org>"))
    assert desk.inbox.process().tickets == 4
    assert desk.inbox.counts() == {"ticket": 4, "waiting": 1}
    for _ in range(2):
        desk.inbox.process()
    assert desk.inbox.counts() == {"ticket": 4, "quarantined": 1}
    assert [row.id for row in desk.board.first_page("")] != []
    assert count(desk, "ticket") == value(desk, 4, "id") == 4


def test_a_mail_whose_ticket_somebody_has_in_hand_is_left_to_the_next_commit(desk: Desk) -> None:
    """Nobody waits in a circle: what was filed until then is committed first."""
    take(desk, mail_bytes("First", message_id="<a@example.org>"))
    for n in range(3):
        desk.inbox.receive(mail_bytes(f"Printer {n}", message_id=f"<m{n}@example.org>"))
    desk.inbox.receive(mail_bytes("Re: First", "More.", in_reply_to="<a@example.org>"))
    desk.inbox.receive(mail_bytes("Last", message_id="<z@example.org>"))
    with closing(connect(desk.store.url)) as other:
        other.begin()
        other.locked("SELECT id FROM ticket WHERE id IN :ids FOR UPDATE", [1])
        process = Thread(target=desk.inbox.process)
        process.start()
        while count(desk, "ticket") < 4:
            assert process.is_alive()
        other.rollback()
        process.join()
    assert desk.inbox.counts() == {"ticket": 5, "reply": 1}
