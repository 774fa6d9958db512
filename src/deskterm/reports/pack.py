"""What the review board gets before it meets: figures, improvements, voices, decisions (H5).

One pack for a period; `pack_page.py` writes it as a page and as Markdown. Customers are named only
with their consent, and no internal note is ever in it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from deskterm.reports.cost import Cost
from deskterm.reports.cost import words as cost_words
from deskterm.reports.figure_sheet import words
from deskterm.reports.figures import COUNT, FEW, RATE, STANDING, SUM, Figure, changed
from deskterm.reports.page import Face
from deskterm.reports.register import BETTER, GIVEN_UP, WORSE, Action, summary
from deskterm.reports.sheet import Row
from deskterm.reports.shown import Grown, Helped, Line, Shown, Told, Voice

FIGURES = (
    *("logged", "closed", "open", "backlog-age", "pickup-business", "response-business"),
    *("solution-business", "met-pickup", "met-response", "met-solution", "first-contact"),
    *("first-contact-eligible", "first-level", "escalated", "moves", "moved-again"),
    *("reopened", "known", "merged"),
    *("satisfied", "answered"),
)
"""What stands in the pack, in this order."""
DRAWN = ("logged", "closed", "first-contact", "met-solution", "reopened", "satisfied")
_MET = {"met-pickup": "picked up", "met-response": "answered", "met-solution": "solved"}
_SAME = {"first-contact-eligible": "first-contact"}
"""What says the same again: it is left out of the five lines where the other stands there."""
_MOST = 4
"""Things in one of the five lines."""
_SUGGESTED = 8
"""So many decisions are suggested: a meeting takes no more."""
_KEPT = 0.9
"""Where fewer promises are kept it is asked what becomes of them."""


class Decided(NamedTuple):
    """Something the review board is asked, and what it decided."""

    id: int
    name: str
    words: str
    asker: str
    """The name of whoever asks."""
    asked: str
    answer: str
    taken_by: str
    taken: str
    follows: str
    """The action that follows."""


class Said(NamedTuple):
    """Feedback as it may be shown: a name only with consent."""

    id: int
    name: str
    words: str
    source: str
    date: str
    who: str
    """Empty without consent."""
    service: str


class Seat(NamedTuple):
    """Somebody who sits on the review board."""

    name: str
    role: str
    left: bool
    """They do not work here any more."""


class Costly(NamedTuple):
    """A problem and what its tickets of the period have cost."""

    id: int
    title: str
    state: str
    cost: Cost


class Pack(NamedTuple):
    """All of it."""

    desk: str
    face: Face
    shown: Shown
    day: int
    """So many days of the period are over."""
    lines: Sequence[Line]
    grown: Sequence[Grown]
    actions: Sequence[Action]
    voices: Sequence[Voice]
    feedback: Sequence[Said]
    problems: Sequence[Costly]
    services: Sequence[Row]
    """Of which something is proposed, as `reports/pruning.py` has them."""
    asked: Sequence[Decided]
    taken: Sequence[Decided]
    members: Sequence[Seat]
    helped: Sequence[Helped] = ()
    """Guides and solutions with which most tickets were solved."""
    client: str = ""
    """Whose tickets alone it is about, and who may read it; empty: the desk's own."""

    @property
    def over(self) -> bool:
        """Whether the period is over."""
        return self.day >= self.shown.period.days and not self.shown.future


def five_lines(pack: Pack) -> list[tuple[str, str]]:
    """Give what a meeting begins with: how much, what went well, what badly, improved, asked."""
    well, badly = _joined(_well(pack)), _joined(_badly(pack))
    return [
        ("How much", _how_much(pack)),
        ("Went well", well or "Nothing is surely better than before."),
        ("Went badly", badly or "Nothing is surely worse than before."),
        ("Improved", _improved(pack)),
        ("Asked", _asked(pack)),
    ]


def _how_much(pack: Pack) -> str:
    if pack.shown.future:
        return "The period has not begun."
    by = {one.figure.name: one for one in pack.shown.rows}
    logged, closed, still = (by[name] for name in ("logged", "closed", "open"))
    before = ""
    if pack.over and logged.other is not None and closed.other is not None:
        before = f" (before: {logged.other.many} and {closed.other.many})"
    so_far = "" if pack.over else f" so far, on day {pack.day + 1} of {pack.shown.period.days}"
    age = words(by["backlog-age"].figure, by["backlog-age"].value).short
    waits = f", half of them for longer than {age}" if still.value.many else ""
    return (
        f"{logged.value.many} tickets were logged and {closed.value.many} closed{so_far}{before}; "
        f"{still.value.many} are open{waits}."
    )


def change_words(one: Told, over: bool) -> str:
    """Say how a figure moved: better or worse where that is known, only if the intervals part."""
    if one.other is None or one.figure.kind == SUM:
        return ""
    if not (one.figure.kind == COUNT or one.value.cases + one.other.cases):
        return ""
    if not over and (one.figure.kind == COUNT or one.figure.anchor == STANDING):
        return "not over yet"
    if one.figure.kind != COUNT and min(one.value.cases, one.other.cases) < FEW:
        return "too few"
    way = changed(one.value, one.other)
    if not way:
        return "none seen"
    if not one.figure.good:
        return "more" if way > 0 else "less"
    return "better" if way * one.figure.good > 0 else "worse"


def target_words(one: Told) -> str:
    """Say the target of a rate, and on which side of it the whole interval lies."""
    target = one.figure.target
    if target is None:
        return ""
    side = ""
    if one.value.share is not None and one.value.cases:
        low, high = one.value.share.interval
        side = ", below" if high < target else ", reached" if low >= target else ", near"
    return f"{target:.0%}{side}".replace("%", " %")


def _moved(pack: Pack, word: str) -> Iterator[str]:
    seen: set[str] = set()
    for one in pack.shown.rows:
        if change_words(one, pack.over) == word and _SAME.get(one.figure.name) not in seen:
            seen.add(one.figure.name)
            yield f"{one.figure.title} {_short(one)}, before {_before(one)}"


def _short(one: Told) -> str:
    return words(one.figure, one.value).short


def _before(one: Told) -> str:
    return words(one.figure, one.other).short if one.other is not None else "-"


def _well(pack: Pack) -> Iterator[str]:
    yield from _moved(pack, BETTER)
    yield from (
        f"{one.figure.title} {_short(one)} reaches its target"
        for one in pack.shown.rows
        if target_words(one).endswith("reached")
    )
    fewer = [one for one in pack.grown if one.by == "category" and not one.more]
    yield from (f"fewer tickets on {one.part} ({_usual(one)})" for one in fewer[:2])


def _badly(pack: Pack) -> Iterator[str]:
    yield from _moved(pack, WORSE)
    below = [one for one in pack.shown.rows if target_words(one).endswith("below")]
    for one in below:
        if _SAME.get(one.figure.name) not in {other.figure.name for other in below}:
            yield f"{one.figure.title} {_short(one)} is below its target of {_target(one.figure)}"
    late = [_late(one) for one in pack.shown.rows if one.figure.name in _MET]
    if any(late):
        yield f"later than promised: {', '.join(filter(None, late))}"
    poor = sum(one.rating <= 2 for one in pack.voices)
    if poor:
        yield f"{poor} of {len(pack.voices)} answers were 1 or 2 of 5"
    more = [one for one in pack.grown if one.by == "category" and one.more]
    yield from (f"more tickets on {one.part} ({_usual(one)})" for one in more[:2])


def _late(one: Told) -> str:
    many = one.value.cases - one.value.many
    return f"{many} {_MET[one.figure.name]}" if many and one.figure.kind == RATE else ""


def _usual(one: Grown) -> str:
    return f"{one.now}, usual {one.expected:.0f}"


def _target(figure: Figure) -> str:
    return f"{figure.target:.0%}".replace("%", " %")


def _improved(pack: Pack) -> str:
    if not pack.actions:
        return "No action is in the register."
    better = [one.name for one in pack.actions if one.verdict.word == BETTER]
    worked = f" Worked: {_joined(better)}." if better else ""
    many = len(pack.actions)
    return f"{many} {'action' if many == 1 else 'actions'}: {summary(pack.actions)}.{worked}"


def _asked(pack: Pack) -> str:
    more = len(suggested(pack))
    beside = f" The figures suggest {more} more." if more else ""
    if not pack.asked:
        return f"Nothing is asked of the board.{beside}"
    many = len(pack.asked)
    asked = _joined(one.name for one in pack.asked)
    return f"{many} {'decision' if many == 1 else 'decisions'}: {asked}.{beside}"


def suggested(pack: Pack) -> list[tuple[str, str]]:
    """Give what the figures suggest to decide, each with its reason; nothing of it is done.

    A figure surely below its target that no action is about, an action whose time is over, a
    problem that costs and has no fix on its way, what grew, a service by the desk's limits.
    """
    if pack.shown.future or pack.client:
        return []
    found = [*_below_target(pack), *_over(pack), *_unfixed(pack), *_more(pack)]
    found += [
        (
            f"Service {row.cells['service'].text}: go on as it is, or change what is offered?",
            row.cells["proposal"].text,
        )
        for row in pack.services
        if not row.cells["decided"].text
    ]
    return found[:_SUGGESTED]


def _below_target(pack: Pack) -> Iterator[tuple[str, str]]:
    acted = {one.figure for one in pack.actions if one.verdict.word != GIVEN_UP}
    seen: set[str] = set()
    for one in pack.shown.rows:
        name = one.figure.name
        missed = _late(one) if name in _MET else ""
        below = target_words(one).endswith("below") and _SAME.get(name) not in seen
        late = bool(missed) and one.value.cases >= FEW
        if name in acted or not (below or late):
            continue
        seen.add(name)
        if below:
            why = f"{_short(one)} of {one.value.cases}, target {_target(one.figure)}, "
            yield f"What is done about “{one.figure.title}”?", f"{why}no action is about it"
        elif (one.value.number or 0.0) < _KEPT:
            why = f"{missed} too late, {_short(one)} of {one.value.cases} in time"
            yield f"More people for “{one.figure.title}”, or another promise?", why


def _over(pack: Pack) -> Iterator[tuple[str, str]]:
    last = pack.shown.period.after.isoformat()
    for one in pack.actions:
        if one.last_day < last and one.verdict.word != GIVEN_UP:
            ways = "keep it for good" if one.verdict.word == BETTER else "go on, or give it up"
            yield f"“{one.name}”: {ways}?", f"measured until {one.last_day}: {one.verdict.word}"


def _unfixed(pack: Pack) -> Iterator[tuple[str, str]]:
    for one in pack.problems:
        if one.state in ("suspected", "open", "known error"):
            why = f"{one.state}, {cost_words(one.cost)}"
            yield f"P{one.id} {one.title}: which measure ends it, by when?", why


def _more(pack: Pack) -> Iterator[tuple[str, str]]:
    for one in [one for one in pack.grown if one.by == "category" and one.more][:2]:
        yield f"{one.part}: who looks for the cause?", f"{_usual(one)} tickets"


def _joined(parts: "Iterator[str] | Sequence[str]") -> str:
    found = list(parts)
    more = f" and {len(found) - _MOST} more below" if len(found) > _MOST else ""
    return "; ".join(found[:_MOST]) + more
