"""Which known problem a ticket may belong to: BM25 over groups of linked tickets (semantics.md §6).

A group is what links tie together, a problem or tickets of one cause; a ticket alone is a group of
one. Words of the title count more, pasted code and logs less, the names of things (`pieces.names`)
once more; words that capitals join (`OneDrive`) count whole and taken apart; a group that was
linked before counts more than a single ticket. Words weigh more the more recent the ticket is; how
like the letters of titles and first lines are (`pieces`) does not age, so that an old, nearly
identical title is found. Text alone cannot say *whether* it is a duplicate: candidates are shown,
never linked by themselves.

A `Corpus` learns tickets and links in the order of time, so asking it never sees the future.
"""

from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from heapq import nlargest
from math import log
from typing import Generic, NamedTuple, TypeVar

from deskterm.triage.likeness import words
from deskterm.triage.pieces import Asked, Pieces, apart, joined, names

K = TypeVar("K", bound=Hashable)

_TITLE, _BODY, _PASTED = 4.0, 1.0, 0.7
"""How much a word counts in the title, in the text, and once in all that was pasted into it."""
_AGAIN, _IN_TITLE, _NAMED = 0.1, 0.4, 0.2
"""What a rare word counts once more: of both titles, of the text and the old title, a name."""
_SATURATION, _LENGTH = 1.8, 0.7
_TITLE_READ, _BODY_READ, _BEGINNING = 300, 3_000, 400
"""Characters that are read."""
_TELLING = 40
"""Words of a ticket that are looked up: those that tell tickets apart best."""
_NEAREST = 250
"""Tickets that are weighed, after their words were counted."""
_AGED, _RECENT = 0.84, ((0.3, 100.0), (0.48, 280.0))
"""What words count in any ticket; (what in one of today more, days after which that is half)."""
_LIKE, _LIKE_TITLE = 0.24, 0.1
"""What the likeness of the letters counts, of title and first lines and of the titles alone."""
_SAME_VERSION = 0.035
_OTHERS, _OTHERS_FADE = 0.12, 0.6
"""What the second-best ticket of a group adds, and each further one of the one before it."""
_KNOWN = 0.07
"""What a group of several counts more."""


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
    body: frozenset[str]
    named: frozenset[str]
    said: dict[str, str]
    beginning: str
    """The first of what a person wrote in the text."""


class Corpus(Generic[K]):
    """Tickets and links so far. Adding is linear in a ticket's words; links are near constant."""

    def __init__(self) -> None:
        self._tickets: dict[K, Reported[K]] = {}
        self._sizes: dict[K, float] = {}
        self._places: dict[str, list[tuple[K, float]]] = {}
        self._titles: dict[str, list[K]] = {}
        self._named: dict[str, list[K]] = {}
        self._pieces: Pieces[K] = Pieces()
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
        for name in found.named:
            self._named.setdefault(name, []).append(ticket.key)
        self._pieces.add(ticket.key, ticket.title[:_TITLE_READ], found.beginning)
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
        groups = self._grouped(ticket, found, weights, now or ticket.opened)
        ranked = sorted(
            ((self._pooled(group, scored), group) for group, scored in groups.items()),
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

    def _grouped(
        self, ticket: Reported[K], found: _Counted, weights: dict[str, float], now: datetime | None
    ) -> dict[K, list[tuple[float, K]]]:
        """Give the tickets that are most like it with their scores, by group."""
        scores = self._scores(weights, found)
        best = sum(weights.values()) * (_SATURATION + 1)
        asked = self._pieces.asked(ticket.title[:_TITLE_READ], found.beginning)
        groups: dict[K, list[tuple[float, K]]] = {}
        for key, score in nlargest(_NEAREST, scores.items(), key=lambda pair: pair[1]):
            if key != ticket.key:
                weighed = score / best * self._age(key, now) + self._evidence(key, ticket, asked)
                groups.setdefault(self._group[key], []).append((weighed, key))
        return groups

    def _weights(self, found: _Counted) -> dict[str, float]:
        """Give what each telling word is worth: rare here, and said often there."""
        worth = {}
        for word, count in found.counts.items():
            places = self._places.get(word)
            if places:
                worth[word] = self._rare(len(places)) * 3 * count / (count + 2)
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
        for said, places, more in (
            (found.title, self._titles, _AGAIN),
            (found.body.intersection(weights), self._titles, _IN_TITLE),
            (found.named, self._named, _NAMED),
        ):
            self._add_again(scores, said, places, more)
        return scores

    def _add_again(
        self, scores: dict[K, float], said: Iterable[str], places: dict[str, list[K]], more: float
    ) -> None:
        """Count rare words once more for the tickets that have them in a place that tells more."""
        for word in said:
            found = places.get(word, ())
            again = more * self._rare(len(found))
            for key in found:
                if key in scores:
                    scores[key] += again

    def _rare(self, places: int) -> float:
        return log(1 + (len(self._tickets) - places + 0.5) / (places + 0.5))

    def _age(self, key: K, now: datetime | None) -> float:
        """Give what words count in a ticket: more in a recent one."""
        opened = self._tickets[key].opened
        if now is None or opened is None:
            return 1.0
        days = max(0.0, (now - opened) / timedelta(days=1))
        return _AGED + sum((more * 0.5 ** (days / half) for more, half in _RECENT), 0.0)

    def _evidence(self, key: K, ticket: Reported[K], asked: Asked) -> float:
        """Give what counts whatever a ticket's age: like letters, and the same version."""
        same = bool(ticket.version) and self._tickets[key].version == ticket.version
        like = _LIKE * self._pieces.whole(asked, key) + _LIKE_TITLE * self._pieces.title(asked, key)
        return like + _SAME_VERSION * same

    def _pooled(self, group: K, scored: list[tuple[float, K]]) -> float:
        scored.sort(key=lambda pair: -pair[0])
        score, share = scored[0][0], _OTHERS
        for other, _ in scored[1:6]:
            score += share * other
            share *= _OTHERS_FADE
        return score * (1 + _KNOWN) if len(self._members[group]) > 1 else score

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
    title, body = ticket.title[:_TITLE_READ], ticket.body[:_BODY_READ]
    own, pasted = apart(body)
    counts: dict[str, float] = {}
    said: dict[str, str] = {}
    stems: list[frozenset[str]] = []
    for weight, found in (
        (_TITLE, _words(title)),
        (_BODY, _words(own)),
        (_PASTED, list(dict(_words(pasted)).items())),
    ):
        stems.append(frozenset(stem for stem, _ in found))
        for stem, word in found:
            counts[stem] = counts.get(stem, 0.0) + weight
            said.setdefault(stem, word)
    named = names(f"{title}\n{body}")
    return _Counted(counts, stems[0], stems[1] | stems[2], named, said, own[:_BEGINNING])


def _words(text: str) -> list[tuple[str, str]]:
    """Give the telling words, those joined by capitals whole and taken apart."""
    return [*words(text), *words(joined(text))]
