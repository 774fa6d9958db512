"""Attachments on this machine: saving them, and opening them with the system's program."""

import atexit
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from textual.app import App, SuspendNotSupported

from deskterm.disk import save_into
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.text import safe_filename

_RUN = """
app appimage apk applescript bash bat bin chm cmd com command cpl csh deb desktop dll dmg dylib elf
exe fish gadget hta inf ins iso jar jnlp js jse ksh lnk msc msi msix msp pif pkg pl ps1 psm1 py pyc
pyw rb reg rpm run scf scpt scr sct settingcontent-ms sh so terminal tool torrent url vb vbe vbs vhd
vhdx webloc website workflow wsf wsh xll xpi zsh
"""
_RUN_WITHIN = """
docm dotm hta htm html iqy mht mhtml one potm ppam pptm slk svg svgz xht xhtml xlam xlsm xltm
"""
LAUNCHERS = frozenset(f"{_RUN} {_RUN_WITHIN}".split())
"""Extensions of files that start a program, or run a script or macro within one, when opened."""


def refuse_launcher(name: str) -> None:
    """Raise RefusedError where opening a file of that name could run something."""
    parts = safe_filename(name).lower().split(".")
    if len(parts) < 2:
        raise RefusedError(f"{parts[0]!r} has no extension: save it and look at it first.")
    if parts[-1] in LAUNCHERS:
        raise RefusedError(f".{parts[-1]} files can run programs: it is not opened; save it.")


def opener_command(setting: str, environ: Mapping[str, str]) -> list[str]:
    """Give the program that opens files and links: the setting, else the system's.

    Raises RefusedError that says what to do where there is none, or no desktop to show it on.
    """
    if setting.strip():
        try:
            return shlex.split(setting)
        except ValueError as error:
            raise UsageError(f"the setting opener is {setting!r} ({error}).") from None
    if sys.platform == "darwin":
        return ["open"]
    if not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")):
        raise RefusedError(
            "there is no desktop here to open it on: save it or copy it, "
            "or name a program with `deskterm settings set opener less`."
        )
    found = shutil.which("xdg-open", path=environ.get("PATH"))
    if found is None:
        raise RefusedError("xdg-open is not installed: `deskterm settings set opener PROGRAM`.")
    return [found]


def open_file(app: App[object], command: Sequence[str], name: str, content: bytes) -> None:
    """Put a file into a private folder and open it; launcher types are refused.

    The folder goes when the program in the terminal ends, or with this process.
    """
    refuse_launcher(name)
    folder = Path(tempfile.mkdtemp(prefix="deskterm-open-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = save_into(folder, name, content)
    if hand_over(app, command, str(file)):
        shutil.rmtree(folder, ignore_errors=True)


def hand_over(app: App[object], command: Sequence[str], what: str) -> bool:
    """Start the program with one argument: beside the app on a desktop, else in the terminal.

    Gives True where the program is known to have ended.
    """
    environ = os.environ
    desktop = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"
    try:
        if desktop:
            _beside(command, what)
        else:
            with app.suspend():
                subprocess.run([*command, what], check=False, env=_for_pagers(environ))
    except SuspendNotSupported:
        raise RefusedError("this terminal cannot be lent to another program.") from None
    except OSError as error:
        raise RefusedError(f"{command[0]} did not start ({error.strerror}).") from None
    return not desktop


def _for_pagers(environ: Mapping[str, str]) -> dict[str, str]:
    """A pager shows control characters as signs, starts no shell and no filter."""
    kept = {name: text for name, text in environ.items() if name not in ("LESS", "LESSOPEN")}
    return {**kept, "LESSSECURE": "1"}


def _beside(command: Sequence[str], what: str) -> None:
    """Start it away from this terminal: it can neither read keys nor write on the screen."""
    _started[:] = [one for one in _started if one.poll() is None]
    _started.append(
        subprocess.Popen(
            [*command, what],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    )


_started: list[subprocess.Popen[bytes]] = []
"""Programs that may still be running; kept so that they are reaped."""
