"""What is promised of a ticket, and in which hours: the only home of that question.

First that fits (semantics.md §11): the contract of the organisation for the service, the service's
offer, the site's calendar, the desk's default. Clock, board, `why`, letters and figures ask here.
"""

import json
from collections.abc import Iterable
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from deskterm.calendars.calendar import Calendar
from deskterm.calendars.hours import Holidays, read_holidays, read_hours
from deskterm.calendars.offers import PROMISED
from deskterm.calendars.promise import Promises, read_target, read_targets
from deskterm.domain.vocabulary import Needs
from deskterm.storage.desk_settings import settings_of
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.reads.asked import zone_named

if TYPE_CHECKING:
    from deskterm.calendars.offers import Offered
    from deskterm.storage.ticket.entry import Values

_SETTINGS = "SELECT key, value FROM desk_setting"
_THERE = (
    "SELECT (SELECT count(*) FROM offer) AS offers, "
    "(SELECT count(*) FROM site WHERE calendar_id IS NOT NULL) AS sites, "
    "(SELECT max(id) FROM calendar WHERE desk) AS desk"
)
_CALENDAR = "SELECT name, zone, hours, days, known, fed FROM calendar WHERE id = :id"
_PEOPLE = (
    "SELECT p.id, p.organisation_id, p.site_id, p.segment, s.name AS site, s.calendar_id "
    "FROM person p LEFT JOIN site s ON s.id = p.site_id WHERE p.id IN :ids"
)


class Wanted(NamedTuple):
    """A ticket as far as its promises care."""

    service: int | None
    requester: int | None
    needs: str
    opened_at: datetime


def wanted(values: "Values", opened_at: datetime) -> Wanted:
    """Give what a ticket's columns say of it."""
    return Wanted(values["service_id"], values["requester_id"], values["needs"], opened_at)


class _Person(NamedTuple):
    organisation: int | None = None
    site: int | None = None
    segment: str = ""
    site_name: str = ""
    calendar: int | None = None
    """The site's."""


class Targets:
    """The desk's calendars and offers, read where they are asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database
        settings, there = database.together((_SETTINGS, {}), (_THERE, {}))
        known = settings_of(settings)
        self._zone = zone_named(str(known["zone"]))
        self._texts = {name: str(text) for name, text in known.items() if "promise." in name}
        self._offered = bool(there[0]["offers"])
        self._sites = bool(there[0]["sites"])
        self._calendars: dict[int, tuple[str, Calendar]] = {}
        self._people: dict[int, _Person] = {}
        self._offers: tuple[Offered, ...] | None = None
        self._promises: dict[tuple[object, ...], Promises] = {}
        desk = there[0]["desk"]
        calendar = calendar_of(known, self._zone) if desk is None else self.calendar(desk)[1]
        self._desk_hours = "the desk's hours" if desk is None else f"hours {self.calendar(desk)[0]}"
        where = "hours" if desk is None else f"hours ({self.calendar(desk)[0]})"
        self.default = Promises(
            calendar, read_targets(known), f"the desk's own {where} and targets"
        )

    def meet(self, requesters: Iterable[int | None]) -> None:
        """Read in one go where many requesters belong."""
        unknown = sorted({one for one in requesters if one is not None} - self._people.keys())
        if not unknown or not (self._offered or self._sites):
            return
        for row in self._database.all(_PEOPLE, ids=unknown):
            self._people[row["id"]] = _Person(
                row["organisation_id"],
                row["site_id"],
                row["segment"],
                row["site"] or "",
                row["calendar_id"],
            )

    def of(self, ticket: Wanted) -> Promises:
        """Give a ticket's calendar and targets, with the reason: `targets_for` of semantics §11."""
        if not (self._offered or self._sites):
            return self.default
        self.meet([ticket.requester])
        person = self._people.get(ticket.requester or 0, _Person())
        offer = next(iter(self._fitting(ticket, person)), None) if self._offered else None
        version = (offer.number, offer.first_day, ticket.needs) if offer else ()
        key = (*version, person.calendar, person.site_name)
        if key not in self._promises:
            self._promises[key] = self._made(offer, person, ticket.needs)
        return self._promises[key]

    def calendar(self, number: int) -> tuple[str, Calendar]:
        """Give a calendar's name and what it counts."""
        if number not in self._calendars:
            row = self._database.returned(_CALENDAR, id=number)
            self._calendars[number] = (row["name"], calendar_in(row, self._zone))
        return self._calendars[number]

    def has_calendar(self, name: str) -> bool:
        """Tell whether there is a calendar of that name, capitals aside."""
        rows = self._database.all("SELECT name FROM calendar")
        return any(row["name"].casefold() == name.casefold() for row in rows)

    def rule(self, ticket: Wanted) -> str:
        """Say which rule gave a ticket its promises, and what would have come after it."""
        self.meet([ticket.requester])
        person = self._people.get(ticket.requester or 0, _Person())
        offers = self._fitting(ticket, person) if self._offered else []
        if not offers:
            site = person.calendar is not None
            which = "the calendar of their site" if site else "the desk's default"
            return f"{which}, for no contract or offer fits"
        first, *others = offers
        named = ", ".join(self._named(first, person)) or "nobody: it is for all"
        later = ", ".join(one.name for one in others[:3])
        more = f" and {len(others) - 3} more" if len(others) > 3 else ""
        before = f", before {later}{more}" if others else ""
        return f"the {'contract' if first.clients else 'offer'} that names {named}{before}"

    def _named(self, offer: "Offered", person: _Person) -> list[str]:
        """Give what an offer names that is so of a ticket of somebody."""
        has = {
            ("organisation", person.organisation),
            ("site", person.site),
            ("segment", person.segment.casefold()),
        }
        found = [
            one.name
            for one in links(self._database, offer.number)
            if (one.kind, one.number or one.name.casefold()) in has
        ]
        if offer.service is not None:
            row = self._database.returned(
                "SELECT name FROM service WHERE id = :id", id=offer.service
            )
            found.append(row["name"])
        return found

    def _fitting(self, ticket: Wanted, person: _Person) -> "list[Offered]":
        from deskterm.calendars.offers import Whose, fitting

        if self._offers is None:
            self._offers = tuple(read_offers(self._database))
        day = ticket.opened_at.astimezone(self._zone).date().isoformat()
        whose: Whose = Whose(ticket.service, person.organisation, person.site, person.segment)
        return fitting(self._offers, whose, day)

    def _made(self, offer: "Offered | None", person: _Person, needs: str) -> Promises:
        """Give the promises of an offer, or of a site, over those of the desk."""
        calendar, why = self.default.calendar, self.default.why
        if person.calendar is not None:
            name, calendar = self.calendar(person.calendar)
            why = f"the hours of {person.site_name} ({name}) and the desk's targets"
        if offer is None:
            return Promises(calendar, self.default.targets, why)
        hours = f"hours of {person.site_name}" if person.calendar is not None else self._desk_hours
        if offer.calendar is not None:
            name, calendar = self.calendar(offer.calendar)
            hours = f"hours {name}"
        texts = self._texts | {
            f"promise.{kind}": text for kind, text in offer.targets.items() if text
        }
        targets = dict(read_targets(texts))
        longer = offer.targets.get(needs, "") if needs != Needs.NOTHING else ""
        if longer:
            targets |= {("solution", urgent): read_target(longer) for urgent in (False, True)}
        needing = f", which requires {needs}" if longer else ""
        return Promises(calendar, targets, f"{offer.why}; {hours}{needing}")


class Link(NamedTuple):
    """One that an offer names."""

    offer: int
    kind: str
    """organisation, site or segment."""
    number: int
    """0 for a segment."""
    name: str


_LINKS = (
    "SELECT l.offer_id, 'organisation' AS kind, l.organisation_id AS number, o.name "
    "FROM offer_organisation l JOIN organisation o ON o.id = l.organisation_id "
    "UNION ALL SELECT l.offer_id, 'site', l.site_id, s.name "
    "FROM offer_site l JOIN site s ON s.id = l.site_id "
    "UNION ALL SELECT offer_id, 'segment', 0, segment FROM offer_segment"
)
_OFFERS = (
    "SELECT id, name, first_day, last_day, service_id, clients, "  # noqa: S608 - constants
    f"{', '.join(PROMISED)} FROM offer ORDER BY id"
)
_VERSIONS = "SELECT offer_id, first_day, promised FROM offer_version ORDER BY offer_id, first_day"


def links(database: Database, offer: int | None = None) -> list[Link]:
    """Give whom offers name, or one of them, by name."""
    return _linked(database.all(_LINKS), offer)


def _linked(rows: Iterable[Row], offer: int | None = None) -> list[Link]:
    found = [Link(row["offer_id"], row["kind"], row["number"], row["name"]) for row in rows]
    found = [one for one in found if offer in (None, one.offer)]
    return sorted(found, key=lambda one: (one.offer, one.kind, one.name.casefold(), one.name))


def read_offers(database: Database) -> "Iterable[Offered]":
    """Give every version of every offer."""
    offers, versions, named = database.together((_OFFERS, {}), (_VERSIONS, {}), (_LINKS, {}))
    whose: dict[int, list[Link]] = {}
    for one in _linked(named):
        whose.setdefault(one.offer, []).append(one)
    known = {row["id"]: row for row in offers}
    for row in offers:
        yield _offered(row, row["first_day"], row, whose.get(row["id"], ()))
    for row in versions:
        promised = dict(zip(PROMISED, json.loads(row["promised"]), strict=True))
        number = row["offer_id"]
        if number in known:
            yield _offered(known[number], row["first_day"], promised, whose.get(number, ()))


def _offered(
    row: Row, first_day: str, promised: "Values | Row", named: Iterable[Link]
) -> "Offered":
    from deskterm.calendars.offers import Offered

    named = list(named)
    return Offered(
        row["id"],
        row["name"],
        first_day,
        row["last_day"],
        row["service_id"],
        row["clients"],
        frozenset(one.number for one in named if one.kind == "organisation"),
        frozenset(one.number for one in named if one.kind == "site"),
        frozenset(one.name.casefold() for one in named if one.kind == "segment"),
        promised["calendar_id"],
        {name: promised[name] for name in PROMISED if name != "calendar_id"},
    )


def desk_calendar(database: Database) -> Calendar:
    """Give the calendar in which the desk's business time counts."""
    return Targets(database).default.calendar


def visit_calendar(database: Database, ticket: int, site: int | None) -> Calendar:
    """Give the hours in which a ticket's requester is visited: its site's, else the promise's.

    A site's hours are those of whoever is there, in its own zone; without any, what is promised
    of the ticket says them (contract, offer, requester's site, desk: semantics §11).
    """
    targets = Targets(database)
    row = database.one("SELECT calendar_id FROM site WHERE id = :id", id=site) if site else None
    if row is not None and row["calendar_id"] is not None:
        return targets.calendar(row["calendar_id"])[1]
    about = database.returned(
        "SELECT service_id, requester_id, needs, opened_at FROM ticket WHERE id = :id", id=ticket
    )
    service, requester, needs = (about[name] for name in ("service_id", "requester_id", "needs"))
    of_it = Wanted(service, requester, needs, moment(about["opened_at"]))
    return targets.of(of_it).calendar


def calendar_of(known: "Values", zone: tzinfo) -> Calendar:
    """Give the calendar of the desk's settings."""
    return Calendar(read_hours(str(known["hours"])), read_holidays(known["holidays"]), zone)


def calendar_in(row: Row, zone: tzinfo) -> Calendar:
    """Give the calendar of a record; without a zone of its own it is in the desk's."""
    own = read_holidays(json.loads(row["days"]))
    named = {
        date.fromisoformat(day): name
        for text in (row["known"], row["fed"])
        for day, name in json.loads(text).items()
    }
    names: dict[date | tuple[int, int], str] = dict(own.names)
    for day, name in named.items():
        names.setdefault(day, name)
    holidays = Holidays(own.dates | frozenset(named), own.yearly, names)
    return Calendar(
        read_hours(row["hours"]), holidays, zone_named(row["zone"]) if row["zone"] else zone
    )
