"""Remedies offered as choices (B6): what each takes, and what the customer chose."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.text import storable

MOST = 9
"""Remedies of one offer."""
LONGEST = 500
"""Characters of one part."""
FORM = "write it like 'Repair it now|30 min|free|a restart'; '|visit' behind it, where you come"
VISIT = "visit"


class Remedy(NamedTuple):
    """One way to help, with what it takes."""

    text: str
    duration: str = ""
    cost: str = ""
    side_effects: str = ""
    visit: str = ""
    """VISIT where somebody has to come: choosing it offers times (G3)."""


class Said(NamedTuple):
    """How an offer is put in one language."""

    head: str
    end: str
    takes: str
    costs: str
    note: str
    visit: str


ENGLISH = Said(
    head="You can choose:",
    end="Please tell us the number you prefer.",
    takes="takes ",
    costs="costs: ",
    note="note: ",
    visit="we come to you",
)


class Offer(NamedTuple):
    """The remedies last offered on a ticket, and the choice made among them."""

    at: datetime
    actor: str
    remedies: tuple[Remedy, ...]
    chosen: int | None = None
    """Its number, from 1; None while nothing is chosen."""
    chosen_by: str = ""
    how: str = ""
    """How the consent was given: by phone, by mail, in person."""
    chosen_at: datetime | None = None


def read_remedy(text: str) -> Remedy:
    """Read `text|duration|cost|side effects`; all but the text may be missing; UsageError."""
    parts = [" ".join(storable(part).split()) for part in text.split("|")]
    if not parts[0] or len(parts) > len(Remedy._fields):
        raise UsageError(f"{text[:60]!r} is no remedy: {FORM}.")
    if max(map(len, parts)) > LONGEST:
        raise UsageError(f"a part of a remedy is too long: {LONGEST} characters at most.")
    if parts[4:] and parts[4] not in ("", VISIT):
        raise UsageError(f"{parts[4][:40]!r} is no last part of a remedy: {VISIT}, or nothing.")
    return Remedy(*parts)


def remedy_words(remedy: Remedy, said: Said = ENGLISH) -> str:
    """Give `Repair it now (takes 30 min; costs: free; note: a restart)`."""
    takes = (
        (said.takes, remedy.duration),
        (said.costs, remedy.cost),
        (said.note, remedy.side_effects),
        (said.visit, " " if remedy.visit else ""),
    )
    told = "; ".join((label + value).rstrip() for label, value in takes if value)
    return f"{remedy.text} ({told})" if told else remedy.text


def offer_words(remedies: Sequence[Remedy], said: Said = ENGLISH) -> str:
    """Give the numbered list that customers read."""
    lines = [f"{at}. {remedy_words(one, said)}" for at, one in enumerate(remedies, 1)]
    return "\n".join([said.head, "", *lines, "", said.end])
