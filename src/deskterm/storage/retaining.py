"""Whose time is over by the rules of retention, and what is covered then (docs/privacy.md).

A ticket is due so long after it was closed, by the rule of its category or of the nearest one
above, else by the rule for all. What was merged into it goes with it. Never due is what is open,
hangs on an open problem, or still has a visit, a call-back or a letter to come.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.clock import from_text
from deskterm.domain.problems import ProblemState
from deskterm.domain.veil import GONE, Veil
from deskterm.domain.vocabulary import Event
from deskterm.guides.run import SKIPPED, TYPED
from deskterm.storage import redactions
from deskterm.storage.driver import Database, Row, json_text
from deskterm.storage.forgetting import OF_TICKET, Counts, forget_copies
from deskterm.storage.retention_rules import Rule
from deskterm.storage.search import WORDS, folded_lines
from deskterm.storage.whom import Whom
from deskterm.storage.work import Work


class Ticket(NamedTuple):
    """A ticket whose time is over, as it was seen."""

    id: int
    version: int


_OVER = (ProblemState.VERIFIED, ProblemState.WONT_FIX)
_FREE = """NOT {0}.is_open
AND NOT EXISTS (SELECT 1 FROM problem_ticket y JOIN problem p ON p.id = y.problem_id
  WHERE y.ticket_id = {0}.id AND p.state NOT IN :over)
AND NOT EXISTS (SELECT 1 FROM callback y WHERE y.ticket_id = {0}.id AND y.state = 'open')
AND NOT EXISTS (SELECT 1 FROM visit y WHERE y.ticket_id = {0}.id
  AND y.state IN ('offered', 'fixed'))
AND NOT EXISTS (SELECT 1 FROM outbox y WHERE y.ticket_id = {0}.id
  AND y.state IN ('queued', 'claimed'))"""
_DUE = (
    "WITH RECURSIVE due (id) AS (SELECT t.id FROM ticket t WHERE t.merged_into IS NULL AND {0} AND "  # noqa: S608 - constants
    f"{_FREE.format('t')} UNION SELECT m.id FROM ticket m JOIN due d ON m.merged_into = d.id "
    f"WHERE {_FREE.format('m')}) "
)
_PENDING = (
    f"{_DUE}SELECT x.id, x.version FROM due d JOIN ticket x ON x.id = d.id WHERE NOT EXISTS "  # noqa: S608 - constants
    "(SELECT 1 FROM retained r WHERE r.ticket_id = x.id AND r.version = x.version) ORDER BY x.id"
)
_PEOPLE = (
    f"{_DUE}SELECT p.id, max(o.id) AS newest FROM person p JOIN ticket o ON o.requester_id = p.id "  # noqa: S608 - constants
    "WHERE (p.name <> :gone OR EXISTS (SELECT 1 FROM person_address a WHERE a.person_id = p.id)) "
    "AND NOT EXISTS (SELECT 1 FROM ticket o WHERE o.requester_id = p.id "
    "AND o.id NOT IN (SELECT id FROM due)) "
    "AND NOT EXISTS (SELECT 1 FROM watcher w JOIN ticket o ON o.id = w.ticket_id "
    "WHERE w.person_id = p.id AND o.is_open) "
    "AND NOT EXISTS (SELECT 1 FROM ticket o WHERE o.approver_id = p.id AND o.is_open) "
    "AND NOT EXISTS (SELECT 1 FROM recurring y WHERE y.person_id = p.id AND y.active) "
    "AND NOT EXISTS (SELECT 1 FROM member y WHERE y.person_id = p.id) "
    "AND NOT EXISTS (SELECT 1 FROM technician x JOIN person_address a "
    "ON a.address = lower(x.email) WHERE a.person_id = p.id AND x.active) "
    "GROUP BY p.id ORDER BY p.id"
)


def _within(asked: Sequence[Rule], now: datetime) -> tuple[str, dict[str, object]]:
    """Give the condition on tickets `t` that one of the rules is over for, and its parameters."""
    parts: list[str] = []
    given: dict[str, object] = {"over": _OVER}
    for n, one in enumerate(asked):
        where = f"t.category_id IN :c{n}"
        if not one.category:
            where = f"(t.category_id IS NULL OR t.category_id NOT IN :c{n})"
        parts.append(f"({where} AND coalesce(t.closed_at, t.updated_at) < :t{n})")
        given[f"c{n}"] = tuple(sorted(one.categories if one.category else one.others))
        given[f"t{n}"] = now - timedelta(days=one.days)
    return f"({' OR '.join(parts) or 'FALSE'})", given


def due_tickets(database: Database, rule: Rule, now: datetime) -> list[Ticket]:
    """Give the tickets whose words a rule lets go now, and that still have them."""
    where, given = _within([rule], now)
    rows = database.all(_PENDING.replace("{0}", where), **given)
    return [Ticket(row["id"], row["version"]) for row in rows]


def due_people(database: Database, asked: Sequence[Rule], now: datetime) -> list[tuple[int, Rule]]:
    """Give whom nobody needs any more: all their tickets are over by a rule for people.

    The rule of the newest of these is named.
    """
    where, given = _within(asked, now)
    rows = database.all(_PEOPLE.replace("{0}", where), gone=GONE, **given)
    newest = database.all(
        "SELECT id, category_id FROM ticket WHERE id IN :ids", ids=[row["newest"] for row in rows]
    )
    category = {row["id"]: row["category_id"] for row in newest}
    found = []
    for row in rows:
        number = category[row["newest"]]
        fits = [one for one in asked if number in one.categories] or [
            one for one in asked if not one.category
        ]
        found.append((row["id"], (fits or list(asked))[0]))
    return found


# --- what was written on tickets ------------------------------------------------------------------


def forget_words(work: Work, tickets: Collection[Ticket], rule: str) -> Counts:
    """Cover what was written on tickets, as far as they still are as they were seen."""
    spine, done = work.spine, Counts()
    seen = {one.id: one.version for one in tickets}
    rows = spine.locked("SELECT id, version FROM ticket WHERE id IN :ids ORDER BY id", sorted(seen))
    versions = {row["id"]: row["version"] for row in rows if seen[row["id"]] == row["version"]}
    numbers = sorted(versions)
    chosen = _chosen_fields(spine)
    _forget_entries(work, numbers, chosen, done)
    _forget_ticket_rows(spine, numbers, done)
    for table, columns in _PLAIN.items():
        _gone(spine, table, columns, numbers)
    for table, columns in _NESTED.items():
        _nested(spine, table, columns, numbers)
    _forget_fields(spine, numbers, chosen)
    _forget_reasons(spine, numbers)
    spine.run(
        "DELETE FROM draft WHERE subject_id IN :ids AND kind IN ('reply', 'note')", ids=numbers
    )
    forget_copies(spine, Whom((), Veil(0, (), (), ()), tuple(numbers)), {*numbers}, done, work.at)
    for number in numbers:
        work.record(
            ("ticket", number),
            Event.CHANGED,
            f"Words and files are forgotten, by the rule {rule!r}.",
            data={"retention": rule},
            version=versions[number] + 1,
        )
        spine.run(
            "INSERT INTO retained (ticket_id, version, at) VALUES (:id, :version, :at) "
            "ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version, at = excluded.at",
            id=number,
            version=versions[number] + 1,
            at=work.at,
        )
    return +done


_PLAIN: Mapping[str, tuple[str, ...]] = {
    "step": ("reason",),
    "callback": ("note",),
    "checklist_item": ("text",),
    "time_entry": ("note",),
    "visit": ("place", "what", "answer"),
    "review": ("note", "reply"),
    "outbox": ("error",),
    "inbox": ("reason",),
}
"""Table → its columns with words of people, where a ticket's rows are."""
_NESTED: Mapping[str, tuple[str, ...]] = {
    "question": ("asks",),
    "outbox": ("data",),
    "guide_run": ("state",),
}
"""Table → its columns with JSON in which such words stand."""
_PLACES: Mapping[str, int] = {"step": 3, "callback": 2, "item": 0}
"""Part of a ticket that the ledger keeps as a list → the place of its words."""
_MARKS = frozenset(
    {
        *("kind", "to", "verb", "outcome", "result", "approval", "change", "web", "event", "state"),
        *("undoes", "status", "key", "digest", "thread", "message_id", "at", "moment", "until"),
        *("day", "due", "due_at", "slots", "started_at", "technician", "tracker", "guide", "slug"),
        *("severity", "template", "channel", "call_seconds", "retention"),
    }
)
"""Names under which the ledger keeps marks and logins of the desk's own, never words of people."""
_OWN = frozenset({"craft", "customer"})
"""Words of the desk's own that stand under another name."""
_LETTERS = {
    "mail": "SELECT id FROM inbox WHERE ticket_id IN :ids",
    "letter": "SELECT id FROM outbox WHERE ticket_id IN :ids",
    "review": "SELECT id FROM review WHERE ticket_id IN :ids",
}
"""Kind of the ledger → whose entries tell of a ticket's mails, letters and reviews."""


def _chosen_fields(database: Database) -> frozenset[str]:
    """Give the desk's own fields with choices: what is chosen there is no one's word."""
    rows = database.all("SELECT name, choices FROM field_definition")
    return frozenset(row["name"] for row in rows if json.loads(row["choices"]))


def _forget_entries(
    work: Work, numbers: Sequence[int], chosen: frozenset[str], done: Counts
) -> None:
    own = " OR ".join(
        f"(kind = '{kind}' AND subject_id IN ({ids}))" for kind, ids in _LETTERS.items()
    )
    rows = work.spine.all(
        "SELECT id, kind, text, changes, data FROM ledger "  # noqa: S608 - constants
        f"WHERE (kind = 'ticket' AND subject_id IN :ids) OR {own} ORDER BY id",
        ids=numbers,
    )
    fresh = [entry for row in rows if (entry := _entry(row, chosen)) is not None]
    for start in range(0, len(fresh), 500):
        redactions.redact(work, fresh[start : start + 500])
    done["ledger entries"] += len(fresh)


def _entry(row: Row, chosen: frozenset[str]) -> dict[str, object] | None:
    """Give the words of an entry as they stand from now on; None where nothing changes."""
    changes, data = json.loads(row["changes"]), json.loads(row["data"])
    ours = "retention" in data
    after = {
        "text": row["text"] if ours or not row["text"] else GONE,
        "changes": redactions.rewritten(
            row["changes"],
            {
                key: [_told(key, one, chosen, row["kind"]) for one in pair]
                for key, pair in changes.items()
            },
        ),
        "data": row["data"] if ours else redactions.rewritten(row["data"], _covered(data)),
    }
    same = all(after[name] == row[name] for name in redactions.WORDS)
    return None if same else {"id": row["id"], **after}


def _told(key: str, value: object, chosen: frozenset[str], kind: str) -> object:
    """Give a value of the ledger as it stands from now on."""
    word, dot, name = key.partition(".")
    if not value or isinstance(value, bool | int | float):
        return value
    if word in _PLACES and isinstance(value, list):
        place = _PLACES[word]
        return [GONE if n == place and one else one for n, one in enumerate(value)]
    if word == "field":
        return value if name in chosen else GONE
    if word in ("visit", "time", "question"):
        return _covered(value)
    words = OF_TICKET if kind == "ticket" else ("note", "reply", "answers")
    return GONE if not dot and word in words else value


def _covered(value: object, key: str = "") -> object:
    """Give a JSON value without words of people: marks and moments of the desk's own stay."""
    if isinstance(value, dict):
        if {"steps", "record", "pins"} <= value.keys():
            return _covered_run(value)
        return {name: _covered(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_covered(one, key) for one in value]
    if not isinstance(value, str) or not value or key in _MARKS or value in _OWN:
        return value
    return value if _is_moment(value) else GONE


def _is_moment(text: str) -> bool:
    try:
        from_text(text)
    except ValueError:
        return False
    return True


def _covered_run(state: Mapping[str, object]) -> dict[str, object]:
    """Give a guide's run without what was typed: the guide's own choices count in its figures."""
    steps = [dict(one) for one in _dicts(state["steps"])]
    offered = {
        (one["guide"], one["node"], one["answer"])
        for one in steps
        if one["choice"] not in (TYPED, SKIPPED)
    }

    def kept(one: Mapping[str, object], name: str) -> dict[str, object]:
        own = not one[name] or (one["guide"], one["node"], one[name]) in offered
        return dict(one) if own else {**one, name: GONE}

    known = state.get("known")
    return {
        **state,
        "known": dict.fromkeys(known, GONE) if isinstance(known, dict) else known,
        "steps": [kept(one, "answer") for one in steps],
        "record": [kept(one, "text") for one in _dicts(state["record"])],
    }


def _dicts(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _forget_ticket_rows(database: Database, numbers: Sequence[int], done: Counts) -> None:
    names = ", ".join(("id", *OF_TICKET))
    rows = database.all(f"SELECT {names} FROM ticket WHERE id IN :ids", ids=numbers)  # noqa: S608 - the schema's names
    fresh = []
    for row in rows:
        after = {name: GONE if row[name] else row[name] for name in OF_TICKET}
        fresh.append(
            {**after, "folded": folded_lines(*(after[name] for name in WORDS)), "k": row["id"]}
        )
    sets = ", ".join(f"{name} = :{name}" for name in (*OF_TICKET, "folded"))
    database.many(f"UPDATE ticket SET {sets}, version = version + 1 WHERE id = :k", fresh)  # noqa: S608 - the schema's names
    done["tickets"] += len(fresh)


def _gone(database: Database, table: str, columns: Iterable[str], numbers: Sequence[int]) -> None:
    sets = ", ".join(
        f"{name} = CASE WHEN coalesce({name}, '') = '' THEN {name} ELSE :gone END"
        for name in columns
    )
    database.run(
        f"UPDATE {table} SET {sets} WHERE ticket_id IN :ids",  # noqa: S608 - constants
        gone=GONE,
        ids=numbers,
    )


def _nested(database: Database, table: str, columns: Iterable[str], numbers: Sequence[int]) -> None:
    keys = ("ticket_id", "kind") if table == "question" else ("id",)
    for column in columns:
        rows = database.all(
            f"SELECT {', '.join(keys)}, {column} AS held FROM {table} "  # noqa: S608 - constants
            "WHERE ticket_id IN :ids",
            ids=numbers,
        )
        fresh = []
        for row in rows:
            after = json_text(_covered(json.loads(row["held"]))) if row["held"] else row["held"]
            if after != row["held"]:
                fresh.append({"held": after, **{key: row[key] for key in keys}})
        where = " AND ".join(f"{key} = :{key}" for key in keys)
        database.many(f"UPDATE {table} SET {column} = :held WHERE {where}", fresh)  # noqa: S608 - constants


def _forget_fields(database: Database, numbers: Sequence[int], chosen: frozenset[str]) -> None:
    database.run(
        "UPDATE field_value SET value = :gone WHERE ticket_id IN :ids AND name NOT IN :chosen",
        gone=GONE,
        ids=numbers,
        chosen=sorted(chosen),
    )


def _forget_reasons(database: Database, numbers: Sequence[int]) -> None:
    """Let a kept course say which steps were skipped, and no more why."""
    rows = database.all(
        "SELECT ticket_id, reasons FROM course WHERE ticket_id IN :ids AND reasons <> ''",
        ids=numbers,
    )
    database.many(
        "UPDATE course SET reasons = :reasons WHERE ticket_id = :id",
        [
            {
                "id": row["ticket_id"],
                "reasons": json_text(dict.fromkeys(json.loads(row["reasons"]), GONE)),
            }
            for row in rows
        ],
    )
