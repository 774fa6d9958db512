"""Versions of a product: their order, and whether a problem is there in one (semantics.md §9).

A problem has *found* and *fixed* versions. In version v it is there where the newest mark at or
below v is a found one: found 2.4.0, fixed 2.4.7, found 3.0.0 → 2.4.8 is fixed, 3.0.2 affected.
"""

from enum import StrEnum
from functools import cmp_to_key, lru_cache

from packaging.version import InvalidVersion, Version

from deskterm.domain.patterns import pattern

_PART = pattern(r"~|\d{1,30}|[^\W\d_]+")
_BEFORE = ("~", "alpha", "beta", "rc", "pre", "dev")
_BETWEEN = pattern(r"[\s,;]+")
_V = pattern(r"\Av(?=\d)")
_MOST = 100


class Stand(StrEnum):
    """How a version stands to a problem."""

    AFFECTED = "affected"
    FIXED = "fixed"
    BEFORE = "before"
    """Older than all in which it was found."""
    UNKNOWN = "unknown"
    """Nothing is known: no version, or no marks."""


def versions(text: str) -> tuple[str, ...]:
    """Give the versions of a text with commas or blanks between, each once, in order."""
    found = dict.fromkeys(one[:_MOST] for one in _BETWEEN.split(text) if one)
    return tuple(sorted(found, key=cmp_to_key(compare)))


def compare(one: str, other: str) -> int:
    """Give -1, 0 or 1 as `one` is older than, as old as or newer than `other`.

    By PEP 440 where both are such versions, else part by part as Debian orders them, with `~`, `rc`
    and `beta` before the release. Any text has a place.
    """
    known, also = _pep(one), _pep(other)
    if known is not None and also is not None:
        return (known > also) - (known < also)
    mine, theirs = _parts(one), _parts(other)
    return (mine > theirs) - (mine < theirs)


def stand(version: str, found: str, fixed: str) -> Stand:
    """Give how a version stands to what was found and fixed; a tie is the fix's."""
    marks = [(one, Stand.AFFECTED) for one in versions(found)]
    marks += [(one, Stand.FIXED) for one in versions(fixed)]
    if not version.strip() or not marks:
        return Stand.UNKNOWN
    below = [mark for mark in marks if compare(mark[0], version.strip()) <= 0]
    if not below:
        return Stand.BEFORE if found.strip() else Stand.AFFECTED
    newest = below[0]
    for mark in below[1:]:
        if compare(mark[0], newest[0]) >= 0:
            newest = mark
    return newest[1]


@lru_cache(maxsize=1024)
def _pep(text: str) -> Version | None:
    try:
        return Version(text[:_MOST])
    except InvalidVersion:
        return None


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[tuple[int, int, str], ...]:
    """Give a key: what comes before a release, the end, words, numbers, in that order."""
    found = []
    for part in _PART.findall(_V.sub("", text[:_MOST].strip().casefold())):
        if part.isdecimal():
            found.append((3, int(part), ""))
        else:
            found.append((0 if part in _BEFORE else 2, 0, part.strip("~")))
    return (*found, (1, 0, ""))
