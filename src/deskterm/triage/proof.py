"""How well something is proved to work, and which of several is worth trying first.

Also which solutions somebody should look at again, and why (semantics.md §8: reuse is review).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import sqrt
from typing import NamedTuple

_HALF_LIFE = timedelta(days=180)
_PRIOR = 2.0
"""Trials that count as worked, and as many as failed, before anything was tried: neutral."""
_CERTAINTY = 1.28
"""Standard deviations of the Wilson bound: right nine times in ten."""

_TRUST = {"validated": 1.0, "not validated": 0.9, "draft": 0.75}
"""What a solution's confidence is worth."""
_SAME_CATEGORY = 1.25
_SAME, _SOME_WORDS, _ONE_WORD, _ELSEWHERE = 0.15, 0.2, 0.35, 0.4
"""The least likeness: in the same category, by several words, by one, in quite another category."""


class Tried(NamedTuple):
    """What is known of a solution besides its words."""

    worked: int
    failed: int
    confidence: str
    category: str = ""
    recent: tuple[float, float] | None = None
    """Votes that worked and that did not, older ones counting less; None: all count whole."""


class Rank(NamedTuple):
    """Where a solution stands among others, and why."""

    score: float
    reason: str


def faded(votes: Iterable[tuple[datetime, bool]], now: datetime) -> tuple[float, float]:
    """Give how much counts as worked and as failed: a vote loses half in every 180 days."""
    counts = [0.0, 0.0]
    for at, worked in votes:
        age = max((now - at).total_seconds(), 0.0)
        counts[0 if worked else 1] += 0.5 ** (age / _HALF_LIFE.total_seconds())
    return counts[0], counts[1]


class Faded(NamedTuple):
    """What votes counted at a moment: from there on all of them fade alike."""

    worked: float
    failed: float
    at: datetime
    """When the last of them was given."""

    def by(self, now: datetime) -> "Faded":
        """Give what they count later; earlier than `at` they count no more than then."""
        age = max((now - self.at).total_seconds(), 0.0)
        left = 0.5 ** (age / _HALF_LIFE.total_seconds())
        return Faded(self.worked * left, self.failed * left, max(now, self.at))

    def and_one(self, at: datetime, worked: bool) -> "Faded":
        """Give them with one vote more."""
        later = self.by(at)
        weight = 0.5 ** ((later.at - at) / _HALF_LIFE)
        return Faded(later.worked + weight * worked, later.failed + weight * (not worked), later.at)


def counted(votes: Sequence[tuple[datetime, bool]]) -> Faded:
    """Give what votes counted when the last of them was given; raises ValueError without one."""
    last = max(at for at, _ in votes)
    return Faded(*faded(votes, last), last)


def proved(worked: float, failed: float) -> float:
    """Give the share that works at least: the Wilson lower bound, with a neutral prior."""
    n = worked + failed + 2 * _PRIOR
    share = (worked + _PRIOR) / n
    z = _CERTAINTY
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (share + z * z / (2 * n) - spread) / (1 + z * z / n)


def share_text(worked: int, failed: int) -> str:
    """Give `worked 6 of 7` or `not tried yet`."""
    return f"worked {worked} of {worked + failed}" if worked + failed else "not tried yet"


def rank(likeness: float, words: tuple[str, ...], tried: Tried, category: str = "") -> Rank:
    """Give score and reason: likeness × how well it is proved × how far it is trusted."""
    votes = tried.recent or (tried.worked, tried.failed)
    score = likeness * proved(*votes) * _TRUST.get(tried.confidence, 0.0)
    reasons = [f"says {', '.join(words[:4])}"] if words else []
    if same_branch(category, tried.category):
        score *= _SAME_CATEGORY
        reasons.append(f"category {tried.category}")
    reasons.append(share_text(tried.worked, tried.failed))
    if tried.confidence != "validated":
        reasons.append("a draft" if tried.confidence == "draft" else tried.confidence)
    return Rank(score, "; ".join(reasons))


def worth_showing(likeness: float, words: tuple[str, ...], one: str, other: str) -> bool:
    """Tell whether a likeness is enough, the categories of both sides (or nothing) considered.

    On the demo's tickets this finds 96 % of what was used and leaves out most of the rest.
    """
    if same_branch(one, other):
        return likeness >= _SAME
    if one and other and one.split("/")[0] != other.split("/")[0]:
        return likeness >= _ELSEWHERE
    return likeness >= (_SOME_WORDS if len(words) > 1 else _ONE_WORD)


def same_branch(one: str, other: str) -> bool:
    """Tell whether two category paths are the same, or one lies above the other."""
    if not one or not other:
        return False
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


UNUSED = timedelta(days=365)
"""A solution that was neither used nor changed for so long is looked at again."""
WAITING = timedelta(days=30)
"""A draft that nobody reviewed for so long is looked at again."""
LAST, FAILING = 5, 3
"""So many failures among the last votes flag a solution."""


class Vote(NamedTuple):
    """A solution worked on a ticket, or did not."""

    at: datetime
    worked: bool


class Kept(NamedTuple):
    """What is known of a solution."""

    confidence: str
    review_by: str | None
    """`2027-03-31`."""
    updated_at: datetime
    flagged: bool


def why_stale(kept: Kept, votes: Sequence[Vote], now: datetime) -> tuple[str, ...]:
    """Give every reason to look at a solution again; `votes` oldest first. Nothing: it is fine."""
    reasons = []
    last = votes[-LAST:]
    failed = sum(not vote.worked for vote in last)
    if failed >= FAILING and last[-1].at > kept.updated_at:
        reasons.append(f"failed {failed} of its last {len(last)}")
    elif kept.flagged:
        reasons.append("did not work lately")
    good = max((vote.at for vote in votes if vote.worked), default=None)
    due = kept.review_by is not None and kept.review_by < now.date().isoformat()
    if due and (good is None or good.date().isoformat() < str(kept.review_by)):
        reasons.append(f"to be reviewed by {kept.review_by}")
    touched = max(kept.updated_at, votes[-1].at) if votes else kept.updated_at
    if touched < now - UNUSED:
        reasons.append(f"neither used nor changed since {touched.date().isoformat()}")
    elif kept.confidence == "draft" and touched < now - WAITING:
        reasons.append(f"a draft since {touched.date().isoformat()}")
    return tuple(reasons)
