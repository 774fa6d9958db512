"""A real pseudo-terminal with the program on it; what it prints is kept as raw bytes."""

import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path
from typing import NamedTuple

WORKER = Path(__file__).with_name("worker.py")
FOREIGN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""C0 without LF and TAB, DEL and C1: what may never reach a terminal."""
UNSEEN = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
"""Bidirectional overrides, zero-width and tag characters: what may never hide in a line."""
SGR = re.compile("\x1b\\[[0-9;]{0,20}m")
"""Our own styling, where it is allowed."""
PROGRESS = "\r\x1b[K"
"""Our own progress line, where there is one."""
_END = re.compile(rb"\x1e(\d+)\x1e")
_SIZE = (40, 120)


class Shown(NamedTuple):
    """What a command put on the terminal, and its exit code."""

    code: int
    raw: bytes

    @property
    def text(self) -> str:
        """Give it as text; the program writes UTF-8 only."""
        return self.raw.decode("utf-8")

    def trouble(self, *, styled: bool = False, progress: bool = False) -> str:
        """Tell what is on the terminal that may not be there; empty where all is well."""
        try:
            text = self.text
        except UnicodeDecodeError as error:
            return f"no UTF-8: {error}"
        text = SGR.sub("", text) if styled else text
        text = text.replace(PROGRESS, "") if progress else text
        found = FOREIGN.findall(text) + UNSEEN.findall(text)
        if found:
            return f"{sorted(set(found))!r}"
        if "Traceback" in text or "mistake in deskterm" in text:
            return f"it fell over: {text[-400:]!r}"
        return ""


class Terminal:
    """The program on a terminal of 120 columns."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        _make_raw(theirs)
        orders, self._orders = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, str(orders), str(WORKER)],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            pass_fds=(orders,),
            start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(orders)
        os.close(theirs)
        self.commands = 0

    def run(self, *words: object, stdin: str | None = None) -> Shown:
        """Run one command and give all that came out of the terminal."""
        self.commands += 1
        order = {"words": [str(word) for word in words], "stdin": stdin}
        os.write(self._orders, json.dumps(order).encode() + b"\n")
        return self._read()

    def _read(self) -> Shown:
        gathered = b""
        while True:
            ready, _, _ = select.select([self._ours], [], [], 30)
            assert ready, f"no answer: {gathered[-500:]!r}"
            gathered += os.read(self._ours, 65_536)
            end = _END.search(gathered)
            if end:
                return Shown(int(end.group(1)), gathered[: end.start()])

    def close(self) -> None:
        """End the program."""
        os.close(self._orders)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._ours)


_LAUNCH = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.execv(sys.executable, [sys.executable, sys.argv[2]])
"""


def on_terminal(*words: object, environment: Mapping[str, str] | None = None) -> Shown:
    """Run the program itself, once, as a process of its own on a terminal."""
    ours, theirs = pty.openpty()
    _make_raw(theirs)
    process = subprocess.Popen(
        [sys.executable, "-m", "deskterm", *(str(word) for word in words)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
    )
    os.close(theirs)
    gathered = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # Linux tells the end of a terminal this way
            break
        if not piece:
            break
        gathered += piece
    os.close(ours)
    return Shown(process.wait(timeout=60), gathered)


def _make_raw(descriptor: int) -> None:
    """Turn off what the terminal's line discipline adds: no echo, no CR before LF."""
    mode = termios.tcgetattr(descriptor)
    mode[1] &= ~termios.OPOST
    mode[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(descriptor, termios.TCSANOW, mode)
    ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", *_SIZE, 0, 0))
