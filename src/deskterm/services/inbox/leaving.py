"""Somebody in copy wants to hear no more of a ticket: by their own address, or in words (§1.8)."""

import re

from deskterm.domain.errors import NotFoundError
from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import Event
from deskterm.mail.reply import reply_of
from deskterm.mail.tokens import leaver_of_recipient
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.rules import MailRules
from deskterm.storage.ticket.hold import Hold, hold, survivor
from deskterm.storage.work import Work

_REPLY = pattern(
    r"(?:\s{0,5}(?:re|aw|sv|antw|rif|odp|r)\s{0,3}:|\s{0,5}\[#\d{1,12}\])", re.IGNORECASE
)
_WORDS_TEXT = """
unsubscribe leave stop abmelden abbestellen austragen désabonner désinscrire cancelar desuscribir
disiscrivi cancellami afmelden uitschrijven avregistrera afmeld wypisz odhlásit
"""
_WORDS = frozenset(_WORDS_TEXT.split())


def leave_by_address(work: Work, rules: MailRules, mail: Mail) -> Filed | None:
    """Let go whoever the address that a mail was sent to was made for; nothing for other mail."""
    if mail.parsed.is_auto:
        return None
    for address in mail.recipients():
        found = leaver_of_recipient(address, rules.secrets)
        if found is None:
            continue
        number, person = found
        try:
            ticket = survivor(work.spine, number)
        except NotFoundError:
            continue
        held = hold(work, [ticket])[ticket]
        _leave(held, person, {"inbox": mail.id})
        return Filed("reply", "somebody hears of it no more", ticket)
    return None


def leave_by_words(held: Hold, mail: Mail, person: int | None, data: dict[str, object]) -> bool:
    """Let a watcher go who says no more than that; gives whether it was so."""
    if person is None or held.get(f"watcher.{person}") is None or not asks_to_leave(mail):
        return False
    _leave(held, person, data)
    return True


def asks_to_leave(mail: Mail) -> bool:
    """Tell whether a mail's subject, or all it says, is a word for leaving."""
    subject = mail.parsed.subject[:200]
    while found := _REPLY.match(subject):
        subject = subject[found.end() :]
    words = reply_of(mail.parsed.body[:4_000])[:200]
    return any(text.strip(" .!\n").lower() in _WORDS for text in (subject, words))


def _leave(held: Hold, person: int, data: dict[str, object]) -> None:
    held.put(f"watcher.{person}", None)
    held.write(
        Event.CHANGED,
        "They asked to hear no more of it.",
        actor="customer",
        person_id=person,
        data=data,
    )
