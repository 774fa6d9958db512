"""CSV files of records: (line, row) of each, columns named as ours or by a map."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.text import storable
from deskterm.services.importing.table import Table, Told


class Rows(NamedTuple):
    """What a file holds."""

    rows: list[tuple[int, dict[str, str]]]
    """(line, field → text) of each."""
    ignored: tuple[str, ...]
    """Its columns that were left out because they are not known."""


def read_rows(
    file: Path,
    known: Sequence[str],
    mapping: Mapping[str, str],
    *,
    ignore: bool = False,
    encoding: str = "",
) -> Rows:
    """Read a CSV file whose first line names the columns; raises UsageError.

    `mapping` is their column → our field; what it maps to nothing is left out, and with `ignore`
    whatever is not known. The delimiter is found out; a charset that is no Unicode is told.
    """
    table = Table(file, Told(encoding=encoding, guess=False))
    found = table.rows()
    head = next(found, None)
    if isinstance(head, DeskError):
        raise head
    named = [storable(cell).strip().lower() for cell in head.cells] if head else []
    columns = [mapping.get(name, name) for name in named]
    unknown = tuple(dict.fromkeys(name for name in columns if name and name not in known))
    if not columns or (unknown and not ignore):
        raise UsageError(_unknown(file, unknown, known))
    kept = [name if name in known else "" for name in columns]
    rows = []
    for row in found:
        if isinstance(row, DeskError):
            raise row
        cells = [*row.cells, *("" for _ in kept[len(row.cells) :])]
        told = {name: storable(cell) for name, cell in zip(kept, cells, strict=False) if name}
        rows.append((row.line, told))
    return Rows(rows, unknown)


def _unknown(file: Path, unknown: Sequence[str], known: Sequence[str]) -> str:
    found = ", ".join(map(repr, unknown)) or "nothing"
    columns = "columns" if len(unknown) > 1 else "column"
    return (
        f"{file}:1: unknown {columns} {found}; known are {', '.join(known)}. Give a --map that "
        "says what they are, or --ignore to leave them out."
    )
