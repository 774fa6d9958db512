"""People, groups and organisations of a JSON export, found by their numbers."""

from collections.abc import Mapping

from deskterm.services.importing.foreign import someone
from deskterm.services.importing.wide import Json, Record, Someone


class Names:
    """Who is who in an export."""

    def __init__(
        self,
        people: Mapping[str, Record] | None = None,
        organisations: Mapping[str, Record] | None = None,
        groups: Mapping[str, Record] | None = None,
    ) -> None:
        self._people = people or {}
        self._organisations = organisations or {}
        self._groups = groups or {}
        self._told: dict[str, Someone] = {}

    def person(self, number: Json, embedded: Json = None) -> Someone:
        """Give a person by number, or as the ticket itself tells; a number nobody has is a name."""
        if isinstance(embedded, Mapping):
            return self.told(embedded)
        key = str(number)
        known = self._told.get(key)
        if known is None:
            found = self._people.get(key)
            unknown = Someone(f"#{number}") if number not in (None, "", 0, -1) else Someone()
            known = self._told[key] = self.told(found) if found is not None else unknown
        return known

    def told(self, found: Record) -> Someone:
        """Give a person of an object, whatever it calls their name and address."""
        whole = " ".join(str(found[one]) for one in ("firstname", "lastname") if found.get(one))
        name = found.get("displayName") or found.get("name") or found.get("real_name") or whole
        contact = found.get("contact")
        inner = contact if isinstance(contact, Mapping) else {}
        work = found.get("organization_id") or found.get("company_id")
        listed = found.get("emails")
        first = listed[0] if isinstance(listed, list) and listed else None
        told = first.get("address") if isinstance(first, Mapping) else None
        address = found.get("email") or told or found.get("emailAddress") or inner.get("email")
        given = {
            "name": str(name or inner.get("name") or found.get("login") or ""),
            "email": str(address or ""),
            "addresses": [str(one) for one in found.get("other_emails") or () if one],
            "phone": str(found.get("phone") or found.get("mobile") or ""),
            "title": str(found.get("job_title") or ""),
            "department": str(found.get("department") or ""),
            "organisation": self.organisation(work, found.get("organization")),
            "notes": str(found.get("notes") or found.get("note") or ""),
        }
        return someone(given, "people")

    def organisation(self, number: Json, embedded: Json = None) -> str:
        """Give the name of an organisation."""
        return _name(self._organisations, number, embedded)

    def group(self, number: Json, embedded: Json = None) -> str:
        """Give the name of a group."""
        return _name(self._groups, number, embedded)


def _name(known: Mapping[str, Record], number: Json, embedded: Json) -> str:
    if isinstance(embedded, Mapping):
        return str(embedded.get("name") or "")
    if isinstance(embedded, str) and embedded:
        return embedded
    found = known.get(str(number))
    if found is not None:
        return str(found.get("name") or "")
    return f"#{number}" if number not in (None, "", 0) else ""
