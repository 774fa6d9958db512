"""JSON as desks export it: lines, arrays, pages of an API; users and comments in files beside."""

from array import array
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from deskterm import disk
from deskterm.domain.errors import DeskError, UsageError
from deskterm.services.importing.foreign import bad, read_json, read_object
from deskterm.services.importing.table import opened
from deskterm.services.importing.wide import Json

_ENDINGS = (".json", ".jsonl", ".ndjson")
_MOST = 2_000_000_000
"""Bytes of a file that is one JSON value and therefore read whole."""
_LINE = 64 * 1024 * 1024
Object = dict[str, Json]
Key = Callable[[Object], Json]
"""Gives the ticket that an object belongs to."""


def files_of(path: Path, *words: str) -> list[Path]:
    """Give the JSON files of a folder whose name has one of these words; a file is itself."""
    if path.is_file():
        return [path] if path.suffix.lower() in _ENDINGS else []
    return [
        file
        for file in sorted(path.iterdir())
        if file.suffix.lower() in _ENDINGS and any(word in file.name.lower() for word in words)
    ]


def is_lines(file: Path) -> bool:
    """Tell whether each line is an object of its own: the first two begin like that."""
    begins: list[bytes] = []
    with opened(file) as stream:
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
        with opened(file) as stream:
            while part := stream.read(1 << 20):
                total += part.count(b"\n")
    return total


def objects(file: Path, *names: str) -> Iterator[tuple[str, Object] | DeskError]:
    """Give (where, object) of every object of a file, or what is wrong with it.

    `names`: keys under which a page holds its list, or a line its one object.
    """
    if not is_lines(file):
        yield from _whole(file, names)
        return
    with opened(file) as stream:
        for place, line in enumerate(disk.lines_of(stream, file.name, _LINE), 1):
            if line.strip():
                where = f"{file.name}:{place}"
                try:
                    yield where, _bare(read_object(line, where), names)
                except DeskError as error:
                    yield error


def _whole(file: Path, names: tuple[str, ...]) -> Iterator[tuple[str, Object] | DeskError]:
    try:
        content = disk.read_bytes(file, _MOST)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
    if not content.strip():
        return
    found = read_json(content, file.name)
    if isinstance(found, dict):
        listed = next((found[name] for name in names if isinstance(found.get(name), list)), None)
        found = [found] if listed is None else listed
    if not isinstance(found, list):
        raise bad(file.name, f"a list of objects is wanted, not {type(found).__name__}.")
    for place, one in enumerate(found, 1):
        where = f"{file.name}[{place}]"
        if isinstance(one, dict):
            yield where, _bare(one, names)
        else:
            yield bad(where, f"an object is wanted, not {type(one).__name__}.")


def _bare(found: Object, names: tuple[str, ...]) -> Object:
    """Take an object out of the one key that holds it."""
    if len(found) == 1:
        name, inner = next(iter(found.items()))
        if isinstance(inner, dict) and (name in names or f"{name}s" in names):
            return inner
    return found


def by_id(files: list[Path], *names: str) -> dict[str, Object]:
    """Give number → object of files small enough to be kept: users, groups, organisations."""
    found: dict[str, Object] = {}
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

    def __init__(self, files: list[Path], key: str | Key, *names: str) -> None:
        self._key = key
        self._names = names
        self._places: dict[str, array[int]] = {}
        self._kept: dict[str, list[Object]] = {}
        self._files = files
        self._streams: dict[int, IO[bytes]] = {}
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
        if not is_lines(file):
            for one in objects(file, *self._names):
                if isinstance(one, DeskError):
                    raise one
                self._kept.setdefault(self._owner(one[1], file), []).append(one[1])
            return
        at = 0
        stream = self._streams[number] = opened(file)
        for place, line in enumerate(disk.lines_of(stream, file.name, _LINE), 1):
            if line.strip():
                found = _bare(read_object(line, f"{file.name}:{place}"), self._names)
                owner = self._owner(found, file)
                self._places.setdefault(owner, array("Q")).append(at * len(self._files) + number)
            at += len(line)

    def _owner(self, found: Object, file: Path) -> str:
        """Give the ticket an object names, or the number its file is called by."""
        named = self._key(found) if callable(self._key) else found.get(self._key)
        if named is None:
            named = "".join(sign if sign.isdigit() else " " for sign in file.stem).split()[-1:]
            return str(named[0]) if named else ""
        return str(named)
