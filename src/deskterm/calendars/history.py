"""What a ticket's ledger tells of its clock: when it was picked up, and when the clock stood.

Rules of semantics.md §4; entries of undone operations are left out by whoever reads them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from deskterm.domain.vocabulary import PROCESSES, Approval, Event, State, WaitingFor

CLOCKED = frozenset(
    {
        "state",
        "waiting_for",
        "waiting_until",
        "urgent",
        "assignee",
        "people",
        "approval",
        "opened_at",
    }
)
"""The columns of a ticket that its deadline, rank and impact follow from."""

_PAUSING = (WaitingFor.CUSTOMER, WaitingFor.APPROVAL)
_NOTICED = frozenset(
    {
        Event.REPLIED,
        Event.GUIDE,
        Event.ESCALATED,
        Event.APPROVAL,
        Event.SOLVED,
        Event.CLOSED,
        Event.CANCELLED,
    }
)
"""What a customer notices when a technician does it; beside it an owner, a call, and that they are
waited for. Sorting, linking, merging, marking and an internal note are nothing to them."""
_MADE = "done"
"""A call-back that was made."""
NOTHING: Mapping[str, Sequence[Any]] = MappingProxyType({})
"""An entry that changes nothing."""


class Pause(NamedTuple):
    """A time in which the clock stood, and what for."""

    start: datetime
    end: datetime
    reason: str


class Past(NamedTuple):
    """What the ledger tells of a ticket's clock."""

    picked_at: datetime | None = None
    """The first thing the customer could notice."""
    pauses: tuple[Pause, ...] = ()
    since: datetime | None = None
    """When it came from another help desk: what was promised there is not promised here."""

    def start(self, opened: datetime) -> datetime:
        """Give from when a promise counts."""
        return max(opened, self.since) if self.since else opened


class Told(NamedTuple):
    """One ledger entry, as far as the clock cares."""

    at: datetime
    actor: str
    event: str
    operation: str
    changes: Mapping[str, Sequence[str | None]]
    """Column → before, after."""
    written: datetime | None = None
    """When it was written down: later than `at` where it came from another help desk."""

    def after(self, column: str, before: str | None) -> str | None:
        """Give a column's value after this entry; `before` where the entry leaves it."""
        return self.changes[column][1] if column in self.changes else before


def is_pick_up(
    event: str, actor: str, owner: str | None, changes: Mapping[str, Sequence[Any]] = NOTHING
) -> bool:
    """Tell whether an entry is the first thing a customer could notice (semantics.md §4).

    `owner` is whose the ticket is after it; `changes` are those of the entry.
    """
    if owner is not None:
        return True
    if actor in PROCESSES:
        return False
    if event == Event.CALL_BACK:
        calls = [after for key, (_, after) in changes.items() if key.startswith("callback.")]
        return any(call and call[-1] == _MADE for call in calls)
    if event == Event.WAITING:
        return bool(changes.get("waiting_for", ("", ""))[1] in _PAUSING)
    return event in _NOTICED


def is_paused(state: str, waiting_for: str | None, approval: str | None = None) -> bool:
    """Tell whether the clock of the promise stands.

    It stands while the customer or an approval is waited for, and from the moment an approval or a
    budget is asked for until it is decided.
    """
    working = state in (State.NEW, State.OPEN, State.WAITING)
    asked = approval == Approval.ASKED
    return not working or asked or (state == State.WAITING and waiting_for in _PAUSING)


def past(entries: Sequence[Told], now: datetime) -> Past:
    """Give the past of a ticket's clock from its entries; a pause that still lasts ends now."""
    picked: datetime | None = None
    pauses: list[Pause] = []
    stopped: tuple[datetime, str] | None = None
    state: str = State.NEW
    waiting: str | None = None
    approval: str | None = None
    for one in entries:
        owner = one.after("assignee", None)
        if picked is None and is_pick_up(one.event, one.actor, owner, one.changes):
            picked = one.at
        state = one.after("state", state) or state
        waiting = one.after("waiting_for", waiting)
        approval = one.after("approval", approval)
        if is_paused(state, waiting, approval):
            stopped = stopped or (one.at, _reason(state, waiting, approval))
        elif stopped is not None:
            pauses.append(Pause(stopped[0], one.at, stopped[1]))
            stopped = None
    if stopped is not None:
        pauses.append(Pause(stopped[0], max(stopped[0], now), stopped[1]))
    return _since(Past(picked, tuple(pauses)), entries)


def _since(told: Past, entries: Sequence[Told]) -> Past:
    """Let the clock of a ticket from another help desk begin when it came here."""
    first = entries[0] if entries else None
    if first is None or first.actor != "import" or first.written is None:
        return told
    start = first.written
    pauses = tuple(p._replace(start=max(p.start, start)) for p in told.pauses if p.end > start)
    return told._replace(pauses=pauses, since=start)


def _reason(state: str, waiting: str | None, approval: str | None) -> str:
    if state == State.WAITING and waiting in _PAUSING:
        return f"waits for {waiting}"
    asked = state in (State.NEW, State.OPEN, State.WAITING) and approval == Approval.ASKED
    return f"waits for {WaitingFor.APPROVAL}" if asked else state
