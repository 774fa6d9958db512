"""The leak check: what in a text would tell outsiders about people and machines (semantics 8).

Names known to the desk, mail addresses, host and device names, IP and hardware addresses, phone
and ticket numbers. Linear in the length of the text.
"""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address
from typing import NamedTuple

from deskterm.domain.patterns import pattern


class Leak(NamedTuple):
    """Something that should not be read by everybody."""

    field: str
    kind: str
    """name, mail address, host, IP address, hardware address, phone or ticket number."""
    found: str
    """As it stands in the text."""


class Known(NamedTuple):
    """What the desk knows; `names` and `hosts` in lower case, spaces single."""

    names: frozenset[str]
    """Full names of people and technicians; a single word only where it is meant by itself."""
    hosts: frozenset[str]
    """Device names."""
    domains: frozenset[str]
    """Domains of the desk's own addresses: hosts below them are inside."""


NOTHING = Known(frozenset(), frozenset(), frozenset())
_LONGEST_NAME = 4
"""Words of a name that are looked at together."""

_MAIL = pattern(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_IP4 = pattern(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)")
_IP6 = pattern(r"(?<![\w:.])[0-9a-fA-F:]{2,45}(?![\w:])")
_HARDWARE = pattern(r"(?<![\w:-])[0-9a-fA-F]{2}(?:[:-][0-9a-fA-F]{2}){5}(?![\w:-])")
_TICKET = pattern(
    r"(?<![\w&])#\d{1,12}(?!\w)"
    r"|(?i:(?<!\w)(?:ticket|incident)(?: number| no\.?| nr\.?)? ?#?\d{2,12}(?!\w))"
    r"|(?<!\w)(?:INC|REQ|SUP|CHG|RITM)-?\d{3,12}(?!\w)"
)
_HOST = pattern(r"(?<![\w@.-])(?:[a-zA-Z0-9_-]{1,63}\.){1,8}[a-zA-Z]{2,24}(?![\w-])")
_SHARE = pattern(r"(?<!\\)\\\\[\w.-]{1,63}")
_MACHINE = pattern(r"(?<![\w-])[A-Za-z]{2,12}-[A-Za-z0-9-]{0,20}\d[A-Za-z0-9-]{0,20}(?![\w-])")
_PHONE = pattern(r"(?<![\w.+#-])(?:\+|\()?\d[\d ()/.-]{5,22}\d(?![\w-])")
_CALLED = pattern(r"(?i)\b(?:tel|phone|mobile|call|dial|ext)\b[^\w\n]{0,3}\Z")
_GROUPED = pattern(r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}\Z")
_DATE = pattern(r"\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}(?!\d)|\d{4}-\d\d-\d\d(?!\d)")
_TOKEN = pattern(r"\w[\w'’.-]{0,80}")
_INSIDE = frozenset(
    {"local", "internal", "intranet", "intra", "lan", "corp", "home", "localdomain"}
)
_NO_MACHINE = pattern(
    r"(?i)(?:kb|cve|iso|rfc|utf|http|https|err|error|usb|wpa|sha|md|wi|rj|cat|type|ipv|tls|ssl"
    r"|win|windows|office|step|f|hdmi|x|dvd|cd|ieee|din|en|tcp|udp|port|code|bios|m365|sp)-"
)


def leaks(fields: Mapping[str, str], known: Known = NOTHING) -> list[Leak]:
    """Give everything in these fields that should not be public, each once a field."""
    found: dict[tuple[str, str], Leak] = {}
    for field, text in fields.items():
        for kind, match in _in_text(text, known):
            found.setdefault((field, match.casefold()), Leak(field, kind, match))
    return list(found.values())


def sentence(found: Iterable[Leak], limit: int = 6) -> str:
    """Give the findings as words: `resolution: host srv-1; symptoms: name Mia Ortiz`."""
    listed = [f"{leak.field}: {leak.kind} {leak.found}" for leak in found]
    more = f" and {len(listed) - limit} more" if len(listed) > limit else ""
    return "; ".join(listed[:limit]) + more


def _in_text(text: str, known: Known) -> Iterator[tuple[str, str]]:
    mails = [match.group() for match in _MAIL.finditer(text)]
    yield from (("mail address", mail) for mail in mails)
    rest = _MAIL.sub(" ", text)
    yield from (("hardware address", match.group()) for match in _HARDWARE.finditer(rest))
    rest = _HARDWARE.sub(" ", rest)
    yield from _addresses(rest)
    yield from (("phone number", number) for number in _phones(_IP4.sub(" ", rest)))
    yield from (("ticket number", match.group()) for match in _TICKET.finditer(rest))
    yield from _hosts(rest, known)
    yield from _names(rest, known.names)


def _phones(text: str) -> Iterator[str]:
    """Give numbers of 7 to 15 digits that begin like a phone's, or are said to be one."""
    for match in _PHONE.finditer(text):
        written = match.group()
        digits = sum(sign.isdigit() for sign in written)
        if not 7 <= digits <= 15 or _DATE.match(written):
            continue
        said = _CALLED.search(text, max(match.start() - 12, 0), match.start())
        if written[0] in "+(0" or said or _GROUPED.match(written):
            yield written


def _addresses(text: str) -> Iterator[tuple[str, str]]:
    for address in (_IP4, _IP6):
        for match in address.finditer(text):
            written = match.group()
            if _is_telling(written):
                yield "IP address", written


def _is_telling(written: str) -> bool:
    """Tell whether it is an address of a machine: no loopback, no network mask, no time of day."""
    try:
        address = ip_address(written)
    except ValueError:
        return False
    if address.is_loopback or address.is_unspecified:
        return False
    return not written.startswith("255.")


def _hosts(text: str, known: Known) -> Iterator[tuple[str, str]]:
    for match in _SHARE.finditer(text):
        yield "host", match.group()
    for match in _HOST.finditer(text):
        name = match.group().lower()
        if _is_inside(name, known):
            yield "host", match.group()
    for match in _MACHINE.finditer(text):
        if not _NO_MACHINE.match(match.group()):
            yield "host", match.group()
    for start, end in _tokens(text):
        if text[start:end].lower() in known.hosts:
            yield "host", text[start:end]


def _is_inside(name: str, known: Known) -> bool:
    if name.rpartition(".")[2] in _INSIDE or name in known.hosts:
        return True
    return any(name == domain or name.endswith("." + domain) for domain in known.domains)


def _names(text: str, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Look every run of one to four words up; a single word must begin with a capital."""
    if not names:
        return
    tokens = list(_tokens(text))
    folded = [text[start:end].casefold() for start, end in tokens]
    for first in range(len(tokens)):
        for many in range(1, _LONGEST_NAME + 1):
            words = folded[first : first + many]
            if len(words) < many or " ".join(words) not in names:
                continue
            written = text[tokens[first][0] : tokens[first + many - 1][1]]
            if many > 1 or written[:1].isupper():
                yield "name", " ".join(written.split())


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    """Give where each word begins and ends, without the punctuation after it."""
    for match in _TOKEN.finditer(text):
        yield match.start(), match.start() + len(match.group().rstrip("'’.-"))
