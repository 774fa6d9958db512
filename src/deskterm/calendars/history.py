"""What a ticket's ledger tells of its clock: when it was picked up, and when the clock stood.

Rules of semantics.md §4; entries of undone operations are left out by whoever reads them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.vocabulary import PROCESSES, Event, State, WaitingFor

CLOCKED = frozenset({"state", "waiting_for", "waiting_until", "urgent", "assignee", "people"})
"""The columns of a ticket that its deadline, rank and impact follow from."""

_PAUSING = (WaitingFor.CUSTOMER, WaitingFor.APPROVAL)


class Pause(NamedTuple):
    """A time in which the clock stood, and what for."""

    start: datetime
    end: datetime
    reason: str


class Past(NamedTuple):
    """What the ledger tells of a ticket's clock."""

    picked_at: datetime | None = None
    """The first owner or human action after the opening."""
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


def is_pick_up(event: str, actor: str, owner: str | None, opening: bool = False) -> bool:
    """Tell whether an entry is a person taking notice of the ticket (semantics.md §4).

    `opening`: the entry belongs to the operation that opened the ticket.
    """
    if owner is not None:
        return True
    human = event == Event.REPLIED or (not opening and actor not in PROCESSES)
    return human and event not in (Event.OPENED, Event.UNDONE, Event.REDONE)


def is_paused(state: str, waiting_for: str | None) -> bool:
    """Tell whether the clock of the promise stands."""
    working = state in (State.NEW, State.OPEN, State.WAITING)
    return not working or (state == State.WAITING and waiting_for in _PAUSING)


def past(entries: Sequence[Told], now: datetime) -> Past:
    """Give the past of a ticket's clock from its entries; a pause that still lasts ends now."""
    picked: datetime | None = None
    pauses: list[Pause] = []
    stopped: tuple[datetime, str] | None = None
    state: str = State.NEW
    waiting: str | None = None
    for one in entries:
        opening = one.operation == entries[0].operation
        owner = one.after("assignee", None)
        if picked is None and is_pick_up(one.event, one.actor, owner, opening):
            picked = one.at
        state = one.after("state", state) or state
        waiting = one.after("waiting_for", waiting)
        if is_paused(state, waiting):
            stopped = stopped or (one.at, _reason(state, waiting))
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


def _reason(state: str, waiting: str | None) -> str:
    return f"waits for {waiting}" if state == State.WAITING else state
