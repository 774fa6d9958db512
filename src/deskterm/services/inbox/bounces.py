"""Bounces: which letter came back, what the ticket is told, when an address is given up (§1.5).

The letter is named by the address the bounce came to (VERP), else by the Message-ID inside. What
a bounce says of its recipient counts for the address that the letter went to, and for no other.
"""

from datetime import timedelta
from typing import NamedTuple

from deskterm.domain.text import header_safe
from deskterm.domain.vocabulary import Event
from deskterm.mail.bounce import Bounce, BounceRecipient
from deskterm.mail.tokens import letter_of_verp
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.broken import count_failure
from deskterm.services.inbox.rules import MailRules
from deskterm.services.outbox import FOR_TECHNICIANS
from deskterm.storage import outbox
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter
from deskterm.storage.reads.ledger import data_of
from deskterm.storage.references import last_to
from deskterm.storage.ticket.hold import hold, survivor
from deskterm.storage.work import Work

_NOT_THE_ADDRESS = ("5.2.2", "5.2.3", "5.3.4", "5.7.")
"""A full mailbox, a large letter or a policy says nothing of whether an address exists."""
_DELAYED = "delayed"
_LATELY = timedelta(days=6)
"""So long mail systems try, and a day more."""


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
    letter, proven = _letter(work.spine, rules, mail, bounce)
    if letter is None:
        return Filed("machine", "a bounce of no letter of ours") if bounce.sure else None
    ticket = survivor(work.spine, letter.ticket_id) if letter.ticket_id else None
    told = _told(bounce, letter.recipient)
    if told is None:
        return Filed("machine", "a report that our letter arrived", ticket)
    if ticket is not None and _was_told(work.spine, ticket, letter.id, told):
        return Filed("machine", "a bounce that was told before", ticket)
    if told.failed and proven:
        _fail(work, letter, told.words)
    given_up = proven and told.hard and count_failure(work, letter.recipient, told.words, rules)
    if ticket is not None and not letter.template.startswith(FOR_TECHNICIANS):
        text, data = _noted(letter, told, proven=proven, given_up=given_up)
        data["inbox"] = mail.id
        hold(work, [ticket])[ticket].write(Event.MAIL, text, data=data)
    return Filed("machine", f"a bounce: {bounce.reason}", ticket)


def _letter(
    database: Database, rules: MailRules, mail: Mail, bounce: Bounce
) -> tuple[Letter | None, bool]:
    """Give the letter that a bounce is about, and whether something that we signed names it.

    Where nothing does, it is perhaps the last that went to the address it names: then the ticket is
    told and nothing else follows, for anybody can write such a mail.
    """
    for address in mail.recipients():
        number = letter_of_verp(address, rules.secrets)
        if number is not None:
            return outbox.letter(database, number), True
    for one in bounce.original_ids:
        letter = outbox.letter_of(database, one)
        if letter is not None:
            return letter, True
    if not bounce.sure:
        return None, False
    since = mail.received_at - _LATELY
    for failed in bounce.recipients:
        letter = last_to(database, failed.address.lower(), since) if failed.address else None
        if letter is not None:
            return letter, False
    return None, False


def _told(bounce: Bounce, address: str) -> _Told | None:
    """Give what the bounce says of the address, or of all where it names another (a forward).

    Nothing where it says that our letter arrived.
    """
    named = [one for one in bounce.recipients if one.address.lower() == address.lower()]
    if not named and address.lower() in bounce.reached:
        return None
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


def _noted(
    letter: Letter, told: _Told, *, proven: bool, given_up: bool
) -> tuple[str, dict[str, object]]:
    """Give what the ticket is told, and what the ledger keeps of it."""
    to = letter.recipient
    if not told.failed:
        text = f"The letter to {to} is late, and is still tried: {told.words}."
        return text, {"delayed": letter.id}
    data: dict[str, object] = {"came_back": letter.id, "undelivered": to}
    if not proven:
        text = f"A mail says that a letter to {to} came back, perhaps the last one: {told.words}."
        return text, data
    text = f"The letter to {to} came back: {told.words}."
    if given_up:
        text += f" No more letters go to {to}: tell them another way, and ask for their address."
    return text, data
