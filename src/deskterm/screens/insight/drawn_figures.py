"""How figures are drawn: today, performance, targets, satisfaction, trends."""

from collections.abc import Mapping

from textual.content import Content

from deskterm.domain.text import clean
from deskterm.reports.figure_sheet import COLUMNS, band
from deskterm.reports.pruning import COLUMNS as SERVICE
from deskterm.reports.sheet import Row
from deskterm.screens.insight.lines import Part
from deskterm.widgets.ticket_lines import fit

_BAND = 14
_WAYS: Mapping[str, str] = {"▲": "$warning", "▼": "$accent"}


def _said(text: str) -> str:
    return clean(text, one_line=True)


def _today(row: Row) -> Content:
    cells = row.cells
    said = _said(cells["said"].text)
    style = "$error" if "below target" in said else ""
    if "wide" in cells:
        return Content.assemble(f" {fit(said, 26)} ", (_said(cells["what"].text), "bold"))
    return Content.assemble((f" {fit(_said(cells['what'].text), 26)} ", "bold"), (said, style))


def _performance(row: Row) -> Content:
    cells = row.cells
    change = cells["change"].text
    drawn = cells["line"].text or _interval(row)
    n = cells["n"].text if cells["said"].text != cells["short"].text else ""
    return Content.assemble(
        (f" {fit(_said(cells['title'].text), 24)} ", "bold"),
        f"{cells['short'].text:>8}{n:>6}  ",
        (fit(drawn, 15), "$success"),
        f"{cells['was'].text:>8}  ",
        (change, _WAYS.get(change[:1], "$text-muted")),
    )


def _interval(row: Row) -> str:
    """Give the band in which a rate lies; nothing for what is none."""
    cells = row.cells
    low, high, rate = (cells[name].number for name in ("low", "high", "number"))
    if low is None or high is None or rate is None or cells["number"].unit == "s":
        return ""
    return band(low, high, rate, _BAND)


def _voice(row: Row) -> Content:
    cells = row.cells
    if "stars" not in cells:
        return _performance(row)
    poor = (cells["number"].number or 0) < 3
    return Content.assemble(
        (f" {cells['stars'].text} ", "$error" if poor else "$success"),
        (f"{fit(_said(cells['what'].text), 18)} {cells['ticket'].text:<8}", "bold"),
        _said(cells["said"].text),
    )


def _trend(row: Row) -> Content:
    cells = row.cells
    return Content.assemble(
        (f" {fit(_said(cells['what'].text), 34)} ", "bold"),
        f"{fit(cells['by'].text, 10)} {cells['said'].text}",
    )


def _service(row: Row) -> Content:
    cells = row.cells
    decided = _said(cells["decided"].text)
    each = _said(cells["proposal"].text).split("; ")
    proposed = ", ".join(dict.fromkeys(one.partition(":")[0] for one in each))
    style = "$text-muted" if decided else "$warning"
    kept = _short(cells["missed"].text, "nothing promised")
    happy = _short(cells["satisfied"].text, "no answers yet")
    return Content.assemble(
        (f" {fit(_said(cells['service'].text), 16)} ", "bold"),
        f"{cells['tickets'].text:>7}{cells['share'].text:>6}{cells['hours'].text:>9}",
        f"{kept:>8}{happy:>7}  ",
        (f"{decided}: " if decided and proposed else "", "$text-muted"),
        (proposed, style),
    )


def _short(text: str, none: str) -> str:
    """Give the share alone; `-` where there is none, which is said below."""
    return "-" if text == none else text.partition(" of")[0]


_EXACT = {name: name for name in COLUMNS}
_HEADS = f" {'Figure':<24} {'Value':>8}{'n':>6}  {'Line or band':<15}{'Before':>8}  Change"
TODAY = Part("", _today, {"what": "what", "number": "number", "said": "said"})
PERFORMANCE = Part(_HEADS, _performance, _EXACT)
TARGETS = Part(_HEADS, _performance, _EXACT)
SATISFACTION = Part(_HEADS, _voice, {"what": "what", "number": "number", "said": "said"})
SERVICES = Part(
    f" {'Service':<16} {'Tickets':>7}{'Share':>6}{'Worked':>9}{'Missed':>8}{'Happy':>7}  Proposed",
    _service,
    {name: name for name in SERVICE},
)
TRENDS = Part(
    f" {'What':<34} {'Of':<10} Tickets",
    _trend,
    {name: name for name in ("by", "what", "number", "expected", "chance")},
)
