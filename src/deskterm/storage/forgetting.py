"""Forgetting somebody: their words are covered in every table, ledger, letters and files included.

Which tables and columns there are says the schema, so that a new one is covered from its first day.
What is left stands in a note: that there was a ticket, when, what became of it, and every figure.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from deskterm.domain.solutions import TEXTS
from deskterm.domain.veil import GONE, Veil
from deskterm.storage import redactions
from deskterm.storage.desk_settings import LETTER
from deskterm.storage.driver import Database, Row, json_text
from deskterm.storage.reads.where_text import has_index
from deskterm.storage.redactions import Pen, forget_copies
from deskterm.storage.search import WORDS, folded_lines
from deskterm.storage.whom import Whom

_LEFT = frozenset(
    {
        *("operation", "redaction", "alembic_version", "secret", "lease", "counter", "blob"),
        *("technician", "desk_setting", "learned_word", "learned_head", "person_address"),
        *("person", "ledger", "mail_reference", "day_total", "day_mark", "notice", "rule"),
    }
)
"""Tables that have a way of their own below, or hold nobody's words."""
_NO_WORDS = frozenset(
    {
        *("actor", "owner", "holder", "technician", "assignee", "from_assignee", "state", "status"),
        *("kind", "event", "channel", "template", "message_id", "key", "mailbox", "sha256"),
        *("media_type", "tracker", "operation_id", "entries", "outcome", "severity", "confidence"),
        *("audience", "source", "outline", "review_by", "faded", "language", "wording", "due"),
    }
)
"""Columns with words of the program's own, logins and marks."""
_TYPED = ("guide_run", "state")
"""What was typed in a guide's walk stands in its state."""
_SAID = ("subject", "body", "rating_comment")
"""What the requester said: gone as a whole. What the desk wrote of it stays, without names."""
OF_TICKET = (
    *("subject", "body", "problem", "reproduction", "resolution", "waiting_reason"),
    *("close_reason", "rating_comment", "approver"),
)
"""Where a ticket holds words; everything else of it is a name of the desk's own, or a number."""
_CHUNK = 500
Counts = Counter[str]


def forget(pen: Pen, one: Whom) -> Counts:
    """Cover everything; gives how much of what.

    The ledger, in which every name stands that somebody ever had, comes last but one.
    """
    done: Counts = Counter()
    spine = pen.work.spine
    touched = set(one.tickets) | _mentioned(spine, one.veil)
    forget_copies(pen, one, touched, done)
    _forget_tickets(pen, one, done)
    for table in tables():
        _cover(pen, table, one, done)
    _cover_tickets(pen, one, done)
    for own in _letters_of(one):
        done["letters of their own"] += spine.run(
            "DELETE FROM desk_setting WHERE key LIKE :own", own=f"{own}%"
        )
    for kind, numbers in one.owned.items():
        done[f"{kind}s"] += _forget_owned(spine, kind, numbers)
    _forget_ledger(pen, one, done)
    pen.drop_people(one.people)
    return +done


# --- where words stand --------------------------------------------------------------------------


Table = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Its name, the columns of its key, the columns that may hold words."""


def tables() -> Iterator[Table]:
    """Give every table but the tickets' that may hold words of people."""
    from deskterm.models import metadata
    from deskterm.storage.dump import shapes

    for shape in shapes():
        if shape.name in _LEFT:
            continue
        keys = tuple(column.name for column in metadata.tables[shape.name].primary_key)
        linked = {key.parent.name for key in metadata.tables[shape.name].foreign_keys}
        texts = (one.name for one in shape.columns if one.kind == "text")
        none = linked | {*keys} | _NO_WORDS
        columns = tuple(one for one in texts if one not in none or (shape.name, one) == _TYPED)
        if columns and shape.name != "ticket":
            yield shape.name, keys, columns


def covered_of_people() -> Mapping[str, Sequence[str]]:
    """Give table → the columns that are covered where somebody is forgotten."""
    copies = {"inbox": ["sha256"], "outbox": ["sha256"], "attachment": ["sha256"]}
    return {
        **{name: [*columns, *copies.get(name, ())] for name, _, columns in tables()},
        "ticket": [*OF_TICKET, "folded"],
        "ledger": redactions.WORDS,
        "person": [],
    }


def _held(columns: Iterable[str], veil: Veil) -> tuple[str, dict[str, object]]:
    """Give the condition that a row may hold one of the words, and its parameters."""
    given: dict[str, object] = {f"w{n}": f"%{one}%" for n, one in enumerate(veil.telling)}
    parts = [f"lower({column}) LIKE :{name}" for column in columns for name in given]
    return (" OR ".join(parts) or "FALSE"), given


def _cover(pen: Pen, which: Table, one: Whom, done: Counts) -> None:
    """Cover the words in the rows of a table, and in all that hangs on their own tickets."""
    table, keys, columns = which
    condition, given = _held(columns, one.veil)
    of_ticket = _ticket_column(table)
    if of_ticket:
        condition, given = (
            f"{of_ticket} IN :tickets OR {condition}",
            {**given, "tickets": one.tickets},
        )
    names = ", ".join(dict.fromkeys((*keys, *columns, *filter(None, [of_ticket]))))
    changed = []
    select = f'SELECT {names} FROM "{table}" WHERE {condition}'  # noqa: S608 - the schema's names
    for row in pen.work.spine.all(select, **given):
        own = bool(of_ticket) and row[of_ticket] in set(one.tickets)
        before = {name: row[name] for name in columns}
        after = {name: _covered(before[name], one.veil, own=own) for name in columns}
        if own and table == _TYPED[0]:
            after["state"] = _unsaid(str(after["state"]))
        if after != before:
            changed.append(({key: row[key] for key in keys}, after))
    if changed:
        pen.write(table, changed)
        done[table.replace("_", " ")] += len(changed)


_OF_A_TICKET = {"draft": "subject_id", "solution": "source_ticket_id"}


def _ticket_column(table: str) -> str:
    from deskterm.models import metadata

    columns = metadata.tables[table].columns
    if table in _OF_A_TICKET:
        return _OF_A_TICKET[table]
    return "ticket_id" if "ticket_id" in columns else ""


def _covered(text: object, veil: Veil, *, own: bool) -> object:
    if not isinstance(text, str) or not text:
        return text
    if text[:1] in "{[":
        value = _json(text)
        if value is not None:
            return json_text(veil.covered(value, own=own))
    return veil.cover(text, own=own)


def _unsaid(state: str) -> str:
    """Give a walk of a guide without what the requester said, which it knows from the ticket."""
    walk = json.loads(state)
    known = walk.get("known", {})
    known |= {name: GONE for name in _SAID if known.get(name)}
    return json_text(walk)


def _json(text: str) -> object:
    """Give what stored JSON says; None for what is no JSON of ours."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if json_text(value) == text else None


# --- tickets and their ledger -------------------------------------------------------------------


def _mentioned(database: Database, veil: Veil) -> set[int]:
    """Give the tickets of others that name them: raw copies of what was written there go too."""
    condition, given = _held(("text", "changes", "data"), veil)
    rows = database.all(
        "SELECT id, subject_id, text, changes, data FROM ledger "  # noqa: S608 - bound
        f"WHERE kind = 'ticket' AND ({condition})",
        **given,
    )
    found = {
        row["subject_id"]
        for row in rows
        if any(veil.cover(row[name]) != row[name] for name in ("text", "changes", "data"))
    }
    condition, given = _held(OF_TICKET, veil)
    names = ", ".join(("id", *OF_TICKET))
    rows = database.all(f"SELECT {names} FROM ticket WHERE {condition}", **given)  # noqa: S608 - bound
    return found | {
        row["id"]
        for row in rows
        if any(veil.cover(row[name]) != row[name] for name in OF_TICKET if row[name])
    }


def _forget_ledger(pen: Pen, one: Whom, done: Counts) -> None:
    condition, given = _held(redactions.WORDS, one.veil)
    owned = "".join(f" OR (kind = '{kind}' AND subject_id IN :of_{kind})" for kind in one.owned)
    given |= {f"of_{kind}": sorted(numbers) for kind, numbers in one.owned.items()}
    letters = "".join(
        f" OR (kind = 'setting' AND changes LIKE '%\"{own}%')" for own in _letters_of(one)
    )
    rows = pen.work.spine.all(
        "SELECT id, kind, subject_id, actor, person_id, text, changes, data FROM ledger "  # noqa: S608 - bound
        "WHERE (kind = 'ticket' AND subject_id IN :tickets) OR person_id IN :people "
        "OR (kind = 'person' AND subject_id IN :people) "
        f"OR (kind = 'solution' AND subject_id IN :solutions){owned}{letters} "
        f"OR {condition} ORDER BY id",
        tickets=one.tickets,
        solutions=sorted(one.solutions),
        people=one.people,
        **given,
    )
    fresh = []
    for row in rows:
        before = {name: row[name] for name in redactions.WORDS}
        after = _entry(row, one)
        if after != before:
            fresh.append({"id": row["id"], **after})
    pen.redact(fresh)
    done["ledger entries"] += len(fresh)


def _entry(row: Row, one: Whom) -> dict[str, object]:
    """Give the words of an entry as they stand from now on."""
    ticket = row["kind"] == "ticket" and row["subject_id"] in set(one.tickets)
    person = row["kind"] == "person" and row["subject_id"] in one.people
    drafted = row["kind"] == "solution" and row["subject_id"] in one.solutions
    owned = row["subject_id"] in one.owned.get(row["kind"], ())
    own = ticket or person or drafted or owned
    letters = _letters_of(one) if row["kind"] == "setting" else ()
    spoke = row["person_id"] in one.people or (
        ticket and row["actor"] == "customer" and row["person_id"] is None
    )
    text = (
        GONE if (spoke or person or owned) and row["text"] else one.veil.cover(row["text"], own=own)
    )
    changes = {
        one.veil.key(key): [
            GONE
            if value
            and (key.startswith(letters) or (owned and key in (*_OWNED[row["kind"]][1], "name")))
            else _value(key, value, one, row["kind"] if own else "")
            for value in pair
        ]
        for key, pair in json.loads(row["changes"]).items()
    }
    data = one.veil.covered(json.loads(row["data"]), own=own)
    return {
        "text": text,
        "changes": redactions.rewritten(row["changes"], changes),
        "data": redactions.rewritten(row["data"], data),
    }


_FACTS = ("name", "phone", "location", "title", "notes")
"""What is said of a person and goes with them."""


def _value(key: str, value: object, one: Whom, kind: str) -> object:
    """Give a value of the ledger; `kind` is that of their own subject, empty for another's."""
    if not isinstance(value, str) or not value:
        return one.veil.covered(value)
    if key in {"ticket": _SAID, "person": _FACTS}.get(kind, ()):
        return GONE
    words = {"ticket": OF_TICKET, "solution": TEXTS, "person": (key,)}.get(kind, ())
    worded = key in words or (kind == "ticket" and key.startswith("field."))
    return one.veil.cover(value, own=worded)


def _forget_tickets(pen: Pen, one: Whom, done: Counts) -> None:
    """What they said of their tickets is gone."""
    names = ", ".join(("id", *_SAID))
    fresh = []
    for start in range(0, len(one.tickets), _CHUNK):
        rows = pen.work.spine.all(
            f"SELECT {names} FROM ticket WHERE id IN :ids",  # noqa: S608 - constants
            ids=one.tickets[start : start + _CHUNK],
        )
        for row in rows:
            after = {name: GONE if row[name] else row[name] for name in _SAID}
            if any(after[name] != row[name] for name in _SAID):
                fresh.append(({"id": row["id"]}, after))
    pen.write("ticket", fresh)
    done["tickets"] += len(fresh)


def _cover_tickets(pen: Pen, one: Whom, done: Counts) -> None:
    """What the desk wrote of tickets keeps no name; the index of words follows."""
    columns = OF_TICKET
    condition, given = _held(columns, one.veil)
    names = ", ".join(("id", *columns))
    changed = []
    for row in pen.work.spine.all(
        f"SELECT {names} FROM ticket WHERE id IN :tickets OR {condition}",  # noqa: S608 - the schema's names
        tickets=one.tickets,
        **given,
    ):
        own = row["id"] in set(one.tickets)
        after = {name: one.veil.cover(row[name], own=own) for name in columns}
        after["folded"] = folded_lines(*(after[name] for name in WORDS))
        if any(after[name] != row[name] for name in columns):
            changed.append(({"id": row["id"]}, after))
    if changed:
        pen.write("ticket", changed)
        done["tickets with a name in them"] += len(changed)


def _letters_of(one: Whom) -> tuple[str, ...]:
    """Give what begins the settings that hold a client's own words of letters."""
    return tuple(f"{LETTER}{number}/" for number in sorted(one.owned.get("organisation", ())))


_OWNED: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "solution": ("solution", (*TEXTS, "fixed_in"), "confidence = 'archived', audience = NULL"),
    "problem": (
        "problem",
        ("title", "cause", "workaround", "reproduction", "model", "os", "product", "reason"),
        "severity = severity",
    ),
    "announcement": ("announcement", ("text", "closing", "audience"), "due = ''"),
    "guide": ("guide", ("title", "source"), "active = FALSE, outline = NULL"),
    "text": ("canned_text", ("words",), "active = FALSE"),
    "improvement": ("improvement", ("words",), "query = '', reason = :gone"),
    "organisation": (
        "organisation",
        ("address", "desk_name", "mission", "greeting"),
        "client = TRUE",
    ),
}
"""Ledger kind → its table, the columns that go as a whole, what becomes of it."""


def _forget_owned(database: Database, kind: str, numbers: Iterable[int]) -> int:
    """Let what a client owned say nothing any more; gives of how many."""
    table, columns, becomes = _OWNED[kind]
    sets = ", ".join(f"{name} = CASE WHEN {name} = '' THEN '' ELSE :gone END" for name in columns)
    if kind in ("organisation", "text", "improvement"):
        becomes += ", name = :gone || ' ' || CAST(id AS TEXT)"
    return database.run(
        f"UPDATE {table} SET {sets}, {becomes} WHERE id IN :ids",  # noqa: S608 - constants
        gone=GONE,
        ids=sorted(numbers),
    )


def overwrite(database: Database) -> None:
    """Let SQLite overwrite what is deleted, on this connection from now on."""
    if database.dialect == "sqlite":
        database.all("PRAGMA secure_delete = ON")


def sweep(database: Database) -> None:
    """Let the index of words forget too: its merged parts still hold words that are gone."""
    if database.dialect == "sqlite" and has_index(database):
        database.run("INSERT INTO ticket_search(ticket_search) VALUES('optimize')")


def counted(counts: Mapping[str, int]) -> str:
    """Give the counts as words: `3 tickets, 12 ledger entries`."""
    return ", ".join(f"{many} {what}" for what, many in sorted(counts.items()) if many)
