"""Fill a new database with plausible bulk: tickets, people, categories and a ledger entry each.

Rows go in by plain SQL, in one transaction a piece; the figures of `bench/` are about reading.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from deskterm.storage.driver import Database
from deskterm.storage.store import Store
from deskterm.storage.ticket.clocks import refresh

_START = datetime(2024, 1, 1, tzinfo=UTC)
_PIECE = 10_000
_SYLLABLES = [
    first + second for first in "bdfglmnprstvwz" for second in ("a", "er", "i", "on", "u")
]
_COMMON = [
    *("printer", "vpn", "password", "laptop", "screen", "outlook", "wifi", "slow", "error"),
    *("login", "teams", "email", "network", "update", "monitor", "keyboard", "account", "drive"),
]
_OPEN_EVERY = 50
"""One ticket in this many is open; the newest are."""


def vocabulary(size: int = 20_000) -> list[str]:
    """Give words, the common ones first, for drawing by Zipf's law."""
    chance = random.Random(7)
    words = list(_COMMON)
    known = set(words)
    while len(words) < size:
        word = "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))
        if word not in known:
            known.add(word)
            words.append(word)
    return words


def fill(store: Store, tickets: int) -> None:
    """Put that many tickets into an empty desk."""
    people = max(50, tickets // 100)
    with store.work("bench") as work:
        work.claim("import")
        spine = work.spine
        spine.run(
            "INSERT INTO technician (login, name, email, level, active, since) "
            "VALUES ('cy', 'Cy', '', 1, TRUE, :now) ON CONFLICT DO NOTHING",
            now=work.at,
        )
        _people(spine, people)
    for first in range(1, tickets + 1, _PIECE):
        with store.work("bench") as work:
            work.claim("import")
            numbers = range(first, min(first + _PIECE, tickets + 1))
            rows = list(_tickets(numbers, tickets, people))
            work.spine.many(_insert("ticket", rows[0]), rows)
            work.spine.many(
                "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, "
                "public, text, changes, data) VALUES (:operation, :at, 'import', 'ticket', :id, 1, "
                "'opened', TRUE, '', '{}', '{}')",
                [{"operation": work.id, "at": row["opened_at"], "id": row["id"]} for row in rows],
            )
            work.spine.run("UPDATE counter SET value = :n WHERE name = 'ticket'", n=numbers[-1])
            refresh(work.spine, work.at, [row["id"] for row in rows if row["is_open"]])


def _people(spine: Database, people: int) -> None:
    chance = random.Random(3)
    rows = []
    for number in range(1, people + 1):
        name = " ".join("".join(chance.choices(_SYLLABLES, k=2)).capitalize() for _ in range(2))
        rows.append({"id": number, "name": name, "phone": f"+49 30 {number:05d}"})
    spine.many(
        "INSERT INTO person (id, name, phone, department, location, title, segment, notes, active) "
        "VALUES (:id, :name, :phone, 'Sales', '', '', '', '', TRUE)",
        rows,
    )
    spine.many(
        "INSERT INTO person_address (address, person_id, position) VALUES (:address, :id, 0)",
        [{"id": row["id"], "address": f"p{row['id']}@example.org"} for row in rows],
    )
    if spine.dialect == "postgresql":
        spine.all("SELECT setval(pg_get_serial_sequence('person', 'id'), :n)", n=people)


def _tickets(numbers: range, total: int, people: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(numbers[0])
    words = vocabulary()
    weights = [1 / (rank + 2) for rank in range(len(words))]
    drawn = iter(chance.choices(words, weights, k=len(numbers) * 40))
    for number in numbers:
        at = _START + timedelta(minutes=number * 1_000_000 / max(total, 1))
        is_open = chance.random() < 0.9 if number > total - total // _OPEN_EVERY else False
        state = chance.choice(("new", "open", "waiting", "solved")) if is_open else "closed"
        text = [next(drawn) for _ in range(chance.randint(12, 36))]
        yield {
            "id": number,
            "version": 1,
            "state": state,
            "is_open": is_open,
            "urgent": chance.random() < 0.08,
            "channel": chance.choice(("email", "phone", "web")),
            "subject": " ".join(text[:5]).capitalize(),
            "body": " ".join(text[5:]),
            "problem": "",
            "reproduction": "",
            "requester_id": chance.randint(1, people),
            "category_id": chance.randint(1, 13),
            "group_id": chance.randint(1, 3),
            "assignee": "cy" if chance.random() < 0.3 else None,
            "level": 1,
            "waiting_for": "customer" if state == "waiting" else None,
            "waiting_reason": "",
            "needs": "nothing",
            "approver": "",
            "close_reason": "",
            "resolution": "Restarted it" if state == "closed" else "",
            "outcome": "solved" if state == "closed" else None,
            "opened_at": at,
            "updated_at": at,
            "closed_at": at if state == "closed" else None,
        }


def _insert(table: str, row: dict[str, Any]) -> str:
    names = ", ".join(row)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in row)})"
