"""Mailboxes of an address header: read in one pass, comments counted and never recursed into.

The address is the addr-spec only; what else stands there is a display name, good for eyes alone.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from deskterm.domain.patterns import pattern
from deskterm.domain.text import header_safe
from deskterm.mail.headers import decode_words, raw_text

MOST = 1_000
_WORD = r"=\?[^?\s]{1,60}\?[BbQq]\?[^?<>]{0,900}\?="
"""An encoded word: signs in it part nothing, though the standard allows few there."""
_TOKEN = pattern(
    _WORD + r'|"(?:[^"\\]|\\.)*"?|\\.|[()]|<[^>]*>?|[,;:]|(?:(?!=\?)[^"()<,;:\\])+|.', re.DOTALL
)
_SQUARE = pattern(
    r"(?<=\s)\[\s?((?:mailto:)?[^\s\[\]@\"(),:;]{1,200}@[^\s\[\]@\"(),:;]{1,255})\s?\]",
    re.IGNORECASE,
)
"""An address as Outlook writes it into words: `Ada Stein [mailto:ada@x.example]`."""
_COMMENT = pattern(r"\([^()]*\)")
_NESTED = 5
"""Comments inside an address are taken out so deep; deeper ones leave no address."""
_SPACE = pattern(r"\s+")
_TIGHT = pattern(r"[^\s@]@[^\s@]")
_QUOTED_LOCAL = pattern(r'\s*("(?:[^"\\]|\\.){0,128}")\s*(@.*)\Z', re.DOTALL)
_ATOMS = pattern(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A display name and an address as they were written; either may be empty."""

    name: str
    address: str
    bracketed: bool = field(default=False, compare=False)
    """Whether the address stood in angle brackets: surer than bare words with an `@`."""


class _Box:
    """The mailbox that is being read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment: list[str] = []
        self.angle: str | None = None
        self.local = ""
        """A local part in quotes, which stands before the `@` of the words."""

    def done(self) -> Mailbox | None:
        """Give what was read, or nothing where nothing stood."""
        phrase = _SPACE.sub(" ", decode_words("".join(self.words))).strip()
        comment = _SPACE.sub(" ", decode_words("".join(self.comment))).strip()
        if self.angle is not None:
            return _bracketed(phrase or comment, self.angle)
        if self.local:
            domain, _, rest = phrase.partition(" ")
            return _mailbox(rest or comment, self.local + domain)
        if "@" not in phrase:
            return _mailbox(phrase or comment, "") if phrase or comment else None
        return self._bare(phrase, comment)

    def torn(self) -> str:
        """Give the words where they may be the first half of a name with a comma in it."""
        words = _SPACE.sub(" ", decode_words("".join(self.words))).strip()
        whole = self.angle is not None or self.local or _TIGHT.search(words)
        return "" if whole else words[:200]

    def _bare(self, phrase: str, comment: str) -> Mailbox:
        joined = re.sub(r"\s*([@.])\s*", r"\1", phrase)
        address = next(word for word in joined.split(" ") if "@" in word)
        name = " ".join(word for word in joined.split(" ") if "@" not in word)
        return _mailbox(name or comment, address)


def _bracketed(name: str, angle: str) -> Mailbox:
    return replace(_mailbox(name.strip("<> "), angle), bracketed=True)


def _quoted_local(address: str) -> str:
    """Give an address whose local part is in quotes, which fall where they are not needed."""
    found = _QUOTED_LOCAL.match(address)
    if not found:
        return ""
    inner = re.sub(r"\\(.)", r"\1", found.group(1)[1:-1], flags=re.DOTALL)
    local = inner if _ATOMS.fullmatch(inner) else f'"{inner}"'
    return header_safe(local + _SPACE.sub("", found.group(2)))


def _mailbox(name: str, address: str) -> Mailbox:
    """Give the parts without line ends; a route before the address is dropped."""
    address = address.strip().strip("<>'").strip()
    address = address[7:] if address[:7].lower() == "mailto:" else address
    if quoted := _quoted_local(address):
        return Mailbox(header_safe(name).strip("'\" "), quoted)
    if address.startswith("[") and address.endswith("]"):
        address = address[1:-1]
    if address.startswith("@") and ":" in address:
        address = address.partition(":")[2]
    for _ in range(address.count("(") and _NESTED):
        address = _COMMENT.sub("", address)
    if "=?" in address:
        address = decode_words(address)
    if not address and "@" in name and " " not in name:
        name, address = "", name
    return Mailbox(header_safe(name).strip("'\" "), header_safe(_SPACE.sub("", address)))


def read_mailboxes(value: bytes, hint: str = "") -> list[Mailbox]:
    """Give the mailboxes of a raw header value, groups flattened, at most a thousand."""
    found: list[Mailbox] = []
    box = _Box()
    depth = 0
    torn = ""
    text = raw_text(value, hint)
    tokens = _TOKEN.findall(text if "<" in text else _SQUARE.sub(r"<\1>", text))
    for token, following in zip_longest(tokens, tokens[1:], fillvalue=""):
        if token in "()" or depth:
            depth = _comment(box, token, depth)
        elif token.startswith('"') and following.startswith("@") and not box.local:
            box.local = token
        elif token in ",;:":
            torn = _end(found, box, token, torn)
            box = _Box()
            if len(found) >= MOST:
                return found
        elif token.startswith("<"):
            if box.angle is None:
                box.angle = token[1:].removesuffix(">")
        else:
            box.words.append(_unquoted(token))
    _end(found, box, "", torn)
    return found


def _comment(box: _Box, token: str, depth: int) -> int:
    if token == "(":
        return depth + 1
    if token == ")":
        return max(0, depth - 1)
    box.comment.append(token)
    return depth


def _end(found: list[Mailbox], box: _Box, token: str, torn: str) -> str:
    """Keep a finished mailbox; what stands before a colon was the name of a group.

    Words that can be no address belong to the one behind the comma: `Stein, Ada <ada@x.example>`.
    Gives such words where they may go on.
    """
    if token == ":" and box.angle is None:
        return ""
    mailbox = box.done()
    if mailbox is None:
        return ""
    if torn and mailbox.bracketed:
        found[-1] = replace(mailbox, name=f"{torn}, {mailbox.name}".strip(" ,"))
        return ""
    found.append(mailbox)
    words = box.torn() if token == "," else ""
    return header_safe(f"{torn}, {words}" if torn and words else words)


def _unquoted(token: str) -> str:
    if token.startswith('"'):
        return re.sub(r"\\(.)", r"\1", token[1:].removesuffix('"'), flags=re.DOTALL)
    return token.removeprefix("\\")
