"""What the review board keeps, as it is read: actions of the register, decisions, feedback."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from deskterm.reports.figures import Part
from deskterm.reports.pack import Decided, Said, Seat
from deskterm.reports.register import Span
from deskterm.storage.driver import Database


class Registered(NamedTuple):
    """An action of the register, as it is stored."""

    id: int
    name: str
    words: str
    owner: str
    left: bool
    """Its owner does not work here any more."""
    figure: str
    query: str
    client: int | None
    """Whose it is: measured by its tickets alone."""
    client_name: str
    target: str
    days: Span
    reason: str
    baseline: str
    result: str


_ACTIONS = (
    "SELECT i.id, i.name, i.words, i.owner, t.active, i.figure, i.query, i.target, i.first_day, "
    "i.last_day, i.reason, i.baseline, i.result, i.organisation_id, "
    "COALESCE(o.name, '') AS client FROM improvement i "
    "LEFT JOIN organisation o ON o.id = i.organisation_id "
    "LEFT JOIN technician t ON t.login = i.owner "
)


def actions(database: Database) -> list[Registered]:
    """Give every action of the register, the one that ends last first."""
    return _read(database, _ACTIONS + "ORDER BY i.last_day DESC, i.id DESC")


def unmeasured(database: Database, today: date) -> list[Registered]:
    """Give the actions that have begun and of which something is not kept yet."""
    text = (
        _ACTIONS + "WHERE i.reason = '' AND i.first_day <= :today "
        "AND (i.baseline = '' OR i.result = '' AND i.last_day < :today) ORDER BY i.id"
    )
    return _read(database, text, today=today.isoformat())


def _read(database: Database, text: str, **given: object) -> list[Registered]:
    return [
        Registered(
            row["id"],
            row["name"],
            row["words"],
            row["owner"] or "",
            row["owner"] is not None and not row["active"],
            row["figure"],
            row["query"],
            row["organisation_id"],
            row["client"],
            row["target"],
            Span(date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])),
            row["reason"],
            row["baseline"],
            row["result"],
        )
        for row in database.all(text, **given)
    ]


def decisions(database: Database) -> list[Decided]:
    """Give every decision: those still asked first, the newest of each first."""
    rows = database.all(
        "SELECT d.id, d.name, d.words, COALESCE(NULLIF(t.name, ''), d.asked_by, '') AS asker, "
        "d.asked_on AS asked, d.answer, d.taken_by, d.taken_on AS taken, "
        "COALESCE(i.name, '') AS follows FROM decision d "
        "LEFT JOIN technician t ON t.login = d.asked_by "
        "LEFT JOIN improvement i ON i.id = d.improvement_id "
        "ORDER BY CASE WHEN d.answer = '' THEN 0 ELSE 1 END, d.taken_on DESC, d.asked_on DESC, d.id"
    )
    return [Decided(*(row[name] for name in Decided._fields)) for row in rows]


class OnService(NamedTuple):
    """The newest decision on a service."""

    name: str
    answer: str
    """Empty: it is still asked."""
    taken: str

    @property
    def words(self) -> str:
        """Say what became of it, in a few words."""
        said = self.answer.partition(":")[0].partition(".")[0].lower()[:40]
        return f"{said} {self.taken}" if self.answer else "the board is asked"


def on_services(database: Database) -> Mapping[Part, OnService]:
    """Give service → the newest decision on it."""
    rows = database.all(
        "SELECT service_id, name, answer, taken_on FROM decision WHERE service_id IS NOT NULL "
        "ORDER BY asked_on, id"
    )
    return {
        row["service_id"]: OnService(row["name"], row["answer"], row["taken_on"]) for row in rows
    }


def feedback(
    database: Database, first: str = "", last: str = "9999", client: int | None = None
) -> list[Said]:
    """Give feedback of some days, the newest first; nobody is named without consent.

    With a client only what its people said.
    """
    rows = database.all(
        "SELECT f.id, f.name, f.words, f.source, f.said_on AS date, "
        "CASE WHEN f.consent THEN COALESCE(p.name, '') ELSE '' END AS who, "
        "COALESCE(s.name, '') AS service FROM feedback f "
        "LEFT JOIN person p ON p.id = f.person_id LEFT JOIN service s ON s.id = f.service_id "
        "WHERE f.said_on >= :first AND f.said_on <= :last "
        "AND (CAST(:client AS bigint) IS NULL OR p.organisation_id = :client) "
        "ORDER BY f.said_on DESC, f.id DESC",
        first=first,
        last=last,
        client=client,
    )
    return [Said(*(row[name] for name in Said._fields)) for row in rows]


def members(database: Database, client: int | None = None) -> Sequence[Seat]:
    """Give who sits on the review board, by name; with a client nobody of another's people."""
    rows = database.all(
        "SELECT m.name, m.role, t.active AS works, p.active AS there FROM member m "
        "LEFT JOIN technician t ON t.login = m.login LEFT JOIN person p ON p.id = m.person_id "
        "WHERE CAST(:client AS bigint) IS NULL OR p.organisation_id = :client "
        "OR m.person_id IS NULL AND m.login IS NOT NULL ORDER BY lower(m.name), m.id",
        client=client,
    )
    return [
        Seat(row["name"], row["role"], any(row[one] in (0, False) for one in ("works", "there")))
        for row in rows
    ]
