"""What may stand in braces in canned texts, macros and templates, and what it means on a ticket."""

from collections.abc import Collection, Mapping

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.rows import PersonRow, TicketView
from deskterm.domain.text import clean
from deskterm.guides.facts import placeholders
from deskterm.storage.driver import Database
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.means import technician_name

PLACES: Mapping[str, str] = {
    "first_name": "the requester's first name",
    "name": "the requester's name",
    "ticket": "its number",
    "subject": "its subject",
    "category": "its category",
    "device": "its device, or the requester's only one",
    "group": "its group",
    "assignee": "the login of its owner",
    "department": "the requester's department",
    "location": "where they sit",
    "phone": "how to call them",
    "organisation": "their organisation",
    "site": "their site",
    "me": "the name of whoever writes",
    "today": "the day, in the desk's zone",
}
"""Placeholder → what it means. `{field_os}` is a field of the desk's own."""
FIELD = "field_"
_PLACE = pattern(r"\{([a-z][a-z0-9_]{0,40})\}")
_LONGEST = 400


KNOWN_EARLY = ("me", "today")
"""What is known before there is a ticket."""


def check_places(text: str, known: Collection[str] = ()) -> None:
    """Refuse a placeholder that nothing stands for, here: `known`; raises UsageError."""
    for name in placeholders(text):
        there = name in known if known else name in PLACES or name.startswith(FIELD)
        if not there:
            told = ", ".join(f"{{{one}}}" for one in known or PLACES)
            more = "" if known else f", {{{FIELD}os}} …"
            raise UsageError(f"{{{name}}} stands for nothing here; there are {told}{more}.")


def put(text: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Give a text with what is known, and the placeholders that nothing is known for.

    What is put in is text: braces in it stand for nothing, and what could act is made visible.
    """
    missing = tuple(name for name in placeholders(text) if not values.get(name, "").strip())
    return _PLACE.sub(lambda one: values.get(one[1], "").strip() or one[0], text), missing


def values_of(database: Database, view: TicketView, me: str) -> dict[str, str]:
    """Give what the placeholders mean on a ticket, for whoever writes."""
    device = view.device
    found = {
        "ticket": f"#{view.id}",
        "subject": view.subject,
        "category": view.category or "",
        "group": view.group or "",
        "assignee": view.assignee or "",
        **{f"{FIELD}{name}": value for name, value in view.fields.items()},
        **person_values(database, view.requester, me),
    }
    if device is not None:
        found["device"] = device.name
    return {name: clean(value, one_line=True)[:_LONGEST] for name, value in found.items()}


def person_values(database: Database, person: PersonRow | None, me: str) -> dict[str, str]:
    """Give what the placeholders mean of a requester, of whoever writes and of the day."""
    today = clock.now().astimezone(desk_zone(database)).date().isoformat()
    found = {"me": technician_name(database, me) or me, "today": today}
    if person is None:
        return found
    found["name"] = person.name
    found["first_name"] = first_name(person.name)
    for name in ("department", "location", "phone"):
        found[name] = getattr(person, name)
    found["organisation"], found["site"] = person.organisation or "", person.site or ""
    if len(person.devices) == 1:
        found["device"] = person.devices[0].name
    return {name: clean(value, one_line=True)[:_LONGEST] for name, value in found.items()}


def first_name(name: str) -> str:
    """Give what to call somebody: `Moss, Ada` is called Ada."""
    family, comma, given = name.partition(",")
    words = (given if comma and given.strip() else family).split()
    return words[0] if words else ""
