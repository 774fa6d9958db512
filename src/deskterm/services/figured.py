"""Figures worked out for a period: values of all parts, other periods, trends (H4)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.domain.shares import Share
from deskterm.domain.stopping import check
from deskterm.reports.figures import (
    BY_NAME,
    COUNT,
    LENGTH,
    OPENED,
    SPLITS,
    STANDING,
    SUM,
    Figure,
    Lengths,
    Part,
    Value,
    lengths,
    part_name,
)
from deskterm.reports.periods import Period
from deskterm.reports.shown import COMPARED, Change, Grown, Mark, Recurring, Trends
from deskterm.reports.trends import Seen, Trend, trends
from deskterm.storage.driver import Database
from deskterm.storage.reads import days, marks, measures
from deskterm.storage.reads.asked import Asked
from deskterm.storage.reads.measures import Counts, Which
from deskterm.triage.near import suggestion
from deskterm.triage.query import parse, quote

TRENDS = ("category", "problem", "service", "model", "site")
_AGAIN = ("category", "problem", "model")
PAST = 4
"""So many periods before are what is usual."""
_FEWEST = 2 * (PAST + 1)
"""Of fewer tickets in all it is not said that they come again and again."""
_MOST = 10
_CHANGES = 8
_BESIDE = timedelta(days=28)
"""So long before and after a change figures are compared, or as long as there has been."""
JUDGED = ("logged", "first-contact", "satisfied")
"""The figures that are shown before and after a change."""
Behind = Callable[[Figure, Which, Part], Callable[[], list[int]]]
"""Gives what gives the tickets behind a figure of a part."""
_Opened = Sequence[Mapping[Part, int]]
"""Of the period and of each before it, the newest first: part → tickets opened."""


class View(NamedTuple):
    """What one reading of figures is about."""

    database: Database
    asked: Asked
    when: Period
    which: Which


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
        if anchor == STANDING:
            _stand(database, here, which, found)
        elif counted:
            for part, each in _counts(database, anchor, _columns(counted), which).items():
                known = found.setdefault(part, {})
                known |= {one.name: value_of(one, *each[one.column]) for one in counted}
        timed = [one for one in here if one.kind == LENGTH and anchor != STANDING]
        if timed:
            for part, runs in _lengths(database, anchor, _columns(timed), which).items():
                known = found.setdefault(part, {})
                known |= {one.name: Value(lengths=lengths(runs[one.column])) for one in timed}
    return found


def _stand(
    database: Database,
    figures: Sequence[Figure],
    which: Which,
    found: dict[Part, dict[str, Value]],
) -> None:
    """Add how many are open and how old they are, from one reading."""
    for part, each in measures.seconds(database, STANDING, ["opened_at"], which).items():
        ages = sorted(each["opened_at"])
        found.setdefault(part, {}).update(
            (one.name, Value(lengths=lengths([ages])) if one.kind == LENGTH else Value(len(ages)))
            for one in figures
        )


def _columns(figures: Sequence[Figure]) -> list[str]:
    return list(dict.fromkeys(one.column for one in figures))


def _counts(
    database: Database, anchor: str, columns: Sequence[str], which: Which
) -> Mapping[Part, Counts]:
    """Give part → column → (hits, cases) of one time."""
    edges = (which.low, max(which.low, which.high))
    return in_pieces(database, anchor, columns, which, edges)[0]


def _lengths(
    database: Database, anchor: str, columns: Sequence[str], which: Which
) -> Mapping[Part, Mapping[str, Sequence[Sequence[int]]]]:
    """Give part → column → every length, in sorted runs; those of parts from the rows."""
    if not (which.split or which.condition):
        return {None: days.lengths(database, anchor, columns, which)}
    found = measures.seconds(database, anchor, columns, which)
    return {
        part: {name: [sorted(values)] for name, values in each.items()}
        for part, each in found.items()
    }


def in_pieces(
    database: Database, anchor: str, columns: Sequence[str], which: Which, edges: Sequence[datetime]
) -> list[dict[Part, Counts]]:
    """Give part → column → (hits, cases) of each piece between two edges.

    Of all tickets from the days that are kept, of what a query finds, and by the desk's own fields,
    from the rows. Time is added
    up from its entries: tickets that were worked on for days are counted once.
    """
    known = which.split in ("", *SPLITS) and anchor in days.kept_columns(which.split)
    if known and not which.condition:
        return days.counts(database, anchor, columns, which, edges)
    spans = list(pairwise(edges))
    return measures.lines(database, anchor, columns, which, spans)


def term_of(name: str, period: str, by: str, part: Part, query: str) -> str:
    """Give the query that finds the tickets behind a number: a part by its number or its word, and
    beside it what narrows the figure; nothing where that has an order of its own."""
    text = f"{name}/{period}"
    if by == "urgency":
        text += f"/{by}={part_name(by, part, {})}"
    elif by:
        said = f"#{part}" if isinstance(part, int) else "none" if part is None else part
        text += f"/{by}={said}"
    if parse(query).sort:
        return ""
    return f"figure:{quote(text)}" + (f" ({query.strip()})" if query.strip() else "")


def value_of(figure: Figure, hits: int, cases: int) -> Value:
    """Give a count, a rate or a sum as it was counted."""
    if figure.kind == SUM:
        return Value(cases, total=hits)
    return Value(hits) if figure.kind == COUNT else Value(hits, Share(hits, cases))


def nothing(figure: Figure) -> Value:
    """Give what a figure is where there is no ticket."""
    return Value(lengths=Lengths(0)) if figure.kind == LENGTH else value_of(figure, 0, 0)


def names_of(database: Database, by: str, parts: Iterable[Part]) -> Mapping[Part, str]:
    """Give what parts are called; of ends of guides those that are asked for: it reads texts."""
    if by != "end":
        return measures.names(database, by)
    from deskterm.services.guides.texts import end_name  # figures by anything else read no YAML

    titles = measures.names(database, "guide")
    return {part: end_name(database, part, titles) for part in parts if isinstance(part, str)}


def parts_of(
    now: Mapping[Part, object], then: Mapping[Part, object], names: Mapping[Part, str], by: str
) -> list[Part]:
    """Give the parts of both periods, by name; those without one last."""
    if not by:
        return [None]
    return sorted(
        now.keys() | then.keys(),
        key=lambda part: (part is None, part_name(by, part, names).casefold()),
    )


def other_of(when: Period, compare: str) -> Period | None:
    """Give the period to compare with; raises UsageError."""
    if not compare:
        return None
    if compare not in COMPARED:
        raise UsageError(f"compare with {compare[:40]!r}? Say before or year.")
    return when.before() if compare == "before" else when.year_ago()


def moved(which: Which, when: Period, asked: Asked) -> Which:
    """Give the same tickets of another period."""
    return which._replace(low=when.start, high=end_of(when, asked))


def end_of(when: Period, asked: Asked) -> datetime:
    """What is open is counted as it is now while the period goes on."""
    return min(when.end, asked.now + timedelta(microseconds=1))


def trend_of(view: View, splits: Sequence[str], behind: Behind) -> Trends:
    """Give what changed of all parts together, so that luck is held down once, and what recurs."""
    past = moved(view.which, view.when.moved(-PAST), view.asked)._replace(high=view.when.start)
    length = max(view.which.high - view.which.low, timedelta())
    if not length:
        return Trends()
    counted = {one: (_opened(view, one), measures.names(view.database, one)) for one in splits}
    seen = [
        Seen(split, part, each[0].get(part, 0), sum(one.get(part, 0) for one in each[1:]))
        for split, (each, _) in counted.items()
        for part in dict.fromkeys(part for one in each for part in one)
        if part is not None
    ]

    def tickets(split: str, part: Part) -> Callable[[], list[int]]:
        return behind(BY_NAME["logged"], view.which._replace(split=split), part)

    def grown(one: Trend) -> Grown:
        by, part = one.seen.by, one.seen.part
        name = part_name(by, part, counted[by][1])
        return Grown(by, name, one.seen.now, one.expected, one.chance, tickets(by, part))

    again = [
        Recurring(split, part_name(split, part, names), many, each[0][part], tickets(split, part))
        for split, (each, names) in counted.items()
        if split in _AGAIN
        for part, many in _in_each(each).items()
    ]
    again.sort(key=lambda one: (-one.many, one.part))
    share = length / (view.which.high - past.low)
    return Trends([grown(one) for one in trends(seen, share)], again[:_MOST])


def _opened(view: View, split: str) -> _Opened:
    """Give what was opened in the period and in each before it, read together."""
    which = view.which._replace(split=split)
    starts = [view.when.moved(-back).start for back in range(PAST, -1, -1)]
    edges = [*starts, max(which.high, starts[-1])]
    found = in_pieces(view.database, OPENED, ["counted"], which, edges)
    check()
    return [{part: each["counted"][0] for part, each in one.items()} for one in reversed(found)]


def _in_each(each: _Opened) -> Mapping[Part, int]:
    """Give the parts that every period has tickets of, with how many in all."""
    always = set.intersection(*(set(one) for one in each)) - {None}
    totals = {part: sum(one[part] for one in each) for part in always}
    return {part: many for part, many in totals.items() if many >= _FEWEST}


def changes_of(view: View, figures: Sequence[Figure]) -> list[Change]:
    """Give what changed in the period, the newest first, with figures before and after it."""
    found = marks.marks(view.database, view.which.low, view.which.high)[-_CHANGES:]
    return [_change(view, figures, one) for one in reversed(found)]


def _change(view: View, figures: Sequence[Figure], one: marks.Marked) -> Change:
    """Compare as many days before as after; within a day of it nothing can be told."""
    long = min(_BESIDE, view.asked.now - one.at)
    mark = Mark(one.at.astimezone(view.when.zone), one.what)
    if long < timedelta(days=1):
        return Change(mark)
    spans = ((one.at - long, one.at), (one.at, one.at + long))
    before, after = (
        values(view.database, figures, view.which._replace(split="", low=low, high=high)).get(
            None, {}
        )
        for low, high in spans
    )
    empty = {figure.name: nothing(figure) for figure in figures}
    return Change(
        mark,
        long.days,
        [
            (figure, (empty | before)[figure.name], (empty | after)[figure.name])
            for figure in figures
        ],
    )
