"""Mails out of files: an mbox, a Maildir, a folder of .eml files, one .eml file."""

import re
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern

_DATE = pattern(rb"(?:\A|\n)date:[ \t]*([^\r\n]{1,100})", re.IGNORECASE)
_HEAD = 64 * 1024
_FROM_LINE = pattern(rb"From \S+.{0,200}\d")
_ESCAPED = pattern(rb"^>(>*From )", re.MULTILINE)


def mails_of(path: Path) -> Iterator[bytes]:
    """Give each raw mail below a path; raises UsageError where there is none to be found."""
    if not path.exists():
        raise UsageError(f"{path}: there is no such file or folder.")
    if path.is_file():
        return _of_file(path)
    if (path / "cur").is_dir() or (path / "new").is_dir():
        return _of_files(_in_time([*_files(path / "new"), *_files(path / "cur")]))
    found = sorted(one for one in path.rglob("*.eml") if one.is_file())
    if not found:
        raise UsageError(f"{path}: neither a Maildir (new, cur) nor a folder with .eml files.")
    return _of_files(_in_time(found))


def _in_time(paths: list[Path]) -> list[Path]:
    """Give files in the order of the times in their mails: answers come after what they answer."""
    return sorted(paths, key=_written)


def _written(path: Path) -> float:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = _DATE.search(head.partition(b"\n\n")[0])
    try:
        text = found.group(1).decode("ascii", "replace") if found else ""
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return 0.0


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []


def _of_files(paths: list[Path]) -> Iterator[bytes]:
    for one in paths:
        yield _bytes(one)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error


def _of_file(path: Path) -> Iterator[bytes]:
    """Give the mails of an mbox; a file that does not begin like one is a single mail."""
    try:
        with path.open("rb") as file:
            is_mbox = bool(_FROM_LINE.match(file.readline(1_000))) and path.suffix != ".eml"
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error
    if not is_mbox:
        yield _bytes(path)
        return
    with path.open("rb") as file:
        yield from mails_of_mbox(file)


def mails_of_mbox(file: IO[bytes]) -> Iterator[bytes]:
    """Give the mails between the `From ` lines, read line by line; the escape of those undone."""
    lines: list[bytes] = []
    after_blank = True
    for line in file:
        if after_blank and _FROM_LINE.match(line):
            if lines:
                yield _mail(lines)
            lines = []
        else:
            lines.append(line)
        after_blank = not line.strip()
    if lines:
        yield _mail(lines)


def _mail(lines: list[bytes]) -> bytes:
    if lines and not lines[-1].strip():
        lines = lines[:-1]
    return _ESCAPED.sub(rb"\1", b"".join(lines))
