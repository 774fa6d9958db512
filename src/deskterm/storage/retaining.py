"""Whose time is over by the rules of retention, and what is covered then (docs/privacy.md).

A ticket is due so long after it was closed, by the rule of its category or of the nearest one
above, else by the rule for all. What was merged into it so long ago goes with it. Never due is
what is open, hangs on an open problem, or still has a visit, a call-back or a letter to come.
"""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from deskterm.domain.clock import from_text
from deskterm.domain.veil import GONE, Veil
from deskterm.domain.vocabulary import Event
from deskterm.guides.run import SKIPPED, TYPED
from deskterm.storage import redactions
from deskterm.storage.driver import Database, Row, json_text, moment_or_none
from deskterm.storage.forgetting import OF_TICKET, Counts
from deskterm.storage.redactions import Pen, forget_copies
from deskterm.storage.retention_rules import FREE, NEEDLESS, Rule
from deskterm.storage.rights.standing import owns
from deskterm.storage.search import WORDS, folded_lines
from deskterm.storage.whom import Whom


class Ticket(NamedTuple):
    """A ticket whose time is over, as it was seen."""

    id: int
    version: int


_DUE = (
    "WITH RECURSIVE due (id, since) AS (SELECT t.id, {0} FROM ticket t WHERE t.merged_into IS NULL "  # noqa: S608 - constants
    f"AND coalesce(t.closed_at, t.updated_at) < {{0}} AND {FREE.format('t')} "
    "UNION SELECT m.id, d.since FROM ticket m JOIN due d ON m.merged_into = d.id "
    f"WHERE coalesce(m.closed_at, m.updated_at) < d.since AND {FREE.format('m')}) "
)
_PENDING = (
    f"{_DUE}SELECT x.id, x.version FROM due d JOIN ticket x ON x.id = d.id WHERE NOT EXISTS "  # noqa: S608 - constants
    "(SELECT 1 FROM retained r WHERE r.ticket_id = x.id AND r.version = x.version) ORDER BY x.id"
)
_PEOPLE = (
    f"{_DUE}SELECT p.id, max(o.id) AS newest, (SELECT max(l.at) FROM ledger l "  # noqa: S608 - constants
    "WHERE l.kind = 'person' AND l.subject_id = p.id AND l.event <> 'opened') AS changed_at "
    "FROM person p JOIN ticket o ON o.requester_id = p.id "
    f"WHERE {NEEDLESS} AND NOT EXISTS (SELECT 1 FROM ticket o WHERE o.requester_id = p.id "
    "AND o.id NOT IN (SELECT id FROM due)) GROUP BY p.id ORDER BY p.id"
)


def _since(asked: Sequence[Rule], now: datetime) -> tuple[str, dict[str, object]]:
    """Give before when a ticket `t` must have been closed, by one of the rules, as SQL."""
    cases: list[str] = []
    given: dict[str, object] = {}
    for n, one in enumerate(asked):
        where = f"t.category_id IN :c{n}"
        if not one.category:
            where = f"(t.category_id IS NULL OR t.category_id NOT IN :c{n})"
        cases.append(f"WHEN {where} THEN :t{n}")
        given[f"c{n}"] = tuple(sorted(one.categories if one.category else one.others))
        given[f"t{n}"] = now - timedelta(days=one.days)
    return f"CASE {' '.join(cases)} END", given


def due_tickets(database: Database, rule: Rule, now: datetime) -> list[Ticket]:
    """Give the tickets whose words a rule lets go now, and that still have them."""
    since, given = _since([rule], now)
    rows = database.all(_PENDING.replace("{0}", since), **given)
    found = [Ticket(row["id"], row["version"]) for row in rows]
    agreed = _agreed(database, "deskterm_due({0}, 'words')", [one.id for one in found])
    return [one for one in found if one.id in agreed]


def due_people(database: Database, asked: Sequence[Rule], now: datetime) -> list[tuple[int, Rule]]:
    """Give whom nobody needs any more: all their tickets are over by a rule for people.

    The rule of the newest of these is named; nobody has changed what is known of them since.
    """
    since, given = _since(asked, now)
    rows = database.all(_PEOPLE.replace("{0}", since), **given)
    newest = database.all(
        "SELECT id, category_id FROM ticket WHERE id IN :ids", ids=[row["newest"] for row in rows]
    )
    category = {row["id"]: row["category_id"] for row in newest}
    agreed = _agreed(database, "deskterm_due_person({0})", [row["id"] for row in rows])
    found = []
    for row in rows:
        number = category[row["newest"]]
        fits = [one for one in asked if number in one.categories] or [
            one for one in asked if not one.category
        ]
        rule = (fits or list(asked))[0]
        changed = moment_or_none(row["changed_at"])
        young = changed is not None and changed >= now - timedelta(days=rule.days)
        if row["id"] in agreed and not young:
            found.append((row["id"], rule))
    return found


def _agreed(database: Database, condition: str, numbers: Sequence[int]) -> frozenset[int]:
    """Give which of these a server lets somebody let go whom it binds: by its own times."""
    if not numbers or owns(database):
        return frozenset(numbers)
    rows = database.all(
        "SELECT id FROM unnest(CAST(:ids AS integer[])) x (id) "  # noqa: S608 - constants
        f"WHERE {condition.replace('{0}', 'id')}",
        ids=list(numbers),
    )
    return frozenset(row["id"] for row in rows)


# --- what was written on tickets ------------------------------------------------------------------


def forget_words(pen: Pen, tickets: Collection[Ticket], rule: str) -> Counts:
    """Cover what was written on tickets, as far as they still are as they were seen."""
    work, done = pen.work, Counts()
    spine = work.spine
    seen = {one.id: one.version for one in tickets}
    rows = spine.locked("SELECT id, version FROM ticket WHERE id IN :ids ORDER BY id", sorted(seen))
    versions = {row["id"]: row["version"] for row in rows if seen[row["id"]] == row["version"]}
    numbers = sorted(versions)
    chosen = _chosen_fields(spine)
    _forget_entries(pen, numbers, chosen, done)
    _forget_ticket_rows(pen, numbers, done)
    for table, columns in _PLAIN.items():
        _rewrite(pen, table, columns, numbers, lambda text: GONE if text else text)
    for table, columns in _NESTED.items():
        _rewrite(pen, table, columns, numbers, _nested)
    _forget_fields(pen, numbers, chosen)
    _rewrite(pen, "course", ("reasons",), numbers, _reasons)
    pen.drop_drafts(numbers)
    forget_copies(pen, Whom((), Veil(0, (), (), ()), tuple(numbers)), {*numbers}, done)
    for number in numbers:
        work.record(
            ("ticket", number),
            Event.CHANGED,
            f"Words and files are forgotten, by the rule {rule!r}.",
            data={"retention": rule},
            version=versions[number] + 1,
        )
    pen.keep_as_done({number: versions[number] + 1 for number in numbers})
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


def covered_of_tickets() -> Mapping[str, Sequence[str]]:
    """Give table → the columns that are covered where a ticket's words are forgotten."""
    every = {*_PLAIN, *_NESTED}
    found: dict[str, Sequence[str]] = {
        table: [*_PLAIN.get(table, ()), *_NESTED.get(table, ())] for table in sorted(every)
    }
    return {
        **found,
        "inbox": [*found["inbox"], "subject", "sha256"],
        "outbox": [*found["outbox"], "sha256"],
        "attachment": ["name", "sha256"],
        "ticket": [*OF_TICKET, "folded"],
        "ledger": redactions.WORDS,
        "field_value": ["value"],
        "course": ["reasons"],
        "draft": [],
        "retained": [],
    }


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


def _forget_entries(pen: Pen, numbers: Sequence[int], chosen: frozenset[str], done: Counts) -> None:
    own = " OR ".join(
        f"(kind = '{kind}' AND subject_id IN ({ids}))" for kind, ids in _LETTERS.items()
    )
    rows = pen.work.spine.all(
        "SELECT id, kind, text, changes, data FROM ledger "  # noqa: S608 - constants
        f"WHERE (kind = 'ticket' AND subject_id IN :ids) OR {own} ORDER BY id",
        ids=numbers,
    )
    fresh = [entry for row in rows if (entry := _entry(row, chosen)) is not None]
    pen.redact(fresh)
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


def _forget_ticket_rows(pen: Pen, numbers: Sequence[int], done: Counts) -> None:
    spine = pen.work.spine
    names = ", ".join(("id", *OF_TICKET))
    rows = spine.all(f"SELECT {names} FROM ticket WHERE id IN :ids", ids=numbers)  # noqa: S608 - the schema's names
    fresh = []
    for row in rows:
        after = {name: GONE if row[name] else row[name] for name in OF_TICKET}
        after["folded"] = folded_lines(*(after[name] for name in WORDS))
        fresh.append(({"id": row["id"]}, after))
    pen.write("ticket", fresh)
    spine.run("UPDATE ticket SET version = version + 1 WHERE id IN :ids", ids=numbers)
    done["tickets"] += len(fresh)


def _rewrite(
    pen: Pen,
    table: str,
    columns: tuple[str, ...],
    numbers: Sequence[int],
    covered: Callable[[str | None], str | None],
) -> None:
    """Cover columns of what hangs on tickets."""
    keys = _KEYS.get(table, ("id",))
    names = ", ".join((*keys, *columns))
    rows = pen.work.spine.all(
        f"SELECT {names} FROM {table} WHERE ticket_id IN :ids",  # noqa: S608 - constants
        ids=numbers,
    )
    fresh = []
    for row in rows:
        after = {name: covered(row[name]) for name in columns}
        if any(after[name] != row[name] for name in columns):
            fresh.append(({key: row[key] for key in keys}, after))
    pen.write(table, fresh)


_KEYS: Mapping[str, tuple[str, ...]] = {
    "step": ("ticket_id", "step"),
    "callback": ("ticket_id", "number"),
    "checklist_item": ("ticket_id", "number"),
    "question": ("ticket_id", "kind"),
    "course": ("ticket_id",),
}
"""Table → the columns of its key, where it is not a number of its own."""


def _nested(text: str | None) -> str | None:
    return json_text(_covered(json.loads(text))) if text else text


def _reasons(text: str | None) -> str | None:
    """Let a kept course say which steps were skipped, and no more why."""
    return json_text(dict.fromkeys(json.loads(text), GONE)) if text else text


def _forget_fields(pen: Pen, numbers: Sequence[int], chosen: frozenset[str]) -> None:
    rows = pen.work.spine.all(
        "SELECT ticket_id, name FROM field_value WHERE ticket_id IN :ids AND name NOT IN :chosen "
        "AND value <> :gone",
        gone=GONE,
        ids=numbers,
        chosen=sorted(chosen),
    )
    pen.write(
        "field_value",
        [({"ticket_id": row["ticket_id"], "name": row["name"]}, {"value": GONE}) for row in rows],
    )
