"""The desk's settings: what each is where nobody has set it, and what is stored (name → JSON)."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from deskterm.calendars.promise import DEFAULTS as PROMISES
from deskterm.storage.driver import Database, Row, json_text

DEFAULTS: Mapping[str, object] = {
    "desk.name": "IT help desk",
    "desk.mission": "",
    "desk.values": "",
    "desk.greeting": "",
    "desk.roles": "manager, expert, data analyst, communicator, liaison",
    "mail.address": "help@localhost",
    "mail.aliases": [],
    "mail.reopen_days": 14,
    "mail.max_watchers": 10,
    "mail.max_bounces": 3,
    "mail.max_bytes": 25_000_000,
    "mail.max_parts": 200,
    "mail.max_depth": 20,
    "mail.verp": True,
    "mail.language": "en",
    "mail.expect": "",
    "mail.expect_urgent": "",
    "mail.tell_owner": True,
    "remind.on": True,
    "remind.first": 2,
    "remind.second": 4,
    "remind.close_waiting": 5,
    "remind.close_solved": 5,
    "poll.on": True,
    "poll.after_hours": 24,
    "poll.percent": 100,
    "poll.days": 30,
    "announce.remind_hours": 24,
    "notices.window_minutes": 10,
    "notices.digest_at": "08:00",
    "mail.most_per_hour": 3000,
    "mail.paused": "",
    "mail.folder": "",
    "triage.fill_in": "propose",
    "release.verify_days": 14,
    "time.clock_hours": 4,
    "time.counted_minutes": 60,
    "offer.seldom": 1,
    "offer.costly": 60,
    "offer.kept": 80,
    "offer.satisfied": 70,
    "cost.technician_hour": 0,
    "cost.customer_hour": 0,
    "web.url": "",
    "web.link_days": 365,
    "web.style": "",
    "web.frames": [],
    "web.words": [],
    "web.most_per_minute": 30,
    "web.proxies": [],
    "web.proxy_header": "",
    "review.questions": "",
    "review.least": 5,
    "review.limit": 80,
    "zone": "",
    "hours": "Mon-Fri 8:00-18:00",
    "holidays": [],
    **PROMISES,
}
"""Name → what it is until the desk says otherwise; `services/setting_table.py` says what for."""
LETTER = "letter."
"""Begins the settings that hold own words of letters; a client's have its number and / then."""


def value(database: Database, name: str) -> Any:
    """Give one setting, its default where the desk has not set it."""
    row = database.one("SELECT value FROM desk_setting WHERE key = :key", key=name)
    return json.loads(row["value"]) if row else DEFAULTS[name]


def values(database: Database) -> Mapping[str, Any]:
    """Give every setting, defaults included."""
    return {**DEFAULTS, **read_all(database)}


def settings_of(rows: Iterable[Row]) -> Mapping[str, Any]:
    """Give every setting, defaults included, from the rows of the table."""
    return {**DEFAULTS, **{row["key"]: json.loads(row["value"]) for row in rows}}


def read_all(database: Database) -> dict[str, object]:
    """Give what is stored: settings that are not at their default, words of letters."""
    rows = database.all("SELECT key, value FROM desk_setting")
    return {row["key"]: json.loads(row["value"]) for row in rows}


def write(database: Database, name: str, value: object) -> None:
    """Store a setting; None goes back to the default."""
    database.run("DELETE FROM desk_setting WHERE key = :key", key=name)
    if value is not None:
        database.run(
            "INSERT INTO desk_setting (key, value) VALUES (:key, :value)",
            key=name,
            value=json_text(value),
        )
