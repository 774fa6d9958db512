"""What the days that are over come to, kept so that a year is summed without its tickets.

A kept day follows from `measure`, `result` and what splits tickets into parts. Whoever changes any
of it marks the day (triggers, migrations 0036 and 0044); the keeper drops marked days and works
missing ones out anew. `storage/reads/days.py` reads them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise

from deskterm.reports.figures import SPLITS, Part
from deskterm.reports.periods import midnight
from deskterm.storage.driver import Database, moment, moment_or_none
from deskterm.storage.reads import measures
from deskterm.storage.reads.clients import sees_all
from deskterm.storage.reads.days import (
    SHAPE,
    TIMED,
    WHOLE,
    Span,
    Total,
    fresh,
    kept_columns,
    packed,
)
from deskterm.storage.reads.measures import Counts, Which
from deskterm.storage.rights.standing import may_work

_LOCK = 7364524
"""Of keepers on PostgreSQL, who would else keep what the other has just dropped."""
_TOGETHER = 31
_OLDEST = timedelta(days=4_000)
"""Days before are summed from their rows."""
_MARKED = "EXISTS (SELECT 1 FROM day_mark k WHERE k.at >= starts_at AND k.at < until)"
_SPLITS = (WHOLE, *SPLITS)
_Key = tuple[str, str]
"""Split and anchor."""


def keep(database: Database, zone: tzinfo, now: datetime) -> int:
    """Keep some days that are over and are not kept, the newest first; gives how many.

    Days of a zone that the desk has no more go. Whoever sees a part of the desk keeps none, and on
    a server whoever does not do its jobs.
    """
    if not may_work(database) or not sees_all(database):
        return 0
    days = _days(database, zone, now)
    if set(days) == _kept(database):
        return 0
    with _keeping(database):
        drop_marked(database)
        kept = _kept(database)
        gone = [{"starts": low, "until": high} for low, high in kept - set(days)]
        if gone:
            database.many(
                "DELETE FROM day_total WHERE starts_at = :starts AND until = :until", gone
            )
        missing = [day for day in days if day not in kept][:_TOGETHER]
        for key, total in _worked_out(database, missing):
            _put(database, key, total)
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
    span = days[-1][0], days[0][1]
    kept = {
        ((split, anchor), one.starts, one.until): one
        for split in _SPLITS
        for anchor in kept_columns(split)
        for one in fresh(database, anchor, split, span, lengths=True)
    }
    for key, total in _worked_out(database, days):
        found = kept.get((key, total.starts, total.until))
        if found is None or found == total:
            continue
        yield total.starts
        database.run(
            "DELETE FROM day_total WHERE split = :split AND anchor = :anchor "
            "AND starts_at = :starts",
            split=key[0],
            anchor=key[1],
            starts=total.starts,
        )
        _put(database, key, total)


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


def drop_marked(database: Database) -> None:
    """Drop what is kept of marked days, then the marks: those alone that were there before.

    Inside the caller's transaction.
    """
    marks = [row["id"] for row in database.all("SELECT id FROM day_mark")]
    database.run(
        f"DELETE FROM day_total WHERE shape <> :shape OR {_MARKED}",  # noqa: S608 - constants
        shape=SHAPE,
    )
    database.run("DELETE FROM day_mark WHERE id IN :ids", ids=marks)


def _kept(database: Database) -> set[Span]:
    """Give the days that are kept and hold."""
    rows = database.all(
        "SELECT starts_at, until FROM day_total WHERE split = '' AND anchor = 'opened' "  # noqa: S608 - constants
        f"AND shape = :shape AND NOT {_MARKED}",
        shape=SHAPE,
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


def _worked_out(database: Database, days: Sequence[Span]) -> Iterator[tuple[_Key, Total]]:
    """Give what days come to, from their rows: whole, and in the parts of each split."""
    if not days:
        return
    for split in _SPLITS:
        for anchor, columns in kept_columns(split).items():
            which = Which(*days[0], split=split)
            found = measures.lines(database, anchor, columns, which, days)
            for span, each in zip(days, found, strict=True):
                runs = b"" if split else _runs(database, anchor, span, each[None])
                parts = sorted(each, key=str)
                counted = [
                    each[part][name][at] for name in columns for at in (0, 1) for part in parts
                ]
                yield (split, anchor), Total(*span, tuple(parts), packed(counted), runs)


def _runs(database: Database, anchor: str, span: Span, counted: Counts) -> bytes:
    """Give the sorted lengths of a day, column after column."""
    timed = TIMED.get(anchor, ())
    runs: Mapping[str, list[int]] = {}
    if timed and any(counted[name][1] for name in timed):
        read: Mapping[Part, Mapping[str, list[int]]] = measures.seconds(
            database, anchor, timed, Which(*span)
        )
        runs = {name: sorted(values) for name, values in read[None].items()}
    return packed([value for name in timed for value in runs.get(name, ())])


def _put(database: Database, key: _Key, total: Total) -> None:
    database.run(
        "INSERT INTO day_total (split, anchor, starts_at, until, shape, parts, counts, lengths) "
        "VALUES (:split, :anchor, :starts, :until, :shape, :parts, :counts, :lengths) "
        "ON CONFLICT DO NOTHING",
        split=key[0],
        anchor=key[1],
        starts=total.starts,
        until=total.until,
        shape=SHAPE,
        parts=json.dumps(total.parts),
        counts=total.counts,
        lengths=total.lengths,
    )
