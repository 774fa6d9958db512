"""Which guides fit a ticket: by its category and by the words it was told in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from deskterm.domain.patterns import pattern
from deskterm.guides.outline import Outline

_WORD = pattern(r"[^\W_]+(?:-[^\W_]+)*")
_LONGEST_TEXT = 20_000
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an and are at but can cannot does for from has have how i in is it its me my no not of "
        "on or our since so that the this to too was we when with you your will "
        "work computer machine start connect",
    )
)
_CATEGORY_EXACT, _CATEGORY_ABOVE, _CATEGORY_TOP = 6.0, 4.0, 1.5
_PHRASE, _TITLE_WORD = 2.0, 0.9
_ENOUGH, _ELSEWHERE = 1.5, 4.0
"""What is needed, and what where the ticket already has a category that is another one."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A guide that may fit, and why."""

    id: str
    title: str
    score: float
    reason: str


def suggest(
    outlines: Iterable[Outline], category: str, text: str, limit: int = 5
) -> tuple[Suggestion, ...]:
    """Give the guides that fit a ticket's category path and its words, best first."""
    said = _said(text)
    found = [suggestion for outline in outlines if (suggestion := _weigh(outline, category, said))]
    return tuple(sorted(found, key=lambda each: (-each.score, each.id))[:limit])


def _said(text: str) -> str:
    return " " + " ".join(_words(text[:_LONGEST_TEXT])) + " "


def _words(text: str) -> list[str]:
    return [_stem(word) for word in _WORD.findall(text.casefold().replace("'", ""))]


def _stem(word: str) -> str:
    """Give the word without its commonest endings, so that printing meets printer's print."""
    for ending in ("ing", "ers", "ies", "er", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _weigh(outline: Outline, category: str, said: str) -> Suggestion | None:
    score, reasons = _by_category(outline.categories, category)
    needed = _ELSEWHERE if category and not score else _ENOUGH
    phrases = [phrase for phrase in outline.words if f" {' '.join(_words(phrase))} " in said]
    heads = [word for word in _WORD.findall(outline.title.casefold()) if word not in _EMPTY]
    titles = [word for word in dict.fromkeys(heads) if f" {_stem(word)} " in said]
    told = {word for phrase in phrases for word in _words(phrase)}
    fresh = [word for word in titles if _stem(word) not in told]
    score += _PHRASE * len(phrases) + _TITLE_WORD * len(fresh)
    if phrases or fresh:
        reasons = [*reasons, "says " + ", ".join([*phrases, *fresh][:4])]
    if score < needed:
        return None
    return Suggestion(outline.id, outline.title, score, "; ".join(reasons))


def _by_category(categories: Sequence[str], category: str) -> tuple[float, list[str]]:
    """Weigh the category: the same, one above or below it, or only the same first part."""
    wanted = category.casefold()
    if not wanted:
        return 0.0, []
    folded = [each.casefold() for each in categories]
    if wanted in folded:
        return _CATEGORY_EXACT, [f"category {category}"]
    for each in folded:
        if wanted.startswith(each + "/"):
            return _CATEGORY_ABOVE, [f"category {each}"]
    for each in folded:
        if each.startswith(wanted + "/") or each.split("/")[0] == wanted.split("/")[0]:
            return _CATEGORY_TOP, [f"near category {each}"]
    return 0.0, []
