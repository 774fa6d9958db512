"""A solution on a ticket: used, sent, said to work or not (E2)."""

from deskterm.domain.errors import RefusedError
from deskterm.domain.solutions import READERS
from deskterm.domain.text import storable
from deskterm.domain.verbs import Rate, SendSolution, Use
from deskterm.domain.vocabulary import Audience, Event
from deskterm.services.solutions.on_ticket import choose, offered, record
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.verbs.talk import answer
from deskterm.storage.driver import Row
from deskterm.storage.solution_uses import lock, read_use
from deskterm.storage.ticket.hold import Hold


def use(held: Hold, asked: Use, act: Act) -> int:
    """It is proposed and selected; nothing is sent."""
    row = offered(held.work, asked.solution)
    _used(held, row)
    return _tell(held, row, "used", "", act)


def send(held: Hold, asked: SendSolution, act: Act) -> int:
    """Answer with its words as they stand at this moment.

    Raises RefusedError where it is archived, has no words, or is not for customers: what is
    retired before the lock is refused, what is retired after it was sent as it stood.
    """
    row = offered(held.work, asked.solution)
    if row["audience"] not in READERS[Audience.ORGANISATION]:
        raise RefusedError(
            f"S{asked.solution} is not published for customers: publish it for the organisation "
            "or the public first, or use it and write your own answer."
        )
    words = "\n\n".join(part for part in (row["resolution"], row["tip"]) if part.strip())
    if not words:
        raise RefusedError(f"S{asked.solution} says nothing that helps yet: edit it first.")
    _used(held, row)
    return answer(held, words, act, solution=asked.solution, version=row["version"])


def rate(held: Hold, asked: Rate, act: Act) -> int:
    """It worked, or it did not, which flags it."""
    row = lock(held.work, asked.solution)
    record(held, row, asked.worked, asked.note)
    if asked.worked:
        choose(held, asked.solution)
    elif held["solution_id"] == asked.solution:
        held.set(solution_id=None)
    return _tell(held, row, "worked" if asked.worked else "did not work", asked.note, act)


def _used(held: Hold, row: Row) -> None:
    if read_use(held.work.spine, row["id"], held.id) is None:
        record(held, row, None)
    choose(held, row["id"])


def _tell(held: Hold, row: Row, verb: str, note: str, act: Act) -> int:
    """Write into the ticket's timeline, internally, what was done with a solution."""
    text = f"S{row['id']} {row['title']}: {verb}"
    if note.strip():
        text += f". {note.strip()}"
    return act.write(
        held, Event.SOLUTION, storable(text), data={"solution": row["id"], "verb": verb}
    )
