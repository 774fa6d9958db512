"""A mapping: what a person says of a foreign export before it is read, as TOML."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from deskterm import disk
from deskterm.domain.errors import UsageError
from deskterm.services.importing.table import Told, known_encoding
from deskterm.services.importing.times import zone_of
from deskterm.services.importing.wide import Json
from deskterm.services.importing.words import OURS

_TEXTS = ("delimiter", "encoding", "zone", "comments")
_KNOWN = {*_TEXTS, "columns", "values", "time", "html", "owners", "groups", "fields"}
_TABLES = ("owners", "groups", "fields")


class ColumnMap(NamedTuple):
    """What is told of an export; everything may be empty."""

    columns: Mapping[str, str] = {}
    """Column → what it is; an empty word leaves the column out."""
    values: Mapping[str, Mapping[str, str]] = {}
    """What it is → value as written → value as meant."""
    table: Told = Told()
    times: Mapping[str, tuple[str, ...]] = {}
    """Column, or "" for all → forms as in strptime."""
    zone: str = ""
    html: bool | tuple[str, ...] | None = None
    """Whether texts are HTML: all, none, or what they are; None: their look decides."""
    owners: Mapping[str, str] = {}
    """Owner as written → login here; empty: nobody's."""
    groups: Mapping[str, str] = {}
    fields: Mapping[str, str] = {}
    """Field as written → its name here; empty: left out."""
    comments: str = ""
    """public or internal, where an export does not say."""


NOTHING = ColumnMap()


def read_mapping(file: Path) -> ColumnMap:
    """Read a mapping file; raises UsageError that says what is wrong with it."""
    try:
        given = tomllib.loads(disk.read_text(file))
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file}: {error}.") from error
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        known = ", ".join(sorted(_KNOWN))
        raise UsageError(f"{file}: unknown key {unknown[0]!r}; known: {known}.")
    texts = {name: _text(given.get(name, ""), name, file) for name in _TEXTS}
    zone_of(texts["zone"])
    if texts["comments"] not in ("", "public", "internal"):
        raise UsageError(f"{file}: comments are public or internal.")
    values = given.get("values", {})
    if not isinstance(values, dict):
        raise UsageError(f"{file}: write value tables like [values.urgency].")
    mapping = ColumnMap(
        columns=_words(given.get("columns", {}), "columns", file),
        values={name: _words(one, f"values.{name}", file) for name, one in values.items()},
        table=Told(_delimiter(texts["delimiter"], file), known_encoding(texts["encoding"])),
        times=_times(given.get("time"), file),
        zone=texts["zone"],
        html=_html(given.get("html"), file),
        comments=texts["comments"],
        **{name: _words(given.get(name, {}), name, file) for name in _TABLES},
    )
    _check_states(mapping, file)
    return mapping


def _text(value: Json, name: str, file: Path) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{file}: delimiter, encoding, {name} and zone are text in quotes.")
    return value


def _words(value: Json, name: str, file: Path) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise UsageError(f"{file}: every value in [{name}] is text in quotes.")
    return value


def _delimiter(text: str, file: Path) -> str:
    if len(text) > 1:
        raise UsageError(f"{file}: the delimiter is one sign, not {text!r}.")
    return text


def _times(value: Json, file: Path) -> dict[str, tuple[str, ...]]:
    """Read `time`: one form, several, or a table of forms by column."""
    found = value if isinstance(value, dict) else {"": value or ()}
    forms = {n: (one,) if isinstance(one, str) else tuple(one) for n, one in found.items()}
    if not all(isinstance(form, str) for one in forms.values() for form in one):
        raise UsageError(f'{file}: time is a form like "%d.%m.%Y %H:%M", or several of them.')
    return forms


def _html(value: Json, file: Path) -> bool | tuple[str, ...] | None:
    if value is None or isinstance(value, bool):
        return value
    found = (value,) if isinstance(value, str) else value
    if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
        raise UsageError(f'{file}: html is true, false, or what is HTML, such as ["body"].')
    return tuple(one.lower() for one in found)


def _check_states(mapping: ColumnMap, file: Path) -> None:
    for word in mapping.values.get("status", {}).values():
        if word and word.casefold() not in OURS:
            raise UsageError(
                f"{file}: [values.status] says {word!r}; a state is one of {', '.join(OURS)}."
            )
