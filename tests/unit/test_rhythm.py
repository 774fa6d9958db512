"""A job that is asked at every turn looks once in a while."""

from datetime import UTC, datetime, timedelta

from deskterm.services.rhythm import Rhythm

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_it_is_time_at_first_then_once_in_a_while_and_again_where_the_clock_was_put_back() -> None:
    rhythm = Rhythm(timedelta(minutes=10))
    minutes = (0, 5, 10, 12, -60, -55, -50)
    found = [rhythm.due(NINE + timedelta(minutes=one)) for one in minutes]
    assert found == [True, False, True, False, True, False, True]
