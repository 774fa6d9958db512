"""What there is more or less of than usual, what comes again and again, what changes did (H4)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from deskterm.domain.stopping import check
from deskterm.reports.figures import BY_NAME, OPENED, Figure
from deskterm.reports.shown import Change, Grown, Mark, Recurring, Trends
from deskterm.reports.trends import Seen, Trend, trends
from deskterm.services.figured import View, in_pieces, moved, nothing, part_name, values
from deskterm.storage.reads import marks, measures
from deskterm.storage.reads.measures import Part, Which

SPLITS = ("category", "problem", "service", "model", "site")
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
_Counts = Sequence[Mapping[Part, int]]
"""Of the period and of each before it, the newest first: part → tickets opened."""


def trend_of(view: View, splits: Sequence[str], behind: Behind) -> Trends:
    """Give what changed of all parts together, so that luck is held down once, and what recurs."""
    past = moved(view.which, view.when.moved(-PAST), view.asked)._replace(high=view.when.start)
    length = max(view.which.high - view.which.low, timedelta())
    if not length:
        return Trends()
    counted = {one: (_counts(view, one), measures.names(view.database, one)) for one in splits}
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


def _counts(view: View, split: str) -> _Counts:
    """Give what was opened in the period and in each before it, read together."""
    which = view.which._replace(split=split)
    starts = [view.when.moved(-back).start for back in range(PAST, -1, -1)]
    edges = [*starts, max(which.high, starts[-1])]
    found = in_pieces(view.database, OPENED, ["counted"], which, edges)
    check()
    return [{part: each["counted"][0] for part, each in one.items()} for one in reversed(found)]


def _in_each(each: _Counts) -> Mapping[Part, int]:
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
