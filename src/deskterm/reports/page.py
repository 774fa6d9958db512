"""Figures of a period as a page: HTML with charts in it, and Markdown. No script, no link out.

Whatever is somebody's word is escaped once, here; a chart is made of numbers alone.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from deskterm.domain.patterns import pattern
from deskterm.domain.text import clean
from deskterm.reports.figure_sheet import definition_lines, words
from deskterm.reports.figures import FIGURES
from deskterm.reports.shown import Line, Shown, Told

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; color: #1c1e26; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #d5d8e0; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
h2 { break-after: avoid; } tr { break-inside: avoid; } thead { display: table-header-group; }
figure { margin: 0; break-inside: avoid; display: inline-block; width: 30rem; }
figcaption { font-weight: 600; margin-top: 1rem; }
rect { fill: #3b6ea5; print-color-adjust: exact; } small { display: block; color: #444; }
text { font: 11px system-ui, sans-serif; fill: #444; }
line { stroke: #b3261e; stroke-dasharray: 3 3; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1rem; }
@media print { body { margin: 0; max-width: none; } a { color: inherit; } }
"""
_WIDTH, _HEIGHT, _ROOM = 460, 90, 16


class Face(NamedTuple):
    """Whose page it is: the desk's mission and values, in its own words."""

    mission: str = ""
    values: Sequence[str] = ()

    @property
    def lines(self) -> list[str]:
        """What stands below the title."""
        return [one for one in (self.mission, " · ".join(self.values)) if one]


def html_page(
    title: str, shown: Shown, lines: Iterable[Line], parts: Sequence[Shown], face: Face
) -> str:
    """Give a whole page: the figures, their charts, the parts, how each is counted."""
    named = safe(title)
    body = [f"<h1>{named}</h1>", *(f"<p><em>{safe(one)}</em></p>" for one in face.lines)]
    body += [f"<p>{safe(_about(shown))}</p>", _table(shown, "")]
    whole = {one.figure.name: words(one.figure, one.value).whole for one in shown.rows}
    body += ["<h2>Lines</h2>", *(chart(one, whole.get(one.figure.name, "")) for one in lines)]
    for one in parts:
        body += [f"<h2>{safe(_by(one))}</h2>", _table(one, "part")]
    body += ["<h2>How each is counted</h2>", "<dl>"]
    for figure in FIGURES:
        said = " ".join(definition_lines(figure))
        body.append(f"<dt>{safe(figure.title)}</dt><dd>{safe(said)}</dd>")
    body.append("</dl>")
    return f"{head(title)}\n{chr(10).join(body)}\n</body></html>\n"


def head(title: str, style: str = "") -> str:
    """Give the beginning of a page, without a script and without anything from elsewhere."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{safe(title)}</title><style>{_STYLE}{style}</style></head><body>"
    )


def _about(shown: Shown) -> str:
    beside = f", beside {shown.other.name}" if shown.other else ""
    lacks = f" {shown.missing:,} tickets are not counted yet." if shown.missing else ""
    begun = " The period has not begun." if shown.future else ""
    return f"{shown.period.name}{beside}, zone {shown.period.zone}.{lacks}{begun}"


def _by(shown: Shown) -> str:
    return f"{shown.rows[0].figure.title} in parts" if shown.rows else "No parts"


def _table(shown: Shown, first: str) -> str:
    heads = ["Part" if first else "Figure", "Value", *(["Before"] if shown.other else [])]
    cells = "".join(f"<th>{one}</th>" for one in heads)
    rows = "".join(_line(one, first) for one in shown.rows)
    return f"<table><thead><tr>{cells}</tr></thead>{rows}</table>"


def _line(one: Told, first: str) -> str:
    name = one.part if first else one.figure.title
    before = words(one.figure, one.other).short if one.other is not None else None
    more = "" if before is None else f'<td class="n">{safe(before)}</td>'
    said = words(one.figure, one.value).whole
    return f'<tr><td>{safe(name)}</td><td class="n">{safe(said)}</td>{more}</tr>'


def chart(line: Line, said: str = "") -> str:
    """Give one figure piece by piece as bars, changes as dashed lines; each bar says its value.

    `said` is the figure of the whole period. For paper the tallest bar's value stands above, and
    the changes with their days below.
    """
    title = f"{line.figure.title}: {said}" if said else line.figure.title
    highest = max((value for _, value in line.pieces), key=lambda one: one.number or 0)
    first, last = line.pieces[0][0].name, line.pieces[-1][0].name
    labels = (
        f'<text x="{_WIDTH}" y="-4" text-anchor="end">most '
        f"{safe(words(line.figure, highest).short)}</text>"
        f'<text x="0" y="{_HEIGHT + 12}">{safe(first)}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT + 12}" text-anchor="end">{safe(last)}</text>'
    )
    below = "; ".join(f"{mark.at:%d %b} {mark.what}" for mark in line.marks)
    return (
        f"<figure><figcaption>{safe(title)}</figcaption>"
        f'<svg viewBox="0 -{_ROOM} {_WIDTH} {_HEIGHT + 2 * _ROOM}" role="img" '
        f'aria-label="{safe(title)}">{"".join((*_bars(line), *_marks(line)))}{labels}</svg>'
        f"{f'<small>{safe(below)}</small>' if below else ''}</figure>"
    )


def _bars(line: Line) -> Iterator[str]:
    step = _WIDTH / (len(line.pieces) or 1)
    top = max((value.number or 0 for _, value in line.pieces), default=0) or 1
    for place, (piece, value) in enumerate(line.pieces):
        tall = (value.number or 0) / top * _HEIGHT
        said = f"{piece.name}: {words(line.figure, value).whole}"
        yield (
            f'<rect x="{place * step:.1f}" y="{_HEIGHT - tall:.1f}" width="{max(step - 1, 1):.1f}" '
            f'height="{tall:.1f}"><title>{safe(said)}</title></rect>'
        )


def _marks(line: Line) -> Iterator[str]:
    start, end = line.pieces[0][0].start, line.pieces[-1][0].end
    for mark in line.marks:
        at = (mark.at - start) / (end - start) * _WIDTH
        yield (
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{_HEIGHT}">'
            f"<title>{safe(f'{mark.at:%Y-%m-%d} {mark.what}')}</title></line>"
        )


def markdown_page(title: str, shown: Shown, parts: Sequence[Shown], face: Face) -> str:
    """Give the same as Markdown."""
    told = [f"# {plain(title)}", ""]
    for line in (*face.lines, _about(shown)):
        told += [plain(line), ""]
    told += _rows(shown, "Figure")
    for one in parts:
        told += ["", f"## {plain(_by(one))}", "", *_rows(one, "Part")]
    return "\n".join(told) + "\n"


def _rows(shown: Shown, first: str) -> list[str]:
    before = " Before |" if shown.other else ""
    told = [f"| {first} | Value |{before}", f"|---|---|{'---|' if shown.other else ''}"]
    for one in shown.rows:
        name = one.figure.title if first == "Figure" else one.part
        was = f" {words(one.figure, one.other).short} |" if one.other is not None else ""
        told.append(f"| {plain(name)} | {words(one.figure, one.value).whole} |{was}")
    return told


_MARKS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_~[]<>|&"})
_BEGINS = pattern(r"\A(\d+(?=[.)](?:\s|\Z))|(?=[#+=]|-[-\s]))")
"""What a line of a list, a heading or a rule begins with."""


def plain(text: str) -> str:
    """Give words of others, on one line, without any meaning in Markdown."""
    return _BEGINS.sub(r"\1\\", clean(text, one_line=True).lstrip().translate(_MARKS))


def safe(text: str) -> str:
    """Give words of others, on one line, as text of a page."""
    return escape(clean(text, one_line=True))
