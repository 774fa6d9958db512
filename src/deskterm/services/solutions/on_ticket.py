"""What a solution is to one held ticket: chosen, tried, proved. Plain SQL; ticket verbs use it."""

from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import Confidence, Event, Step
from deskterm.services.crossing import Kept, of_work, to_ticket
from deskterm.services.tickets.steps import mark
from deskterm.storage.driver import Row
from deskterm.storage.reads.clients import of_solutions
from deskterm.storage.solution_uses import lock, read_use, write_use
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work


def crossed(held: Hold, number: int, *, across: bool) -> Kept:
    """Refuse another client's solution, unless that was meant; gives what the ledger keeps."""
    if not of_work(held.work).walls:
        return {}
    whose = of_solutions(held.work.spine, [number]).get(number)
    return to_ticket(held, f"S{number}", whose, across=across)


def solved_with(held: Hold, number: int) -> None:
    """The ticket is solved with a solution, even an archived one; raises NotFoundError.

    Whether it really worked is not known before somebody says so.
    """
    row = lock(held.work, number)
    if read_use(held.work.spine, number, held.id) is None:
        record(held, row, None)
    choose(held, number)


def verified(held: Hold, worked: bool) -> None:
    """A verification tells whether the ticket's solution works, unless somebody said so before.

    A failed one counts against it in any case.
    """
    number = held["solution_id"]
    if number is None:
        return
    said = read_use(held.work.spine, number, held.id)
    known = None if said is None else said[2]
    if known is None or (known and not worked):
        record(held, lock(held.work, number), worked)


def offered(work: Work, number: int) -> Row:
    """Give a solution's row, locked; raises NotFoundError, RefusedError for archived ones."""
    row = lock(work, number)
    if row["confidence"] == Confidence.ARCHIVED:
        raise RefusedError(f"S{number} is archived: review it before it is used again.")
    return row


def record(held: Hold, row: Row, worked: bool | None, note: str = "") -> None:
    """Keep the use and write it into the solution's own history."""
    work, number = held.work, row["id"]
    before = read_use(work.spine, number, held.id)
    after = write_use(work, number, held.id, [work.actor, work.at, worked])
    work.record(
        ("solution", number),
        Event.SOLUTION,
        note,
        changes={f"use.{held.id}": (before, after)},
        data={"ticket": held.id, "flag": worked is False},
        version=row["version"],
    )


def choose(held: Hold, number: int) -> None:
    """The solution is the ticket's own now; proposing and selecting are done with it."""
    held.set(solution_id=number)
    for step in (Step.PROPOSE, Step.SELECT):
        if held.get(f"step.{step}") is None:
            mark(held, step)
