"""What technicians have in hand: call-backs they promised, absences, their load."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple


class CallBackRow(NamedTuple):
    """A call-back that was promised."""

    ticket_id: int
    number: int
    at: datetime
    owner: str
    note: str
    state: str
    """open, done or cancelled."""
    subject: str
    ticket_state: str
    requester: str
    phone: str


class AbsenceRow(NamedTuple):
    """A technician is off."""

    id: int
    login: str
    from_at: datetime
    until_at: datetime
    deputy: str | None
    reason: str


class LoadRow(NamedTuple):
    """What one technician has in hand; nobody's tickets have no login."""

    login: str | None
    name: str
    groups: tuple[str, ...]
    off_until: datetime | None
    deputy: str | None
    open: int
    """Taken or new; waiting and solved ones apart."""
    urgent: int
    """Of the open ones, as is `overdue`."""
    overdue: int
    waiting: int
    solved: int
    """Waiting for a verification."""
    oldest_id: int | None
    oldest_at: datetime | None
    """When the oldest of them was opened."""
    callbacks: int


class Holding(NamedTuple):
    """What somebody has in hand that others must see to when they leave; how many of each."""

    tickets: int = 0
    visits: int = 0
    callbacks: int = 0
    drafts: int = 0
    """Replies and notes on tickets that were begun, and calls, solutions, guides."""
    runs: int = 0
    """Guides that are under way on tickets."""
    clocks: int = 0
    absences: int = 0
    """Their own that are not over, and those of others whose deputy they are."""
    problems: int = 0
    solutions: int = 0
    releases: int = 0
    actions: int = 0
    """Of the register."""
    decisions: int = 0
    """Asked of the review board and not answered."""
    reviews: int = 0
    views: int = 0

    @property
    def promised(self) -> int:
        """How many of them somebody was promised: these need a person, not a group."""
        return self.visits + self.callbacks

    @property
    def words(self) -> str:
        """Give `12 tickets, 2 visits, 1 draft`; empty: nothing."""
        return ", ".join(
            f"{many} {_WORDS.get(name, name.removesuffix('s'))}{'s' if many != 1 else ''}"
            for name, many in self._asdict().items()
            if many
        )


_WORDS = {"callbacks": "call-back", "runs": "guide run", "actions": "register action"}


class Begun(NamedTuple):
    """What somebody began to write that stands on no ticket: a call, a solution, a guide's text."""

    kind: str
    number: int
    """Of the solution or the guide; 0: it is new. Of a call it tells the places for two apart."""
    body: str

    @property
    def called(self) -> str:
        """Give what it is: `call`, `solution (S12)`, `guide`."""
        what = _BEGUN.get(self.kind, self.kind)
        return f"solution (S{self.number})" if what == "solution" and self.number else what

    @property
    def words(self) -> str:
        """Give what is in it as a person reads it; nothing where nothing was written yet."""
        try:
            found = json.loads(self.body)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            return self.body.strip()
        return "\n".join(_lines(found))


_BEGUN = {"solution-sheet": "solution", "guide-text": "guide"}


def _lines(values: dict[str, object]) -> Iterator[str]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _lines(value)
        elif isinstance(value, str) and value.strip() not in ("", "?"):
            yield f"{name}: {value.strip()}"
