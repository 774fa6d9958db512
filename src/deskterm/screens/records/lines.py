"""How records are drawn: columns as wide as what is in them, the rest below the list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from textual.content import Content

from deskterm.domain.record_table import Field, Record
from deskterm.domain.text import clean
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

Shown = Mapping[str, Any]
"""A record as it is listed: its values by name, how many rows name it, its version."""
_NAME, _COLUMN, _GAP = 30, 24, 2
"""Cells that a name and a value get at most, and those between two columns."""
_ASIDE = ("long", "style", "facts", "more", "works", "option")
"""Kinds of fields that are read below the list, not in it."""
_TOLD = ("addresses", "devices", "source")
"""What is told below the list besides the fields."""


def cell(value: object) -> str:
    """Give a value as it stands in a list."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {one}" for name, one in value.items())
    return clean(str(value), one_line=True)


def titled(field: str) -> str:
    """Give a field's name as people read it: `os version`."""
    return field.replace("_", " ")


def columns(record: Record, rows: Sequence[Shown], width: int) -> list[tuple[str, int]]:
    """Give (field, cells) of the columns that fit into a window, empty ones left out."""
    chosen = [("name", min(_NAME, _widest(rows, "name")))]
    left = width - chosen[0][1] - _GAP - 6
    for name in _shown(record, rows):
        cells = min(_COLUMN, max(len(titled(name)), _widest(rows, name)))
        if cells + _GAP > left:
            break
        chosen.append((name, cells))
        left -= cells + _GAP
    return chosen


def _shown(record: Record, rows: Sequence[Shown]) -> list[str]:
    """Give the fields that stand in the list: those that say something of some record."""
    first = ["login"] if rows and "login" in rows[0] else []
    names = [one.name for one in record.fields if one.kind not in _ASIDE or one.name == "text"]
    return [
        name
        for name in (*first, *names)
        if name != "name" and any(cell(row.get(name)) for row in rows)
    ]


def _widest(rows: Sequence[Shown], name: str) -> int:
    return max((len(cell(row.get(name))) for row in rows), default=4) or 4


def head(record: Record, rows: Sequence[Shown], width: int) -> str:
    """Give the heads of the columns; of an empty list what such records are."""
    if not rows:
        return record.about
    parts = [fit(titled(name), cells) for name, cells in columns(record, rows, width)]
    used = "  used" if any(row["used"] for row in rows) else ""
    return f"{(' ' * _GAP).join(parts)}{used}"


def lines(record: Record, rows: Sequence[Shown], width: int) -> list[Line]:
    """Give a line a record; what is not in use is grey."""
    places = columns(record, rows, width)
    counted = any(row["used"] for row in rows)
    return [Line(str(row["id"]), _line(row, places, counted)) for row in rows]


def _line(row: Shown, places: Sequence[tuple[str, int]], counted: bool) -> Content:
    retired = row.get("active") is False
    grey = "$text-muted" if retired else ""
    parts: list[tuple[str, str]] = []
    for name, cells in places:
        style = grey or ("bold" if name == "name" else "")
        parts.append((f" {fit(cell(row.get(name)), cells)} ", style))
    if counted:
        parts.append((f"{row['used'] or '·':>5}", grey or "$text-muted"))
    return Content.assemble(*parts)


def about(record: Record, row: Shown, width: int) -> Content:
    """Give what is known of one record besides its line."""
    seen = {name for name, _ in columns(record, [row], width)}
    fields = [one for one in record.fields if _told(one, row, seen)]
    words = [cell(row[name]) for name in ("help", "about") if row.get(name)]
    words += [f"{titled(one.name)}: {cell(row[one.name])}" for one in fields]
    words += [
        f"{name}: {cell(row[name])}"
        for name in _TOLD
        if cell(row.get(name)) and name not in {one.name for one in fields}
    ]
    changed = "once" if row["version"] == 1 else f"{row['version']} times"
    words.append(f"changed {changed}" if row["version"] else "never changed")
    return Content(clean(" · ".join(words), one_line=True))


def _told(field: Field, row: Shown, seen: set[str]) -> bool:
    return field.name in row and field.name not in seen and bool(cell(row[field.name]))
