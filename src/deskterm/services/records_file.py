"""CSV files of records: (line, row) of each, columns named as ours or by a map."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from deskterm import disk
from deskterm.domain.errors import UsageError
from deskterm.domain.text import cell_exact


def read_rows(
    file: Path, known: Sequence[str], mapping: Mapping[str, str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Give (line, row) of a CSV file whose first line names the columns; raises UsageError.

    `mapping` is their column → our field; columns that it maps to nothing are left out.
    """
    text = disk.read_text(file, encoding="utf-8-sig")
    with io.StringIO(text, newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        named = [name.strip().lower() for name in reader.fieldnames or ()]
        columns = [mapping.get(name, name) for name in named]
        unknown = [name for name in columns if name and name not in known]
        if not columns or unknown:
            found = unknown[0] if unknown else "nothing"
            raise UsageError(
                f"{file}:1: unknown column {found!r}; use {', '.join(known)}, or give a --map."
            )
        try:
            for values in reader:
                row = zip(columns, values.values(), strict=False)
                yield (
                    reader.line_num,
                    {name: cell_exact(value or "") for name, value in row if name},
                )
        except csv.Error as error:
            raise UsageError(f"{file}:{reader.line_num}: {error}.") from error
