"""Objects that tests need, made the way users make them."""

from typing import Any

from deskterm.bootstrap import Desk
from deskterm.domain.requests import NewTicket
from tests.verbs import verbs


def open_ticket(desk: Desk, subject: str = "Printer offline", **values: Any) -> int:
    """Open a ticket from Ada by phone and give its number."""
    values.setdefault("requester", "Ada Moss <ada@example.org>")
    done = desk.tickets.new(NewTicket(subject=subject, **values))
    return done.tickets[0]


def solved_ticket(desk: Desk, **values: Any) -> int:
    """Open a ticket and solve it; nothing is verified yet."""
    number = open_ticket(desk, **values)
    verbs(desk).solve([number], "Replaced the cable.")
    return number


def value(desk: Desk, number: int, column: str) -> Any:
    """Give a column of a ticket as stored."""
    with desk.store.reading() as database:
        row = database.one(f"SELECT {column} AS v FROM ticket WHERE id = :id", id=number)
    assert row is not None
    return row["v"]


def count(desk: Desk, table: str, where: str = "1 = 1", **params: Any) -> int:
    """Give how many rows a table has."""
    with desk.store.reading() as database:
        row = database.one(f"SELECT count(*) AS n FROM {table} WHERE {where}", **params)
    assert row is not None
    return int(row["n"])


def snapshot(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that a ticket operation may change, without versions and times of change."""
    texts = {
        "ticket": "SELECT id, state, is_open, urgent, subject, problem, assignee, group_id, "
        "from_group_id, level, waiting_for, outcome, resolution, craft_proof, customer_proof, "
        "merged_into, needs, closed_at, first_closed_at, solved_at FROM ticket ORDER BY id",
        "step": "SELECT ticket_id, step, status, actor, reason FROM step ORDER BY 1, 2",
        "link": "SELECT ticket_id, kind, other_id FROM link ORDER BY 1, 2, 3",
        "watcher": "SELECT ticket_id, person_id FROM watcher ORDER BY 1, 2",
        "field": "SELECT ticket_id, name, value FROM field_value ORDER BY 1, 2",
        "item": "SELECT ticket_id, number, text, required, done_by FROM checklist_item "
        "ORDER BY 1, 2",
        "place": "SELECT entry_id, ticket_id FROM entry_place ORDER BY 1",
    }
    with desk.store.reading() as database:
        return {
            name: [tuple(row[key] for key in list(row.keys())) for row in database.all(text)]
            for name, text in texts.items()
        }
