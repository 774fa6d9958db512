"""Files of an export, opened: packed or not, alone or in an archive."""

import gzip
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from deskterm import disk
from deskterm.domain.errors import UsageError

_IN_MEMORY = 64 * 1024 * 1024
_MOST_FILES = 1_000_000
_PACKED = (".zip", ".tar", ".tgz", ".tar.gz")


def ending(file: Path) -> str:
    """Give how a file's name ends, in lower case, as if it were not packed."""
    name = file.name.lower().removesuffix(".gz")
    return PurePosixPath(name).suffix


def opened(file: Path) -> IO[bytes]:
    """Open a file for reading, unpacked where it is `.gz`; raises UsageError that says why not."""
    try:
        stream = file.open("rb")
        if stream.read(2) != b"\x1f\x8b":
            stream.seek(0)
            return stream
        with stream, gzip.open(file) as packed:
            return copied(iter(partial(packed.read, 1 << 20), b""))
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{file}: cannot be read ({reason}).") from error


def copied(parts: Iterable[bytes]) -> IO[bytes]:
    """Give a file of these bytes to read; it has no name and is gone when it is closed."""
    with ExitStack() as kept:
        plain = kept.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
        plain.writelines(parts)
        plain.seek(0)
        kept.pop_all()
        return plain


def unpacked(path: Path, kept: ExitStack, deep: int = 2) -> Path:
    """Give the folder of an export: of an archive what is in it, of a folder the only one below.

    What was unpacked is gone when `kept` is closed. Raises UsageError where it is no archive.
    """
    if path.is_file() and path.name.lower().endswith(_PACKED):
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="deskterm-")))
        try:
            _unpack(path, folder)
        except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, RuntimeError) as error:
            raise UsageError(f"{path}: cannot be unpacked ({error}).") from error
        path = folder
    while path.is_dir():
        inside = [one for one in path.iterdir() if _is_meant(one.name)]
        if len(inside) != 1 or inside[0].is_symlink():
            return path
        if inside[0].is_file():
            packed = deep and inside[0].name.lower().endswith(_PACKED)
            return unpacked(inside[0], kept, deep - 1) if packed else path
        path = inside[0]
    return path


def _is_meant(name: str) -> bool:
    return name[:1] != "." and name != "__MACOSX"


def _unpack(path: Path, folder: Path) -> None:
    """Write the plain files of an archive; what names a place outside is left there."""
    room = shutil.disk_usage(folder).free // 2
    for number, (name, size, read) in enumerate(_members(path)):
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if not parts or ".." in parts or not all(map(_is_meant, parts)) or parts[0] == "/":
            continue
        room -= size
        if room < 0 or number > _MOST_FILES:
            raise OSError("there is not enough room for what is in it")
        target = folder.joinpath(*parts)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with disk.writing(target) as stream:
            source = read()
            if source is not None:
                with source:
                    shutil.copyfileobj(source, stream, 1 << 20)


def _members(path: Path) -> Iterator[tuple[str, int, Callable[[], IO[bytes] | None]]]:
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as packed:
            for one in packed.infolist():
                if not one.is_dir():
                    yield one.filename, one.file_size, partial(packed.open, one)
        return
    with tarfile.open(path) as bundle:
        for member in bundle:
            if member.isfile():
                yield member.name, member.size, partial(bundle.extractfile, member)
