"""Who has a ticket open just now, and who is writing on it: said, never in anybody's way."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

BEAT = 12.0
"""Seconds between two signs of life of whoever has a ticket open; without one for 30 it ends."""
WRITES, READS = "✎", "◌"
"""The signs in the row of a ticket."""


class Here(NamedTuple):
    """Somebody else has a ticket open."""

    ticket_id: int
    login: str
    writing: bool


def by_ticket(found: Iterable[Here]) -> dict[int, Sequence[Here]]:
    """Give ticket → who is there."""
    there: dict[int, list[Here]] = {}
    for one in found:
        there.setdefault(one.ticket_id, []).append(one)
    return {number: tuple(some) for number, some in there.items()}


def sign(some: Sequence[Here]) -> str:
    """Give the sign of a row: somebody writes, somebody has it open, or nothing."""
    if any(one.writing for one in some):
        return WRITES
    return READS if some else ""


def here_words(some: Iterable[Here]) -> str:
    """Say who is there: `bob is writing here, mia has it open`; nothing where nobody is."""
    ordered = sorted(some, key=lambda one: (not one.writing, one.login))
    return ", ".join(
        f"{one.login} is writing here" if one.writing else f"{one.login} has it open"
        for one in ordered
    )


def of_tickets(there: Mapping[int, Sequence[Here]], numbers: Iterable[int]) -> str:
    """Say who is at some tickets, with the number where they are several."""
    numbers = tuple(numbers)
    if len(numbers) == 1:
        return here_words(there.get(numbers[0], ()))
    return "; ".join(f"#{one}: {here_words(there[one])}" for one in numbers if there.get(one))
