"""Using a solution on a ticket, and saying whether it worked (E2): plain SQL, one call each."""

from typing import Any

from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Confidence, Event, Step
from deskterm.services.solutions.reading import Reading
from deskterm.services.solutions.uses import read_use, write_use
from deskterm.services.tickets.steps import mark
from deskterm.storage.driver import Row
from deskterm.storage.spine import Hold
from deskterm.storage.work import Work


class Using(Reading):
    """Use cases that join a solution to a ticket. Each takes `op_id`, `dry` and `guard`."""

    def use(self, ticket: int, number: int, **how: Any) -> Done:
        """Use a solution on a ticket: it is proposed and selected; nothing is sent."""

        def change(held: Hold) -> None:
            row = _lock(held.work, number)
            if row["confidence"] == Confidence.ARCHIVED:
                raise RefusedError(f"S{number} is archived: review it before it is used again.")
            if read_use(held.work.spine, number, held.id) is None:
                _record(held, row, None)
            _choose(held, number)
            _tell(held, row, "used", "")

        done = self.tickets.operate("use", [ticket], change, **how)
        return done._replace(solutions=(number,))

    def rate(self, ticket: int, number: int, worked: bool, note: str = "", **how: Any) -> Done:
        """Say that a solution worked on a ticket, or that it did not, which flags the solution."""

        def change(held: Hold) -> None:
            row = _lock(held.work, number)
            _record(held, row, worked, note)
            if worked:
                _choose(held, number)
            elif held["solution_id"] == number:
                held.set(solution_id=None)
            _tell(held, row, "worked" if worked else "did not work", note)

        done = self.tickets.operate("rate", [ticket], change, **how)
        return done._replace(solutions=(number,))


def _lock(work: Work, number: int) -> Row:
    """Give a solution's row, locked on PostgreSQL; raises NotFoundError."""
    lock = "" if work.spine.dialect == "sqlite" else " FOR UPDATE"
    row = work.spine.one(
        "SELECT id, title, confidence, version, worked, failed FROM solution "  # noqa: S608 - constants
        f"WHERE id = :id{lock}",
        id=number,
    )
    if row is None:
        raise NotFoundError(f"there is no solution S{number}; see `deskterm solution list`.")
    return row


def _record(held: Hold, row: Row, worked: bool | None, note: str = "") -> None:
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


def _choose(held: Hold, number: int) -> None:
    """The solution is the ticket's own now; proposing and selecting are done with it."""
    held.set(solution_id=number)
    for step in (Step.PROPOSE, Step.SELECT):
        if held.get(f"step.{step}") is None:
            mark(held, step)


def _tell(held: Hold, row: Row, verb: str, note: str) -> None:
    text = f"S{row['id']} {row['title']}: {verb}"
    if note.strip():
        text += f". {note.strip()}"
    held.write(Event.SOLUTION, storable(text), data={"solution": row["id"], "verb": verb})
