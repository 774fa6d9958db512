"""How letters and the outbox are told to people, in the same words everywhere."""

from datetime import datetime

from deskterm.domain.mail_rows import LetterRow, Outgoing

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def letter_stands(row: LetterRow, now: datetime) -> str:
    """Say where a letter is: `leaves in 8 s`, `again in 4 min (2×)`, `failed`, `sent`."""
    if row.state == "claimed":
        return "being sent"
    if row.state != "queued":
        return row.state
    left = (row.not_before - now).total_seconds()
    if row.attempts:
        return f"again {_when(left)} ({row.attempts}×)"
    return f"leaves {_when(left)}"


def mail_words(out: Outgoing) -> str:
    """Say in one line how the outbox stands; trouble first, with its reason."""
    if out.paused:
        waits = f", {out.waiting} waiting" if out.waiting else ""
        return f"mail paused{waits}: {out.paused}"
    if out.failed:
        return f"mail ✗ {out.failed} failed: {out.why_failed}"
    if out.waiting:
        return f"mail {out.waiting} waiting"
    return "mail ✓"


def what_to_do(out: Outgoing, now: datetime) -> str:
    """Say what a person does about the outbox's trouble; nothing where there is none."""
    if out.paused and out.until is None:
        return "`deskterm mail resume` goes on"
    if out.paused and out.until is not None:
        left = max(0.0, (out.until - now).total_seconds())
        return f"tried again {_when(left)}; `deskterm mail resume` tries now"
    if out.failed:
        return "`deskterm mail queue --failed` shows why, `deskterm mail retry` tries again"
    return ""


def _when(seconds: float) -> str:
    if seconds <= 0:
        return "now"
    if seconds < _MINUTE:
        return f"in {max(1, round(seconds))} s"
    if seconds < _HOUR:
        return f"in {round(seconds / _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"in {round(seconds / _HOUR)} h"
    return f"in {round(seconds / _DAY)} days"
