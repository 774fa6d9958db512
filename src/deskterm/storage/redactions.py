"""The one way in which an entry of the ledger may change: its words are forgotten.

A redaction names the entry and the operation and keeps a hash of its words; then text,
changes and data may be written once. Who, when, what and on which subject can never change, a
redaction is never taken away, and without one the ledger refuses every change.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from deskterm.domain.veil import GONE
from deskterm.storage import blobs
from deskterm.storage.driver import Database, Row, json_text
from deskterm.storage.rights.standing import owns
from deskterm.storage.work import Work, entry_text

if TYPE_CHECKING:
    from deskterm.storage.whom import Whom

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


Written = tuple[Mapping[str, object], Mapping[str, object]]
"""A row by its key, and what some of its columns say from now on; of one table the same ones."""
PEOPLE_GONE = (
    "DELETE FROM person_address WHERE person_id IN {ids}",
    "UPDATE device SET person_id = NULL WHERE person_id IN {ids}",
    f"UPDATE person SET name = '{GONE}', phone = '', location = '', title = '', notes = '', "  # noqa: S608 - constants
    "active = FALSE, news = FALSE WHERE id IN {ids}",
)
"""What makes people numbers of nobody: where they belonged counts in figures."""
UNREAD = " AND ".join(
    f"NOT EXISTS (SELECT 1 FROM {table} x WHERE x.sha256 = b.sha256)"  # noqa: S608 - constants
    for table in ("inbox", "outbox", "attachment")
)
"""The condition that nothing has the bytes `b` any more."""
_CHUNK = 500


class Pen:
    """Writes what is covered, whatever table it stands in.

    Whoever owns the desk writes it; for whom a server has bound it writes itself what is due `by
    rule`, after it has looked at each row (`rights/retaining.sql`, decision 0032).
    """

    def __init__(self, work: Work, *, person: int = 0, by_rule: bool = False) -> None:
        self.work = work
        self._person = person
        self._asks = by_rule and not owns(work.spine)

    def write(self, table: str, rows: Sequence[Written]) -> None:
        """Write new words over those of rows."""
        if not rows:
            return
        if self._asks:
            self._ask(table, [{"k": key, "v": values} for key, values in rows])
            return
        keys, values = rows[0]
        sets = ", ".join(f"{name} = :{name}" for name in values)
        where = " AND ".join(f"{name} = :k_{name}" for name in keys)
        self.work.spine.many(
            f'UPDATE "{table}" SET {sets} WHERE {where}',  # noqa: S608 - the schema's names
            [{**new, **{f"k_{name}": one for name, one in key.items()}} for key, new in rows],
        )

    def redact(self, entries: Sequence[Mapping[str, object]]) -> None:
        """Write the new words of entries (`id` and `WORDS`), each with its redaction."""
        for start in range(0, len(entries), _CHUNK):
            some = entries[start : start + _CHUNK]
            if not self._asks:
                self._redact(some)
        if self._asks:  # as one: whose words are gone cannot be looked for any more
            self.write(
                "ledger",
                [({"id": one["id"]}, {name: one[name] for name in WORDS}) for one in entries],
            )

    def _redact(self, entries: Sequence[Mapping[str, object]]) -> None:
        spine = self.work.spine
        columns = ", ".join(("id", *WORDS))
        stands = {
            row["id"]: row
            for row in spine.all(
                f"SELECT {columns} FROM ledger WHERE id IN :ids",  # noqa: S608 - constants
                ids=[entry["id"] for entry in entries],
            )
        }
        spine.many(
            "INSERT INTO redaction (entry_id, operation_id, digest) "
            "VALUES (:id, :operation, :digest)",
            [
                {"id": number, "operation": self.work.id, "digest": digest_of(row)}
                for number, row in stands.items()
            ],
        )
        spine.many(
            "UPDATE ledger SET text = :text, changes = :changes, data = :data WHERE id = :id",
            entries,
        )

    def drop_bytes(self, gone: Sequence[str]) -> None:
        """Let bytes go that nothing has any more; a server does it with what had them."""
        if not self._asks:
            self.work.spine.run(
                f"DELETE FROM blob AS b WHERE b.sha256 IN :gone AND {UNREAD}",  # noqa: S608 - constants
                gone=gone,
            )

    def drop_drafts(self, tickets: Sequence[int]) -> None:
        """Let go what was begun and never sent on tickets."""
        where = "subject_id IN :ids AND kind IN ('reply', 'note')"
        if not self._asks:
            self.work.spine.run(f"DELETE FROM draft WHERE {where}", ids=tickets)  # noqa: S608 - constants
            return
        rows = self.work.spine.all(
            f"SELECT owner, kind, subject_id FROM draft WHERE {where}",  # noqa: S608 - constants
            ids=tickets,
        )
        keys = ("owner", "kind", "subject_id")
        self._ask("draft", [{"k": {key: row[key] for key in keys}} for row in rows])

    def drop_people(self, people: Sequence[int]) -> None:
        """Let people be numbers of nobody."""
        if self._asks:
            self._ask("person", [])
            return
        for statement in PEOPLE_GONE:
            self.work.spine.run(statement.replace("{ids}", ":ids"), ids=people)

    def keep_as_done(self, versions: Mapping[int, int]) -> None:
        """Keep, of tickets, the version whose words are gone."""
        if self._asks:
            self._ask("retained", [{"k": {"id": number}} for number in versions])
            return
        self.work.spine.many(
            "INSERT INTO retained (ticket_id, version, at) VALUES (:id, :version, :at) "
            "ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version, at = excluded.at",
            [{"id": n, "version": version, "at": self.work.at} for n, version in versions.items()],
        )

    def _ask(self, table: str, rows: Sequence[Mapping[str, object]]) -> None:
        self.work.spine.all(
            "SELECT deskterm_let_go(:person, :table, CAST(:rows AS jsonb)) IS NULL AS done",
            person=self._person,
            table=table,
            rows=json_text(rows),
        )


def forget_copies(pen: Pen, one: "Whom", touched: set[int], done: Counter[str]) -> None:
    """Raw mails, letters and files: their bytes go, that they were there stays."""
    database = pen.work.spine
    note = f"What stood here was forgotten on {pen.work.at:%Y-%m-%d}.\n".encode()
    digest = blobs.keep(database, note)
    twin = (
        "(SELECT count(*) FROM inbox b WHERE b.mailbox = inbox.mailbox AND b.key = inbox.key "
        "AND b.id < inbox.id)"
    )
    addresses = [word for word in one.veil.signs if "@" in word]
    signs = {sign for word, sign in one.veil.signs.items() if "@" in word}
    conditions = {
        "inbox": "ticket_id IN :touched OR lower(sender) IN :addresses OR lower(envelope_from) "
        "IN :addresses",
        "outbox": "ticket_id IN :touched OR person_id IN :people OR lower(recipient) IN :addresses",
        "attachment": "ticket_id IN :tickets OR entry_id IN (SELECT id FROM ledger "
        "WHERE person_id IN :people)",
    }
    given = {
        "touched": sorted(touched),
        "tickets": one.tickets,
        "people": one.people,
        "addresses": [*addresses, *signs],
    }
    gone: set[str] = set()
    for table in conditions:
        where = f"({conditions[table]}) AND sha256 IS NOT NULL AND sha256 <> :digest"
        rows = database.all(
            f"SELECT id, sha256, {twin if table == 'inbox' else 0} AS twin FROM {table} "  # noqa: S608 - constants
            f"WHERE {where}",
            digest=digest,
            **given,
        )
        # mails of one Message-ID are told apart by their bytes: each has a note of its own
        notes = {n: blobs.keep(database, note + b"\n" * n) for n in {row["twin"] for row in rows}}
        named = {"inbox": "subject", "attachment": "name"}.get(table)
        after = {named: GONE} if named else {}
        fresh = [row for row in rows if row["sha256"] != notes[row["twin"]]]
        pen.write(
            table,
            [({"id": row["id"]}, {"sha256": notes[row["twin"]], **after}) for row in fresh],
        )
        gone |= {row["sha256"] for row in fresh}
        done[f"{table} copies"] += len(fresh)
    pen.drop_bytes(sorted(gone))


def many(database: Database) -> int:
    """Give how many entries of the ledger were redacted."""
    row = database.returned("SELECT count(DISTINCT entry_id) AS n FROM redaction")
    return int(row["n"])
