"""The figures of the desk for a period: whole or in parts, beside another period, with tickets."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.shares import Share
from deskterm.reports.figures import (
    BY_NAME,
    COUNT,
    FIGURES,
    LENGTH,
    SPLITS,
    STANDING,
    Figure,
    Lengths,
    Value,
    lengths,
)
from deskterm.reports.periods import Period, period
from deskterm.services.counting import Counting
from deskterm.storage.driver import Database
from deskterm.storage.reads import measures
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.measures import Part, Which
from deskterm.storage.store import Store
from deskterm.storage.ticket import course
from deskterm.triage.near import suggestion
from deskterm.triage.query import parse

PERIOD = "30d"
_CATCH_UP = 2.0
"""Seconds that whoever asks for figures spends on tickets that are not counted yet."""
COMPARED = {"before": "the period before", "year": "a year ago"}


class Wish(NamedTuple):
    """What figures are asked for."""

    names: Sequence[str] = ()
    """Empty: all of them."""
    period: str = PERIOD
    by: str = ""
    query: str = ""
    compare: str = ""


class Told(NamedTuple):
    """One figure of one part."""

    figure: Figure
    part: str
    """What the part is called; empty where nothing is split."""
    value: Value
    other: Value | None
    """What it was in the period it is compared with."""
    tickets: Callable[[], list[int]]
    """Gives the tickets behind it: what is counted, the hits of a rate, the cases of a length."""


class Shown(NamedTuple):
    """Figures of a period."""

    period: Period
    other: Period | None
    rows: Sequence[Told]
    missing: int
    """Tickets that the jobs have not counted yet."""
    future: bool
    """The period has not begun."""


class Line(NamedTuple):
    """One figure piece by piece."""

    figure: Figure
    pieces: Sequence[tuple[Period, Value]]


class Figures:
    """Reads the figures that are kept of every ticket."""

    def __init__(self, store: Store, me: str) -> None:
        self.store = store
        self.me = me

    def catch_up(self, seconds: float = _CATCH_UP) -> int:
        """Count what is not counted yet, for so long; gives how many tickets are left."""
        counting = Counting(self.store)
        counting.run(seconds)
        return counting.missing

    def show(self, wish: Wish) -> Shown:
        """Give figures as they are wished; raises UsageError, QueryError."""
        figures = wanted(wish.names)
        if wish.by and wish.by not in SPLITS:
            raise UsageError(f"by {wish.by[:40]!r}? Say one of {', '.join(SPLITS)}.")
        with self._reading() as (database, asked):
            when = self._period(database, wish.period)
            other = _other(when, wish.compare)
            which = self._which(database, asked, when, wish)
            now = values(database, figures, which)
            then = (
                values(database, figures, _moved(which, other, asked)) if other is not None else {}
            )
            names = measures.names(database, wish.by)
            missing = course.missing(database)
        rows = [
            Told(
                figure,
                part_name(wish.by, part, names) if wish.by else "",
                now.get(part, {}).get(figure.name, _nothing(figure)),
                then.get(part, {}).get(figure.name, _nothing(figure)) if other else None,
                partial(self.tickets, figure, which, part),
            )
            for part in _parts(now, then, names, wish.by)
            for figure in figures
        ]
        return Shown(when, other, rows, missing, when.start > asked.now)

    def line(self, name: str, wish: Wish) -> Line:
        """Give one figure piece by piece: days, weeks or months; raises UsageError, QueryError."""
        (figure,) = wanted([name])
        with self._reading() as (database, asked):
            when = self._period(database, wish.period)
            pieces = list(when.pieces())
            which = self._which(database, asked, when, wish)
            found = self._line(database, figure, which, pieces)
        return Line(figure, list(zip(pieces, found, strict=True)))

    def tickets(self, figure: Figure, which: Which, part: Part, cases: bool = False) -> list[int]:
        """Give the tickets behind a figure, the newest first."""
        with self.store.reading() as database, database.patiently():
            return measures.tickets(database, figure, which, part, cases=cases)

    def _line(
        self, database: Database, figure: Figure, which: Which, pieces: Sequence[Period]
    ) -> list[Value]:
        if figure.kind == LENGTH or figure.anchor == STANDING:
            each = [which._replace(low=one.start, high=min(one.end, clock.now())) for one in pieces]
            return [
                values(database, [figure], one).get(None, {}).get(figure.name, _nothing(figure))
                for one in each
            ]
        edges = [one.start for one in pieces] + [pieces[-1].end]
        found = measures.line(database, figure.anchor, figure.column, which, edges)
        return [_counted(figure, hits, cases) for hits, cases in found]

    def _which(self, database: Database, asked: Asked, when: Period, wish: Wish) -> Which:
        which = Which(when.start, _end(when, asked), split=wish.by)
        return measures.narrowed(database, parse(wish.query), asked, which)

    def _period(self, database: Database, text: str) -> Period:
        zone = desk_zone(database)
        return period(text, clock.now().astimezone(zone).date(), zone)

    @contextmanager
    def _reading(self) -> Iterator[tuple[Database, Asked]]:
        with self.store.reading() as database, database.patiently(), database.snapshot():
            yield database, Asked(me=self.me, now=clock.now())


def wanted(names: Sequence[str]) -> list[Figure]:
    """Give the figures of these names, all where none is named; raises UsageError."""
    found = []
    for name in names or BY_NAME:
        one = BY_NAME.get(name.strip().lower().replace("_", "-"))
        if one is None:
            hint = suggestion(name, list(BY_NAME)) or f"known: {', '.join(BY_NAME)}"
            raise UsageError(f"there is no figure {name[:40]!r}; {hint}.")
        found.append(one)
    return found


def values(
    database: Database, figures: Sequence[Figure], which: Which
) -> dict[Part, dict[str, Value]]:
    """Give part → name → value; a part without any ticket is left out."""
    found: dict[Part, dict[str, Value]] = {}
    for anchor in dict.fromkeys(one.anchor for one in figures):
        here = [one for one in figures if one.anchor == anchor]
        counted = [one for one in here if one.kind != LENGTH]
        if counted:
            columns = list(dict.fromkeys(one.column for one in counted))
            for part, each in measures.counts(database, anchor, columns, which).items():
                known = found.setdefault(part, {})
                known |= {one.name: _counted(one, *each[one.column]) for one in counted}
        timed = [one for one in here if one.kind == LENGTH]
        if timed:
            columns = [one.column for one in timed]
            for part, spans in measures.seconds(database, anchor, columns, which).items():
                known = found.setdefault(part, {})
                known |= {one.name: Value(lengths=lengths(spans[one.column])) for one in timed}
    return found


def part_name(by: str, part: Part, names: Mapping[Part, str]) -> str:
    """Give what a part of a split is called."""
    if by == "urgency":
        return "urgent" if part else "not urgent"
    if part is None:
        return "none"
    name = names.get(part, str(part))
    return f"P{part} {name}" if by == "problem" else name


def _counted(figure: Figure, hits: int, cases: int) -> Value:
    return Value(hits) if figure.kind == COUNT else Value(hits, Share(hits, cases))


def _nothing(figure: Figure) -> Value:
    return Value(lengths=Lengths(0)) if figure.kind == LENGTH else _counted(figure, 0, 0)


def _parts(
    now: Mapping[Part, object], then: Mapping[Part, object], names: Mapping[Part, str], by: str
) -> list[Part]:
    if not by:
        return [None]
    return sorted(
        now.keys() | then.keys(),
        key=lambda part: (part is None, part_name(by, part, names).casefold()),
    )


def _other(when: Period, compare: str) -> Period | None:
    if not compare:
        return None
    if compare not in COMPARED:
        raise UsageError(f"compare with {compare[:40]!r}? Say before or year.")
    return when.before() if compare == "before" else when.year_ago()


def _moved(which: Which, when: Period, asked: Asked) -> Which:
    return which._replace(low=when.start, high=_end(when, asked))


def _end(when: Period, asked: Asked) -> datetime:
    """What is open is counted as it is now while the period goes on."""
    return min(when.end, asked.now + timedelta(microseconds=1))


__all__ = ["COMPARED", "FIGURES", "Figures", "Line", "Shown", "Told", "Wish", "wanted"]
