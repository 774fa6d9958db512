"""Rules of RFC 5545 in days: which dates there are, what is refused, where a day off goes."""

from datetime import UTC, date
from itertools import islice

import pytest

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.hours import read_hours
from deskterm.calendars.recurrence import check_dates, dates, moved, read_rule
from deskterm.domain.errors import UsageError

FIRST = date(2026, 1, 31)
FAR = date(9998, 12, 31)


def some(text: str, many: int = 3, start: date = FIRST) -> list[str]:
    found = dates(read_rule(text), FIRST, start, FAR)
    return [day.isoformat() for day in islice(found, many)]


def test_a_rule_gives_days_also_without_an_end_and_where_a_month_is_short() -> None:
    assert some("daily", start=date(2036, 1, 1)) == ["2036-01-01", "2036-01-02", "2036-01-03"]
    assert some("monthly") == ["2026-01-31", "2026-03-31", "2026-05-31"]
    assert some("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1") == ["2026-01-31", "2026-02-28", "2026-03-31"]
    assert some("workdays", 2) == ["2026-02-02", "2026-02-03"]
    assert some("freq=monthly;byday=2TU;count=2", 9) == ["2026-02-10", "2026-03-10"]
    assert some("quarterly", 2) == ["2026-01-31", "2026-07-31"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("FREQ=SECONDLY", "FREQ=SECONDLY"),
        ("FREQ=HOURLY", "FREQ=HOURLY"),
        ("sometimes", "in a rule of days"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
        ("FREQ=DAILY;INTERVAL=0", "no number from 1"),
        ("FREQ=DAILY;INTERVAL=7;BYDAY=MO", "BYDAY goes with"),
        ("FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31", "goes with FREQ=MONTHLY"),
        ("FREQ=DAILY\nRDATE:20260101", "in a rule of days"),
        ("FREQ=DAILY;COUNT=99999", "no number"),
    ],
)
def test_what_is_no_rule_of_days_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        read_rule(text)


def test_a_rule_that_no_day_fits_and_one_that_cannot_be_read_are_refused() -> None:
    with pytest.raises(UsageError, match="no day ever fits"):
        check_dates(read_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"), FIRST)
    with pytest.raises(UsageError, match="is no rule"):
        check_dates(read_rule("FREQ=MONTHLY;BYDAY=XX"), FIRST)
    check_dates(read_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"), FIRST)


def test_a_date_on_a_day_off_moves_to_the_business_day_before_or_after() -> None:
    calendar = Calendar(read_hours("Mon-Fri 9-17"), None, UTC)
    saturday = date(2026, 1, 31)
    assert moved(saturday, calendar, "keep") == saturday
    assert moved(saturday, calendar, "before") == date(2026, 1, 30)
    assert moved(saturday, calendar, "after") == date(2026, 2, 2)
    assert moved(saturday, None, "after") == saturday
