"""What became of each promise is kept when it happens and follows from the ledger (semantics 4)."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import DeskError
from deskterm.domain.requests import NewTicket
from deskterm.storage.driver import Database, moment
from deskterm.storage.ticket import results
from deskterm.storage.ticket.backlog import RESULTS
from tests.builders import open_ticket
from tests.mails import mail_bytes, take
from tests.verbs import verbs

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = 3600


class Time:
    """The clock on the wall, set by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = MONDAY
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def at(self, text: str) -> None:
        day, _, time = text.partition(" ")
        hour, _, minute = time.partition(":")
        self.now = MONDAY.replace(hour=int(hour), minute=int(minute))
        self.now += timedelta(days=("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def utc_desk(desk: Desk, time: Time) -> Desk:
    """A desk that promises an answer within two hours."""
    desk.desk_settings.set("zone", "UTC")
    desk.desk_settings.set("promise.response", "2h")
    return desk


def mailed(desk: Desk, **values: Any) -> int:
    ticket = NewTicket("ada@example.org", "VPN", "no route", channel="email", **values)
    return desk.tickets.new(ticket).tickets[0]


def rows(database: Database) -> list[tuple[Any, ...]]:
    found = database.all(
        "SELECT ticket_id, kind, number, started_at, ended_at, seconds, elapsed, target, due_at, "
        "met FROM result ORDER BY ticket_id, ended_at, kind, number"
    )
    return [
        (
            *(row["ticket_id"], row["kind"], row["number"]),
            *(moment(row["started_at"]), moment(row["ended_at"])),
            *(row["seconds"], row["elapsed"], row["target"]),
            *(row["due_at"] and moment(row["due_at"]), row["met"] and bool(row["met"])),
        )
        for row in found
    ]


def kept(desk: Desk, number: int) -> list[tuple[Any, ...]]:
    """Kind, number, business seconds, seconds in all, target, whether it was met."""
    with desk.store.reading() as database:
        return [
            (kind, count, seconds, elapsed, target, met)
            for ticket, kind, count, _, _, seconds, elapsed, target, _, met in rows(database)
            if ticket == number
        ]


def test_each_clock_is_judged_when_it_ends_and_by_what_was_promised_then(
    utc_desk: Desk, time: Time
) -> None:
    number = mailed(utc_desk)
    time.at("mon 10:00")
    verbs(utc_desk).take([number])
    time.at("mon 17:00")
    verbs(utc_desk).reply([number], "Please restart it.")
    time.at("tue 09:00")
    verbs(utc_desk).solve([number], "Restarted.")
    judged = [
        ("pickup", 1, HOUR, HOUR, "4h", True),
        ("response", 1, 8 * HOUR, 8 * HOUR, "2h", False),
        ("solution", 1, 10 * HOUR, 24 * HOUR, "3d", True),
    ]
    assert kept(utc_desk, number) == judged
    for name, value in (
        ("hours", "Thu-Fri 8-10"),
        ("promise.solution", "1m"),
        ("zone", "Asia/Tokyo"),
    ):
        utc_desk.desk_settings.set(name, value)
    verbs(utc_desk).verify([number], "craft", "ok")
    verbs(utc_desk).close([number], "solved", "no answer")
    assert kept(utc_desk, number) == judged


def test_pauses_cost_neither_business_time_nor_other_time(utc_desk: Desk, time: Time) -> None:
    number = mailed(utc_desk, take=True)
    time.at("mon 10:00")
    verbs(utc_desk).wait([number], "customer", reason="Which printer?")
    time.at("tue 10:00")
    verbs(utc_desk).resume([number])
    time.at("tue 11:00")
    verbs(utc_desk).wait([number], "customer", reason="And which floor?")
    time.at("wed 11:00")
    verbs(utc_desk).solve([number], "It was off.")
    assert kept(utc_desk, number)[-1] == ("solution", 1, 2 * HOUR, 2 * HOUR, "3d", True)


def test_opening_again_never_restarts_the_answer_and_leaves_the_closed_time_out(
    utc_desk: Desk, time: Time
) -> None:
    number = mailed(utc_desk, take=True)
    time.at("mon 10:00")
    verbs(utc_desk).solve([number], "It was off.")
    time.at("wed 10:00")
    verbs(utc_desk).reopen([number], "It is off again.")
    time.at("wed 12:00")
    verbs(utc_desk).solve([number], "A new plug.")
    assert [one for one in kept(utc_desk, number) if one[0] != "pickup"] == [
        ("response", 1, HOUR, HOUR, "2h", True),
        ("solution", 1, HOUR, HOUR, "3d", True),
        ("solution", 2, 3 * HOUR, 3 * HOUR, "3d", True),
    ]


def test_a_call_is_its_own_answer_and_an_own_ticket_has_no_answer_at_all(
    utc_desk: Desk, time: Time
) -> None:
    called = open_ticket(utc_desk, channel="phone")
    assert kept(utc_desk, called) == [("response", 1, 0, 0, "2h", True)]
    utc_desk.records.set("technician", "cy", {"email": "cy@example.org"})
    own = utc_desk.tickets.new(
        NewTicket("cy@example.org", "My own screen", "dark", channel="email")
    ).tickets[0]
    time.at("mon 10:00")
    verbs(utc_desk).reply([own], "Done.")
    assert [one[0] for one in kept(utc_desk, own)] == ["pickup"]


def test_a_later_answer_counts_from_the_first_unanswered_message(
    utc_desk: Desk, time: Time
) -> None:
    take(utc_desk, mail_bytes("VPN", message_id="<a@example.org>"))
    (number,) = (row.id for row in utc_desk.board.first_page(""))
    for at, words in (("mon 9:30", "Which VPN?"), ("mon 14:30", "And now?")):
        time.at(at)
        verbs(utc_desk).reply([number], words)
        if at == "mon 9:30":
            for again in ("mon 11:00", "mon 13:00"):
                time.at(again)
                name = f"<{again[4:6]}@example.org>"
                mail = mail_bytes(
                    "Re: VPN", "More.", message_id=name, in_reply_to="<a@example.org>"
                )
                take(utc_desk, mail)
    answers = [one for one in kept(utc_desk, number) if one[0] in ("response", "next")]
    assert answers == [
        ("response", 1, HOUR // 2, HOUR // 2, "2h", True),
        ("next", 1, 7 * HOUR // 2, 7 * HOUR // 2, "2h", False),
    ]


def test_notes_and_what_the_desk_writes_by_itself_answer_nobody(utc_desk: Desk, time: Time) -> None:
    number = mailed(utc_desk)
    time.at("mon 10:00")
    verbs(utc_desk).note([number], "Looks like the switch.")
    verbs(utc_desk).change([number], values={"category": "network"})
    assert kept(utc_desk, number) == []
    verbs(utc_desk).close([number], "spam")
    assert kept(utc_desk, number) == []


def test_a_merged_ticket_lends_the_survivor_the_earlier_answer(utc_desk: Desk, time: Time) -> None:
    first, second = mailed(utc_desk), mailed(utc_desk)
    time.at("mon 10:00")
    verbs(utc_desk).reply([first], "We know.")
    time.at("mon 11:00")
    verbs(utc_desk).reply([second], "We know.")
    own = kept(utc_desk, second)
    time.at("mon 12:00")
    verbs(utc_desk).merge([first], second)
    assert {one[:3] for one in kept(utc_desk, second)} == {
        ("pickup", 1, HOUR),
        ("response", 1, HOUR),
    }
    utc_desk.ledger.undo()
    assert kept(utc_desk, second) == own


def deeds(desk: Desk, chance: random.Random) -> dict[str, Callable[[list[int]], object]]:
    """Give what may happen to a few tickets, by name."""
    does = verbs(desk)
    return {
        "take": does.take,
        "reply": lambda n: does.reply(n, "We look at it."),
        "note": lambda n: does.note(n, "Hm."),
        "wait": lambda n: does.wait(n, chance.choice(["customer", "other"]), reason="Which one?"),
        "resume": does.resume,
        "mail": lambda n: take(
            desk,
            mail_bytes(
                f"Re: [#{n[0]}]",
                "And?",
                in_reply_to=f"<{n[0]}@example.org>",
                message_id=f"<{chance.random()}@example.org>",
            ),
        ),
        "urgent": lambda n: does.change(n, values={"urgent": chance.choice([True, False])}),
        "solve": lambda n: does.solve(n, "Replaced the cable."),
        "failed": lambda n: does.verify(n, "craft", "failed"),
        "close": lambda n: does.close(n, chance.choice(["unsolved", "spam"]), "why"),
        "reopen": lambda n: does.reopen(n, "It is back."),
        "merge": lambda n: does.merge(n, chance.randint(1, 5)),
        "undo": lambda _: desk.ledger.undo(),
        "redo": lambda _: desk.ledger.redo(),
    }


@pytest.mark.parametrize("seed", [1, 5])
def test_after_any_history_what_is_kept_is_what_the_ledger_tells(
    utc_desk: Desk, time: Time, seed: int
) -> None:
    chance, desk = random.Random(seed), utc_desk
    for n in range(1, 6):
        take(desk, mail_bytes(f"It is off {n}", message_id=f"<{n}@example.org>"))
    done = []
    for _ in range(80):
        time.now += timedelta(minutes=chance.choice([1, 20, 400]))
        offered = deeds(desk, chance)
        (name,) = chance.choices(list(offered), [4 if one == "undo" else 3 for one in offered])
        try:
            offered[name](chance.sample(range(1, 6), chance.choice([1, 1, 2])))
        except DeskError:
            continue
        done.append(name)
        with desk.store.work("cy", dry=True) as work:
            work.claim("test")
            was = [one[:7] for one in rows(work.spine)]
            work.spine.run("DELETE FROM result")
            results.refresh(work.spine, work.at)
            assert was == [one[:7] for one in rows(work.spine)], done
    assert {"undo", "merge", "reopen", "mail"} <= set(done)


def _judge(now: datetime, database: Database, numbers: Sequence[int]) -> None:
    results.refresh(database, now, numbers)


def test_an_older_desk_is_judged_by_the_jobs_which_go_on_where_they_were(
    utc_desk: Desk, time: Time
) -> None:
    numbers = [mailed(utc_desk, take=True) for _ in range(4)]
    time.at("mon 10:00")
    verbs(utc_desk).solve(numbers, "It was off.")
    with utc_desk.store.reading() as database:
        whole = rows(database)
        database.run("DELETE FROM result")
        RESULTS.add(database)
        judge = partial(_judge, time.now)
        assert RESULTS.fill(database, 1, judge) == 1
        assert {one[0] for one in rows(database)} == {numbers[-1]}
    assert utc_desk.jobs.run_once().uncounted == 0
    with utc_desk.store.reading() as database:
        assert rows(database) == whole


def test_what_another_desk_did_is_measured_and_judged_by_no_promise_of_ours(
    utc_desk: Desk, time: Time, tmp_path: Any
) -> None:
    file, events = tmp_path / "old.jsonl", tmp_path / "events.jsonl"
    file.write_text(
        '{"id": "1", "title": "Off", "requester": "ada", "opened": "2026-11-02T09:00:00Z"}\n'
        '{"id": "2", "title": "No end", "requester": "ada", "opened": "2026-11-02", '
        '"state": "closed"}\n',
        encoding="utf-8",
    )
    events.write_text(
        '{"ticket": "1", "at": "2026-11-02T09:20:00Z", "event": "comment", "by": "ada"}\n'
        '{"ticket": "1", "at": "2026-11-02T10:00:00Z", "event": "comment", "by": "bo"}\n'
        '{"ticket": "1", "at": "2026-11-03T09:00:00Z", "event": "close", "by": "bo"}\n',
        encoding="utf-8",
    )
    utc_desk.importing.tickets(file, history=events)
    utc_desk.jobs.run_once()
    with utc_desk.store.reading() as database:
        found = {row[1]: (row[5], row[6], row[8], row[9]) for row in rows(database) if row[0] == 1}
    assert found == {
        "response": (HOUR, HOUR, None, None),
        "solution": (10 * HOUR, 24 * HOUR, None, None),
    }
