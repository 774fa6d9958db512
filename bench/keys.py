"""What keys cost in a real terminal: processor time of the program and bytes it sends.

    python bench/keys.py sqlite:////path/desk.sqlite [--size 120x40] [--times 8]

The program runs under a pseudo-terminal; each figure is from the key until nothing was sent for
half a second. The goals are those of the speed issue; a figure beyond its goal is marked.
"""

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

QUIET = 0.5
_TICK = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """What one key cost."""

    cpu: float
    """Milliseconds of the program's processor time."""
    sent: int
    """Bytes to the terminal."""


class Terminal:
    """The program under a pseudo-terminal."""

    def __init__(self, pid: int, master: int) -> None:
        self._pid, self._master = pid, master
        self.seen = b""
        """What was sent since the last key."""

    def key(self, keys: str) -> Cost:
        """Press keys at once and wait until it is quiet."""
        before = self._cpu()
        self.seen = b""
        os.write(self._master, keys.encode())
        self.quiet()
        return Cost(self._cpu() - before, len(self.seen))

    def quiet(self, least: float = QUIET) -> None:
        """Wait until nothing is sent any more."""
        while select.select([self._master], [], [], least)[0]:
            try:
                self.seen += os.read(self._master, 1 << 16)
            except OSError as error:
                raise SystemExit(f"the program ended: {self.seen[-400:]!r}") from error

    def memory(self) -> float:
        """Give the MiB that it holds."""
        with open(f"/proc/{self._pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _cpu(self) -> float:
        with open(f"/proc/{self._pid}/stat", encoding="ascii") as file:
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / _TICK


@contextmanager
def terminal(arguments: Sequence[str], columns: int, lines: int) -> Iterator[Terminal]:
    """Run a program in a terminal of this size; it is ended with the block."""
    pid, master = pty.fork()
    if not pid:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execvp(arguments[0], list(arguments))
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    try:
        yield Terminal(pid, master)
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        os.close(master)


def show(name: str, costs: Sequence[Cost], cpu: float = 0, sent: int = 0) -> None:
    """Print medians beside their goals (0: none)."""
    time_, bytes_ = (statistics.median(one) for one in zip(*costs, strict=True))
    goals = "".join(
        f"  {'MISSED ' if value > goal else ''}goal {goal:g} {unit}" if goal else ""
        for value, goal, unit in ((time_, cpu, "ms"), (bytes_ / 1024, sent, "KiB"))
    )
    print(f"{name:<34}{time_:8.0f} ms cpu{bytes_ / 1024:8.1f} KiB{goals}")


def main() -> None:
    """Print what opening a ticket, the figures and the guides cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("db")
    parser.add_argument("--size", default="120x40")
    parser.add_argument("--times", type=int, default=8)
    given = parser.parse_args()
    columns, lines = map(int, given.size.split("x"))
    program = [sys.executable, "-m", "deskterm", "--db", given.db]
    with terminal(program, columns, lines) as desk:
        time.sleep(2)
        desk.quiet(2)
        tickets(desk, given.times)
        before = desk.memory()
        for name, key, goal in (("F12", "\x1b[24~", 500), ("F6", "\x1b[17~", 60)):
            costs = []
            for _ in range(given.times):
                costs.append(desk.key(key))
                desk.key("\x1b")
            show(f"{name}, the first time", costs[:1])
            show(name, costs[1:], goal)
        print(f"{'memory, before and after':<34}{before:8.0f} MiB{desk.memory():11.0f} MiB")


def tickets(desk: Terminal, times: int) -> None:
    """Open tickets, one after the other, and leave them."""
    opened, left, moved = [], [], []
    for _ in range(times):
        opened.append(desk.key("\r"))
        left.append(desk.key("\x1b"))
        moved.append(desk.key("j"))
    show("a ticket opened, the first time", opened[:1], 300, 25)
    show("a ticket opened", opened[1:], 150, 25)
    show("a ticket left", left)
    show("cursor down", moved)


if __name__ == "__main__":
    main()
