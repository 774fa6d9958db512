"""Reads of calendars and offers as records: what they know and what they promised before."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.calendars.offers import begun
from deskterm.reports.figures import Part
from deskterm.storage.desk_settings import values
from deskterm.storage.driver import Database, as_row, moment_or_none
from deskterm.storage.names import number_of
from deskterm.storage.reads.clients import client_face
from deskterm.storage.row_parts import Stored
from deskterm.storage.targets import Link, links, read_offers


def known_days(database: Database, number: int) -> dict[str, object]:
    """Give how many days off a calendar has from its country and its feed, and how the feed is."""
    row = database.one("SELECT known, fed, fed_at, trouble FROM calendar WHERE id = :id", id=number)
    if row is None:
        return {}
    return {
        "public_holidays": len(json.loads(row["known"])),
        "feed_days": len(json.loads(row["fed"])),
        "feed_read": moment_or_none(row["fed_at"]),
        "trouble": row["trouble"],
    }


def desk_calendars(database: Database) -> list[int]:
    """Give the calendars that are marked as the desk's own."""
    return [row["id"] for row in database.all("SELECT id FROM calendar WHERE desk ORDER BY id")]


def version_days(database: Database, offer: int) -> list[str]:
    """Give the first days of what an offer promised before; empty: since ever."""
    rows = database.all(
        "SELECT first_day FROM offer_version WHERE offer_id = :id ORDER BY first_day", id=offer
    )
    return [row["first_day"] for row in rows]


def versions_with(database: Database, calendar: int) -> list[tuple[int, str, list[Stored]]]:
    """Give (offer, first day, what was promised) of earlier versions in a calendar."""
    rows = database.all("SELECT offer_id, first_day, promised FROM offer_version ORDER BY 1, 2")
    found = [(row["offer_id"], row["first_day"], json.loads(row["promised"])) for row in rows]
    return [one for one in found if one[2][0] == calendar]


class OfferText(NamedTuple):
    """An offer that is in force, as its customers may read it."""

    number: int
    name: str
    description: str
    service: str
    organisation: str
    """The reader's own, where it is their contract: who else has it is nobody's business."""
    sites: tuple[str, ...]
    segments: tuple[str, ...]
    channels: tuple[str, ...]
    group: str
    cost: str
    hours: str
    targets: Mapping[str, str]


class Published(NamedTuple):
    """The whole offer."""

    desk: str
    mission: str
    offers: tuple[OfferText, ...]


_TEXTS = (
    "SELECT o.id, o.name, o.description, o.channels, o.cost, s.name AS service, "
    "g.name AS group_name FROM offer o LEFT JOIN service s ON s.id = o.service_id "
    "LEFT JOIN desk_group g ON g.id = o.group_id ORDER BY lower(o.name)"
)


def in_force(database: Database, day: str, organisation: str = "") -> Published:
    """Give what is offered on a day to everybody, and to one organisation; raises NotFoundError."""
    client = number_of(database, "organisation", organisation) if organisation else None
    known = values(database)
    hours = {
        row["id"]: f"{row['hours']} ({row['zone']})" if row["zone"] else row["hours"]
        for row in database.all("SELECT id, hours, zone FROM calendar")
    }
    versions = {}
    for one in begun(read_offers(database), day):
        if not one.clients or client in one.organisations:
            versions[one.number] = one
    named = links(database)
    usual = next((hours[number] for number in desk_calendars(database)), str(known["hours"]))
    found = [
        OfferText(
            row["id"],
            row["name"],
            row["description"],
            row["service"] or "",
            _named(named, row["id"], "organisation", client)[0]
            if versions[row["id"]].clients
            else "",
            _named(named, row["id"], "site"),
            _named(named, row["id"], "segment"),
            tuple(json.loads(row["channels"])),
            row["group_name"] or "",
            row["cost"],
            hours.get(versions[row["id"]].calendar or 0, usual),
            {
                name: text or str(known.get(f"promise.{name}", ""))
                for name, text in versions[row["id"]].targets.items()
            },
        )
        for row in database.all(_TEXTS)
        if row["id"] in versions
    ]
    own = client_face(database, client)
    name = (own and own.desk_name) or str(known["desk.name"])
    return Published(name, (own and own.mission) or str(known["desk.mission"]), tuple(found))


def _named(
    named: Sequence[Link], offer: int, kind: str, number: int | None = None
) -> tuple[str, ...]:
    return tuple(
        one.name
        for one in named
        if (one.offer, one.kind) == (offer, kind) and number in (None, one.number)
    )


class Reader(NamedTuple):
    """Whose words an offer is read in, and which offers are for them."""

    organisation: str
    site: str
    segment: str
    language: str
    """Empty: the desk's."""


def readers(database: Database, people: Sequence[int]) -> Mapping[int, Reader]:
    """Give who these people are to the offer."""
    rows = database.all(
        "SELECT p.id, coalesce(o.name, '') AS organisation, coalesce(s.name, '') AS site, "
        "p.segment, coalesce(nullif(p.language, ''), o.language, '') AS language FROM person p "
        "LEFT JOIN organisation o ON o.id = p.organisation_id "
        "LEFT JOIN site s ON s.id = p.site_id WHERE p.id IN :people",
        people=people,
    )
    return {row["id"]: as_row(Reader, row) for row in rows}


def told_wordings(database: Database, people: Sequence[int]) -> Mapping[int, set[tuple[int, str]]]:
    """Give person → (offer, mark of its words) of what they were told of the offer."""
    found: dict[int, set[tuple[int, str]]] = {}
    for row in database.all(
        "SELECT person_id, subject_id, wording FROM news_told WHERE kind = 'offer' "
        "AND person_id IN :people",
        people=people,
    ):
        found.setdefault(row["person_id"], set()).add((row["subject_id"], row["wording"]))
    return found


class Seen(NamedTuple):
    """Who used a service."""

    people: int = 0
    """Different requesters of a period."""
    last: datetime | None = None
    """When a ticket was opened for it last; None: never."""


def service_use(database: Database, low: datetime, high: datetime) -> Mapping[Part, Seen]:
    """Give service → who used it in a time, and when it was used last, of those ever used."""
    rows = database.all(
        "SELECT service_id, count(DISTINCT CASE WHEN opened_at >= :low AND opened_at < :high "
        "THEN requester_id END) AS people, max(opened_at) AS last FROM measure "
        "WHERE service_id IS NOT NULL AND counted = 1 GROUP BY service_id",
        low=low,
        high=high,
    )
    return {row["service_id"]: Seen(row["people"], moment_or_none(row["last"])) for row in rows}
