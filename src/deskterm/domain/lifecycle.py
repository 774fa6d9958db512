"""The one transition table: which verb is possible in which state, and what it leads to.

Every door (screens, commands, mail) asks here; the closing gate is B3.
"""

from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import Outcome, Proof, State

_WORKING = (State.NEW, State.OPEN, State.WAITING)
_ALIVE = (*_WORKING, State.SOLVED)
_ENDED = (State.CLOSED, State.CANCELLED)
_ANY = (*_ALIVE, *_ENDED)

TRANSITIONS: dict[str, tuple[tuple[State, ...], State | None]] = {
    "take": (_ALIVE, None),
    "assign": (_ALIVE, None),
    "note": (_ANY, None),
    "reply": (_ANY, None),
    "set": (_ANY, None),
    "step": (_ALIVE, None),
    "wait": (_WORKING, State.WAITING),
    "resume": ((State.WAITING,), State.OPEN),
    "escalate": (_WORKING, State.OPEN),
    "hand-back": (_WORKING, State.OPEN),
    "solve": (_WORKING, State.SOLVED),
    "verify": ((State.SOLVED,), State.OPEN),
    "close": (_ALIVE, State.CLOSED),
    "reopen": ((State.SOLVED, *_ENDED), State.OPEN),
    "cancel": (_ALIVE, State.CANCELLED),
    "merge": (_ANY, State.MERGED),
    "link": (_ANY, None),
    "split": (_ANY, None),
    "guide": (_WORKING, None),
    "call-back": (_ANY, None),
    "visit": (_ALIVE, None),
    "end-visit": (_ANY, None),
    "time": (_ANY, None),
    "promise": (_ANY, None),
    "use": (_ALIVE, None),
    "rate": (_ANY, None),
    "decide": (_ALIVE, None),
    "allow": (_ANY, None),
    "decline": (_ANY, None),
    "macro": (_ANY, None),
}
"""verb → (states it is possible in, state it leads to or None where the state stays).

A verification leads on only where it failed; see `stays`.
"""

TAKEN_UP = frozenset({"take", "assign", "reply", "visit"})
"""Verbs with which somebody cares for a new ticket: from then on it is open."""

_HINTS = {
    "verify": "solve it first",
    "resume": "only a waiting ticket resumes",
    "close": "reopen it first",
    "solve": "reopen it first",
    "reopen": "only a solved, closed or cancelled ticket is reopened",
    "guide": "reopen it first",
    "use": "reopen it first",
    "visit": "reopen it first",
}


def allowed(verb: str, state: str) -> bool:
    """Tell whether the verb is possible for a ticket in that state."""
    return state in TRANSITIONS[verb][0]


def check(verb: str, state: str, number: int, *, stays: bool = False) -> State:
    """Give the state the verb leads to; raises RefusedError with what to do instead.

    `stays`: what was asked for leaves the state as it is, such as a verification that did not fail.
    """
    states, target = TRANSITIONS[verb]
    if state not in states:
        hint = _HINTS.get(verb, f"possible when {', '.join(states)}")
        raise RefusedError(f"#{number} is {state}: {verb} is not possible; {hint}.")
    if stays:
        return State(state)
    if verb in TAKEN_UP and state == State.NEW:
        return State.OPEN
    return target or State(state)


def check_close(
    number: int, state: str, outcome: str, proofs: tuple[str | None, str | None], reason: str
) -> None:
    """Hold the closing gate (B3): raises RefusedError where a proof or a reason is missing.

    `proofs` are the results of (craft, customer). As solved: verified by both, or, in place of the
    customer's word, a named reason. As unsolved: a reason.
    """
    check("close", state, number)
    craft, customer = proofs
    if outcome == Outcome.UNSOLVED and not reason:
        raise RefusedError(f"#{number}: closing as unsolved needs a reason (--reason).")
    if outcome != Outcome.SOLVED:
        return
    if state != State.SOLVED:
        raise RefusedError(f"#{number} is {state}, not solved: say the resolution first (solve).")
    if craft not in (Proof.OK, Proof.WAIVED):
        raise RefusedError(
            f"#{number}: the work is not yet verified by whoever did it (verify --by craft)."
        )
    if customer not in (Proof.OK, Proof.WAIVED) and not reason:
        raise RefusedError(
            f"#{number}: the customer has not confirmed it; ask them (verify --by customer), "
            "or name a reason for doing without their word (--reason)."
        )
