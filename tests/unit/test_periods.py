"""Periods of figures: whole local days, with what stood before and a year ago (semantics §12)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from deskterm.domain.errors import UsageError
from deskterm.reports.figure_sheet import band, spark
from deskterm.reports.periods import period
from deskterm.reports.trends import Seen, chance, trends

TODAY = date(2026, 11, 30)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "name", "days", "before", "year"),
    [
        ("2026-11", "2026-11", 30, "2026-10", "2025-11"),
        ("last-quarter", "2026-Q3", 92, "2026-Q2", "2025-Q3"),
        ("2026", "2026", 365, "2025", "2025"),
        ("2026-W48", "2026-W48", 7, "2026-W47", "2025-W48"),
        ("today", "2026-11-30", 1, "2026-11-29", "2025-11-30"),
        ("30d", "2026-11-01..2026-11-30", 30, "2026-10-02..2026-10-31", "2025-11-01..2025-11-30"),
        ("2028-02", "2028-02", 29, "2028-01", "2027-02"),
    ],
)
def test_a_period_has_a_name_its_days_one_before_and_one_a_year_ago(
    text: str, name: str, days: int, before: str, year: str
) -> None:
    found = period(text, TODAY, BERLIN)
    assert (found.name, found.days) == (name, days)
    assert (found.before().name, found.year_ago().name) == (before, year)
    pieces = list(found.pieces())
    assert (pieces[0].first, pieces[-1].after) == (found.first, found.after)
    assert sum(one.days for one in pieces) == days
    assert len(pieces) <= 62


def test_days_begin_where_the_zone_says_also_where_there_is_no_midnight() -> None:
    spring = period("2026-03-29", TODAY, BERLIN)
    assert (spring.end - spring.start).total_seconds() == 23 * 3600
    asuncion = period("2023-10-01", TODAY, ZoneInfo("America/Asuncion"))
    assert asuncion.start == datetime(2023, 10, 1, 4, tzinfo=UTC)  # 00:00 does not exist there
    assert period("2026-11-29", TODAY, BERLIN).end == period("today", TODAY, BERLIN).start


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13", "2026-W60", "0d", "1600", "2026-05..2026-04"]
)
def test_what_is_no_period_is_refused_with_what_is_possible(text: str) -> None:
    with pytest.raises(UsageError, match="period"):
        period(text, TODAY, BERLIN)


def test_what_luck_explains_is_no_trend() -> None:
    quiet = [Seen("category", n, 10, 40) for n in range(50)]
    assert trends(quiet, 0.2) == []
    (found,) = trends([*quiet, Seen("category", "vpn", 40, 40)], 0.2)
    assert (found.seen.part, round(found.expected)) == ("vpn", 10)
    assert chance(0, 0, 0.2) == 1.0
    assert trends([Seen("category", "rare", 4, 0)], 0.2) == []


def test_charts_of_blocks_say_nothing_where_nothing_is_known() -> None:
    assert spark([0, 4, None, 8]) == "▁▄ █"
    assert len(spark([1.0] * 365, 15)) == 15
    assert spark([None, None]) == "  "
    assert band(0.2, 0.9, 0.5, 10) == "··───█────"
