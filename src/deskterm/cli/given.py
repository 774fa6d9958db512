"""What people give a command to read: files, standard input for `-`, each up to a limit."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deskterm import disk

STDIN = "standard input"


def given_text(name: str) -> str:
    """Give the text of a file, or of standard input for `-`; raises UsageError, OSError."""
    return _typed() if name == "-" else disk.read_text(Path(name))


def said(text: str) -> str:
    """Give an option's text, or standard input for `-`; raises UsageError."""
    return _typed() if text == "-" else text


def given_bytes() -> bytes:
    """Give standard input as it is; raises UsageError where it is too long."""
    return disk.bytes_of(sys.stdin.buffer, STDIN)


def typed_lines() -> Iterator[str]:
    """Give the lines of standard input; raises UsageError at one without an end."""
    return _unmarked(disk.lines_of(sys.stdin, STDIN))


@contextmanager
def given_lines(name: str) -> Iterator[Iterator[str]]:
    """Lend the lines of a file, or of standard input for `-`; what is no UTF-8 can be kept."""
    if name == "-":
        yield typed_lines()
        return
    with Path(name).open(encoding="utf-8", errors="surrogateescape") as stream:
        yield _unmarked(disk.lines_of(stream, name))


def _unmarked(lines: Iterator[str]) -> Iterator[str]:
    """Give the lines without the byte order mark that some systems begin a file with."""
    for first in lines:
        yield first.removeprefix("\ufeff")
        break
    yield from lines


def _typed() -> str:
    return disk.text_of(sys.stdin, STDIN)
