"""What somebody has begun to write, by owner, kind and subject."""

from datetime import datetime

from deskterm.domain.text import storable
from deskterm.storage.driver import Database


def read(database: Database, owner: str, kind: str, subject: int) -> str:
    """Give a draft, or nothing."""
    row = database.one(
        "SELECT body FROM draft WHERE owner = :me AND kind = :kind AND subject_id = :id",
        me=owner,
        kind=kind,
        id=subject,
    )
    return str(row["body"]) if row else ""


def write(
    database: Database, owner: str, kind: str, subject: tuple[int, str], at: datetime
) -> None:
    """Keep a draft: (subject, text)."""
    number, body = subject
    database.run(
        "INSERT INTO draft (owner, kind, subject_id, body, updated_at) "
        "VALUES (:me, :kind, :id, :body, :now) ON CONFLICT (owner, kind, subject_id) "
        "DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
        me=owner,
        kind=kind,
        id=number,
        body=storable(body),
        now=at,
    )


def drop(database: Database, owner: str, kind: str, subject: int) -> None:
    """Forget a draft."""
    database.run(
        "DELETE FROM draft WHERE owner = :me AND kind = :kind AND subject_id = :id",
        me=owner,
        kind=kind,
        id=subject,
    )
