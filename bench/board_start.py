"""The board's first rows on a real pseudo-terminal, beside a Textual hello-world.

    python -m bench.board_start sqlite:////path/desk.sqlite [rounds]

Wall and CPU milliseconds until the subject of the board's first ticket is on the screen, medians;
the two take turns. The goal is a ratio of processor times.
"""

import fcntl
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bench.measure import environment
from deskterm.bootstrap import open_desk
from deskterm.settings import load

HELLO = (
    "from textual.app import App\n"
    "from textual.widgets import Static\n"
    "class H(App):\n"
    "    def compose(self): yield Static('HELLO-WORLD')\n"
    "H().run()\n"
)
_GOAL = 1.35
_WAIT = 20
"""Seconds without a byte after which what is looked for never comes."""


class Shown(NamedTuple):
    """What it took until something was on the screen."""

    wall: float
    """Milliseconds, as `cpu`."""
    cpu: float
    memory: float
    """MiB."""


def _cpu(pid: int) -> float:
    """Give the processor time of all its threads, in milliseconds; they live while it is read."""
    spent = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):
            spent += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return spent / 1e6


def _memory(pid: int) -> float:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def start(command: list[str], marker: re.Pattern[bytes]) -> Shown:
    """Give what it took until the marker appeared; raises SystemExit where it never does."""
    began = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        shown = environment() | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        shown["DESKTERM_DB"] = sys.argv[1]  # the bare command is what opens the board
        os.execve(command[0], command, shown)
    try:
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        _wait(fd, marker)
        return Shown((time.perf_counter() - began) * 1000, _cpu(pid), _memory(pid))
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(fd)


def _wait(fd: int, marker: re.Pattern[bytes]) -> None:
    seen = b""
    while not marker.search(seen):
        try:
            piece = os.read(fd, 65536) if select.select([fd], [], [], _WAIT)[0] else b""
        except OSError:  # it has ended
            piece = b""
        if not piece:
            raise SystemExit(f"{marker.pattern!r} never came: {seen[-500:]!r}")
        seen += piece


def _first(url: str) -> re.Pattern[bytes]:
    """Give the beginning of the subject in the board's first row."""
    desk = open_desk(load({"db": url}))
    try:
        rows = desk.board.first_page("is:active", 1)
    finally:
        desk.close()
    if not rows:
        raise SystemExit(f"no ticket is open in {url}: its board has no rows to wait for.")
    return re.compile(re.escape(rows[0].subject[:12].encode()))


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(
            "which desk? python -m bench.board_start sqlite:////path/desk.sqlite [rounds]"
        )
    url, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    commands = {
        "hello-world": ([sys.executable, "-c", HELLO], re.compile(b"HELLO-WORLD")),
        "board": ([sys.executable, "-m", "deskterm"], _first(url)),
    }
    times: dict[str, list[Shown]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, (command, marker) in commands.items():
            times[name].append(start(command, marker))
    cpu = {}
    for name, took in times.items():
        wall, cpu[name], memory = map(statistics.median, zip(*took[1:], strict=True))
        print(f"{name:<12} {wall:7.0f} ms wall {cpu[name]:7.0f} ms CPU {memory:7.0f} MiB")
    ratio = cpu["board"] / cpu["hello-world"]
    print(f"{ratio:.2f} times hello-world, goal {_GOAL}{' missed' if ratio > _GOAL else ''}")


if __name__ == "__main__":
    main()
