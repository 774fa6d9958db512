"""The figures of the process as sheets: the nine steps, the named mistakes, the customers."""

from collections.abc import Iterable, Sequence

from deskterm.domain.shares import Share
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import STEP_TITLES
from deskterm.reports.customers import Again, Customer
from deskterm.reports.mistakes import MistakeFigures
from deskterm.reports.sheet import Cell, Row, Sheet, shared
from deskterm.reports.steps import StepFigures, duration

PARTS = ("done", "skipped", "open", "gone_back")
"""The columns of what became of a step."""
FIRST = 5
"""Tickets that a table names; JSON has all."""


def step_sheet(found: Iterable[StepFigures]) -> Sheet:
    """Give a row for each of the nine steps."""
    return Sheet("The nine steps", [_step(one) for one in found])


def _step(one: StepFigures) -> Row:
    shares = dict(zip(PARTS, one.shares(), strict=True))
    said = [f"{name.replace('_', ' ')} {shares[name].text}" for name in PARTS if shares[name].hits]
    said[3:] = [text.replace("gone back", "gone back to") for text in said[3:]]
    commonest = [f"{reason} ({n})" for reason, n in one.reasons.most_common(3)]
    told = [" · ".join(said) or "no case yet"]
    told += [f"Skipped because: {'; '.join(commonest)}"] if commonest else []
    cells = {
        "number": _count(one.number),
        "step": Cell(f"{one.number} {one.step}", data=str(one.step)),
        "title": Cell(STEP_TITLES[one.step]),
        "closed": _count(one.cases),
        **{name: shared(share) for name, share in shares.items()},
        "median": Cell(duration(one.times.median), one.times.median, "s"),
        "p90": Cell(duration(one.times.p90), one.times.p90, "s"),
        "timed": _count(one.times.n),
        "reasons": Cell("".join(commonest[:1]), data=dict(one.reasons.most_common(5))),
        "tickets": Cell(
            "",
            data=lambda: {"skipped": one.skipped, "open": one.open, "gone_back": one.back},
        ),
    }
    behind = "on which it was not simply done"
    return Row(cells, told, one.not_simply, behind, lambda: one.behind)


def mistake_sheet(found: Iterable[MistakeFigures]) -> Sheet:
    """Give a row for each named mistake."""
    return Sheet("What goes wrong", [_mistake(one) for one in found])


def _mistake(one: MistakeFigures) -> Row:
    mistake = one.mistake
    where = ", ".join(f"{name} {n}" for name, n in one.categories.most_common(2))
    told = [
        f"{mistake.what} Seen on {one.share.text}; the trade calls it {mistake.name}.",
        f"What helps: {mistake.helps}",
    ]
    told += [f"Most in: {clean(where, one_line=True)}"] if where else []
    cells = {
        "number": _count(one.number),
        "step": Cell(f"{one.number} {mistake.step}", data=str(mistake.step)),
        "mistake": Cell(mistake.name),
        "closed": _count(one.cases),
        "what": Cell(mistake.what),
        "said": Cell(f"{_tickets(one.share.hits)}, step {one.number}, {mistake.name}"),
        "helps": Cell(mistake.helps),
        "seen": shared(one.share),
        "categories": Cell(where, data=dict(one.categories.most_common())),
        "tickets": Cell(_numbers(one.tickets), data=[seen._asdict() for seen in one.seen]),
        "numbers": Cell("", data=lambda: " ".join(map(str, one.tickets))),
    }
    return Row(cells, told, one.share.hits, "that show it", lambda: one.tickets)


def _tickets(many: int) -> str:
    return f"{many} ticket" if many == 1 else f"{many} tickets"


def best_sheet(found: Iterable[Customer]) -> Sheet:
    """Give a row for each customer who reports well."""
    title = "Report best: two of device, steps that lead to it, picture"
    return Sheet(title, [_customer(one, "reports best", one.complete) for one in found])


def helped_sheet(found: Iterable[Customer]) -> Sheet:
    """Give a row for each customer who helps themselves well."""
    title = "Help themselves well: a published answer, or their own word"
    rows = [_customer(one, "helps themselves", one.helped_themselves) for one in found]
    return Sheet(title, rows)


def _customer(one: Customer, what: str, share: Share) -> Row:
    told = [
        f"complete {one.complete.text} · no question back {one.no_question.text}",
        f"trouble seen, of those tried {one.reproduced.text} · "
        f"helped themselves {one.helped_themselves.text}",
    ]
    cells = {
        **_about(what, one.name, one.tickets, f"{len(one.tickets)} reports"),
        "person": _count(one.person),
        "share": shared(share),
        "hits": _count(share.hits),
        "n": _count(share.of),
        "complete": shared(one.complete),
        "reproduced": shared(one.reproduced),
        "no_question": shared(one.no_question),
        "helped_themselves": shared(one.helped_themselves),
        "about": Cell(""),
    }
    return Row(cells, told, len(one.tickets), "of theirs", lambda: one.tickets)


def again_sheet(found: Iterable[Again]) -> Sheet:
    """Give a row for each customer who has the same trouble again."""
    return Sheet("The same trouble again", [_again(one) for one in found])


def _again(one: Again) -> Row:
    count = len(one.tickets)
    about = f"{one.category}: {one.subject}"
    told = [
        f"In common: {clean(', '.join(one.words[:10]), one_line=True)}",
        "A cause behind them? Make it a problem, or show them a way of their own.",
    ]
    cells = {
        **_about("same again", one.name, one.tickets, clean(about, one_line=True)),
        "person": _count(one.person),
        "category": Cell(one.category),
        "subject": Cell(one.subject),
        "words": Cell(", ".join(one.words), data=one.words),
        "last": Cell(str(one.last), data=one.last),
        "share": Cell(f"{count} times"),
        "hits": _count(count),
        "n": _count(count),
        "no_question": Cell(""),
        "reproduced": Cell(""),
        "about": Cell(about),
    }
    return Row(cells, told, len(one.tickets), "of it", lambda: one.tickets)


def _about(what: str, name: str, tickets: Sequence[int], rest: str) -> dict[str, Cell]:
    return {
        "what": Cell(what),
        "customer": Cell(name),
        "name": Cell(name),
        "rest": Cell(rest),
        "tickets": Cell(_numbers(tickets), data=tickets),
        "numbers": Cell(" ".join(map(str, tickets))),
    }


def _count(number: int) -> Cell:
    return Cell(str(number), number)


def _numbers(tickets: Sequence[int]) -> str:
    more = f" and {len(tickets) - FIRST} more" if len(tickets) > FIRST else ""
    return " ".join(f"#{one}" for one in tickets[:FIRST]) + more
