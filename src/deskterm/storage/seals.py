"""Seals: hashes over the ledger, one after the other, each an entry of the ledger itself."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from deskterm.domain.clock import to_text
from deskterm.storage.driver import Database, json_text, moment
from deskterm.storage.redactions import WORDS, digest_of, digests

KIND = "seal"
"""The ledger's kind of a seal; its subject is 0."""
_CHUNK = 2_000
_ENTRIES = (
    "SELECT l.id, l.operation_id, l.at, l.actor, l.person_id, l.kind, l.subject_id, l.version, "
    "l.event, l.public, l.text, l.changes, l.data, o.kind AS done, o.actor AS doer, "
    "o.at AS done_at, o.undoes FROM ledger l JOIN operation o ON o.id = l.operation_id "
    "WHERE l.id > :after AND l.id <= :upto ORDER BY l.id LIMIT :most"
)


_TIMES = ("at", "done_at")


class Seal(NamedTuple):
    """One seal as it was kept."""

    number: int
    """Its own entry in the ledger."""
    day: str
    after: int
    """It covers the entries after this one …"""
    upto: int
    """… up to this one."""
    entries: int
    hash: str


class Summed(NamedTuple):
    """What a stretch of the ledger comes to."""

    entries: int
    hash: str


def seals(database: Database) -> list[Seal]:
    """Give every seal, the oldest first."""
    rows = database.all(
        "SELECT id, at, data FROM ledger WHERE kind = 'seal' AND subject_id = 0 ORDER BY id"
    )
    found = []
    for row in rows:
        data = json.loads(row["data"])
        day = to_text(moment(row["at"]))[:10]
        found.append(
            Seal(row["id"], day, data["after"], data["upto"], data["entries"], data["hash"])
        )
    return found


def summed(database: Database, before: str, after: int, upto: int) -> Summed:
    """Hash a stretch of the ledger with its operations, beginning with the hash `before` it."""
    digest, many = sha256(before.encode()), 0
    for text in _texts(database, after, upto):
        digest.update(text.encode())
        many += 1
    return Summed(many, digest.hexdigest())


def since(database: Database, seal: Seal) -> int:
    """Give how many entries came after a seal."""
    return int(
        database.returned("SELECT count(*) AS n FROM ledger WHERE id > :id", id=seal.number)["n"]
    )


class Mark(NamedTuple):
    """How far the ledger goes, and which transactions may still write below that."""

    upto: int
    before: int
    """All numbered below it must be over."""


def mark(database: Database) -> Mark:
    """Give how far the ledger goes now."""
    upto = int(database.returned("SELECT coalesce(max(id), 0) AS id FROM ledger")["id"])
    if database.dialect == "sqlite":
        return Mark(upto, 0)
    row = database.returned("SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS x")
    return Mark(upto, int(row["x"]))


def settled(database: Database, known: Mark) -> bool:
    """Tell whether nobody can write an entry below a mark any more: who had a number is done."""
    if database.dialect == "sqlite":
        return True
    row = database.returned("SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS x")
    return int(row["x"]) >= known.before


def _texts(database: Database, after: int, upto: int) -> Iterator[str]:
    """Give each entry with its operation as one line, the same on both databases.

    Of words that were forgotten the redaction has kept the hash; all else must stand as it was.
    """
    while rows := database.all(_ENTRIES, after=after, upto=upto, most=_CHUNK):
        last = int(rows[-1]["id"])
        forgotten = digests(database, after, last)
        for row in rows:
            told = {name: row[name] for name in row.keys() if name not in WORDS}  # noqa: SIM118 - a row is no mapping
            told |= {name: to_text(moment(told[name])) for name in _TIMES}
            told |= {"public": bool(told["public"])}
            words = forgotten.get(row["id"]) or digest_of(row)
            yield json_text([told, words]) + "\n"
        after = last
