"""Courses of tickets for tests of figures: written as what happened and after how many hours."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deskterm.reports.course import Course, Entry

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def did(
    hours: float,
    event: str,
    *,
    ours: bool = True,
    public: bool = False,
    data: dict[str, Any] | None = None,
    **changes: Any,
) -> Entry:
    """Give an entry; a change is `field=after`, a step `step_greet="done"`."""
    at = START + timedelta(hours=hours)
    told = {}
    for name, after in changes.items():
        if name.startswith("step_"):
            name = f"step.{name[5:].replace('_', '-')}"
            after = [after, "tina", at.isoformat(), "why"] if after else None
        told[name] = after if isinstance(after, tuple) else (None, after)
    return Entry(at, event, ours, public, told, data or {})


def course(*entries: Entry, ticket: int = 1, **given: Any) -> Course:
    """Give a course that was opened at START."""
    values = {"subject": "Printer offline", "body": ""} | given
    return Course(ticket=ticket, opened_at=START, entries=entries, **values)
