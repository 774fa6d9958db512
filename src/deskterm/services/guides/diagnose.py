"""A diagnostic command that a person agreed to: an argument list, a time limit, bounded output."""

import os
import selectors
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass

from deskterm.domain.errors import RefusedError
from deskterm.domain.text import storable

MOST_OUTPUT = 16_000
"""Bytes kept of what a command says; it is ended when it says more."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a command said."""

    command: str
    exit_code: int | None
    """None where it was ended because its time was over, or it said too much."""
    output: str
    trouble: str = ""

    @property
    def text(self) -> str:
        """Give it as the ticket keeps it."""
        ended = f"exit {self.exit_code}" if self.exit_code is not None else self.trouble
        return f"$ {self.command}\n{self.output.rstrip()}\n({ended})"


def run(argv: list[str], command: str, timeout: int) -> Diagnosis:
    """Run the command without a shell; raises RefusedError where the program is missing.

    It gets no input, none of deskterm's or the database's settings, and its own process group.
    """
    program = shutil.which(argv[0])
    if program is None:
        raise RefusedError(f"{argv[0]} is not installed on this machine: the command was not run.")
    try:
        process = subprocess.Popen(
            [program, *argv[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_plain(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        raise RefusedError(f"{argv[0]} could not be run: {error.strerror}.") from None
    with process:
        output, trouble = _listen(process, timeout)
        if trouble:
            _end(process)
        code = process.wait()
    said = storable(output.decode("utf-8", "replace"))
    return Diagnosis(command, None if trouble else code, said, trouble)


def _plain(environment: Mapping[str, str]) -> dict[str, str]:
    """Give the environment without what could tell the command the desk's secrets."""
    hidden = ("DESKTERM_", "PG", "DATABASE_")
    return {name: value for name, value in environment.items() if not name.startswith(hidden)}


def _listen(process: "subprocess.Popen[bytes]", timeout: int) -> tuple[bytes, str]:
    """Give what the command says until it ends, its time is over or it says too much."""
    ends = time.monotonic() + timeout
    said = bytearray()
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while len(said) <= MOST_OUTPUT:
            left = ends - time.monotonic()
            if left <= 0 or not selector.select(left):
                return bytes(said), f"ended after {timeout} s"
            chunk = os.read(process.stdout.fileno(), 4096)
            if not chunk:
                return bytes(said), ""
            said += chunk
    return bytes(said[:MOST_OUTPUT]), f"ended after {MOST_OUTPUT} bytes of output"


def _end(process: "subprocess.Popen[bytes]") -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        process.kill()
