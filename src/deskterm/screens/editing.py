"""Long text in the technician's own editor: an argument list, a private file, no shell."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from deskterm.domain.errors import RefusedError, UsageError

LARGEST = 5_000_000
"""Bytes read back from the editor at most."""

_HOW = (
    "export EDITOR=nano (or vim, …) before starting, "
    "or `deskterm settings set editor nano`."
)  # fmt: skip


def editor_command(setting: str, environ: Mapping[str, str]) -> list[str]:
    """Give the editor as an argument list: the setting, else $VISUAL, else $EDITOR.

    Raises RefusedError that says what to do where there is none or it is not installed.
    """
    source = next(
        (
            (name, text)
            for name, text in (
                ("the setting editor", setting),
                ("$VISUAL", environ.get("VISUAL", "")),
                ("$EDITOR", environ.get("EDITOR", "")),
            )
            if text.strip()
        ),
        None,
    )
    if source is None:
        raise RefusedError(f"no editor is set: {_HOW}")
    name, text = source
    try:
        command = shlex.split(text)
    except ValueError as error:
        raise UsageError(f"{name} is {text!r}, which cannot be read ({error}): {_HOW}") from None
    if shutil.which(command[0], path=environ.get("PATH")) is None:
        raise RefusedError(f"{name} names {command[0]!r}, which is not installed: {_HOW}")
    return command


def edit_text(app: App[object], command: Sequence[str], text: str) -> str:
    """Let the editor have the terminal and give the text as it was left.

    Raises RefusedError where the editor fails or the terminal cannot be lent; then nothing is
    changed.
    """
    with tempfile.TemporaryDirectory(prefix="deskterm-") as folder:
        file = _private_file(folder, text)
        try:
            with app.suspend():
                ended = subprocess.run([*command, str(file)], check=False).returncode
        except SuspendNotSupported:
            raise RefusedError("this terminal cannot be lent to an editor.") from None
        except OSError as error:
            raise RefusedError(f"{command[0]} did not start ({error.strerror}): {_HOW}") from None
        if ended != 0:
            raise RefusedError(f"{command[0]} ended with code {ended}; your text is as before.")
        return _read_back(file)


def _private_file(folder: str, text: str) -> Path:
    """Write the text into a new file, mode 0600, of a random name."""
    handle, name = tempfile.mkstemp(prefix="text-", suffix=".txt", dir=folder)
    with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
        file.write(text if text.endswith("\n") or not text else f"{text}\n")
    return Path(name)


def _read_back(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise RefusedError(f"the editor took the file away ({error.strerror}).") from None
    if len(content) > LARGEST:
        raise RefusedError(f"the text is longer than {LARGEST // 1_000_000} MB; it was not taken.")
    return content.decode("utf-8", errors="replace").replace("\r\n", "\n").rstrip("\n")
