"""A passphrase: typed unseen, or the first line of a file; never an argument or a variable."""

import sys
from pathlib import Path

from deskterm.domain.errors import UsageError


def asked(file: Path | None, *, twice: bool = False, word: str = "Passphrase") -> str:
    """Give the passphrase, or whatever `word` is called.

    `twice` where a slip of the hand would lock something away for good.
    """
    from getpass import getpass

    from deskterm import disk

    if file is not None:
        try:
            found = disk.read_text(file, 10_000).split("\n", 1)[0].rstrip("\r")
        except OSError as error:
            raise UsageError(f"{file}: cannot be read ({error.strerror}).") from error
        return found
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to type a passphrase: give --passphrase-file FILE.")
    found = getpass(f"{word}: ", stream=sys.stderr)
    if twice and getpass("Once more: ", stream=sys.stderr) != found:
        raise UsageError(f"{word}: the two differ; nothing was done.")
    return found
