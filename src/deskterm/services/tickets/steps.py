"""The nine steps on a ticket (semantics 10), and the end of its waiting."""

from deskterm.domain import lifecycle
from deskterm.domain.clock import to_text
from deskterm.domain.vocabulary import STEPS, State, Step
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


def stop_waiting(held: Hold) -> None:
    """Take the waiting off a ticket; one that still waits is open again."""
    if held["state"] == State.WAITING:
        held.set(state=lifecycle.check("resume", held["state"], held.id))
    held.set(waiting_for=None, waiting_until=None, waiting_reason="")
