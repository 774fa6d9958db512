"""The nine steps on a ticket (semantics 10)."""

from deskterm.domain.clock import to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.vocabulary import STEPS, Step
from deskterm.storage.ticket.hold import Hold


def mark(
    held: Hold, step: Step, status: str = "done", reason: str = "", by: str | None = None
) -> None:
    """Mark a step done or skipped, in the name of whoever acts or of `by`."""
    now = to_text(held.work.at)
    held.put(f"step.{step}", [status, by or held.work.actor, now, reason])


def go_back(held: Hold, to: Step) -> None:
    """Open a step and all after it again: a failed 8 goes back to 4, a failed 9 to 3."""
    for step in STEPS[STEPS.index(to) :]:
        held.put(f"step.{step}", None)


def step_named(text: str) -> Step:
    """Give the step of a name or number (1 to 9); raises UsageError."""
    if text.isdigit() and 1 <= int(text) <= len(STEPS):
        return STEPS[int(text) - 1]
    try:
        return Step(text.strip().lower())
    except ValueError:
        known = ", ".join(STEPS)
        raise UsageError(f"there is no step {text!r}; the nine are {known}.") from None
