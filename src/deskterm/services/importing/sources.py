"""Where foreign tickets are read from: JSON lines, CSV with a mapping, a file of events."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from deskterm import disk
from deskterm.domain.clock import from_text
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.text import cell_exact, cell_safe, storable
from deskterm.services.importing.foreign import (
    Foreign,
    ReadTime,
    bad,
    foreign,
    read_moment,
    read_object,
)
from deskterm.services.importing.history import Happening

_CELL = 64 * 1024 * 1024
Line = Foreign | DeskError
"""A ticket, or why the line is none."""


class ColumnMap(NamedTuple):
    """How the columns of a CSV file are read."""

    columns: Mapping[str, str]
    """Column → what it is; an empty word leaves the column out."""
    values: Mapping[str, Mapping[str, str]]
    """What it is → value as written → value as meant."""
    delimiter: str
    encoding: str
    time: str
    zone: str


def json_lines(file: Path) -> Iterator[Line]:
    """Give the ticket of each line, or what is wrong with it."""
    with _opened(file) as stream:
        for place, line in enumerate(disk.lines_of(stream, file.name), 1):
            if line.strip():
                where = f"{file.name}:{place}"
                try:
                    yield foreign(read_object(line, where), where)
                except DeskError as error:
                    yield error


def csv_rows(file: Path, mapping: ColumnMap) -> Iterator[Line]:
    """Give the ticket of each row of a CSV file, or what is wrong with it."""
    csv.field_size_limit(_CELL)
    read_time = _time_reader(mapping)
    with _opened(file) as raw, io.TextIOWrapper(raw, mapping.encoding, newline="") as stream:
        reader = csv.reader(
            disk.lines_of(stream, file.name), delimiter=mapping.delimiter, strict=True
        )
        heads: list[str] = []
        while True:
            where = f"{file.name}:{reader.line_num + 1}"
            try:
                row = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                raise bad(
                    where, f"this is not {mapping.encoding} ({error.reason}); name the encoding."
                ) from None
            except csv.Error as error:
                yield bad(where, f"this is no CSV row ({error}).")
                continue
            if not heads:
                heads = [_exact(cell).strip() for cell in row]
                _check_heads(heads, mapping, file)
            elif any(row):
                yield _row(heads, row, mapping, where, read_time)


def events(file: Path) -> Iterator[tuple[str, str, Happening] | DeskError]:
    """Give (file and line, foreign ticket id, event) of each line, or what is wrong with it."""
    with _opened(file) as stream:
        for place, line in enumerate(stream, 1):
            if line.strip():
                where = f"{file.name}:{place}"
                try:
                    yield _event(read_object(line, where), where)
                except DeskError as error:
                    yield error


def read_mapping(file: Path) -> ColumnMap:
    """Read a mapping file (TOML); raises UsageError that says what is wrong with it."""
    try:
        given = tomllib.loads(disk.read_text(file))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: {error}.") from error
    known = {"columns", "values", "delimiter", "encoding", "time", "zone"}
    unknown = sorted(set(given) - known)
    if unknown:
        raise UsageError(f"{file}: unknown key {unknown[0]!r}; known: {', '.join(sorted(known))}.")
    columns = given.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise UsageError(f'{file}: [columns] is missing: name them like "Short text" = "title".')
    values = given.get("values", {})
    texts = [*columns.values(), *(v for one in _tables(values, file) for v in one.values())]
    if not all(isinstance(one, str) for one in texts):
        raise UsageError(f"{file}: every value in [columns] and [values.…] is text in quotes.")
    found = {n: given.get(n, "") for n in ("delimiter", "encoding", "time", "zone")}
    if not all(isinstance(one, str) for one in found.values()):
        raise UsageError(f"{file}: delimiter, encoding, time and zone are text in quotes.")
    delimiter = found["delimiter"] or ","
    if len(delimiter) != 1:
        raise UsageError(f"{file}: the delimiter is one sign, not {delimiter!r}.")
    mapping = ColumnMap(
        columns,
        values,
        delimiter,
        _encoding(found["encoding"] or "utf-8-sig", file),
        found["time"],
        found["zone"],
    )
    _time_reader(mapping)
    return mapping


def _tables(values: Any, file: Path) -> list[dict[str, Any]]:
    if not isinstance(values, dict) or not all(isinstance(v, dict) for v in values.values()):
        raise UsageError(f"{file}: write value tables like [values.urgency].")
    return list(values.values())


def _encoding(name: str, file: Path) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise UsageError(f"{file}: there is no encoding {name!r}.") from None
    return name


def _time_reader(mapping: ColumnMap) -> ReadTime:
    try:
        zone = ZoneInfo(mapping.zone) if mapping.zone else ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"there is no time zone {mapping.zone!r}; e.g. Europe/Berlin.") from None

    def read(text: str) -> datetime:
        if mapping.time:
            moment = datetime.strptime(text, mapping.time)  # noqa: DTZ007 - its zone is set below
        else:
            moment = datetime.fromisoformat(text)
        return from_text((moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat())

    return read


def _check_heads(heads: list[str], mapping: ColumnMap, file: Path) -> None:
    missing = [name for name in mapping.columns if name not in heads]
    if missing:
        raise UsageError(
            f"{file.name}:1: there is no column {missing[0]!r}; there are "
            f"{', '.join(repr(one[:40]) for one in heads[:20])}."
        )


def _row(
    heads: list[str], row: list[str], mapping: ColumnMap, where: str, read_time: ReadTime
) -> Line:
    try:
        if len(row) != len(heads):
            raise bad(where, f"{len(row)} cells under {len(heads)} columns.")
        record: dict[str, Any] = {}
        for head, cell in zip(heads, row, strict=True):
            key = mapping.columns.get(head, head)
            if key:
                text = _exact(cell)
                record[key] = mapping.values.get(key, {}).get(text, text)
        if isinstance(record.get("duplicate_of"), str):
            record["duplicate_of"] = record["duplicate_of"].replace(";", ",").split(",")
        return foreign(record, where, read_time)
    except DeskError as error:
        return error


def _exact(cell: str) -> str:
    """Take back the sign that our own CSV puts before a formula; other apostrophes stay."""
    bare = cell_exact(cell)
    return bare if bare != cell and cell_safe(bare) == cell else cell


def _event(given: Mapping[str, Any], where: str) -> tuple[str, str, Happening]:
    for key in ("ticket", "at", "event"):
        if given.get(key) in (None, ""):
            raise bad(where, f"{key!r} is missing.")
    text = next((given[key] for key in ("text", "body", "comment") if key in given), "")
    if not isinstance(text, str) or not isinstance(given["event"], str):
        raise bad(where, "event and text are text.")
    known = ("ticket", "at", "event", "by", "text", "body", "comment")
    rest = {storable(k)[:60]: _kept(v) for k, v in given.items() if k not in known}
    kind = given["event"].strip().lower()
    happening = Happening(
        read_moment(given["at"], "at", where),
        {"opened": "open", "closed": "close", "reopened": "reopen"}.get(kind, storable(kind)),
        storable(str(given.get("by") or "")),
        storable(text),
        rest,
    )
    return where, str(given["ticket"]).strip(), happening


def _kept(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _opened(file: Path) -> Any:
    try:
        return file.open("rb")
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
