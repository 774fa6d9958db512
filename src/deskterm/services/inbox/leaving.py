"""Somebody wants to hear no more: of a ticket they watch (§1.8), or of news (§13).

By the address that was made for them, or in words.
"""

import re

from deskterm.domain.errors import NotFoundError
from deskterm.domain.patterns import pattern
from deskterm.domain.vocabulary import Event
from deskterm.mail.reply import reply_of
from deskterm.mail.tokens import leaver_of_recipient, who_wants_no_news
from deskterm.services.inbox.arrived import Filed, Mail
from deskterm.services.inbox.rules import MailRules
from deskterm.storage import outbox
from deskterm.storage.held_row import HeldRow
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


def leave_news(work: Work, rules: MailRules, mail: Mail) -> Filed | None:
    """Write no more news to whoever says so: by the address made for them, or in a word that
    answers such a letter. Their own tickets go on; nothing for any other mail."""
    if mail.parsed.is_auto:
        return None
    made = (who_wants_no_news(one, rules.secrets) for one in mail.recipients())
    person = next((one for one in made if one is not None), None)
    if person is None and asks_to_leave(mail):
        person = _reader_of_news(work, mail)
    if person is None:
        return None
    row = HeldRow(work, "person", person)
    if row.exists and row["news"]:
        row.set(news=False)
        row.write(Event.EDITED, row["name"])
    return Filed("reply", "somebody wants no more news")


def _reader_of_news(work: Work, mail: Mail) -> int | None:
    """Give who was written to in the letter about no ticket that a mail answers."""
    for answered in mail.parsed.in_reply_to[:5]:
        letter = outbox.letter_of(work.spine, answered.strip("<>"))
        if letter is not None and letter.ticket_id is None:
            return letter.person_id
    return None


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
