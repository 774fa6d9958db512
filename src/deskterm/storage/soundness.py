"""Whether a database is whole: the engine's own checks and the spine's promises.

The ledger, played from the start, gives the tickets as they stand (design.md §2).
"""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from deskterm.domain.clock import to_text
from deskterm.storage.driver import Database
from deskterm.storage.ticket.columns import NAMES, read

UNTOLD = {"body", "opened_at"}
"""What a customer said is the ticket's own text; when it was opened, the ledger's first entry."""
_KEPT = tuple(name for name in NAMES if name not in UNTOLD)
_PARTS = {
    "step": ("step", "SELECT ticket_id, step FROM step"),
    "field": ("name", "SELECT ticket_id, name FROM field_value"),
    "watcher": ("person_id", "SELECT ticket_id, person_id FROM watcher"),
    "link": ("kind other_id", "SELECT ticket_id, kind, other_id FROM link"),
}
"""What hangs on a ticket: the columns that name it in the ledger, and where it stands."""
_AT_ONCE = 1000
_NOTHING = (None, "", False)
Told = Callable[[int, int], None]
"""Called with how many ticket numbers are compared, and of how many."""
Keys = dict[str, object]


class Difference(NamedTuple):
    """Something that is not as the ledger tells it."""

    ticket: int
    key: str
    told: object
    stands: object

    def __str__(self) -> str:
        """Give the sentence."""
        return (
            f"ticket {self.ticket}, {self.key}: the ledger says {_shown(self.told)}, "
            f"the table holds {_shown(self.stands)}"
        )


def differences(
    database: Database, report: Told | None = None
) -> Generator[Difference, None, None]:
    """Give what differs between ledger and tables, ticket by ticket, from one consistent state."""
    with database.snapshot():
        last = _last(database)
        for first in range(1, last + 1, _AT_ONCE):
            until = min(first + _AT_ONCE - 1, last)
            yield from _compared(database, first, until)
            if report:
                report(until, last)


def _last(database: Database) -> int:
    row = database.one(
        "SELECT (SELECT max(id) FROM ticket) AS there, "
        "(SELECT max(subject_id) FROM ledger WHERE kind = 'ticket') AS told"
    )
    return max(row["there"] or 0, row["told"] or 0) if row else 0


def _compared(database: Database, first: int, until: int) -> Iterator[Difference]:
    """Compare the tickets of a range of numbers."""
    told = _told(database, first, until)
    stands = _standing(database, first, until)
    for number in sorted(told.keys() | stands.keys()):
        if number not in stands:
            yield Difference(number, "id", number, None)
        elif number not in told:
            yield Difference(number, "id", None, number)
        else:
            yield from _of_ticket(number, told[number], stands[number])


def _of_ticket(number: int, told: Keys, stands: Keys) -> Iterator[Difference]:
    for key in sorted(told.keys() | stands.keys()):
        said, there = told.get(key), stands.get(key)
        if said != there and not (said in _NOTHING and there in _NOTHING):
            yield Difference(number, key, said, there)


def _told(database: Database, first: int, until: int) -> dict[int, Keys]:
    """Play every entry in order: the last value told of each key.

    An entry that takes up from another value than the one before left is kept as a key of its own.
    """
    told: dict[int, Keys] = {}
    for row in database.all(
        "SELECT id, subject_id, changes FROM ledger WHERE kind = 'ticket' "
        "AND subject_id BETWEEN :first AND :until ORDER BY subject_id, id",
        first=first,
        until=until,
    ):
        said = told.setdefault(row["subject_id"], {})
        for key, (before, after) in json.loads(row["changes"]).items():
            part = key.partition(".")[0] in _PARTS
            if not part and ("." in key or key in UNTOLD):
                continue
            if key in said and said[key] != (before is not None if part else before):
                said[f"{key} before entry {row['id']}"] = said[key]
            said[key] = after is not None if part else after
    return told


def _standing(database: Database, first: int, until: int) -> dict[int, Keys]:
    """Give every key of the tickets as the tables hold it; of a part only that it is there."""
    between = {"first": first, "until": until}
    columns = ", ".join(_KEPT)
    rows = database.all(
        f"SELECT id, {columns} FROM ticket WHERE id BETWEEN :first AND :until",  # noqa: S608 - constants
        **between,
    )
    found = {row["id"]: {name: _plain(name, row[name]) for name in _KEPT} for row in rows}
    for kind, (names, text) in _PARTS.items():
        for row in database.all(f"{text} WHERE ticket_id BETWEEN :first AND :until", **between):
            key = ".".join([kind, *(str(row[name]) for name in names.split())])
            found.setdefault(row["ticket_id"], {})[key] = True
    return found


def _plain(name: str, value: object) -> object:
    """Give a column's value as the ledger writes it."""
    found = read(name, value)
    return to_text(found) if isinstance(found, datetime) else found


def _shown(value: object) -> str:
    text = "nothing" if value in _NOTHING else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:79]}…"


_NAMED = 20
"""So many differences are named."""

_PROMISES = (
    (
        "tickets whose openness contradicts their state",
        "SELECT count(*) AS n FROM ticket WHERE is_open <> "
        "(state IN ('new', 'open', 'waiting', 'solved'))",
    ),
    (
        "tickets without a ledger entry",
        "SELECT count(*) AS n FROM ticket t WHERE NOT EXISTS (SELECT 1 FROM ledger l "
        "WHERE l.kind = 'ticket' AND l.subject_id = t.id)",
    ),
    (
        "tickets merged into nothing or into themselves",
        "SELECT count(*) AS n FROM ticket WHERE (state = 'merged') <> (merged_into IS NOT NULL) "
        "OR merged_into = id",
    ),
    (
        "tickets above the counter",
        "SELECT count(*) AS n FROM ticket WHERE id > "
        "(SELECT value FROM counter WHERE name = 'ticket')",
    ),
    (
        "letters sent without their bytes",
        "SELECT count(*) AS n FROM outbox WHERE state = 'sent' AND sha256 IS NULL",
    ),
)


def trouble(database: Database, report: Told | None = None) -> list[str]:
    """Give a sentence for each thing that is wrong; empty where the database is whole.

    Of what differs between ledger and tables the first few are named; `report` hears how far the
    comparison has come.
    """
    with database.patiently():
        return [*damage(database), *contradictions(database, report)]


def damage(database: Database) -> list[str]:
    """Give what the engine itself finds: unreadable pages, rows that refer to nothing."""
    if database.dialect != "sqlite":
        return []
    found = _engine(database)
    if found:  # a read error that passed looks like damage: only what comes twice is told
        found = _engine(database)
    return found


def _engine(database: Database) -> list[str]:
    rows = database.all("PRAGMA integrity_check")
    found = [
        f"damaged: {row[name]}" for row in rows for name in list(row.keys()) if row[name] != "ok"
    ]
    orphans = database.all("PRAGMA foreign_key_check")
    return [*found, *(f"an orphan in {row['table']}" for row in orphans)]


def contradictions(database: Database, report: Told | None = None) -> list[str]:
    """Give what contradicts the spine's promises or the ledger."""
    found = []
    for what, text in _PROMISES:
        row = database.one(text)
        if row and row["n"]:
            found.append(f"{row['n']} {what}")
    with closing(differences(database, report)) as different:
        found += [str(one) for one in islice(different, _NAMED)]
    return found
