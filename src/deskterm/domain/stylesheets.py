"""Stylesheets that the desk or a client gives its web pages: whole, and nothing from elsewhere.

The policy of the pages lets nothing in either (semantics §15); whoever sets one hears it here.
"""

from typing import TYPE_CHECKING

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.text import storable

if TYPE_CHECKING:
    from re import Match

LONGEST = 200_000
"""Characters of a stylesheet."""
_PARTS = pattern(r"(?s)\\.|(\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')|(/\*.*?\*/)")
"""What begins first counts: a comment in a text is text, a quote in a comment none."""
_ESCAPE = pattern(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))")
_OUTSIDE = pattern(
    r"@import|@charset|@namespace|@font-face|expression\s*\(|behavior\s*:|-moz-binding|</"
    r"|(?<![a-z0-9-])(?:-webkit-)?(?:image-set|cross-fade|element|image|src)\s*\("
    r"|url\s*\((?!\s*[\"']?\s*data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,])[^)]{0,30}"
)
"""What fetches something, or runs something in an old browser; pictures may be written in."""


def checked(text: str) -> str:
    """Give a stylesheet as it is kept; raises UsageError with what is wrong with it."""
    if len(text) > LONGEST:
        raise UsageError(f"a stylesheet of more than {LONGEST:,} characters is too long.")
    style = storable(text).strip()
    bare = _PARTS.sub(lambda part: '""' if part[1] else " " if part[2] else part[0], style)
    if "/*" in bare or bare.count("{") != bare.count("}"):
        raise UsageError("the stylesheet is not whole: a comment or a brace is never closed.")
    plain = _PARTS.sub(lambda part: " " if part[2] else part[0], style)
    found = _OUTSIDE.search(_ESCAPE.sub(_unescaped, plain).casefold())
    if found is not None:
        raise UsageError(
            f"the stylesheet has {found[0].strip()[:40]!r}: nothing may come from elsewhere. "
            "Write pictures into it: url(data:image/png;base64,…)."
        )
    return style


def _unescaped(found: "Match[str]") -> str:
    """Give what a CSS escape stands for."""
    number = int(found[1], 16) if found[1] else 0
    return found[2] or (chr(number) if 0 < number < 0x110000 else "\ufffd")
