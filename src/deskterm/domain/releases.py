"""Releases: what changed, which problems it fixes, who is told and what they answer (F4, §9)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from deskterm.domain.errors import RefusedError, UsageError


class ReleaseState(StrEnum):
    """Where a release stands; it follows from what was done with it."""

    PLANNED = "planned"
    SHIPPED = "shipped"
    WITHDRAWN = "withdrawn"


class Answered(StrEnum):
    """What somebody who was told of a release says of it."""

    WORKS = "works"
    BROKEN = "still broken"


class ReleaseRow(NamedTuple):
    """A release in a list."""

    id: int
    name: str
    """`Router 2.4`."""
    product: str
    product_version: str
    state: str
    problems: tuple[int, ...]
    planned_at: datetime | None
    shipped_at: datetime | None
    withdrawn_at: datetime | None
    owner: str | None
    words: str
    """What changed, in customers' words."""
    how: str
    """How to get it."""
    told: int
    works: int
    broken: int
    version: int
    """How often it was changed, as of every record."""

    @property
    def silent(self) -> int:
        """How many of those who were told have not answered."""
        return self.told - self.works - self.broken


class Recipient(NamedTuple):
    """Somebody whom a release concerns."""

    person_id: int
    name: str
    address: str
    tickets: tuple[int, ...]
    """Their own tickets of its problems, oldest first; a merged one by the number it goes on as."""
    reason: str
    """`reported #12, #31`, `watches #12`, `their T14 has 2.3`."""
    status: str = ""
    """Why they are not written to: told, opted out, no address …; empty: they are."""


class ToldRow(NamedTuple):
    """Somebody who was told of a release, and what they answered."""

    person_id: int
    name: str
    at: datetime
    answer: str
    """`works`, `still broken`, or nothing yet."""
    answered_at: datetime | None


class Heard(NamedTuple):
    """Somebody whom a release concerns, with what they were told and what they say."""

    person_id: int
    name: str
    tickets: tuple[int, ...]
    reason: str
    """Why it concerns them; empty where nothing ties them to it any more."""
    stand: str
    """`still broken`, `silent`, `works`, `to be told`, or why they are left out."""
    at: datetime | None = None
    """When they were told."""
    answered_at: datetime | None = None


class Plan(NamedTuple):
    """A release whole: what it fixes, and what shipping it would do, or did."""

    release: ReleaseRow
    words: str
    """What it says; a draft of its problems' words where nothing was written yet."""
    recipients: list[Recipient]
    solves: list[int]
    """The open tickets that are solved by it."""
    problems: list[tuple[int, str, str]]
    """(number, title, state) of what it fixes."""
    heard: list[ToldRow]
    """Who was told, and what they answered."""

    @property
    def told(self) -> list[Recipient]:
        """Who is written to."""
        return [one for one in self.recipients if not one.status]

    @property
    def people(self) -> list[Heard]:
        """Everybody it concerns, those whom it did not help first."""
        return sorted(_people(self), key=lambda one: (_rank(one.stand), one.name, one.person_id))

    @property
    def left_out(self) -> dict[str, int]:
        """Give why people are not written to, and how many."""
        reasons = [one.status for one in self.recipients if one.status not in ("", TOLD)]
        return {reason: reasons.count(reason) for reason in sorted(set(reasons))}


TOLD, BEFORE = "told", "told before"
"""The status of who was told of this release; and of whose letter had left when it was undone."""
SILENT, TO_TELL, LATER = "silent", "to be told", "came later"
STANDS = (str(Answered.BROKEN), SILENT, str(Answered.WORKS), TO_TELL)
"""Where somebody stands to a release; whoever is left out has the reason instead."""


def _people(plan: Plan) -> Iterator[Heard]:
    answers = {one.person_id: one for one in plan.heard}
    fresh = TO_TELL if plan.release.state == ReleaseState.PLANNED else LATER
    for one in plan.recipients:
        told = answers.pop(one.person_id, None)
        stand = one.status or fresh if told is None else told.answer or SILENT
        moments = (told.at, told.answered_at) if told else ()
        yield Heard(one.person_id, one.name, one.tickets, one.reason, stand, *moments)
    for told in answers.values():
        stand = told.answer or SILENT
        yield Heard(told.person_id, told.name, (), "", stand, told.at, told.answered_at)


def _rank(stand: str) -> int:
    return STANDS.index(stand) if stand in STANDS else len(STANDS)


def state_of(row: ReleaseRow) -> ReleaseState:
    """Give where a release stands."""
    if row.withdrawn_at is not None:
        return ReleaseState.WITHDRAWN
    return ReleaseState.SHIPPED if row.shipped_at is not None else ReleaseState.PLANNED


def product_of(name: str) -> tuple[str, str]:
    """Give (product, version) of `Router 2.4`: the last word is the version."""
    product, _, version = " ".join(name.split()).rpartition(" ")
    return product, version


def check_shipping(row: ReleaseRow) -> None:
    """Refuse to ship what is not ready; raises RefusedError, UsageError."""
    if row.state == ReleaseState.SHIPPED:
        raise RefusedError(f"{row.name} was shipped already; nobody is told twice.")
    if row.state == ReleaseState.WITHDRAWN:
        raise RefusedError(f"{row.name} was withdrawn: make a new release.")
    if not row.product_version.strip():
        raise UsageError(f"which version is {row.name}? Set it (--product-version).")
    if not row.problems:
        raise RefusedError(f"{row.name} fixes no problem yet: name one, such as P7.")
    if not row.words.strip():
        raise UsageError(
            f"what changed in {row.name}, in customers' words? Set it (--words), or take the draft "
            "of `deskterm release plan`."
        )


def draft(titles: Sequence[tuple[int, str]]) -> str:
    """Give the words of a release as a draft: what its problems are called."""
    return "\n".join(f"- {title.strip().rstrip('.')}: mended." for _, title in titles)
