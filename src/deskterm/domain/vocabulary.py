"""The words of the trade that are closed lists. Their values are stored and spoken by scripts."""

from enum import StrEnum

from deskterm.domain.errors import UsageError


class State(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    OPEN = "open"
    WAITING = "waiting"
    SOLVED = "solved"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"


OPEN_STATES = (State.NEW, State.OPEN, State.WAITING, State.SOLVED)
"""What `is:open` means: every state but closed, cancelled and merged."""


class WaitingFor(StrEnum):
    """Whom a waiting ticket waits for."""

    CUSTOMER = "customer"
    APPROVAL = "approval"
    OTHER = "other"


class Channel(StrEnum):
    """How a ticket came in."""

    PHONE = "phone"
    WALK_UP = "walk-up"
    CHAT = "chat"
    EMAIL = "email"
    WEB = "web"
    VOICEMAIL = "voicemail"
    MONITOR = "monitor"


class Outcome(StrEnum):
    """What a closed ticket was closed as."""

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    DUPLICATE = "duplicate"
    SPAM = "spam"
    RECORDED = "recorded"
    """Kept in a problem; the requester is told that it will be fixed, and hears again (F5)."""


class Needs(StrEnum):
    """What the work requires before it can be done (A7)."""

    NOTHING = "nothing"
    BUDGET = "budget"
    APPROVAL = "approval"


class Step(StrEnum):
    """The nine steps of customer care, in order (B1)."""

    GREET = "greet"
    CLASSIFY = "classify"
    STATE = "state"
    REPRODUCE = "reproduce"
    PROPOSE = "propose"
    SELECT = "select"
    CARRY_OUT = "carry-out"
    VERIFY = "verify"
    CONFIRM = "confirm"


STEPS = tuple(Step)
STEP_TITLES = {
    Step.GREET: "Greet the customer",
    Step.CLASSIFY: "Classify the trouble",
    Step.STATE: "State the problem",
    Step.REPRODUCE: "Verify or reproduce it",
    Step.PROPOSE: "Propose solutions",
    Step.SELECT: "Select one",
    Step.CARRY_OUT: "Carry it out",
    Step.VERIFY: "Verify the work (craft)",
    Step.CONFIRM: "Verify with the customer",
}


def step_named(text: str) -> Step:
    """Give the step of a name or number (1 to 9); raises UsageError."""
    if text.isdigit() and 1 <= int(text) <= len(STEPS):
        return STEPS[int(text) - 1]
    try:
        return Step(text.strip().lower())
    except ValueError:
        known = ", ".join(STEPS)
        raise UsageError(f"there is no step {text!r}; the nine are {known}.") from None


class Proof(StrEnum):
    """The result of a verification."""

    OK = "ok"
    FAILED = "failed"
    WAIVED = "waived"


class Approval(StrEnum):
    """How an approval stands (A7)."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class LinkKind(StrEnum):
    """How two tickets belong together."""

    RELATED = "related"
    CHILD = "child"
    DUPLICATE = "duplicate"
    PROBLEM = "problem"
    CLAIMED = "claimed"
    """The sender of a mail claims that it belongs there; nothing proves it."""


class Confidence(StrEnum):
    """How far a solution can be trusted (KCS)."""

    DRAFT = "draft"
    NOT_VALIDATED = "not validated"
    VALIDATED = "validated"
    ARCHIVED = "archived"


class Audience(StrEnum):
    """Who may read a published solution."""

    TECHNICIANS = "technicians"
    ORGANISATION = "organisation"
    PUBLIC = "public"


PROCESSES = frozenset({"customer", "mail", "desk", "import"})
"""Actors that are no technicians."""


class Event(StrEnum):
    """What a ledger entry tells of."""

    OPENED = "opened"
    RECEIVED = "received"
    REPLIED = "replied"
    NOTED = "noted"
    ASSIGNED = "assigned"
    CHANGED = "changed"
    STEPPED = "stepped"
    WAITING = "waiting"
    RESUMED = "resumed"
    ESCALATED = "escalated"
    HANDED_BACK = "handed back"
    SOLVED = "solved"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"
    CANCELLED = "cancelled"
    LINKED = "linked"
    MERGED = "merged"
    SPLIT = "split"
    GUIDE = "guide"
    SOLUTION = "solution"
    ATTACHED = "attached"
    UNDONE = "undone"
    REDONE = "redone"
    """What was undone is there again."""
    MAIL = "mail"
    REMINDED = "reminded"
    """Somebody was asked again for their answer."""
    APPROVAL = "approval"
    """Asked for, granted or refused (A7)."""
    POLLED = "polled"
    """The requester was asked how satisfied they are (H3)."""
    RATED = "rated"
    CALL_BACK = "call-back"
    """Promised, moved, made or cancelled (B5)."""
    VISIT = "visit"
    """Offered, chosen, moved, over or called off (G3)."""
    TIME = "time"
    """Time worked: booked, a clock started or stopped, a proposal judged (H9)."""
    SHIPPED = "shipped"
    """A release is out, and whom its problems hurt are told (F4)."""
    WITHDRAWN = "withdrawn"
    """A release was taken back."""
    ANNOUNCED = "announced"
    """An announcement about it reached whoever reported it (G2)."""
    PROMISED = "promised"
    """Somebody was told that it will be fixed, by another day, or what became of that (F5)."""
    ANSWERED = "answered"
    """Somebody who was told of a release says whether it works."""
    IMPORTED = "imported"
    EDITED = "edited"
