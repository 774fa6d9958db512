"""Processing: each kept mail becomes a ticket, a reply, machine mail, or is quarantined.

One operation a mail, under an id made from its row, so that doing it twice never doubles. Mails are
parsed outside any transaction; what they change is written in short ones, a savepoint each.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID, uuid5

from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.mail_rows import Processed
from deskterm.mail.desk_view import seen_by
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.filing import Filing
from deskterm.services.inbox.receive import IMPORTED
from deskterm.services.inbox.rules import MailRules, read_rules
from deskterm.services.inbox.staff import OrderError
from deskterm.services.tickets.operation import Tickets
from deskterm.storage import inbox
from deskterm.storage.driver import Database
from deskterm.storage.store import Store
from deskterm.storage.ticket.news import hush
from deskterm.storage.work import RepeatedError, unit_within

OPERATIONS = UUID("5d6f7c1e-7b0a-4c8e-9a51-3f1f5a0c9d24")
"""The name space of operation ids that are made from rows."""
ACTOR = "mail"
_BATCH = {"sqlite": 20, "postgresql": 1}
"""Mails a commit: SQLite pays for the disk at each, PostgreSQL would lock tickets for longer."""
_BYTES = 20_000_000
_TRIES = 3
"""Trouble that is not the mail's own (a race for one address) is tried again so often."""


class _Read(NamedTuple):
    """A waiting mail, parsed, or why it could not be."""

    kept: inbox.Waiting
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
            some = min(left, _BATCH[database.dialect])
            mails = inbox.waiting(database, last, some, _BYTES)
            if not mails:
                break
            last = mails[-1].id
            left -= len(mails)
            found.update(_batch(database, tickets, rules, [_read(one, rules) for one in mails]))
    return Processed(
        tickets=found["ticket"],
        replies=found["reply"],
        duplicates=found["duplicate"],
        machine=found["machine"],
        quarantined=found["quarantined"],
    )


def _read(kept: inbox.Waiting, rules: MailRules) -> _Read:
    try:
        mail = seen_by(parse_mail(kept.raw, rules.limits), rules.desk, _addresses(kept))
    except Exception as error:  # noqa: BLE001 - the job's edge: one mail may never stop the others
        return _Read(kept, None, f"it could not be read: {type(error).__name__}: {error}")
    return _Read(kept, mail, mail.over_limit)


def _addresses(kept: inbox.Waiting) -> tuple[str, ...]:
    return tuple(kept.came.envelope_to.replace(",", " ").split())


def _batch(
    database: Database, tickets: Tickets, rules: MailRules, mails: Sequence[_Read]
) -> Counter[str]:
    """File some mails in one transaction, a savepoint each; gives how many became what."""
    found: Counter[str] = Counter()
    database.begin(write=True)
    try:
        for one in mails:
            if inbox.lock(database, one.kept.id):
                filed = _file(database, tickets, rules, one)
                inbox.settle(database, one.kept.id, _outcome(one.mail, filed))
                found[filed.state] += 1
        inbox.notify(database)
        database.commit()
    finally:
        database.rollback()
    return found


def _file(database: Database, tickets: Tickets, rules: MailRules, one: _Read) -> Filed:
    """File one mail, or give why it is quarantined; what it wrote until then is taken back."""
    if one.mail is None or one.reason:
        return Filed("quarantined", one.reason)
    mail = Mail(
        id=one.kept.id,
        parsed=one.mail,
        mailbox=one.kept.came.mailbox,
        key=one.kept.came.key,
        envelope_from=one.kept.came.envelope_from.strip(" <>"),
        envelope_to=_addresses(one.kept),
        received_at=one.kept.received_at,
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
        final = one.kept.attempts + 1 >= _TRIES
        state = "quarantined" if final else "waiting"
        return Filed(state, f"it could not be filed: {type(error).__name__}: {error}")


def _filed(database: Database, tickets: Tickets, rules: MailRules, mail: Mail) -> Filed:
    """File one mail as one operation; what it wrote is taken back where it raises."""
    operation = str(uuid5(OPERATIONS, f"inbox {mail.id}"))
    with unit_within(database, operation, ACTOR) as work:
        work.claim("mail")
        if mail.mailbox == IMPORTED:
            hush(work)  # history is nobody's news
            work.at = mail.opened_at  # and each entry stands at its own time
        return Filing(work, tickets, rules).file(mail)


def _outcome(mail: ParsedMail | None, filed: Filed) -> inbox.Outcome:
    sender = (mail.subject, mail.from_email) if mail else ("", "")
    return inbox.Outcome(filed.state, filed.reason, *sender, filed.ticket)


def _new_copies(database: Database) -> int:
    """Give how many exact copies came since they were last counted; writes only where some did."""
    there, before = inbox.copies(database)
    if there == before:
        return 0
    database.begin(write=True)
    try:
        there, before = inbox.copies(database)
        inbox.count_copies(database, there)
        database.commit()
        return max(0, there - before)
    finally:
        database.rollback()
