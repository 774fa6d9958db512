"""How the developer queue is written: as records, a Markdown table, JSON, CSV (F3)."""

import json
from collections.abc import Sequence

from deskterm.reports import sheet
from deskterm.reports.queue import Place
from deskterm.reports.sheet import Cell, Row

COLUMNS = (
    *("place", "id", "title", "state", "product", "score", "weight", "count", "people", "missed"),
    *("severity", "effort", "regressions", "share", "above", "why"),
)
"""What a record has besides its terms."""


def record(number: int, one: Place, *, terms: bool = False) -> dict[str, object]:
    """Give a place as a record, with every term where wanted."""
    found: dict[str, object] = {
        "place": number,
        "id": f"P{one.problem.id}",
        "title": one.problem.title,
        "state": one.problem.state,
        "product": one.problem.product,
        "score": round(one.score, 2),
        "weight": round(one.tickets, 2),
        "count": len(one.terms),
        "people": one.people,
        "missed": one.missed,
        "severity": one.severity,
        "effort": one.effort,
        "regressions": one.regressions,
        "share": round(one.share, 3),
        "above": one.above,
        "why": one.why,
    }
    return found | ({"terms": [term._asdict() for term in one.terms]} if terms else {})


def line_after(places: Sequence[Place]) -> int:
    """Give below how many places the 80 % line stands; 0 where there is none."""
    return max((number for number, one in enumerate(places, 1) if one.above), default=0)


def as_markdown(places: Sequence[Place]) -> str:
    """Give the queue as a Markdown table, for a tracker or a meeting."""
    lines = [
        "| # | problem | score | tickets | people | why |",
        "|--:|---|--:|--:|--:|---|",
    ]
    for number, one in enumerate(places, 1):
        cells = (f"P{one.problem.id} {one.problem.title}", one.why)
        title, why = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
        lines.append(
            f"| {number} | {title} | {one.score:.1f} | {len(one.terms)} | {one.people} | {why} |"
        )
        if number == line_after(places):
            lines.append("| | *80 % of the hurt stands above* | | | | |")
    return "\n".join([*lines, ""])


def as_json(places: Sequence[Place]) -> str:
    """Give the queue as JSON, every term of it."""
    records = [record(number, one, terms=True) for number, one in enumerate(places, 1)]
    return f"{json.dumps(records, indent=1)}\n"


def as_csv(places: Sequence[Place]) -> str:
    """Give the queue as CSV, a line a problem."""
    records = [record(number, one) for number, one in enumerate(places, 1)]
    rows = [Row({name: _cell(one[name]) for name in COLUMNS}) for one in records]
    return sheet.as_csv(rows, {name: name for name in COLUMNS})


def _cell(value: object) -> Cell:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(str(value), value)
    return Cell(str(value))


WAYS = {"md": as_markdown, "json": as_json, "csv": as_csv}
"""The ending of a file → how the queue is written into it."""
