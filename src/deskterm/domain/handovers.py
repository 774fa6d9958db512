"""A hand-over: what one shift leaves to the next, as it stood, with words (H7)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

STANDS = timedelta(hours=24)
"""So long a hand-over that somebody has not read stands on their board."""
MOST = 100
"""Lines of one kind."""


class ItemKind(StrEnum):
    """What a line of a hand-over is about, in the order of its parts."""

    BURST = "burst"
    ANNOUNCED = "announced"
    OVERDUE = "overdue"
    PROMISED = "promised"
    VISIT = "visit"
    OPEN = "open"
    WAITING = "waiting"


HEADINGS: dict[str, str] = {
    ItemKind.BURST: "Under way",
    ItemKind.ANNOUNCED: "Announced",
    ItemKind.OVERDUE: "Overdue",
    ItemKind.PROMISED: "Promised by the end of the day",
    ItemKind.VISIT: "Visits of today",
    ItemKind.OPEN: "Open",
    ItemKind.WAITING: "Waiting",
}
"""Kind → the heading of its part."""


class Item(NamedTuple):
    """One line: a ticket of the one who goes, or what concerns everybody."""

    kind: str
    ticket: int
    """0: it is about no single ticket."""
    words: str


class HandoverRow(NamedTuple):
    """One hand-over."""

    id: int
    login: str
    at: datetime
    words: str
    items: Sequence[Item]
    read_by: Sequence[str] = ()


def line_of(item: Item) -> str:
    """Give a line as it is read: `#12 VPN drops`."""
    return f"#{item.ticket} {item.words}" if item.ticket else item.words


def lines_of(items: Sequence[Item]) -> list[tuple[str, bool]]:
    """Give (line, whether it is a heading) of the parts, in their order."""
    found: list[tuple[str, bool]] = []
    for kind, heading in HEADINGS.items():
        some = [one for one in items if one.kind == kind]
        if some:
            found.append((f"{heading} ({len(some)})", True))
            found += [(line_of(one), False) for one in some]
    return found
