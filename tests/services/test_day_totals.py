"""What past days come to is kept, and is what their tickets come to, whatever becomes of them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
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
from tests.day_totals import PERIOD, anew, figures, in_parts, live_through
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


def test_merges_and_moves_of_past_days_are_told_as_the_ledger_has_them_now(
    desk: Desk, now: list[datetime]
) -> None:
    """Through undo, redo, unmerge, reopening and merging on; kept days and rows say the same."""
    for name in ("net", "mail"):
        desk.admin.set_group(name)
    does = verbs(desk)
    first, second, third = (open_ticket(desk, f"Day {n}", group="net") for n in range(3))
    does.change([first], group="mail")
    does.change([first], group="net")
    does.finish([first], "Replaced it.", "no answer")
    does.merge([second], third)
    now[0] += timedelta(days=1)
    desk.jobs.run_once()
    assert told(desk) == {"merged": [second], "moves": [first], "moved-again": [first]}
    desk.ledger.unmerge(second)
    assert told(desk) == {"merged": [], "moves": [first], "moved-again": [first]}
    desk.ledger.redo()
    assert told(desk)["merged"] == [second]
    does.merge([third], first)
    assert (told(desk)["merged"], one_of(desk, "merged")) == ([third, second], 2)
    desk.ledger.undo()
    assert told(desk)["merged"] == [second]
    does.reopen([first], "It is back.")
    does.change([first], group="mail")
    assert (told(desk)["moves"], one_of(desk, "moves")) == ([first], 3)
    desk.ledger.undo()
    assert one_of(desk, "moves") == 2
    does.close([first], "spam", "an advertisement")
    assert told(desk) == {"merged": [second], "moves": [], "moved-again": []}
    assert desk.figures.rebuild().differed == []


def test_merges_and_moves_of_a_desk_that_is_older_are_counted(
    desk: Desk, now: list[datetime]
) -> None:
    for name in ("net", "mail"):
        desk.admin.set_group(name)
    first, second, third = (open_ticket(desk, f"Day {n}", group="net") for n in range(3))
    verbs(desk).change([first], group="mail")
    verbs(desk).finish([first, third], "Replaced it.", "no answer")
    verbs(desk).merge([second], third)
    now[0] += timedelta(days=1)
    known = told(desk), one_of(desk, "moves")
    assert known == ({"merged": [second], "moves": [first], "moved-again": []}, 1)
    with desk.work("test", models=True) as work:
        work.spine.run("UPDATE measure SET merged_at = NULL, moves = NULL, moved_again = NULL")
        fill = import_module("deskterm.storage.migrations.versions.0053_moves")._fill
        fill(work.session.connection())
    assert count(desk, "course_due") == 1
    desk.figures.catch_up()
    assert (told(desk), one_of(desk, "moves")) == known
    assert desk.figures.rebuild().differed == []


def told(desk: Desk) -> dict[str, list[int]]:
    """Give the tickets behind merges and moves, as kept days, their rows and a query have them."""
    assert figures(desk) == anew(desk)
    splits = ("group", "organisation")
    assert in_parts(desk, splits) == in_parts(desk, splits, "is:any")
    rows = desk.figures.show(Wish(("merged", "moves", "moved-again"), PERIOD)).rows
    for row in rows:
        assert sorted(desk.board.ids(row.query), reverse=True) == row.tickets()
        assert len(row.tickets()) == row.value.many
    return {row.figure.name: row.tickets() for row in rows}


def one_of(desk: Desk, name: str) -> float | None:
    """Give the number of one figure."""
    (row,) = desk.figures.show(Wish((name,), PERIOD)).rows
    return row.value.number


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
