"""What others may read of a ticket: `public` stands in every question, notes cannot be reached."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.storage.driver import Database, as_row, moment, moment_or_none
from deskterm.storage.phrases import MAIN_ADDRESS


class PublicTicket(NamedTuple):
    """The facts of a ticket that a letter may name."""

    id: int
    state: str
    subject: str
    body: str
    urgent: bool
    resolution: str
    needs: str
    approver: str
    approver_id: int | None
    approval: str | None
    approval_at: datetime | None
    outcome: str | None
    merged_into: int | None
    requester_id: int | None
    requester: str | None
    owner: str | None


class PublicEntry(NamedTuple):
    """A public ledger entry."""

    id: int
    event: str
    text: str
    who: str
    changes: Mapping[str, object]
    data: Mapping[str, Any]


class NewsLine(NamedTuple):
    """A notice as a letter to a technician tells it; an internal text is not among its words."""

    login: str
    kind: str
    urgent: bool
    at: datetime
    ticket_id: int | None
    subject: str
    who: str
    words: str
    internal: bool


class SentFile(NamedTuple):
    """A file of a public entry."""

    name: str
    media_type: str
    sha256: str
    size: int


def promised_answer(database: Database, number: int | None) -> tuple[datetime, str] | None:
    """Give until when an answer is promised, and within what; None: none is, or it was given."""
    row = database.one(
        "SELECT service_id, requester_id, needs, urgent, opened_at, response_due FROM ticket "
        "WHERE id = :id AND response_due IS NOT NULL AND responded_at IS NULL",
        id=number,
    )
    if row is None:
        return None
    from deskterm.calendars.promise import RESPONSE, target_words
    from deskterm.storage.targets import Targets, wanted

    promises = Targets(database).of(wanted(dict(row), moment(row["opened_at"])))
    target = promises.targets[RESPONSE, bool(row["urgent"])]
    return (moment(row["response_due"]), target_words(target)) if target is not None else None


def ticket(database: Database, number: int | None) -> PublicTicket | None:
    """Give what a letter may name of a ticket."""
    row = database.one(
        "SELECT t.id, t.state, t.subject, t.body, t.urgent, t.resolution, t.needs, t.approver, "
        "t.approver_id, t.approval, t.approval_at, t.outcome, t.merged_into, t.requester_id, "
        "p.name AS requester, coalesce(nullif(o.name, ''), o.login) AS owner FROM ticket t "
        "LEFT JOIN person p ON p.id = t.requester_id "
        "LEFT JOIN technician o ON o.login = t.assignee WHERE t.id = :id",
        id=number,
    )
    if row is None:
        return None
    found = PublicTicket(*(row[name] for name in PublicTicket._fields))
    return found._replace(
        urgent=bool(row["urgent"]), approval_at=moment_or_none(row["approval_at"])
    )


def entries(database: Database, numbers: Sequence[int]) -> list[PublicEntry]:
    """Give those of the ledger entries that are public, in their order."""
    rows = database.all(
        "SELECT l.id, l.event, l.text, l.changes, l.data, l.actor, p.name AS person, "
        "t.name AS tech FROM ledger l LEFT JOIN person p ON p.id = l.person_id "
        "LEFT JOIN technician t ON t.login = l.actor "
        "WHERE l.public AND l.kind = 'ticket' AND l.id IN :ids ORDER BY l.id",
        ids=numbers,
    )
    return [
        PublicEntry(
            row["id"],
            row["event"],
            row["text"],
            str(row["person"] or row["tech"] or row["actor"]),
            json.loads(row["changes"]),
            json.loads(row["data"]),
        )
        for row in rows
    ]


def newest_of(database: Database, number: int, event: str) -> int | None:
    """Give a ticket's newest public entry of an event."""
    row = database.returned(
        "SELECT max(id) AS id FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
        "AND public AND event = :event",
        id=number,
        event=event,
    )
    return None if row["id"] is None else int(row["id"])


def mails_from_customers(database: Database, number: int) -> list[tuple[datetime, str]]:
    """Give (when, Message-ID) of the mails that a ticket's customers wrote about it."""
    rows = database.all(
        "SELECT at, data FROM ledger WHERE kind = 'ticket' AND subject_id = :id AND public "
        "AND event IN ('opened', 'received') ORDER BY id",
        id=number,
    )
    told = ((moment(row["at"]), json.loads(row["data"]).get("message_id")) for row in rows)
    return [(at, f"<{known}>") for at, known in told if known]


def letters_to(
    database: Database, number: int | None, recipient: str, but: str
) -> list[tuple[datetime, str]]:
    """Give (when, Message-ID) of the letters about a ticket that left for somebody, all but one."""
    rows = database.all(
        "SELECT sent_at, message_id FROM outbox WHERE ticket_id = :id AND recipient = :to "
        "AND state = 'sent' AND sent_at IS NOT NULL AND message_id <> :own ORDER BY id",
        id=number,
        to=recipient,
        own=but,
    )
    return [(moment(row["sent_at"]), row["message_id"]) for row in rows]


def files(database: Database, numbers: Sequence[int]) -> list[SentFile]:
    """Give the files of ledger entries; the caller gives public ones."""
    rows = database.all(
        "SELECT name, media_type, sha256, size FROM attachment WHERE entry_id IN :ids ORDER BY id",
        ids=numbers,
    )
    return [SentFile(*(row[name] for name in SentFile._fields)) for row in rows]


def language(database: Database, person: int | None) -> str:
    """Give the language of a person, else of their organisation, else nothing: the desk's."""
    row = database.one(
        "SELECT coalesce(nullif(p.language, ''), o.language, '') AS language FROM person p "
        "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = :id",
        id=person,
    )
    return str(row["language"]) if row else ""


def recipient(database: Database, person: int | None) -> tuple[str, str]:
    """Give (name, first address) of a person; empty where unknown."""
    row = database.one(
        "SELECT p.name, coalesce(a.address, '') AS address FROM person p "  # noqa: S608 - constants
        f"LEFT JOIN {MAIN_ADDRESS} WHERE p.id = :id",
        id=person,
    )
    return (row["name"], row["address"]) if row else ("", "")


def news_lines(database: Database, letters: Sequence[int]) -> list[NewsLine]:
    """Give the notices that letters to a technician tell of, urgent ones first."""
    rows = database.all(
        "SELECT n.login, n.kind, n.urgent, n.at, n.ticket_id, n.said, t.subject, l.actor, "
        "p.name AS person, d.name AS tech, CASE WHEN l.public THEN l.text ELSE '' END AS words, "
        "CASE WHEN n.ticket_id IS NULL THEN l.text END AS told, "
        "CASE WHEN NOT l.public AND l.text <> '' AND t.id > 0 THEN 1 ELSE 0 END AS internal "
        "FROM notice n LEFT JOIN ticket t ON t.id = n.ticket_id "
        "LEFT JOIN ledger l ON l.id = n.entry_id LEFT JOIN person p ON p.id = l.person_id "
        "LEFT JOIN technician d ON d.login = l.actor "
        "WHERE n.letter_id IN :ids ORDER BY n.urgent DESC, n.id",
        ids=letters,
    )
    return [
        as_row(
            NewsLine,
            row,
            who=row["person"] or row["tech"] or row["actor"] or "",
            words=row["words"] or "",
            subject=row["subject"] or row["told"] or row["said"],
        )
        for row in rows
    ]
