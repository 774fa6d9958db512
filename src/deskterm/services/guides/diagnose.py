"""A diagnostic command that a person agreed to: an argument list, a time limit, bounded output."""

import os
import shutil
import subprocess
from dataclasses import dataclass

from deskterm.domain.errors import RefusedError
from deskterm.domain.text import storable
from deskterm.services.child import end, listen, plain

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
            env=plain(os.environ),
            start_new_session=True,
        )
    except OSError as error:
        raise RefusedError(f"{argv[0]} could not be run: {error.strerror}.") from None
    with process:
        output, trouble = listen(process, timeout, MOST_OUTPUT)
        if trouble:
            end(process)
        code = process.wait()
    said = storable(output.decode("utf-8", "replace"))
    return Diagnosis(command, None if trouble else code, said, trouble)
