"""Which desk files this person has used without naming them in the call.

Only the very first start makes such a file. One that was here before and is missing was moved or
deleted, and an empty desk in its place would hide that.
"""

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from deskterm import disk, paths
from deskterm.domain.errors import DatabaseError
from deskterm.settings import Settings


def may_begin(settings: Settings) -> bool:
    """Tell whether a desk may be made unasked: --db names none, none was here, it can be noted."""
    file = _own_file(settings)
    if file is None:
        return False
    try:
        note = _note(file)
        return not note.exists() and os.access(note.parent, os.W_OK)
    except (OSError, DatabaseError):
        return False


def begins(settings: Settings) -> bool:
    """Tell whether opening the desk will make its file."""
    file = _own_file(settings)
    return file is not None and not file.exists() and may_begin(settings)


def remember(settings: Settings, *, on_purpose: bool = False) -> bool:
    """Note that this desk was here and which file it is; gives whether it is another than noted.

    What the program itself put there `on_purpose` is noted without a word. Where nothing can be
    written the desk stays unknown.
    """
    file = _own_file(settings)
    if file is None:
        return False
    with suppress(OSError, DatabaseError):
        note = _note(file)
        before = note.read_bytes() if note.exists() else b""
        now = os.fsencode(file.absolute()) + b"\n" + _identity(file)
        if before != now:
            disk.write(note, now, replace=True)
            return before.count(b"\n") > 1 and not on_purpose
    return False


def _identity(file: Path) -> bytes:
    """Give the inode, which another file under the same name does not have.

    Not the device: its number may change with every start of the machine.
    """
    return b"%d\n" % file.stat().st_ino


def _own_file(settings: Settings) -> Path | None:
    """Give the SQLite file that is used without being named in the call."""
    url = settings.database_url
    if settings.source("db") == "flag" or not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///"))


def _note(file: Path) -> Path:
    folder = paths.data_folder() / "desks"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / _hash(os.fsencode(file.absolute()))[:32]


def _hash(text: bytes) -> str:
    """Give the SHA-256 by the interpreter's own module, as the library's `random` does.

    `hashlib` loads OpenSSL first, 4 ms for each command of a desk that --db does not name.
    """
    try:
        own = import_module("_sha256")
    except ImportError:
        own = import_module("hashlib")
    return str(own.sha256(text).hexdigest())
