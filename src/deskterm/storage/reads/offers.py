"""Reads of calendars and offers as records: what they know and what they promised before."""

import json

from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.row_parts import Stored


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
