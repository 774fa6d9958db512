"""Who asks, when and where: what the words `me`, `today` and `2d` of a query mean."""

from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from deskterm.domain.clock import now


class Asked(NamedTuple):
    """The circumstances of a query."""

    me: str
    """The login of the technician who asks."""
    now: datetime
    zone: tzinfo = UTC
    """The desk's zone: dates in queries are its local dates."""


def asked_by(login: str, zone: tzinfo = UTC) -> Asked:
    """Give the circumstances of a query asked at this instant."""
    return Asked(login, now(), zone)
