"""Which solutions somebody should look at again, and why (semantics.md §8: reuse is review)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

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
