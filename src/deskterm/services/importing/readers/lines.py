"""JSON in our own form, a line or an item of a list each; usual names of others are understood."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path

from deskterm.domain.errors import DeskError
from deskterm.services.importing.foreign import KNOWN, Reading
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import looks_like_html
from deskterm.services.importing.readers.any_table import usual
from deskterm.services.importing.readers.json_files import count_of, lines_of, objects
from deskterm.services.importing.readers.source import Found, Source
from deskterm.services.importing.readers.tables import complete
from deskterm.services.importing.wide import Json, Record

_SAMPLE = 2_000
_TEXTS = ("body", "resolution", "text")


class Lines(Source):
    """A file of our own records."""

    exact = False
    """Whether nothing is guessed: neither HTML nor other names."""

    @cached_property
    def reading(self) -> Reading:
        """How its records are understood; a text of which every one begins with a tag is HTML."""
        plain = Source.reading.fget(self)  # type: ignore[attr-defined]
        if self.exact or self.mapping.html is not None:
            return plain  # type: ignore[no-any-return]
        cells: dict[str, list[str]] = {name: [] for name in _TEXTS}
        for one in islice(self.records(), _SAMPLE):
            if isinstance(one, Found):
                _gather(one.record, cells)
        html = frozenset(name for name in _TEXTS if looks_like_html(cells[name]))
        if html:
            self.guessed.append(f"{', '.join(sorted(html))} is HTML (html = … in a map)")
        return plain._replace(html=html)  # type: ignore[no-any-return]

    def records(self) -> Iterator[Found | DeskError]:
        """Give the record of each line."""
        for one in lines_of(self.path) if self.exact else objects(self.path, "tickets"):
            if isinstance(one, DeskError):
                yield one
            else:
                yield Found(one[0], one[1] if self.exact else self._ours(one[1]))

    def _ours(self, given: Record) -> Record:
        """Give a record under our names: those that the map says, else usual ones of others."""
        said = self.mapping.columns
        if not said and {"opened"} & given.keys() and {"title", "body"} & given.keys():
            return given
        found: dict[str, Json] = {}
        for key, value in given.items():
            name = said.get(key, key if key in KNOWN else usual(key))
            if not name:
                self.left_out[key] += 1
                continue
            if name != key:
                self.columns[key] = name
            found[name if name not in found else key] = value
        complete(found)
        return found


def _gather(record: Record, cells: Mapping[str, list[str]]) -> None:
    for name in ("body", "resolution"):
        if isinstance(record.get(name), str):
            cells[name].append(record[name])
    entries = record.get("entries")
    for one in entries if isinstance(entries, list) else ():
        if isinstance(one, dict) and isinstance(one.get("text"), str):
            cells["text"].append(one["text"])


def opened(path: Path, mapping: ColumnMap) -> Source:
    """Open a file of JSON lines, or of one JSON value."""
    lines = Lines(path, mapping)
    lines.total = count_of([path])
    return lines
