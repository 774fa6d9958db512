"""What a run begins with: all the desk knows of a ticket, its requester and the device."""

import json

from deskterm.domain.rows import TicketView
from deskterm.storage import runs
from deskterm.storage.driver import Database


def sources_of(database: Database, shown: TicketView) -> dict[str, str]:
    """Give what the desk knows of a ticket, named as guides name their sources."""
    device = shown.device
    if device is None and shown.requester and len(shown.requester.devices) == 1:
        device = shown.requester.devices[0]
    found = _ticket_sources(shown)
    if device is not None:
        more = parsed_facts(runs.device_facts(database, device.id))
        found |= {f"device.{name}": value for name, value in more.items()}
        for name in ("name", "kind", "model", "os", "os_version"):
            found[f"device.{name}"] = str(getattr(device, name))
    return found


def _ticket_sources(shown: TicketView) -> dict[str, str]:
    found = {
        "ticket.id": str(shown.id),
        "ticket.subject": shown.subject,
        "ticket.channel": shown.channel,
        "ticket.category": shown.category or "",
        "ticket.problem": shown.problem,
        "ticket.device": shown.device.name if shown.device else "",
    }
    found |= {f"field.{name}": value for name, value in shown.fields.items()}
    person = shown.requester
    if person is not None:
        for name in ("name", "phone", "department", "location", "title", "segment"):
            found[f"requester.{name}"] = getattr(person, name)
        found["requester.site"] = person.site or ""
        found["requester.organisation"] = person.organisation or ""
    return found


def parsed_facts(text: str) -> dict[str, str]:
    """Give a device's further facts as texts; a malformed object gives none."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    plain = facts.items() if isinstance(facts, dict) else ()
    return {str(name): str(value) for name, value in plain if isinstance(value, str | int | float)}
