"""Who sees which rows: the policies of every table that tells of tickets, people or clients.

Two things narrow what a login sees: groups that are restricted (their tickets are their members'),
and clients that `team restrict` gave a login (it sees theirs alone). Workers, auditors, the backup
and the owner see everything. What hangs on something is seen with it, because a policy asks the
other table, which answers for whoever asks. The functions stand in subqueries of their own, so that
the server asks them once a statement, and indexes are used for what a query asks for.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

ALL = "(SELECT deskterm_sees_all())"
CLIENTS = "(SELECT deskterm_clients())"
_GROUPS = "(SELECT deskterm_hidden_groups())"
_ANY_CLIENT = f"{CLIENTS} IS NULL"


def _theirs(column: str) -> str:
    """Give the condition that a column names a client whom the login sees: any, if it sees all.

    What the login is kept to stands here once, for each time is asked of its own: where it is kept
    to none (NULL) the comparison tells neither. The server takes half of the rows to pass, and so
    follows an index in order for a page; by the comparison alone it would sort all it expects.
    """
    return f"coalesce({column} = ANY ({CLIENTS}::integer[]), true)"


_OWN = _theirs("coalesce(organisation_id, 0)")
"""Nobody's (0) is no client's, and hidden from whoever is kept to some."""


class Seen(NamedTuple):
    """Which rows of a table are seen, and which may be written."""

    rows: str
    """A condition on a row; whoever sees everything is not asked."""
    made: str = ""
    """Which rows may be made; empty: those that are seen."""


def _by(table: str, column: str, key: str = "id", *, nobody: str = "", few: bool = False) -> str:
    """Give the condition that the row a column names is seen; `nobody`: what holds for none.

    `few`: asked of some rows at a time, never of a whole table: then the server need not plan, at
    every step of what hangs on what, a second way that looks at all of the other table.
    """
    apart = " OFFSET 0" if few else ""
    there = f"EXISTS (SELECT FROM {table} seen WHERE seen.{key} = {{table}}.{column}{apart})"
    return f"({column} IS NULL AND {nobody} OR {there})" if nobody else there


def _with(condition: str, made: str = "") -> Seen:
    return Seen(f"{ALL} OR {condition}", made and f"{ALL} OR {made}")


_TICKETS = _with(_by("ticket", "ticket_id"))
_FEW = _with(_by("ticket", "ticket_id", few=True))
_PEOPLE = Seen(f"{_ANY_CLIENT} OR {_by('person', 'person_id')}")
_OF_CLIENTS = Seen(_theirs("organisation_id"))
_PROBLEMS = Seen(f"{_ANY_CLIENT} OR {_by('problem', 'problem_id')}")
_DESK = Seen(_ANY_CLIENT)
"""What tells of the desk as a whole: nothing for whoever is kept to clients."""
NOT_HIDDEN = (
    f"(group_id IS NULL OR group_id <> ALL ({_GROUPS}::integer[])) "
    f"AND {_theirs('coalesce(whose, 0)')}"
)
"""Which tickets are seen by whoever does not see all of them."""
_KEPT_BLOBS = " OR ".join(
    _by(table, "sha256", "sha256") for table in ("attachment", "inbox", "outbox")
)
_LEDGER = f"""CASE kind WHEN 'ticket' THEN {_by("ticket", "subject_id")}
ELSE {_ANY_CLIENT} OR actor = session_user OR deskterm_tells(kind, subject_id) END"""
_TOLD = f"""CASE kind WHEN 'ticket' THEN NOT deskterm_hides(subject_id)
ELSE {_ANY_CLIENT} OR actor = session_user END"""
"""An entry may be written before the ticket that it tells of, in one transaction."""
_LETTERS = (
    f"CASE WHEN ticket_id IS NOT NULL THEN {_by('ticket', 'ticket_id')} "
    f"WHEN person_id IS NOT NULL THEN {_ANY_CLIENT} OR {_by('person', 'person_id')} ELSE false END"
)
_ON_TICKETS = (
    *("course_due", "learned_lesson", "learned_ticket", "measure", "problem_promise", "result_due"),
    *("recurring_made", "result", "retained", "solution_use"),
)
_FEW_ON_TICKETS = (
    *("attachment", "callback", "checklist_item", "course", "entry_place", "mail_reference"),
    *("field_value", "problem_ticket", "question", "review", "step", "visit", "watcher"),
)
"""What a read asks of a ticket or a page of them."""
SEEN: Mapping[str, Seen] = {
    "ticket": Seen(NOT_HIDDEN),
    **dict.fromkeys(_ON_TICKETS, _TICKETS),
    **dict.fromkeys(_FEW_ON_TICKETS, _FEW),
    "link": _with(
        f"({_by('ticket', 'ticket_id', few=True)} AND {_by('ticket', 'other_id', few=True)})"
    ),
    "time_entry": _with(_by("ticket", "ticket_id", nobody="technician = session_user")),
    "guide_run": _with(_by("ticket", "ticket_id", nobody="owner = session_user")),
    "notice": _with(
        _by("ticket", "ticket_id", nobody="login = session_user"),
        _by("ticket", "ticket_id", nobody="true"),
    ),
    "presence": Seen(
        f"login = session_user OR {ALL} OR {_by('ticket', 'ticket_id')}",
        f"login = session_user AND ({ALL} OR {_by('ticket', 'ticket_id')})",
    ),
    "ledger": Seen(f"{ALL} OR ({_LEDGER})", _TOLD),
    "operation": Seen(
        f"actor = session_user OR {ALL} OR {_by('ledger', 'id', 'operation_id', few=True)}",
        "true",
    ),
    "redaction": _with(_by("ledger", "entry_id", few=True)),
    "hook_run": _with(_by("operation", "operation_id", few=True)),
    "outbox": _with(f"({_LETTERS})", f"(ticket_id IS NULL AND person_id IS NULL OR {_LETTERS})"),
    "inbox": _with(
        f"CASE WHEN ticket_id IS NOT NULL THEN {_by('ticket', 'ticket_id')} ELSE {_ANY_CLIENT} "
        "AND NOT EXISTS (SELECT FROM mailbox m WHERE m.name = inbox.mailbox "
        f"AND m.group_id = ANY ({_GROUPS}::integer[])) END"
    ),
    "mail_receipt": _with(_by("inbox", "inbox_id", few=True)),
    "blob": _with(f"({_KEPT_BLOBS})", "true"),
    "draft": _with("owner = session_user"),
    "handover": _with(
        f"login = session_user OR {_ANY_CLIENT} AND NOT EXISTS (SELECT FROM membership m "
        f"WHERE m.login = handover.login AND m.group_id = ANY ({_GROUPS}::integer[]))"
    ),
    "handover_read": Seen(
        f"{ALL} OR {_by('handover', 'handover_id')}",
        f"login = session_user AND ({ALL} OR {_by('handover', 'handover_id')})",
    ),
    "day_total": Seen(ALL),
    "day_mark": Seen(ALL, "true"),
    "learned_head": Seen(ALL),
    "learned_word": Seen(ALL),
    "organisation": Seen(_theirs("id")),
    "allowed_client": Seen(f"{_ANY_CLIENT} OR login = session_user"),
    "person": Seen(_OWN),
    **dict.fromkeys(
        ("person_address", "device", "news_told", "problem_told", "release_told", "feedback"),
        _PEOPLE,
    ),
    "recurring": Seen(f"{_ANY_CLIENT} OR person_id IS NULL OR {_by('person', 'person_id')}"),
    **dict.fromkeys(("problem", "guide", "announcement", "canned_text"), _OF_CLIENTS),
    "solution": Seen(
        f"{ALL} OR ({_OF_CLIENTS.rows} OR audience = 'public') AND (published_at IS NOT NULL "
        f"OR {_by('ticket', 'source_ticket_id', nobody='true')})"
    ),
    **dict.fromkeys(("errand", "tracked", "tracked_comment"), _PROBLEMS),
    "offer": Seen(f"clients = 0 OR {_ANY_CLIENT} OR {_by('offer_organisation', 'id', 'offer_id')}"),
    "offer_organisation": Seen(_theirs("organisation_id")),
    **dict.fromkeys(
        ("offer_site", "offer_segment", "offer_version"),
        Seen(f"{_ANY_CLIENT} OR {_by('offer', 'offer_id')}"),
    ),
    "improvement": Seen(_OWN),
    **dict.fromkeys(("decision", "member"), _DESK),
}
"""Table → who sees what of it."""
OPEN = frozenset(
    {
        *("absence", "calendar", "category", "checklist", "competence", "counter", "desk_group"),
        *("desk_setting", "field_definition", "lease", "macro", "mailbox", "membership"),
        *("own_verb", "release", "release_problem", "remote", "retention", "rule", "saved_view"),
        *("secret", "service", "site", "taken_back", "technician", "ticket_template"),
    }
)
"""Tables that tell of no ticket, person or client: what the desk has settled, random numbers."""
COUNTED = frozenset(
    {
        *("actor", "assignee", "done_by", "from_assignee", "login", "owner", "reviewer"),
        *("technician", "holder", "known_as", "operation_id", "undoes", "id", "day"),
        *("approval", "audience", "channel", "confidence", "craft_proof", "customer_proof"),
        *("event", "hook", "kind", "language", "mailbox", "outcome", "severity", "state"),
        *("status", "step", "template", "tracker", "waiting_for", "wording", "first_day"),
    }
)
"""Columns of text that hold no words of a ticket, a person or a client. Of every other one the
server keeps no statistics: a policy does not keep its planner from using them, and its estimates
(`EXPLAIN … WHERE subject < 'M'`) would spell out, letter by letter, what a login may not see."""
WORDY = frozenset({"guide_run.state", "learned_head.state"})
"""Columns of such a name that hold words all the same."""


def policies(owner: str, everything: str, tables: frozenset[str]) -> Iterator[str]:
    """Give the statements that lay every policy anew.

    `everything` names the groups, with commas, that see and may touch every row.
    """
    whole = ", ".join(filter(None, (owner, everything)))
    for table in sorted(tables & SEEN.keys()):
        seen = SEEN[table]
        rows = seen.rows.replace("{table}", table)
        made = (seen.made or seen.rows).replace("{table}", table)
        for name in ("deskterm_all", "deskterm_seen"):
            yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY deskterm_all ON {table} TO {whole} USING (true) WITH CHECK (true)"
        yield f"CREATE POLICY deskterm_seen ON {table} USING ({rows}) WITH CHECK ({made})"
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
