"""The jobs run in whichever process holds the lease; a dead holder is replaced."""

import itertools
import threading
from datetime import timedelta

import pytest

from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.mail_rows import Sent
from deskterm.services.jobs import Jobs
from deskterm.services.outbox import turn
from deskterm.services.outbox.turn import Turn
from tests.builders import count, open_ticket, value
from tests.verbs import verbs

MAIL = b"From: ada@example.org\r\nSubject: hello\r\n\r\nhelp"


def _other(desk: Desk) -> Jobs:
    return Jobs(desk.store, desk.inbox, desk.outbox, desk.letters)


def test_one_turn_does_all_that_is_due(desk: Desk) -> None:
    desk.inbox.receive(MAIL)
    done = desk.jobs.run_once()
    assert (done.held, done.processed.tickets, done.sent.sent) == (True, 1, 0)


def test_letters_give_way_to_new_mail_after_so_many_and_the_next_turn_comes_at_once(
    desk: Desk,
) -> None:
    for n in range(5):
        open_ticket(desk, requester=f"p{n}@example.org")
    with desk.store.reading() as database:
        database.run("UPDATE outbox SET not_before = created_at")
    jobs = Jobs(desk.store, desk.inbox, desk.outbox, desk.letters, lambda: Turn(letters=2))
    first = jobs.run_once()
    assert (first.sent.sent, first.more) == (2, True)
    assert count(desk, "outbox", "state = 'queued' AND attempts = 0") == 3
    desk.inbox.receive(MAIL)
    second = jobs.run_once()
    assert (second.processed.tickets, second.sent.sent, second.more) == (1, 2, True)
    third = jobs.run_once()
    assert (third.sent.sent, third.more) == (1, False)


def test_letters_give_way_to_new_mail_after_two_seconds_of_a_slow_server(desk: Desk) -> None:
    for n in range(5):
        open_ticket(desk, requester=f"p{n}@example.org")
    seconds = itertools.count()
    turn = Turn(seconds=4, now=lambda: float(next(seconds)))  # between two looks goes a second
    assert desk.outbox.send(at_once=True, turn=turn).sent == 2
    assert turn.over
    assert count(desk, "outbox", "state = 'queued' AND attempts = 0") == 3


def test_a_server_that_is_silent_keeps_no_new_mail_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the silent turn did is told once, by the first turn of the jobs after its end."""
    monkeypatch.setattr(turn, "PATIENCE", 0.0)
    goes_on, real = threading.Event(), desk.outbox.send

    def silent(turn: Turn) -> Sent:
        goes_on.wait()
        return real(at_once=True, turn=turn)

    monkeypatch.setattr(desk.outbox, "send", silent)
    open_ticket(desk)
    assert desk.jobs.run_once().sent.sent == 0
    desk.inbox.receive(MAIL)
    assert desk.jobs.run_once().processed.tickets == 1
    goes_on.set()
    assert desk.jobs.run_all().sent.sent == 2  # what was opened, and what the mail opened


def test_whoever_comes_by_only_now_and_then_leaves_nothing_undone(desk: Desk) -> None:
    for n in range(5):
        desk.inbox.receive(MAIL.replace(b"hello", b"hello %d" % n).replace(b"ada", b"p%d" % n))
        open_ticket(desk, requester=f"q{n}@example.org")
    with desk.store.reading() as database:
        database.run("UPDATE outbox SET not_before = created_at")
    done = Jobs(desk.store, desk.inbox, desk.outbox, desk.letters, lambda: Turn(2)).run_all()
    assert (done.held, done.processed.tickets, done.sent.sent, done.more) == (True, 5, 5, False)


def test_only_the_holder_of_the_lease_works(desk: Desk) -> None:
    other = _other(desk)
    assert desk.jobs.hold()
    desk.inbox.receive(MAIL)
    assert not other.run_once().held
    assert count(desk, "ticket") == 0
    assert desk.jobs.run_once().processed.tickets == 1


def test_a_turn_with_nothing_to_do_writes_nothing(desk: Desk) -> None:
    desk.jobs.run_once()
    before = _lease(desk)
    for _ in range(3):
        desk.jobs.run_once()
    assert _lease(desk) == before
    if desk.store.dialect == "sqlite":
        with desk.store.reading() as database:
            (first,) = database.connection.execute("PRAGMA data_version").fetchone()
            desk.jobs.run_once()
            (second,) = database.connection.execute("PRAGMA data_version").fetchone()
        assert first == second


def _lease(desk: Desk) -> object:
    with desk.store.reading() as database:
        row = database.one("SELECT until FROM lease WHERE name = 'jobs'")
    assert row is not None
    return row["until"]


def test_a_released_or_ended_lease_is_free(desk: Desk) -> None:
    other = _other(desk)
    assert desk.jobs.hold()
    desk.jobs.release()
    assert other.hold()
    with desk.store.reading() as database:
        database.run("UPDATE lease SET until = :past", past=clock.now() - timedelta(seconds=1))
    assert desk.jobs.hold()
    assert not other.hold()


def test_a_ticket_wakes_when_its_waiting_time_is_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    early, late = open_ticket(desk), open_ticket(desk)
    verbs(desk).wait([early], "other", until=now + timedelta(hours=1))
    verbs(desk).wait([late], "customer", until=now + timedelta(days=1))
    assert desk.jobs.wake() == 0
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=2))
    assert desk.jobs.wake() == 1
    assert (value(desk, early, "state"), value(desk, late, "state")) == ("open", "waiting")
    assert desk.jobs.wake() == 0
    entry = desk.tickets.show(early).timeline[-1]
    assert (entry.event, entry.actor) == ("resumed", "desk")
    assert count(desk, "technician", "login = 'desk'") == 0


def test_closing_the_desk_gives_the_lease_back(desk: Desk) -> None:
    assert desk.jobs.hold()
    other = open_desk(desk.settings)
    assert not other.jobs.hold()
    desk.close()
    assert other.jobs.hold()
    other.close()
