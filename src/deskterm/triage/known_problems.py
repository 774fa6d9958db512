"""Which known problem a ticket may belong to: BM25 over groups of linked tickets (semantics.md §6).

A group is what links tie together, a problem or tickets of one cause; a ticket alone is a group of
one. Words of the title count more, recent tickets more than old ones, and a group that was linked
before more than a single ticket. Text alone cannot say *whether* it is a duplicate: candidates are
shown, never linked by themselves.

A `Corpus` learns tickets and links in the order of time, so asking it never sees the future.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from heapq import nlargest
from math import log
from typing import Generic, NamedTuple, TypeVar

from deskterm.triage.likeness import words

K = TypeVar("K", bound=Hashable)

_TITLE, _BODY = 4.0, 1.0
"""How much a word counts in the title and in the text."""
_AGAIN = 0.4
"""What a rare word of both titles counts once more."""
_SATURATION, _LENGTH = 1.8, 0.7
_TITLE_READ, _BODY_READ = 300, 3_000
"""Characters that are read."""
_TELLING = 25
"""Words of a ticket that are looked up: those that tell tickets apart best."""
_NEAREST = 250
"""Tickets that are weighed, after their words were counted."""
_RECENT = ((0.4, 60.0), (0.4, 400.0))
"""(what a ticket of today counts more, days after which that is half)."""
_SAME_VERSION = 0.1
_OTHERS, _OTHERS_FADE = 0.1, 0.6
"""What the second-best ticket of a group adds, and each further one of the one before it."""
_KNOWN, _SIZE = 0.15, 0.05
"""What a group of several counts more, and how that grows with its size."""


class Reported(NamedTuple, Generic[K]):
    """A ticket as it was when it was opened: nothing of what became known later."""

    key: K
    title: str
    body: str = ""
    version: str = ""
    """What it is about in which version: an application, a device model."""
    opened: datetime | None = None


class Candidate(NamedTuple, Generic[K]):
    """A known problem that a ticket may belong to."""

    group: tuple[K, ...]
    """The keys of the problem's tickets, oldest first."""
    nearest: K
    """The ticket of the group that is most like it."""
    score: float
    """A share of what the words could score; for comparing, no probability."""
    reasons: tuple[str, ...]


class _Counted(NamedTuple):
    counts: dict[str, float]
    title: frozenset[str]
    said: dict[str, str]


class Corpus(Generic[K]):
    """Tickets and links so far. Adding is linear in a ticket's words; links are near constant."""

    def __init__(self) -> None:
        self._tickets: dict[K, Reported[K]] = {}
        self._sizes: dict[K, float] = {}
        self._places: dict[str, list[tuple[K, float]]] = {}
        self._titles: dict[str, list[K]] = {}
        self._words_in_all = 0.0
        self._group: dict[K, K] = {}
        self._members: dict[K, list[K]] = {}

    def __contains__(self, key: object) -> bool:
        return key in self._tickets

    def add(self, ticket: Reported[K]) -> None:
        """Take a ticket in; one that is known already stays as it was."""
        if ticket.key in self._tickets:
            return
        found = _counted(ticket)
        size = sum(found.counts.values())
        self._tickets[ticket.key] = ticket._replace(title="", body="")
        self._sizes[ticket.key] = size
        self._words_in_all += size
        for word, count in found.counts.items():
            self._places.setdefault(word, []).append((ticket.key, count))
        for word in found.title:
            self._titles.setdefault(word, []).append(ticket.key)
        self._group[ticket.key] = ticket.key
        self._members[ticket.key] = [ticket.key]

    def link(self, one: K, other: K) -> None:
        """Say that two tickets have one cause; both must be known."""
        first, second = self._group[one], self._group[other]
        if first == second:
            return
        if len(self._members[first]) < len(self._members[second]):
            first, second = second, first
        moved = self._members.pop(second)
        for key in moved:
            self._group[key] = first
        self._members[first] += moved

    def candidates(
        self, ticket: Reported[K], now: datetime | None = None, limit: int = 10
    ) -> list[Candidate[K]]:
        """Give the known problems that a ticket may belong to, best first."""
        found = _counted(ticket)
        weights = self._weights(found)
        if not weights:
            return []
        scores = self._scores(weights, found)
        nearest = nlargest(_NEAREST, scores.items(), key=lambda pair: pair[1])
        groups: dict[K, list[tuple[float, K]]] = {}
        for key, score in nearest:
            if key != ticket.key:
                weighed = score * self._evidence(key, ticket, now or ticket.opened)
                groups.setdefault(self._group[key], []).append((weighed, key))
        best = sum(weights.values()) * (_SATURATION + 1)
        ranked = sorted(
            ((self._pooled(group, scored) / best, group) for group, scored in groups.items()),
            key=lambda pair: -pair[0],
        )
        heads = [(score, group, groups[group][0][1]) for score, group in ranked[:limit]]
        shared = self._shared({key: [] for _, _, key in heads}, weights, found)
        return [
            Candidate(
                tuple(self._members[group]), key, score, self._reasons(key, shared[key], ticket)
            )
            for score, group, key in heads
        ]

    # --- scores --------------------------------------------------------------------------

    def _weights(self, found: _Counted) -> dict[str, float]:
        """Give what each telling word is worth: rare here, and said often there."""
        many = len(self._tickets)
        worth = {}
        for word, count in found.counts.items():
            places = self._places.get(word)
            if places:
                rare = log(1 + (many - len(places) + 0.5) / (len(places) + 0.5))
                worth[word] = rare * 3 * count / (count + 2)
        telling = nlargest(_TELLING, worth, key=lambda word: worth[word])
        return {word: worth[word] for word in telling}

    def _scores(self, weights: dict[str, float], found: _Counted) -> dict[K, float]:
        mean = self._words_in_all / len(self._tickets) or 1.0
        scores: dict[K, float] = {}
        for word, weight in weights.items():
            for key, count in self._places[word]:
                norm = _SATURATION * (1 - _LENGTH + _LENGTH * self._sizes[key] / mean)
                part = weight * count * (_SATURATION + 1) / (count + norm)
                scores[key] = scores.get(key, 0.0) + part
        many = len(self._tickets)
        for word in found.title:
            places = self._titles.get(word, ())
            again = _AGAIN * log(1 + (many - len(places) + 0.5) / (len(places) + 0.5))
            for key in places:
                if key in scores:
                    scores[key] += again
        return scores

    def _evidence(self, key: K, ticket: Reported[K], now: datetime | None) -> float:
        """Give by how much a ticket counts more: it is recent, it is of the same version."""
        known = self._tickets[key]
        factor = 1.0
        if now is not None and known.opened is not None:
            days = max(0.0, (now - known.opened) / timedelta(days=1))
            factor += sum(more * 0.5 ** (days / half) for more, half in _RECENT)
        same = bool(ticket.version) and known.version == ticket.version
        return factor * (1 + _SAME_VERSION * same)

    def _pooled(self, group: K, scored: list[tuple[float, K]]) -> float:
        scored.sort(key=lambda pair: -pair[0])
        score, share = scored[0][0], _OTHERS
        for other, _ in scored[1:6]:
            score += share * other
            share *= _OTHERS_FADE
        size = len(self._members[group])
        return score * (1 + _KNOWN + _SIZE * log(size - 0.99)) if size > 1 else score

    # --- reasons -------------------------------------------------------------------------

    def _shared(
        self, shared: dict[K, list[str]], weights: dict[str, float], found: _Counted
    ) -> dict[K, list[str]]:
        """Give the words that some tickets have in common with the one asked about, best first."""
        for word in sorted(weights, key=lambda word: -weights[word]):
            for key, _ in self._places[word]:
                if key in shared:
                    shared[key].append(found.said[word])
        return shared

    def _reasons(self, nearest: K, shared: list[str], ticket: Reported[K]) -> tuple[str, ...]:
        reasons = [", ".join(shared[:4])] if shared else []
        if ticket.version and self._tickets[nearest].version == ticket.version:
            reasons.append(f"version {ticket.version}")
        many = len(self._members[self._group[nearest]])
        return (*reasons, f"{many} tickets") if many > 1 else tuple(reasons)


def _counted(ticket: Reported[K]) -> _Counted:
    counts: dict[str, float] = {}
    said: dict[str, str] = {}
    title = set()
    for stem, word in words(ticket.title[:_TITLE_READ]):
        counts[stem] = counts.get(stem, 0.0) + _TITLE
        said.setdefault(stem, word)
        title.add(stem)
    for stem, word in words(ticket.body[:_BODY_READ]):
        counts[stem] = counts.get(stem, 0.0) + _BODY
        said.setdefault(stem, word)
    return _Counted(counts, frozenset(title), said)
