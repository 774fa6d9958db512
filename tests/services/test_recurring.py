"""Recurring tickets: so many days ahead, never twice for a date, missed dates said (C8)."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest

from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.services.means.recurring import Recurring
from tests.builders import count, open_ticket

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def monday(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk on Monday, 30 November 2026, that checks its backups on workdays."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_ticket(desk)
    desk.records.add("checklist", "Backups", {"items": "Restore a file"})
    desk.records.add(
        "ticket_template", "backup", {"subject": "Backup of {today}", "checklist": "Backups"}
    )
    values = {"rule": "workdays", "template": "backup", "requester": "ada@example.org"}
    desk.records.add("recurring", "backups", values)
    return desk


def opened(desk: Desk) -> list[str]:
    rows = desk.board.rows(range(1, 60))
    return [row.subject for row in sorted(rows, key=lambda one: one.id)][1:]


def test_a_date_gets_one_ticket_however_often_and_by_whomever_it_is_asked_for(
    monday: Desk,
) -> None:
    job = monday.means.recurring
    assert job.open_due(NOW) == 1
    assert job.open_due(NOW) == 0
    assert opened(monday) == ["Backup of 2026-11-30"]
    view = monday.tickets.show(2)
    assert (view.items, view.channel, view.requester and view.requester.name) == (
        1,
        "monitor",
        "Ada Moss",
    )
    assert count(monday, "outbox", "ticket_id = 2") == 0
    monday.records.set("recurring", "backups", {"ahead": "2"})
    assert job.open_due(NOW) == 2
    found = [(one.day.isoformat(), one.ticket) for one in job.dates(1, 4)]
    assert found == [("2026-11-30", 2), ("2026-12-01", 3), ("2026-12-02", 4), ("2026-12-03", None)]


def test_two_workers_at_once_open_one_ticket_for_each_date(monday: Desk) -> None:
    monday.records.set("recurring", "backups", {"ahead": "20"})
    other = open_desk(monday.settings)
    jobs = [Recurring(one.store, one.letters) for one in (monday, other)]
    made: list[int] = []
    workers = [Thread(target=lambda job=job: made.append(job.open_due(NOW))) for job in jobs]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    other.close()
    assert sum(made) == 15
    assert len(set(opened(monday))) == len(opened(monday)) == 15


def test_dates_missed_in_a_pause_are_opened_once_and_said(monday: Desk) -> None:
    job = monday.means.recurring
    job.open_due(NOW)
    later = NOW + timedelta(days=29)
    assert job.waiting(later)[0] == ("backups", date(2026, 12, 11), True)
    assert job.open_due(later) == 13
    assert job.open_due(later) == 0
    assert opened(monday)[-1] == "Backup of 2026-12-29"
    notes = [entry.text for entry in monday.tickets.show(3).timeline]
    assert notes[-1].startswith("backups was due on 2026-12-01, 2026-12-02, ")
    assert notes[-1].endswith("2026-12-11: nobody did the jobs then.")
    assert monday.tickets.show(15).timeline[-1].text == ""


def test_a_rule_without_an_end_that_nobody_looked_after_for_years_opens_a_dozen(
    monday: Desk,
) -> None:
    monday.records.set("recurring", "backups", {"rule": "FREQ=DAILY", "ahead": "3"})
    years = NOW + timedelta(days=5000)
    assert monday.means.recurring.open_due(years) <= 16
    assert monday.means.recurring.open_due(years) == 0
    assert count(monday, "ticket") <= 17


def test_a_rule_that_is_changed_or_turned_on_opens_nothing_that_is_over(monday: Desk) -> None:
    monday.records.set("recurring", "backups", {"first": "2026-10-01", "rule": "monthly"})
    assert monday.means.recurring.open_due(NOW) == 0
    assert monday.means.recurring.open_due(NOW + timedelta(days=1)) == 1
    monday.records.set("recurring", "backups", {"active": "no"})
    assert monday.means.recurring.open_due(NOW + timedelta(days=300)) == 0


def test_a_day_off_moves_a_date_and_the_date_stays_done(monday: Desk) -> None:
    monday.records.set(
        "recurring",
        "backups",
        {"rule": "FREQ=WEEKLY;BYDAY=SA", "off": "after", "ahead": "3"},
    )
    friday, monday_after = NOW + timedelta(days=4), NOW + timedelta(days=7)
    assert monday.means.recurring.open_due(friday) == 1
    assert monday.means.recurring.open_due(monday_after) == 0
    assert opened(monday) == ["Backup of 2026-12-07"]


def test_what_cannot_be_opened_is_said_on_the_rule_and_goes_on_once_mended(monday: Desk) -> None:
    with pytest.raises(UsageError, match="no day ever fits"):
        monday.records.set("recurring", "backups", {"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"})
    with pytest.raises(UsageError, match="names what no calendar has"):
        monday.records.set("recurring", "backups", {"rule": "FREQ=YEARLY;BYEASTER=99999"})
    with pytest.raises(UsageError, match="1990-01-01 or later"):
        monday.records.set("recurring", "backups", {"first": "0001-01-01"})
    with pytest.raises(RefusedError, match="1 in recurring"):
        monday.records.remove("ticket_template", "backup")
    with pytest.raises(NotFoundError, match="there is no ticket_template 'x'"):
        monday.records.set("recurring", "backups", {"template": "x"})
    monday.records.rename("checklist", "Backups", "Others")
    assert monday.means.recurring.open_due(NOW) == 1
    done = monday.records.remove("recurring", "backups")
    monday.ledger.undo(done.operation_id)
    assert monday.means.recurring.open_due(NOW) == 0
    assert opened(monday) == ["Backup of 2026-11-30"]
