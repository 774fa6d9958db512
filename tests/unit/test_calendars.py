"""Business time (H1, semantics.md §4): against a walker that looks at every single minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.calendars.calendar import CLOSED, HOLIDAY, RUNNING, SHIFT, Calendar
from deskterm.calendars.hours import ALWAYS, DAY, Holidays, read_holidays, read_hours
from deskterm.domain.errors import UsageError

MINUTE = timedelta(minutes=1)
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/St_Johns",  # fell back at 00:01, into the day before
    "America/Sao_Paulo",  # had no midnight when summer began
    "Australia/Lord_Howe",  # moves by half an hour
    "Pacific/Apia",  # left out a whole day
    "Africa/Cairo",
    "Asia/Kathmandu",
)
CHANGES = (
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2010, 11, 7, tzinfo=UTC),
    datetime(2018, 11, 4, tzinfo=UTC),
    datetime(2011, 12, 30, tzinfo=UTC),
    datetime(2026, 4, 4, tzinfo=UTC),
    datetime(2026, 4, 24, tzinfo=UTC),
)


def _office(zone: str = "Europe/Berlin", holidays: str = "") -> Calendar:
    return Calendar(
        read_hours("Mon-Fri 8:00-18:00"), read_holidays(holidays.split()), ZoneInfo(zone)
    )


def _at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _open(calendar: Calendar, at: datetime) -> bool:
    local = at.astimezone(calendar.zone)
    minute = local.hour * 60 + local.minute
    windows = calendar.week[local.weekday()]
    return local.date() not in calendar.holidays and any(a <= minute < b for a, b in windows)


def _walked(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    minutes = int((end - start) / MINUTE)
    return MINUTE * sum(_open(calendar, start + step * MINUTE) for step in range(minutes))


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    edge = st.sampled_from([0, 15, 60, 90, 150, 180, 480, 720, 1080, 1425, DAY])
    day = st.lists(edge, unique=True, max_size=6).map(
        lambda edges: tuple(zip(*[iter(sorted(edges))] * 2, strict=False))
    )
    week = draw(st.tuples(*[day] * 7))
    holidays = draw(st.frozensets(st.sampled_from([one.date() for one in CHANGES]), max_size=2))
    return Calendar(week, Holidays(holidays), ZoneInfo(draw(st.sampled_from(ZONES))))


_MOMENTS = st.tuples(st.sampled_from(CHANGES), st.integers(-2 * DAY, 2 * DAY)).map(
    lambda pair: pair[0] + pair[1] * MINUTE
)


@given(_calendars(), _MOMENTS, st.integers(0, 2 * DAY))
@settings(max_examples=60, deadline=None)
def test_business_time_is_what_a_walk_of_every_minute_counts(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    end = start + minutes * MINUTE
    counted = calendar.business_time_between(start, end)
    assert counted == _walked(calendar, start, end)
    pieces = list(calendar.segments(start, end))
    assert sum((piece.counted for piece in pieces), timedelta()) == counted
    assert [piece.end for piece in pieces[:-1]] == [piece.start for piece in pieces[1:]]
    assert not pieces or (pieces[0].start, pieces[-1].end) == (start, end)


@given(_calendars(), _MOMENTS, _MOMENTS, st.integers(0, 700))
@settings(max_examples=60, deadline=None)
def test_years_count_what_their_pieces_do(
    calendar: Calendar, start: datetime, end: datetime, days: int
) -> None:
    """Long spans are summed by stretches that are remembered: asked again, and from elsewhere."""
    end += timedelta(days=days, microseconds=7)
    for first in (start, start + timedelta(days=40), start):
        pieces = calendar.segments(first, end)
        counted = sum((piece.counted for piece in pieces), timedelta())
        assert calendar.business_time_between(first, end) == counted


@given(_calendars(), _MOMENTS, st.integers(0, 2 * DAY))
@settings(max_examples=60, deadline=None)
def test_a_deadline_is_the_first_instant_at_which_the_time_has_passed(
    calendar: Calendar, start: datetime, minutes: int
) -> None:
    length = minutes * MINUTE
    if not any(calendar.week):
        assert calendar.add_business_time(start, timedelta()) == start
        return
    due = calendar.add_business_time(start, length)
    assert calendar.business_time_between(start, due) == length
    assert not minutes or calendar.business_time_between(start, due - MINUTE) < length


@given(_calendars(), _MOMENTS, st.integers(0, 4))
@settings(max_examples=60, deadline=None)
def test_business_days_end_on_an_open_day_with_so_many_open_days_passed(
    calendar: Calendar, start: datetime, days: int
) -> None:
    if not any(calendar.week):
        with pytest.raises(UsageError):
            calendar.add_business_days(start, days)
        return
    due = calendar.add_business_days(start, days)
    assert due >= calendar.next_open(start) >= start
    assert _open(calendar, due) or _open(calendar, due - MINUTE)
    first = calendar.next_open(start).astimezone(calendar.zone).date()
    last = (due - MINUTE if days and not _open(calendar, due) else due).astimezone(calendar.zone)
    opened = {
        piece.start.astimezone(calendar.zone).date()
        for piece in calendar._pieces(calendar.next_open(start), due + MINUTE)
        if piece.kind == RUNNING
    }
    assert len([day for day in opened if first < day <= last.date()]) == days


def test_a_day_around_the_clock_has_23_hours_in_spring_and_25_in_autumn() -> None:
    calendar = Calendar(ALWAYS, zone=BERLIN)
    for day, hours in (("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)):
        start = _at(f"{day}T00:00")
        end = datetime.combine(
            date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), BERLIN
        )
        assert calendar.business_time_between(start, end) == timedelta(hours=hours)


def test_the_pieces_name_nights_holidays_and_the_clock_that_moves() -> None:
    calendar = _office(holidays="2026-03-27")
    pieces = calendar.segments(_at("2026-03-26T17:00"), _at("2026-03-30T09:00"))
    assert [(piece.kind, piece.note) for piece in pieces] == [
        (RUNNING, ""),
        (CLOSED, ""),
        (HOLIDAY, "2026-03-27"),
        (CLOSED, ""),
        (SHIFT, "+60 min"),
        (CLOSED, ""),
        (RUNNING, ""),
    ]


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-25T10:30", 3, "2026-11-30T10:30"),
        ("2026-11-27T19:00", 1, "2026-12-01T08:00"),
        ("2026-11-28T12:00", 0, "2026-11-30T08:00"),
        ("2026-12-23T18:00", 1, "2026-12-29T08:00"),
    ],
)
def test_business_days_skip_nights_weekends_and_holidays(start: str, days: int, due: str) -> None:
    calendar = _office(holidays="12-24 12-25")
    assert calendar.add_business_days(_at(start), days) == _at(due)


@pytest.mark.parametrize(
    ("text", "monday", "saturday"),
    [
        ("Mon-Fri 8:00-18:00", ((480, 1080),), ()),
        ("mon – fri 8-12 13-18; sat 9-12", ((480, 720), (780, 1080)), ((540, 720),)),
        ("Monday, Tuesday, Saturday: 00-24", ((0, DAY),), ((0, DAY),)),
        ("Fri-Mon 22:00-6:00", ((0, 360), (1320, DAY)), ((0, 360), (1320, DAY))),
        ("daily 8-12 11:00-14:00", ((480, 840),), ((480, 840),)),
        ("24/7", ((0, DAY),), ((0, DAY),)),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, monday: object, saturday: object) -> None:
    week = read_hours(text)
    assert (week[0], week[5]) == (monday, saturday)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon",
        "8-18",
        "Mon 18",
        "Mon 8-25",
        "Mon 8:60-9",
        "Mon 8-8",
        "Funday 8-9",
        "8-9 Mon",
        "- -",
    ],
)
def test_hours_nobody_can_mean_are_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="Mon-Fri"):
        read_hours(text)


@pytest.mark.parametrize("text", ["2026-02-30", "x", "2026-12-24..2026-12-01", "13-40", "1..2", ""])
def test_a_word_that_is_no_holiday_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"holiday|last day"):
        read_holidays([text])


def test_a_calendar_that_never_opens_says_so_and_the_end_of_time_is_no_crash() -> None:
    never = Calendar(((),) * 7)
    with pytest.raises(UsageError, match="hours"):
        never.add_business_time(_at("2026-11-25T10:00"), MINUTE)
    for year in (1, 9999):
        start = datetime(year, 6, 1, tzinfo=UTC)
        assert _office().next_open(start) >= start
