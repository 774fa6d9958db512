"""The choices of a field of the desk's own, some of which go only with another fact of the ticket.

One a line, as people write them: `Outlook`, `11 24H2 if os=Windows`, `Scan if category=printing`,
`Ring 2 if service=Mail,VPN and os=Windows`. A category holds for what lies below it (A6).
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.text import alike

_LINE = pattern(r"(?P<value>.*\S)\s+if\s+(?P<when>[^\s=]{1,60}\s*=.*)\Z", re.IGNORECASE)
_AND = pattern(r"\s+and\s+(?=[^\s=]{1,60}\s*=)", re.IGNORECASE)
CATEGORY, SERVICE = "category", "service"
"""Facts that are no field of the desk's own and may stand behind `if`."""
NO_WEB, SEEN, ASKED, NEEDED = "no", "seen", "asked", "needed"
WEB_USES = (NO_WEB, SEEN, ASKED, NEEDED)
"""What web pages do with a field: nothing; show it; ask for it too; take no report without it."""


class Choice(NamedTuple):
    """A value that a field may have."""

    value: str
    when: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(fact, the values with which it goes), all in lower case; all of them must hold."""

    def fits(self, known: Mapping[str, str]) -> bool:
        """Tell whether it goes with what is known: fact in lower case → value."""
        return all(_holds(fact, values, known.get(fact, "")) for fact, values in self.when)


def read(line: str) -> Choice:
    """Read a choice as it is written."""
    match = _LINE.match(line.strip()) if " if " in line.casefold() else None
    if match is None:
        return Choice(line.strip())
    parts = [part.partition("=") for part in _AND.split(match["when"])]
    return Choice(match["value"].strip(), tuple((_plain(fact), _each(v)) for fact, _, v in parts))


def values(lines: Iterable[str]) -> list[str]:
    """Give every value that a field may have, whatever it goes with."""
    return list(dict.fromkeys(read(line).value for line in lines))


def fitting(lines: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Give the values that go with what is known of a ticket."""
    return list(dict.fromkeys(one.value for one in map(read, lines) if one.fits(known)))


def meant(lines: Iterable[str], value: str) -> str | None:
    """Give the choice that is meant, capitals aside; None: none is. Without choices any text is."""
    known = values(lines)
    if not known or not value or value in known:
        return value
    same = [one for one in known if alike(one) == alike(value)]
    return same[0] if len(same) == 1 else None


def facts_named(lines: Iterable[str]) -> set[str]:
    """Give the facts on which choices depend, in lower case."""
    return {fact for one in map(read, lines) for fact, _ in one.when}


def wanted(lines: Iterable[str]) -> set[tuple[str, str]]:
    """Give every (fact, value) with which a choice goes, in lower case."""
    return {(fact, value) for line in lines for fact, each in read(line).when for value in each}


def renamed(line: str, old: str, new: str) -> str:
    """Give a choice that goes with one fact as one that goes with another: `11 if os=Windows`."""
    match = _LINE.match(line.strip()) if " if " in line.casefold() else None
    if match is None:
        return line
    when = []
    for part in _AND.split(match["when"]):
        fact, _, known = part.partition("=")
        when.append(f"{new if _plain(fact) == _plain(old) else fact.strip()}={known.strip()}")
    return f"{match['value'].strip()} if {' and '.join(when)}"


def known_of(
    category: str | None, service: str | None, fields: Mapping[str, str]
) -> dict[str, str]:
    """Give what is known of a ticket as choices ask for it."""
    own = {_plain(name): value for name, value in fields.items()}
    return {**own, CATEGORY: category or "", SERVICE: service or ""}


def _holds(fact: str, wanted: tuple[str, ...], value: str) -> bool:
    plain = _plain(value)
    if fact == CATEGORY:
        return any(plain == one or plain.startswith(f"{one}/") for one in wanted)
    return plain in wanted


def _each(text: str) -> tuple[str, ...]:
    return tuple(_plain(one) for one in text.split(",") if one.strip())


def _plain(text: str) -> str:
    return text.strip().casefold()


def needed_by(required_for: str) -> list[tuple[str, str]]:
    """Give (category or service, name) of each that needs a field: `network, service:Mail`."""
    found = []
    for part in filter(None, (one.strip() for one in required_for.split(","))):
        kind, sign, name = part.partition(":")
        of_service = sign and kind.strip().casefold() == SERVICE
        found.append((SERVICE, name.strip()) if of_service else (CATEGORY, part))
    return found


def needs(required_for: str, path: str, service: str) -> str:
    """Give what of a ticket needs a field: its category, or one above it, or its service."""
    for kind, name in needed_by(required_for):
        if kind == SERVICE and service and name.casefold() == service.casefold():
            return f"service {name}"
        if kind == CATEGORY and (path == name or path.startswith(f"{name}/")):
            return name
    return ""
