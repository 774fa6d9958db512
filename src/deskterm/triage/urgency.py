"""Urgent or not, from what was asked: how many people, can they work, by when (C4, semantics §6).

The text of a ticket hardly says whether it is urgent; these three questions do. The rule proposes,
with its reason; a person decides.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.triage.ranking import span_words

MANY = 10
"""So many people make it urgent, even where they can go on working."""
SOON = timedelta(hours=4)
"""Needed within this time it is urgent."""
TODAY = timedelta(hours=9)
"""One person who cannot work is urgent, unless they need it later than this."""


class Facts(NamedTuple):
    """What was asked; None: not asked."""

    people: int | None = None
    cannot_work: bool | None = None
    needed_by: datetime | None = None


class Judged(NamedTuple):
    """What the rule proposes, and why."""

    urgent: bool
    reason: str


def judge(facts: Facts, now: datetime) -> Judged | None:
    """Give what the facts say; None where nothing was asked."""
    people, cannot_work, needed_by = facts
    if people is None and cannot_work is None and needed_by is None:
        return None
    many = people or 1
    who = "one person" if many == 1 else f"{many} people"
    left = None if needed_by is None else needed_by - now
    if cannot_work and (many > 1 or left is None or left <= TODAY):
        return Judged(True, f"{who} cannot work")
    if many >= MANY:
        return Judged(True, f"{who} are affected")
    if left is not None and left <= SOON:
        return Judged(True, f"needed in {span_words(left)}" if left > timedelta() else "needed now")
    if cannot_work:
        return Judged(False, f"{who} cannot work, but needs it only in {span_words(left or TODAY)}")
    able = "can work meanwhile" if cannot_work is False else "is not said to be unable to work"
    return Judged(False, f"{who} {able if many == 1 else able.replace('is not', 'are not')}")
