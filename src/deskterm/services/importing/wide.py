"""The wide form: what a ticket of any other help desk is turned into, once, before it is ours."""

import base64
import binascii
import mimetypes
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from deskterm import disk
from deskterm.domain.errors import UsageError
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Outcome, State, WaitingFor

Json = Any
"""A value of somebody else's JSON: whatever it can hold, looked at before it is believed."""
Record = Mapping[str, Json]
"""What a reader gives of a ticket: our names, foreign values; `docs/import.md` lists the names."""
ReadTime = Callable[[str], datetime]
"""Gives the moment of a text; raises ValueError."""


class Someone(NamedTuple):
    """A person as another desk knows them: a requester, an author, an owner."""

    name: str = ""
    addresses: tuple[str, ...] = ()
    """Normal ones, the main one first."""
    organisation: str = ""
    phone: str = ""
    title: str = ""
    department: str = ""
    notes: str = ""

    @property
    def shown(self) -> str:
        """What they are called in a line."""
        return self.name or (self.addresses[0] if self.addresses else "")


class ForeignFile(NamedTuple):
    """A file on a foreign ticket: its bytes are read when they are wanted."""

    name: str
    media_type: str
    read: Callable[[], bytes] | None
    """None: the export holds only its name."""
    address: str = ""
    """Where the old desk has it."""


class Happening(NamedTuple):
    """One event of a foreign history."""

    at: datetime
    kind: str
    """comment, open, close, reopen, or the old desk's own word."""
    by: str
    text: str
    rest: Record
    """What else the old desk says of it."""
    public: bool = True
    key: str = ""
    """What the old desk calls it, or a digest: the same is never told twice."""
    files: tuple[ForeignFile, ...] = ()


class Standing(NamedTuple):
    """Where a foreign state word leaves a ticket here."""

    state: State
    outcome: Outcome | None = None
    waiting: WaitingFor | None = None


class Foreign(NamedTuple):
    """A ticket of another help desk."""

    where: str
    """File and line, for messages."""
    id: str
    subject: str
    body: str
    requester: Someone
    opened: datetime
    closed: datetime | None
    updated: datetime | None
    category: str
    urgent: bool
    outcome: Outcome | None
    resolution: str
    duplicates: tuple[str, ...]
    fields: Mapping[str, str]
    digest: str
    """Of the whole record: the same again is no new ticket."""
    status: str = ""
    """The old desk's own word for its state."""
    standing: Standing | None = None
    """What that word means here; None: there is none, or nobody knows."""
    group: str = ""
    owner: Someone = Someone()
    channel: str = ""
    watchers: tuple[Someone, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    """(kind of link, foreign number)."""
    happened: tuple[Happening, ...] = ()
    files: tuple[ForeignFile, ...] = ()
    """Files of the opening itself."""
    flags: tuple[str, ...] = ()
    """What is odd about it but was kept."""


_TYPE = "application/octet-stream"


def file_of(given: Json, where: str, folder: Path | None) -> ForeignFile:
    """Give a file of a record: {name, path or content (base64) or address, media_type}.

    Raises UsageError where it is no such thing. A path that leads out of the folder is no file.
    """
    if not isinstance(given, dict):
        given = _named(str(given).strip())
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


def _named(text: str) -> dict[str, str]:
    """Give a file of the one text that names it: its name, or its address in the old desk."""
    if "://" not in text:
        return {"name": text}
    return {"name": unquote(PurePosixPath(urlsplit(text).path).name), "address": text}


def _below(folder: Path, path: str) -> Path | None:
    """Give the file, where it lies below the folder."""
    try:
        found = (folder / path).resolve()
        return found if found.is_file() and found.is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):
        return None
