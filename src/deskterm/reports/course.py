"""The course of a ticket as figures read it: what happened and when, never who did it.

Nobody's name is in here, so that no figure of a process can become one of a person.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from deskterm.domain.clock import from_text
from deskterm.domain.vocabulary import STEPS, Event, Step

SOON = timedelta(days=14)
"""A ticket that comes back within this time was not solved (semantics.md §5)."""


class Entry(NamedTuple):
    """One thing that happened; what was undone did not happen and is not given."""

    at: datetime
    event: str
    ours: bool
    """By a technician, not by the customer or a machine."""
    public: bool
    changes: Mapping[str, Any]
    """Field → (before, after)."""
    data: Mapping[str, object]

    def after(self, name: str) -> object:
        """Give what a field became here; None where it did not change."""
        return self.changes[name][1] if name in self.changes else None

    def failed(self) -> bool:
        """Tell whether a verification failed here."""
        return self.event == Event.VERIFIED and self.data.get("result") == "failed"


class Course(NamedTuple):
    """One ticket with all that happened to it, the earliest first."""

    ticket: int
    category: str
    """Its path, or empty."""
    subject: str
    body: str
    opened_at: datetime
    entries: tuple[Entry, ...]

    def of(self, event: str) -> Iterator[Entry]:
        """Give the entries of one kind."""
        return (entry for entry in self.entries if entry.event == event)

    def first(self, event: str) -> Entry | None:
        """Give the first entry of a kind."""
        return next(self.of(event), None)

    def last(self, event: str) -> Entry | None:
        """Give the last entry of a kind."""
        found = list(self.of(event))
        return found[-1] if found else None

    def until(self, entry: Entry | None) -> "Course":
        """Give the course up to and with an entry; whole where there is none."""
        if entry is None:
            return self
        return self._replace(entries=self.entries[: self.entries.index(entry) + 1])

    def value(self, name: str) -> object:
        """Give what a field is at the end of the course; None where it was never set."""
        set_ = [one.changes[name][1] for one in self.entries if name in one.changes]
        return set_[-1] if set_ else None


class Mark(NamedTuple):
    """A step as it was marked."""

    status: str
    at: datetime
    reason: str


def marks(course: Course) -> dict[Step, Mark]:
    """Give the steps that are done or skipped at the end of the course."""
    found = ((step, _mark(course.value(f"step.{step}"))) for step in STEPS)
    return {step: mark for step, mark in found if mark is not None}


def first_done(course: Course, step: Step) -> datetime | None:
    """Give when a step was done for the first time."""
    seen = (_mark(entry.after(f"step.{step}")) for entry in course.entries)
    return next((mark.at for mark in seen if mark and mark.status == "done"), None)


def _mark(value: object) -> Mark | None:
    """Read what the ledger keeps of a step: status, who, when, why."""
    if not isinstance(value, list | tuple) or len(value) < 4:
        return None
    return Mark(str(value[0]), from_text(str(value[2])), str(value[3]))
