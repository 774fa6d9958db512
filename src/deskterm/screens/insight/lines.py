"""How sheets of the process are drawn: a line a row, what is told of it below."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from textual.content import Content

from deskterm.domain.shares import Share
from deskterm.domain.text import clean
from deskterm.reports.sheet import Row, Sheet
from deskterm.reports.sheets import PARTS
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

BAR = 10
"""Cells of a bar."""
MOST = 10
"""Customers shown of each kind; the command's JSON has all."""


class Part(NamedTuple):
    """How the rows of one kind are shown."""

    titles: str
    line: Callable[[Row], Content]
    csv: dict[str, str]
    """Heading → column of what is copied."""


def part_lines(sheets: Sequence[Sheet], part: Part) -> list[Line]:
    """Give the lines of the list, by their place; with several sheets each has its heading."""
    lines: list[Line] = []
    place = 0
    for sheet in sheets:
        if len(sheets) > 1:
            none = "" if sheet.rows else ": none in this period"
            lines.append(Line("", Content.styled(f" {sheet.title}{none}", "bold $accent")))
        for row in sheet.rows:
            lines.append(Line(str(place), part.line(row)))
            place += 1
    return lines


def told(row: Row) -> str:
    """Give what stands below the list about a row."""
    count = row.many
    behind = f"Enter shows the {count} tickets {row.behind}." if count > 1 else ""
    behind = "Enter shows the ticket." if count == 1 else behind
    return "\n".join([*row.told, behind or "No ticket is behind it."])


def _step(row: Row) -> Content:
    cells = row.cells
    rates = " " + "".join(f"{_percent(cells[name].share):>6}" for name in PARTS)
    return Content.assemble(
        (f" {cells['number'].text} {cells['title'].text:<25}", "bold"),
        (_bar(cells["done"].share), "$success"),
        f"{rates}{cells['median'].text:>9}{cells['p90'].text:>7}",
    )


def _mistake(row: Row) -> Content:
    """Say first what happened and how often, then what the trade calls it."""
    cells = row.cells
    seen = row.many > 0
    tickets = "ticket " if row.many == 1 else "tickets"
    what = clean(cells["what"].text, one_line=True).rstrip(".")
    return Content.assemble(
        (f" {what:<41}", "bold" if seen else "$text-muted"),
        (f"{row.many:>5} {tickets}{_percent(cells['seen'].share):>6}", _colour(seen)),
        (f"  {cells['number'].text} {cells['mistake'].text}", "$text-muted"),
    )


def _colour(seen: bool) -> str:
    return "$warning" if seen else "$text-muted"


def _customer(row: Row) -> Content:
    cells = row.cells
    shown = fit(clean(cells["customer"].text, one_line=True), 23)
    return Content.assemble((f" {shown} ", "bold"), f"{cells['share'].text:<26}",
                            clean(cells["rest"].text, one_line=True))  # fmt: skip


def _bar(share: Share | None) -> str:
    full = round(((share.rate if share else None) or 0.0) * BAR)
    return "█" * full + "·" * (BAR - full)


def _percent(share: Share | None) -> str:
    return "-" if share is None or share.rate is None else f"{share.rate:.0%}"


STEPS = Part(
    f" {'Step':<27}{'':<{BAR}}{'Done':>7}{'Skip':>6}{'Open':>6}{'Back':>6}{'Median':>9}{'p90':>7}",
    _step,
    {name: name for name in ("number", "step", "closed", *PARTS)}
    | {"median_seconds": "median", "p90_seconds": "p90"},
)
MISTAKES = Part(
    f" {'What happened':<41}{'Seen on':>13}{'':>6}  Step and name",
    _mistake,
    {name: name for name in ("number", "step", "mistake", "closed", "seen", "what", "helps")}
    | {"tickets": "numbers"},
)
CUSTOMERS = Part(
    f" {'Customer':<24}{'Share':<26}Tickets",
    _customer,
    {name: name for name in ("what", "customer", "hits", "n", "about")} | {"tickets": "numbers"},
)
