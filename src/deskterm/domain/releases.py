"""Releases: what changed, which problems it fixes, who is told and what they answer (F4, §9)."""

from collections.abc import Sequence
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
        raise RefusedError(f"{row.name} fixes no problem yet: name one (--problem P7).")
    if not row.words.strip():
        raise UsageError(
            f"what changed in {row.name}, in customers' words? Set it (--words), or take the draft "
            "of `deskterm release plan`."
        )


def draft(titles: Sequence[tuple[int, str]]) -> str:
    """Give the words of a release as a draft: what its problems are called."""
    return "\n".join(f"- {title.strip().rstrip('.')}: mended." for _, title in titles)
