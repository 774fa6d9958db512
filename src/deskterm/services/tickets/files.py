"""Files on tickets: bytes under their hash, the foreign name beside them."""

from collections.abc import Iterable

from deskterm.domain.requests import NewFile
from deskterm.domain.text import storable
from deskterm.storage import blobs
from deskterm.storage.blobs import Attached
from deskterm.storage.driver import Database
from deskterm.storage.work import Work


def keep_blob(database: Database, content: bytes) -> str:
    """Keep bytes once under their SHA-256; gives the hash."""
    return blobs.keep(database, content)


def keep_files(work: Work, ticket: int, entry: int, files: Iterable[NewFile]) -> None:
    """Keep files on a ledger entry of a ticket."""
    for file in files:
        blobs.attach(
            work.spine,
            (ticket, entry),
            Attached(
                name=storable(file.name),
                media_type=storable(file.media_type),
                size=len(file.content),
                sha256=keep_blob(work.spine, file.content),
                inline=file.inline,
            ),
        )
