"""How the desk stands today, and how it went lately, as sheets: one line each, with its tickets."""

from collections.abc import Iterable, Sequence

from deskterm.domain.text import clean
from deskterm.reports.figure_sheet import (
    behind_words,
    changed_words,
    definition_lines,
    figure_cells,
    spark,
    words,
)
from deskterm.reports.figures import COUNT, FEW, RATE, Figure, Value
from deskterm.reports.sheet import Cell, Row, Sheet
from deskterm.reports.shown import (
    Change,
    Grown,
    Helped,
    Line,
    Recurring,
    Shown,
    Standing,
    Today,
    Told,
    Trends,
    Voice,
)


def today_sheets(found: Today) -> list[Sheet]:
    """Give the sheets of the day: now, lately, what grew, what helped."""
    lines = {one.figure.name: one for one in found.lines}
    return [
        Sheet("Now", [_standing(one) for one in found.standing]),
        Sheet("Lately", [_lately(one, lines) for one in found.shown.rows]),
        Sheet("More or less than usual", [grown_row(one) for one in found.grown]),
        Sheet("Helped", [_helped(one) for one in found.helped]),
    ]


def _standing(one: Standing) -> Row:
    cells = _cells(one.title, str(one.many), one.many)
    return Row(cells, [f"What {one.query} finds now."], one.many, "there are", one.tickets)


def _lately(one: Told, lines: "dict[str, Line]") -> Row:
    said = words(one.figure, one.value)
    line = lines.get(one.figure.name)
    drawn = f"  {spark([value.number for _, value in line.pieces], 31)}" if line else ""
    told = [*definition_lines(one.figure)]
    if one.other is not None:
        told.append(f"The period before: {words(one.figure, one.other).whole}.")
    told += marks(lines.get("logged"))
    against = target_words(one.figure, one.value)
    cells = figure_cells(one) | {
        "what": Cell(one.figure.title),
        "said": Cell(said.whole + against + drawn),
    }
    many = one.value.many if one.figure.kind in (COUNT, RATE) else one.value.cases
    return Row(cells, told, many, behind_words(one.figure), one.tickets)


def target_words(figure: Figure, value: Value) -> str:
    """Say how a rate stands to its target; nothing where it has none, or of too few cases."""
    if figure.target is None or value.share is None or value.share.of < FEW:
        return ""
    low, high = value.share.interval
    stands = "below" if high < figure.target else "above" if low >= figure.target else "near"
    return f"  {stands} target {figure.target:.0%}".replace("%", " %")


def marks(line: Line | None) -> Sequence[str]:
    """Say what was released or changed in the period."""
    if line is None or not line.marks:
        return ()
    said = ", ".join(f"{mark.at:%d %b} {mark.what}" for mark in line.marks[-3:])
    return [f"Changed: {clean(said, one_line=True)}."]


def grown_row(one: Grown) -> Row:
    """Give a line of what there is more or less of."""
    sign = "▲ more" if one.more else "▼ less"
    tickets = "ticket" if one.now == 1 else "tickets"
    said = f"{one.now} {tickets}, usual {one.expected:.0f}  {sign}"
    luck = f"{max(one.chance, 0.001):.1%}".replace("%", " %")
    told = [
        f"Of this {one.by} {one.now} {tickets} opened; its own past lets expect "
        f"{one.expected:.1f}. By luck alone: {luck} at most.",
    ]
    cells = _cells(clean(one.part, one_line=True), said, one.now) | {
        "by": Cell(one.by),
        "expected": Cell(f"{one.expected:.0f}", one.expected, "n"),
        "chance": Cell(f"{one.chance:.2%}", one.chance, "n"),
    }
    return Row(cells, told, one.now, "there are", one.tickets)


def _helped(one: Helped) -> Row:
    back = f", {one.returned} came back" if one.returned else ", none came back"
    what, name = one.kind, clean(one.name, one_line=True)
    if what == "end":
        what = "guide"
    cells = _cells(f"{what} {name}", "", one.solved)
    cells |= {"said": Cell(f"{one.solved} solved{back}"), "wide": Cell("yes")}
    with_it = "this end of a guide" if one.kind == "end" else f"this {one.kind}"
    told = [f"Tickets first closed in the period as solved, with {with_it}."]
    return Row(cells, told, one.solved, "solved with it", one.tickets)


def _cells(what: str, said: str, number: float) -> dict[str, Cell]:
    return {"what": Cell(what), "said": Cell(said), "number": Cell(said, number, "n")}


def trend_sheets(found: Trends) -> list[Sheet]:
    """Give what is more or less than usual, what comes again and again, what changes did."""
    return [
        Sheet("More or less than usual", [grown_row(one) for one in found.grown]),
        Sheet("Again and again", [_again(one) for one in found.again]),
        Sheet("Releases and changes", [_change(one) for one in found.changes]),
    ]


def _again(one: Recurring) -> Row:
    said = f"{one.now} now, {one.many} in all"
    cells = _cells(clean(one.part, one_line=True), said, one.now) | {"by": Cell(one.by)}
    told = [
        "Of this there were tickets in the period and in each of the four before it: what comes "
        "again and again is ended as a problem, by a guide, or by better words."
    ]
    return Row(cells, told, one.now, "of the period", one.tickets)


def _change(one: Change) -> Row:
    said = [
        f"{figure.title} {words(figure, before).short} → {words(figure, after).short}"
        for figure, before, after in one.figures
    ]
    way = [
        f"{figure.title}: before {words(figure, before).whole}, "
        f"after {words(figure, after).whole}: {changed_words(before, after)}."
        for figure, before, after in one.figures
    ]
    told = [f"{one.days} days before and after it." if one.days else "It is too early to tell."]
    when = f"{one.mark.at:%d %b}"
    cells = _cells(f"{when} {clean(one.mark.what, one_line=True)}", " · ".join(said), 0)
    cells["said"] = Cell(" · ".join(said) or "too early to tell")
    return Row(cells | {"by": Cell("change")}, told + way, 0, "", list)


def performance_sheet(shown: Shown, lines: Iterable[Line]) -> Sheet:
    """Give a row for each figure of each part, with its line where it has one."""
    drawn = {one.figure.name: one for one in lines}
    some = next(iter(drawn.values()), None)
    return Sheet(shown.period.name, [_performance(one, drawn, some) for one in shown.rows])


def _performance(one: Told, drawn: "dict[str, Line]", some: "Line | None") -> Row:
    line = drawn.get(one.figure.name)
    told = [words(one.figure, one.value).whole + target_words(one.figure, one.value)]
    if one.other is not None:
        told[0] += f" · before: {words(one.figure, one.other).whole}"
    told += [*definition_lines(one.figure), *marks(line or some)]
    blocks = spark([value.number for _, value in line.pieces], 15) if line else ""
    cells = figure_cells(one) | {"line": Cell(blocks), "title": Cell(one.part or one.figure.title)}
    many = one.value.many if one.figure.kind in (COUNT, RATE) else one.value.cases
    return Row(cells, told, many, behind_words(one.figure), one.tickets)


def voices_sheet(found: Iterable[Voice]) -> Sheet:
    """Give a row for each rating with its words."""
    return Sheet("What customers said, the poorest first", [_voice(one) for one in found])


def _voice(one: Voice) -> Row:
    cells = {
        "stars": Cell("★" * one.rating + "☆" * (5 - one.rating)),
        "number": Cell(str(one.rating), one.rating, "n"),
        "what": Cell(one.name),
        "said": Cell(clean(one.words, one_line=True) or "no words"),
        "ticket": Cell(f"#{one.ticket}", one.ticket),
    }
    return Row(cells, [f"{one.name}, #{one.ticket}: {one.words}"], 1, "it is about",
               lambda: [one.ticket])  # fmt: skip
