"""Which offer fits a ticket, and why: what is promised is asked here and nowhere else.

First that fits (semantics.md §11): the contract of the organisation for the service, the service's
offer, the site's calendar, the desk's default.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

PROMISED = (
    *("calendar_id", "pickup", "pickup_urgent", "response", "response_urgent"),
    *("solution", "solution_urgent", "budget", "approval"),
)
"""The columns that make a version: whoever changes one begins a new version, from a first day."""


class Offered(NamedTuple):
    """One version of an offer."""

    number: int
    name: str
    first_day: str
    """2026-11-30; empty: since ever."""
    last_day: str
    """Of the whole offer; empty: without an end."""
    service: int | None = None
    clients: int = 0
    """Whose contract it is: so many organisations; 0: it is for everybody."""
    organisations: frozenset[int] = frozenset()
    """Those of them that whoever asks may see."""
    sites: frozenset[int] = frozenset()
    segments: frozenset[str] = frozenset()
    """In small letters."""
    calendar: int | None = None
    targets: Mapping[str, str] = {}
    """pickup, pickup_urgent … budget, approval → as it was written; empty: the desk's."""

    @property
    def why(self) -> str:
        """Say which offer it is."""
        kind = "contract" if self.clients else "offer"
        since = f", as of {self.first_day}" if self.first_day else ""
        return f"{kind} {self.name}{since}"


class Whose(NamedTuple):
    """A ticket as far as offers care: its service, and where its requester belongs."""

    service: int | None = None
    organisation: int | None = None
    site: int | None = None
    segment: str = ""


def fitting(offers: Iterable[Offered], ticket: Whose, day: str) -> list[Offered]:
    """Give the offers that fit a ticket opened on a local day, the most particular first.

    Of several versions of one offer the newest that has begun counts.
    """
    return sorted((one for one in begun(offers, day) if _fits(one, ticket)), key=_rank)


def begun(offers: Iterable[Offered], day: str) -> list[Offered]:
    """Give the version of each offer that is in force on a day."""
    found: dict[int, Offered] = {}
    for one in offers:
        newest = found.get(one.number)
        if one.first_day <= day and (newest is None or newest.first_day <= one.first_day):
            found[one.number] = one
    return [one for one in found.values() if not one.last_day or day <= one.last_day]


def _fits(one: Offered, ticket: Whose) -> bool:
    """Tell whether everything an offer names is so; what it does not name is all the same."""
    return (
        one.service in (None, ticket.service)
        and (not one.clients or ticket.organisation in one.organisations)
        and (not one.sites or ticket.site in one.sites)
        and (not one.segments or ticket.segment.casefold() in one.segments)
    )


def _rank(one: Offered) -> tuple[bool, bool, bool, bool, int, int, int, int]:
    """A contract comes before an offer for all, and what names more before what names less.

    Naming a service counts before naming sites, that before segments. Of two that name the same
    kinds the one for fewer organisations comes first, then for fewer sites, for fewer segments;
    then the older one.
    """
    return (
        not one.clients,
        one.service is None,
        not one.sites,
        not one.segments,
        one.clients,
        len(one.sites),
        len(one.segments),
        one.number,
    )
