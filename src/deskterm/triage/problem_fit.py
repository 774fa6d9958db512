"""Which open problems a ticket may belong to: words first, then device, system, site, category.

Words rank the problems (`known_problems`, semantics.md §6), one of them in the subject: signatures
and stock phrases say nothing. What is known of the device and the
place raises or lowers them and is named as the reason. A problem without a word in common is never
named: an affected model alone says nothing about a mouse. Nothing is linked by itself.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.triage.known_problems import Corpus, Reported
from deskterm.triage.likeness import words

Key = tuple[str, int]
"""`problem` or `ticket`, and its number."""

LEAST = 0.3
"""Score from which a problem is shown."""
_LOOKED_AT = 40
"""Candidates that are looked at."""
_SAME, _OTHER = 1.25, 0.6
"""What an affected model, system or site counts more, and one that is not affected less."""


class Affected(NamedTuple):
    """What a problem affects, as far as is known; empty: not known."""

    model: str = ""
    os: str = ""
    site: str = ""
    category: str = ""


class Told(NamedTuple):
    """A ticket, or what a caller says, and what is known of their device and place."""

    subject: str
    body: str = ""
    facts: Affected = Affected()
    opened: datetime | None = None
    number: int = 0


class Shown(NamedTuple):
    """A problem that may be it, with its reason."""

    problem: int
    score: float
    reason: str


def covers(patterns: str, value: str) -> bool:
    """Tell whether one of some patterns, with commas between, is a value; `*` ends a beginning."""
    said = " ".join(value.lower().split())
    for part in patterns.lower().split(","):
        wanted = " ".join(part.split())
        if wanted and (said == wanted or (wanted[-1] == "*" and said.startswith(wanted[:-1]))):
            return True
    return False


def evidence(affected: Affected, facts: Affected) -> tuple[float, list[str]]:
    """Give by how much a problem counts more or less for a ticket, and what says so."""
    factor, reasons = 1.0, []
    for name in ("model", "os", "site"):
        patterns, value = getattr(affected, name), getattr(facts, name)
        if not patterns or not value:
            continue
        if covers(patterns, value):
            factor *= _SAME
            reasons.append(value)
        else:
            factor *= _OTHER
    if affected.category and _within(facts.category, affected.category):
        factor *= _SAME
        reasons.append(facts.category)
    return factor, reasons


def _within(category: str, wanted: str) -> bool:
    return f"{category}/".startswith(f"{wanted}/")


class Shelf:
    """The open problems with their tickets, made once and asked often."""

    def __init__(
        self,
        problems: Mapping[int, tuple[Told, Affected]],
        tickets: Iterable[tuple[int, Told]],
        others: Iterable[Told] = (),
    ) -> None:
        """`tickets` are (problem, ticket); `others` only tell which words are common."""
        self._affected = {number: affected for number, (_, affected) in problems.items()}
        self._corpus: Corpus[Key] = Corpus()
        self._titles = {number: _stems(told.subject) for number, (told, _) in problems.items()}
        """Telling words of the problem's title and of the subjects of its tickets."""
        for number, (told, _) in problems.items():
            self._corpus.add(_reported(("problem", number), told))
        for number, told in tickets:
            key = ("ticket", told.number)
            if key not in self._corpus:
                self._corpus.add(_reported(key, told))
            self._corpus.link(("problem", number), key)
            self._titles[number] |= _stems(told.subject)
        for told in others:
            self._corpus.add(_reported(("ticket", told.number), told))

    def fitting(
        self,
        asked: Told,
        now: datetime,
        limit: int = 3,
        among: Callable[[int], bool] | None = None,
    ) -> list[Shown]:
        """Give the problems that a ticket may belong to, best first; none below `LEAST`.

        Only those `among` which may be shown for it; None: all.
        """
        if not self._affected:
            return []
        key = ("ticket", asked.number)
        said = _stems(asked.subject)
        found: dict[int, Shown] = {}
        many = _LOOKED_AT if among is None else len(self._affected) + _LOOKED_AT
        for candidate in self._corpus.candidates(_reported(key, asked), now, limit=many):
            for kind, number in candidate.group:
                if kind != "problem" or not (among is None or among(number)):
                    continue
                if number not in found and said & self._titles[number]:
                    told = candidate.reasons[: -1 if len(candidate.group) > 1 else None]
                    found[number] = self._shown(number, candidate.score, told, asked)
        best = sorted(found.values(), key=lambda one: (-one.score, -one.problem))
        return [one for one in best if one.score >= LEAST][:limit]

    def _shown(self, number: int, score: float, told: Sequence[str], asked: Told) -> Shown:
        factor, facts = evidence(self._affected[number], asked.facts)
        said = [f"says {one}" if place == 0 else one for place, one in enumerate(told)]
        return Shown(number, score * factor, " · ".join([*said, *facts]))


def _stems(text: str) -> set[str]:
    return {stem for stem, _ in words(text) if not stem.isdigit()}


def _reported(key: Key, told: Told) -> Reported[Key]:
    return Reported(key, told.subject, told.body, told.facts.model, told.opened)
