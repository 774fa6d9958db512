"""The one way this program writes a file, and reads what people give it.

Written privately, whole or not at all, never through a link; read up to a limit, for a device, a
wrong file or a stranger's could be endless.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, AnyStr

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.text import safe_filename, storable

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC

MOST_TEXT = 16_000_000
"""Characters of a text that is given: a sheet, a template, a table, a resolution."""
MOST_LINE = 16_000_000
"""Characters (bytes) of one line, such as a ticket in JSON."""
MOST_BYTES = 100_000_000
"""Bytes of a file that is attached or read as a mail."""


def read_bytes(file: Path, most: int = MOST_BYTES) -> bytes:
    """Give a file's bytes; raises UsageError for more than `most`, OSError."""
    with file.open("rb") as stream:
        return bytes_of(stream, str(file), most)


def bytes_of(stream: IO[bytes], where: str, most: int = MOST_BYTES) -> bytes:
    """Give a stream's bytes; raises UsageError for more than `most`."""
    found = stream.read(most + 1)
    if len(found) > most:
        raise UsageError(f"{where} has more than {most:,} bytes: that is more than is read here.")
    return found


def read_text(file: Path, most: int = MOST_TEXT, encoding: str = "utf-8") -> str:
    """Give a file's text as it can be stored; raises UsageError for too much and what is no text.

    Raises OSError where the file cannot be read.
    """
    with file.open(encoding=encoding) as stream:
        try:
            return text_of(stream, str(file), most)
        except UnicodeDecodeError:
            raise UsageError(f"{file} is no UTF-8 text: save it as UTF-8.") from None


def text_of(stream: IO[str], where: str, most: int = MOST_TEXT) -> str:
    """Give what a stream has to say, as it can be stored; raises UsageError for too much."""
    found = stream.read(most + 1)
    if len(found) > most:
        raise UsageError(f"{where} has more than {most:,} characters: give less at once.")
    return storable(found)


def lines_of(stream: IO[AnyStr], where: str, most: int = MOST_LINE) -> Iterator[AnyStr]:
    """Give a stream's lines; raises UsageError at one that is longer than `most`."""
    for place, line in enumerate(iter(lambda: stream.readline(most + 1), stream.read(0)), 1):
        if len(line) > most:
            raise UsageError(f"{where}:{place}: the line is longer than {most:,} characters.")
        yield line


@contextmanager
def part_of(target: Path, *, replace: bool = False, mode: int = 0o600) -> Iterator[Path]:
    """Lend a new, empty, private file beside the target, which takes its name when the block ends.

    Then its bytes and its name are on the disk. Where the block fails nothing is left. A target
    that is there, be it a dangling link, is FileExistsError, or with `replace` replaced in one
    step. Raises OSError.
    """
    name = f".{target.name[:48]}.{os.urandom(4).hex()}.part"
    folder = os.open(target.parent, _FOLDER)
    try:
        os.close(os.open(name, _NEW, mode, dir_fd=folder))
        try:
            yield target.absolute().parent / name
            _sync_file(folder, name, mode)
            _name(folder, name, target.name, replace)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=folder)
            raise
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def writing(target: Path, *, replace: bool = False, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Lend a stream whose bytes become the target as `part_of` says."""
    with part_of(target, replace=replace, mode=mode) as part, part.open("wb") as stream:
        yield stream


def write(target: Path, content: bytes, *, replace: bool = False, mode: int = 0o600) -> None:
    """Make the target of these bytes as `part_of` says."""
    with writing(target, replace=replace, mode=mode) as stream:
        stream.write(content)


def create(file: Path) -> None:
    """Make an empty private file under a name that is free; raises FileExistsError, OSError."""
    os.close(os.open(file, _NEW, 0o600))


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    handle = os.open(folder, _FOLDER)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_file(folder: int, name: str, mode: int) -> None:
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    try:
        os.fchmod(handle, mode)
        os.fsync(handle)
    finally:
        os.close(handle)


def _name(folder: int, name: str, wanted: str, replace: bool) -> None:
    """Give the file its name; without `replace` by a hard link, which never takes another's."""
    if not replace:
        try:
            os.link(name, wanted, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links: claim the name first
            os.close(os.open(wanted, _NEW, 0o600, dir_fd=folder))
        else:
            os.unlink(name, dir_fd=folder)
            return
    os.rename(name, wanted, src_dir_fd=folder, dst_dir_fd=folder)


_TRIES = 100


def save_into(folder: Path, name: str, content: bytes) -> Path:
    """Write bytes into a folder under a safe name, mode 0600, never over or through anything.

    A taken name gets a number. Raises UsageError where the folder is none, RefusedError where it
    cannot be written.
    """
    safe = safe_filename(name)
    stem, dot, suffix = safe.rpartition(".") if "." in safe else (safe, "", "")
    try:
        for number in range(1, _TRIES):
            taken = safe if number == 1 else f"{stem} ({number}){dot}{suffix}"
            try:
                write(folder / taken, content)
            except FileExistsError:
                continue
            return folder / taken
    except (FileNotFoundError, NotADirectoryError):
        raise UsageError(f"{folder} is not a folder.") from None
    except OSError as error:
        raise RefusedError(f"it cannot be saved in {folder} ({error.strerror}).") from None
    raise RefusedError(f"{folder} has too many files called {safe}.")
