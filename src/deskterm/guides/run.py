"""The state of one run: plain data that goes to JSON and back, so that a crash loses nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from deskterm.domain.clock import to_text
from deskterm.domain.errors import RefusedError

RUNNING, PAUSED, ENDED = (
    "running",
    "paused",
    ("solved", "escalated", "problem", "visit", "abandoned"),
)

TYPED, SKIPPED = -1, -2
"""In place of a choice's place: something was typed; the question was skipped."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who does something, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One answer that holds: it leads to where the run stands."""

    guide: str
    node: str
    answer: str
    """The answer's words, what was typed, or the reason for skipping."""
    choice: int
    """The place of the choice from 0, or TYPED, or SKIPPED."""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened in a run; the record of them only grows."""

    kind: str
    """started, answered, skipped, back, edited, noted, checked, paused, resumed, handed, ended."""
    guide: str
    node: str
    text: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Run:
    """A walk through a guide: what was known, the answers that hold, and all that happened."""

    guide: str
    pins: Mapping[str, int]
    """Guide id → version, for the guide and all it can lead through."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Facts known when it began."""
    steps: tuple[Step, ...] = ()
    ask_again: tuple[str, ...] = ()
    """`guide/node` of questions that are asked although the desk thought it knew."""
    record: tuple[Event, ...] = ()
    status: str = RUNNING

    @property
    def ended(self) -> bool:
        """Tell whether it is over."""
        return self.status in ENDED


def with_event(run: Run, kind: str, place: tuple[str, str], text: str, stamp: Stamp) -> Run:
    """Give the run with one more line in its record."""
    event = Event(kind, *place, text, stamp.by, to_text(stamp.at))
    return replace(run, record=(*run.record, event))


def to_state(run: Run) -> dict[str, object]:
    """Give the run as JSON can hold it."""
    return asdict(run) | {"pins": dict(run.pins), "known": dict(run.known)}


def from_state(state: Mapping[str, Any]) -> Run:
    """Give the run back; raises RefusedError where the stored state is not one."""
    try:
        return Run(
            guide=str(state["guide"]),
            pins={str(name): int(number) for name, number in state["pins"].items()},
            known={str(name): str(value) for name, value in state["known"].items()},
            steps=tuple(Step(**step) for step in state["steps"]),
            ask_again=tuple(state["ask_again"]),
            record=tuple(Event(**event) for event in state["record"]),
            status=str(state["status"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(f"The stored run cannot be read ({error}): start it anew.") from None
