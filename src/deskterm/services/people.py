"""Requesters: found, shown, corrected, imported. Making one happens when a ticket is opened."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskterm.domain.address import normal_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.rows import PersonRow
from deskterm.domain.text import cell_exact, check_language, storable
from deskterm.domain.vocabulary import Event
from deskterm.storage.names import number_of
from deskterm.storage.people import claim_address, create_person, find_person, person_of_address
from deskterm.storage.reads.people import people, people_like, person

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

TEXTS = ("name", "phone", "department", "location", "title", "segment", "notes", "language")
PLACES = {"organisation": "organisation", "site": "site"}
"""What a person belongs to, by name: field → table."""


class People:
    """Use cases on requesters; each write takes `op_id` and `dry`."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def find(self, text: str, limit: int = 10) -> list[PersonRow]:
        """Give who is probably meant by a name, address, phone number or department."""
        with self._desk.store.reading() as database:
            return people_like(database, text, limit)

    def all(self, limit: int) -> list[PersonRow]:
        """Give requesters by name."""
        with self._desk.store.reading() as database:
            rows = database.all(
                "SELECT id FROM person WHERE active ORDER BY lower(name), id LIMIT :limit",
                limit=limit,
            )
            return people(database, [row["id"] for row in rows])

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
            known = "@" in who and person_of_address(work.spine, normal_address(who)) is None
            number = (
                create_person(work, values.get("name", ""), normal_address(who))
                if known
                else find_person(work.spine, who)
            )
            _apply(work, number, values)
            return number

    def address_works(self, who: str, **how: Any) -> int:
        """Say that a requester's addresses work: letters go to them again. Gives the number."""
        from deskterm.services.inbox.broken import works_again

        with self._desk.work("person set", **how) as work:
            number = find_person(work.spine, who)
            known = [one.address for one in person(work.spine, number).broken]
            for address in known:
                works_again(work, address)
            if not known:
                raise RefusedError(f"letters to {who} do not come back: all its addresses work.")
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

    def organisations(self) -> list[dict[str, Any]]:
        """Give the client organisations with how many people each has."""
        with self._desk.store.reading() as database:
            rows = database.all(
                "SELECT o.id, o.name, o.language, count(p.id) AS people FROM organisation o "
                "LEFT JOIN person p ON p.organisation_id = o.id GROUP BY o.id, o.name, o.language "
                "ORDER BY lower(o.name)"
            )
        return [{name: row[name] for name in ("id", "name", "language", "people")} for row in rows]

    def set_organisation(self, name: str, language: str, **how: Any) -> None:
        """Say in which language the people of an organisation get letters; empty: the desk's.

        Raises NotFoundError, UsageError.
        """
        check_language(language)
        with self._desk.work("org set", **how) as work:
            number = number_of(work.spine, "organisation", name)
            row = work.spine.one("SELECT language FROM organisation WHERE id = :id", id=number)
            work.spine.run(
                "UPDATE organisation SET language = :language WHERE id = :id",
                language=language,
                id=number,
            )
            changes = {"language": (row["language"] if row else "", language)}
            work.record(("organisation", number), Event.EDITED, changes=changes)

    def add_organisation(self, name: str, **how: Any) -> int:
        """Make a client organisation known; gives its number."""
        with self._desk.work("org add", **how) as work:
            number = place_of(work, "organisation", name)
            work.record(("organisation", number), Event.EDITED, changes={"name": (None, name)})
            return number


def read_csv(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Give (line, row) of a CSV file whose first line names the columns; raises UsageError."""
    known = {*TEXTS, *PLACES, "email", "device"}
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file} is not UTF-8 text; save it as CSV UTF-8.") from error
    with io.StringIO(text, newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        columns = [name.strip().lower() for name in reader.fieldnames or ()]
        unknown = [name for name in columns if name not in known]
        if not columns or unknown:
            found = unknown[0] if unknown else "nothing"
            raise UsageError(f"{file}:1: unknown column {found!r}; use {', '.join(sorted(known))}.")
        try:
            for values in reader:
                row = zip(columns, values.values(), strict=False)
                yield reader.line_num, {name: cell_exact(value or "") for name, value in row}
        except csv.Error as error:
            raise UsageError(f"{file}:{reader.line_num}: {error}.") from error


def place_of(work: "Work", table: str, name: str) -> int:
    """Give the organisation or site of that name, made where unknown."""
    spine = work.spine
    row = spine.one(
        f"SELECT id FROM {table} WHERE lower(name) = lower(:name)",  # noqa: S608 - PLACES only
        name=storable(name),
    )
    if row is None:
        extra = (", address", ", ''") if table == "site" else ("", "")
        row = spine.one(
            f"INSERT INTO {table} (name{extra[0]}) VALUES (:name{extra[1]}) RETURNING id",  # noqa: S608 - PLACES only
            name=storable(name),
        )
    return int(row["id"])  # type: ignore[index]  # RETURNING always gives the row


def _take(work: "Work", row: dict[str, str]) -> None:
    address, name = row.get("email", "").strip(), row.get("name", "").strip()
    if not address and not name:
        raise UsageError("neither a name nor an email is given")
    known = person_of_address(work.spine, normal_address(address)) if address else None
    number = known or create_person(work, name, normal_address(address) if address else None)
    values = {key: value for key, value in row.items() if value and key != "email"}
    _apply(work, number, values)


def _apply(work: "Work", number: int, values: dict[str, str]) -> None:
    """Write the values and one ledger entry with before and after."""
    check_language(values.get("language", ""))
    changes: dict[str, tuple[Any, Any]] = {}
    before = person(work.spine, number)
    for name in TEXTS:
        if name in values and getattr(before, name) != values[name]:
            _set(work.spine, name, storable(values[name]), number)
            changes[name] = (getattr(before, name), values[name])
    for name, table in PLACES.items():
        if name in values and (getattr(before, name) or "") != values[name]:
            place = place_of(work, table, values[name]) if values[name] else None
            _set(work.spine, f"{table}_id", place, number)
            changes[name] = (getattr(before, name), values[name])
    if values.get("email"):
        changes |= _add_address(work, number, normal_address(values["email"]))
    if values.get("device"):
        changes["device"] = (None, values["device"])
        _give_device(work, number, values["device"])
    work.record(("person", number), Event.EDITED, changes=changes)


def _set(database: "Database", column: str, value: Any, number: int) -> None:
    database.run(
        f"UPDATE person SET {column} = :value WHERE id = :id",  # noqa: S608 - TEXTS and PLACES only
        value=value,
        id=number,
    )


def _add_address(work: "Work", number: int, address: str) -> dict[str, tuple[Any, Any]]:
    if person_of_address(work.spine, address) == number:
        return {}
    owner = claim_address(work, address, number)
    if owner != number:
        raise RefusedError(f"{address} already belongs to person #{owner}.")
    return {"email": (None, address)}


def _give_device(work: "Work", number: int, name: str) -> None:
    from deskterm.storage.people import device_for

    work.spine.run(
        "UPDATE device SET person_id = :person WHERE id = :id",
        person=number,
        id=device_for(work, name, number),
    )
