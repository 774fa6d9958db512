"""A tracker's program: one line in, one line out, so long and no longer.

Which program that is stands in the machine's settings, by name: a row in a shared database can run
nothing here.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from typing import IO

from deskterm.domain.text import clean
from deskterm.domain.trackers import Answer, Fate, read_answer
from deskterm.services.child import end, listen, plain

LIMIT = 60.0
"""Seconds that a program may take for one answer."""
_MOST = 5_000_000
"""Bytes of an answer."""
_NO_PROGRAM = 900
"""Seconds that a tracker is left alone whose program is not to be found."""
_US = "deskterm"


def ask(command: str, request: str, seconds: float = LIMIT) -> Answer:
    """Give what the program answers to one line; what went wrong is an answer too."""
    argv = _arguments(command)
    if argv is None:
        what = command.split()[0][:60] if command.split() else "an empty command"
        return Answer(Fate.PAUSED, reason=f"{what} is not to be found here", pause=_NO_PROGRAM)
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(request.encode("utf-8", "replace") + b"\n")
        given.seek(0)
        return _run(argv, (given, complaints), seconds)


def _arguments(command: str) -> list[str] | None:
    """Give the program and its arguments; our own name is this very program."""
    try:
        argv = shlex.split(command)
    except ValueError:
        return None
    if argv and argv[0] == _US:
        return [sys.executable, "-m", _US, *argv[1:]]
    found = shutil.which(argv[0]) if argv else None
    return [found, *argv[1:]] if found else None


def _run(argv: list[str], files: tuple[IO[bytes], IO[bytes]], seconds: float) -> Answer:
    given, complaints = files
    try:
        process = subprocess.Popen(
            argv,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=plain(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        return Answer(
            Fate.PAUSED, reason=f"{argv[0]} could not be run: {error.strerror}", pause=_NO_PROGRAM
        )
    with process:
        said, trouble = listen(process, seconds, _MOST)
        if trouble:
            end(process)
        code = process.wait()
    if trouble:
        return Answer(Fate.LATER, reason=f"its program was {trouble}")
    line = next((one for one in said.decode("utf-8", "replace").split("\n") if one.strip()), "")
    if line:
        return read_answer(line)
    complaints.seek(0)
    told = complaints.read(2_000).decode("utf-8", "replace").strip().split("\n")[-1]
    why = clean(told, one_line=True)[:200] or "it said nothing"
    return Answer(Fate.LATER, reason=f"its program ended with {code}: {why}")
