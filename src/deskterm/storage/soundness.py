"""Whether a database is whole: the engine's own checks and the spine's promises."""

from deskterm.storage.driver import Database

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


def trouble(database: Database) -> list[str]:
    """Give a sentence for each thing that is wrong; empty where the database is whole."""
    found = []
    if database.dialect == "sqlite":
        rows = database.all("PRAGMA integrity_check")
        found += [
            f"damaged: {row[name]}"
            for row in rows
            for name in list(row.keys())
            if row[name] != "ok"
        ]
        orphans = database.all("PRAGMA foreign_key_check")
        found += [f"an orphan in {row['table']}" for row in orphans]
    for what, text in _PROMISES:
        row = database.one(text)
        if row and row["n"]:
            found.append(f"{row['n']} {what}")
    return found
