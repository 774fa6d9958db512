"""Measuring: whole processes with their peak memory, functions in this process, and the table."""

import atexit
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

BARE = (sys.executable, "-c", "import sqlite3")
"""What every command is compared with."""


class Took(NamedTuple):
    """Times of one thing, in milliseconds, and the peak memory of its process in MiB."""

    times: list[float]
    memory: float = 0.0
    cpu: float = 0.0
    """Median processor time: what other programs on the machine do not lengthen."""

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[min(len(self.times) - 1, int(0.95 * len(self.times)))]


def process(
    arguments: Sequence[str], repeat: int, stdin: bytes = b"", *, once: bool = False
) -> Took:
    """Run a process several times after a first one that only warms up; raises where it fails.

    With `once` it runs a single time, for what cannot be repeated.
    """
    times: list[float] = []
    cpu: list[float] = []
    memory = 0.0
    for _ in range(1 if once else repeat + 1):
        start = time.perf_counter()
        child = subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(stdin)
        child.stdin.close()
        said = child.stderr.read()
        child.stderr.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise SystemExit(f"{' '.join(arguments)} failed: {said.decode()}")
        times.append((time.perf_counter() - start) * 1000)
        cpu.append((usage.ru_utime + usage.ru_stime) * 1000)
        memory = max(memory, usage.ru_maxrss / 1024)
    skip = 0 if once else 1
    return Took(times[skip:], memory, statistics.median(cpu[skip:]))


@cache
def environment() -> dict[str, str]:
    """This environment with byte-compiled modules kept, as they are where one installs.

    Nothing of the person's own desk is in it: its letters stay where they are.
    """
    own = {k: v for k, v in os.environ.items() if not k.startswith("DESKTERM_")}
    own.pop("PYTHONDONTWRITEBYTECODE", None)
    data = tempfile.mkdtemp(prefix="deskterm-bench-data-")
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    return own | {"DESKTERM_CONFIG": os.devnull, "DESKTERM_DATA": data}


def deskterm(url: str, *arguments: object) -> list[str]:
    """Give the command line of a deskterm command on a database, as it is installed."""
    script = Path(sys.executable).with_name("deskterm")
    start = [str(script)] if script.exists() else [sys.executable, "-m", "deskterm"]
    return [*start, "--db", url, *map(str, arguments)]


def call(
    function: Callable[[], object], repeat: int, clock: Callable[[], float] = time.perf_counter
) -> Took:
    """Call a function several times, once more before to warm up.

    With `time.process_time` as the clock, what other programs do on the machine does not count.
    """
    function()
    times = []
    for _ in range(repeat):
        start = clock()
        function()
        times.append((clock() - start) * 1000)
    return Took(times)


class Table:
    """Prints one line a measurement; ratios are to a bare interpreter with sqlite3."""

    def __init__(self, title: str, bare: float) -> None:
        self.bare = bare
        print(f"\n{title}")
        print(f"{'':<44}{'median':>10}{'p95':>10}{'cpu':>9}{'x bare':>8}{'MiB':>7}{'budget':>10}")

    def line(self, name: str, took: Took, budget: str = "") -> None:
        ratio = f"{took.median / self.bare:8.1f}" if took.memory else " " * 8
        memory = f"{took.memory:7.0f}" if took.memory else " " * 7
        cpu = f"{took.cpu:7.0f}ms" if took.memory else " " * 9
        print(f"{name:<44}{took.median:8.1f}ms{took.p95:8.1f}ms{cpu}{ratio}{memory}{budget:>10}")

    def rate(self, name: str, count: int, seconds: tuple[float, float], budget: str = "") -> None:
        """Print how many a second, by the clock on the wall and by processor time."""
        wall, cpu = (f"{count / one:.0f}/s" for one in seconds)
        print(f"{name:<44}{wall:>10}{'':>10}{cpu:>9}{'':>15}{budget:>10}")


class Watch:
    """Seconds since it was started: on the wall, of the processor."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def read(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._cpu
