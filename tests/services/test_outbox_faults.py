"""What goes wrong around the outbox: pauses, the fuse, clocks, lost claims, full disks."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from deskterm import paths, settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, DatabaseError, NotFoundError, RefusedError
from deskterm.storage import outbox
from tests.builders import count, open_ticket
from tests.mail.smtp_server import Server, smtp_server
from tests.verbs import verbs


@pytest.fixture
def server() -> Iterator[Server]:
    with smtp_server() as running:
        yield running


@pytest.fixture
def mailing(database_url: str, server: Server) -> Iterator[Desk]:
    """A desk whose letters go to the test's SMTP server."""
    opened = _mailing(database_url, server)
    yield opened
    opened.close()


def _mailing(url: str, server: Server) -> Desk:
    flags = {"db": url, "smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
    return open_desk(settings.load(flags, as_login="cy"))


def _clock(monkeypatch: pytest.MonkeyPatch, **ahead: float) -> None:
    """Set everybody's clock so far ahead of the true one."""
    true = clock.now
    monkeypatch.setattr(clock, "now", lambda: true() + timedelta(**ahead))


def _set(desk: Desk, what: str, **values: Any) -> None:
    with desk.store.reading() as database:
        database.run(f"UPDATE outbox SET {what}", **values)


def _states(desk: Desk) -> list[str]:
    with desk.store.reading() as database:
        return [row["state"] for row in database.all("SELECT state FROM outbox ORDER BY id")]


# --- pauses and the fuse ---------------------------------------------------------------------


def test_one_recipient_s_filter_does_not_stop_everybody(mailing: Desk, server: Server) -> None:
    open_ticket(mailing)
    server.answers["RCPT"] = "550 5.7.1 we do not take this"
    assert "policy (550 5.7.1" in mailing.outbox.send(at_once=True).paused
    server.answers.clear()
    server.watch = lambda verb: _refuse_ada(server, verb)
    open_ticket(mailing, requester="bo@example.org")
    done = mailing.outbox.send(at_once=True)
    assert (done.sent, done.failed, done.paused) == (1, 1, "")
    assert _states(mailing) == ["failed", "sent"]


def _refuse_ada(server: Server, verb: str) -> None:
    server.answers.pop("RCPT", None)
    if verb == "RCPT" and "ada@" in server.said[-1][0]:
        server.answers["RCPT"] = "550 5.7.1 we do not take this"


def test_so_many_letters_an_hour_wait_for_a_person(mailing: Desk, server: Server) -> None:
    mailing.desk_settings.set("mail.most_per_hour", "2")
    for who in ("ada", "bo", "di"):
        open_ticket(mailing, requester=f"{who}@example.org")
    done = mailing.outbox.send(at_once=True)
    assert (done.sent, done.paused) == (2, "2 letters within an hour look like a loop")
    assert "look like a loop" in mailing.outbox.send(at_once=True).paused
    assert mailing.outbox.standing().until is None
    assert mailing.outbox.send(at_once=True, go_on=True).sent == 1
    assert len(server.mails) == 3


def test_a_person_stops_all_letters_and_goes_on(mailing: Desk, server: Server) -> None:
    open_ticket(mailing)
    assert mailing.outbox.pause("new server") == "stopped by cy: new server"
    assert mailing.outbox.send(at_once=True).paused == "stopped by cy: new server"
    assert mailing.outbox.standing()[:1] == (1,)
    mailing.outbox.resume()
    assert mailing.outbox.send(at_once=True).sent == 1
    mailing.outbox.pause()
    mailing.ledger.undo()
    assert mailing.outbox.standing().paused == ""
    assert mailing.outbox.pause("x", how=How(dry=True))
    assert mailing.outbox.standing().paused == ""


def test_a_machine_without_smtp_leaves_letters_to_the_one_that_has_it(
    mailing: Desk, server: Server
) -> None:
    open_ticket(mailing)
    mailing.outbox.send(at_once=True)
    open_ticket(mailing, requester="bo@example.org")
    other = open_desk(settings.load({"db": mailing.store.url}, as_login="di"))
    assert "smtp_host is not set here" in other.outbox.send(at_once=True).paused
    other.close()
    assert not paths.outgoing_maildir().exists()
    assert mailing.outbox.send(at_once=True).sent == 1


def test_an_address_that_nobody_has_is_given_up_like_one_that_bounces(
    mailing: Desk, server: Server
) -> None:
    server.answers["RCPT"] = "550 5.1.1 no such user"
    numbers = [open_ticket(mailing, f"Ticket {n}") for n in range(4)]
    mailing.outbox.send(at_once=True)
    assert "No more letters go there" in mailing.tickets.show(numbers[2]).timeline[-1].text
    requester = mailing.tickets.show(numbers[0]).requester
    assert requester is not None
    assert [one.address for one in requester.broken] == ["ada@example.org"]


# --- claims, clocks, disks -------------------------------------------------------------------


@pytest.mark.parametrize("days", [400, -400])
def test_a_clock_that_jumps_neither_stops_nor_floods(
    mailing: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    server.answers["."] = "451 4.3.0 try again"
    open_ticket(mailing)
    open_ticket(mailing, requester="bo@example.org")
    mailing.outbox.send(at_once=True)
    _set(mailing, "state = 'claimed', held_until = :later WHERE id = 2", later=clock.now())
    open_ticket(mailing, requester="di@example.org")
    _clock(monkeypatch, days=days)
    assert mailing.outbox.send().later == 3
    assert _states(mailing) == ["queued"] * 3
    server.answers.clear()
    assert mailing.outbox.send(at_once=True).sent == 3
    assert len({raw for _, _, raw in server.mails}) == 3


def test_whoever_lost_the_claim_writes_nothing_down(mailing: Desk, server: Server) -> None:
    """The lease ended while the server was slow; another sender has the letter by now."""
    open_ticket(mailing)
    server.answers["RCPT"] = "550 5.1.1 no such user"
    server.watch = lambda verb: _set(mailing, "holder = 'another'") if verb == "RCPT" else None
    mailing.outbox.send(at_once=True)
    assert _states(mailing) == ["claimed"]
    assert count(mailing, "ledger", "event = 'noted'") == 0


def test_a_letter_that_was_taken_is_not_sent_again_when_the_disk_was_full(
    mailing: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ticket(mailing)
    written = outbox.sent

    def full(*_: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(outbox, "sent", full)
    for _ in range(2):
        with pytest.raises(DatabaseError):
            mailing.outbox.send(at_once=True)
    monkeypatch.setattr(outbox, "sent", written)
    assert mailing.outbox.send(at_once=True).sent == 0
    assert _states(mailing) == ["sent"]
    assert len(server.mails) == 1


def test_senders_of_several_processes_send_each_letter_once(
    database_url: str, server: Server
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    desks = [_mailing(database_url, server) for _ in range(3)]
    for who in range(30):
        number = open_ticket(desks[0], requester=f"p{who}@example.org")
        verbs(desks[0]).reply([number], "Switch it on.")
    with ThreadPoolExecutor(3) as pool:
        runs = list(pool.map(lambda desk: desk.outbox.send(at_once=True), desks))
    for desk in desks:
        desk.close()
    assert sum(run.sent for run in runs) == 60
    assert len({raw for _, _, raw in server.mails}) == len(server.mails)


def test_the_fresh_go_before_those_that_were_refused(mailing: Desk, server: Server) -> None:
    open_ticket(mailing)
    server.answers["RCPT"] = "450 later"
    mailing.outbox.send(at_once=True)
    server.answers.clear()
    open_ticket(mailing, requester="bo@example.org")
    mailing.outbox.send(at_once=True)
    assert [to for _, (to,), _ in server.mails] == ["TO:<bo@example.org>", "TO:<ada@example.org>"]


def test_what_a_technician_may_read_travels_alone(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).reply([number], "Switch it on.")
    _set(desk, "template = 'tech_reply' WHERE id = 2")
    desk.outbox.send(at_once=True)
    assert _states(desk)[0] == "sent"
    assert count(desk, "outbox", "sha256 IS NOT NULL") == 1


# --- what technicians do with letters --------------------------------------------------------


def test_a_letter_is_stopped_and_the_ticket_says_so(desk: Desk) -> None:
    number = open_ticket(desk)
    desk.outbox.withdraw([1], how=How(dry=True))
    assert _states(desk) == ["queued"]
    done = desk.outbox.withdraw([1])
    assert [row.state for row in done.letters] == ["withdrawn"]
    assert desk.outbox.withdraw([1], how=How(done.operation_id)).repeated
    assert desk.outbox.send(at_once=True).sent == 0
    note = desk.tickets.show(number).timeline[-1]
    assert (note.text, note.public) == (
        "The letter to ada@example.org was stopped before it left.",
        False,
    )
    desk.ledger.undo()
    assert desk.outbox.send(at_once=True).sent == 1
    with pytest.raises(RefusedError, match="letter 1 cannot be stopped: it is sent"):
        desk.outbox.withdraw([1])
    with pytest.raises(NotFoundError, match="no letter 7"):
        desk.outbox.withdraw([7])


def test_trying_again_can_be_undone_until_it_went_on(mailing: Desk, server: Server) -> None:
    open_ticket(mailing)
    server.answers["RCPT"] = "550 5.1.1 no such user"
    mailing.outbox.send(at_once=True)
    mailing.outbox.retry([1])
    mailing.ledger.undo()
    assert _states(mailing) == ["failed"]
    again = mailing.outbox.retry()
    server.answers.clear()
    assert mailing.outbox.send().sent == 1
    with pytest.raises(ConflictError, match=r"letter 1 .*gone on"):
        mailing.ledger.undo(again.operation_id)


def test_a_waiting_letter_leaves_now_where_a_person_says_so(desk: Desk) -> None:
    open_ticket(desk)
    assert desk.outbox.send().sent == 0
    desk.outbox.retry([1])
    assert desk.outbox.send().sent == 1


def test_the_queue_is_asked_by_ticket_recipient_and_state(mailing: Desk, server: Server) -> None:
    first = open_ticket(mailing)
    server.answers["RCPT"] = "550 5.1.1 no such user"
    mailing.outbox.send(at_once=True)
    open_ticket(mailing, requester="Bo 100% <bo@example.org>")
    queue = mailing.outbox.queue
    assert [row.id for row in queue()] == [1, 2]
    assert [row.id for row in queue(failed=True)] == [1]
    assert [row.id for row in queue(ticket=first)] == [1]
    assert [row.id for row in queue(recipient="100% ")] == []
    assert [row.id for row in queue(recipient="100%")] == [2]
    out = mailing.outbox.standing()
    assert (out.waiting, out.failed, out.why_failed) == (1, 1, "550 5.1.1 no such user")
