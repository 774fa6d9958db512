"""Calendars in use: a month of one, feeds that are broken or endless, years to come."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from zoneinfo import ZoneInfo

import pytest

from deskterm.bootstrap import Desk
from deskterm.calendars.calendar import Calendar
from deskterm.calendars.feed import days_of
from deskterm.calendars.hours import ALWAYS, read_holidays, read_hours
from deskterm.calendars.month import month
from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.services.calendars import read_feed
from deskterm.services.looking import Feeding
from tests.builders import open_ticket, value
from tests.services.test_results import Time

YEAR = (date(2026, 1, 1), date(2027, 12, 31))
FEED = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261123
DTEND;VALUE=DATE:20261125
SUMMARY:Fair
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20011224
RRULE:FREQ=YEARLY;UNTIL=20301231
SUMMARY:Christmas Eve
END:VEVENT
BEGIN:VEVENT
DTSTART:20261126T090000Z
SUMMARY:A meeting is no holiday
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20260101
RRULE:FREQ=DAILY
SUMMARY:Endless
END:VEVENT
BEGIN:VEVENT
SUMMARY:Broken
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


def test_a_feed_gives_whole_days_within_its_limits() -> None:
    assert days_of(FEED.encode(), *YEAR) == {
        date(2026, 11, 23): "Fair",
        date(2026, 11, 24): "Fair",
        date(2026, 12, 24): "Christmas Eve",
        date(2027, 12, 24): "Christmas Eve",
    }
    with pytest.raises(UsageError, match="no iCalendar file"):
        days_of(b"\x00\xff<html>", *YEAR)
    with pytest.raises(UsageError, match="larger than 2 MB"):
        days_of(b"x" * 2_000_001, *YEAR)
    event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261123\nEND:VEVENT\n"
    with pytest.raises(UsageError, match="more than 5000 events"):
        days_of(f"BEGIN:VCALENDAR\n{event * 5_001}END:VCALENDAR\n".encode(), *YEAR)


def test_a_file_that_goes_away_leaves_what_it_held(desk: Desk, time: Time, tmp_path: Path) -> None:
    file = tmp_path / "fair.ics"
    file.write_text(FEED, encoding="utf-8")
    desk.desk_settings.set("zone", "UTC")
    desk.records.add("calendar", "Home", {"desk": "yes", "feed": str(file)})
    number = open_ticket(desk)
    (fed,) = desk.calendars.fetch("home")
    assert (fed.days, fed.changed, fed.trouble) == (6, True, "")
    found = value(desk, number, "pickup_due")
    at = found if isinstance(found, datetime) else clock.from_text(found)
    assert f"{at:%a %H:%M}" == "Wed 12:00"  # the fair is on Monday and Tuesday
    file.unlink()
    (fed,) = desk.calendars.fetch("Home")
    assert (fed.days, fed.changed) == (6, False)
    assert "fair.ics" in desk.records.show("calendar", "Home")["trouble"]
    file.write_text("nothing", encoding="utf-8")
    time.now += timedelta(hours=5)
    job = Feeding(desk.store)
    assert job.run(time.now) == 0
    time.now += timedelta(hours=2)
    assert job.run(time.now) == 1
    shown = desk.records.show("calendar", "Home")
    assert (shown["feed_days"], "no iCalendar file" in shown["trouble"]) == (6, True)


class Endless(BaseHTTPRequestHandler):
    """Answers for ever: much at once, or a drop now and then."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        piece = b"x" * (100_000 if self.path == "/much" else 1)
        try:
            while True:
                self.wfile.write(piece)
        except OSError:
            return

    def log_message(self, format: str, *_arguments: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Endless)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_feed_that_never_ends_is_given_up(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="larger than 2 MB"):
        read_feed(f"{address}/much")
    ticks = iter(range(0, 10_000, 6))
    monkeypatch.setattr("deskterm.services.calendars.monotonic", lambda: float(next(ticks)))
    with pytest.raises(UsageError, match="not whole after 10 s"):
        read_feed(f"{address}/drops")
    with pytest.raises(UsageError, match="no answer"):
        read_feed("http://127.0.0.1:9/none.ics")


def test_a_month_has_holidays_short_days_and_changes_of_the_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    round_the_clock = list(month(Calendar(ALWAYS, zone=berlin), date(2026, 3, 1)))
    assert round_the_clock[28] == (date(2026, 3, 29), "00:00-24:00", 23 * 3600, "clock +60 min")
    weekdays = Calendar(
        read_hours("Mon-Fri 8-12 13-18"), read_holidays(["12-25 Christmas"]), berlin
    )
    days = list(month(weekdays, date(2026, 12, 1)))
    assert len(days) == 31
    assert days[0][1:] == ("08:00-12:00 13:00-18:00", 9 * 3600, "")
    assert days[24][1:] == ("", 0, "Christmas")


def test_a_zone_without_that_midnight_has_each_day_once() -> None:
    havana = ZoneInfo("America/Havana")  # on 8 March 2026 the clock goes from 0:00 to 1:00
    days = {one.day: one.seconds for one in month(Calendar(ALWAYS, zone=havana), date(2026, 3, 1))}
    assert (days[date(2026, 3, 7)], days[date(2026, 3, 8)]) == (24 * 3600, 23 * 3600)
    apia = ZoneInfo("Pacific/Apia")  # there was no 30 December 2011
    days = {one.day: one.seconds for one in month(Calendar(ALWAYS, zone=apia), date(2011, 12, 1))}
    assert (days[date(2011, 12, 30)], sum(days.values())) == (0, 30 * 24 * 3600)


def test_calendars_of_a_country_know_the_years_to_come(desk: Desk, time: Time) -> None:
    desk.records.add("calendar", "Home", {"country": "DE"})
    job = Feeding(desk.store)
    assert job.run(time.now) == 0
    time.now = datetime(2028, 1, 1, 9, 0, tzinfo=UTC)
    assert job.run(time.now) == 1
    with desk.store.reading() as database:
        row = database.returned("SELECT known FROM calendar")
    assert "2031-12-25" in row["known"]
    with pytest.raises(UsageError, match="a calendar has hours"):
        desk.records.set("calendar", "Home", {"hours": ""})


def test_a_month_is_read_by_its_name(desk: Desk, time: Time) -> None:
    desk.desk_settings.set("zone", "UTC")
    found = desk.calendars.month("desk", "2026-02")
    assert (found.zone, len(found.days)) == ("UTC", 28)
    assert desk.calendars.month("desk").days[0].day == date(2026, 11, 1)
    with pytest.raises(UsageError, match="no month"):
        desk.calendars.month("desk", "2026-13")
