"""Clients that begin at once: forks of a process that has loaded the program and does nothing else.

Each is a process of its own, as real and as killable as a fresh one, without the half second that
Python needs to load. A nursery has one thread and no connection, so that what it forks is clean;
whoever has threads asks a nursery and never forks.
"""

import faulthandler
import io
import json
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import (
    ExitStack,
    closing,
    contextmanager,
    redirect_stderr,
    redirect_stdout,
    suppress,
)
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, NamedTuple

from deskterm.cli.main import run
from deskterm.domain import clock
from deskterm.storage import deadline, postgres
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from tests.faults import worker
from tests.faults.crowd import Command, plan
from tests.faults.power import watched

_LOADED = (postgres,)
"""What clients on a server need besides."""


class Before(NamedTuple):
    """What is done in a client before it begins: a name of `_BEFORE`, and how much of it."""

    name: str
    value: float


class Child:
    """A forked client: what `subprocess.Popen` is for a fresh one."""

    def __init__(self, pid: int, stdout: IO[bytes], ended: Callable[[], int]) -> None:
        self.pid = pid
        self.stdout: IO[bytes] | None = stdout
        self._ended = ended
        self._code: int | None = None

    def kill(self) -> None:
        """Kill it, where it still lives."""
        if self._code is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Wait for its end; gives its code, negative after a signal."""
        if self._code is None:
            self._code = self._ended()
        return self._code


class Nursery:
    """Forks clients on a desk, one at a time; where they stand is written to a file when asked."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._said = line.makefile("rb")
        self._pid = self._number()
        self.child: Child | None = None
        """The client that runs."""

    @contextmanager
    def client(
        self, url: str, commands: Sequence[Command], before: Sequence[Before] = ()
    ) -> Iterator[Child]:
        """Start a client on these commands; it is dead when the block ends."""
        reading, writing = os.pipe()
        asked = {"lines": [one.arguments(url) for one in commands], "before": before}
        socket.send_fds(self._line, [json.dumps(asked).encode()], [writing])
        os.close(writing)
        child = Child(self._number(), os.fdopen(reading, "rb"), self._number)
        self.child = child
        try:
            yield child
        finally:
            child.kill()
            child.wait()
            self.child = None
            assert child.stdout is not None
            child.stdout.close()

    def _number(self) -> int:
        said = self._said.readline()
        if not said:
            raise AssertionError("the nursery has ended")
        return int(said)

    def say_where(self) -> None:
        """Let nursery and client write the stacks of all their threads into the file."""
        for pid in [self._pid, *([self.child.pid] if self.child else [])]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGUSR1)


@contextmanager
def nurseries(stacks: Path) -> Iterator[tuple[Nursery, Nursery]]:
    """Have two ready; `stacks` is the file that they write to when asked where they stand."""
    root = Path(__file__).resolve().parents[2]
    pairs = [socket.socketpair() for _ in range(2)]
    theirs = [one.fileno() for _, one in pairs]
    with ExitStack() as stack:
        ours = [stack.enter_context(one) for one, _ in pairs]
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forked", str(stacks), *map(str, theirs)],
            pass_fds=theirs,
            cwd=root,
            env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
        )
        stack.callback(process.wait)
        stack.callback(process.kill)
        for _, one in pairs:
            one.close()
        yield Nursery(ours[0]), Nursery(ours[1])


# --- in the nursery, and in its clients ---------------------------------------------------


def _clock(seconds: float) -> None:
    clock.now = lambda: datetime.now(UTC) + timedelta(seconds=seconds)


def _unreadable(many: float) -> None:
    held = watched()
    held.__enter__().failing = int(many)
    globals()["_held"] = held  # C calls into it until the process ends


def _patience(seconds: float) -> None:
    deadline.SECONDS = seconds


_BEFORE: Mapping[str, Callable[[float], object]] = {
    "mute": lambda number: os.environ.update(DESKTERM_FAULT_MUTE=str(int(number))),
    "clock": _clock,
    "room": lambda most: resource.setrlimit(resource.RLIMIT_FSIZE, (int(most), int(most))),
    "unreadable": _unreadable,
    "patience": _patience,
}
"""Killed after so many commands, a clock that is seconds off, files of so many bytes at most, so
many reads that fail, a server that is waited for so long."""


def main(stacks: str, *lines: str) -> None:
    """Be a nursery for each of two lines, in processes of their own."""
    _load()
    file = open(stacks, "ab", buffering=0)  # noqa: SIM115 - as long as the process lives
    faulthandler.register(signal.SIGUSR1, file, all_threads=True)
    first, second = (socket.socket(fileno=int(one)) for one in lines)
    mine, other = (first, second) if os.fork() else (second, first)
    other.close()
    mine.sendall(f"{os.getpid()}\n".encode())
    _serve(mine)


def _serve(asking: socket.socket) -> None:
    """Fork a client for each request and tell its pid, then how it ended."""
    while True:
        asked, given, _, _ = socket.recv_fds(asking, 1 << 20, 1)
        if not asked:
            return
        assert threading.active_count() == 1, "what a nursery forks would not be clean"
        pid = os.fork()
        if pid == 0:
            _be_client(json.loads(asked), given[0])
        os.close(given[0])
        asking.sendall(f"{pid}\n".encode())
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        asking.sendall(f"{code}\n".encode())


def _load() -> None:
    """Do each kind of command once, so that every client finds loaded what it needs."""
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nobody:
        url = f"sqlite:///{folder}/desk.sqlite"
        with closing(connect(url, new=True)) as database:
            upgrade(database)
        with redirect_stderr(nobody), redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            for one in {one.kind: one for one in plan(random.Random(1), 200)}.values():
                run(one.arguments(url))


def _be_client(asked: Mapping[str, Any], writing: int) -> None:
    """Never comes back."""
    try:
        os.dup2(writing, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        sys.stdin = io.StringIO("".join(json.dumps(line) + "\n" for line in asked["lines"]))
        for name, value in asked["before"]:
            _BEFORE[name](value)
        worker.main()
    finally:
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
