"""Programs that are run for the desk: bounded in time and in what they say, ended as a group."""

import os
import selectors
import signal
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess


def plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the environment without what could tell a program the desk's secrets."""
    hidden = ("DESKTERM_", "PG", "DATABASE_")
    return {name: value for name, value in environment.items() if not name.startswith(hidden)}


def listen(process: "subprocess.Popen[bytes]", timeout: float, most: int) -> tuple[bytes, str]:
    """Give what a program says until it ends, its time is over or it says too much; and which."""
    ends = time.monotonic() + timeout
    said = bytearray()
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(said) <= most:
            left = ends - time.monotonic()
            if left <= 0 or not selector.select(left):
                return bytes(said), f"ended after {timeout:g} s"
            chunk = os.read(process.stdout.fileno(), 65_536)
            if not chunk:
                return bytes(said), ""
            said += chunk
    return bytes(said[:most]), f"ended after {most} bytes of output"


def end(process: "subprocess.Popen[bytes]") -> None:
    """End a program that has a process group of its own, with all that it began."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
