"""Files of foreign tickets: found below the folder of the export and nowhere else."""

import base64
import binascii
import mimetypes
from functools import partial
from pathlib import Path

from deskterm import disk
from deskterm.domain.errors import UsageError
from deskterm.domain.text import storable
from deskterm.services.importing.wide import ForeignFile, Json

_TYPE = "application/octet-stream"


def file_of(given: Json, where: str, folder: Path | None) -> ForeignFile:
    """Give a file of a record: {name, path or content (base64) or address, media_type}.

    Raises UsageError where it is no such thing. A path that leads out of the folder is no file.
    """
    if not isinstance(given, dict):
        given = {"name": str(given)}
    text = {key: storable(str(value)) for key, value in given.items() if value is not None}
    path, content = text.get("path", ""), text.get("content", "")
    name = text.get("name") or Path(path).name or "file"
    guessed = text.get("media_type") or mimetypes.guess_type(name)[0] or _TYPE
    read = None
    if content:
        try:
            read = partial(bytes, base64.b64decode(content, validate=True))
        except (binascii.Error, ValueError):
            raise UsageError(f"{where}: the file {name[:60]!r} is no base64.") from None
    elif path and folder is not None and (found := _below(folder, path)) is not None:
        read = partial(disk.read_bytes, found)
    return ForeignFile(name, guessed, read, text.get("address", ""))


def _below(folder: Path, path: str) -> Path | None:
    """Give the file, where it lies below the folder."""
    try:
        found = (folder / path).resolve()
        return found if found.is_file() and found.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None
