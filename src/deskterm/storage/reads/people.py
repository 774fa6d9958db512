"""Requesters: everything known of one, the look-up as somebody types, what is open in a call."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from deskterm.domain.errors import NotFoundError
from deskterm.domain.records import OrganisationRow
from deskterm.domain.rows import BrokenAddress, DeviceRow, PersonRow, Promised
from deskterm.domain.text import alike
from deskterm.storage.driver import Database, Row, as_row, moment, moment_or_none
from deskterm.storage.search import TYPED, fold, like_pattern

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_CANDIDATES = 20_000
"""A look-up compares no more people than this."""

_BEGINS = 50
"""The score of a word that begins a name or address, or is a phone number or a part of one."""

_PERSON = """
SELECT p.id, p.name, p.phone, p.department, p.location, p.title, p.segment, p.notes, p.language,
  o.name AS organisation, s.name AS site
FROM person p
LEFT JOIN organisation o ON o.id = p.organisation_id
LEFT JOIN site s ON s.id = p.site_id
WHERE p.id IN :ids
"""


def person(database: Database, number: int) -> PersonRow:
    """Give a requester and all that is known of them; raises NotFoundError."""
    found = people(database, [number])
    if not found:
        raise NotFoundError(f"there is no person with the number {number}.")
    return found[0]


def people(database: Database, numbers: Sequence[int]) -> list[PersonRow]:
    """Give requesters in the order asked for; unknown numbers are left out."""
    if not numbers:
        return []
    addresses = _addresses(database, numbers)
    devices = _devices(database, numbers)
    tickets = _tickets(database, numbers)
    found = {
        row["id"]: as_row(
            PersonRow,
            row,
            addresses=tuple(one["address"] for one in addresses.get(row["id"], ())),
            broken=tuple(map(_broken, filter(_is_broken, addresses.get(row["id"], ())))),
            open_tickets=tickets.get((row["id"], True), 0),
            past_tickets=tickets.get((row["id"], False), 0),
            devices=tuple(devices.get(row["id"], ())),
        )
        for row in database.all(_PERSON, ids=numbers)
    }
    return [found[number] for number in numbers if number in found]


def first_people(database: Database, limit: int) -> list[PersonRow]:
    """Give so many active requesters, by name."""
    rows = database.all(
        "SELECT id FROM person WHERE active ORDER BY lower(name), id LIMIT :limit", limit=limit
    )
    return people(database, [row["id"] for row in rows])


def organisations(database: Database) -> list[OrganisationRow]:
    """Give the client organisations by name, with how many people each has."""
    rows = database.all(
        "SELECT o.id, o.name, o.language, o.client, count(p.id) AS people FROM organisation o "
        "LEFT JOIN person p ON p.organisation_id = o.id GROUP BY o.id "
        "ORDER BY lower(o.name)"
    )
    return [as_row(OrganisationRow, row, client=bool(row["client"])) for row in rows]


def _addresses(database: Database, numbers: Sequence[int]) -> dict[int, list[Row]]:
    rows = database.all(
        "SELECT person_id, address, broken_since, broken_reason FROM person_address "
        "WHERE person_id IN :ids ORDER BY position, address",
        ids=numbers,
    )
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(row)
    return found


def _is_broken(row: Row) -> bool:
    return row["broken_since"] is not None


def _broken(row: Row) -> BrokenAddress:
    return BrokenAddress(row["address"], moment(row["broken_since"]), row["broken_reason"])


def _devices(database: Database, numbers: Sequence[int]) -> dict[int, list[DeviceRow]]:
    rows = database.all(
        "SELECT d.id, d.name, d.kind, d.model, d.os, d.os_version, d.person_id, p.name AS person "
        "FROM device d JOIN person p ON p.id = d.person_id WHERE d.person_id IN :ids "
        "ORDER BY d.name",
        ids=numbers,
    )
    found: dict[int, list[DeviceRow]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(device_row(row))
    return found


def device_row(row: Row) -> DeviceRow:
    """Give a device from a row that names its owner `person`."""
    return as_row(DeviceRow, row)


def _tickets(database: Database, numbers: Sequence[int]) -> dict[tuple[int, bool], int]:
    rows = database.all(
        "SELECT requester_id, is_open, count(*) AS n FROM ticket "
        "WHERE requester_id IN :ids GROUP BY requester_id, is_open",
        ids=numbers,
    )
    return {(row["requester_id"], bool(row["is_open"])): row["n"] for row in rows}


def people_like(database: Database, text: str, limit: int = 10) -> list[PersonRow]:
    """Give the people that were probably meant by what was typed so far, best first.

    Every word must fit: the beginning of a name or address first, then the phone number, then the
    department, then anywhere inside. Capitals, accents and the spaces of a number do not matter.
    """
    return people(database, _like(database, text, 1)[:limit])


def people_meant(database: Database, text: str) -> list[PersonRow]:
    """Give whom a name, address or phone number, typed in part, surely may mean; at most 50.

    Unlike `people_like` a part counts only as the beginning of a word, and departments do not.
    """
    return people(database, _like(database, text, _BEGINS)[:50])


def _like(database: Database, text: str, least: int) -> list[int]:
    """Give the people of whom every word fits with at least that score, best first."""
    words = re.split(r"[\s,;]+", fold(alike(text[:TYPED])).strip(",; "))[:6]
    if words == [""]:
        return []
    if _digits(words):
        words = ["".join(words)]
    longest = max(words, key=len)
    found = _ranked(_candidates(database, _pattern(longest)), words, least)
    if not found and len(longest) > 3 and longest.isalpha():
        found = _ranked(_written_otherwise(database), words, least)
    return found


def _ranked(rows: Sequence[Row], words: Sequence[str], least: int) -> list[int]:
    known: dict[int, _Known] = {}
    for row in rows:
        known.setdefault(row["id"], _Known(row)).addresses.append(row["address"] or "")
    ranked = []
    for number, one in known.items():
        scores = [one.score(word) for word in words]
        if min(scores) >= least:
            ranked.append((-sum(scores), one.name, number))
    return [number for *_, number in sorted(ranked)]


def _pattern(word: str) -> str:
    """A LIKE pattern for a folded word; in longer ones a vowel stands for its accented forms,
    and an apostrophe for any."""
    pattern = like_pattern(word)
    return re.sub(r"[aeiouy']|[^\x00-\x7f]", "_", pattern) if len(word) > 3 else pattern


_COMPARED = (
    "SELECT p.id, p.name, p.phone, p.department, a.address FROM person p "
    "LEFT JOIN person_address a ON a.person_id = p.id WHERE p.active AND "
)
_IN_ORDER = " ORDER BY p.name, p.id, a.position LIMIT :some"


_PHONE = "p.phone"
for _sign in " -/().":
    _PHONE = f"replace({_PHONE}, '{_sign}', '')"
_LOCAL = 7
"""So many digits at the end of two phone numbers make them one, whatever stands before them."""


def _candidates(database: Database, pattern: str) -> Sequence[Row]:
    """Everybody whom a word may mean, as far as it is written as it is typed."""
    digits = _digits([pattern.strip("%")])
    return database.all(
        f"{_COMPARED} (lower(p.name) LIKE :word ESCAPE '!' OR a.address LIKE :word ESCAPE '!' "
        "OR lower(p.department) LIKE :word ESCAPE '!' OR (CAST(:digits AS text) <> '' AND "
        f"{_PHONE} LIKE :digits ESCAPE '!')) {_IN_ORDER}",
        word=pattern,
        digits=like_pattern(digits[-_LOCAL:]) if digits else "",
        some=_CANDIDATES,
    )


_BYTES = {"sqlite": "length(CAST({0} AS BLOB))", "postgresql": "octet_length({0})"}
"""How many bytes a text has: more than signs where one of them is beyond ASCII."""


def _written_otherwise(database: Database) -> Sequence[Row]:
    """Everybody with a sign beyond ASCII: LIKE finds all others by what is typed."""
    more = " OR ".join(
        f"length({column}) <> {_BYTES[database.dialect].format(column)}"
        for column in ("p.name", "p.department", "a.address")
    )
    return database.all(f"{_COMPARED} ({more}) {_IN_ORDER}", some=_CANDIDATES)


def called_otherwise(database: Database, text: str) -> list[int]:
    """Give the people with such a part of a name, where it is written in other signs than typed."""
    wanted = fold(alike(text))
    if not wanted:
        return []
    found = (row["id"] for row in _written_otherwise(database) if wanted in fold(row["name"]))
    return list(dict.fromkeys(found))


class _Known:
    """A candidate, folded for comparing."""

    def __init__(self, row: Row) -> None:
        self.name = fold(alike(row["name"]))
        self.department = fold(row["department"])
        self.phone = _digits([row["phone"]])
        self.addresses: list[str] = []

    def score(self, word: str) -> int:
        """Tell how well a word fits; 0 where it does not."""
        digits = _digits([word])
        inside = len(word) > 2
        names = [*re.split(r"[\s.,'-]+", self.name), *self.name.split()]
        checks = (
            (100, word in self.addresses or word == self.name),
            (90, self.name.startswith(word)),
            (80, any(name.startswith(word) for name in names)),
            (70, any(address.startswith(word) for address in self.addresses)),
            (60, len(digits) >= 3 and self._rings(digits)),
            (50, len(digits) >= 3 and digits in self.phone),
            (40, self.department.startswith(word)),
            (20, inside and any(word in address for address in self.addresses)),
            (10, inside and (word in self.name or word in self.department)),
        )
        return next((score for score, fits in checks if fits), 0)

    def _rings(self, digits: str) -> bool:
        """Tell whether a number is this one's end, or the same without its way into a country."""
        typed, own = digits.lstrip("0"), self.phone.lstrip("0")
        if self.phone.endswith(digits):
            return True
        return min(len(typed), len(own)) >= _LOCAL and (own.endswith(typed) or typed.endswith(own))


def _digits(parts: Iterable[str]) -> str:
    """Give the digits of what looks like a phone number, else the empty string."""
    text = "".join(parts)
    return re.sub(r"\D", "", text) if re.fullmatch(r"[\d\s()+/.-]*", text) else ""


class OpenWords(NamedTuple):
    """An open ticket and the words it was told in."""

    id: int
    subject: str
    state: str
    text: str


def tickets_of(database: Database, person: int, limit: int) -> list[int]:
    """Give the numbers of a requester's tickets: open ones first, the newest on top."""
    rows = database.all(
        "SELECT id FROM ticket WHERE requester_id = :person AND state <> 'merged' "
        "ORDER BY is_open DESC, opened_at DESC, id DESC LIMIT :some",
        person=person,
        some=limit,
    )
    return [row["id"] for row in rows]


def newest_open(database: Database, limit: int) -> list[OpenWords]:
    """Give the newest open tickets with the beginning of what was said."""
    rows = database.all(
        "SELECT id, subject, state, substr(problem, 1, 300) AS problem, "
        "substr(body, 1, 600) AS body FROM ticket WHERE is_open "
        "ORDER BY opened_at DESC, id DESC LIMIT :some",
        some=limit,
    )
    return [
        OpenWords(row["id"], row["subject"], row["state"], f"{row['problem']} {row['body']}")
        for row in rows
    ]


def newest_stamp(database: Database) -> tuple[int, int]:
    """Give what alters whenever a ticket is opened: the last number, and the last entry."""
    row = database.one(
        "SELECT (SELECT value FROM counter WHERE name = 'ticket') AS ticket, "
        "(SELECT max(id) FROM ledger) AS entry"
    )
    return (int(row["ticket"] or 0), int(row["entry"] or 0)) if row else (0, 0)


def technician_name(database: Database, login: str) -> str:
    """Give how a technician is called: the name, else the login."""
    row = database.one("SELECT name FROM technician WHERE login = :login", login=login)
    return (row["name"] if row else "") or login


def category_paths(database: Database) -> list[str]:
    """Give every category that is in use."""
    rows = database.all("SELECT path FROM category WHERE active ORDER BY path")
    return [row["path"] for row in rows]


_PROMISED = """
SELECT c.ticket_id, 'call back by ' || c.owner AS what, c.at FROM callback c
JOIN ticket t ON t.id = c.ticket_id WHERE t.requester_id = :id AND c.state = 'open'
UNION ALL
SELECT t.id, 'asked again, or open again', t.waiting_until FROM ticket t
WHERE t.requester_id = :id AND t.state = 'waiting' AND t.waiting_until IS NOT NULL
UNION ALL
SELECT t.id, 'an answer or a solution', t.due_at FROM ticket t
WHERE t.requester_id = :id AND t.is_open AND t.due_at IS NOT NULL
UNION ALL
SELECT t.id, 'fixed with P' || q.id || ' ' || q.title, o.due_at FROM problem_promise o
JOIN ticket t ON t.id = o.ticket_id JOIN problem q ON q.id = o.problem_id
WHERE t.requester_id = :id AND (q.state IN :pending OR o.told = '')
"""


def promised(database: Database, person: int) -> list[Promised]:
    """Give what a requester was promised and still waits for, the earliest first."""
    from deskterm.domain.problems import PENDING

    found = [
        Promised(row["ticket_id"], row["what"], moment_or_none(row["at"]))
        for row in database.all(_PROMISED, id=person, pending=PENDING)
    ]
    return sorted(found, key=lambda one: (one.at is None, one.at or LONG_AGO, one.ticket_id))


def ratings(database: Database, person: int) -> list[int]:
    """Give every vote of a requester, the newest first."""
    rows = database.all(
        "SELECT rating FROM ticket WHERE requester_id = :id AND rating IS NOT NULL "
        "ORDER BY closed_at DESC, id DESC",
        id=person,
    )
    return [row["rating"] for row in rows]


def requester_of(database: Database, ticket: int) -> int:
    """Give the number of a ticket's requester; raises NotFoundError."""
    row = database.one("SELECT requester_id FROM ticket WHERE id = :id", id=ticket)
    if row is None or row["requester_id"] is None:
        raise NotFoundError(f"nobody is named as the requester of #{ticket}.")
    return int(row["requester_id"])
