"""When notices go out by mail: urgent ones at once, the rest together, in focus time not at all."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import NamedTuple


class Pending(NamedTuple):
    """A notice that no letter has told of yet."""

    id: int
    urgent: bool
    at: datetime


class Manner(NamedTuple):
    """How a technician wants to hear by mail."""

    mail: str
    """at-once, digest or none."""
    focus_until: datetime | None
    window: timedelta
    """So long the first of several waits for the others."""
    digest_at: time
    """When the daily overview leaves, in the desk's zone."""
    zone: tzinfo


def due(pending: Sequence[Pending], manner: Manner, now: datetime) -> tuple[int, ...]:
    """Give the notices that one letter is to tell of now; none where it is not yet time.

    Urgent ones go alone and never wait (C5). The rest wait for focus time to end, then for the
    window or the day's overview, and go together.
    """
    if manner.mail == "none":
        return ()
    urgent = tuple(one.id for one in pending if one.urgent)
    if urgent:
        return urgent
    focused = manner.focus_until is not None and now < manner.focus_until
    if focused or not pending:
        return ()
    oldest = min(one.at for one in pending)
    if now >= _leaves(oldest, manner):
        return tuple(one.id for one in pending)
    return ()


def _leaves(oldest: datetime, manner: Manner) -> datetime:
    """Give when a letter leaves whose oldest notice is of that time."""
    if manner.mail != "digest":
        return oldest + manner.window
    local = oldest.astimezone(manner.zone)
    today = datetime.combine(local.date(), manner.digest_at, manner.zone)
    if today > local:
        return today
    return datetime.combine(local.date() + timedelta(days=1), manner.digest_at, manner.zone)
