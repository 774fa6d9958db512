"""JSON as desks export it: lines, arrays, pages of an API; users and comments in files beside."""

import io
import json
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import IO

from deskterm import disk
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.services.importing.foreign import bad
from deskterm.services.importing.table import copied, ending, opened
from deskterm.services.importing.wide import Json

_ENDINGS = (".json", ".jsonl", ".ndjson")
_MOST = 2_000_000_000
"""Bytes of a file that is one JSON value and therefore read whole."""
_LINE = 64 * 1024 * 1024
_OWN = ("id", "number", "key", "ticket_id", "title", "subject", "summary", "body", "opened")
"""What only a record has; what has none of it may be a page."""
_LISTS = ("results", "items", "records", "data", "value")
"""Under which keys pages of many programs hold what they are about."""
_DEEPEST = 4
Object = dict[str, Json]
Key = Callable[[Object], Json]
"""Gives the ticket that an object belongs to."""


def files_of(path: Path, *words: str) -> list[Path]:
    """Give the JSON files of a folder whose name has one of these words; a file is itself."""
    if path.is_file():
        return [path] if ending(path) in _ENDINGS else []
    return [
        file
        for file in sorted(path.iterdir())
        if ending(file) in _ENDINGS
        and file.name[0] != "."
        and any(word in file.name.lower() for word in words)
    ]


def utf8(file: Path) -> IO[bytes]:
    """Open JSON for reading; what a shell saved as UTF-16 is read as UTF-8, but no device is."""
    stream = opened(file)
    if not file.is_file():
        return stream
    first = stream.read(4)
    stream.seek(0)
    name = json.detect_encoding(first)
    if name.startswith("utf-8"):
        return stream
    with io.TextIOWrapper(stream, name, errors="replace", newline="") as text:
        parts = iter(partial(text.read, 1 << 20), "")
        return copied(one.removeprefix("\ufeff").encode() for one in parts)


def is_lines(file: Path) -> bool:
    """Tell whether each line is an object of its own: the first two begin like that."""
    begins: list[bytes] = []
    with utf8(file) as stream:
        for line in disk.lines_of(stream, file.name, _LINE):
            if line.strip():
                begins.append(line.strip().removeprefix(b"\xef\xbb\xbf")[:1])
            if len(begins) == 2:
                break
    return begins == [b"{", b"{"]


def count_of(files: list[Path]) -> int:
    """Give how many lines files of JSON lines have; 0 where one is no such file."""
    if not all(is_lines(file) for file in files):
        return 0
    total = 0
    for file in files:
        with utf8(file) as stream:
            while part := stream.read(1 << 20):
                total += part.count(b"\n")
    return total


def objects(file: Path, *names: str) -> Iterator[tuple[str, Object] | DeskError]:
    """Give (where, object) of every object of a file, or what is wrong with it.

    `names`: keys under which a page holds its list, or a line its one object.
    """
    for one in _values(file):
        if isinstance(one, DeskError):
            yield one
        else:
            yield from _unrolled(one[1], one[0], names)


def pages_of(files: list[Path]) -> Iterator[Object]:
    """Give every page of the files: an object that is no record itself but holds lists of them."""
    for file in files:
        for one in _values(file):
            if isinstance(one, DeskError):
                break
            whole = one[1] if isinstance(one[1], list) else [one[1]]
            pages = [page for page in whole if isinstance(page, dict) and is_page(page)]
            yield from pages
            if not pages:
                break


def is_page(given: Object) -> bool:
    """Tell whether an object may hold records and is none: nothing of it is a record's own."""
    return not any(given.get(name) is not None for name in _OWN)


def held(given: Object, names: tuple[str, ...]) -> list[Json] | None:
    """Give the list that a page holds under one of these keys, however deep it is wrapped."""
    layer: list[Json] = [given]
    for _ in range(_DEEPEST):
        for one in layer:
            for name in names:
                found = _listed(one.get(name))
                if found is not None:
                    return found
        layer = [v for one in layer for v in one.values() if isinstance(v, dict)]
    return None


def _listed(value: Json) -> list[Json] | None:
    """Give a list of objects, also where it is written as number → object, or as edges or nodes."""
    if isinstance(value, list):
        return value if all(isinstance(one, dict) for one in value) else None
    if not isinstance(value, dict) or not value:
        return None
    if isinstance(value.get("nodes"), list):
        return _listed(value["nodes"])
    if all(key.isdigit() and isinstance(one, dict) for key, one in value.items()):
        return list(value.values())
    return None


def _values(file: Path) -> Iterator[tuple[str, Json] | DeskError]:
    """Give (where, value) of each JSON value of a file: its lines, or what stands in it."""
    if is_lines(file):
        yield from lines_of(file)
        return
    with utf8(file) as stream:
        content = disk.bytes_of(stream, str(file), _MOST)
    yield from ((file.name, one) for one in read_values(content, file.name))


def lines_of(file: Path) -> Iterator[tuple[str, Object] | DeskError]:
    """Give (where, object) of each line, or what is wrong with it."""
    with utf8(file) as stream:
        for place, line in enumerate(disk.lines_of(stream, file.name, _LINE), 1):
            if line.strip():
                where = f"{file.name}:{place}"
                try:
                    yield where, read_object(line, where)
                except DeskError as error:
                    yield error


def _unrolled(
    value: Json, where: str, names: tuple[str, ...], depth: int = 0
) -> Iterator[tuple[str, Object] | DeskError]:
    """Give the objects of a value: of a page, of a list, of a list of pages."""
    if isinstance(value, list) and depth < _DEEPEST:
        for place, one in enumerate(value, 1):
            yield from _unrolled(one, f"{where}[{place}]", names, depth + 1)
    elif isinstance(value, dict):
        bare = _bare(value, names)
        listed = held(bare, (*names, *_LISTS)) if bare is value and is_page(value) else None
        if listed is None:
            yield where, bare
        else:
            for place, one in enumerate(listed, 1):
                yield f"{where}[{place}]", _bare(one, names)
    else:
        yield bad(where, f"an object is wanted, not {type(value).__name__}.")


def _bare(found: Object, names: tuple[str, ...]) -> Object:
    """Take an object out of the one key that holds it."""
    if len(found) == 1:
        name, inner = next(iter(found.items()))
        if isinstance(inner, dict) and (name in names or f"{name}s" in names):
            return inner
    return found


def by_id(files: list[Path], *names: str, pages: Iterable[Object] = ()) -> dict[str, Object]:
    """Give number → object of files small enough to be kept: users, groups, organisations.

    `pages`: pages of tickets, which may hold such lists beside them.
    """
    found: dict[str, Object] = {}
    for page in pages:
        found |= {str(one["id"]): one for one in held(page, names) or () if one.get("id")}
    for file in files:
        for one in objects(file, *names):
            if isinstance(one, DeskError):
                raise one
            if one[1].get("id") is not None:
                found[str(one[1]["id"])] = one[1]
    return found


class Beside:
    """Objects of files beside the tickets, found by the ticket they belong to.

    Of JSON lines only the places are kept, so that millions of comments need no memory.
    """

    def __init__(
        self, files: list[Path], key: str | Key, *names: str, pages: Iterable[Object] = ()
    ) -> None:
        self._key = key
        self._names = names
        self._places: dict[str, array[int]] = {}
        self._kept: dict[str, list[Object]] = {}
        self._files = files
        self._streams: dict[int, IO[bytes]] = {}
        for page in pages:
            for one in held(page, names) or ():
                self._kept.setdefault(str(self._named(one)), []).append(one)
        try:
            for number, file in enumerate(files):
                self._index(number, file)
        except DeskError:
            self.close()
            raise

    def of(self, number: str) -> list[Object]:
        """Give the objects of a ticket, in their order, and forget them."""
        found = self._kept.pop(number, [])
        places = self._places.pop(number, ())
        for place in places:
            stream = self._streams[place % len(self._files)]
            stream.seek(place // len(self._files))
            line = stream.readline()
            found.append(_bare(read_object(line, "beside"), self._names))
        return found

    def close(self) -> None:
        """Let go of the files."""
        for stream in self._streams.values():
            stream.close()

    @property
    def left(self) -> int:
        """How many belong to no ticket that was asked for."""
        kept = sum(len(one) for one in self._kept.values())
        return kept + sum(len(one) for one in self._places.values())

    def _index(self, number: int, file: Path) -> None:
        if not is_lines(file) or _first_is_page(file):
            for one in objects(file, *self._names):
                if isinstance(one, DeskError):
                    raise one
                self._kept.setdefault(self._owner(one[1], file), []).append(one[1])
            return
        at = 0
        stream = self._streams[number] = utf8(file)
        for place, line in enumerate(disk.lines_of(stream, file.name, _LINE), 1):
            if line.strip():
                found = _bare(read_object(line, f"{file.name}:{place}"), self._names)
                owner = self._owner(found, file)
                self._places.setdefault(owner, array("Q")).append(at * len(self._files) + number)
            at += len(line)

    def _named(self, found: Object) -> Json:
        return self._key(found) if callable(self._key) else found.get(self._key)

    def _owner(self, found: Object, file: Path) -> str:
        """Give the ticket an object names, or the number its file is called by."""
        named = self._named(found)
        if named is None:
            named = "".join(sign if sign.isdigit() else " " for sign in file.stem).split()[-1:]
            return str(named[0]) if named else ""
        return str(named)


def _first_is_page(file: Path) -> bool:
    return next(iter(pages_of([file])), None) is not None


def read_object(line: bytes, where: str) -> dict[str, Json]:
    """Read one JSON object of a line; raises UsageError naming file and line."""
    given = read_json(line, where)
    if not isinstance(given, dict):
        raise bad(where, f"a JSON object is wanted, not {type(given).__name__}.")
    return given


def read_json(content: bytes, where: str) -> Json:
    """Read JSON; raises UsageError naming the place."""
    try:
        return _DECODER.decode(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _no_json(error, where) from None


def read_values(content: bytes, where: str) -> list[Json]:
    """Read JSON values that stand one after the other; raises UsageError naming the place."""
    found = []
    try:
        text = content.decode("utf-8-sig")
        at = _after_blanks(text, 0)
        while at < len(text):
            value, at = _DECODER.raw_decode(text, at)
            found.append(value)
            at = _after_blanks(text, at)
    except (ValueError, RecursionError) as error:
        raise _no_json(error, where) from None
    return found


def _no_json(error: Exception, where: str) -> UsageError:
    reason = "too deeply nested" if isinstance(error, RecursionError) else str(error)
    return bad(where, f"this is no JSON ({reason[:120]}).")


def _after_blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return found.end() if found else at


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no JSON number")


_BLANKS = pattern(r"[\s\ufeff]*")
_DECODER = json.JSONDecoder(parse_constant=_no_constant)
