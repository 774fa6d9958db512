"""Rules of the desk's own: a query, and what a new ticket that fits it gets."""

from collections.abc import Mapping
from typing import Any, NamedTuple

Sets = Mapping[str, Any]
"""What a rule sets: category, service, group, urgent, field.NAME, watcher (addresses)."""


class DeskRule(NamedTuple):
    """One rule as it stands now; rules are asked in the order of their positions."""

    id: int
    position: int
    name: str
    query: str
    sets: Sets
    """category, service, group (their numbers), urgent (true), field.NAME, watcher (addresses)."""
    says: str
    """What it sets, in words: `category network/wifi, urgent`."""
    stops: bool
    """Rules after it are not asked where it fits."""
    active: bool
    trouble: str
    """Why it could not be asked last time; empty where it could."""


class RuleHit(NamedTuple):
    """A ticket that a rule fits, and what it would say there."""

    id: int
    subject: str
    field: str
    now: str
    """What stands there; empty where nothing does."""
    says: str
    verdict: str
    """`sets` where nothing stood there, `same` or `other` beside what a person set."""


class RuleTest(NamedTuple):
    """What a rule would have done to tickets that are there."""

    hits: tuple[RuleHit, ...]
    tickets: int
    """Tickets that it fits."""
    same: int
    other: int
    """What people had set otherwise."""
