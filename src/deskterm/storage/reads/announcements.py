"""Announcements as rows: what runs, what is to be told by letter, who was told of what (G2)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.domain.announcements import SOON, AnnouncementRow, fail
from deskterm.domain.errors import NotFoundError
from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import Database, as_row
from deskterm.storage.phrases import NOT_UNDONE

_ROWS = (
    "SELECT a.id, a.text, a.kind, a.audience, a.letters, a.problem_id, a.organisation_id, "
    "a.actor, a.from_at, a.until_at, a.remind_at, a.ended_at, a.withdrawn, a.closing, "
    "a.updates, a.due, a.told, a.trouble FROM announcement a"
)
_OPEN = "a.ended_at IS NULL AND (a.until_at IS NULL OR a.until_at > :now)"
_MOST = 500


def rows(database: Database, where: str = "TRUE", **given: Any) -> list[AnnouncementRow]:
    """Give announcements that fit a condition on `announcement a`, the newest first."""
    found = database.all(f"{_ROWS} WHERE {where} ORDER BY a.id DESC LIMIT {_MOST}", **given)
    return [
        as_row(AnnouncementRow, row, letters=bool(row["letters"]), withdrawn=bool(row["withdrawn"]))
        for row in found
    ]


def one(database: Database, number: int) -> AnnouncementRow:
    """Give one announcement; raises NotFoundError."""
    found = rows(database, "a.id = :id", id=number)
    if not found:
        raise NotFoundError(f"there is no announcement {number}; see `deskterm announce list`.")
    return found[0]


def open_now(database: Database, now: datetime) -> list[AnnouncementRow]:
    """Give what is planned or runs at a time, the newest first."""
    return rows(database, _OPEN, now=now)


def on_boards(database: Database, now: datetime) -> list[AnnouncementRow]:
    """Give what stands on boards at a time: what runs, and what begins within a day."""
    return rows(database, f"{_OPEN} AND a.from_at <= :soon", now=now, soon=now + SOON)


def settled(database: Database, now: datetime, tickets: Sequence[int]) -> list[AnnouncementRow]:
    """Give what is announced at a time for problems of some tickets of which none is open."""
    return rows(
        database,
        f"{_OPEN} AND a.problem_id IN (SELECT problem_id FROM problem_ticket "  # noqa: S608 - constants
        "WHERE ticket_id IN :ids) "
        "AND NOT EXISTS (SELECT 1 FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id "
        "WHERE x.problem_id = a.problem_id AND t.is_open)",
        now=now,
        ids=tickets,
    )


def of_problem(database: Database, problem: int, now: datetime) -> list[AnnouncementRow]:
    """Give what is announced for a problem and has not ended."""
    return rows(database, f"{_OPEN} AND a.problem_id = :problem", now=now, problem=problem)


def to_tell(database: Database, now: datetime) -> list[int]:
    """Give the announcements whose letters are due."""
    found = database.all(
        "SELECT id FROM announcement WHERE due <> '' AND due_at <= :now AND trouble = '' "
        "ORDER BY due_at, id",
        now=now,
    )
    return [row["id"] for row in found]


def to_remind(database: Database, now: datetime) -> list[int]:
    """Give the announcements of which it is time to remind."""
    found = database.all(
        "SELECT id FROM announcement WHERE ended_at IS NULL AND remind_at <= :now ORDER BY id",
        now=now,
    )
    return [row["id"] for row in found]


def over(database: Database, now: datetime) -> list[int]:
    """Give the announcements whose time is over and of which nobody has said so."""
    found = database.all(
        "SELECT id FROM announcement WHERE ended_at IS NULL AND until_at <= :now ORDER BY id",
        now=now,
    )
    return [row["id"] for row in found]


class Trouble(NamedTuple):
    """An announcement that does not do what it is for."""

    id: int
    actor: str
    problem: int | None
    failed: int
    """Letters of its newest wording that were given up; 0: it is over, and tickets are open."""
    told: int
    trouble: str
    """Why its letters cannot be written."""
    what: str
    """What is wrong, so that the same is told once."""


_FAILING = """
SELECT a.id, a.actor, a.problem_id AS problem, a.told, a.trouble, a.updates,
  (SELECT count(*) FROM outbox o JOIN ledger l ON l.operation_id = o.operation_id
    AND l.kind = 'announcement' WHERE l.subject_id = a.id AND o.state = 'failed'
    AND o.created_at > :since) AS failed
FROM announcement a WHERE a.ended_at IS NULL OR a.ended_at > :since
"""
_OVER = """
SELECT a.id, a.actor, a.problem_id AS problem, a.told, a.trouble, a.ended_at
FROM announcement a WHERE a.problem_id IS NOT NULL AND NOT a.withdrawn AND a.ended_at > :since
AND NOT EXISTS (SELECT 1 FROM announcement b WHERE b.problem_id = a.problem_id
  AND b.ended_at IS NULL AND b.from_at <= :now)
AND EXISTS (SELECT 1 FROM problem_ticket x JOIN ticket t ON t.id = x.ticket_id
  WHERE x.problem_id = a.problem_id AND t.is_open
  AND (a.ended_at = a.until_at OR t.opened_at > a.ended_at))
"""


def troubled(database: Database, since: datetime, now: datetime) -> list[Trouble]:
    """Give the announcements that do not do what they are for.

    Letters fail or cannot be written; or it is over and none runs in its place though tickets of
    its problem are open: by its own planned end, or tickets came after somebody ended it.
    """
    found = []
    for row in database.all(_FAILING, since=since):
        if row["trouble"] or fail(row["failed"], row["told"]):
            what = f"letters {row['updates']} {row['trouble']}"
            found.append(as_row(Trouble, row, what=what))
    for row in database.all(_OVER, since=since, now=now):
        found.append(as_row(Trouble, row, failed=0, trouble="", what=f"over {row['ended_at']}"))
    return found


class Undelivered(NamedTuple):
    """A release whose letters do not arrive."""

    id: int
    name: str
    logins: tuple[str, ...]
    """Whoever shipped it or took it back, and its owner."""
    failed: int
    letters: int
    operation: str
    """What wrote those letters: shipping it, or taking it back."""


_UNDELIVERED = f"""
SELECT r.id, r.name, r.owner, l.actor, l.operation_id AS operation, count(*) AS letters,
  count(CASE WHEN o.state = 'failed' THEN 1 END) AS failed
FROM ledger l JOIN release r ON r.id = l.subject_id
JOIN outbox o ON o.operation_id = l.operation_id
WHERE l.kind = 'release' AND l.event IN :events AND l.at > :since AND {NOT_UNDONE}
AND o.template IN :letters GROUP BY r.id, r.name, r.owner, l.actor, l.operation_id ORDER BY r.id
"""  # noqa: S608 - constants


def undelivered(database: Database, since: datetime) -> list[Undelivered]:
    """Give the releases of which letters written since then fail in earnest."""
    newest = database.one(
        "SELECT 1 AS there FROM release WHERE shipped_at > :since OR withdrawn_at > :since LIMIT 1",
        since=since,
    )
    if newest is None:
        return []
    rows = database.all(
        _UNDELIVERED,
        since=since,
        events=(Event.SHIPPED, Event.WITHDRAWN),
        letters=("released", "withdrawn"),
    )
    return [
        as_row(
            Undelivered,
            row,
            logins=tuple(dict.fromkeys(filter(None, (row["actor"], row["owner"])))),
        )
        for row in rows
        if fail(row["failed"], row["letters"])
    ]


def told(
    database: Database,
    kind: str,
    number: int,
    wording: str = "",
    people: Sequence[int] | None = None,
) -> set[int]:
    """Give who was told of something: of that wording, or of any; of these people, or of all."""
    among = "" if people is None else " AND person_id IN :people"
    found = database.all(
        "SELECT DISTINCT person_id FROM news_told WHERE kind = :kind AND subject_id = :id "  # noqa: S608 - constants
        f"AND (:wording = '' OR wording = :wording){among}",
        kind=kind,
        id=number,
        wording=wording,
        **({} if people is None else {"people": people}),
    )
    return {row["person_id"] for row in found}


class Unnoticed(NamedTuple):
    """An open ticket of which its requester has noticed nothing yet."""

    ticket: int
    subject: str
    linked: bool
    """Whether it is of the problem that was asked for."""


def unnoticed(database: Database, people: Sequence[int], problem: int | None) -> list[Unnoticed]:
    """Give the open tickets of people that nobody has picked up."""
    found = database.all(
        "SELECT t.id, t.subject, EXISTS (SELECT 1 FROM problem_ticket x WHERE x.ticket_id = t.id "
        "AND x.problem_id = :problem) AS linked FROM ticket t "
        "WHERE t.is_open AND t.picked_at IS NULL AND t.requester_id IN :people ORDER BY t.id",
        people=people,
        problem=problem,
    )
    return [Unnoticed(row["id"], row["subject"], bool(row["linked"])) for row in found]


def problems_of(database: Database, ticket: int) -> set[int]:
    """Give the problems that a ticket is linked to."""
    found = database.all("SELECT problem_id FROM problem_ticket WHERE ticket_id = :id", id=ticket)
    return {row["problem_id"] for row in found}


def welcomed(database: Database, people: Sequence[int]) -> set[int]:
    """Give who of these people got the welcome letter."""
    found = database.all(
        "SELECT person_id FROM news_told WHERE kind = 'person' AND person_id IN :people",
        people=people,
    )
    return {row["person_id"] for row in found}


def newest_person(database: Database) -> int:
    """Give the highest number that a person has."""
    return int(database.returned("SELECT coalesce(max(id), 0) AS id FROM person")["id"])
