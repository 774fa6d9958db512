"""The course of a ticket as figures read it: what happened and when, never who did it.

Nobody's name is in here, so that no figure of a process can become one of a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeGuard

from deskterm.domain.clock import from_text
from deskterm.domain.vocabulary import STEPS, Event, Step

SOON = timedelta(days=14)
"""A ticket that comes back within this time was not solved (semantics.md §5)."""
_KEYS = {f"step.{step}": step for step in STEPS}
"""What the ledger calls a step."""


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

    def failed(self) -> bool:
        """Tell whether a verification failed here."""
        return self.event == Event.VERIFIED and self.data.get("result") == "failed"


class Mark(NamedTuple):
    """A step as it was marked."""

    status: str
    reason: str


@dataclass(frozen=True)
class Course:
    """One ticket with all that happened to it, the earliest first."""

    ticket: int
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
        return next((one for one in reversed(self.entries) if one.event == event), None)

    def until(self, entry: Entry | None) -> "Course":
        """Give the course up to and with an entry; whole where there is none."""
        if entry is None or entry is self.entries[-1]:
            return self
        return replace(self, entries=self.entries[: self.entries.index(entry) + 1])

    @cached_property
    def to_closing(self) -> "Course":
        """The course up to its last closing; whole where it was never closed."""
        return self.until(self.last(Event.CLOSED))

    @cached_property
    def to_solution(self) -> "Course | None":
        """The course up to its first solution; None where there is none."""
        solved = self.first(Event.SOLVED)
        return self.until(solved) if solved is not None else None

    @cached_property
    def _values(self) -> Mapping[str, object]:
        return {name: pair[1] for one in self.entries for name, pair in one.changes.items()}

    def value(self, name: str) -> object:
        """Give what a field is at the end of the course; None where it was never set."""
        return self._values.get(name)

    @cached_property
    def marks(self) -> Mapping[Step, Mark]:
        """The steps that are done or skipped at the end of the course."""
        values = self._values
        found = ((step, _mark(values.get(name))) for name, step in _KEYS.items() if name in values)
        return {step: mark for step, mark in found if mark is not None}

    @cached_property
    def first_done(self) -> Mapping[Step, datetime]:
        """When each step was done for the first time."""
        found: dict[Step, datetime] = {}
        for one in self.entries:
            for name, (_, value) in one.changes.items():
                step = _KEYS.get(name)
                if step is None or step in found or not _is_mark(value) or value[0] != "done":
                    continue
                found[step] = from_text(str(value[2]))
        return found


def _is_mark(value: object) -> TypeGuard[Sequence[object]]:
    """Tell whether it is what the ledger keeps of a step: status, who, when, why."""
    return isinstance(value, list | tuple) and len(value) >= 4


def _mark(value: object) -> Mark | None:
    return Mark(str(value[0]), str(value[3])) if _is_mark(value) else None
