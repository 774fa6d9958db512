"""What past days come to is kept, and is what their tickets come to, whatever becomes of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.reports.shown import Wish
from deskterm.services import exporting
from deskterm.storage.driver import Database
from deskterm.storage.reads.days import WHOLE, kept_columns, packed
from tests.builders import count, open_ticket
from tests.day_totals import anew, figures, in_parts, live_through
from tests.histories import BEGUN
from tests.verbs import verbs


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the clock says."""
    told = [BEGUN]
    monkeypatch.setattr(clock, "now", lambda: told[0])
    return told


def some_days(desk: Desk, now: list[datetime], days: int = 5) -> None:
    """Open and close a ticket a day, and let the jobs keep the days that are over."""
    for n in range(days):
        number = open_ticket(desk, f"Day {n}")
        now[0] += timedelta(hours=2)
        verbs(desk).finish([number], "Replaced it.", "no answer")
        now[0] += timedelta(hours=22)
    desk.jobs.run_once()


@pytest.mark.parametrize("seed", [4, 11])
def test_over_any_history_kept_days_and_their_tickets_tell_the_same(
    desk: Desk, seed: int, tmp_path: Path, now: list[datetime]
) -> None:
    done, days = live_through(desk, seed, 25, tmp_path, now)
    assert days >= 5
    assert {"days", "undo"} <= set(done)


@pytest.mark.parametrize("by", ["", "category", "site", "guide"])
def test_days_that_are_over_are_summed_without_their_tickets(
    sqlite_desk: Desk, now: list[datetime], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    some_days(sqlite_desk, now)
    assert count(sqlite_desk, "day_total", "anchor = 'closed' AND split = ''") == 5
    asked: list[str] = []
    read = Database.all

    def noting(self: Database, sql: str, /, **params: object) -> Any:
        asked.append(sql)
        return read(self, sql, **params)

    monkeypatch.setattr(Database, "all", noting)
    names = ("logged", "reopened", "met-pickup")
    shown = sqlite_desk.figures.show(Wish(names, "2026-03-02..2026-03-06", by))
    assert [row.value.cases for row in shown.rows] == [5, 5, 5]
    assert not [sql for sql in asked if "measure m" in sql]


def test_a_change_of_a_past_day_is_told_at_once_and_its_day_kept_anew(
    desk: Desk, now: list[datetime]
) -> None:
    some_days(desk, now)
    verbs(desk).reopen([3], "It is back.")
    (row,) = desk.figures.show(Wish(("reopened",), "2026-03-02..2026-03-06")).rows
    assert row.value.share == (1, 5)
    assert row.tickets() == [3]
    assert figures(desk) == anew(desk)
    desk.figures.catch_up()
    assert count(desk, "day_mark") == 0
    assert figures(desk) == anew(desk)


def test_rebuilding_names_and_mends_days_that_came_to_something_else(
    desk: Desk, now: list[datetime]
) -> None:
    some_days(desk, now)
    wrong = packed([7] * 2 * len(kept_columns(WHOLE)["closed"]))
    with desk.store.reading() as database:
        for split, anchor, counts in (("", "closed", wrong), ("channel", "opened", packed([9, 9]))):
            database.run(
                "UPDATE day_total SET counts = :counts WHERE split = :split AND anchor = :anchor",
                counts=counts,
                split=split,
                anchor=anchor,
            )
    assert figures(desk) != anew(desk)
    assert in_parts(desk, ["channel"]) != in_parts(desk, ["channel"], "is:any")
    assert len(desk.figures.rebuild().days) == 5
    assert figures(desk) == anew(desk)
    assert in_parts(desk, ["channel"]) == in_parts(desk, ["channel"], "is:any")
    assert desk.figures.rebuild().days == []


@pytest.mark.parametrize(
    ("split", "change"),
    [
        ("site", lambda desk: desk.records.set("person", "ada@example.org", {"site": "North"})),
        ("segment", lambda desk: desk.records.set("person", "ada@example.org", {"segment": "VIP"})),
        (
            "department",
            lambda desk: desk.records.set("person", "ada@example.org", {"department": "IT"}),
        ),
        ("model", lambda desk: desk.records.set("device", "PC-1", {"model": "T14"})),
        ("guide", lambda desk: desk.runs.start(desk.guides.list()[0].id, 3)),
        ("problem", lambda desk: desk.problems.new({"title": "Off"}, [1])),
        ("category", lambda desk: verbs(desk).change([1], category="wifi")),
    ],
)
def test_what_puts_past_tickets_into_another_part_is_told_at_once(
    desk: Desk, now: list[datetime], split: str, change: Callable[[Desk], object]
) -> None:
    desk.admin.set_category("wifi")
    for kind, name in (("site", "North"), ("device", "PC-1")):
        desk.records.set(kind, name, {})
    some_days(desk, now, days=2)
    verbs(desk).change([open_ticket(desk)], device="PC-1")
    now[0] += timedelta(days=1)
    desk.figures.catch_up()
    before = in_parts(desk, [split])
    change(desk)
    assert in_parts(desk, [split]) == in_parts(desk, [split], "is:any") != before
    assert count(desk, "day_mark", "whole = 0") > 0


def test_days_follow_the_zone_of_the_desk(desk: Desk, now: list[datetime]) -> None:
    some_days(desk, now)
    for zone in ("Pacific/Kiritimati", "America/Havana"):
        desk.desk_settings.set("zone", zone)
        assert figures(desk) == anew(desk)
        desk.figures.catch_up()
        assert figures(desk) == anew(desk)
    assert count(desk, "day_total", "anchor = 'opened' AND split = ''") <= 6


def test_a_restored_desk_has_the_figures_of_the_old_one(
    desk: Desk, now: list[datetime], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    some_days(desk, now)
    exporting.export(desk.store, tmp_path / "out")
    kind = "postgres_url" if desk.store.dialect == "sqlite" else "sqlite_url"
    other = open_desk(settings.load({"db": request.getfixturevalue(kind)}, as_login="cy"))
    try:
        exporting.restore(other.store, tmp_path / "out")
        assert figures(other) == figures(desk)
        other.figures.catch_up()
        assert figures(other) == anew(other) == figures(desk)
    finally:
        other.close()
