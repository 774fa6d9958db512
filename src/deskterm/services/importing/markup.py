"""HTML of other desks as text, through the walker that mail uses."""

import re
from collections.abc import Iterable
from html import unescape

from deskterm.domain.patterns import pattern
from deskterm.mail.html import html_text

_BEGINS = pattern(
    r"\s{0,40}(?:<|&lt;)(?:!doctype|html|body|head|p|div|span|br|table|h[1-6]|ul|ol|font|b|i|strong|"
    r"em|a|blockquote|pre|style|meta)\b[^<>&]{0,400}?(?:>|&gt;)",
    re.IGNORECASE,
)


def looks_like_html(cells: Iterable[str]) -> bool:
    """Tell whether a column is HTML: every cell that has words begins with a tag."""
    found = False
    for cell in cells:
        if cell.strip():
            if not _BEGINS.match(cell):
                return False
            found = True
    return found


def plain_text(text: str) -> str:
    """Give the words of HTML; tags that were escaped once too often count as tags."""
    if "<" not in text and "&" not in text:
        return text
    if "<" not in text and "&lt;" in text:
        text = unescape(text)
    return html_text(text).strip()
