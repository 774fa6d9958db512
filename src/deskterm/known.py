"""Which desk files this person has used without naming them in the call.

Only the very first start makes such a file. One that was here before and is missing was moved or
deleted, and an empty desk in its place would hide that.
"""

import os
from contextlib import suppress
from hashlib import sha256
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


def remember(settings: Settings) -> None:
    """Note that this desk was here; where nothing can be written it stays unknown."""
    file = _own_file(settings)
    if file is None:
        return
    with suppress(OSError, DatabaseError):
        note = _note(file)
        if not note.exists():
            disk.write(note, os.fsencode(file.absolute()) + b"\n", replace=True)


def _own_file(settings: Settings) -> Path | None:
    """Give the SQLite file that is used without being named in the call."""
    url = settings.database_url
    if settings.source("db") == "flag" or not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///"))


def _note(file: Path) -> Path:
    folder = paths.data_folder() / "desks"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / sha256(os.fsencode(file.absolute())).hexdigest()[:32]
