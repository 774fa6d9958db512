"""What may have moved figures on its day: releases, guides, and what was settled otherwise."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.storage.driver import Database, moment
from deskterm.storage.phrases import NOT_UNDONE

_TOGETHER = timedelta(hours=1)
"""Of one kind within so long it is one change."""
_NAMED = 3
_MOVING = ("hours", "holidays", "zone", "promise.", "poll.", "remind.", "triage.", "mail.reopen")
"""Settings by which figures may move begin so."""
_RELEASES = (
    "SELECT shipped_at AS at, 'release' AS kind, name, '{}' AS changes FROM release "
    "WHERE shipped_at >= :low AND shipped_at < :high"
)
_GUIDES = (
    "SELECT at, 'guide' AS kind, slug AS name, '{}' AS changes FROM guide "
    "WHERE at >= :low AND at < :high"
)
_SETTLED = (
    "SELECT l.at, l.kind, COALESCE(o.name, c.name, '') AS name, l.changes FROM ledger l "  # noqa: S608 - constants
    "LEFT JOIN offer o ON l.kind = 'offer' AND o.id = l.subject_id "
    "LEFT JOIN calendar c ON l.kind = 'calendar' AND c.id = l.subject_id "
    "WHERE l.kind IN ('offer', 'calendar', 'setting') AND l.at >= :low AND l.at < :high "
    f"AND {NOT_UNDONE} AND NOT EXISTS "
    "(SELECT 1 FROM operation p WHERE p.id = l.operation_id AND p.undoes IS NOT NULL)"
)


class Marked(NamedTuple):
    """One change, or several of a kind soon after each other."""

    at: datetime
    kind: str
    names: Sequence[str]

    @property
    def what(self) -> str:
        """What it was, in words."""
        more = len(self.names) - _NAMED
        tail = f" and {more} more" if more > 0 else ""
        return f"{self.kind} {', '.join(self.names[:_NAMED])}{tail}"


def marks(database: Database, low: datetime, high: datetime) -> list[Marked]:
    """Give what changed in a time, the earliest first; what was undone did not."""
    given = {"low": low, "high": high}
    rows = [row for text in (_RELEASES, _GUIDES, _SETTLED) for row in database.all(text, **given)]
    each = [
        Marked(moment(row["at"]), row["kind"], (name,))
        for row in rows
        for name in _names(row["kind"], row["name"], row["changes"])
    ]
    return sorted(_joined(sorted(each)), key=lambda one: (one.at, one.kind))


def _names(kind: str, name: str, changes: str) -> Iterable[str]:
    if kind != "setting":
        return (name,)
    return [one for one in json.loads(changes) if one.startswith(_MOVING)]


def _joined(each: Iterable[Marked]) -> Iterable[Marked]:
    """Give what is of one kind and soon after each other as one; a release stands alone."""
    last: dict[str, Marked] = {}
    for one in each:
        before = last.get(one.kind)
        if before and one.kind != "release" and one.at - before.at <= _TOGETHER:
            names = tuple(dict.fromkeys((*before.names, *one.names)))
            last[one.kind] = before._replace(names=names)
            continue
        if before:
            yield before
        last[one.kind] = one
    yield from last.values()
