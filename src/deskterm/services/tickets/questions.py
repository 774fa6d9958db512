"""Open questions on a held ticket: put, read, handed over in a merge (§1.8)."""

from deskterm.domain.questions import Asks, Question, question_of
from deskterm.storage.ticket.hold import Hold


def ask(held: Hold, question: Question) -> None:
    """Put a question to the technicians; the caller writes the entry that tells of it."""
    held.put(f"question.{question.asks}", question.value)


def asked(held: Hold, asks: str) -> Question | None:
    """Give a held ticket's open question of that kind."""
    value = held.get(f"question.{asks}")
    return question_of(asks, value) if value else None


def settle(held: Hold, asks: str) -> None:
    """Take a question away: it is answered, or what happened has answered it."""
    held.put(f"question.{asks}", None)


def hand_over(held: Hold, goal: Hold) -> None:
    """Let the people whom a mail on a merged ticket named be asked about on the survivor."""
    found = asked(held, Asks.WATCH)
    there = asked(goal, Asks.WATCH)
    if found:
        named = dict.fromkeys([*(there.people if there else ()), *found.people])
        ask(goal, found._replace(people=tuple(named)))
    for asks in (Asks.SLOT, Asks.MOVE):  # its visit goes on with the survivor
        about_visit = asked(held, asks)
        if about_visit:
            ask(goal, about_visit)
    for asks in Asks:
        settle(held, asks)
