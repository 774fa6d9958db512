"""Letters into a Maildir: written whole and durably, then given their name; a name only once."""

import os
from pathlib import Path

from deskterm import disk


def deliver(folder: Path, name: str, raw: bytes) -> bool:
    """Put a mail into a Maildir under a name of ours; gives whether it was not there before.

    The same name delivered again changes nothing, also after somebody read it. Raises OSError.
    """
    for part in ("", "tmp", "new", "cur"):
        (folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / "new" / name
    if target.exists() or any((folder / "cur").glob(f"{name}*")):
        return False
    temporary = folder / "tmp" / f"{name}.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    disk.write(temporary, raw)
    temporary.replace(target)
    disk.sync_folder(folder / "new")
    return True
