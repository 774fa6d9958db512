"""CSV files of records: (line, row) of each, columns named as ours or by a map."""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deskterm import disk
from deskterm.domain.errors import UsageError
from deskterm.domain.text import cell_exact


class Rows(NamedTuple):
    """What a file holds."""

    rows: list[tuple[int, dict[str, str]]]
    """(line, field → text) of each."""
    ignored: tuple[str, ...]
    """Its columns that were left out because they are not known."""


def read_rows(
    file: Path, known: Sequence[str], mapping: Mapping[str, str], *, ignore: bool = False
) -> Rows:
    """Read a CSV file whose first line names the columns; raises UsageError.

    `mapping` is their column → our field; what it maps to nothing is left out, and with `ignore`
    whatever is not known.
    """
    text = disk.read_text(file, encoding="utf-8-sig")
    with io.StringIO(text, newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        named = [name.strip().lower() for name in reader.fieldnames or ()]
        columns = [mapping.get(name, name) for name in named]
        unknown = tuple(dict.fromkeys(name for name in columns if name and name not in known))
        if not columns or (unknown and not ignore):
            raise UsageError(_unknown(file, unknown, known))
        kept = [name if name in known else "" for name in columns]
        rows = []
        try:
            for values in reader:
                row = zip(kept, values.values(), strict=False)
                cells = {name: cell_exact(value or "") for name, value in row if name}
                rows.append((reader.line_num, cells))
        except csv.Error as error:
            raise UsageError(f"{file}:{reader.line_num}: {error}.") from error
    return Rows(rows, unknown)


def _unknown(file: Path, unknown: Sequence[str], known: Sequence[str]) -> str:
    found = ", ".join(map(repr, unknown)) or "nothing"
    columns = "columns" if len(unknown) > 1 else "column"
    return (
        f"{file}:1: unknown {columns} {found}; known are {', '.join(known)}. Give a --map that "
        "says what they are, or --ignore to leave them out."
    )
