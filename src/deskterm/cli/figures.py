"""`deskterm figures …`: performance of the desk for any period, whole or in parts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.completing import query_words
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.reports.shown import Shown

noun = Noun("figures", "Performance: tickets, times, first contact, satisfaction, any period.")
Names = Annotated[list[str] | None, Argument(metavar="NAME", help="Which figures; none: all.")]
Named = Annotated[str | None, Argument(metavar="NAME", help="Which figure; none: all.")]
When = Annotated[
    str,
    Option("--period", "-p", metavar="P", help="30d, 2026-11, last-quarter, a range."),
]  # fmt: skip
By = Annotated[
    str, Option("--by", metavar="F", help="In parts: category, group, site, guide, field.os …")
]
Wanted = Annotated[
    str,
    Option(
        "--query", "-q", metavar="Q", help="Only what a query finds.", autocompletion=query_words
    ),
]
Compare = Annotated[str, Option("--compare", metavar="WITH", help="before or year.")]
Tickets = Annotated[bool, Option("--tickets", help="The numbers of the tickets behind one figure.")]
HELD = ("json", "jsonl", "csv")


@noun.verb("show", "deskterm figures show pickup first-contact --period 2026-11 --by category")
@reading
def show(
    call: Call,
    names: Names = None,
    period: When = "30d",
    by: By = "",
    query: Wanted = "",
    compare: Compare = "",
    tickets: Tickets = False,
) -> None:
    """Show figures of a period: how many, how fast, how well.

    Rates have n and a 95 % interval, lengths are median and p90. Compared with another period a
    change is called one only where the intervals of both part. `figures define` says how each is
    counted. JSON and CSV have exact values: rates from 0 to 1, lengths in seconds.
    """
    with opened() as desk:
        from deskterm.reports.shown import Wish

        desk.figures.catch_up()
        shown = desk.figures.show(Wish(names or (), period, by, query, compare))
        if tickets:
            _numbers(shown, call)
            return
    from deskterm.reports.figure_sheet import COLUMNS, SHOWN, figure_sheet

    sheet = figure_sheet(shown.period.name, shown.rows)
    exact = output.chosen(call.output) in HELD
    columns = [one for one in (COLUMNS if exact else SHOWN) if _has(one, by, compare)]
    rows = sheet.records(columns) if exact else sheet.texts(columns)
    output.many(rows, columns, call.output)
    _tell(shown)


def _has(column: str, by: str, compare: str) -> bool:
    if column == "part":
        return bool(by)
    return bool(compare) or column not in ("was", "before", "change")


def _numbers(shown: "Shown", call: Call) -> None:
    """Print the tickets behind a figure, once each, the newest first."""
    found = {number for one in shown.rows for number in one.tickets()}
    output.many([{"id": one} for one in sorted(found, reverse=True)], ("id",), call.output)


def _tell(shown: "Shown") -> None:
    """Say what the figures are of, and what they lack."""
    when = shown.period
    if shown.future:
        say(f"{when.name} has not begun: nothing can be counted yet.")
    elif shown.missing:
        say(f"{shown.missing:,} tickets are still to be counted: an open board or "
            "`deskterm work` does it.")  # fmt: skip
    against = f", beside {shown.other.name}" if shown.other else ""
    say(f"{when.name}{against}, zone {when.zone}.")


@noun.verb("define", "deskterm figures define first-contact")
@reading
def define(call: Call, name: Named = None) -> None:
    """Print how figures are counted: what, of what, by which clock, without what."""
    from deskterm.reports.figure_sheet import definition
    from deskterm.services.figured import wanted

    figures = wanted([name] if name else ())
    if output.chosen(call.output) in HELD:
        columns = tuple(definition(figures[0]))
        output.many([definition(one) for one in figures], columns, call.output)
        return
    for one in figures:
        output.prose("\n".join(_page(definition(one))) + "\n")


def _page(one: "dict[str, object]") -> Sequence[str]:
    lines = [f"{one['name']}: {one['title']}"]
    for key in ("numerator", "denominator", "clock", "without"):
        if one[key]:
            lines.append(f"  {key:<12} {one[key]}")
    if one["target"] is not None:
        lines.append(f"  {'target':<12} {one['target']:.0%} (the trade's yardstick)")
    return lines


@noun.verb("series", "deskterm figures series logged --period 2026")
@reading
def series(
    call: Call,
    name: Annotated[str, Argument(metavar="NAME", help="Which figure.")],
    period: When = "30d",
    query: Wanted = "",
) -> None:
    """Show one figure piece by piece: days up to two months, weeks up to a year, else months.

    Beside each piece stand its cases; what was released or changed in the period is told on
    stderr, with the figure before and after it.
    """
    with opened() as desk:
        from deskterm.reports.shown import Wish

        desk.figures.catch_up()
        line = desk.figures.line(name, Wish(period=period, query=query))
    from deskterm.reports.figure_sheet import changed_words, words

    exact = output.chosen(call.output) in HELD
    rows = [
        {
            "from": piece.first.isoformat(),
            "to": piece.name.rpartition("..")[2],
            "number": value.number,
            "n": value.cases,
            "value": words(line.figure, value).whole,
        }
        for piece, value in line.pieces
    ]
    columns = ("from", "to", "number", "n") if exact else ("from", "to", "value")
    output.many(rows, columns, call.output)
    for change in line.changes:
        told = [f"{words(line.figure, before).short} → {words(line.figure, after).short} "
                f"({change.days} days before and after): {changed_words(before, after)}"
                for _, before, after in change.figures]  # fmt: skip
        say(f"{change.mark.at:%Y-%m-%d} {change.mark.what}: {told[0] if told else 'too early'}")


@noun.verb("export", "deskterm figures export review --period last-quarter")
@reading
def export(
    call: Call,
    folder: Annotated[str, Argument(metavar="FOLDER", help="Where the files go.")],
    period: When = "30d",
    by: By = "",
    query: Wanted = "",
    compare: Compare = "before",
) -> None:
    """Write figures as CSV, JSON, Markdown and a page with charts (HTML) that prints well."""
    from pathlib import Path

    from deskterm.reports.shown import Wish

    with opened() as desk:
        from deskterm.services.figures import write

        desk.figures.catch_up()
        files = write(desk.figures, Path(folder), Wish((), period, by, query, compare))
    output.many([{"file": str(one)} for one in files], ("file",), call.output)


@noun.verb("rebuild", "deskterm figures rebuild")
@reading
def rebuild(call: Call) -> None:
    """Work out anew from the ledger what is kept of tickets and days, and name what differed.

    Nothing should: it proves that the figures are what the ledger tells. What differed is mended.
    """
    with opened() as desk:
        found = desk.figures.rebuild()
    days = [f"{day:%Y-%m-%d %H:%M}" for day in found.days]
    record = {"tickets": found.tickets, "differed": len(found.differed), "which": found.differed,
              "days": days}  # fmt: skip
    if output.chosen(call.output) in HELD:
        output.one(record, call.output)
        return
    said = [f"#{one}" for one in found.differed[:20]] + [f"the day from {one}" for one in days[:20]]
    many = len(found.differed) + len(days)
    told = f"{many:,} differed and are mended: {', '.join(said)}" if many else "none differed."
    output.prose(f"{found.tickets:,} tickets and every day worked out anew; {told}")
