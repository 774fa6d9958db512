"""Json table of tickets: which column is what, repeated heads, times, HTML, comments in cells."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.services.importing.foreign import Reading, bad
from deskterm.services.importing.mapping import ColumnMap
from deskterm.services.importing.markup import looks_like_html, plain_text
from deskterm.services.importing.readers.source import Found, Source
from deskterm.services.importing.table import Row, Table
from deskterm.services.importing.times import Clock, readers, zone_of
from deskterm.services.importing.wide import Json, ReadTime

_TIMES = ("opened", "closed", "updated", "solved")
_TEXTS = ("body", "resolution")
"""Two columns of this meaning stand one below the other."""
_LISTED = ("watchers", "tags", "comment", "note", "duplicate_of", "files", "related")
_SAMPLE = 20_000
"""So many rows decide what a column is."""
_COMMENT = pattern(r"(?P<at>[^;]{6,40});(?P<by>[^;]{0,120});(?P<text>.*)\Z", re.DOTALL)
_STAMPED = pattern(
    r"^(?P<at>\d[\d\s./:TZAPMapm-]{7,30}) - (?P<by>[^\n()]{1,120}) \((?P<kind>[^\n()]{1,60})\)\s*$",
    re.MULTILINE,
)
"""The line before each of several comments that stand in one cell."""
_WRAPPED = pattern(
    r"\s*<(?P<tag>p|div|html|body|table|span|ul|ol|!doctype html)\b[^<>]{0,400}>.*"
    r"</(?:p|div|html|body|table|span|ul|ol)>\s*\Z",
    re.DOTALL | re.IGNORECASE,
)
_AROUND = pattern(r"\Aticket (?=\w)| - (?:timestamp|date)\Z|[\s.:*]+\Z")
COMPLETED = {"requester_email": "requester", "owner_email": "owner"}
"""Columns that complete another one with an address."""


def forms_of(head: str) -> tuple[str, ...]:
    """Give how a head may stand in a table of heads, the form as it is written first."""
    plain = " ".join(head.casefold().split())
    spaced = plain.replace("_", " ")
    bare = _AROUND.sub("", spaced)
    return plain, spaced, bare, bare.replace("-", " ")


class TableSource(Source):
    """A CSV file whose columns are known by their heads, by a mapping, or kept as fields."""

    heads: Mapping[str, str] = {}
    """Head, lower case → what it is, where the mapping says nothing."""
    weak: frozenset[str] = frozenset()
    """Heads that are fields where another column has their meaning."""
    values: Mapping[str, Mapping[str, str]] = {}
    public = False
    """Whether comments in cells are public, where the mapping does not say."""

    def __init__(self, path: Path, mapping: ColumnMap) -> None:
        super().__init__(path, mapping)
        self.table = Table(path, mapping.table)
        self.guessed += self.table.guessed

    @cached_property
    def meanings(self) -> list[tuple[str, str]]:
        """Give (head, what it is) of each column, in order; raises UsageError."""
        first = next((row for row in self.table.rows()), None)
        if isinstance(first, DeskError):
            raise first
        if first is None or first.cells[0].lstrip()[:1] in ("{", "["):
            said = "is empty" if first is None else "is JSON"
            raise UsageError(f"{self.path.name}: this {said}; a table (CSV) is wanted.")
        heads = [cell.strip() for cell in first.cells]
        missing = [name for name in self.mapping.columns if name not in heads]
        if missing:
            raise UsageError(
                f"{self.path.name}:1: there is no column {missing[0]!r}; there are "
                f"{', '.join(repr(one[:40]) for one in heads[:20])}."
            )
        found = [(head, self.mapping.columns.get(head, self._known(head))) for head in heads]
        found = [(head, head if self._gives_way(head, m, found) else m) for head, m in found]
        self.columns = {head: m if m != head else f"field {head}" for head, m in found}
        return found

    def _known(self, head: str) -> str:
        return next((self.heads[one] for one in forms_of(head) if one in self.heads), head)

    def _gives_way(self, head: str, meaning: str, others: list[tuple[str, str]]) -> bool:
        """Tell whether a head of weak meaning is a field, for another column means it plainly."""
        if (
            head in self.mapping.columns
            or meaning not in _ONE
            or forms_of(head)[0] not in self.weak
        ):
            return False
        return any(m == meaning and forms_of(h)[0] not in self.weak for h, m in others)

    @cached_property
    def reading(self) -> Reading:
        """How its records are understood, decided over the columns."""
        cells: dict[str, list[str]] = {name: [] for name in (*_TIMES, *_TEXTS)}
        names = {place: meaning for place, (_, meaning) in enumerate(self.meanings)}
        for number, row in enumerate(self._rows()):
            if number >= _SAMPLE:
                break
            if isinstance(row, Row):
                for place, cell in enumerate(row.cells[: len(names)]):
                    if cell and names[place] in cells:
                        cells[names[place]].append(cell)
        html = frozenset(name for name in _TEXTS if looks_like_html(cells[name]))
        if html and self.mapping.html is None:
            self.guessed.append(f"{', '.join(sorted(html))} is HTML (html = … in a map)")
        self._guess_comments()
        times = self._times({name: cells[name] for name in _TIMES})
        return Reading(self.mapping, times, self.said_html(html), "", self.folder)

    def _guess_comments(self) -> None:
        found = any(meaning.casefold() == "comment" for _, meaning in self.meanings)
        if found and not self.mapping.comments and not self.public:
            self.guessed.append('comments are internal (comments = "public" in a map)')

    def _times(self, columns: Mapping[str, Sequence[str]]) -> dict[str, ReadTime]:
        zone = zone_of(self.mapping.zone)
        forms = dict(self.mapping.times)
        for head, meaning in self.meanings:
            if head in forms and head != meaning:
                forms[meaning] = forms[head]
        if not self.mapping.zone:
            self.guessed.append('times without a zone are UTC (zone = "Europe/Berlin" in a map)')
        found = readers(columns, zone, forms)
        return found | {"": Clock(zone, forms.get("", ()), _shared(found)).read}

    def _rows(self) -> Iterator[Row | DeskError]:
        rows = self.table.rows()
        next(rows, None)
        return rows

    def records(self) -> Iterator[Found | DeskError]:
        """Give the record of each row."""
        meanings = self.meanings
        for row in self._rows():
            if isinstance(row, DeskError):
                yield row
                continue
            try:
                while len(row.cells) > len(meanings) and not row.cells[-1]:
                    row.cells.pop()
                if len(row.cells) != len(meanings):
                    told = f"{len(row.cells)} cells under {len(meanings)} columns."
                    raise bad(row.where, told)
                yield Found(row.where, self.record(self._gathered(row), row.where))
            except DeskError as error:
                yield error

    def _gathered(self, row: Row) -> dict[str, list[str]]:
        """Give what it is → the cells that say so."""
        found: dict[str, list[str]] = {}
        for (head, meaning), cell in zip(self.meanings, row.cells, strict=True):
            if meaning:
                table = self.mapping.values.get(meaning, self.values.get(meaning, {}))
                value = cell if meaning == "status" else table.get(cell, cell)
                found.setdefault(meaning, []).append(value)
            elif cell:
                self.left_out[f"column {head}"] += 1
        return found

    def record(self, cells: Mapping[str, list[str]], where: str) -> dict[str, Json]:
        """Give the record of a row's cells."""
        found: dict[str, Json] = {}
        entries: list[dict[str, Json]] = []
        for meaning, values in cells.items():
            if meaning in ("comment", "note") or meaning.casefold() == "comment":
                entries += self._comments(meaning, values)
            else:
                given = [value for value in dict.fromkeys(values) if value]
                found[meaning] = _one_of(meaning, given, where)
        complete(found)
        if self.mapping.html is None:
            found |= {n: plain_text(found[n]) for n in _TEXTS if _WRAPPED.match(found.get(n) or "")}
        if found.get("related"):
            found["links"] = [{"kind": "related", "to": one} for one in found["related"]]
        found.pop("related", None)
        if entries:
            found["entries"] = entries
        return found

    def _comments(self, meaning: str, values: Iterable[str]) -> Iterator[dict[str, Json]]:
        """Give entries of cells such as `01/Mar/24 9:30 AM;max;Rebooted it`."""
        said = self.mapping.comments
        public = said == "public" if said else self.public and meaning != "note"
        read = self.reading.times[""]
        for cell in filter(None, values):
            stamps = [one for one in _STAMPED.finditer(cell) if _is_time(read, one["at"])]
            if stamps and not cell[: stamps[0].start()].strip():
                yield from _between(cell, stamps, said)
                continue
            match = _COMMENT.match(cell)
            given: dict[str, Json] = {"text": cell, "public": public}
            if match and _is_time(read, match["at"]):
                given |= {"at": match["at"].strip(), "by": match["by"], "text": match["text"]}
            yield given


def _between(cell: str, stamps: list[re.Match[str]], said: str) -> Iterator[dict[str, Json]]:
    """Give the comments of a cell that begin with a line of time, author and kind each."""
    ends = [*(one.start() for one in stamps[1:]), len(cell)]
    for stamp, end in zip(stamps, ends, strict=True):
        kind = stamp["kind"].casefold()
        yield {
            "at": stamp["at"].strip(),
            "by": stamp["by"].strip(),
            "text": cell[stamp.end() : end].strip(),
            "public": said != "internal" and not any(word in kind for word in _INTERNAL),
        }


def complete(found: dict[str, Json]) -> None:
    """Put addresses that stand apart to their people, and a solving where there is no closing."""
    for name, of in COMPLETED.items():
        address = found.pop(name, None)
        if address and isinstance(found.get(of, ""), str):
            found[of] = {"name": found.get(of, ""), "email": str(address)}
    solved = found.pop("solved", "")
    if solved and found.get("closed") not in ("", None, solved):
        found["solved"] = solved
    found["closed"] = found.get("closed") or solved


_INTERNAL = ("work", "intern", "privat", "note", "arbeits", "travail", "trabajo")
_ONE = ("id", "title", "requester", "status", "urgency", "owner", "group", "category", *_TIMES)


def _one_of(meaning: str, given: list[str], where: str) -> Json:
    """Give one value of all the cells of a meaning; raises UsageError where they contradict."""
    if meaning in _LISTED:
        return [one.strip() for value in given for one in _parts(value)]
    if meaning in _TEXTS:
        return "\n\n".join(given)
    if meaning in _ONE and len(given) > 1:
        raise bad(where, f"two columns are {meaning!r} and differ: {given[0][:30]!r}, …")
    return ", ".join(given)


def _shared(times: Mapping[str, ReadTime]) -> str:
    """Give the order of day and month that the columns agree on."""
    for read in times.values():
        clock = getattr(read, "__self__", None)
        if isinstance(clock, Clock) and clock.order:
            return clock.order
    return ""


def _parts(cell: str) -> list[str]:
    return [one for one in cell.replace(";", ",").split(",") if one.strip()]


def _is_time(read: ReadTime, text: str) -> bool:
    try:
        read(text.strip())
    except (ValueError, OverflowError):
        return False
    return True
