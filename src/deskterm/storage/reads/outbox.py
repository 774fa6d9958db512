"""What waits in the outbox, what failed, and how it stands; plain SQL."""

from typing import NamedTuple

from deskterm.domain.errors import NotFoundError
from deskterm.domain.mail_rows import LetterRow
from deskterm.storage.driver import Database, Row, as_row

_ROWS = """
SELECT o.id, o.ticket_id, t.subject, o.recipient, o.recipient_name, o.template, o.state,
o.created_at, o.not_before, o.attempts, o.error, o.sent_at
FROM outbox o LEFT JOIN ticket t ON t.id = o.ticket_id
"""
_ORDER = (
    "ORDER BY CASE o.state WHEN 'failed' THEN 0 WHEN 'claimed' THEN 1 WHEN 'queued' THEN 2 "
    "ELSE 3 END, o.id DESC"
)
WAITING, FAILED = ("queued", "claimed"), ("failed",)


class Wanted(NamedTuple):
    """Which letters are asked for."""

    states: tuple[str, ...] = (*WAITING, *FAILED)
    ticket: int | None = None
    recipient: str = ""
    """Part of an address or name; empty: everybody's."""
    limit: int = 200


def letters(database: Database, wanted: Wanted) -> list[LetterRow]:
    """Give letters, failed ones first and then the newest."""
    states = {f"s{number}": state for number, state in enumerate(wanted.states)}
    conditions = [f"o.state IN ({', '.join(f':{name}' for name in states)})"]
    values: dict[str, object] = dict(states)
    if wanted.ticket is not None:
        conditions.append("o.ticket_id = :ticket")
        values["ticket"] = wanted.ticket
    if wanted.recipient:
        conditions.append(
            "(lower(o.recipient) LIKE :who ESCAPE '!' "
            "OR lower(o.recipient_name) LIKE :who ESCAPE '!')"
        )
        values["who"] = f"%{_literal(wanted.recipient.lower())}%"
    rows = database.all(
        f"{_ROWS} WHERE {' AND '.join(conditions)} {_ORDER} LIMIT :most",
        most=wanted.limit,
        **values,
    )
    return [_letter(row) for row in rows]


def letters_by_id(database: Database, numbers: tuple[int, ...]) -> tuple[LetterRow, ...]:
    """Give letters in the order of their numbers; raises NotFoundError naming a missing one."""
    rows = database.all(
        f"{_ROWS} WHERE o.id IN :ids ORDER BY o.id",
        ids=numbers,
    )
    missing = sorted(set(numbers) - {row["id"] for row in rows})
    if missing:
        raise NotFoundError(f"there is no letter {missing[0]}; see `deskterm mail queue --all`.")
    return tuple(_letter(row) for row in rows)


def standing(database: Database) -> tuple[int, int, str]:
    """Give (how many wait, how many failed, why the newest did)."""
    rows = database.all(
        "SELECT state, count(*) AS n, max(id) AS newest FROM outbox "
        "WHERE state IN ('queued', 'claimed', 'failed') GROUP BY state"
    )
    counts = {row["state"]: (row["n"], row["newest"]) for row in rows}
    failed, newest = counts.get("failed", (0, 0))
    row = database.one("SELECT error FROM outbox WHERE id = :id", id=newest) if failed else None
    waiting = sum(counts.get(state, (0, 0))[0] for state in WAITING)
    return waiting, failed, str(row["error"]) if row else ""


def _literal(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _letter(row: Row) -> LetterRow:
    return as_row(LetterRow, row, subject=row["subject"] or "")
