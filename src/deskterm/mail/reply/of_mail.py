"""The new words of a mail that answers a ticket, from whichever of its texts shows them best."""

from typing import NamedTuple

from deskterm.mail.forward import is_forward
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reply.fold import reply_of

_PAGE_CAP = 300_000
"""Characters of HTML that are read a second time, for its marks."""


class NewWords(NamedTuple):
    """What a writer added, and how much was folded away."""

    text: str
    folded: int
    """Lines of the mail that are not in the text; the whole mail stays in the inbox."""


def new_words(mail: ParsedMail) -> NewWords:
    """Give the new words of a reply; a forwarded or a machine's mail is kept whole."""
    if mail.is_auto or is_forward(mail):
        return NewWords(mail.body, 0)
    page = mail.html if len(mail.html) <= _PAGE_CAP else ""
    if page and not mail.body_is_plain:
        words = reply_of(page, "html")
    else:
        words = reply_of(mail.body)
        if page and _same(words, mail.body):
            words = _from_html(page, words)
    return NewWords(words, max(0, _lines(mail.body) - _lines(words)))


def _from_html(page: str, words: str) -> str:
    """Give what the HTML form leaves, where the plain one hides which lines are quoted."""
    found = reply_of(page, "html")
    return found if _letters(found) and _letters(found) in _letters(words) else words


def _same(words: str, body: str) -> bool:
    return _letters(words) == _letters(body)


def _letters(text: str) -> str:
    return "".join(text.split())


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())
