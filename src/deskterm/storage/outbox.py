"""Letters as they wait, are claimed, sent, put back and given up; each change names who may do it.

A letter's states: queued → claimed → sent or failed; withdrawn ones never left.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from deskterm.storage import bulk
from deskterm.storage.driver import Database, Question, Row, as_row, insert_text, json_text, moment
from deskterm.storage.work import Work

_COLUMNS = (
    "id, ticket_id, person_id, recipient, recipient_name, template, message_id, entries, data, "
    "created_at, attempts, sha256"
)
DUE = """((state = 'queued' AND (not_before <= :due OR created_at > :wrong
OR (attempts > 0 AND not_before > :too_long)))
OR (state = 'claimed' AND (held_until < :now OR held_until > :wrong)))"""
"""What is due of a queue, and what a clock that was wrong would keep for ever (`Times`)."""

_WRITTEN = (
    "SELECT ticket_id, recipient, created_at FROM outbox WHERE ticket_id IN :tickets "
    "AND state <> 'withdrawn' AND created_at > :since"
)


_ACKNOWLEDGED = (
    "SELECT count(*) AS n FROM (SELECT template, state, created_at FROM outbox "
    "WHERE person_id = :person ORDER BY id DESC LIMIT :newest) AS letter "
    "WHERE template = 'opened' AND state <> 'withdrawn' AND created_at > :since"
)
_NEWEST = 500
"""Letters to one person that are looked through for acknowledgements."""


class Letter(NamedTuple):
    """A letter as it is stored, with all that it is written from."""

    id: int
    ticket_id: int | None
    """None where it is about no single ticket."""
    person_id: int | None
    recipient: str
    recipient_name: str
    template: str
    message_id: str
    entries: tuple[int, ...]
    """The ledger entries it tells of."""
    data: Mapping[str, Any]
    created_at: datetime
    attempts: int = 0
    sha256: str | None = None
    """The hash of its bytes, once they are frozen."""


class NewLetter(NamedTuple):
    """A letter to be written."""

    recipient: str
    recipient_name: str
    template: str
    message_id: str
    not_before: datetime
    ticket_id: int | None = None
    person_id: int | None = None
    entries: Sequence[int] = ()
    data: Mapping[str, object] = {}


class Waiting(NamedTuple):
    """A letter that is due, as far as it matters with which others it travels."""

    id: int
    ticket_id: int | None
    recipient: str
    template: str
    sha256: str | None


class Times(NamedTuple):
    """When a letter is due, and which of its times were set by a clock that was wrong."""

    now: datetime
    due: datetime
    """What waits until then is due."""
    wrong: datetime
    """What was written or is held later than this was written by a wrong clock."""
    too_long: datetime
    """No letter that was tried waits until then."""


def queue(work: Work, new: NewLetter) -> None:
    """Write a letter of this operation."""
    row = _row(work, new)
    work.spine.later(insert_text("outbox", tuple(row)), **row)


def queue_numbered(work: Work, new: NewLetter) -> int:
    """Write a letter of this operation that others refer to; gives its number."""
    return work.spine.add("outbox", **_row(work, new))


def queue_many(work: Work, letters: Iterable[NewLetter]) -> None:
    """Write many letters of this operation, thousands a statement."""
    bulk.write(work.spine, "outbox", [_row(work, one) for one in letters])


def _row(work: Work, new: NewLetter) -> dict[str, object]:
    return {
        **new._asdict(),
        "operation_id": work.id,
        "entries": json_text(list(new.entries)),
        "data": json_text(new.data),
        "state": "queued",
        "created_at": work.at,
        "attempts": 0,
        "error": "",
    }


def extend(database: Database, message_id: str, template: str, entries: Sequence[int]) -> None:
    """Let a letter of this operation tell of these entries."""
    database.later(
        "UPDATE outbox SET entries = :entries, template = :template WHERE message_id = :id",
        entries=json_text(list(entries)),
        template=template,
        id=message_id,
    )


def due(database: Database, times: Times) -> list[Waiting]:
    """Give what is due, those that were never tried first."""
    rows = database.all(
        f"SELECT id, ticket_id, recipient, template, sha256 FROM outbox WHERE {DUE} "  # noqa: S608 - constants
        "ORDER BY CASE WHEN attempts = 0 THEN 0 ELSE 1 END, id",
        **times._asdict(),
    )
    return [Waiting(*(row[name] for name in Waiting._fields)) for row in rows]


def lock_due(database: Database, numbers: Sequence[int], times: Times) -> dict[int, Letter]:
    """Lock those letters that are still due; another sender's are left alone."""
    skip = " FOR UPDATE SKIP LOCKED" if database.dialect == "postgresql" else ""
    rows = database.all(
        f"SELECT {_COLUMNS} FROM outbox WHERE id IN :ids "  # noqa: S608 - constants
        f"AND {DUE} ORDER BY id{skip}",
        ids=numbers,
        **times._asdict(),
    )
    return {row["id"]: _letter(row) for row in rows}


def waiting(database: Database, ticket: int, person: int, template: str) -> list[int]:
    """Give the letters of that kind to a person about a ticket that nobody has sent or tried."""
    rows = database.all(
        "SELECT id FROM outbox WHERE ticket_id = :ticket AND person_id = :person "
        "AND template = :template AND state = 'queued' AND attempts = 0 ORDER BY id",
        ticket=ticket,
        person=person,
        template=template,
    )
    return [row["id"] for row in rows]


def letter(database: Database, number: int) -> Letter | None:
    """Give a letter by its number; None where there is none."""
    row = database.one(
        f"SELECT {_COLUMNS} FROM outbox WHERE id = :id",  # noqa: S608 - constants
        id=number,
    )
    return _letter(row) if row else None


def letter_of(database: Database, message_id: str) -> Letter | None:
    """Give a letter by its Message-ID without the brackets; None where it is no letter of ours."""
    row = database.one(
        f"SELECT {_COLUMNS} FROM outbox WHERE message_id = :id",  # noqa: S608 - constants
        id=f"<{message_id}>",
    )
    return _letter(row) if row else None


def came_back(database: Database, letter: Letter, why: str) -> list[int]:
    """Give up a letter that was sent, and those in the same mail; gives their numbers."""
    rows = database.all(
        "UPDATE outbox SET state = 'failed', error = :why WHERE state = 'sent' AND (id = :id OR "
        "(ticket_id = :ticket AND recipient = :recipient AND sha256 = :sha256)) RETURNING id",
        why=why,
        id=letter.id,
        ticket=letter.ticket_id,
        recipient=letter.recipient,
        sha256=letter.sha256,
    )
    return sorted(row["id"] for row in rows)


def notes_in(database: Database, message_id: str) -> int | None:
    """Give how many internal notes the mail of that Message-ID told of; None: no mail of ours."""
    row = database.one(
        "SELECT o.id, (SELECT count(*) FROM outbox s JOIN notice n ON n.letter_id = s.id "
        "JOIN ledger l ON l.id = n.entry_id WHERE NOT l.public AND l.text <> '' "
        "AND n.ticket_id > 0 AND (s.id = o.id OR s.sha256 = o.sha256)) AS notes "
        "FROM outbox o WHERE o.message_id = :id",
        id=f"<{message_id}>",
    )
    return None if row is None else int(row["notes"])


def claim(database: Database, numbers: Sequence[int], holder: str, until: datetime) -> None:
    """Hand letters to a sender, who tries them now."""
    database.run(
        "UPDATE outbox SET state = 'claimed', holder = :holder, "
        "held_until = :until, attempts = attempts + 1 WHERE id IN :ids",
        holder=holder,
        until=until,
        ids=numbers,
    )


def renew(database: Database, numbers: Sequence[int], holder: str, until: datetime) -> bool:
    """Hold a claim for longer; False where somebody else has one of the letters by now."""
    touched = database.run(
        "UPDATE outbox SET held_until = :until "
        "WHERE state = 'claimed' AND holder = :holder AND id IN :ids",
        until=until,
        holder=holder,
        ids=numbers,
    )
    return touched == len(numbers)


def freeze(database: Database, numbers: Sequence[int], digest: str) -> None:
    """Note the hash of the bytes in which letters travel together."""
    database.run("UPDATE outbox SET sha256 = :sha256 WHERE id IN :ids", sha256=digest, ids=numbers)


def give_back(database: Database, numbers: Sequence[int], holder: str) -> None:
    """Queue a sender's letters again that were not tried."""
    database.run(
        "UPDATE outbox SET state = 'queued', attempts = attempts - 1, holder = NULL, "
        "held_until = NULL WHERE state = 'claimed' AND holder = :me AND id IN :ids",
        me=holder,
        ids=numbers,
    )


def put_back(
    database: Database, numbers: Sequence[int], holder: str, later: datetime, why: str
) -> None:
    """Queue a sender's letters again for a later try."""
    database.run(
        "UPDATE outbox SET state = 'queued', not_before = :later, error = :why, holder = NULL, "
        "held_until = NULL WHERE state = 'claimed' AND holder = :me AND id IN :ids",
        later=later,
        why=why,
        me=holder,
        ids=numbers,
    )


def fail(database: Database, numbers: Sequence[int], holder: str, why: str) -> bool:
    """Give a sender's letters up; False where they are no longer the sender's."""
    touched = database.run(
        "UPDATE outbox SET state = 'failed', error = :why, holder = NULL, "
        "held_until = NULL WHERE state = 'claimed' AND holder = :me AND id IN :ids",
        why=why,
        me=holder,
        ids=numbers,
    )
    return touched > 0


def sent(database: Database, numbers: Sequence[int], at: datetime) -> None:
    """Note that letters left, whoever holds them by now."""
    database.run(
        "UPDATE outbox SET state = 'sent', sent_at = :now, error = '', "
        "holder = NULL, held_until = NULL WHERE state IN ('claimed', 'queued') "
        "AND id IN :ids",
        now=at,
        ids=numbers,
    )


def put_off(database: Database, numbers: Sequence[int], until: datetime) -> None:
    """Let queued letters wait for others to join them."""
    database.run(
        "UPDATE outbox SET not_before = :free WHERE id IN :ids AND state = 'queued'",
        free=until,
        ids=numbers,
    )


def written_asked(tickets: Sequence[int], since: datetime) -> Question:
    """Give what asks for the letters about tickets that were written since then."""
    return _WRITTEN, {"tickets": tickets, "since": since}


def written(rows: Sequence[Row]) -> dict[int, dict[str, list[datetime]]]:
    """Give ticket → address → when letters were written, from the answer."""
    found: dict[int, dict[str, list[datetime]]] = {}
    for row in rows:
        times = found.setdefault(row["ticket_id"], {}).setdefault(row["recipient"], [])
        times.append(moment(row["created_at"]))
    return found


def acknowledged_asked(person: int, since: datetime) -> Question:
    """Give what asks how many of a person's newest letters only said that a mail arrived."""
    return _ACKNOWLEDGED, {"person": person, "since": since, "newest": _NEWEST}


def asked_in(database: Database, message_id: str, person: int) -> list[tuple[int, str, str]]:
    """Give (ticket, template, entries as JSON) of the letters in one mail to a person."""
    rows = database.all(
        "SELECT o.ticket_id, o.template, o.entries FROM outbox o JOIN outbox m "
        "ON o.id = m.id OR (o.ticket_id = m.ticket_id AND o.sha256 = m.sha256) "
        "WHERE m.message_id = :message AND o.person_id = :person AND o.ticket_id IS NOT NULL "
        "ORDER BY o.id DESC",
        message=message_id,
        person=person,
    )
    return [(row["ticket_id"], row["template"], row["entries"]) for row in rows]


def ticket_of(database: Database, number: int) -> int | None:
    """Give the ticket that a letter was about, if about one."""
    row = database.one("SELECT ticket_id FROM outbox WHERE id = :id", id=number)
    return row["ticket_id"] if row else None


def under_way(database: Database, ticket: int, digest: str) -> int:
    """Give how many letters about a ticket still travel in these frozen bytes."""
    row = database.returned(
        "SELECT count(*) AS n FROM outbox WHERE ticket_id = :ticket AND sha256 = :sha256 "
        "AND state IN ('queued', 'claimed')",
        ticket=ticket,
        sha256=digest,
    )
    return int(row["n"])


def last_sent(database: Database, ticket: int, recipient: str) -> datetime | None:
    """Give when a letter about a ticket last left for somebody."""
    row = database.returned(
        "SELECT max(sent_at) AS at FROM outbox WHERE ticket_id = :ticket "
        "AND recipient = :recipient AND state = 'sent'",
        ticket=ticket,
        recipient=recipient,
    )
    return None if row["at"] is None else moment(row["at"])


def sent_between(database: Database, since: datetime, until: datetime) -> int:
    """Give how many mails left; letters that travelled together are one."""
    row = database.returned(
        "SELECT count(DISTINCT sha256) AS n FROM outbox WHERE sent_at > :since AND sent_at <= :now",
        since=since,
        now=until,
    )
    return int(row["n"])


def others_left_since(database: Database, since: datetime, recipient: str) -> bool:
    """Tell whether the server took letters to others since then."""
    row = database.returned(
        "SELECT count(*) AS n FROM outbox WHERE sent_at > :since AND recipient <> :recipient",
        since=since,
        recipient=recipient,
    )
    return int(row["n"]) > 0


def newest_about(database: Database, ticket: int, most: int) -> list[int]:
    """Give the newest letters about a ticket that were not withdrawn, the newest first."""
    rows = database.all(
        "SELECT id FROM outbox WHERE ticket_id = :id AND state <> 'withdrawn' "
        "ORDER BY id DESC LIMIT :most",
        id=ticket,
        most=most,
    )
    return [row["id"] for row in rows]


def _letter(row: Row) -> Letter:
    entries = tuple(int(one) for one in json.loads(row["entries"]))
    return as_row(Letter, row, entries=entries, data=json.loads(row["data"]))


def begin_again(database: Database, number: int, at: datetime) -> None:
    """Let a letter's tries count from now on."""
    database.run(
        "UPDATE outbox SET attempts = 0, created_at = :at WHERE id = :id", at=at, id=number
    )
