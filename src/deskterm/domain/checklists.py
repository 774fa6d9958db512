"""Checklists: items on a ticket, with who did each and when (C8, semantics §17)."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.asking import Request
from deskterm.domain.errors import RefusedError

MOST_ITEMS = 60
"""Items of one ticket at most."""
OPEN, DONE, GONE = "open", "done", "gone"


class Item(NamedTuple):
    """One item on a ticket."""

    number: int
    text: str
    checklist: str
    """The checklist it came with; empty: it was written for this ticket."""
    required: bool
    """It must be done before the ticket is solved."""
    done_by: str | None
    done_at: datetime | None

    @property
    def line(self) -> str:
        """Give it as a line: `[x] 2 Note the serial number · mia`."""
        mark = "x" if self.done_by else " "
        who = f" · {self.done_by}" if self.done_by else " · required" if self.required else ""
        return f"[{mark}] {self.number} {self.text}{who}"


class PutList(Request, verb="step"):
    """Put a checklist on it: one of the desk's own by its name, or items of this ticket alone."""

    checklist: str = ""
    items: tuple[str, ...] = ()

    def check(self) -> str:
        """Say that nothing is named."""
        if self.checklist.strip() or any(one.strip() for one in self.items):
            return ""
        return "which checklist? Name it, or give items (--item)."


class Tick(Request, verb="step"):
    """Say that an item of its checklist is done, is open again, or is not wanted here."""

    item: int
    status: str = DONE

    def check(self) -> str:
        """Say what an item can be."""
        known = self.status in (OPEN, DONE, GONE)
        return "" if known else f"an item is {OPEN}, {DONE} or {GONE}, not {self.status!r}."


def refuse_open(ticket: int, items: Sequence[Item]) -> None:
    """Refuse to solve a ticket with open items that are required; `items` are these."""
    if items:
        one, more = items[0], len(items) - 1
        of = f" of {one.checklist!r}" if one.checklist else ""
        others = f", and {more} more" if more else ""
        raise RefusedError(
            f"#{ticket}: item {one.number}{of} is open: {one.text[:80]!r}{others}. Do it first "
            f"(`deskterm checklist tick {ticket} {one.number}`), or take it off (--gone)."
        )
