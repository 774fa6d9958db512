"""What figures read of days that are over, whole and in parts: kept totals, and rows of all else.

A kept day is asked only where no mark lies in it, and else its rows are: so a total can be missing,
never wrong. `storage/day_totals.py` keeps them.
"""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from deskterm.reports.figures import FIGURES, LENGTH, MERGED, SPLITS, STANDING, WORKED, Part
from deskterm.storage.driver import Database, moment
from deskterm.storage.reads import measures
from deskterm.storage.reads.measures import Counts, Which

_MOST_GAPS = 100
_SHORT, _LONG = "i", "q"
_FRESH = (
    "SELECT starts_at, until, parts, counts{0} FROM day_total d WHERE split = :split "
    "AND anchor = :anchor AND shape = :shape AND starts_at >= :low AND starts_at < :high "
    "AND until <= :high AND NOT EXISTS (SELECT 1 FROM day_mark k WHERE k.at >= d.starts_at "
    "AND k.at < d.until AND k.whole >= :whole) ORDER BY starts_at"
)
WHOLE = ""
"""The split of a day as a whole."""
Span = tuple[datetime, datetime]
_Column = Iterable[tuple[Part, int, int]]


def _columns(kinds: Iterable[str]) -> Mapping[str, Sequence[str]]:
    found: dict[str, dict[str, None]] = {}
    for one in FIGURES:
        if one.anchor not in (STANDING, WORKED) and one.kind in kinds:
            found.setdefault(one.anchor, {})[one.column] = None
    return {anchor: tuple(names) for anchor, names in found.items()}


_KINDS = {one.kind for one in FIGURES}
_COUNTED, TIMED = _columns(_KINDS), _columns((LENGTH,))
_PARTED = {name: of for name, of in _columns(_KINDS - {LENGTH}).items() if name != MERGED}
"""Anchor → the columns whose cases, those whose lengths, those whose parts a day keeps; what was
merged is so little that its parts are read from its rows."""
SHAPE = crc32(repr((_COUNTED, TIMED, _PARTED, tuple(SPLITS))).encode()) >> 1
"""What was kept in another shape is not read."""


def kept_columns(split: str) -> Mapping[str, Sequence[str]]:
    """Give anchor → the columns that a day keeps, in their order."""
    return _PARTED if split else _COUNTED


class Total(NamedTuple):
    """What a day comes to by one anchor, whole or in the parts of one split."""

    starts: datetime
    until: datetime
    parts: Sequence[Part]
    counts: bytes
    """Of each column the hits of every part, then their cases."""
    lengths: bytes = b""
    """Of each timed column its sorted lengths, one after another; of the whole alone."""

    def columns(self, places: Sequence[int], many: int) -> "Iterator[_Column]":
        """Give part, hits and cases of each column at these places of so many."""
        size = len(self.parts)
        values = _unpacked(self.counts, 2 * many * size)
        for place in places:
            at, cases = 2 * place * size, (2 * place + 1) * size
            yield zip(self.parts, values[at:cases], values[cases : cases + size], strict=True)

    def runs(self, anchor: str) -> "Iterator[tuple[str, array[int]]]":
        """Give column → its lengths, sorted."""
        timed, known = TIMED.get(anchor, ()), _COUNTED[anchor]
        places = [known.index(name) for name in timed]
        sizes = [cases for one in self.columns(places, len(known)) for _, _, cases in one]
        values, at = _unpacked(self.lengths, sum(sizes)), 0
        for name, size in zip(timed, sizes, strict=True):
            yield name, values[at : at + size]
            at += size


def packed(values: Sequence[int]) -> bytes:
    """Give numbers as bytes, four each where they are short, else eight."""
    short = not values or max(values) < 2**31
    found = array(_SHORT if short else _LONG, values)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def _unpacked(text: bytes, many: int) -> "array[int]":
    values = array(_LONG if len(text) > 4 * many else _SHORT, text)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def counts(
    database: Database, anchor: str, columns: Sequence[str], which: Which, edges: Sequence[datetime]
) -> list[dict[Part, Counts]]:
    """Give what is counted of each part in each piece between two edges; of all tickets."""
    pieces, gaps = _covered(database, anchor, which.split, edges)
    found = [_Sum(anchor, which.split, columns) for _ in pieces]
    for one, days in zip(found, pieces, strict=True):
        one.add(days)
    spans = [span for _, span in gaps]
    for (place, _), more in zip(
        gaps, measures.lines(database, anchor, columns, which, spans), strict=True
    ):
        found[place].add_rows(more)
    return [one.counts() for one in found]


class _Sum:
    """Adds up days and rows, part by part."""

    def __init__(self, anchor: str, split: str, columns: Sequence[str]) -> None:
        known = kept_columns(split)[anchor]
        self._names, self._many = columns, len(known)
        self._places = [known.index(name) for name in columns]
        self._found: dict[Part, list[int]] = {} if split else {None: self._nothing()}

    def _nothing(self) -> list[int]:
        return [0] * (2 * len(self._names))

    def add(self, days: Iterable[Total]) -> None:
        """Add what is kept of days."""
        found = self._found
        for day in days:
            for part in day.parts:
                if part not in found:
                    found[part] = self._nothing()
            for at, column in enumerate(day.columns(self._places, self._many)):
                for part, hits, cases in column:
                    known = found[part]
                    known[2 * at] += hits
                    known[2 * at + 1] += cases

    def add_rows(self, more: Mapping[Part, Counts]) -> None:
        """Add what was counted from rows."""
        for part, each in more.items():
            known = self._found.setdefault(part, self._nothing())
            for at, name in enumerate(self._names):
                known[2 * at] += each[name][0]
                known[2 * at + 1] += each[name][1]

    def counts(self) -> dict[Part, Counts]:
        """Give part → column → hits and cases."""
        return {
            part: {name: (known[2 * at], known[2 * at + 1]) for at, name in enumerate(self._names)}
            for part, known in self._found.items()
        }


def lengths(
    database: Database, anchor: str, columns: Sequence[str], which: Which
) -> dict[str, list[Sequence[int]]]:
    """Give column → its lengths, in sorted runs; of all tickets, in no parts."""
    ((days,), gaps) = _covered(database, anchor, WHOLE, (which.low, which.high), lengths=True)
    found: dict[str, list[Sequence[int]]] = {name: [] for name in columns}
    for day in days:
        for name, run in day.runs(anchor):
            if name in found and run:
                found[name].append(run)
    for _, (low, high) in gaps:
        own = measures.seconds(database, anchor, columns, which._replace(low=low, high=high))
        for name, values in own.get(None, {}).items():
            found[name].append(sorted(values))
    return found


def _covered(
    database: Database,
    anchor: str,
    split: str,
    edges: Sequence[datetime],
    *,
    lengths: bool = False,
) -> tuple[list[list[Total]], list[tuple[int, Span]]]:
    """Give the kept days of each piece, and the spans that rows are to be asked for."""
    days = fresh(database, anchor, split, (edges[0], edges[-1]), lengths=lengths)
    pieces: list[list[Total]] = []
    gaps: list[tuple[int, Span]] = []
    starts = [day.starts for day in days]
    for place, (low, high) in enumerate(pairwise(edges)):
        here: list[Total] = []
        at = low
        for day in days[bisect_left(starts, low) : bisect_left(starts, high)]:
            if day.starts < at or day.until > high:
                continue
            if day.starts > at:
                gaps.append((place, (at, day.starts)))
            here.append(day)
            at = day.until
        if at < high:
            gaps.append((place, (at, high)))
        pieces.append(here)
    if len(gaps) - len(pieces) > _MOST_GAPS:
        whole = enumerate(pairwise(edges))
        return [[] for _ in pieces], list(whole)
    return pieces, gaps


def fresh(database: Database, anchor: str, split: str, span: Span, *, lengths: bool) -> list[Total]:
    """Give the kept days of a time in which nothing has changed since, in order."""
    rows = database.all(
        _FRESH.format(", lengths" if lengths else ""),
        anchor=anchor,
        split=split,
        shape=SHAPE,
        whole=int(not split),
        low=span[0],
        high=span[1],
    )
    parts = json.loads(f"[{','.join(row['parts'] for row in rows)}]") if split else [(None,)]
    parts = parts if split else parts * len(rows)
    return [
        Total(
            moment(row["starts_at"]),
            moment(row["until"]),
            tuple(each),
            bytes(row["counts"]),
            bytes(row["lengths"]) if lengths else b"",
        )
        for row, each in zip(rows, parts, strict=True)
    ]
