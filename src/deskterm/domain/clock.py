"""Time: aware UTC inside, local only at the edge."""

from datetime import UTC, datetime


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return datetime.now(UTC)


def to_text(moment: datetime) -> str:
    """Give the stored form of an aware datetime; a naive one is refused with ValueError.

    Its width is fixed, so that text order is time order on SQLite.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a time without a zone cannot be stored: {moment!r}")
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:26]}Z"


def from_text(text: str) -> datetime:
    """Read an ISO 8601 time; one without a zone is taken as UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def hours_words(seconds: int) -> str:
    """Give a length of work in hours and minutes: `1:20 h`, `-0:10 h`."""
    minutes = round(abs(seconds) / 60)
    return f"{'-' if seconds < 0 and minutes else ''}{minutes // 60}:{minutes % 60:02d} h"
