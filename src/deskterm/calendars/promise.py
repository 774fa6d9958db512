"""The clock of a promise: when it would be broken, and why then (semantics.md §4).

Deadline = walk(opening, target + Σ business time of the pauses). It is worked out anew from the
ticket's history each time; nothing counts along.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.calendars.calendar import PAUSED, RUNNING, Calendar, Segment
from deskterm.calendars.history import Past, Pause
from deskterm.calendars.hours import ALWAYS
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

PICKUP = "pickup"
RESPONSE = "response"
"""The first answer, and any later one, counted from the first unanswered message."""
SOLUTION = "solution"
PROMISED = (PICKUP, RESPONSE, SOLUTION)

DEFAULTS: Mapping[str, str] = {
    "promise.pickup_urgent": "15m",
    "promise.pickup": "4h",
    "promise.response_urgent": "none",
    "promise.response": "none",
    "promise.solution_urgent": "4h",
    "promise.solution": "3d",
}
"""The desk's settings of its targets, by kind and urgency."""

_PART = pattern(r"(\d{1,4})([mhd])")
_TARGET = pattern(r"(?:\d{1,4}[mhd]){1,3}\Z")
_ALWAYS = ("always", "around the clock", "24/7")
_NOTHING = timedelta(0)


class Target(NamedTuple):
    """How long something may take."""

    length: timedelta = _NOTHING
    days: int = 0
    """Business days, before `length` is added."""
    always: bool = False
    """Counted around the clock instead of in business time."""


class Span(NamedTuple):
    """What one promise is counted from: its target and the past of its ticket."""

    opened: datetime
    target: Target
    pauses: Sequence[Pause] = ()


def target_words(target: Target | None) -> str:
    """Give a target as it is written: `1h30m`, `3d`, `15m always`, `none`."""
    if target is None:
        return "none"
    minutes = round(target.length.total_seconds() / 60)
    days, minutes = target.days + minutes // 1440, minutes % 1440
    parts = ((days, "d"), (minutes // 60, "h"), (minutes % 60, "m"))
    words = "".join(f"{many}{unit}" for many, unit in parts if many) or "0m"
    return f"{words} always" if target.always else words


def read_target(text: str) -> Target | None:
    """Give a target such as `15m`, `1h30m`, `3d`, `15m always`; None for `none`.

    Days are business days. Raises UsageError.
    """
    words = " ".join(text.lower().split())
    if words == "none":
        return None
    always = next((word for word in _ALWAYS if words.endswith(f" {word}")), "")
    plain = words.removesuffix(always).replace(" ", "")
    if not _TARGET.match(plain):
        raise UsageError(
            f"{text[:40]!r} is no target: write 15m, 4h, 3d (business days), 15m always "
            "(around the clock) or none."
        )
    found = {"m": 0, "h": 0, "d": 0}
    for number, unit in _PART.findall(plain):
        found[unit] += int(number)
    length = timedelta(hours=found["h"], minutes=found["m"])
    if always:
        return Target(length + timedelta(days=found["d"]), always=True)
    return Target(length, found["d"])


class Promises(NamedTuple):
    """What is promised of a ticket: calendar and targets, (kind, urgent) → target or None."""

    calendar: Calendar
    targets: Mapping[tuple[str, bool], Target | None]
    why: str = "the desk's own hours and targets"
    """Where they come from, in words."""


def read_targets(stored: Mapping[str, object]) -> Mapping[tuple[str, bool], Target | None]:
    """Give the targets by (kind, urgent) from the desk's settings; raises UsageError."""
    texts = {**DEFAULTS, **stored}
    return {
        (kind, urgent): read_target(str(texts[f"promise.{kind}{'_urgent' if urgent else ''}"]))
        for kind in PROMISED
        for urgent in (False, True)
    }


def dues(promises: Promises, urgent: bool, opened: datetime, past: Past) -> dict[str, datetime]:
    """Give when each promise would be broken: kind → instant; where none is made it is left out."""
    found = {}
    for kind, span in spans(promises, urgent, opened, past).items():
        try:
            found[kind] = due_at(span, promises.calendar)
        except (UsageError, OverflowError):
            continue
    return found


def spans(promises: Promises, urgent: bool, opened: datetime, past: Past) -> dict[str, Span]:
    """Give what is promised: kind → its target and what counts."""
    found = {}
    for kind in PROMISED:
        target = promises.targets[kind, urgent]
        start = _start(kind, opened, past)
        if target is not None and start is not None:
            found[kind] = Span(start, target, pauses_since(past.pauses, start))
    return found


def _start(kind: str, opened: datetime, past: Past) -> datetime | None:
    """Give from when a promise counts; None for an answer that nobody waits for."""
    if kind == RESPONSE and past.responded_at is not None:
        return past.unanswered_at
    return opened


def pauses_since(pauses: Sequence[Pause], start: datetime) -> Sequence[Pause]:
    """Give the pauses that end after an instant, none of them beginning before it."""
    return tuple(one._replace(start=max(one.start, start)) for one in pauses if one.end > start)


def due_at(span: Span, calendar: Calendar) -> datetime:
    """Give when the promise would be broken; raises UsageError where no calendar gets there.

    A pause earns its business time; one that begins after the promise was broken earns nothing.
    """
    own = _calendar(span.target, calendar)
    start = span.opened
    if span.target.days:
        start = own.add_business_days(start, span.target.days)
    earned = _NOTHING
    due = own.add_business_time(start, span.target.length)
    for pause in sorted(span.pauses):
        if pause.start >= due:
            break
        earned += own.business_time_between(pause.start, pause.end)
        due = own.add_business_time(start, span.target.length + earned)
    return due


def due_of(
    target: Target | None,
    start: datetime,
    end: datetime,
    pauses: Sequence[Pause],
    calendar: Calendar,
    stood: datetime | None,
) -> datetime | None:
    """Give the deadline that a clock which has ended is judged by; None where nothing was promised.

    `stood` is the deadline as it was last kept: a pause that lasted until the end is not in it yet.
    """
    if stood is None:
        try:
            return due_at(Span(start, target, pauses), calendar) if target is not None else None
        except (UsageError, OverflowError):
            return None
    own = _calendar(target, calendar) if target is not None else calendar
    last = pauses[-1] if pauses else None
    if last is None or last.end < end or last.start >= stood:
        return stood
    try:
        return own.add_business_time(stood, own.business_time_between(last.start, last.end))
    except (UsageError, OverflowError):
        return stood


def segments(span: Span, calendar: Calendar, until: datetime) -> Iterator[Segment]:
    """Give the pieces of the clock from the opening until an instant, pauses laid over them."""
    own = _calendar(span.target, calendar)
    at = span.opened
    for pause in sorted(span.pauses):
        start, end = max(pause.start, at), min(pause.end, until)
        if start < end:
            yield from own.segments(at, start)
            yield Segment(start, end, PAUSED, pause.reason)
            at = end
    yield from own.segments(at, until)


def running(pieces: Sequence[Segment]) -> timedelta:
    """Give the sum of what ran."""
    return sum((piece.counted for piece in pieces if piece.kind == RUNNING), _NOTHING)


def _calendar(target: Target, calendar: Calendar) -> Calendar:
    return Calendar(ALWAYS, zone=calendar.zone) if target.always else calendar
