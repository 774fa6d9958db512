"""The command line: a quick reading of what is plain, typer for everything else."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import UnsupportedOperation

from deskterm.cli import quick
from deskterm.cli.errors import guarded


def run(arguments: Sequence[str]) -> int:
    """Run the command line with these arguments and give the exit code."""
    _prepare_streams()

    def body() -> object:
        result = _run(list(arguments))
        sys.stdout.flush()
        return result

    return guarded(body)


def _run(arguments: list[str]) -> object:
    read = quick.read(arguments)
    if read is not None:
        return read()
    from deskterm.cli.program import command

    return command().main(args=arguments, prog_name="deskterm", standalone_mode=False)


_ERRORS = {"stdin": "surrogateescape", "stdout": "backslashreplace", "stderr": "backslashreplace"}
"""What becomes of bytes that are no UTF-8, and of text that no bytes can carry."""


def _prepare_streams() -> None:
    """Speak UTF-8 whatever the locale says; a stream that was closed becomes the null device."""
    for name, errors in _ERRORS.items():
        stream = getattr(sys, name)
        if stream is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - for good
        elif hasattr(stream, "reconfigure"):
            with suppress(UnsupportedOperation):  # somebody has read from it already
                stream.reconfigure(encoding="utf-8", errors=errors)
