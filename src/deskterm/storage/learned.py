"""What triage has learned, as rows: loaded by the words of some tickets only, stored together."""

import json
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from zlib import compress, decompress

from deskterm.storage.driver import Database, Row
from deskterm.triage.classify.lanes import from_bytes, to_bytes
from deskterm.triage.classify.model import KEPT, Head, Kind, Table, Weights
from deskterm.triage.classify.sure import Sure

WORDS, LEDGER = "words", "ledger"
"""The heads that hold what is known beside the words, and how far the ledger was read."""
_FORGET_AFTER = 5_000
"""A word of one ticket alone is forgotten so many tickets later."""


class Known(NamedTuple):
    """What is known beside the words, and in which turn it was learned."""

    head: Head
    turn: int = 0
    """Each time that something is learned it is one more."""


def load_head(database: Database) -> Known:
    """Give what is known beside the words; empty where nothing was learned."""
    row = _head(database, WORDS)
    if row is None:
        return Known(Head())
    state = json.loads(row["state"])
    kinds = {
        name: Kind(one["lanes"], one["counts"], Sure(*one["sure"]), one.get("meant"))
        for name, one in state["kinds"].items()
    }
    return Known(Head(state["tickets"], kinds), row["tickets"])


def load_words(database: Database, names: Iterable[str]) -> dict[str, Weights]:
    """Give the weights of some features."""
    rows = database.all(
        "SELECT word, seen, weights FROM learned_word WHERE word IN :words",
        words=list(dict.fromkeys(names)),
    )
    return {row["word"]: Weights(row["seen"], from_bytes(row["weights"])) for row in rows}


def _head(database: Database, kind: str) -> Row | None:
    return database.one("SELECT tickets, state FROM learned_head WHERE kind = :kind", kind=kind)


def claim_head(database: Database, known: Known) -> bool:
    """Store the head where nobody learned meanwhile; tells whether. Locks it for the rest."""
    kinds = {
        name: {
            "lanes": kind.lanes,
            "counts": kind.counts,
            "sure": kind.sure.state(),
            "meant": kind.meant,
        }
        for name, kind in known.head.kinds.items()
    }
    if known.turn == 0:
        database.run(
            "INSERT INTO learned_head (kind, tickets, state) VALUES (:kind, 0, '{}') "
            "ON CONFLICT DO NOTHING",
            kind=WORDS,
        )
    touched = database.run(
        "UPDATE learned_head SET tickets = tickets + 1, state = :state "
        "WHERE kind = :kind AND tickets = :turn",
        kind=WORDS,
        state=json.dumps({"tickets": known.head.tickets, "kinds": kinds}),
        turn=known.turn,
    )
    return touched == 1


def store_words(database: Database, table: Table, newest: Mapping[str, int]) -> None:
    """Store the weights of the features that tickets touched; `newest`: after how many last."""
    database.many(
        "INSERT INTO learned_word (word, seen, weights, newest) "
        "VALUES (:word, :seen, :weights, :newest) ON CONFLICT (word) DO UPDATE SET "
        "seen = excluded.seen, weights = excluded.weights, newest = excluded.newest",
        [
            {"word": word, "seen": one.seen, "weights": to_bytes(one.of), "newest": newest[word]}
            for word, one in sorted(table.items())
        ],
    )


def forget_rare(database: Database, tickets: int) -> None:
    """Forget what was seen in one ticket alone, long ago."""
    database.run(
        "DELETE FROM learned_word WHERE seen = 1 AND newest < :before",
        before=tickets - _FORGET_AFTER,
    )


# --- what is replayed ------------------------------------------------------------------------


Lessons = Mapping[int, Sequence[int]]
"""Ticket → how hard it pulls at each label, by lane (triage/classify/model.py)."""


def lessons(database: Database, numbers: Sequence[int]) -> Lessons:
    """Give what is kept of some tickets."""
    return _lessons(database, "WHERE ticket_id IN :ids", ids=numbers)


def longest_unseen(database: Database, most: int) -> Lessons:
    """Give what was not looked at for longest."""
    return _lessons(database, "ORDER BY looked, ticket_id LIMIT :most", most=most)


def due(database: Database, before: int, most: int) -> Lessons:
    """Give what was looked at only before so many tickets were learned, of all times mixed."""
    mixed = "WHERE looked < :before ORDER BY ticket_id % 1009 * 611 % 1009, ticket_id LIMIT :most"
    return _lessons(database, mixed, before=before, most=most)


def _lessons(database: Database, which: str, **params: object) -> Lessons:
    text = f"SELECT ticket_id, pulls FROM learned_lesson {which}"  # noqa: S608 - our own words
    rows = database.all(text, **params)
    return {row["ticket_id"]: _pulls(row["pulls"]) for row in rows}


def _pulls(stored: bytes) -> Sequence[int]:
    return array("h", decompress(stored))


class Looked(NamedTuple):
    """When a ticket was looked at last."""

    often: bool
    """Whether many others have its labels."""
    after: int
    """After how many tickets."""


def keep(database: Database, kept: Lessons, looked: Mapping[int, Looked]) -> None:
    """Keep how hard tickets pull, and when they were looked at."""
    database.many(
        "INSERT INTO learned_lesson (ticket_id, pulls, often, looked) "
        "VALUES (:ticket, :pulls, :often, :looked) ON CONFLICT (ticket_id) DO UPDATE SET "
        "pulls = excluded.pulls, often = excluded.often, looked = excluded.looked",
        [
            {
                "ticket": ticket,
                "pulls": compress(array("h", pulls).tobytes(), 1),
                "often": looked[ticket].often,
                "looked": looked[ticket].after,
            }
            for ticket, pulls in sorted(kept.items())
        ],
    )


def drop(database: Database, numbers: Iterable[int]) -> None:
    """Replay some tickets no longer."""
    database.run("DELETE FROM learned_lesson WHERE ticket_id IN :ids", ids=list(numbers))


def drop_oldest(database: Database, most: int = KEPT) -> None:
    """Keep a bounded sample: the oldest tickets of labels that many have go first."""
    database.run(
        "DELETE FROM learned_lesson WHERE ticket_id IN (SELECT ticket_id FROM learned_lesson "
        "ORDER BY often DESC, ticket_id LIMIT (SELECT CASE WHEN count(*) > :most "
        "THEN count(*) - :most ELSE 0 END FROM learned_lesson))",
        most=most,
    )


# --- which tickets ---------------------------------------------------------------------------


class Progress(NamedTuple):
    """How far the ledger was read."""

    done: int = 0
    """Every entry up to here was looked at."""
    settled: int = 0
    """Up to here it was looked at again, after late commits."""
    marks: tuple[tuple[str, int], ...] = ()
    """(when, the newest entry then): what lies before is looked at again once it is old."""
    history: int = 0
    """Entries up to here were there before the first look: learned behind everything else, the
    newest first; 0 once all are."""


def load_progress(database: Database) -> Progress:
    """Give how far the ledger was read."""
    row = _head(database, LEDGER)
    if row is None:
        newest = newest_entry(database)
        return Progress(newest, newest, history=newest)
    state = json.loads(row["state"])
    marks = tuple((when, entry) for when, entry in state["marks"])
    return Progress(state["done"], state["settled"], marks, state.get("history", 0))


def standing(database: Database) -> tuple[int, int]:
    """Give from how many tickets was learned, and how many decided ones there are."""
    row = database.returned(
        "SELECT (SELECT count(DISTINCT ticket_id) FROM learned_ticket) AS learned, "
        "(SELECT count(*) FROM ticket WHERE category_id IS NOT NULL "
        "AND state NOT IN ('cancelled', 'merged') AND coalesce(outcome, '') <> 'spam') AS decided"
    )
    return int(row["learned"]), max(int(row["decided"]), int(row["learned"]))


def store_progress(database: Database, progress: Progress) -> None:
    """Keep how far the ledger was read."""
    database.run(
        "INSERT INTO learned_head (kind, tickets, state) VALUES (:kind, 0, :state) "
        "ON CONFLICT (kind) DO UPDATE SET state = excluded.state",
        kind=LEDGER,
        state=json.dumps(progress._asdict()),
    )


def newest_entry(database: Database) -> int:
    """Give the number of the newest ledger entry that is seen."""
    row = database.one("SELECT max(id) AS n FROM ledger")
    return int(row["n"] or 0) if row else 0


def decided(database: Database, after: int, upto: int) -> list[int]:
    """Give the tickets that people classified, or that were closed or imported, in a stretch.

    `kind || ''` keeps the database from walking the entries of all tickets: a stretch is short.
    """
    rows = database.all(
        "SELECT DISTINCT subject_id FROM ledger WHERE id > :after AND id <= :upto "
        "AND kind || '' = 'ticket' AND (event IN ('closed', 'imported') "
        "OR (actor NOT IN ('customer', 'mail', 'desk') AND (changes LIKE '%\"category_id\"%' "
        "OR changes LIKE '%\"group_id\"%' OR changes LIKE '%\"service_id\"%')))",
        after=after,
        upto=upto,
    )
    return sorted(row["subject_id"] for row in rows)


def tickets_said(database: Database, numbers: Sequence[int]) -> Sequence[Row]:
    """Give what tickets say and how they are classified, by number; those of no account not."""
    return database.all(
        "SELECT t.id, substr(t.subject, 1, 400) AS subject, substr(t.body, 1, 4000) AS body, "
        "t.requester_id, t.channel, t.state, t.urgent, t.category_id, t.service_id, t.group_id "
        "FROM ticket t WHERE t.id IN :ids "
        "AND t.state NOT IN ('cancelled', 'merged') AND coalesce(t.outcome, '') <> 'spam' "
        "ORDER BY t.id",
        ids=numbers,
    )


def tickets_decided(database: Database, numbers: Sequence[int]) -> Sequence[Row]:
    """Give how tickets are classified, as `tickets_said` does."""
    return database.all(
        "SELECT t.id, t.state, t.urgent, t.category_id, t.service_id, t.group_id FROM ticket t "
        "WHERE t.id IN :ids AND t.state NOT IN ('cancelled', 'merged') "
        "AND coalesce(t.outcome, '') <> 'spam' ORDER BY t.id",
        ids=numbers,
    )


def learned_before(database: Database, numbers: Sequence[int]) -> set[tuple[str, int, str]]:
    """Give (kind, ticket, label) of all that was learned from some tickets."""
    rows = database.all(
        "SELECT kind, ticket_id, label FROM learned_ticket WHERE ticket_id IN :ids",
        ids=numbers,
    )
    return {(row["kind"], row["ticket_id"], row["label"]) for row in rows}


def mark_learned(database: Database, labels: Iterable[tuple[str, int, str]]) -> None:
    """Say that labels (kind, ticket, label) were learned."""
    database.many(
        "INSERT INTO learned_ticket (kind, ticket_id, label) VALUES (:kind, :ticket, :label) "
        "ON CONFLICT DO NOTHING",
        [{"kind": one, "ticket": ticket, "label": label} for one, ticket, label in sorted(labels)],
    )


def labels(database: Database) -> Mapping[str, Mapping[str, str]]:
    """Give what may be guessed now: kind → label → name. What was retired is not among it."""
    texts = {
        "category": "SELECT id, path AS name FROM category WHERE active",
        "service": "SELECT id, name FROM service",
        "group": "SELECT id, name FROM desk_group",
    }
    found: dict[str, Mapping[str, str]] = {
        kind: {str(row["id"]): str(row["name"]) for row in database.all(text)}
        for kind, text in texts.items()
    }
    return found | {"urgent": {"yes": "yes", "no": "no"}}


def unsorted(database: Database, since: datetime, most: int) -> list[tuple[int, int]]:
    """Give (number, version) of the newest new tickets without a category, opened since then."""
    rows = database.all(
        "SELECT id, version FROM ticket WHERE state = 'new' AND category_id IS NULL "
        "AND opened_at > :since ORDER BY id DESC LIMIT :most",
        since=since,
        most=most,
    )
    return [(row["id"], row["version"]) for row in rows]
