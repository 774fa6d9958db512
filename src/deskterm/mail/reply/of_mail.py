"""The new words of a mail that answers a ticket, from whichever of its texts shows them best."""

from typing import NamedTuple

from deskterm.mail.forward import is_forward
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reply.fold import reply_of


class NewWords(NamedTuple):
    """What a writer added, and how much was folded away."""

    text: str
    folded: int
    """Lines of the mail that are not in the text; the whole mail stays in the inbox."""


def new_words(mail: ParsedMail) -> NewWords:
    """Give the new words of a reply; a forwarded or a machine's mail is kept whole."""
    if mail.is_auto or is_forward(mail):
        return NewWords(mail.body, 0)
    words = reply_of(mail.body) if mail.body_is_plain else reply_of(mail.html, "html")
    if mail.body_is_plain and mail.html and _same(words, mail.body):
        words = _from_html(mail, words)
    return NewWords(words, max(0, _lines(mail.body) - _lines(words)))


def _from_html(mail: ParsedMail, words: str) -> str:
    """Give what the HTML form leaves, where the plain one hides which lines are quoted."""
    found = reply_of(mail.html, "html")
    return found if _letters(found) and _letters(found) in _letters(words) else words


def _same(words: str, body: str) -> bool:
    return _letters(words) == _letters(body)


def _letters(text: str) -> str:
    return "".join(text.split())


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())
