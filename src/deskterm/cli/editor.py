"""Long text in the person's own editor from the command line: an argument list, a private file."""

import os
import subprocess
import tempfile
from pathlib import Path

from deskterm.domain.errors import RefusedError


def edited(setting: str, text: str) -> str:
    """Give the text as the editor left it; raises RefusedError, then nothing is changed."""
    from deskterm.screens.editing import editor_command

    command = editor_command(setting, os.environ)
    with tempfile.TemporaryDirectory(prefix="deskterm-") as folder:
        file = Path(folder) / "text.txt"
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8", errors="replace", newline="")
        try:
            code = subprocess.run([*command, str(file)], check=False).returncode
        except OSError as error:
            raise RefusedError(f"{command[0]} did not start ({error.strerror}).") from None
        if code != 0:
            raise RefusedError(f"{command[0]} ended with code {code}; nothing was changed.")
        return file.read_text(encoding="utf-8", errors="replace")
