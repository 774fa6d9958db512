"""Requesters: found, shown, corrected, imported. Making one happens when a ticket is opened."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskterm.domain.address import normal_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.records import OrganisationRow
from deskterm.domain.rows import PersonRow
from deskterm.domain.text import check_language
from deskterm.domain.vocabulary import Event
from deskterm.services.records_file import read_rows
from deskterm.storage.held_row import HeldRow
from deskterm.storage.names import number_of, place_named
from deskterm.storage.people import (
    addresses_of,
    device_named,
    find_person,
    known_address,
    person_of_address,
)
from deskterm.storage.reads.people import first_people, organisations, people_like, person

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.storage.work import Work

TEXTS = ("name", "phone", "department", "location", "title", "segment", "notes", "language")
PLACES = ("organisation", "site")
"""What a person belongs to, by name."""


class People:
    """Use cases on requesters; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def find(self, text: str, limit: int = 10) -> list[PersonRow]:
        """Give who is probably meant by a name, address, phone number or department."""
        with self._desk.store.reading() as database:
            return people_like(database, text, limit)

    def all(self, limit: int) -> list[PersonRow]:
        """Give requesters by name."""
        with self._desk.store.reading() as database:
            return first_people(database, limit)

    def show(self, who: str) -> PersonRow:
        """Give all that is known of one requester: by address, name or `#number`."""
        with self._desk.store.reading() as database:
            return person(database, find_person(database, who))

    def set(self, who: str, values: dict[str, str], **how: Any) -> int:
        """Correct what is known of a requester; an unknown address makes one. Gives the number.

        `values`: name, phone, department, location, title, segment, notes, organisation, site,
        language (of letters to them, such as `de`), email (one more address), device (theirs from
        now on).
        """
        with self._desk.work("person set", **how) as work:
            fresh = "@" in who and person_of_address(work.spine, normal_address(who)) is None
            row = (
                _made(work, values.get("name", ""), normal_address(who))
                if fresh
                else HeldRow(work, "person", find_person(work.spine, who))
            )
            _apply(row, values)
            return row.number

    def address_works(self, who: str, **how: Any) -> int:
        """Say that a requester's addresses work: letters go to them again. Gives the number."""
        from deskterm.services.inbox.broken import forget_failures

        with self._desk.work("person set", **how) as work:
            number = find_person(work.spine, who)
            broken = person(work.spine, number).broken
            if not broken:
                raise RefusedError(f"letters to {who} do not come back: all its addresses work.")
            for one in broken:
                known = known_address(work.spine, one.address)
                if known is not None:
                    forget_failures(work, known)
            return number

    def load(self, rows: Iterable[tuple[int, dict[str, str]]], where: str, **how: Any) -> int:
        """Take people from a file's rows as one operation, all or none; gives how many.

        Each row has `name` or `email`; whoever has the address already is corrected.
        """
        taken = 0
        with self._desk.work("person import", **how) as work:
            for line, row in rows:
                try:
                    _take(work, row)
                except UsageError as error:
                    raise UsageError(f"{where}:{line}: {error}") from error
                taken += 1
        return taken

    def organisations(self) -> list[OrganisationRow]:
        """Give the client organisations with how many people each has."""
        with self._desk.store.reading() as database:
            return organisations(database)

    def set_organisation(self, name: str, language: str, **how: Any) -> None:
        """Say in which language the people of an organisation get letters; empty: the desk's.

        Raises NotFoundError, UsageError.
        """
        check_language(language)
        with self._desk.work("org set", **how) as work:
            row = HeldRow(work, "organisation", number_of(work.spine, "organisation", name))
            row.set(language=language)
            row.write(Event.EDITED, name)

    def add_organisation(self, name: str, **how: Any) -> int:
        """Make a client organisation known; gives its number."""
        with self._desk.work("org add", **how) as work:
            return place_of(work, "organisation", name)


def read_csv(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give (line, row) of a CSV file whose first line names the columns; raises UsageError."""
    return read_rows(file, sorted({*TEXTS, *PLACES, "email", "device"}), {})


def place_of(work: "Work", kind: str, name: str) -> int:
    """Give the organisation or site of that name, made where unknown."""
    known = place_named(work.spine, kind, name)
    if known is not None:
        return known
    row = HeldRow(work, kind, None)
    row.set(name=name, **({"address": ""} if kind == "site" else {"language": ""}))
    row.write(Event.EDITED, name)
    return row.number


def _made(work: "Work", name: str, address: str | None) -> HeldRow:
    """Give a new requester, held; undo takes them away again."""
    row = HeldRow(work, "person", None)
    row.set(**dict.fromkeys(TEXTS, ""), active=True)
    row.set(name=name or (address or "").partition("@")[0])
    if address:
        row.put(f"address.{address}", 0)
    return row


def _take(work: "Work", values: dict[str, str]) -> None:
    address, name = values.get("email", "").strip(), values.get("name", "").strip()
    if not address and not name:
        raise UsageError("neither a name nor an email is given")
    normal = normal_address(address) if address else None
    known = person_of_address(work.spine, normal) if normal else None
    row = HeldRow(work, "person", known) if known else _made(work, name, normal)
    _apply(row, {key: value for key, value in values.items() if value and key != "email"})


def _apply(row: HeldRow, values: dict[str, str]) -> None:
    """Write the values and one ledger entry with before and after."""
    check_language(values.get("language", ""))
    work = row.work
    row.set(**{name: values[name] for name in TEXTS if name in values})
    for kind in PLACES:
        if kind in values:
            name = values[kind].strip()
            row.set(**{f"{kind}_id": place_of(work, kind, name) if name else None})
    if values.get("email"):
        _add_address(row, normal_address(values["email"]))
    row.write(Event.EDITED, row["name"])
    if values.get("device"):
        _give(row, values["device"])


def _give(row: HeldRow, name: str) -> None:
    """Make a device theirs; one that is not known is made."""
    known = device_named(row.work.spine, name)
    device = HeldRow(row.work, "device", known)
    if known is None:
        device.set(**dict.fromkeys(("kind", "model", "os", "os_version", "serial"), ""))
        device.set(name=name, facts={})
    device.set(person_id=row.number)
    device.write(Event.EDITED, device["name"])


def _add_address(row: HeldRow, address: str) -> None:
    owner = person_of_address(row.work.spine, address)
    if owner is None:
        row.put(f"address.{address}", addresses_of(row.work.spine, row.number))
    elif owner != row.number:
        raise RefusedError(f"{address} already belongs to person #{owner}.")
