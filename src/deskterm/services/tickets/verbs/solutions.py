"""A solution on a ticket: used, sent, said to work or not (E2)."""

from collections.abc import Mapping

from deskterm.domain.clock import to_text
from deskterm.domain.errors import RefusedError
from deskterm.domain.solutions import READERS, TIP
from deskterm.domain.text import storable
from deskterm.domain.verbs import Rate, SendSolution, Use
from deskterm.domain.vocabulary import Audience, Event
from deskterm.services.solutions.on_ticket import choose, crossed, offered, record
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.verbs.talk import answer
from deskterm.storage.driver import Row
from deskterm.storage.held_row import HeldRow
from deskterm.storage.solution_uses import lock, read_use
from deskterm.storage.ticket.hold import Hold


def use(held: Hold, asked: Use, act: Act) -> int:
    """It is proposed and selected; nothing is sent."""
    row = offered(held.work, asked.solution)
    kept = act.crossed(crossed(held, asked.solution, across=act.across))
    _used(held, row)
    return _tell(held, row, "used", "", act, kept)


def send(held: Hold, asked: SendSolution, act: Act) -> int:
    """Answer with its words as they stand at this moment.

    Raises RefusedError where it is archived, has no words, or is not for customers: what is
    retired before the lock is refused, what is retired after it was sent as it stood.
    """
    row = offered(held.work, asked.solution)
    kept = act.crossed(crossed(held, asked.solution, across=act.across))
    if row["audience"] not in READERS[Audience.ORGANISATION]:
        raise RefusedError(
            f"S{asked.solution} is not published for customers: publish it for the organisation "
            "or the public first, or use it and write your own answer."
        )
    tip = row["tip"].strip() if _hears_tips(held) else ""
    words = "\n\n".join(part for part in (row["resolution"].strip(), tip) if part)
    if not words:
        raise RefusedError(f"S{asked.solution} says nothing that helps yet: edit it first.")
    _used(held, row)
    if tip:
        _told(held, asked.solution)
    return answer(held, words, act, solution=asked.solution, version=row["version"], **kept)


def _hears_tips(held: Hold) -> bool:
    """Whoever wants no news gets the answer alone."""
    requester = held["requester_id"]
    return requester is None or bool(HeldRow(held.work, "person", requester)["news"])


def _told(held: Hold, solution: int) -> None:
    """Keep that the requester has the tip: it is not written to them again."""
    row, requester = HeldRow(held.work, "solution", solution), held["requester_id"]
    key = f"told.{TIP}/{requester}"
    if requester is not None and row.get(key) is None:
        row.put(key, to_text(held.work.at))
        row.write(Event.MAIL)


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


def _tell(
    held: Hold, row: Row, verb: str, note: str, act: Act, kept: Mapping[str, object] | None = None
) -> int:
    """Write into the ticket's timeline, internally, what was done with a solution."""
    text = f"S{row['id']} {row['title']}: {verb}"
    if note.strip():
        text += f". {note.strip()}"
    return act.write(
        held,
        Event.SOLUTION,
        storable(text),
        data={"solution": row["id"], "verb": verb, **(kept or {})},
    )
