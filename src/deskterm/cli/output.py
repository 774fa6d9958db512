"""The one owner of stdout: tables for people, tab-separated lines, JSON, JSON lines or CSV.

People's formats are cleaned of anything a terminal or spreadsheet could act on; JSON stays exact,
with everything beyond ASCII escaped. What is exact by wish (`raw`) is so for a file or a pipe; a
terminal gets it cleaned.
"""

import json
import os
import sys
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from deskterm.domain.errors import UsageError
from deskterm.domain.text import cell_safe, clean

FORMATS = ("table", "json", "jsonl", "csv", "excel")
_BOM = "\ufeff"
"""By this Excel knows that a file is UTF-8; other readers would take it for a part of a name."""
Record = Mapping[str, object]
_NAME = 40
"""So long a name in the first column is never cut: it is what one goes on with."""


def chosen(format_: str | None) -> str:
    """Give the format: as asked, else a table on a terminal, else tab-separated lines.

    What is for Excel is CSV but for its first character.
    """
    if format_ is None:
        return "table" if sys.stdout.isatty() else "tsv"
    if format_ not in (*FORMATS, "tsv"):
        raise UsageError(f"there is no output format {format_!r}; use {', '.join(FORMATS)}.")
    return "csv" if format_ == "excel" else format_


def many(
    records: Iterable[Record], columns: Sequence[str], format_: str | None, *, below: str = ""
) -> None:
    """Write several records; JSON carries every key, people's formats the named columns.

    `below` is a column of sentences: in a table it stands whole under its row.
    """
    kind = chosen(format_)
    if kind == "json":
        text(json.dumps([_plain(one) for one in records], indent=2))
    elif kind == "jsonl":
        for one in records:
            text(json.dumps(_plain(one)))
    elif kind == "csv":
        _csv(records, columns, begin=_BOM if format_ == "excel" else "")
    elif kind == "tsv":
        for one in records:
            text("\t".join(_cell(one.get(name)) for name in columns))
    else:
        _table(list(records), columns, below)


def one(record: Record, format_: str | None, *, columns: Sequence[str] | None = None) -> None:
    """Write one record: an object in JSON, a line of the named columns elsewhere."""
    kind = chosen(format_)
    if kind in ("json", "jsonl"):
        text(json.dumps(_plain(record), indent=2 if kind == "json" else None))
    else:
        many([record], columns or list(record), format_)


def text(line: str) -> None:
    """Write one line that is already safe."""
    sys.stdout.write(line + "\n")


def prose(block: str) -> None:
    """Write text for people, cleaned."""
    sys.stdout.write(clean(block).rstrip("\n") + "\n")


def raw(content: bytes) -> None:
    """Write bytes exactly as they are to a file or pipe, and cleaned to a terminal.

    What is exact may be a stranger's: on a terminal it could act (design §5).
    """
    if sys.stdout.isatty():
        prose(content.decode("utf-8", "replace"))
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def styled(line: str, code: str) -> str:
    """Give the line in an ANSI style where the terminal may show one; NO_COLOR is respected."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return line if plain or not sys.stdout.isatty() else f"\x1b[{code}m{line}\x1b[0m"


def when(moment: datetime | None) -> str:
    """Give a time for people: local, to the minute."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def _plain(value: object) -> object:
    """Give JSON's own types; days and times are ISO 8601, times UTC."""
    if isinstance(value, date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        return ", ".join(_cell(inner) for inner in value)
    return clean(str(value), one_line=True)


def _csv(records: Iterable[Record], columns: Sequence[str], begin: str) -> None:
    import csv

    sys.stdout.write(begin)
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    for record in records:
        writer.writerow([_csv_cell(record.get(name)) for name in columns])


def _csv_cell(value: object) -> str:
    """Numbers and times stay as they are; text never starts a formula."""
    if isinstance(value, str):
        return cell_safe(clean(value))
    return _cell(value)


def _table(records: Sequence[Record], every: Sequence[str], below: str) -> None:
    columns = [name for name in every if name != below]
    rows = [[_shown(record.get(name)) for name in columns] for record in records]
    heads = [name.replace("_", " ") for name in columns]
    widths = [max([width(h), *(width(r[i]) for r in rows)]) for i, h in enumerate(heads)]
    from shutil import get_terminal_size

    total = get_terminal_size((100, 24)).columns
    times = (any(isinstance(r.get(name), datetime) for r in records) for name in columns)
    whole = {place for place, is_time in enumerate(times) if is_time}
    whole |= {0} if widths[0] <= _NAME else set()
    _shrink(widths, total - 2 * (len(columns) - 1), whole)
    text(styled("  ".join(fit(h, w) for h, w in zip(heads, widths, strict=True)).rstrip(), "1"))
    for record, row in zip(records, rows, strict=True):
        text("  ".join(fit(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip())
        for line in _wrapped(_cell(record.get(below)), total - 4) if below else ():
            text(f"    {line}")


def _wrapped(words: str, room: int) -> list[str]:
    from textwrap import wrap

    return wrap(words, max(20, room))


def _shown(value: object) -> str:
    return when(value) if isinstance(value, datetime) else _cell(value)


def _shrink(widths: list[int], room: int, whole: Collection[int]) -> None:
    """Take width from the widest column until the line fits, down to eight each.

    What a row is named by and times stay `whole`: half of one is of no use.
    """
    words = [place for place in range(len(widths)) if place not in whole]
    while words and sum(widths) > room:
        widest = max(words, key=widths.__getitem__)
        if widths[widest] <= 8:
            return
        widths[widest] -= min(sum(widths) - room, max(1, widths[widest] - 8))


def width(line: str) -> int:
    """Give how many columns a cleaned line takes."""
    if line.isascii():
        return len(line)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in line
    )


def fit(line: str, columns: int) -> str:
    """Cut or pad a cleaned line to exactly this many columns."""
    if width(line) <= columns:
        return line + " " * (columns - width(line))
    taken, used = [], 0
    for c in line:
        w = width(c)
        if used + w > columns - 1:
            break
        taken.append(c)
        used += w
    return "".join(taken) + "…" + " " * (columns - 1 - used)
