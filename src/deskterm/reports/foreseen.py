"""A mistake that is about to happen on a ticket, as one kind line (B4)."""

from collections.abc import Mapping

from deskterm.domain.vocabulary import State, Step

_BEFORE_SOLVING = (
    (Step.STATE, "Solved now, the problem would stay unstated: one sentence in step 3 helps."),
    (Step.REPRODUCE, "Solved now, nobody would have seen the trouble: step 4 is open."),
)
_BEFORE_CLOSING = (
    (Step.VERIFY, "Closed now, the work would stay untested: step 8 is the test of step 4."),
    (Step.CONFIRM, "Closed now, the customer's answer would be missing: step 9 asks for it."),
)


def foreseen(state: str, problem: str, steps: Mapping[str, str]) -> str:
    """Tell what the next move would leave out; empty where nothing is.

    `steps` maps a step to done, skipped or open; a stated problem counts as step 3.
    """
    if state == State.SOLVED:
        rules = _BEFORE_CLOSING
    elif state in (State.NEW, State.OPEN, State.WAITING):
        rules = _BEFORE_SOLVING
    else:
        return ""
    for step, sentence in rules:
        stated = step == Step.STATE and bool(problem.strip())
        if steps.get(step, "open") == "open" and not stated:
            return sentence
    return ""
