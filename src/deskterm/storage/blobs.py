"""Raw mails, letters and files: bytes kept once, under their hash."""

from typing import NamedTuple

from deskterm.storage.driver import Database


def keep(database: Database, raw: bytes) -> str:
    """Keep bytes; gives the hash they are found by."""
    from hashlib import sha256  # 3 ms, and few commands keep bytes

    digest = sha256(raw).hexdigest()
    database.later(
        "INSERT INTO blob (sha256, size, bytes) VALUES (:sha256, :size, :bytes) "
        "ON CONFLICT DO NOTHING",
        sha256=digest,
        size=len(raw),
        bytes=raw,
    )
    return digest


def read(database: Database, digest: str) -> bytes | None:
    """Give the bytes under a hash; None where there are none."""
    row = database.one("SELECT bytes FROM blob WHERE sha256 = :sha256", sha256=digest)
    return bytes(row["bytes"]) if row else None


class Attached(NamedTuple):
    """A file on a ledger entry of a ticket."""

    name: str
    media_type: str
    size: int
    sha256: str
    inline: bool


def attach(database: Database, place: tuple[int, int], file: Attached) -> None:
    """Put a kept file on (ticket, ledger entry)."""
    ticket, entry = place
    database.later(
        "INSERT INTO attachment (ticket_id, entry_id, name, media_type, size, sha256, inline) "
        "VALUES (:ticket, :entry, :name, :media_type, :size, :sha256, :inline)",
        ticket=ticket,
        entry=entry,
        **file._asdict(),
    )
