"""How like a text is to some documents: BM25 over weighted fields, in memory, with the reason.

The likeness is a share: what a document scores of what it could score at most for the words that
tell documents apart. Linear in the length of the texts. Near duplicates among solutions are those
whose titles and symptoms share most of their telling words.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable
from functools import lru_cache
from math import log
from typing import Generic, NamedTuple, TypeVar

from deskterm.domain.patterns import pattern

K = TypeVar("K", bound=Hashable)

Fields = tuple[tuple[float, str], ...]
"""Texts with how much a word counts in each."""

TITLE, SYMPTOMS, REST = 3.0, 2.0, 1.0
"""How much a word counts in a title, in the customer's words, and elsewhere."""

_LONGEST = 6_000
"""Characters of one field that are read."""
_TELLING = 12
"""Words of a text that are weighed: those that tell documents apart best."""
_SATURATION, _LENGTH = 1.2, 0.6

_WORD = pattern(r"[^\W_]+")
_BETWEEN = {at: " " for at in range(128) if not chr(at).isalnum()}
_UNSPACED = pattern("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a about after again all also am an and any are as at be been but by can cannot could did "
        "do does don for from get got had has have he hello help hi how i if in into is it its "
        "just me more my no not now of off on or our out please she since so some still than "
        "thank thanks that the their them then there they this to too up us very was we were what "
        "when where which who why will with would you your s t m re ve ll d say says said see "
        "tell told want wants need needs try tried work works working worked since anything "
        "something everything today yesterday morning always often really very just like "
        "know think dear hour hours minute minutes second seconds day days week weeks month months "
        "until time times lot",
    )
)


class Document(NamedTuple, Generic[K]):
    """Something to be found: its key and its fields as (weight, text)."""

    key: K
    fields: Fields


class Match(NamedTuple, Generic[K]):
    """A document that is like the text: how much (0 to 1), and the words that say so."""

    key: K
    likeness: float
    words: tuple[str, ...]


class Likeness(Generic[K]):
    """An index over documents, made once and asked often."""

    def __init__(self, documents: Iterable[Document[K]]) -> None:
        self._counts: dict[K, dict[str, float]] = {}
        self._places: dict[str, list[K]] = {}
        for document in documents:
            self._add(document)
        sizes = {key: sum(counts.values()) for key, counts in self._counts.items()}
        mean = sum(sizes.values()) / len(sizes) if sizes else 1.0
        self._norms = {
            key: _SATURATION * (1 - _LENGTH + _LENGTH * size / (mean or 1.0))
            for key, size in sizes.items()
        }

    def _add(self, document: Document[K]) -> None:
        counts: dict[str, float] = {}
        for weight, text in document.fields:
            for stem, _ in words(text):
                counts[stem] = counts.get(stem, 0.0) + weight
        self._counts[document.key] = counts
        for stem in counts:
            self._places.setdefault(stem, []).append(document.key)

    def like(
        self,
        asked: Fields,
        limit: int = 5,
        least: float = 0.0,
        skip: frozenset[str] = frozenset(),
    ) -> list[Match[K]]:
        """Give the documents that are like what is asked, best first; none below `least`.

        `skip` are words that tell nothing here, e.g. the names in a signature. Equal ones stand in
        the order of the documents.
        """
        said, weights = self._asked(asked, {stem for word in skip for stem, _ in words(word)})
        best = sum(weights.values()) * (_SATURATION + 1)
        scores: dict[K, float] = {}
        for stem, weight in weights.items():
            for key in self._places[stem]:
                count = self._counts[key][stem]
                part = weight * count * (_SATURATION + 1) / (count + self._norms[key])
                scores[key] = scores.get(key, 0.0) + part
        found = [
            Match(key, score / best, self._said(key, weights, said))
            for key, score in scores.items()
            if score / best >= least
        ]
        return sorted(found, key=lambda match: -match.likeness)[:limit]

    def _asked(self, asked: Fields, skip: set[str]) -> tuple[dict[str, str], dict[str, float]]:
        """Give the telling words as they were written, and what each is worth."""
        said: dict[str, str] = {}
        weights: dict[str, float] = {}
        for weight, text in asked:
            for stem, word in words(text):
                said.setdefault(stem, word)
                weights[stem] = max(weight, weights.get(stem, 0.0))
        many = len(self._counts)
        worth = {
            stem: weight * log(1 + many / len(places))
            for stem, weight in weights.items()
            if stem not in skip and (places := self._places.get(stem))
        }
        telling = sorted(worth, key=lambda stem: -worth[stem])[:_TELLING]
        return said, {stem: worth[stem] for stem in telling}

    def _said(self, key: K, weights: dict[str, float], said: dict[str, str]) -> tuple[str, ...]:
        return tuple(said[stem] for stem in weights if stem in self._counts[key])


def words(text: str) -> Iterable[tuple[str, str]]:
    """Give each telling word of a text as (stem, as it was written, in lower case)."""
    text = text[:_LONGEST].lower()
    if text.isascii():  # the same words, twice as fast
        return filter(None, map(_told, text.translate(_BETWEEN).split()))
    return _with_unspaced(_WORD.findall(text))


def _with_unspaced(found: Iterable[str]) -> Iterable[tuple[str, str]]:
    for word in found:
        if not word.isascii() and _UNSPACED.search(word):
            yield from ((word[at : at + 2], word[at : at + 2]) for at in range(len(word)))
        elif told := _told(word):
            yield told


@lru_cache(maxsize=1 << 16)
def _told(word: str) -> tuple[str, str] | None:
    """Give stem and word, the same pair for all who ask; None where it tells nothing."""
    stem = _stem_of(word)
    return (stem, word) if stem else None


def is_telling(word: str) -> bool:
    """Tell whether a word in lower case says anything: no filler, no single letter."""
    return bool(_told(word)) or not word.isascii()


def _stem_of(word: str) -> str:
    """Give the stem; nothing for words that tell nothing."""
    return "" if len(word) < 2 or word in _EMPTY else _stem(_plain(word))


def _plain(word: str) -> str:
    """Give the word without accents."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if not unicodedata.combining(part)) or word


def _stem(word: str) -> str:
    """Give the word without its commonest endings, so that printing meets printer and print."""
    for ending in ("ing", "ers", "ies", "er", "es", "ed", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            return stem[:-1] if len(stem) > 3 and stem[-1] == stem[-2] else stem
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


LEAST = 0.6
"""The likeness from which two solutions are taken for the same."""
_TITLE = 2 / 3
"""How much the title counts; the symptoms count the rest, where both have some."""


class Written(NamedTuple):
    """A solution's own words."""

    id: int
    title: str
    symptoms: str


class Twin(NamedTuple):
    """A solution that reads like the one to be saved."""

    id: int
    title: str
    likeness: float
    """0 to 1: the share of telling words that both have."""


def twins(title: str, symptoms: str, among: Iterable[Written], limit: int = 5) -> list[Twin]:
    """Give the solutions that are nearly the same, the most like first."""
    own = (_stems(title), _stems(symptoms))
    found = [Twin(one.id, one.title, _likeness(own, one)) for one in among]
    near = [one for one in found if one.likeness >= LEAST]
    return sorted(near, key=lambda one: (-one.likeness, one.id))[:limit]


def _likeness(own: tuple[set[str], set[str]], other: Written) -> float:
    title = _shared(own[0], _stems(other.title))
    symptoms = _stems(other.symptoms) if own[1] and title >= LEAST / 2 else set()
    if not symptoms:
        return title
    return _TITLE * title + (1 - _TITLE) * _shared(own[1], symptoms)


def _shared(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _stems(text: str) -> set[str]:
    return {stem for stem, _ in words(text)}
