"""Bounces: which letter came back, what the ticket is told, when an address is given up (§1.5).

The letter is named by the address the bounce came to (VERP), else by the Message-ID inside. What
a bounce says of its recipient counts for the address that the letter went to, and for no other.
"""

from typing import NamedTuple

from deskterm.domain.text import header_safe
from deskterm.domain.vocabulary import Event
from deskterm.mail.bounce import Bounce, BounceRecipient
from deskterm.mail.tokens import letter_of_verp, ticket_of_message_id
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.broken import count_failure
from deskterm.services.inbox.rules import MailRules
from deskterm.services.outbox import FOR_TECHNICIANS
from deskterm.storage import outbox
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter
from deskterm.storage.reads.ledger import data_of
from deskterm.storage.ticket.hold import hold, survivor
from deskterm.storage.work import Work

_NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.4", "5.7.")
"""A full mailbox, a large letter or a policy says nothing of whether an address exists."""
_DELAYED = "delayed"


class _Told(NamedTuple):
    """What a bounce says of one letter."""

    failed: bool
    hard: bool
    words: str


def file_bounce(work: Work, rules: MailRules, mail: Mail) -> Filed | None:
    """File a bounce: a note, the delivery marked, nobody answered; nothing for any other mail."""
    bounce = mail.parsed.bounce
    if bounce is None:
        return None
    letter = _letter(work.spine, rules, mail, bounce)
    if letter is None:
        return Filed("machine", "a bounce of no letter of ours")
    ticket = survivor(work.spine, letter.ticket_id) if letter.ticket_id else None
    told = _told(bounce, letter.recipient)
    if ticket is not None and _was_told(work.spine, ticket, letter.id, told):
        return Filed("machine", "a bounce that was told before", ticket)
    if told.failed:
        _fail(work, letter, told.words)
    given_up = told.hard and count_failure(work, letter.recipient, told.words, rules)
    if ticket is not None and not letter.template.startswith(FOR_TECHNICIANS):
        _note(work, ticket, letter, told, mail, given_up=given_up)
    return Filed("machine", f"a bounce: {bounce.reason}", ticket)


def _letter(database: Database, rules: MailRules, mail: Mail, bounce: Bounce) -> Letter | None:
    for address in mail.recipients():
        number = letter_of_verp(address, rules.secrets)
        if number is not None:
            return outbox.letter(database, number)
    for one in bounce.original_ids:
        if ticket_of_message_id(one, rules.secrets) is None:
            continue
        letter = outbox.letter_of(database, one)
        if letter is not None:
            return letter
    return None


def _told(bounce: Bounce, address: str) -> _Told:
    """Give what the bounce says of the address, or of all where it names another (a forward)."""
    named = [one for one in bounce.recipients if one.address.lower() == address.lower()]
    about = named or bounce.recipients
    failed = not about or any(one.action != _DELAYED for one in about)
    hard = any(_is_hard(one) for one in about)
    words = "; ".join(dict.fromkeys(_words(one) for one in about[:3])) or bounce.reason
    return _Told(failed, hard, words)


def _is_hard(one: BounceRecipient) -> bool:
    return (
        one.action != _DELAYED
        and one.status.startswith("5.")
        and not one.status.startswith(_NOT_THE_ADDRESS)
    )


def _words(one: BounceRecipient) -> str:
    said = header_safe(one.diagnostic)[:300]
    return f"{one.status} {said}".strip() or "no reason is given"


def _was_told(database: Database, ticket: int, letter: int, told: _Told) -> bool:
    """Whether the ticket has the note already: mail systems warn of a delay every few hours."""
    key = "came_back" if told.failed else "delayed"
    return any(one.get(key) == letter for one in data_of(database, ticket, Event.MAIL))


def _fail(work: Work, letter: Letter, words: str) -> None:
    """Mark the delivery, and those that travelled in the same mail."""
    for number in outbox.came_back(work.spine, letter, f"it came back: {words}"):
        work.record(("letter", number), Event.MAIL, changes={"state": ("sent", "failed")})


def _note(
    work: Work, ticket: int, letter: Letter, told: _Told, mail: Mail, *, given_up: bool
) -> None:
    to = letter.recipient
    if told.failed:
        text = f"The letter to {to} came back: {told.words}."
        data = {"inbox": mail.id, "came_back": letter.id, "undelivered": to}
    else:
        text = f"The letter to {to} is late, and is still tried: {told.words}."
        data = {"inbox": mail.id, "delayed": letter.id}
    if given_up:
        text += f" No more letters go to {to}: tell them another way, and ask for their address."
    hold(work, [ticket])[ticket].write(Event.MAIL, text, data=data)
