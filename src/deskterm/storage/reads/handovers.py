"""Reads of hand-overs, and who has read them: a mark of one's own, nothing for the ledger."""

import json
from datetime import datetime

from deskterm.domain.errors import NotFoundError
from deskterm.domain.handovers import HandoverRow, Item
from deskterm.storage.driver import Database, Row, moment

_ROWS = "SELECT h.id, h.login, h.at, h.words, h.items FROM handover h"


def handovers(database: Database, most: int) -> list[HandoverRow]:
    """Give hand-overs, the newest first, with who has read each."""
    rows = database.all(f"{_ROWS} ORDER BY h.id DESC LIMIT :most", most=most)
    return [_row(database, row) for row in rows]


def one(database: Database, number: int | None) -> HandoverRow:
    """Give a hand-over by number, None: the newest; raises NotFoundError."""
    row = database.one(
        f"{_ROWS} WHERE CAST(:id AS integer) IS NULL OR h.id = :id ORDER BY h.id DESC LIMIT 1",
        id=number,
    )
    if row is None:
        which = f"no hand-over {number}" if number is not None else "no hand-over yet"
        raise NotFoundError(f"there is {which}; see `deskterm handover list`.")
    return _row(database, row)


def unread(database: Database, login: str, since: datetime) -> list[HandoverRow]:
    """Give the hand-overs of others since then that somebody has not read, the newest first."""
    rows = database.all(
        f"{_ROWS} WHERE h.at > :since AND h.login <> :login AND NOT EXISTS "  # noqa: S608 - constants
        "(SELECT 1 FROM handover_read r WHERE r.handover_id = h.id AND r.login = :login) "
        "ORDER BY h.id DESC LIMIT 20",
        since=since,
        login=login,
    )
    return [_row(database, row) for row in rows]


def see(database: Database, number: int, login: str, at: datetime) -> None:
    """Mark a hand-over as read by somebody."""
    database.run(
        "INSERT INTO handover_read (handover_id, login, at) VALUES (:id, :login, :at) "
        "ON CONFLICT DO NOTHING",
        id=number,
        login=login,
        at=at,
    )


def _row(database: Database, row: Row) -> HandoverRow:
    readers = database.all(
        "SELECT login FROM handover_read WHERE handover_id = :id ORDER BY login", id=row["id"]
    )
    return HandoverRow(
        int(row["id"]),
        row["login"],
        moment(row["at"]),
        row["words"],
        [Item(*each) for each in json.loads(row["items"])],
        tuple(each["login"] for each in readers),
    )
