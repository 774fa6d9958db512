"""The register: whether an action has moved its figure, by the intervals of two periods (H6, §12).

An action is measured from its first to its last day, beside as many days before. It worked only
where both 95 % intervals part; before its last day it is too early to tell.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from deskterm.domain.shares import Share
from deskterm.reports.figure_sheet import words
from deskterm.reports.figures import COUNT, FEW, LENGTH, Figure, Lengths, Value, changed

BETTER, WORSE, NONE = "better", "worse", "no difference seen"
EARLY, FEW_CASES = "too early", "too few"
GIVEN_UP, LOST = "given up", "cannot be measured"
VERDICTS = (BETTER, WORSE, NONE, EARLY, FEW_CASES, GIVEN_UP, LOST)
"""What is said of an action, in the order of a list."""
_SETTLES = 14
"""So many days after the last one tickets may come back, and answers of customers arrive."""
_UNSETTLED = ("first-contact", "first-contact-eligible", "reopened", "satisfied", "answered")


class Span(NamedTuple):
    """From which day to which day an action is measured, both included."""

    first: date
    last: date

    @property
    def before(self) -> "Span":
        """As many days before it."""
        days = self.last - self.first + timedelta(days=1)
        return Span(self.first - days, self.first - timedelta(days=1))

    def settled(self, figure: Figure) -> date:
        """The first day on which what it was does not change any more."""
        wait = _SETTLES if figure.name in _UNSETTLED else 0
        return self.last + timedelta(days=1 + wait)


class Verdict(NamedTuple):
    """What is said of an action."""

    word: str
    sentence: str
    reached: bool | None = None
    """Whether the target is reached; None: there is none, or it is too early to tell."""


class Action(NamedTuple):
    """An action of the register as it stands."""

    id: int
    name: str
    words: str
    owner: str
    left: bool
    """Its owner does not work here any more."""
    figure: str
    title: str
    query: str
    client: str
    """Whose it is; empty: the desk's."""
    target: str
    first_day: str
    last_day: str
    reason: str
    before: Value | None
    after: Value | None
    before_words: str
    after_words: str
    verdict: Verdict

    @property
    def record(self) -> dict[str, object]:
        """Give it as JSON has it: both periods with number, n and the ends of the interval."""
        plain = ("id", "name", "words", "owner", "left", "figure", "client", "target", "reason")
        values = self._asdict()
        return {
            **{name: values[name] for name in plain},
            "filter": self.query,
            "from": self.first_day,
            "until": self.last_day,
            "verdict": self.verdict.word,
            "says": self.verdict.sentence,
            "target_reached": self.verdict.reached,
            "before": _record(self.before),
            "after": _record(self.after),
        }


def _record(value: Value | None) -> dict[str, object] | None:
    return None if value is None else {"number": value.number, "n": value.cases}


_SIDES = (("<=", -1), (">=", 1), ("<", -1), (">", 1), ("at most ", -1), ("at least ", 1))


class Target(NamedTuple):
    """What a figure is to become."""

    number: float
    way: int
    """1: at least, -1: at most, 0: neither figure nor words say which."""


def side(text: str) -> tuple[int, str]:
    """Give which side a target is on, where its words say so, and the rest: `at most 10`."""
    words = text.strip().lower()
    for sign, way in _SIDES:
        if words.startswith(sign):
            return way, words.removeprefix(sign).strip()
    return 0, words


def judge(
    figure: Figure,
    span: Span,
    today: date,
    values: tuple[Value | None, Value],
    target: Target | None = None,
) -> Verdict:
    """Say whether an action worked, by its figure before and since."""
    before, after = values
    if today < span.first:
        return Verdict(EARLY, f"It begins on {span.first}.")
    if before is None:
        return Verdict(EARLY, "Its baseline is still to be counted.")
    said = f"{words(figure, after).whole}, before {words(figure, before).whole}"
    if today < span.settled(figure):
        return Verdict(EARLY, f"So far {said}. {_until(figure, span, today)}")
    if _few(figure, before, after):
        return Verdict(FEW_CASES, f"{said}: {FEW} cases on each side are needed to tell.")
    way = target.way if target else figure.good
    better = changed(after, before) * way
    word = BETTER if better > 0 else WORSE if better < 0 else NONE
    apart = "part" if changed(after, before) else "overlap"
    reached = _reached(after, target)
    against = {None: "", True: " The target is reached.", False: " The target is not reached."}
    return Verdict(word, f"{said}: the intervals {apart}.{against[reached]}", reached)


def _until(figure: Figure, span: Span, today: date) -> str:
    if today <= span.last:
        days = (today - span.first).days + 1
        whole = (span.last - span.first).days + 1
        return f"Day {days} of {whole}; it is judged on {span.settled(figure)}."
    return f"Answers and returns may still come: it is judged on {span.settled(figure)}."


def _few(figure: Figure, before: Value, after: Value) -> bool:
    if figure.kind == COUNT:
        return before.cases + after.cases < FEW
    return min(before.cases, after.cases) < FEW


def _reached(after: Value, target: Target | None) -> bool | None:
    if target is None or after.number is None or not target.way:
        return None
    return (after.number - target.number) * target.way >= 0


def kept(value: Value) -> str:
    """Give a value as it is kept: a JSON array."""
    if value.lengths is not None:
        return json.dumps(["lengths", *value.lengths])
    return json.dumps(["share", *value.share] if value.share is not None else ["count", value.many])


def value_of(text: str) -> Value | None:
    """Give a value as it was kept; None where nothing was."""
    if not text:
        return None
    kind, *numbers = json.loads(text)
    if kind == "lengths":
        return Value(lengths=Lengths(*numbers))
    return Value(numbers[0], Share(*numbers)) if kind == "share" else Value(numbers[0])


def lost(sentence: str) -> Verdict:
    """Say that an action cannot be measured, and what to do."""
    return Verdict(LOST, sentence)


def summary(actions: Sequence[Action]) -> str:
    """Say how many there are of each verdict: `2 better, 1 too early`."""
    many = {word: sum(one.verdict.word == word for one in actions) for word in VERDICTS}
    return ", ".join(f"{n} {word}" for word, n in many.items() if n)


def target(figure: Figure, text: str, seconds: float | None) -> Target | None:
    """Give a target: a rate from 0 to 1, seconds, tickets; None where the text is none."""
    way, words = side(text)
    number = seconds if figure.kind == LENGTH else _number(figure, words)
    return None if number is None else Target(number, way or figure.good)


def _number(figure: Figure, text: str) -> float | None:
    try:
        number = float(text.replace("%", "").replace(",", ".").strip())
    except ValueError:
        return None
    if figure.kind == COUNT:
        return number if 0 <= number < 1e9 else None
    share = number / 100 if "%" in text or number > 1 else number
    return share if 0 <= share <= 1 else None
