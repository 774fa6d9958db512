"""What the days that are over come to, kept so that a year is summed without its tickets.

A kept day follows from `measure` and `result`, is asked only where no mark lies in it, and else its
rows are: so a total can be missing, never wrong. Whoever changes a row of a day that is over marks
it (triggers, migration 0036); the keeper drops marked days and works missing ones out anew.
"""

import json
import sys
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple

from deskterm.reports.figures import FIGURES, LENGTH, STANDING, WORKED
from deskterm.reports.periods import midnight
from deskterm.storage.driver import Database, moment, moment_or_none
from deskterm.storage.reads import measures
from deskterm.storage.reads.measures import Which

_LOCK = 7364524
"""Of keepers on PostgreSQL, who would else keep what the other has just dropped."""
_TOGETHER = 31
_OLDEST = timedelta(days=4_000)
"""Days before are summed from their rows."""
_MOST_GAPS = 100
_SHORT, _LONG = "i", "q"
_FRESH = (
    "SELECT starts_at, until, counts{0} FROM day_total d WHERE anchor = :anchor "
    "AND starts_at >= :low AND starts_at < :high AND until <= :high AND NOT EXISTS "
    "(SELECT 1 FROM day_mark k WHERE k.at >= d.starts_at AND k.at < d.until) ORDER BY starts_at"
)
_MARKED = "EXISTS (SELECT 1 FROM day_mark k WHERE k.at >= starts_at AND k.at < until)"
Counts = dict[str, tuple[int, int]]
"""Column → hits and cases."""
Span = tuple[datetime, datetime]


def _columns(*, timed: bool) -> Mapping[str, Sequence[str]]:
    found: dict[str, dict[str, None]] = {}
    for one in FIGURES:
        if one.anchor not in (STANDING, WORKED) and (not timed or one.kind == LENGTH):
            found.setdefault(one.anchor, {})[one.column] = None
    return {anchor: tuple(names) for anchor, names in found.items()}


_COUNTED, _TIMED = _columns(timed=False), _columns(timed=True)
"""Anchor → the columns whose cases, and those whose lengths a day keeps."""


class Total(NamedTuple):
    """What a day comes to by one anchor."""

    starts: datetime
    until: datetime
    counts: Mapping[str, Sequence[int]]
    lengths: bytes = b""

    def runs(self, anchor: str) -> "Iterator[tuple[str, array[int]]]":
        """Give column → its lengths, sorted."""
        sizes = [self.counts[name][1] for name in _TIMED.get(anchor, ())]
        wide = len(self.lengths) > 4 * sum(sizes)
        values = array(_LONG if wide else _SHORT, self.lengths)
        if sys.byteorder == "big":
            values.byteswap()
        at = 0
        for name, size in zip(_TIMED.get(anchor, ()), sizes, strict=True):
            yield name, values[at : at + size]
            at += size


def counts(
    database: Database, anchor: str, columns: Sequence[str], which: Which, edges: Sequence[datetime]
) -> list[Counts]:
    """Give what is counted of each piece between two edges; of all tickets, in no parts."""
    pieces, gaps = _covered(database, anchor, edges)
    found = [_sum((day.counts for day in days), columns) for days in pieces]
    spans = [span for _, span in gaps]
    for (place, _), more in zip(
        gaps, measures.lines(database, anchor, columns, which, spans), strict=True
    ):
        known = found[place]
        for name, (hits, cases) in more.items():
            known[name] = (known[name][0] + hits, known[name][1] + cases)
    return found


def lengths(
    database: Database, anchor: str, columns: Sequence[str], which: Which
) -> dict[str, list[Sequence[int]]]:
    """Give column → its lengths, in sorted runs; of all tickets, in no parts."""
    ((days,), gaps) = _covered(database, anchor, (which.low, which.high), lengths=True)
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


def _sum(each: Iterable[Mapping[str, Sequence[int]]], columns: Sequence[str]) -> Counts:
    days = list(each)
    return {
        name: (sum(day[name][0] for day in days), sum(day[name][1] for day in days))
        for name in columns
    }


def _covered(
    database: Database, anchor: str, edges: Sequence[datetime], *, lengths: bool = False
) -> tuple[list[list[Total]], list[tuple[int, Span]]]:
    """Give the kept days of each piece, and the spans that rows are to be asked for."""
    days = _fresh(database, anchor, (edges[0], edges[-1]), lengths=lengths)
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


def _fresh(database: Database, anchor: str, span: Span, *, lengths: bool) -> list[Total]:
    """Give the kept days of a time in which nothing has changed since, in order."""
    rows = database.all(
        _FRESH.format(", lengths" if lengths else ""), anchor=anchor, low=span[0], high=span[1]
    )
    counted = json.loads(f"[{','.join(row['counts'] for row in rows)}]")
    return [
        Total(
            moment(row["starts_at"]),
            moment(row["until"]),
            each,
            bytes(row["lengths"]) if lengths else b"",
        )
        for row, each in zip(rows, counted, strict=True)
        if all(name in each for name in _COUNTED[anchor])
    ]


def keep(database: Database, zone: tzinfo, now: datetime) -> int:
    """Keep some days that are over and are not kept, the newest first; gives how many.

    Days of a zone that the desk has no more go.
    """
    days = _days(database, zone, now)
    if set(days) == _kept(database):
        return 0
    with _keeping(database):
        _drop_marked(database)
        kept = _kept(database)
        gone = [{"starts": low, "until": high} for low, high in kept - set(days)]
        if gone:
            database.many(
                "DELETE FROM day_total WHERE starts_at = :starts AND until = :until", gone
            )
        missing = [day for day in days if day not in kept][:_TOGETHER]
        for total in _worked_out(database, missing):
            _put(database, *total)
    return len(missing)


def prove(database: Database, zone: tzinfo, now: datetime) -> list[datetime]:
    """Work kept days out anew and mend those that differ; gives their first instants."""
    differed: list[datetime] = []
    days = _days(database, zone, now)
    for at in range(0, len(days), _TOGETHER):
        part = days[at : at + _TOGETHER]
        with _keeping(database):
            differed += _mend(database, part)
    return sorted(set(differed))


def _mend(database: Database, days: Sequence[Span]) -> Iterator[datetime]:
    low, high = days[-1][0], days[0][1]
    kept = {
        (anchor, one.starts, one.until): one
        for anchor in _COUNTED
        for one in _fresh(database, anchor, (low, high), lengths=True)
    }
    for anchor, total in _worked_out(database, days):
        found = kept.get((anchor, total.starts, total.until))
        if found is None or found == total:
            continue
        yield total.starts
        database.run(
            "DELETE FROM day_total WHERE anchor = :anchor AND starts_at = :starts",
            anchor=anchor,
            starts=total.starts,
        )
        _put(database, anchor, total)


@contextmanager
def _keeping(database: Database) -> Iterator[None]:
    """Open a transaction in which nobody else keeps days."""
    database.begin()
    try:
        if database.dialect == "postgresql":
            database.all(f"SELECT pg_advisory_xact_lock({_LOCK}) AS locked")
        yield
        database.commit()
    except BaseException:
        database.rollback()
        raise


def _drop_marked(database: Database) -> None:
    """Drop what is kept of marked days, then the marks: those alone that were there before."""
    marks = [row["id"] for row in database.all("SELECT id FROM day_mark")]
    database.run(f"DELETE FROM day_total WHERE {_MARKED}")  # noqa: S608 - constants
    database.run("DELETE FROM day_mark WHERE id IN :ids", ids=marks)


def _kept(database: Database) -> set[Span]:
    """Give the days that are kept and hold."""
    rows = database.all(
        f"SELECT starts_at, until FROM day_total WHERE anchor = 'opened' AND NOT {_MARKED}"  # noqa: S608 - constants
    )
    return {(moment(row["starts_at"]), moment(row["until"])) for row in rows}


def _days(database: Database, zone: tzinfo, now: datetime) -> list[Span]:
    """Give the days of the desk that are over, the newest first."""
    first = moment_or_none(database.returned("SELECT min(opened_at) AS at FROM measure")["at"])
    if first is None:
        return []
    day = max(first, now - _OLDEST).astimezone(zone).date()
    last = now.astimezone(zone).date()
    edges = [midnight(day + timedelta(n), zone) for n in range((last - day).days + 1)]
    return list(pairwise(edges))[::-1]


def _worked_out(database: Database, days: Sequence[Span]) -> Iterator[tuple[str, Total]]:
    """Give anchor → what a day comes to, from its rows, of each of some days."""
    if not days:
        return
    for anchor, columns in _COUNTED.items():
        found = measures.lines(database, anchor, columns, Which(*days[0]), days)
        for (low, high), each in zip(days, found, strict=True):
            timed = _TIMED.get(anchor, ())
            runs: Mapping[str, list[int]] = {}
            if timed and any(each[name][1] for name in timed):
                read = measures.seconds(database, anchor, timed, Which(low, high))
                runs = {name: sorted(values) for name, values in read[None].items()}
            ordered = [value for name in timed for value in runs.get(name, ())]
            counted = {name: list(pair) for name, pair in each.items()}
            yield anchor, Total(low, high, counted, _packed(ordered))


def _packed(values: Sequence[int]) -> bytes:
    short = not values or max(values) < 2**31
    packed = array(_SHORT if short else _LONG, values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _put(database: Database, anchor: str, total: Total) -> None:
    database.run(
        "INSERT INTO day_total (anchor, starts_at, until, counts, lengths) "
        "VALUES (:anchor, :starts, :until, :counts, :lengths) ON CONFLICT DO NOTHING",
        anchor=anchor,
        starts=total.starts,
        until=total.until,
        counts=json.dumps(total.counts, separators=(",", ":")),
        lengths=total.lengths,
    )
