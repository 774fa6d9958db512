"""Rows as JSON lines into a command of the technician's own; never through a shell."""

import json
import shlex
import subprocess
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from deskterm.domain.clock import to_text
from deskterm.domain.errors import UsageError
from deskterm.domain.rows import BoardRow

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

WINDOW = 500
SHOWN = 20_000
"""Characters of the command's output that are shown."""
TIMEOUT = 60
"""Seconds the command may take."""


def pipe(desk: "Desk", ids: Sequence[int], command: str) -> str:
    """Run the command with the rows on its standard input; gives what it printed."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise UsageError(f"the command cannot be read: {error}.") from error
    if not words:
        raise UsageError("no command was given.")
    lines = [
        line(row)
        for start in range(0, len(ids), WINDOW)
        for row in desk.board.rows(list(ids[start : start + WINDOW]))
    ]
    try:
        ran = subprocess.run(
            words, input="".join(lines).encode(), capture_output=True, timeout=TIMEOUT, check=False
        )
    except OSError as error:
        raise UsageError(f"{words[0]} cannot be run: {error.strerror}.") from error
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"{words[0]} took longer than {TIMEOUT} seconds.") from error
    said = (ran.stdout + ran.stderr).decode(errors="replace")
    return f"{said[:SHOWN]}\n(exit code {ran.returncode})"


def line(row: BoardRow) -> str:
    """Give a row as one JSON line; text is exact, everything beyond ASCII escaped."""
    values = row._asdict()
    values |= values.pop("more")
    plain = {
        name: to_text(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }
    return json.dumps(plain) + "\n"
