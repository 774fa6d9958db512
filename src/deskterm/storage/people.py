"""Requesters by plain SQL: found by address or name, made where nobody is turned away."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain.address import normal_address
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe, is_blank, storable
from deskterm.storage.driver import Database, Row, moment_or_none
from deskterm.storage.work import State, Work

if TYPE_CHECKING:
    from deskterm.domain.rows import PersonRow

_NAMED = pattern(r"([^<>\n]{0,500})<([^<>\s]{1,320})>\s*\Z")


class Address(NamedTuple):
    """Whose an address is, and how letters to it fared."""

    address: str
    person: int
    failures: int
    """Letters that came back from it since it last worked."""
    first_failure: datetime | None
    broken_since: datetime | None
    """Since when it is given up."""


def split_who(who: str) -> tuple[str, str | None]:
    """Give (name, address or None) of `Name <address>`, an address or a name."""
    who = who.strip()
    if is_blank(who):
        raise UsageError("who is it? Give an address, `Name <address>` or a name.")
    match = _NAMED.match(who)
    if match:
        return header_safe(match.group(1)).strip(' "'), normal_address(match.group(2))
    if "@" in who or "<" in who or ">" in who:
        return "", normal_address(who)
    return header_safe(who), None


def person_of_address(database: Database, address: str) -> int | None:
    """Give the person that an address belongs to."""
    row = database.one(
        "SELECT person_id FROM person_address WHERE address = :address", address=address
    )
    return row["person_id"] if row else None


def find_person(database: Database, who: str) -> int:
    """Give the one person meant by an address, a name or `#number`; raises NotFoundError."""
    if who.startswith("#") and who[1:].isdigit():
        row = database.one("SELECT id FROM person WHERE id = :id", id=int(who[1:]))
        found = [row["id"]] if row else []
    else:
        name, address = split_who(who)
        if address:
            found = [one] if (one := person_of_address(database, address)) else []
        else:
            found = people_named(database, name)
    if not found:
        raise NotFoundError(f"nobody here is known as {who!r}; see `deskterm person list`.")
    if len(found) > 1:
        raise UsageError(
            f"{len(found)} people are called {who!r}: name one by address, or by number "
            f"({', '.join(f'#{one}' for one in found[:5])})."
        )
    return int(found[0])


def people_named(database: Database, name: str) -> list[int]:
    """Give the people of exactly that name, capitals aside."""
    rows = database.all(
        "SELECT id FROM person WHERE lower(name) = lower(:name) AND active ORDER BY id LIMIT 20",
        name=storable(name),
    )
    return [row["id"] for row in rows]


class Introduced(State):
    """Who was meant by what somebody typed, for the sentence at the end of a unit of work."""

    def __init__(self) -> None:
        self.new: list[str] = []
        """Names or addresses of people who were made."""
        self.things: list[str] = []
        """Devices and places that were made because somebody named them: `device LT-11`."""
        self.known: dict[str, int] = {}
        """Address → whose it is, where many were looked up in one go."""
        self.guessed: dict[str, str] = {}
        """What was typed → whom it was taken for, where only a part of it fits."""


def person_for(work: Work, who: str, *, new: bool = False) -> int:
    """Give the person meant, made where unknown: nobody is turned away (A1, A2).

    After address, `#number` and full name a part counts: the beginning of a name or address, a
    phone number. Where several fit a UsageError names them. `new`: a name means somebody new.
    """
    name, address = split_who(who)
    if who.strip().startswith("#"):
        return find_person(work.spine, who.strip())
    if address is not None:
        known = work.state(Introduced).known.get(address)
        known = known or person_of_address(work.spine, address)
    elif new:
        known = None
    elif people_named(work.spine, name):
        known = find_person(work.spine, who)
    else:
        known = _by_part(work, name)
    if known is not None:
        return known
    if address is None and not any(one.isalnum() for one in name):
        raise UsageError(f"{name[:60]!r} is no name: give an address, a name or a phone number.")
    work.state(Introduced).new.append(
        f"{name} <{address}>" if name and address else address or name
    )
    return create_person(work, name, address)


def _by_part(work: Work, name: str) -> int | None:
    """Give the one person whom a part of name, address or phone fits; raises UsageError."""
    from deskterm.storage.reads.people import people_meant

    found = people_meant(work.spine, name)
    if len(found) > 1:
        named = "; ".join(f"{one.name} ({_reached(one)})" for one in found[:5])
        more = f" and {len(found) - 5} more" if len(found) > 5 else ""
        raise UsageError(
            f"{len(found)} people fit {name!r}: {named}{more}. Name one by address or number, "
            "or say that it is somebody new (--new-person)."
        )
    if not found:
        return None
    work.state(Introduced).guessed[name] = f"{found[0].name} ({_reached(found[0])})"
    return found[0].id


def _reached(person: "PersonRow") -> str:
    """Give how a person is told from others of the name: `#4, ada@example.org`."""
    return ", ".join((f"#{person.id}", *person.addresses[:1], *filter(None, [person.phone])))


def create_person(work: Work, name: str, address: str | None) -> int:
    """Make a requester from a name and, where there is one, a normal address; gives the id.

    Whoever makes the same address at the same time means the same person: that one is given. On
    PostgreSQL they are of the client that whoever makes them is kept to, if it is one.
    """
    spine = work.spine
    home = "deskterm_home()" if spine.dialect == "postgresql" else "NULL"
    row = spine.returned(
        "INSERT INTO person (name, phone, department, location, title, segment, notes, active, "  # noqa: S608 - constants
        f"organisation_id) VALUES (:name, '', '', '', '', '', '', :active, {home}) "
        "RETURNING id, organisation_id",
        name=storable(name or (address or "").partition("@")[0]),
        active=True,
    )
    person = int(row["id"])
    owner = claim_address(work, address, person) if address else person
    if owner != person:
        spine.run("DELETE FROM person WHERE id = :id", id=person)
        return owner
    kept = row["organisation_id"]
    work.record(
        ("person", person),
        "opened",
        changes=None if kept is None else {"organisation_id": (None, kept)},
        data={"name": name, "address": address or ""},
    )
    return person


def claim_address(work: Work, address: str, person: int) -> int:
    """Give a person one more normal address; gives whose it is, which may be somebody else.

    On PostgreSQL this waits for whoever is making the same address in another transaction.
    """
    work.spine.later(
        "INSERT INTO person_address (address, person_id, position) SELECT :address, :id, count(*) "
        "FROM person_address WHERE person_id = :id ON CONFLICT (address) DO NOTHING",
        address=address,
        id=person,
    )
    owner = person_of_address(work.spine, address)
    if owner is None:
        from deskterm.storage.reads.clients import sees_all

        if not sees_all(work.spine):
            raise RefusedError(
                f"{address} is somebody's whom you do not see: whoever sees all clients can help."
            )
        raise ConflictError(f"{address} was taken and given up at the same moment; try again.")
    return owner


_KNOWN = (
    "SELECT person_id, failures, first_failure, broken_since FROM person_address "
    "WHERE address = :address"
)
_OPENED = (
    "SELECT 1 AS yes FROM ticket WHERE requester_id = (SELECT person_id FROM person_address "
    "WHERE address = :address) AND opened_at > :since AND subject = :subject LIMIT 1"
)


def known_address(database: Database, address: str) -> Address | None:
    """Give what is known of an address in lower case; None where it is nobody's."""
    row = database.one(_KNOWN, address=address)
    return _address(address, row) if row else None


def known_writer(
    database: Database, address: str, subject: str, since: datetime
) -> tuple[Address | None, bool]:
    """Give the same, and whether they opened a ticket of exactly that subject since then."""
    rows, opened = database.together(
        (_KNOWN, {"address": address}),
        (_OPENED, {"address": address, "subject": subject, "since": since}),
    )
    return (_address(address, rows[0]) if rows else None), bool(opened)


def _address(address: str, row: Row) -> Address:
    first, broken = moment_or_none(row["first_failure"]), moment_or_none(row["broken_since"])
    return Address(address, row["person_id"], row["failures"], first, broken)


def set_count(database: Database, address: str, failures: int, first: datetime) -> None:
    """Note how many letters came back from an address, and when the first did."""
    database.run(
        "UPDATE person_address SET failures = :n, first_failure = :first WHERE address = :address",
        n=failures,
        first=first,
        address=address,
    )


def forget_count(database: Database, address: str) -> None:
    """Forget how many letters came back from an address."""
    database.run(
        "UPDATE person_address SET failures = 0, first_failure = NULL WHERE address = :address",
        address=address,
    )


def addresses_of(database: Database, person: int) -> int:
    """Give how many addresses a person has."""
    row = database.one("SELECT count(*) AS n FROM person_address WHERE person_id = :id", id=person)
    return int(row["n"]) if row else 0


def device_named(database: Database, name: str) -> int | None:
    """Give the device of that name, capitals aside."""
    row = database.one(
        "SELECT id FROM device WHERE lower(name) = lower(:name) ORDER BY id LIMIT 1",
        name=storable(name),
    )
    return int(row["id"]) if row else None


def device_for(work: Work, name: str, person: int | None) -> int:
    """Give the device of that name, made where unknown; raises UsageError."""
    known = device_named(work.spine, name)
    if known is None:
        if is_blank(name):
            raise UsageError("a device's name has something that can be seen.")
        work.state(Introduced).things.append(f"device {name}")
        row = work.spine.one(
            "INSERT INTO device (name, kind, model, os, os_version, serial, facts, person_id) "
            "VALUES (:name, '', '', '', '', '', '{}', :person) "
            "ON CONFLICT (name) DO UPDATE SET name = excluded.name RETURNING id",
            name=storable(name),
            person=person,
        )
        known = int(row["id"])  # type: ignore[index]  # RETURNING always gives the row
    return known


def technician_called(database: Database, login: str) -> tuple[str, str] | None:
    """Give (name, address) of the technician of a login, capitals aside."""
    row = database.one(
        "SELECT name, email FROM technician WHERE lower(login) = lower(:login) AND active",
        login=storable(login.strip()),
    )
    return (row["name"], row["email"]) if row else None


def ensure_technician(database: Database, login: str, at: datetime) -> None:
    """Make a technician known by their login; one who is known stays as they are."""
    database.later(
        "INSERT INTO technician (login, name, email, level, active, since) "
        "VALUES (:login, '', '', 1, :active, :at) ON CONFLICT DO NOTHING",
        login=login,
        active=True,
        at=at,
    )
