"""Figures of a period as a sheet: what screen, command, CSV and pages show of each.

Lines of blocks and bands are charts of a terminal, readable without colour.
"""

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple

from deskterm.domain.text import clean
from deskterm.reports.figures import COUNT, FEW, LENGTH, SUM, Figure, Value, changed, interval
from deskterm.reports.sheet import Cell, Row, Sheet
from deskterm.reports.shown import Told
from deskterm.reports.steps import duration

COLUMNS = ("name", "part", "number", "hits", "n", "low", "high", "p90", "before", "change", "query")
"""What JSON and CSV have of each figure: rates from 0 to 1, lengths in seconds, and the
query that finds the tickets behind it."""
SHOWN = ("figure", "part", "said", "was", "change")
_ARROWS = {1: "▲ more", -1: "▼ less", 0: "none seen"}
_BLOCKS = "▁▂▃▄▅▆▇█"
_NOBODY = {
    "satisfied": "no answers yet",
    "answered": "nobody was asked yet",
    "worked": "no time is booked",
    "moves": "none was moved",
}


class Words(NamedTuple):
    """A value in words."""

    short: str
    """`71`, `86 %`, `3.5 h`."""
    whole: str
    """With how many cases and the interval."""


def words(figure: Figure, value: Value) -> Words:
    """Give a value in words: of no case it says so, and never 0 %."""
    if figure.kind == COUNT:
        return Words(f"{value.many}", f"{value.many}")
    if not value.cases:
        return Words("-", _NOBODY.get(figure.name, "no case yet"))
    if value.total is not None:
        short = f"{value.total / 3600:.1f} h" if figure.timed else f"{value.total}"
        tickets = "1 ticket" if value.cases == 1 else f"{value.cases} tickets"
        return Words(short, f"{short} ({tickets})")
    few = ", too few to tell" if value.cases < FEW else ""
    if value.share is not None:
        low, high = value.share.interval
        short = f"{value.share.hits / value.share.of:.0%}".replace("%", " %")
        between = f"{low * 100:.0f}–{high * 100:.0f}"
        return Words(short, f"{short} (n {value.cases}, {between}{few})")
    if value.lengths is None:
        return Words("-", "no case yet")
    median, p90 = duration(value.lengths.median), duration(value.lengths.p90)
    return Words(median, f"median {median}, p90 {p90} (n {value.cases}{few})")


def figure_sheet(title: str, told: Iterable[Told]) -> Sheet:
    """Give a row for each figure of each part."""
    return Sheet(title, [_row(one) for one in told])


def _row(one: Told) -> Row:
    figure, value = one.figure, one.value
    many = value.many if figure.kind != LENGTH else value.cases
    told = definition_lines(figure)
    return Row(figure_cells(one), told, many, behind_words(figure), one.tickets)


def figure_cells(one: Told) -> dict[str, Cell]:
    """Give the cells of a figure: what COLUMNS and SHOWN name."""
    figure, value = one.figure, one.value
    said, ends = words(figure, value), interval(value)
    bounded = figure.kind != COUNT and value.cases > 0 and isfinite(ends[1])
    return {
        "name": Cell(figure.name),
        "figure": Cell(figure.title),
        "part": Cell(one.part),
        "id": Cell(one.id),
        "said": Cell(said.whole),
        "short": Cell(said.short),
        "number": Cell(said.short, value.number, "s" if figure.timed else "n"),
        "hits": Cell("", value.many if figure.kind != LENGTH else None, "n"),
        "n": Cell(str(value.cases), value.cases),
        "low": Cell("", ends[0] if bounded else None, "n"),
        "high": Cell("", ends[1] if bounded else None, "n"),
        "p90": Cell("", value.lengths.p90 if value.lengths else None, "s"),
        **_compared(one),
        "query": Cell(one.query),
    }


def changed_words(before: Value, after: Value) -> str:
    """Say whether it rose or fell: only where both intervals part."""
    return _ARROWS[changed(after, before)]


def _compared(one: Told) -> dict[str, Cell]:
    if one.other is None:
        return {name: Cell("") for name in ("was", "change")} | {"before": Cell("", None, "n")}
    was = words(one.figure, one.other)
    way = changed(one.value, one.other)
    return {
        "was": Cell(was.short),
        "before": Cell(was.short, one.other.number, "n"),
        "change": Cell(_ARROWS[way]),
    }


def behind_words(figure: Figure) -> str:
    """Say which tickets are behind a figure."""
    if figure.kind == COUNT:
        return "counted"
    return "it is taken from" if figure.kind in (LENGTH, SUM) else "that count"


def definition_lines(figure: Figure) -> Sequence[str]:
    """Give the definition in lines: what is counted, of what, by which clock, without what."""
    of = f" · of: {figure.denominator}" if figure.denominator else ""
    clock = f"Clock: {figure.clock}. " if figure.kind == LENGTH else ""
    return [
        clean(f"Counted: {figure.numerator}{of}.", one_line=True),
        f"{clock}Left out: {figure.without}.",
    ]


def definition(figure: Figure) -> dict[str, object]:
    """Give the definition of a figure as a record."""
    return {
        "name": figure.name,
        "title": figure.title,
        "kind": figure.kind,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "clock": figure.clock,
        "without": figure.without,
        "target": figure.target,
    }


def spark(values: Sequence[float | None], most: int = 62) -> str:
    """Give a block a value, the highest full, a blank where nothing is known.

    Of more than `most` several share a block: their mean.
    """
    each = -(-len(values) // most) or 1
    drawn = [_mean(values[at : at + each]) for at in range(0, len(values), each)]
    top = max((one for one in drawn if one is not None), default=0.0)
    return "".join(_block(one, top) for one in drawn)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [one for one in values if one is not None]
    return sum(known) / len(known) if known else None


def _block(value: float | None, top: float) -> str:
    if value is None:
        return " "
    return _BLOCKS[min(int(value / top * 7.999), 7)] if value > 0 else _BLOCKS[0]


def band(low: float, high: float, rate: float, cells: int) -> str:
    """Give where a rate lies between 0 and 1 with its interval: `──╌╌█╌──`."""
    place = min(int(rate * cells), cells - 1)
    first, last = min(int(low * cells), place), max(min(int(high * cells), cells - 1), place)
    return "".join(
        "█" if cell == place else "─" if first <= cell <= last else "·" for cell in range(cells)
    )
