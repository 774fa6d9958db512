"""Clients that begin at once: children of a process that has loaded the program already.

Each is a process of its own, as real and as killable as a fresh one, without the half second that
Python needs to load. The process that forks must hold no connection.
"""

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from tests.faults import worker
from tests.faults.crowd import Command


class Child:
    """A forked client: what `subprocess.Popen` is for a fresh one."""

    def __init__(self, process: int, stdout: IO[bytes]) -> None:
        self.stdout: IO[bytes] | None = stdout
        self._process = process
        self._code: int | None = None

    def kill(self) -> None:
        """Kill it, where it still lives."""
        if self._code is None:
            os.kill(self._process, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end; gives its code, negative after a signal."""
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._process, 0)[1])
        return self._code


@contextmanager
def forked(
    url: str, commands: Sequence[Command], before: Callable[[], object] = bool
) -> Iterator[Child]:
    """Start a client on these commands; it is dead when the block ends.

    `before` is called in it before it begins.
    """
    reading, writing = os.pipe()
    lines = [json.dumps(one.arguments(url)) + "\n" for one in commands]
    process = os.fork()
    if process == 0:
        _be_client(lines, writing, before)
    os.close(writing)
    child = Child(process, os.fdopen(reading, "rb"))
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        assert child.stdout is not None
        child.stdout.close()


def _be_client(lines: Sequence[str], writing: int, before: Callable[[], object]) -> None:
    """Never comes back."""
    try:
        os.dup2(writing, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdin = io.StringIO("".join(lines))
        before()
        worker.main()
    finally:
        os._exit(0)
