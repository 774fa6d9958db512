"""Figures of odd desks and odd times: each asks for every figure and every line, and is exact."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.requests import NewTicket
from deskterm.reports.figure_sheet import figure_sheet
from deskterm.reports.shown import Shown, Wish
from tests.builders import open_ticket
from tests.histories import BEGUN
from tests.verbs import verbs


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the clock says."""
    told = [BEGUN]
    monkeypatch.setattr(clock, "now", lambda: told[0])
    return told


def all_of(desk: Desk, period: str, by: str = "") -> Shown:
    """Ask for everything there is of a period, beside the one before."""
    desk.figures.performance(Wish(period=period, compare="year"))
    desk.figures.trends(Wish(period=period))
    return desk.figures.show(Wish(period=period, by=by, compare="before"))


def counts(shown: Shown, name: str) -> dict[str, int]:
    return {row.part: row.value.many for row in shown.rows if row.figure.name == name}


@pytest.mark.parametrize(
    "period", ["today", "2017-01-01..2026-12-31", "2026-03-02", "2027", "1970"]
)
def test_a_desk_of_one_day_and_one_without_a_ticket_have_figures_of_any_time(
    desk: Desk, period: str, now: list[datetime]
) -> None:
    empty = figure_sheet("", all_of(desk, period).rows)
    said = {row.cells["name"].text: row.cells["said"].text for row in empty.rows}
    assert (said["logged"], said["satisfied"], said["pickup"]) == (
        "0",
        "no answers yet",
        "no case yet",
    )
    verbs(desk).finish([open_ticket(desk)], "Cable.", "no answer")
    now[0] += timedelta(minutes=1)
    inside = period not in ("2027", "1970")
    assert counts(all_of(desk, period), "closed") == {"": int(inside)}


def test_days_without_a_midnight_and_of_other_lengths_have_their_own_tickets(
    desk: Desk, now: list[datetime]
) -> None:
    desk.desk_settings.set("zone", "America/Havana")  # on 8 March the day begins at one
    for hour in range(0, 72, 8):
        now[0] = datetime(2026, 3, 7, 4, tzinfo=UTC) + timedelta(hours=hour)
        open_ticket(desk)
    now[0] += timedelta(days=3)
    for _ in range(2):
        days = [counts(all_of(desk, f"2026-03-{day:02}"), "logged")[""] for day in (6, 7, 8, 9)]
        assert days == [1, 3, 2, 3]
        desk.figures.catch_up()
    line = desk.figures.line("logged", Wish(period="2026-03-06..2026-03-09"))
    assert [(piece.first, value.many) for piece, value in line.pieces] == [
        (date(2026, 3, 6 + n), many) for n, many in enumerate(days)
    ]


def test_a_calendar_without_an_hour_counts_no_business_time_and_a_call_is_still_proposed(
    desk: Desk, now: list[datetime]
) -> None:
    desk.records.set("calendar", "Never", {"hours": "Mon 9:00-9:01", "days": "2026-03-02"})
    desk.desk_settings.set("hours", "Mon 9:00-9:01")
    number = open_ticket(desk, channel="email")
    now[0] += timedelta(hours=30)
    verbs(desk).finish([number], "Cable.", "no answer")
    shown = all_of(desk, "30d")
    values = {row.figure.name: row.value for row in shown.rows}
    assert values["solution"].lengths is not None
    assert values["solution"].lengths.median == 30 * 3600
    assert values["solution-business"].lengths is not None
    assert values["solution-business"].lengths.median == 60


def test_categories_that_change_in_the_middle_lose_no_ticket(
    desk: Desk, now: list[datetime]
) -> None:
    for path in ("wifi", "lan", "fax"):
        desk.admin.set_category(path)
        for _ in range(2):
            open_ticket(desk, category=path)
    now[0] += timedelta(days=2)
    desk.figures.catch_up()
    desk.records.rename("category", "wifi", "wireless")
    desk.records.merge("category", "lan", "wireless")
    assert counts(all_of(desk, "30d", "category"), "logged") == {"fax": 2, "wireless": 4}
    assert counts(all_of(desk, "30d"), "logged") == {"": 6}


def test_imported_tickets_without_times_and_a_clock_that_jumped_are_counted_once(
    desk: Desk, now: list[datetime], tmp_path: Path
) -> None:
    file = tmp_path / "old.jsonl"
    records = [{"id": f"A{n}", "title": "Old", "opened": "2026-02-27"} for n in range(3)]
    records[0]["state"] = "closed"
    file.write_text("\n".join(map(json.dumps, records)))
    desk.importing.tickets(file)
    number = open_ticket(desk)
    now[0] -= timedelta(days=5)  # the clock was wrong, and is put back
    verbs(desk).finish([number], "Cable.", "no answer")
    now[0] += timedelta(days=9)
    desk.figures.catch_up()
    shown = all_of(desk, "2026-02-01..2026-03-31")
    assert (counts(shown, "logged"), counts(shown, "closed")) == ({"": 4}, {"": 1})
    solution = next(row.value for row in shown.rows if row.figure.name == "solution")
    assert solution.lengths is not None
    assert (solution.lengths.n, solution.lengths.median) == (1, 0)


def test_of_a_thousand_groups_each_with_tickets_is_a_part(desk: Desk, now: list[datetime]) -> None:
    with desk.store.reading() as database:
        database.many(
            "INSERT INTO desk_group (name, level) VALUES (:name, 1)",
            [{"name": f"g{n:04}"} for n in range(1_000)],
        )
    wanted = [NewTicket("a@example.org", "Off", group=f"g{n:04}") for n in range(0, 1_000, 20)]
    desk.tickets.new_many(wanted)
    shown = desk.figures.show(Wish(("logged",), "30d", "group"))
    assert [(row.part, row.value.many) for row in shown.rows] == [(one.group, 1) for one in wanted]
    assert all(len(row.tickets()) == 1 for row in shown.rows[:3])
