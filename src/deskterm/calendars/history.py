"""What a ticket's ledger tells of its clock: when it was picked up, and when the clock stood.

Rules of semantics.md §4; entries of undone operations are left out by whoever reads them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from deskterm.domain.vocabulary import (
    PROCESSES,
    Approval,
    Channel,
    Event,
    Outcome,
    State,
    WaitingFor,
)

IMPORT = "import"
"""Who tells of what happened in another help desk."""

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
        "service_id",
        "requester_id",
        "needs",
    }
)
"""The columns of a ticket that its deadline, rank and impact follow from."""
OTHERWISE = frozenset({"urgent", "service_id", "requester_id", "needs"})
"""Whoever changes these makes another promise: what runs is counted from the opening again."""

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
_SPOKEN = frozenset(
    {
        Event.REPLIED,
        Event.WAITING,
        Event.APPROVAL,
        Event.SOLVED,
        Event.CLOSED,
        Event.REOPENED,
        Event.CANCELLED,
    }
)
"""What can carry a technician's own words to the customer."""
LIVE = frozenset({Channel.PHONE, Channel.WALK_UP})
"""Channels in which the call itself is the first response."""
_WORKING = (State.NEW, State.OPEN, State.WAITING)
Changes = Mapping[str, Sequence[Any]]
"""Key → before, after."""
NOTHING: Changes = MappingProxyType({})
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
    responded_at: datetime | None = None
    """The first words of a person at the desk to the customer."""
    unanswered_at: datetime | None = None
    """The first of the customer's messages, after that, that nobody has answered yet."""
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
    public: bool = False
    words: bool = False
    """Whether it has words of its own."""
    others: int | None = None
    """The ticket that was merged into this one by it."""

    def after(self, column: str, before: str | None) -> str | None:
        """Give a column's value after this entry; `before` where the entry leaves it."""
        return self.changes[column][1] if column in self.changes else before


def is_pick_up(event: str, actor: str, owner: str | None, changes: Changes = NOTHING) -> bool:
    """Tell whether an entry is the first thing a customer could notice (semantics.md §4).

    `owner` is whose the ticket is after it; `changes` are those of the entry.
    """
    if owner is not None:
        return True
    if event == Event.ANNOUNCED:
        return True
    if actor in PROCESSES or is_spam(changes):
        return False
    if event == Event.CALL_BACK:
        calls = [after for key, (_, after) in changes.items() if key.startswith("callback.")]
        return any(call and call[-1] == _MADE for call in calls)
    if event == Event.WAITING:
        return bool(changes.get("waiting_for", ("", ""))[1] in _PAUSING)
    return event in _NOTICED


def is_spam(changes: Changes) -> bool:
    """Tell whether an entry calls a ticket spam: nobody is written to."""
    return bool(changes.get("outcome", ("", ""))[1] == Outcome.SPAM)


def is_response(one: "Told") -> bool:
    """Tell whether an entry is a public, human message of the desk (semantics.md §4).

    What another desk's people answered counts without its words: exports may not hold them.
    """
    if one.actor == IMPORT:
        return one.public and one.event == Event.REPLIED
    said = one.public and one.words and one.event in _SPOKEN
    return said and one.actor not in PROCESSES and not is_spam(one.changes)


def is_asking(event: str, public: bool, state: str) -> bool:
    """Tell whether an entry is a message of the customer that waits for an answer.

    What a machine wrote is not public; what is said when nothing is open waits for nobody.
    """
    return event == Event.RECEIVED and public and state in _WORKING


def talk(
    one: "Told", state: str, responded: datetime | None, unanswered: datetime | None
) -> tuple[datetime | None, datetime | None]:
    """Give the first response and the first unanswered message as an entry leaves them."""
    if is_response(one):
        return responded or one.at, None
    if state not in _WORKING:
        return responded, None
    if responded is not None and unanswered is None and is_asking(one.event, one.public, state):
        return responded, one.at
    return responded, unanswered


def is_paused(state: str, waiting_for: str | None, approval: str | None = None) -> bool:
    """Tell whether the clock of the promise stands.

    It stands while the customer or an approval is waited for, and from the moment an approval or a
    budget is asked for until it is decided.
    """
    working = state in _WORKING
    asked = approval == Approval.ASKED
    return not working or asked or (state == State.WAITING and waiting_for in _PAUSING)


def past(entries: Sequence[Told], now: datetime) -> Past:
    """Give the past of a ticket's clock from its entries; a pause that still lasts ends now."""
    picked: datetime | None = None
    responded = begun_live(entries)
    unanswered: datetime | None = None
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
        responded, unanswered = talk(one, state, responded, unanswered)
        if is_paused(state, waiting, approval):
            stopped = stopped or (one.at, _reason(state, waiting, approval))
        elif stopped is not None:
            pauses.append(Pause(stopped[0], one.at, stopped[1]))
            stopped = None
    if stopped is not None:
        pauses.append(Pause(stopped[0], max(stopped[0], now), stopped[1]))
    return _since(Past(picked, responded, unanswered, tuple(pauses)), entries)


def begun_live(entries: Sequence[Told]) -> datetime | None:
    """Give when a ticket was opened, where the call by which it came is its first response."""
    first = entries[0] if entries else None
    live = first is not None and first.after("channel", None) in LIVE
    return first.at if first is not None and live and first.actor not in PROCESSES else None


def _since(told: Past, entries: Sequence[Told]) -> Past:
    """Let the clock of a ticket from another help desk begin when it came here."""
    first = entries[0] if entries else None
    if first is None or first.actor != IMPORT or first.written is None:
        return told
    start = first.written
    pauses = tuple(p._replace(start=max(p.start, start)) for p in told.pauses if p.end > start)
    return told._replace(pauses=pauses, since=start)


def _reason(state: str, waiting: str | None, approval: str | None) -> str:
    if state == State.WAITING and waiting in _PAUSING:
        return f"waits for {waiting}"
    asked = state in _WORKING and approval == Approval.ASKED
    return f"waits for {WaitingFor.APPROVAL}" if asked else state
