"""Who asks, when and where: what the words `me`, `today` and `2d` of a query mean."""

import os
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from deskterm.storage.driver import Database


class Asked(NamedTuple):
    """The circumstances of a query."""

    me: str
    """The login of the technician who asks."""
    now: datetime
    zone: tzinfo | None = None
    """The zone of the dates in queries; None: the desk's, looked up when needed."""


def desk_zone(database: Database) -> tzinfo:
    """Give the desk's zone: its setting, else this machine's, else UTC."""
    from deskterm.storage.desk_settings import value

    return zone_named(str(value(database, "zone")))


def zone_named(wanted: str) -> tzinfo:
    """Give the zone of that name, else this machine's, else UTC."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    for name in (wanted, os.environ.get("TZ", "").lstrip(":"), _machine_zone()):
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                continue
    return UTC


def _machine_zone() -> str:
    """The name behind /etc/localtime, or the empty string."""
    target = os.path.realpath("/etc/localtime")
    return target.partition("/zoneinfo/")[2] if Path(target).exists() else ""
