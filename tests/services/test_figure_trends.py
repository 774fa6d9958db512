"""Trends: what grew, what comes again and again, what changes did to figures (semantics §12)."""

from datetime import datetime, timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.reports.shown import Wish
from deskterm.reports.today_sheet import trend_sheets
from tests.builders import open_ticket
from tests.histories import BEGUN
from tests.verbs import verbs


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """What the clock says."""
    told = [BEGUN]
    monkeypatch.setattr(clock, "now", lambda: told[0])
    return told


def days_of(desk: Desk, now: list[datetime], each: tuple[int, ...]) -> None:
    """Open so many tickets a day on one problem, and one now and then on another category."""
    for path in ("wifi", "lan"):
        desk.admin.set_category(path)
    ((_, problem),) = desk.problems.new({"title": "It is off"}).subjects
    for day, many in enumerate(each):
        now[0] = BEGUN + timedelta(days=day)
        for _ in range(many):
            number = open_ticket(desk, category="wifi")
            verbs(desk).link([number], problem, "problem")
        if not day % 2:
            open_ticket(desk, category="lan")


def test_what_grew_and_what_is_there_in_every_period_is_told_with_its_tickets(
    desk: Desk, now: list[datetime]
) -> None:
    days_of(desk, now, (2, 2, 2, 2, 12))
    found = desk.figures.trends(Wish(period="today"))
    assert {(one.by, one.now, one.more) for one in found.grown} == {
        ("category", 12, True),
        ("problem", 12, True),
    }
    assert [(one.by, one.now, one.many, len(one.tickets())) for one in found.again] == [
        ("problem", 12, 20, 12),
        ("category", 12, 20, 12),
    ]
    sheets = trend_sheets(found)
    assert sheets[1].rows[0].cells["said"].text == "12 now, 20 in all"


def test_a_change_stands_with_figures_before_and_after_it(desk: Desk, now: list[datetime]) -> None:
    days_of(desk, now, (3, 3))
    now[0] += timedelta(hours=16)
    desk.desk_settings.set("promise.pickup", "2h")
    desk.desk_settings.set("promise.response", "3h")
    desk.ledger.undo()
    now[0] += timedelta(minutes=1)
    desk.records.set("offer", "Wi-Fi for all", {"pickup": "30m"})
    (early,) = [
        one for one in desk.figures.trends(Wish(period="30d")).changes if "offer" in one.mark.what
    ]
    assert (early.days, early.figures) == (0, ())
    now[0] += timedelta(days=2)
    open_ticket(desk, category="wifi")
    now[0] += timedelta(minutes=1)
    changes = desk.figures.trends(Wish(("logged",), "30d")).changes
    assert [one.mark.what for one in changes] == ["offer Wi-Fi for all", "setting promise.pickup"]
    ((figure, before, after),) = changes[0].figures
    assert (figure.name, before.many, after.many) == ("logged", 7, 1)
    line = desk.figures.line("logged", Wish(period="30d"))
    assert [one.mark for one in line.changes] == line.marks[::-1]
    said = trend_sheets(desk.figures.trends(Wish(("logged",), "30d")))[2].rows[0].cells["said"].text
    assert said == "Logged 7 → 1"
