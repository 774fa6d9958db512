"""The board's first rows on a real pseudo-terminal, beside a Textual hello-world.

    python -m bench.board_start sqlite:////path/desk.sqlite [rounds]

Wall and CPU milliseconds until what is looked for (any ticket) is on the screen, medians.
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

HELLO = (
    "from textual.app import App\n"
    "from textual.widgets import Static\n"
    "class H(App):\n"
    "    def compose(self): yield Static('HELLO-WORLD')\n"
    "H().run()\n"
)
_TICKS = os.sysconf("SC_CLK_TCK")


def _cpu(pid: int) -> float:
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / _TICKS


def _memory(pid: int) -> float:
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        line = next(line for line in file if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def start(command: list[str], marker: re.Pattern[bytes]) -> tuple[float, float, float]:
    """Give wall and CPU milliseconds and MiB when the marker appears."""
    began = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(command[0], command)
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen = b""
    while not marker.search(seen):
        if not select.select([fd], [], [], 20)[0]:
            raise TimeoutError(f"{marker.pattern!r} never came: {seen[-500:]!r}")
        seen += os.read(fd, 65536)
    result = ((time.perf_counter() - began) * 1000, _cpu(pid), _memory(pid))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return result


def main() -> None:
    url, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    os.environ["DESKTERM_DB"] = url
    python = sys.executable
    commands = {
        "hello-world": ([python, "-c", HELLO], re.compile(b"HELLO-WORLD")),
        "board": ([python, "-m", "deskterm"], re.compile(rb"#\d+ ")),
    }
    for name, (command, marker) in commands.items():
        times = [start(command, marker) for _ in range(rounds)]
        wall, cpu, memory = (statistics.median(column) for column in zip(*times, strict=True))
        print(f"{name:<12} {wall:7.0f} ms wall {cpu:7.0f} ms CPU {memory:7.0f} MiB")


if __name__ == "__main__":
    main()
