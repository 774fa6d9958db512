"""What people wrote, folded where it is written otherwise, so that a search finds it."""

from collections.abc import Sequence

from deskterm.storage.driver import Database
from deskterm.storage.search import WORDS, folded_lines
from deskterm.storage.ticket.entry import Derived, Entry

_CHUNK = 500
_OCTETS = {"sqlite": ("length(CAST(", " AS blob))"), "postgresql": ("octet_length(", ")")}
"""What stands before and behind a column to count its bytes."""


def follow(entry: Entry) -> Derived:
    """Give the folded lines where what was written has changed."""
    if not (entry.opening or entry.touched & set(WORDS)):
        return {}
    return {"folded": folded_lines(*(entry.values[name] for name in WORDS))}


def refresh(database: Database, numbers: Sequence[int] | None = None) -> None:
    """Fold what was written in bulk: of some tickets or of all."""
    before, behind = _OCTETS[database.dialect]
    beyond = " OR ".join(f"{before}{name}{behind} <> length({name})" for name in WORDS)
    only = "" if numbers is None else "AND id IN :ids"
    given = {} if numbers is None else {"ids": numbers}
    rows = database.all(f"SELECT id FROM ticket WHERE ({beyond}) {only}", **given)  # noqa: S608 - constants
    found = [row["id"] for row in rows]
    for start in range(0, len(found), _CHUNK):
        texts = database.all(
            f"SELECT id, {', '.join(WORDS)} FROM ticket WHERE id IN :ids",  # noqa: S608 - constants
            ids=found[start : start + _CHUNK],
        )
        database.many(
            "UPDATE ticket SET folded = :folded WHERE id = :id",
            [
                {"id": row["id"], "folded": folded_lines(*(row[name] for name in WORDS))}
                for row in texts
            ],
        )
