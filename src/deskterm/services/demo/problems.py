"""The known problems of the demo company: tied to tickets that tell of them; one outage is new."""

from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.storage.driver import Database


class Known(NamedTuple):
    """A problem of the demo and how its tickets are recognised."""

    title: str
    state: str
    category: str
    days: int
    """So many days ago it was found; older tickets are not of it."""
    cause: str
    workaround: str
    os: str = ""
    like: str = "%"
    """Their subjects, in lower case."""


KNOWN = (
    Known(
        "ERP stands still: database storage full",
        "verified",
        "software/erp",
        130,
        "The storage of the ERP database filled up; no alarm was set.",
        "Wait; orders on paper are entered afterwards.",
        like="%erp%",
    ),
    Known(
        "Laptops lose their Wi-Fi after the driver update",
        "known_error",
        "network/wifi",
        40,
        "The driver of October powers the card down when it idles.",
        "Switch the Wi-Fi off and on; on the cable nothing is lost.",
        os="Windows 11*",
    ),
    Known(
        "Printers show offline after the server moved",
        "open",
        "printing/queue",
        40,
        "",
        "Remove the printer and add it again from the list.",
    ),
)
MOST = 60
"""Tickets tied to one of them."""


def tell_problems(database: Database, now: datetime) -> None:
    """Write the problems of the demo with the tickets that fit."""
    for known in KNOWN:
        tickets = _tickets(database, known, now)
        if tickets:
            _write(database, known, tickets, now)


def _tickets(database: Database, known: Known, now: datetime) -> list[int]:
    rows = database.all(
        "SELECT t.id FROM ticket t JOIN category c ON c.id = t.category_id "
        "WHERE c.path = :category AND lower(t.subject) LIKE :like "
        "AND t.opened_at > :since AND t.state <> 'merged' ORDER BY t.id DESC LIMIT :most",
        category=known.category,
        like=known.like,
        since=now - timedelta(days=known.days),
        most=MOST,
    )
    return sorted(row["id"] for row in rows)


def _write(database: Database, known: Known, tickets: list[int], now: datetime) -> None:
    row = database.one(
        "INSERT INTO problem (title, state, cause, workaround, reproduction, model, os, "
        "category_id, severity, owner, version, created_at, updated_at) VALUES (:title, :state, "
        ":cause, :workaround, '', '', :os, (SELECT id FROM category WHERE path = :category), "
        "'normal', '', 1, :made, :made) RETURNING id",
        title=known.title,
        state=known.state,
        cause=known.cause,
        workaround=known.workaround,
        os=known.os,
        category=known.category,
        made=now - timedelta(days=known.days - 1),
    )
    database.run(
        "INSERT INTO problem_ticket (ticket_id, problem_id) "
        "SELECT id, :problem FROM ticket WHERE id IN :ids",
        problem=row["id"],  # type: ignore[index]  # RETURNING always gives the row
        ids=tickets,
    )
