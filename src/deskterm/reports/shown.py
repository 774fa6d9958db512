"""What figures are asked for, and what is given: a period, whole or in parts, beside another."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from deskterm.domain.errors import UsageError
from deskterm.reports.figures import BY_NAME, OF_FIELD, RATE, SPLITS, Figure, Value
from deskterm.reports.periods import Period

PERIOD = "30d"
COMPARED = {"before": "the period before", "year": "a year ago"}


class Wish(NamedTuple):
    """What figures are asked for."""

    names: Sequence[str] = ()
    """Empty: all of them."""
    period: str = PERIOD
    by: str = ""
    query: str = ""
    compare: str = ""
    back: int = 0
    """So many periods earlier."""
    client: str = ""
    """Only tickets that belong to this organisation; empty: all."""


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
    query: str = ""
    """What finds the same tickets on the board and by command."""
    id: str = ""
    """What the part is known by where that is a word: a guide's id."""


class FigureTerm(NamedTuple):
    """What `figure:escalated.of/2026-11/category=network` asks for."""

    figure: Figure
    ones: str
    """Of a rate: empty the hits, `of` all its cases, `missed` those that do not fit."""
    period: str
    by: str = ""
    part: str = ""


def figure_name(text: str) -> str:
    """Give the name of the figure that a term asks for, be there one or not."""
    return text.partition("/")[0].partition(".")[0].strip().lower().replace("_", "-")


def read_term(text: str) -> FigureTerm:
    """Read NAME, NAME/PERIOD or NAME/PERIOD/SPLIT=PART of a figure there is; raises UsageError."""
    named, _, rest = text.partition("/")
    when, _, split = rest.partition("/")
    figure, ones = BY_NAME[figure_name(text)], named.partition(".")[2].strip().lower()
    if ones not in (("", "of", "missed") if figure.kind == RATE else ("",)):
        raise UsageError(
            f"'{named[:40]}'? A rate has .of (all its cases) and .missed (those that do not fit); "
            "other figures are asked for by their name alone"
        )
    by, equals, part = split.partition("=")
    by = by.strip().lower()
    if split and not (equals and (by in SPLITS or by.startswith(OF_FIELD))):
        ways = "=, ".join((*SPLITS, f"{OF_FIELD}os"))
        raise UsageError(f"'{split[:40]}' is no part: write {ways}= and its name")
    return FigureTerm(figure, ones, when.strip() or PERIOD, by, part.strip())


class Mark(NamedTuple):
    """Something that may have moved figures on its day."""

    at: datetime
    """In the desk's zone."""
    what: str


class Change(NamedTuple):
    """Something that changed, and figures before and after it."""

    mark: Mark
    days: int = 0
    """Of so many days before and after; 0: it is too early to tell."""
    figures: Sequence[tuple[Figure, Value, Value]] = ()


class Shown(NamedTuple):
    """Figures of a period."""

    period: Period
    other: Period | None
    rows: Sequence[Told]
    missing: int = 0
    """Tickets that the jobs have not counted yet."""
    future: bool = False
    """The period has not begun."""


class Line(NamedTuple):
    """One figure piece by piece."""

    figure: Figure
    pieces: Sequence[tuple[Period, Value]]
    marks: Sequence[Mark] = ()
    changes: Sequence[Change] = ()
    """The marks with the figure before and after, where they were asked for."""


class Standing(NamedTuple):
    """What there is now, by a query."""

    title: str
    query: str
    many: int
    tickets: Callable[[], list[int]]


class Grown(NamedTuple):
    """Something that there is more or less of than its own past says."""

    by: str
    """What it is a part of: category, service, model, site."""
    part: str
    now: int
    expected: float
    chance: float
    """Of so much by luck alone, after holding down false discoveries (Benjamini–Hochberg)."""
    tickets: Callable[[], list[int]]

    @property
    def more(self) -> bool:
        """Whether there is more of it."""
        return self.now > self.expected


class Recurring(NamedTuple):
    """Something that comes again and again: in the period and in each before it."""

    by: str
    part: str
    many: int
    """In all of these periods."""
    now: int
    tickets: Callable[[], list[int]]
    """Those of the period."""


class Trends(NamedTuple):
    """What changes and what does not."""

    grown: Sequence[Grown] = ()
    again: Sequence[Recurring] = ()
    changes: Sequence[Change] = ()


class Helped(NamedTuple):
    """A guide or a solution with which tickets were solved."""

    kind: str
    name: str
    solved: int
    returned: int
    """Of them, those that came back."""
    tickets: Callable[[], list[int]]


class Voice(NamedTuple):
    """What a customer said of a ticket when asked."""

    ticket: int
    rating: int
    words: str
    name: str


class Today(NamedTuple):
    """How the desk stands and how it went lately."""

    shown: Shown
    standing: Sequence[Standing]
    lines: Sequence[Line]
    grown: Sequence[Grown]
    helped: Sequence[Helped]
