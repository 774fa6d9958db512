"""What each tab of insight reads from the desk: its sheets, how many cases, what it lacks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from deskterm.reports.pruning import facts
from deskterm.reports.sheet import Row, Sheet
from deskterm.reports.sheets import again_sheet, best_sheet, helped_sheet, mistake_sheet, step_sheet
from deskterm.reports.shown import Shown, Wish
from deskterm.reports.shown import Told as Shows
from deskterm.reports.today_sheet import (
    performance_sheet,
    today_sheets,
    trend_sheets,
    voices_sheet,
)
from deskterm.screens.insight.drawn_figures import (
    PERFORMANCE,
    SATISFACTION,
    SERVICES,
    TARGETS,
    TODAY,
    TRENDS,
)
from deskterm.screens.insight.lines import CUSTOMERS, MISTAKES, MOST, STEPS, Part
from deskterm.screens.listing import Read

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

_TARGETS = ("met-pickup", "met-response", "met-solution", "pickup-business", "response-business",
            "solution-business", "first-contact", "first-contact-eligible")  # fmt: skip
_KEPT = _TARGETS[:3]
_VOICE = ("satisfied", "answered")


class Look(NamedTuple):
    """Which period is looked at, and what in parts."""

    span: str
    back: int = 0
    figure: str = ""
    by: str = ""


@dataclass(frozen=True)
class Told(Read[Row]):
    """A part as it was read."""

    sheets: Sequence[Sheet] = ()
    part: int = 0
    cases: int = 0
    """Nothing is shown where there is none."""
    splits: Sequence[str] = ()
    """What its figures can be shown in parts by."""


class Found(NamedTuple):
    """What a tab has read."""

    cases: int
    sheets: Sequence[Sheet]
    missing: int = 0
    facts: str = ""
    splits: Sequence[str] = ()


class Tab(NamedTuple):
    """One tab: its name, what it reads, how it is drawn."""

    label: str
    read: "Callable[[Desk, Look], Found]"
    part: Part
    of: str = "closed"
    """What its cases are."""


def read_tab(desk: "Desk", place: int, look: Look, said: str) -> Told:
    """Read a tab for its period, which is called `said`."""
    tab = TABS[place]
    found = tab.read(desk, look)
    facts = found.facts or f"← {said} →  {found.cases} {tab.of}"
    facts += f"  {found.missing:,} not counted yet" if found.missing else ""
    rows = [row for sheet in found.sheets for row in sheet.rows] if found.cases else []
    return Told(
        rows, facts=facts, sheets=found.sheets, part=place, cases=found.cases, splits=found.splits
    )


def _head(shown: Shown) -> str:
    when = shown.period
    days = _days(when.first, when.after - timedelta(days=1))
    return f"← {days} →{'  has not begun' if shown.future else ''}"


def _days(first: date, last: date) -> str:
    """Give the days of a period as short as a head has room for: `1–30 Nov`, `2 Dec 25–30 Nov`."""
    end = f"{last.day} {last:%b}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{first.day} {first:%b %y}–{end} {last:%y}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {first:%b}–{end}"


def _today(desk: "Desk", look: Look) -> Found:
    found = desk.figures.today(look.span, look.back)
    shown = found.shown
    return Found(1, today_sheets(found), shown.missing, _head(shown))


def _performance(desk: "Desk", look: Look) -> Found:
    names = (look.figure,) if look.by else ()
    shown, lines = desk.figures.performance(
        Wish(names, look.span, look.by, compare="before", back=look.back)
    )
    facts = _head(shown) + (f"  {look.figure} by {look.by}" if look.by else "")
    sheets = [performance_sheet(shown, lines)]
    return Found(1, sheets, shown.missing, facts, desk.figures.splits())


def _targets(desk: "Desk", look: Look) -> Found:
    wish = Wish(_TARGETS, look.span, compare="before", back=look.back)
    shown, lines = desk.figures.performance(wish)
    sheets = [performance_sheet(shown, lines)._replace(title="Promises and targets")]
    for by in ("urgency", "service", "group"):
        parts, _ = desk.figures.performance(wish._replace(names=_KEPT, by=by))
        some = [one for one in parts.rows if one.value.cases]
        named = [
            one._replace(part=f"{one.figure.title.removesuffix(' in time')}: {_called(one, by)}")
            for one in some
        ]
        sheets.append(performance_sheet(parts._replace(rows=named), ())._replace(title=f"By {by}"))
    return Found(1, sheets, shown.missing, _head(shown))


def _called(one: Shows, by: str) -> str:
    return f"no {by}" if one.part == "none" else one.part


def _satisfaction(desk: "Desk", look: Look) -> Found:
    wish = Wish(_VOICE, look.span, compare="before", back=look.back)
    shown, lines = desk.figures.performance(wish)
    average, n = desk.figures.stars(wish)
    said = "no answers yet" if average is None else f"{average:.1f} of 5 stars on average (n {n})"
    sheets = [performance_sheet(shown, lines)._replace(title=f"Answers: {said}")]
    sheets.append(voices_sheet(desk.figures.voices(wish)))
    return Found(1, sheets, shown.missing, _head(shown))


def _services(desk: "Desk", look: Look) -> Found:
    sheet = desk.offers.pruned(look.span, look.back)
    open_ = sum(bool(row.told) and not row.cells["decided"].text for row in sheet.rows)
    first, _, last = sheet.title.removeprefix("Services ").partition("..")
    days = _days(date.fromisoformat(first), date.fromisoformat(last or first))
    head = f"← {days} →  {open_} to decide"
    rows = [row._replace(told=_service(row, sheet.title)) for row in sheet.rows]
    return Found(len(rows), [sheet._replace(rows=rows)], facts=head)


def _service(row: Row, period: str) -> list[str]:
    """Say what stands behind a service, what is proposed and what can be done with that."""
    told = [facts(row, period)]
    decided = row.cells["decided"].text
    if decided:
        told.append(f"Decided: {decided}.")
    return [*told, "y accepts what is proposed, n declines it."] if row.told else told


def _trends(desk: "Desk", look: Look) -> Found:
    found = desk.figures.trends(Wish((), look.span, back=look.back))
    sheets = trend_sheets(found)
    return Found(sum(len(one.rows) for one in sheets), sheets)


def _steps(desk: "Desk", look: Look) -> Found:
    steps = desk.insight.steps(look.span)
    return Found(steps.tickets, [step_sheet(steps.steps)], steps.missing)


def _mistakes(desk: "Desk", look: Look) -> Found:
    mistakes = desk.insight.mistakes(look.span)
    return Found(mistakes.tickets, [mistake_sheet(mistakes.mistakes)], mistakes.missing)


def _customers(desk: "Desk", look: Look) -> Found:
    found = desk.insight.customers(look.span)
    sheets = [
        again_sheet(found.again[:MOST]),
        best_sheet(found.best[:MOST]),
        helped_sheet(found.helped[:MOST]),
    ]
    return Found(found.reports, sheets)


TABS = (
    Tab("Today", _today, TODAY),
    Tab("Performance", _performance, PERFORMANCE),
    Tab("Targets", _targets, TARGETS),
    Tab("Satisfaction", _satisfaction, SATISFACTION),
    Tab("Trends", _trends, TRENDS, "changed"),
    Tab("Steps", _steps, STEPS),
    Tab("Mistakes", _mistakes, MISTAKES),
    Tab("Customers", _customers, CUSTOMERS, "reports"),
    Tab("Services", _services, SERVICES, "services"),
)
