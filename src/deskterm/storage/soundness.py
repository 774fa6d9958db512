"""Whether a database is whole: the engine's own checks and the spine's promises."""

from contextlib import closing
from itertools import islice

from deskterm.storage.driver import Database
from deskterm.storage.replay import Told, differences

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
