"""What figures keep of closed tickets is what the ledger tells, whatever becomes of the tickets."""

import json
import random
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.stopping import Stop, StoppedError
from deskterm.reports.mistakes import USUAL
from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.ticket import course
from deskterm.storage.ticket.backlog import COURSES
from deskterm.storage.ticket.course import MEASURED
from tests.builders import count, open_ticket, solved_ticket
from tests.histories import history, prepare
from tests.verbs import verbs


def kept(database: Database) -> list[dict[str, Any]]:
    rows = database.all(
        "SELECT ticket_id, category_id, steps, seconds, reasons, mistakes, whys "
        "FROM course ORDER BY ticket_id"
    )
    return [{name: row[name] for name in list(row.keys())} for row in rows]


def told(database: Database) -> list[dict[str, Any]]:
    """Work all courses out anew from the ledger."""
    numbers = [row["id"] for row in database.all("SELECT id FROM ticket ORDER BY id")]
    return [dict(row) for row in course.judged(database, numbers)]


def kept_measures(database: Database) -> list[dict[str, Any]]:
    """Give what is kept of every ticket, as it is worked out."""
    rows = database.all(f"SELECT {', '.join(MEASURED)} FROM measure ORDER BY ticket_id")
    times = ("opened_at", "closed_at", "ended_at", "merged_at")
    return [
        {name: row[name] for name in MEASURED} | {name: moment_or_none(row[name]) for name in times}
        for row in rows
    ]


def told_measures(database: Database) -> list[dict[str, Any]]:
    """Work all measures out anew from the ledger."""
    numbers = [row["id"] for row in database.all("SELECT id FROM ticket ORDER BY id")]
    return [dict(row) for row in course.measures(database, numbers)]


@pytest.mark.parametrize("seed", [3, 8])
def test_after_any_history_the_kept_courses_are_those_the_ledger_tells(
    desk: Desk, seed: int
) -> None:
    prepare(desk)
    done, most = [], 0
    for name in history(desk, random.Random(seed), 90):
        done.append(name)
        with desk.store.reading() as database:
            found = kept(database)
            assert found == told(database), done
            assert kept_measures(database) == told_measures(database), done
        most = max(most, len(found))
    assert most >= 3
    assert {"undo", "redo", "merge", "reopen"} <= set(done)


def test_what_other_desks_closed_is_not_counted_even_where_it_is_closed_here_again(
    desk: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "old.jsonl"
    record = {"id": "A1", "title": "Old", "opened": "2024-03-01", "closed": "2024-03-02"}
    file.write_text(json.dumps(record), encoding="utf-8")
    assert desk.importing.tickets(file).tickets == 1
    (number,) = (row.id for row in desk.board.first_page("is:any"))
    assert count(desk, "course") == 0
    verbs(desk).reopen([number], "It is back.")
    verbs(desk).close([number], "unsolved", "why")
    assert count(desk, "course") == 0


def test_an_older_desk_is_counted_by_the_jobs_the_newest_first_and_goes_on_where_it_was(
    desk: Desk,
) -> None:
    numbers = [open_ticket(desk) for _ in range(5)]
    verbs(desk).close(numbers, "unsolved", "why")
    with desk.store.reading() as database:
        whole = kept(database)
        database.run("DELETE FROM course")
        database.run("INSERT INTO course_due (ticket_id) SELECT id FROM ticket")
        assert COURSES.fill(database, 2, course.refresh) == 2
        assert [one["ticket_id"] for one in kept(database)] == numbers[-2:]
    seen = desk.insight.steps()
    assert (seen.tickets, seen.missing) == (2, 3)
    done = desk.jobs.run_once()
    assert (done.counted, done.uncounted) == (3, 0)
    with desk.store.reading() as database:
        assert kept(database) == whole
    assert desk.insight.mistakes().missing == 0


def test_why_a_step_went_wrong_is_kept_where_it_is_not_what_is_usual(desk: Desk) -> None:
    usual = solved_ticket(desk)
    verbs(desk).verify([usual], "craft", "ok")
    verbs(desk).verify([usual], "customer", "ok")
    verbs(desk).close([usual], "solved")
    odd = open_ticket(desk)
    verbs(desk).finish([odd], "Cable.", "no answer")
    with desk.store.reading() as database:
        rows = {one["ticket_id"]: one for one in kept(database)}
    assert set("34") & set(rows[usual]["mistakes"])
    assert set(rows[usual]["mistakes"]) <= set(USUAL)
    assert rows[usual]["whys"] == ""
    stored = json.loads(rows[odd]["whys"])
    assert not set(stored.values()) & set(USUAL.values())
    told = {
        str(one.number): {seen.ticket: seen.why for seen in one.seen}
        for one in desk.insight.mistakes(whys=True).mistakes
    }
    for number, row in rows.items():
        for mistake in row["mistakes"]:
            kept_why = json.loads(row["whys"] or "{}").get(mistake)
            assert told[mistake][number] == (kept_why or USUAL[mistake])


def test_figures_read_one_row_a_ticket_and_no_entry_of_the_ledger(
    sqlite_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        verbs(sqlite_desk).verify([solved_ticket(sqlite_desk)], "craft", "ok")
    verbs(sqlite_desk).close([1, 2, 3], "solved", "no answer")
    asked: list[tuple[str, int]] = []
    read = Database.all

    def counting(self: Database, sql: str, /, **params: object) -> Any:
        rows = read(self, sql, **params)
        asked.append((sql, len(rows)))
        return rows

    monkeypatch.setattr(Database, "all", counting)
    assert sqlite_desk.insight.steps().tickets == 3
    assert [rows for _, rows in asked] == [3, 1]
    assert not any("ledger" in sql or "ticket t" in sql for sql, _ in asked)
    asked.clear()
    assert sqlite_desk.insight.mistakes("90d", "printer").tickets == 3
    assert not any("ledger" in sql for sql, _ in asked)


def test_a_reading_that_nobody_waits_for_ends_and_the_next_one_is_whole(desk: Desk) -> None:
    verbs(desk).close([open_ticket(desk)], "unsolved", "why")
    slow = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT max(i) AS n FROM n",
        "postgresql": "SELECT count(*) AS n FROM generate_series(1, 100000000000)",
    }
    stop = Stop()

    def read() -> None:
        with desk.store.reading() as database, database.patiently(), database.snapshot():
            interrupting(stop)
            database.all(slow[database.dialect])

    with stop.here():
        for reading in (read, desk.insight.steps):
            with pytest.raises(StoppedError):
                reading()
    assert desk.insight.steps().tickets == 1


def interrupting(stop: Stop) -> None:
    """Say again and again that nobody waits, until the reading has ended."""

    def say() -> None:
        while stop.reading:
            stop.now()

    Thread(target=say, daemon=True).start()
