"""Processing: each kept mail becomes a ticket, a reply, machine mail, or is quarantined.

One operation a mail, under an id made from its row, so that doing it twice never doubles. Mails are
parsed outside any transaction; what they change is written in short ones, a savepoint each.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID, uuid5

from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.mail_rows import Processed
from deskterm.domain.text import storable
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.filing import Filing
from deskterm.services.inbox.receive import IMPORTED
from deskterm.services.inbox.rules import MailRules, read_rules
from deskterm.services.inbox.staff import OrderError
from deskterm.services.tickets import Tickets
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError, Work

OPERATIONS = UUID("5d6f7c1e-7b0a-4c8e-9a51-3f1f5a0c9d24")
"""The name space of operation ids that are made from rows."""
ACTOR = "mail"
_BATCH = {"sqlite": 20, "postgresql": 1}
"""Mails a commit: SQLite pays for the disk at each, PostgreSQL would lock tickets for longer."""
_MINE = (
    "SELECT id, pg_advisory_xact_lock(hashtext(key)) FROM inbox "
    "WHERE id = :id AND state = 'waiting' FOR UPDATE SKIP LOCKED"
)
_BYTES = 20_000_000
_TRIES = 3
"""Trouble that is not the mail's own (a race for one address) is tried again so often."""


class _Read(NamedTuple):
    """A waiting mail, parsed, or why it could not be."""

    row: Row
    mail: ParsedMail | None
    reason: str


def process(store: Store, tickets: Tickets, limit: int | None = None) -> Processed:
    """Process waiting mails, oldest first, at most `limit`; gives how many became what.

    Exact copies count as duplicates, once. Safe for several workers at the same time.
    """
    found: Counter[str] = Counter()
    with store.reading() as database:
        rules = read_rules(database)
        found["duplicate"] = _new_copies(database)
        last = 0
        left = limit if limit is not None else 1_000_000_000
        while left > 0:
            rows = _waiting(database, last, min(left, _BATCH[database.dialect]))
            if not rows:
                break
            last = rows[-1]["id"]
            left -= len(rows)
            found.update(_batch(database, tickets, rules, [_read(row, rules) for row in rows]))
    return Processed(
        tickets=found["ticket"],
        replies=found["reply"],
        duplicates=found["duplicate"],
        machine=found["machine"],
        quarantined=found["quarantined"],
    )


def _waiting(database: Database, last: int, most: int) -> list[Row]:
    """Give the next waiting mails with their bytes, as many as fit into memory comfortably."""
    heads = database.all(
        "SELECT id, size FROM inbox WHERE state = 'waiting' AND id > :last ORDER BY id LIMIT :most",
        last=last,
        most=most,
    )
    rows: list[Row] = []
    size = 0
    for head in heads:
        size += head["size"]
        if rows and size > _BYTES:
            break
        row = database.one(
            "SELECT i.id, i.mailbox, i.key, i.sha256, i.received_at, i.envelope_from, "
            "i.envelope_to, i.attempts, b.bytes FROM inbox i JOIN blob b ON b.sha256 = i.sha256 "
            "WHERE i.id = :id",
            id=head["id"],
        )
        rows += [row] if row is not None else []
    return rows


def _read(row: Row, rules: MailRules) -> _Read:
    try:
        mail = parse_mail(bytes(row["bytes"]), rules.limits)
    except Exception as error:  # noqa: BLE001 - the job's edge: one mail may never stop the others
        return _Read(row, None, f"it could not be read: {type(error).__name__}: {error}")
    return _Read(row, mail, mail.over_limit)


def _batch(
    database: Database, tickets: Tickets, rules: MailRules, mails: Sequence[_Read]
) -> Counter[str]:
    """File some mails in one transaction, a savepoint each; gives how many became what."""
    found: Counter[str] = Counter()
    database.begin(write=True)
    try:
        for one in mails:
            if _is_mine(database, one.row["id"]):
                filed = _file(database, tickets, rules, one)
                _settle(database, one, filed)
                found[filed.state] += 1
        if database.dialect == "postgresql":
            database.all("SELECT pg_notify('deskterm', 'inbox')")
        database.commit()
    finally:
        database.rollback()
    return found


def _is_mine(database: Database, number: int) -> bool:
    """Lock a mail that still waits, and its Message-ID; one that another worker has is left to it.

    The same mail from another mailbox waits for this one's end: it is filed once.
    """
    if database.dialect == "sqlite":
        text = "SELECT id FROM inbox WHERE id = :id AND state = 'waiting'"
    else:
        text = _MINE
    return database.one(text, id=number) is not None


def _file(database: Database, tickets: Tickets, rules: MailRules, one: _Read) -> Filed:
    """File one mail, or give why it is quarantined; what it wrote until then is taken back."""
    if one.mail is None or one.reason:
        return Filed("quarantined", one.reason)
    mail = Mail(
        id=one.row["id"],
        parsed=one.mail,
        mailbox=one.row["mailbox"],
        key=one.row["key"],
        envelope_from=one.row["envelope_from"].strip(" <>"),
        envelope_to=_envelope(one.row),
        received_at=moment(one.row["received_at"]),
    )
    try:
        try:
            return _filed(database, tickets, rules, mail)
        except OrderError as error:
            return _filed(database, tickets, rules, mail._replace(refused=str(error)))
    except RepeatedError:
        return Filed("duplicate", "it had been filed before")
    except DatabaseError:
        raise
    except DeskError as error:
        return Filed("quarantined", str(error))
    except Exception as error:  # noqa: BLE001 - the job's edge: one mail may never stop the others
        final = one.row["attempts"] + 1 >= _TRIES
        state = "quarantined" if final else "waiting"
        return Filed(state, f"it could not be filed: {type(error).__name__}: {error}")


def _filed(database: Database, tickets: Tickets, rules: MailRules, mail: Mail) -> Filed:
    """File one mail as one operation; what it wrote is taken back where it raises."""
    work = Work(database, str(uuid5(OPERATIONS, f"inbox {mail.id}")), ACTOR, dry=False)
    with _savepoint(database):
        work.claim("mail")
        filed = Filing(work, tickets, rules).file(mail)
        if mail.mailbox != IMPORTED:
            work.follow()
        return filed


def _envelope(row: Row) -> tuple[str, ...]:
    return tuple(str(row["envelope_to"]).replace(",", " ").split())


@contextmanager
def _savepoint(database: Database) -> Iterator[None]:
    """Take back what one mail wrote where it fails, and keep what the others wrote."""
    database.run("SAVEPOINT one_mail")
    try:
        yield
    except BaseException:
        if database.in_transaction or database.broken:
            database.run("ROLLBACK TO SAVEPOINT one_mail")
        raise
    else:
        database.run("RELEASE SAVEPOINT one_mail")


def _settle(database: Database, one: _Read, filed: Filed) -> None:
    """Write on the inbox row what became of the mail."""
    mail = one.mail
    database.run(
        "UPDATE inbox SET state = :state, reason = :reason, subject = :subject, sender = :sender, "
        "ticket_id = :ticket, attempts = attempts + 1 WHERE id = :id",
        state=filed.state,
        reason=storable(filed.reason)[:1_000],
        subject=mail.subject[:400] if mail else "",
        sender=mail.from_email[:400] if mail else "",
        ticket=filed.ticket,
        id=one.row["id"],
    )


def _new_copies(database: Database) -> int:
    """Give how many exact copies came since they were last counted; writes only where some did."""
    there, before = _copies(database)
    if there == before:
        return 0
    database.begin(write=True)
    try:
        there, before = _copies(database)
        database.run(
            "INSERT INTO counter (name, value) VALUES ('inbox copies', :n) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            n=there,
        )
        database.commit()
        return max(0, there - before)
    finally:
        database.rollback()


def _copies(database: Database) -> tuple[int, int]:
    """Give (exact copies that came, those counted before)."""
    told = database.one("SELECT value FROM counter WHERE name = 'inbox copies'")
    row = database.one("SELECT coalesce(sum(copies), 0) AS n FROM inbox WHERE copies > 0")
    return (int(row["n"]) if row else 0), (int(told["value"]) if told else 0)
