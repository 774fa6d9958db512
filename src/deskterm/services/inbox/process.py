"""Processing: each kept mail becomes a ticket, a reply, machine mail, or is quarantined.

One operation a mail, under an id made from its row, so that doing it twice never doubles. Mails are
parsed outside any transaction; what they change is written in short ones, a savepoint each.
"""

from collections import Counter
from collections.abc import Sequence
from time import monotonic
from typing import NamedTuple
from uuid import uuid5

from deskterm.domain.errors import BusyError, DatabaseError, DeskError
from deskterm.domain.mail_rows import Processed
from deskterm.mail.desk_view import seen_by
from deskterm.mail.parse import parse_mail
from deskterm.mail.parsed import ParsedMail
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.filing import Filing
from deskterm.services.inbox.receive import IMPORTED
from deskterm.services.inbox.rules import MailRules, read_rules
from deskterm.services.inbox.staff import OrderError
from deskterm.services.rhythm import OPERATIONS
from deskterm.services.tickets.operation import Tickets
from deskterm.storage import inbox
from deskterm.storage.driver import Database
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import give_numbers_back
from deskterm.storage.ticket.news import hush
from deskterm.storage.work import Common, Doing, unit_within

ACTOR = "mail"
_BATCH = 20
"""Mails a commit at most: each pays for the disk."""
_SECONDS = 0.25
"""So long a commit waits for further mails at most: others wait for its tickets and its lock."""
_BYTES = 20_000_000
_TRIES = 3
"""Trouble that is not the mail's own (a race for one address) is tried again so often."""


class _Read(NamedTuple):
    """A waiting mail, parsed, or why it could not be."""

    kept: inbox.Waiting
    mail: ParsedMail | None
    reason: str
    """Why it is put aside."""
    refused: str = ""
    """Why what a technician asks for in it is not done."""
    later: str = ""
    """Why it has to wait."""


class _Desk(NamedTuple):
    """What a batch of mails is filed with."""

    database: Database
    tickets: Tickets
    rules: MailRules
    common: Common
    alone: bool
    """Whether the batch is one mail, so that what goes wrong is its own."""
    doings: list[Doing] | None = None
    """In a trial: what the mail asks for."""


def process(store: Store, tickets: Tickets, limit: int | None = None) -> Processed:
    """Process waiting mails, oldest first, at most `limit`; gives how many became what.

    Exact copies count as duplicates, once. Safe for several workers at the same time.
    """
    found: Counter[str] = Counter()
    with store.reading(long=True) as database:
        rules = read_rules(database)
        found["duplicate"] = _new_copies(database)
        last = 0
        left = limit if limit is not None else 1_000_000_000
        read: list[_Read] = []
        while left > 0:
            if not read:
                mails = inbox.waiting(database, last, min(left, _BATCH), _BYTES)
                read = [_read(one, rules) for one in mails]
            if not read:
                break
            desk = _Desk(database, tickets, rules, Common(), alone=False)
            asks = tickets.guard is not None and tickets.guard.is_asked()
            became = _asked_first(desk, read[0]) if asks else _some(desk, read)
            found.update(one for one in became if one)
            last = read[len(became) - 1].kept.id
            left -= len(became)
            read = read[len(became) :]
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


def _some(desk: _Desk, mails: Sequence[_Read]) -> list[str]:
    """File some mails in one transaction, or the first alone where one of them is in the way."""
    first = mails[:1]
    try:
        return _batch(desk._replace(common=Common(len(mails))), mails)
    except BusyError:
        return _batch(desk._replace(common=Common(), alone=True), first)
    except DeskError:
        raise
    except Exception:  # noqa: BLE001 - whose it was is seen where each is filed alone
        return _batch(desk._replace(common=Common(), alone=True), first)


def _asked_first(desk: _Desk, one: _Read) -> list[str]:
    """File one mail after the hooks of this machine were asked about what a trial of it did."""
    from deskterm.services.hooks import MAIL, HookError

    alone = desk._replace(common=Common(), alone=True)
    guard = desk.tickets.guard
    try:
        if guard is not None:
            guard.tried(desk.tickets, _trial(alone, one), MAIL)
    except HookError as error:
        if error.trouble:
            one = one._replace(later=str(error))
        elif error.actor in (ACTOR, "customer"):
            one = one._replace(reason=str(error))
        else:
            one = one._replace(refused=str(error))
    return _batch(alone._replace(common=Common()), [one])


def _trial(desk: _Desk, one: _Read) -> Sequence[Doing]:
    """Give what a mail asks for: it is filed, and all of it is taken back."""
    doings: list[Doing] = []
    if one.kept.came.mailbox == IMPORTED:
        return doings
    operation = str(uuid5(OPERATIONS, f"inbox {one.kept.id}"))
    desk.database.begin(write=True)
    try:
        mine = inbox.lock(desk.database, one.kept, operation, wait=True)
        if mine is not None and not mine.done:
            _file(desk._replace(doings=doings), one, mine.same, operation)
    finally:
        desk.database.rollback()
    return doings


def _batch(desk: _Desk, mails: Sequence[_Read]) -> list[str]:
    """File some mails in one transaction, a savepoint each; gives what became of them, in order.

    The first waits for whoever has its ticket in hand. Where a further one would have to, or time
    is up, it and those after it are left to the next transaction: so nobody waits in a circle.
    """
    became: list[str] = []
    database, until = desk.database, monotonic() + _SECONDS
    database.begin(write=True)
    try:
        for one in mails:
            if became and monotonic() > until:
                break
            try:
                became.append(_settled(desk, one, wait=not became))
            except BusyError:
                if not became or database.broken:
                    raise
                break
            if len(became) == 1:
                inbox.do_not_wait(database)
        give_numbers_back(database, desk.common)
        inbox.notify(database)
        database.commit()
    finally:
        database.rollback()
    return became


def _settled(desk: _Desk, one: _Read, *, wait: bool) -> str:
    """File one mail and write on it what became of it; gives that, or nothing: another has it."""
    operation = str(uuid5(OPERATIONS, f"inbox {one.kept.id}"))
    mine = inbox.lock(desk.database, one.kept, operation, wait=wait)
    if mine is None:
        return ""
    if mine.done:
        filed = Filed("duplicate", "it had been filed before")
    else:
        filed = _file(desk, one, mine.same, operation)
    inbox.settle(desk.database, one.kept.id, _outcome(one.mail, filed))
    return filed.state


def _file(desk: _Desk, one: _Read, same: Sequence[inbox.SameKey], operation: str) -> Filed:
    """File one mail, or give why it is quarantined; what it wrote until then is taken back."""
    if one.mail is None or one.reason:
        return Filed("quarantined", one.reason)
    if one.later:
        return _again(one, one.later)
    mail = Mail(
        id=one.kept.id,
        parsed=one.mail,
        mailbox=one.kept.came.mailbox,
        key=one.kept.came.key,
        envelope_from=one.kept.came.envelope_from.strip(" <>"),
        envelope_to=_addresses(one.kept),
        received_at=one.kept.received_at,
        same_id=same,
        refused=one.refused,
    )
    try:
        try:
            return _filed(desk, mail, operation)
        except OrderError as error:
            return _filed(desk, mail._replace(refused=str(error)), operation)
    except DatabaseError:
        raise
    except DeskError as error:
        return Filed("quarantined", str(error))
    except Exception as error:  # noqa: BLE001 - the job's edge: one mail may never stop the others
        return _again(one, f"it could not be filed: {type(error).__name__}: {error}")


def _again(one: _Read, why: str) -> Filed:
    """Let a mail wait for another try; after the last one it is put aside."""
    final = one.kept.attempts + 1 >= _TRIES
    return Filed("quarantined" if final else "waiting", why)


def _filed(desk: _Desk, mail: Mail, operation: str) -> Filed:
    """File one mail as one operation; what it wrote is taken back where it raises."""
    with unit_within(desk.database, operation, ACTOR, desk.common, last=desk.alone) as work:
        work.claim_alone("mail")
        work.asked = desk.doings
        if mail.mailbox == IMPORTED:
            hush(work)  # history is nobody's news
            work.at = mail.opened_at  # and each entry stands at its own time
        return Filing(work, desk.tickets, desk.rules).file(mail)


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
