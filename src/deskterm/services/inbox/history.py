"""Mail from before: the desk's own letters are its word on their thread (semantics §1.13)."""

from datetime import datetime

from deskterm.domain.address import normal_address
from deskterm.domain.errors import UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Channel, Event, State
from deskterm.mail.mailbox import Mailbox
from deskterm.mail.reply import new_words
from deskterm.mail.thread import Thread
from deskterm.mail.tokens import ticket_of_message_id
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.notes import facts_of, remember
from deskterm.services.inbox.opening import new_files
from deskterm.services.inbox.parties import known_ids, person_of, survivor_or_none
from deskterm.services.inbox.receive import IMPORTED
from deskterm.services.inbox.rules import MailRules
from deskterm.services.letters import Letters
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.intake import open_ticket
from deskterm.storage import inbox
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.ticket.news import hush
from deskterm.storage.work import Work

ACTOR = "import"
_OLD = "History: nobody wrote for long."
_ANSWERS = Thread(None, "the desk's own answer, from before")


def file_own_word(work: Work, letters: Letters, rules: MailRules, mail: Mail) -> Filed | None:
    """File what the desk itself once wrote; nothing for other mail and for mail of today."""
    if mail.mailbox != IMPORTED or not _is_desk(rules, mail):
        return None
    ticket = _thread(work, rules, mail)
    if ticket is not None:
        held = hold(work, [ticket])[ticket]
        if held["state"] == State.NEW:
            held.set(state=State.OPEN)
    else:
        to = _outsider(rules, mail)
        if to is None:
            return Filed("machine", "the desk's own letter to nobody outside")
        held = _opened(work, letters, mail, to)
    entry = held.write(
        Event.REPLIED,
        new_words(mail.parsed).text,
        public=True,
        actor=ACTOR,
        data=facts_of(mail, _ANSWERS, None) | {"by": storable(_writer(mail))},
    )
    keep_files(work, held.id, entry, new_files(mail.parsed.files))
    remember(work, held.id, mail)
    return Filed("reply", _ANSWERS.reason, held.id)


def _is_desk(rules: MailRules, mail: Mail) -> bool:
    address = mail.parsed.from_email.lower()
    return rules.is_own(address) or rules.technician_of(address) is not None


def _writer(mail: Mail) -> str:
    return mail.parsed.from_name or mail.parsed.from_email


def _thread(work: Work, rules: MailRules, mail: Mail) -> int | None:
    """Give the ticket whose mails it answers; numbers in a subject are those of another time."""
    nearest = (*mail.parsed.in_reply_to, *reversed(mail.parsed.references))[:30]
    signed = (ticket_of_message_id(one, rules.secrets) for one in nearest)
    stored = known_ids(work.spine, nearest) if nearest else {}
    found = next((one for one in signed if one is not None), None)
    number = found if found is not None else next(iter(stored.values()), None)
    return survivor_or_none(work.spine, number) if number is not None else None


def _outsider(rules: MailRules, mail: Mail) -> tuple[Mailbox, str] | None:
    for box in (*mail.parsed.to, *mail.parsed.cc):
        try:
            address = normal_address(box.address)
        except UsageError:
            continue
        if not rules.is_own(address) and rules.technician_of(address) is None:
            return box, address
    return None


def _opened(work: Work, letters: Letters, mail: Mail, to: tuple[Mailbox, str]) -> Hold:
    box, address = to
    return open_ticket(
        work,
        letters,
        NewTicket(
            person_id=person_of(work, box.name, address),
            subject=mail.parsed.subject,
            channel=Channel.EMAIL,
            actor=ACTOR,
            acknowledge=False,
            at=mail.opened_at,
            data=facts_of(mail, _ANSWERS, None),
        ),
    )


def close_old(work: Work, before: datetime) -> int:
    """Close the open tickets of history that nobody wrote on since; gives how many.

    Nobody knows how they ended: no outcome is told, and nobody is written to or asked.
    """
    found = inbox.old_history(work.spine, before)
    hush(work)
    for number, last in found:
        work.at = last
        held = hold(work, [number])[number]
        held.set(state=State.CLOSED, closed_at=last, first_closed_at=last, close_reason=_OLD)
        held.write(Event.CLOSED, _OLD, actor=ACTOR)
    return len(found)
