"""The secrets that sign Message-IDs and addresses: the only place that reads them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from deskterm.domain.clock import from_text, to_text
from deskterm.storage.driver import Database, moment


def token_secrets(database: Database) -> list[str]:
    """Give every secret, the one that signs first; the others open what they signed.

    A server gives them to its workers and its owner alone: to others none.
    """
    if database.dialect == "postgresql":
        rows = database.all("SELECT value FROM unnest(deskterm_secrets()) AS one (value)")
    else:
        rows = database.all("SELECT value FROM secret WHERE name = 'token' ORDER BY id DESC")
    return [str(row["value"]) for row in rows]


_MARKS = """
SELECT deskterm_mark(one.ticket, one.rest) AS mark
FROM unnest(:tickets::bigint[], :rests::text[]) WITH ORDINALITY AS one (ticket, rest, place)
ORDER BY one.place
"""
_MARKED = 500
"""Marks that one statement makes: the server takes some tenths of a millisecond for each."""


def marks_of(database: Database, named: Sequence[tuple[int, str]]) -> list[str]:
    """Give the marks of Message-IDs (ticket, unique) from a server that keeps its secrets."""
    marks: list[str] = []
    for start in range(0, len(named), _MARKED):
        tickets, rests = zip(*named[start : start + _MARKED], strict=True)
        rows = database.all(_MARKS, tickets=tickets, rests=rests)
        marks += [str(row["mark"]) for row in rows]
    return marks


def token_times(database: Database) -> list[tuple[int, datetime]]:
    """Give (number, since when) of every secret, the one that signs first."""
    rows = database.all("SELECT id, created_at FROM secret WHERE name = 'token' ORDER BY id DESC")
    return [(row["id"], moment(row["created_at"])) for row in rows]


def add_token(database: Database, value: str, at: datetime) -> int:
    """Let a new secret sign from now on; gives its number."""
    row = database.returned(
        "INSERT INTO secret (name, value, created_at) VALUES ('token', :value, :at) RETURNING id",
        value=value,
        at=at,
    )
    return int(row["id"])


def every(database: Database) -> list[dict[str, str]]:
    """Give every secret with its name and since when, the oldest first, to be carried sealed."""
    rows = database.all("SELECT name, value, created_at FROM secret ORDER BY id")
    return [
        {
            "name": str(row["name"]),
            "value": str(row["value"]),
            "created_at": to_text(moment(row["created_at"])),
        }
        for row in rows
    ]


def replace_all(database: Database, secrets: Iterable[Mapping[str, str]]) -> None:
    """Let these be the desk's secrets, in their order, instead of those of a new desk."""
    database.run("DELETE FROM secret")
    for one in secrets:
        database.run(
            "INSERT INTO secret (name, value, created_at) VALUES (:name, :value, :at)",
            name=one["name"],
            value=one["value"],
            at=from_text(one["created_at"]),
        )
