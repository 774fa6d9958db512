"""Time in the demo: whole seconds since 1970 (UTC), the desk's working hours, stored text."""

from datetime import UTC, datetime
from functools import lru_cache
from random import Random

MINUTE = 60
HOUR = 3600
DAY = 86400
OPENS = 6 * HOUR + 30 * MINUTE
CLOSES = 17 * HOUR
"""The desk's hours in UTC, Monday to Friday; its home is Gothenburg."""


def seconds(moment: datetime) -> int:
    """Give an aware time in whole seconds."""
    return int(moment.timestamp())


def text(at: int) -> str:
    """Give the stored text of a time."""
    day, rest = divmod(at, DAY)
    hour, rest = divmod(rest, HOUR)
    return f"{_date(day)}T{hour:02d}:{rest // 60:02d}:{rest % 60:02d}.000000Z"


@lru_cache(maxsize=1024)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")


def weekday(at: int) -> int:
    """Give the day of the week, Monday is 0."""
    return (at // DAY + 3) % 7


def in_hours(at: int, chance: Random) -> int:
    """Give the time itself where the desk is open, else some minutes into its next morning."""
    if weekday(at) < 5 and OPENS <= at % DAY < CLOSES:
        return at
    day = at // DAY + (at % DAY >= OPENS)
    while (day + 3) % 7 >= 5:
        day += 1
    return day * DAY + OPENS + int(chance.random() * 90 * MINUTE)
