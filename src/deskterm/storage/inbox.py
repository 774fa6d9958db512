"""Mails as they came: kept, waiting, filed by one worker, and what became of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import BusyError
from deskterm.domain.mail_rows import Accepted, InboxRow
from deskterm.domain.text import storable
from deskterm.storage import blobs
from deskterm.storage.driver import Database, Row, as_row, moment
from deskterm.storage.search import like_pattern

_COLUMNS = "id, received_at, state, reason, sender, subject, ticket_id, size, copies"
_SKIP = " FOR UPDATE SKIP LOCKED"
_LOCK = "SELECT id, {} AS locked FROM inbox WHERE id = :id AND state = 'waiting'{}"
_MINE = {
    (dialect, wait): _LOCK.format(*how)
    for dialect, wait, how in (
        ("sqlite", True, ("1", "")),
        ("sqlite", False, ("1", "")),
        ("postgresql", True, ("pg_advisory_xact_lock(hashtext(key))", _SKIP)),
        ("postgresql", False, ("pg_try_advisory_xact_lock(hashtext(key))", _SKIP)),
    )
}
"""(Database, whether to wait for the same mail from another mailbox) → how a mail is locked."""
_SAME = (
    "SELECT id, mailbox, state, ticket_id, sha256 FROM inbox "
    "WHERE key = :key AND id <> :id ORDER BY id LIMIT :most"
)
_COMPARED = 20
"""Mails of one Message-ID that are compared: somebody may send the same one a thousand times."""
_WORDS = 10
LOOKED_AT = 500
"""Mails of machines that are looked at for those without a ticket."""


class Came(NamedTuple):
    """How a mail came: where to, under which key, and between which addresses."""

    mailbox: str
    key: str
    """Its Message-ID; the same mail from two mailboxes has it twice."""
    envelope_from: str
    envelope_to: str


class Waiting(NamedTuple):
    """A mail that waits to be filed."""

    id: int
    came: Came
    received_at: datetime
    attempts: int
    raw: bytes


class SameKey(NamedTuple):
    """Another mail of the same Message-ID."""

    id: int
    mailbox: str
    state: str
    ticket_id: int | None
    sha256: str


class Locked(NamedTuple):
    """A mail that is ours to file."""

    same: Sequence[SameKey]
    """The first others of its Message-ID."""
    done: bool
    """Whether it was filed before."""


class Outcome(NamedTuple):
    """What became of a mail."""

    state: str
    reason: str
    subject: str = ""
    sender: str = ""
    ticket: int | None = None


def keep(database: Database, raw: bytes, came: Came, at: datetime) -> Accepted:
    """Keep a mail; an exact copy is counted on the one that is there."""
    digest = blobs.keep(database, raw)
    row = database.returned(
        "INSERT INTO inbox (mailbox, key, sha256, size, received_at, envelope_from, envelope_to, "
        "state, reason, subject, sender, attempts, copies) VALUES (:mailbox, :key, :sha256, "
        ":size, :now, :sender, :recipient, 'waiting', '', '', '', 0, 0) "
        "ON CONFLICT (mailbox, key, sha256) DO UPDATE SET copies = inbox.copies + 1 "
        "RETURNING id, copies",
        mailbox=storable(came.mailbox),
        key=came.key or digest,
        sha256=digest,
        size=len(raw),
        now=at,
        sender=came.envelope_from,
        recipient=came.envelope_to,
    )
    return Accepted(int(row["id"]), row["copies"] > 0)


def notify(database: Database) -> None:
    """Wake whoever watches the inbox on PostgreSQL; SQLite is watched by its version."""
    if database.dialect == "postgresql":
        database.later("SELECT pg_notify('deskterm', 'inbox')")


def waiting(database: Database, after: int, most: int, size: int) -> list[Waiting]:
    """Give the next waiting mails with their bytes, at least one and not more than `size` bytes."""
    heads = database.all(
        "SELECT id, size FROM inbox WHERE state = 'waiting' AND id > :last ORDER BY id LIMIT :most",
        last=after,
        most=most,
    )
    chosen: list[int] = []
    for head in heads:
        size -= head["size"]
        if chosen and size < 0:
            break
        chosen.append(head["id"])
    rows = database.all(
        "SELECT i.id, i.mailbox, i.key, i.received_at, i.envelope_from, "
        "i.envelope_to, i.attempts, b.bytes FROM inbox i JOIN blob b ON b.sha256 = i.sha256 "
        "WHERE i.id IN :ids ORDER BY i.id",
        ids=chosen,
    )
    return [_waiting(row) for row in rows]


def lock(database: Database, kept: Waiting, operation: str, *, wait: bool) -> Locked | None:
    """Lock a mail that still waits, and its Message-ID; one that another worker has is left to it.

    The same mail from another mailbox waits for this one's end: it is filed once. Without `wait`
    it raises BusyError instead. `operation` is that of its filing.
    """
    mine, same, done = database.together(
        (_MINE[database.dialect, wait], {"id": kept.id}),
        (_SAME, {"key": kept.came.key, "id": kept.id, "most": _COMPARED}),
        ("SELECT id FROM operation WHERE id = :id", {"id": operation}),
    )
    if not mine:
        return None
    if mine[0]["locked"] is False:
        raise BusyError("the same mail is being filed from another mailbox.")
    rows = [SameKey(*(row[name] for name in SameKey._fields)) for row in same]
    return Locked(rows, bool(done))


def do_not_wait(database: Database) -> None:
    """From now on a statement of this transaction waits for a lock no more than a moment."""
    if database.dialect == "postgresql":
        database.later("SET LOCAL lock_timeout = '100ms'")


def settle(database: Database, number: int, outcome: Outcome) -> None:
    """Write on a mail what became of it."""
    database.later(
        "UPDATE inbox SET state = :state, reason = :reason, subject = :subject, sender = :sender, "
        "ticket_id = :ticket, attempts = attempts + 1 WHERE id = :id",
        state=outcome.state,
        reason=storable(outcome.reason)[:1_000],
        subject=outcome.subject[:400],
        sender=outcome.sender[:400],
        ticket=outcome.ticket,
        id=number,
    )


def copies(database: Database) -> tuple[int, int]:
    """Give (exact copies that came, those counted before)."""
    told = database.one("SELECT value FROM counter WHERE name = 'inbox copies'")
    row = database.returned("SELECT coalesce(sum(copies), 0) AS n FROM inbox WHERE copies > 0")
    return int(row["n"]), (int(told["value"]) if told else 0)


def is_settled(database: Database) -> bool:
    """Tell whether there is nothing to do: no mail waits, and every copy is counted."""
    waits = database.one("SELECT id FROM inbox WHERE state = 'waiting' LIMIT 1")
    there, before = copies(database)
    return waits is None and there == before


def count_copies(database: Database, there: int) -> None:
    """Note how many copies were counted."""
    database.run(
        "INSERT INTO counter (name, value) VALUES ('inbox copies', :n) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        n=there,
    )


def shelf(database: Database, states: Sequence[str], words: str, most: int) -> list[InboxRow]:
    """Give the newest mails in one of these states, or in any, that have all of these words."""
    conditions = ["state IN :states"] if states else []
    values = {}
    for place, word in enumerate(words.lower().split()[:_WORDS]):
        conditions.append(
            f"lower(sender || ' ' || subject || ' ' || reason) LIKE :w{place} ESCAPE '!'"
        )
        values[f"w{place}"] = like_pattern(word)
    where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
    rows = database.all(
        f"SELECT {_COLUMNS} FROM inbox {where}ORDER BY id DESC LIMIT :limit",  # noqa: S608 - constants
        limit=most,
        states=states,
        **values,
    )
    return [_row(row) for row in rows]


def old_history(database: Database, before: datetime) -> list[tuple[int, datetime]]:
    """Give the open tickets made of imported mail, and when last something happened on them.

    Only those of which all is older than `before`, and on which nobody worked since.
    """
    rows = database.all(
        "SELECT t.id, max(l.at) AS last FROM ticket t JOIN ledger l ON l.kind = 'ticket' "
        "AND l.subject_id = t.id WHERE t.is_open AND t.id IN (SELECT ticket_id FROM inbox "
        "WHERE mailbox = 'import' AND ticket_id IS NOT NULL) GROUP BY t.id "
        "HAVING max(l.at) < :before ORDER BY t.id",
        before=before,
    )
    return [(row["id"], moment(row["last"])) for row in rows]


class Standing(NamedTuple):
    """How mail that came in stands, in a few figures."""

    held_back: int
    """Mails that wait for a person."""
    of_machines: int
    """Mails of machines that came lately and belong to no ticket."""
    takes_mail: bool
    """Whether mail comes to the desk: from a mailbox of its own, or handed over before."""


def standing(database: Database, since: datetime) -> Standing:
    """Give how mail stands, asked in one statement; `since` is what lately means.

    Mails of machines are counted among the newest `LOOKED_AT` alone: most are on a ticket, and
    there are more every year.
    """
    row = database.returned(
        "SELECT (SELECT count(*) FROM inbox WHERE state = 'quarantined') AS held_back, "
        "(SELECT count(*) FROM (SELECT ticket_id, received_at, mailbox FROM inbox "
        "WHERE state = 'machine' ORDER BY id DESC LIMIT :some) AS newest "
        "WHERE ticket_id IS NULL AND received_at >= :since AND mailbox <> 'import') AS machines, "
        "EXISTS (SELECT 1 FROM mailbox) OR EXISTS (SELECT 1 FROM inbox) AS takes_mail",
        some=LOOKED_AT,
        since=since,
    )
    return Standing(row["held_back"], row["machines"], bool(row["takes_mail"]))


def counts(database: Database) -> dict[str, int]:
    """Give state → how many mails."""
    rows = database.all("SELECT state, count(*) AS n FROM inbox GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


def mail(database: Database, number: int) -> tuple[InboxRow, bytes] | None:
    """Give a mail with its bytes."""
    row = database.one(
        "SELECT i.id, i.received_at, i.state, i.reason, i.sender, i.subject, i.ticket_id, "
        "i.size, i.copies, b.bytes FROM inbox i JOIN blob b ON b.sha256 = i.sha256 "
        "WHERE i.id = :id",
        id=number,
    )
    return (_row(row), bytes(row["bytes"])) if row else None


def state(database: Database, number: int) -> tuple[str, str, int | None] | None:
    """Give (state, reason, ticket) of a mail."""
    row = database.one("SELECT state, reason, ticket_id FROM inbox WHERE id = :id", id=number)
    return (row["state"], row["reason"], row["ticket_id"]) if row else None


def move(database: Database, number: int, to: str, reason: str) -> None:
    """Put a mail into another state; it is tried from the start."""
    database.run(
        "UPDATE inbox SET state = :to, reason = :reason, attempts = 0 WHERE id = :id",
        to=to,
        reason=reason,
        id=number,
    )


def _waiting(row: Row) -> Waiting:
    came = Came(row["mailbox"], row["key"], row["envelope_from"], row["envelope_to"])
    return Waiting(
        row["id"], came, moment(row["received_at"]), row["attempts"], bytes(row["bytes"])
    )


def _row(row: Row) -> InboxRow:
    return as_row(InboxRow, row)


class Unasked(NamedTuple):
    """What machines sent to a mailbox that belongs to no ticket."""

    mailbox: str
    group_id: int | None
    many: int


def unasked(database: Database, since: datetime, until: datetime) -> list[Unasked]:
    """Give how many mails of machines without a ticket came between two times, by mailbox.

    Of the newest `LOOKED_AT` alone, as they are counted elsewhere.
    """
    rows = database.all(
        "SELECT i.mailbox, m.group_id, count(*) AS many FROM (SELECT id, ticket_id, received_at, "
        "mailbox FROM inbox WHERE state = 'machine' ORDER BY id DESC LIMIT :some) AS i "
        "LEFT JOIN mailbox m ON m.name = i.mailbox WHERE i.ticket_id IS NULL "
        "AND i.received_at >= :since AND i.received_at < :until AND i.mailbox <> 'import' "
        "GROUP BY i.mailbox, m.group_id ORDER BY i.mailbox",
        some=LOOKED_AT,
        since=since,
        until=until,
    )
    return [as_row(Unasked, row) for row in rows]
