"""Near duplicates among solutions: titles and symptoms that share most of their telling words."""

from collections.abc import Iterable
from typing import NamedTuple

from deskterm.triage.likeness import words

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
