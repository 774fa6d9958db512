"""What a power cut leaves: every write and sync that SQLite makes in this process, in order.

SQLite's own file methods are wrapped (in the library that Python's `sqlite3` uses), so that it is
known what was synced and what was only written. An image is what a disk may hold at any moment:
all that was synced, and of the rest any part. Reads can be made to fail in the same way.
"""

import _sqlite3
import ctypes
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from typing import Any, NamedTuple

IOERR_CORRUPTFS = 10 | 33 << 8
"""What SQLite says where reading gives EIO."""
_SECTOR = 512
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_READ = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class _Methods(Structure):
    """The beginning of `sqlite3_io_methods`, and room for the rest of it."""

    _fields_ = (
        ("version", c_int),
        ("close", c_void_p),
        ("read", c_void_p),
        ("write", c_void_p),
        ("truncate", c_void_p),
        ("sync", c_void_p),
        ("others", c_void_p * 13),
    )


class _Vfs(Structure):
    """The beginning of `sqlite3_vfs`."""

    _fields_ = (
        ("version", c_int),
        ("size", c_int),
        ("longest", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", c_void_p),
    )


class Event(NamedTuple):
    """A write (`at`, `data`), a cut to `at` bytes, a sync, or an acknowledgement (no file)."""

    kind: str
    file: str = ""
    at: int = 0
    data: bytes = b""


class Disk:
    """What happens to files while `watched` is on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.failing = 0
        """So many reads of a database fail."""
        self._names: dict[int, str] = {}
        self._kept: dict[int, Any] = {}
        """What C holds on to."""

    def acknowledged(self) -> None:
        """Note that somebody was told that a command is done."""
        self.events.append(Event("acknowledged"))

    def opened(self, address: int, name: bytes) -> None:
        """Put our methods in the place of a file's own."""
        place = ctypes.cast(address, POINTER(c_void_p))
        own = place[0]
        if not own:
            return
        self._names[address] = name.decode("utf-8", errors="surrogateescape")
        if own not in self._kept:
            self._kept[own] = self._wrapped(ctypes.cast(own, POINTER(_Methods)).contents)
        place[0] = ctypes.addressof(self._kept[own][0])

    def _wrapped(self, own: _Methods) -> tuple[Any, ...]:
        methods = _Methods.from_buffer_copy(own)
        read, write = _READ(own.read), _READ(own.write)
        truncate, sync = _TRUNCATE(own.truncate), _SYNC(own.sync)

        def reading(file: int, into: int, size: int, at: int) -> int:
            if self.failing:
                self.failing -= 1
                return IOERR_CORRUPTFS
            return int(read(file, into, size, at))

        def writing(file: int, data: int, size: int, at: int) -> int:
            self._note("write", file, at, ctypes.string_at(data, size))
            return int(write(file, data, size, at))

        def cutting(file: int, size: int) -> int:
            self._note("cut", file, size)
            return int(truncate(file, size))

        def syncing(file: int, flags: int) -> int:
            code = int(sync(file, flags))
            self._note("sync", file)
            return code

        ours = (_READ(reading), _READ(writing), _TRUNCATE(cutting), _SYNC(syncing))
        names = ("read", "write", "truncate", "sync")
        for name, function in zip(names, ours, strict=True):
            setattr(methods, name, ctypes.cast(function, c_void_p).value)
        return (methods, *ours, read, write, truncate, sync)

    def _note(self, kind: str, file: int, at: int = 0, data: bytes = b"") -> None:
        self.events.append(Event(kind, self._names[file], at, data))


_KEPT: list[Any] = []
"""Methods of files that may still be open somewhere must outlive everything."""


@contextmanager
def watched() -> Iterator[Disk]:
    """Watch every database file that this process opens from now on."""
    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    library.sqlite3_vfs_find.restype = POINTER(_Vfs)
    vfs = library.sqlite3_vfs_find(None).contents
    disk, before = Disk(), vfs.open
    own = _OPEN(before)

    def opening(vfs_: int, name: int | None, file: int, flags: int, out: int) -> int:
        # The name goes on as the very pointer: SQLite keeps it as long as the file is open.
        code = int(own(vfs_, name, file, flags, out))
        if code == 0 and name:
            disk.opened(file, ctypes.string_at(name))
        return code

    ours = _OPEN(opening)
    _KEPT.extend((disk, ours, own))
    vfs.open = ctypes.cast(ours, c_void_p).value
    try:
        yield disk
    finally:
        vfs.open = before


class Image(NamedTuple):
    """What a power cut left of the files, and how many commands were acknowledged before it."""

    files: dict[str, bytes]
    acknowledged: int

    def put(self, folder: Path, like: Path) -> Path:
        """Write the files of a database into a folder."""
        folder.mkdir()
        for name, content in self.files.items():
            if name.startswith(str(like)):
                (folder / Path(name).name).write_bytes(content)
        return folder / like.name


def images(
    before: dict[str, bytes], events: Sequence[Event], number: int, chance: random.Random
) -> Iterator[Image]:
    """Give images at random moments; `before` is what was on the disk when the watch began."""
    synced = {name: bytearray(content) for name, content in before.items()}
    waiting: dict[str, list[Event]] = {}
    told = place = 0
    for moment in sorted(chance.choices(range(1, len(events) + 1), k=number)):
        for event in events[place:moment]:
            told += event.kind == "acknowledged"
            if event.kind == "sync":
                for one in waiting.pop(event.file, ()):
                    _apply(synced.setdefault(one.file, bytearray()), one)
            elif event.kind != "acknowledged":
                waiting.setdefault(event.file, []).append(event)
        place = moment
        yield Image(_cut(synced, waiting, chance), told)


def _cut(
    synced: dict[str, bytearray], waiting: dict[str, list[Event]], chance: random.Random
) -> dict[str, bytes]:
    """Of what was not synced let any writes arrive, the last of them perhaps torn."""
    left = {name: bytearray(content) for name, content in synced.items()}
    for name, events in waiting.items():
        share = chance.choice((0.0, 0.5, 1.0))
        for event in events:
            if chance.random() < share:
                torn = chance.random() < 0.2
                kept = chance.randrange(len(event.data) // _SECTOR + 1) * _SECTOR
                whole = event._replace(data=event.data[:kept]) if torn else event
                _apply(left.setdefault(name, bytearray()), whole)
    return {name: bytes(content) for name, content in left.items()}


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "cut":
        del content[event.at :]
        return
    if len(content) < event.at:
        content.extend(bytes(event.at - len(content)))
    content[event.at : event.at + len(event.data)] = event.data
