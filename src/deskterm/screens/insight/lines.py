"""How figures of the process are drawn: a line each, its words below, the same as CSV."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import NamedTuple

from textual.content import Content

from deskterm.domain.shares import Share
from deskterm.domain.text import cell_safe, clean
from deskterm.domain.vocabulary import STEP_TITLES
from deskterm.reports.customers import Again, Customer
from deskterm.reports.mistakes import MistakeFigures
from deskterm.reports.steps import StepFigures, duration
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

BAR = 10
"""Cells of a bar."""
MOST = 10
"""Customers shown of each kind; the command's JSON has all."""
STEP_TITLE = (
    f" {'Step':<27}{'':<{BAR}}{'Done':>7}{'Skip':>6}{'Open':>6}{'Back':>6}{'Median':>9}{'p90':>7}"
)
MISTAKE_TITLE = f" {'Step and name':<19}{'Seen':<25}What it is"
CUSTOMER_TITLE = f" {'Customer':<24}{'Share':<26}Tickets"


class Figure(NamedTuple):
    """One line: what it shows, what stands below the list, the tickets behind, its CSV cells."""

    line: Content
    words: str
    tickets: Sequence[int]
    cells: Sequence[object]
    heading: bool = False


def list_lines(figures: Sequence[Figure]) -> list[Line]:
    """Give the lines of the list; a heading is never in hand."""
    return [Line("" if one.heading else str(place), one.line) for place, one in enumerate(figures)]


def as_csv(figures: Iterable[Figure], columns: Sequence[str]) -> str:
    """Give the lines as CSV; no cell starts a formula."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for one in figures:
        if not one.heading:
            writer.writerow([_cell(cell) for cell in one.cells])
    return out.getvalue()


def _cell(value: object) -> object:
    return cell_safe(clean(value, one_line=True)) if isinstance(value, str) else value


STEP_COLUMNS = (
    *("number", "step", "closed", "done", "skipped", "open", "gone_back"),
    *("median_seconds", "p90_seconds"),
)


def steps(found: Iterable[StepFigures]) -> list[Figure]:
    """Give a line for each of the nine steps."""
    return [_step(one) for one in found]


def _step(one: StepFigures) -> Figure:
    parts = (one.done, one.skipped, one.open, one.back)
    rates = " " + "".join(f"{_percent(one.share(part)):>6}" for part in parts)
    line = Content.assemble(
        (f" {one.number} {STEP_TITLES[one.step]:<25}", "bold"),
        (_bar(one.share(one.done)), "$success"),
        f"{rates}{duration(one.times.median):>9}{duration(one.times.p90):>7}",
    )
    names = ("done", "skipped", "open", "gone back to")
    shares = [
        f"{name} {one.share(part).text}" for name, part in zip(names, parts, strict=True) if part
    ]
    reasons = "; ".join(f"{reason} ({n})" for reason, n in one.reasons.most_common(3))
    tickets = sorted({*one.open, *one.skipped, *one.back}, reverse=True)
    words = [" · ".join(shares) or "no case yet"]
    words += [f"Skipped because: {reasons}"] if reasons else []
    words += [_behind(tickets, "on which it was not simply done")]
    cells = (one.number, str(one.step), one.cases, *map(len, parts))
    return Figure(
        line, "\n".join(words), tickets, (*cells, one.times.median or "", one.times.p90 or "")
    )


MISTAKE_COLUMNS = ("number", "step", "mistake", "closed", "seen", "what", "helps", "tickets")


def mistakes(found: Iterable[MistakeFigures]) -> list[Figure]:
    """Give a line for each named mistake."""
    return [_mistake(one) for one in found]


def _mistake(one: MistakeFigures) -> Figure:
    mistake = one.mistake
    seen = bool(one.seen)
    line = Content.assemble(
        (f" {one.number} {mistake.name:<17}", "bold" if seen else "$text-muted"),
        (f"{one.share.text:<25}", "$warning" if seen else "$text-muted"),
        mistake.what,
    )
    where = ", ".join(f"{name} {n}" for name, n in one.categories.most_common(2))
    words = [f"{mistake.what} What helps: {mistake.helps}"]
    words += [f"Most in: {clean(where, one_line=True)}"] if where else []
    words += [_behind(one.tickets, "that show it")]
    cells = (one.number, str(mistake.step), mistake.name, one.cases, len(one.seen))
    numbers = " ".join(map(str, one.tickets))
    return Figure(
        line, "\n".join(words), one.tickets, (*cells, mistake.what, mistake.helps, numbers)
    )


CUSTOMER_COLUMNS = ("what", "customer", "hits", "n", "about", "tickets")


def customers(
    best: Sequence[Customer], helped: Sequence[Customer], again: Sequence[Again]
) -> list[Figure]:
    """Give who has the same trouble again, who reports best, who helps themselves well."""
    found = [_heading("The same trouble again", again)]
    found += [_again(one) for one in again[:MOST]]
    found += [_heading("Report best: two of device, steps that lead to it, picture", best)]
    found += [_customer(one, one.complete, "reports best") for one in best[:MOST]]
    found += [_heading("Help themselves well: a published answer, or their own word", helped)]
    found += [_customer(one, one.helped_themselves, "helps themselves") for one in helped[:MOST]]
    return found


def _heading(text: str, several: Sequence[object]) -> Figure:
    none = "" if several else ": nobody in this period"
    return Figure(Content.styled(f" {text}{none}", "bold $accent"), "", (), (), heading=True)


def _customer(one: Customer, share: Share, what: str) -> Figure:
    line = _customer_line(one.name, share.text, f"{len(one.tickets)} reports")
    words = (
        f"complete {one.complete.text} · no question back {one.no_question.text}\n"
        f"trouble seen, of those tried {one.reproduced.text} · "
        f"helped themselves {one.helped_themselves.text}\n{_behind(one.tickets, 'of theirs')}"
    )
    numbers = " ".join(map(str, one.tickets))
    return Figure(line, words, one.tickets, (what, one.name, share.hits, share.of, "", numbers))


def _again(one: Again) -> Figure:
    count = len(one.tickets)
    about = clean(f"{one.category}: {one.subject}", one_line=True)
    line = _customer_line(one.name, f"{count} times", about)
    words = (
        f"In common: {clean(', '.join(one.words[:10]), one_line=True)}\n"
        f"A cause behind them? Make it a problem, or show them a way of their own.\n"
        f"{_behind(one.tickets, 'of it')}"
    )
    numbers = " ".join(map(str, one.tickets))
    return Figure(line, words, one.tickets, ("same again", one.name, count, count, about, numbers))


def _customer_line(name: str, share: str, rest: str) -> Content:
    shown = fit(clean(name, one_line=True), 23)
    return Content.assemble((f" {shown} ", "bold"), f"{share:<26}", rest)


def _behind(tickets: Sequence[int], what: str) -> str:
    if not tickets:
        return "No ticket is behind it."
    return f"Enter shows the {len(tickets)} tickets {what}."


def _bar(share: Share) -> str:
    full = round((share.rate or 0.0) * BAR)
    return "█" * full + "·" * (BAR - full)


def _percent(share: Share) -> str:
    return "-" if share.rate is None else f"{share.rate:.0%}"
