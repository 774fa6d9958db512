"""What to write next (E4): questions that keep coming, by category and words, by their cost.

Leader clustering over the telling words of titles: a ticket joins the group whose first title is
most like its own, or begins one. Words with digits (devices, numbers, rooms) tell nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log
from statistics import median
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.triage.likeness import words

LEAST = 3
"""Tickets that make a question a recurring one."""
_SAME = 0.5
"""The least share of common words, each weighed by how rare it is, that makes titles alike."""
_TELLING = 8
"""Words of a title that are compared: the rarest."""
_SUBJECTS = 5
_GREETING = 3
"""Words of a paragraph that only greets, at most."""
_LONGEST = 600
_WITH_DIGIT = pattern(r"\S*\d\S*")


Kind = tuple[str, int | None]
"""A category, and whose the ticket is."""


class Solved(NamedTuple):
    """A ticket that was solved without a validated solution."""

    id: int
    subject: str
    body: str
    category: str
    resolution: str
    environment: str
    minutes: float | None
    """What it took to solve it; None where it is not known."""
    draft: int | None = None
    """The solution that was begun for it."""
    client: int | None = None
    """Whose it is: what different clients ask is never one question."""

    @property
    def kind(self) -> Kind:
        """What it shares with those that may ask the same."""
        return self.category, self.client


class Wanted(NamedTuple):
    """A question that keeps coming, what it costs, and what a draft would begin with."""

    ticket: int
    """The newest ticket that asks it; it names the question."""
    title: str
    category: str
    times: int
    median_minutes: float
    cost_minutes: float
    """`times` × `median_minutes`."""
    symptoms: str
    environment: str
    resolution: str
    """What was written most often."""
    draft: int | None
    """A solution that was begun for it."""
    tickets: tuple[int, ...]
    """Newest first."""


def wanted(solved: Sequence[Solved], least: int = LEAST) -> list[Wanted]:
    """Give the recurring questions among tickets (newest first), the most expensive first."""
    known = [one.minutes for one in solved if one.minutes is not None]
    usual = median(known) if known else 0.0
    groups = (group for group in _groups(solved) if len(group) >= least)
    found = [_wanted(group, usual) for group in groups]
    return sorted(found, key=lambda one: (-one.cost_minutes, -one.times, -one.ticket))


def _groups(solved: Sequence[Solved]) -> Iterable[list[Solved]]:
    titles = [_stems(one.subject) for one in solved]
    spread = Counter(stem for title in titles for stem in title)
    rare = {stem: log(1 + len(titles) / many) for stem, many in spread.items()}
    places: dict[tuple[Kind, str], list[int]] = {}
    groups: list[tuple[list[str], list[Solved]]] = []
    for one, title in zip(solved, titles, strict=True):
        telling = sorted(title, key=lambda stem: (-rare[stem], stem))[:_TELLING]
        if not telling:
            continue
        at = _leader(one.kind, telling, groups, places, rare)
        if at is None:
            for stem in telling:
                places.setdefault((one.kind, stem), []).append(len(groups))
            groups.append((telling, [one]))
        else:
            groups[at][1].append(one)
    return [members for _, members in groups]


def _leader(
    kind: Kind,
    telling: Sequence[str],
    groups: Sequence[tuple[list[str], list[Solved]]],
    places: dict[tuple[Kind, str], list[int]],
    rare: dict[str, float],
) -> int | None:
    """Give the group that a title belongs to; the first of equals; None where it begins one."""
    shared: dict[int, float] = {}
    for stem in telling:
        for at in places.get((kind, stem), ()):
            shared[at] = shared.get(at, 0.0) + rare[stem]
    own = sum(rare[stem] for stem in telling)
    best, found = _SAME, None
    for at, common in shared.items():
        share = common / (own + sum(rare[stem] for stem in groups[at][0]) - common)
        if share > best or (share == best and found is None):
            best, found = share, at
    return found


def _stems(title: str) -> set[str]:
    return {stem for stem, _ in words(_WITH_DIGIT.sub(" ", title[:200]))}


def _wanted(group: Sequence[Solved], usual: float) -> Wanted:
    known = [one.minutes for one in group if one.minutes is not None]
    middle = median(known) if known else usual
    newest = group[0]
    drafts = [one.draft for one in group if one.draft is not None]
    return Wanted(
        newest.id,
        _most(one.subject for one in group),
        newest.category,
        len(group),
        middle,
        middle * len(group),
        _symptoms(group),
        _most(one.environment for one in group),
        _most(one.resolution for one in group),
        drafts[0] if drafts else None,
        tuple(one.id for one in group),
    )


def _symptoms(group: Sequence[Solved]) -> str:
    """Give what customers wrote: their subjects, each once, and the newest one's own words."""
    subjects = list(dict.fromkeys(" ".join(one.subject.split()) for one in group))[:_SUBJECTS]
    said = next((words for one in group if (words := _said(one.body))), "")
    return "\n".join([*subjects, *(["", said] if said else [])])


def _said(body: str) -> str:
    """Give the first paragraph that is no greeting; what stands below is often a signature."""
    for part in body.replace("\r\n", "\n").split("\n\n"):
        if len(part.split()) > _GREETING:
            return part.strip()[:_LONGEST]
    return ""


def _most(texts: Iterable[str]) -> str:
    """Give the text written most often, digits and devices aside; the newest of its kind."""
    known = [text.strip() for text in texts if text.strip()]
    kinds = [" ".join(_WITH_DIGIT.sub("#", text[:2000]).casefold().split()) for text in known]
    if not known:
        return ""
    most = Counter(kinds).most_common(1)[0][0]
    return known[kinds.index(most)]
