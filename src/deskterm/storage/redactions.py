"""The one way in which an entry of the ledger may change: its words are forgotten.

A redaction names the entry and the operation and keeps a hash of its words; then text,
changes and data may be written once. Who, when, what and on which subject can never change, a
redaction is never taken away, and without one the ledger refuses every change.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256

from deskterm.storage.driver import Database, Row, json_text
from deskterm.storage.work import Work, entry_text

_FIXED = (
    *("id", "operation_id", "at", "actor", "person_id", "kind", "subject_id", "version"),
    *("event", "public"),
)
WORDS = ("text", "changes", "data")
"""The columns of an entry that may be forgotten."""
_WHAT = "the ledger is append-only: words are forgotten by a redaction alone"
_OPEN = "EXISTS (SELECT 1 FROM redaction r WHERE r.entry_id = {0}.id AND NOT r.closed)"


def guards(dialect: str) -> list[str]:
    """Give the statements that let the server hold this."""
    return _sqlite() if dialect == "sqlite" else _postgresql()


def _sqlite() -> list[str]:
    changed = " OR ".join(f"new.{one} IS NOT old.{one}" for one in _FIXED)
    return [
        "DROP TRIGGER ledger_update",
        f"CREATE TRIGGER ledger_update BEFORE UPDATE ON ledger WHEN {changed} "
        f"OR NOT {_OPEN.format('old')} BEGIN SELECT RAISE(ABORT, '{_WHAT}'); END",
        "CREATE TRIGGER ledger_redacted AFTER UPDATE ON ledger BEGIN UPDATE redaction "
        "SET closed = TRUE WHERE entry_id = new.id AND NOT closed; END",
        "CREATE TRIGGER redaction_update BEFORE UPDATE ON redaction WHEN old.closed "
        "OR NOT new.closed OR new.entry_id <> old.entry_id OR new.digest <> old.digest "
        "OR new.operation_id <> old.operation_id "
        "BEGIN SELECT RAISE(ABORT, 'a redaction is kept'); END",
        "CREATE TRIGGER redaction_delete BEFORE DELETE ON redaction "
        "BEGIN SELECT RAISE(ABORT, 'a redaction is kept'); END",
    ]


def _postgresql() -> list[str]:
    changed = " OR ".join(f"NEW.{one} IS DISTINCT FROM OLD.{one}" for one in _FIXED)
    return [
        "CREATE FUNCTION ledger_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608 - constants
        f"IF {changed} OR NOT {_OPEN.format('OLD')} THEN RAISE EXCEPTION '{_WHAT}'; END IF; "
        "UPDATE redaction SET closed = TRUE WHERE entry_id = NEW.id AND NOT closed; "
        "RETURN NEW; END $$",
        "CREATE FUNCTION redaction_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a redaction is kept'; END IF; "
        "IF OLD.closed OR NOT NEW.closed OR (NEW.entry_id, NEW.operation_id, NEW.digest) "
        "<> (OLD.entry_id, OLD.operation_id, OLD.digest) "
        "THEN RAISE EXCEPTION 'a redaction is kept'; END IF; RETURN NEW; END $$",
        "DROP TRIGGER ledger_append_only ON ledger",
        "CREATE TRIGGER ledger_append_only BEFORE DELETE ON ledger "
        "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
        "CREATE TRIGGER ledger_words BEFORE UPDATE ON ledger "
        "FOR EACH ROW EXECUTE FUNCTION ledger_words()",
        "CREATE TRIGGER redaction_kept BEFORE UPDATE OR DELETE ON redaction "
        "FOR EACH ROW EXECUTE FUNCTION redaction_kept()",
    ]


def digest_of(row: Row) -> str:
    """Give the hash of the words of an entry as they stand."""
    return sha256(json_text([row[name] for name in WORDS]).encode()).hexdigest()


def rewritten(text: str, value: object) -> str:
    """Give how an entry's JSON stands from now on; as it stood where it says the same."""
    return text if json.loads(text) == value else entry_text(value)


def digests(database: Database, after: int, upto: int) -> dict[int, str]:
    """Give entry → the hash of its words before any of them were forgotten, of a stretch."""
    rows = database.all(
        "SELECT r.entry_id, r.digest FROM redaction r JOIN operation o ON o.id = r.operation_id "
        "WHERE r.entry_id > :after AND r.entry_id <= :upto ORDER BY o.at DESC, o.id DESC",
        after=after,
        upto=upto,
    )
    return {row["entry_id"]: row["digest"] for row in rows}


def redact(work: Work, entries: Sequence[Mapping[str, object]]) -> None:
    """Write the new words of entries (`id` and `WORDS`), each with its redaction."""
    columns = ", ".join(("id", *WORDS))
    numbers = [entry["id"] for entry in entries]
    stands = {
        row["id"]: row
        for row in work.spine.all(
            f"SELECT {columns} FROM ledger WHERE id IN :ids",  # noqa: S608 - constants
            ids=numbers,
        )
    }
    work.spine.many(
        "INSERT INTO redaction (entry_id, operation_id, digest) VALUES (:id, :operation, :digest)",
        [
            {"id": number, "operation": work.id, "digest": digest_of(row)}
            for number, row in stands.items()
        ],
    )
    work.spine.many(
        "UPDATE ledger SET text = :text, changes = :changes, data = :data WHERE id = :id", entries
    )


def many(database: Database) -> int:
    """Give how many entries of the ledger were redacted."""
    row = database.returned("SELECT count(DISTINCT entry_id) AS n FROM redaction")
    return int(row["n"])
