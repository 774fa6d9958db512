"""Open questions: what a mail asks for that it may not have by itself (semantics.md §1.8).

A From can be forged and a number guessed: such a mail is filed, and whether its ticket is reopened
or the people it names hear of it is asked of a technician, who says yes or no by one key.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from deskterm.domain.asking import Request
from deskterm.domain.clock import from_text
from deskterm.domain.text import clean


class Asks(StrEnum):
    """What is asked of the technician."""

    REOPEN = "reopen"
    WATCH = "watch"
    SLOT = "slot"
    """Which time of a visit: the answer names none of those offered clearly."""
    MOVE = "move"
    """A visit to another time, as the customer's calendar proposes."""


class Why(StrEnum):
    """Why it is not done without asking."""

    PROOF = "proof"
    """Nothing in the mail proves whose it is."""
    UNSURE = "unsure"
    """The answer to "does it work?" is neither a clear yes nor a clear no."""


class Question(NamedTuple):
    """One open question of a ticket."""

    asks: str
    by: str
    """The address the mail says it is from."""
    why: str = Why.PROOF
    people: tuple[tuple[str, str], ...] = ()
    """(name, address) of those who would hear of it from now on."""
    at: str = ""
    """The time that is proposed, in ISO form."""

    @property
    def value(self) -> dict[str, object]:
        """What is stored of it."""
        kept: dict[str, object] = {"by": self.by, "why": str(self.why)}
        if self.at:
            kept["at"] = self.at
        return kept | ({"people": [list(one) for one in self.people]} if self.people else {})

    @property
    def words(self) -> str:
        """What is asked, then why, in one line that is safe to show."""
        by = clean(self.by, one_line=True)
        if self.asks == Asks.WATCH:
            return f"tell {self.named}? asked by {by}, without proof"
        if self.asks == Asks.SLOT:
            return f"which time? {by} names none that was offered; `visit choose` or offer others"
        if self.asks == Asks.MOVE:
            return f"move the visit to {time_words(self.at)}? asked by the calendar of {by}"
        if self.why == Why.UNSURE:
            return f"reopen? {by} says neither clearly that it works nor that it does not"
        return f"reopen? asked by {by}, without proof"

    @property
    def named(self) -> str:
        """Whom the mail named, by address."""
        shown = ", ".join(clean(address, one_line=True) for _, address in self.people[:3])
        more = len(self.people) - 3
        return f"{shown} and {more} more" if more > 0 else shown


def question_of(asks: str, value: Mapping[str, Any]) -> Question:
    """Give a question from what is stored of it."""
    people: Sequence[Sequence[str]] = value.get("people", ())
    named = tuple((name, address) for name, address in people)
    return Question(asks, value["by"], value["why"], named, value.get("at", ""))


def time_words(text: str) -> str:
    """Give a stored time as people here read it: `Tue 1 Dec 14:30`."""
    at = from_text(text).astimezone()
    return f"{at:%a} {at.day} {at:%b %H:%M}"


class Allow(Request):
    """Say yes to what its mails ask for: reopen it, let the people named hear of it."""

    first: bool = False
    """Answer the first question alone, as it stands on the screen."""


class Decline(Request):
    """Say no to what its mails ask for."""

    first: bool = False
