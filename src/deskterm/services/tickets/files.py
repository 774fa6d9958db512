"""Files on tickets: bytes under their hash, the foreign name beside them."""

from collections.abc import Iterable
from hashlib import sha256

from deskterm.domain.requests import NewFile
from deskterm.domain.text import storable
from deskterm.storage.driver import Database
from deskterm.storage.work import Work


def keep_blob(database: Database, content: bytes) -> str:
    """Keep bytes once under their SHA-256; gives the hash."""
    digest = sha256(content).hexdigest()
    database.run(
        "INSERT INTO blob (sha256, size, bytes) VALUES (:sha256, :size, :bytes) "
        "ON CONFLICT DO NOTHING",
        sha256=digest,
        size=len(content),
        bytes=content,
    )
    return digest


def keep_files(work: Work, ticket: int, entry: int, files: Iterable[NewFile]) -> None:
    """Keep files on a ledger entry of a ticket."""
    for file in files:
        work.spine.run(
            "INSERT INTO attachment (ticket_id, entry_id, name, media_type, size, sha256, inline) "
            "VALUES (:ticket, :entry, :name, :type, :size, :sha256, :inline)",
            ticket=ticket,
            entry=entry,
            name=storable(file.name),
            type=storable(file.media_type),
            size=len(file.content),
            sha256=keep_blob(work.spine, file.content),
            inline=file.inline,
        )
