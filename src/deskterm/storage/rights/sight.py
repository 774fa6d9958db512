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
_OWN = f"organisation_id = ANY ({CLIENTS}::integer[])"


class Seen(NamedTuple):
    """Which rows of a table are seen, and which may be written."""

    rows: str
    """A condition on a row; whoever sees everything is not asked."""
    made: str = ""
    """Which rows may be made; empty: those that are seen."""


def _by(table: str, column: str, key: str = "id", *, nobody: str = "") -> str:
    """Give the condition that the row a column names is seen; `nobody`: what holds for none."""
    there = f"EXISTS (SELECT FROM {table} seen WHERE seen.{key} = {{table}}.{column})"
    return f"({column} IS NULL AND {nobody} OR {there})" if nobody else there


def _with(condition: str, made: str = "") -> Seen:
    return Seen(f"{ALL} OR {condition}", made and f"{ALL} OR {made}")


_TICKETS = _with(_by("ticket", "ticket_id"))
_PEOPLE = Seen(f"{_ANY_CLIENT} OR {_by('person', 'person_id')}")
_OF_CLIENTS = Seen(f"{_ANY_CLIENT} OR organisation_id IS NULL OR {_OWN}")
_PROBLEMS = Seen(f"{_ANY_CLIENT} OR {_by('problem', 'problem_id')}")
_DESK = Seen(_ANY_CLIENT)
"""What tells of the desk as a whole: nothing for whoever is kept to clients."""
NOT_HIDDEN = (
    f"(group_id IS NULL OR group_id <> ALL ({_GROUPS}::integer[])) "
    f"AND ({_ANY_CLIENT} OR whose = ANY ({CLIENTS}::integer[]))"
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
    *("attachment", "callback", "checklist_item", "course", "course_due", "entry_place"),
    *("field_value", "learned_lesson", "learned_ticket", "mail_reference", "measure"),
    *("problem_promise", "problem_ticket", "question", "recurring_made", "result", "result_due"),
    *("retained", "review", "solution_use", "step", "visit", "watcher"),
)
SEEN: Mapping[str, Seen] = {
    "ticket": _with(f"({NOT_HIDDEN})"),
    **dict.fromkeys(_ON_TICKETS, _TICKETS),
    "link": _with(f"({_by('ticket', 'ticket_id')} AND {_by('ticket', 'other_id')})"),
    "time_entry": _with(_by("ticket", "ticket_id", nobody="technician = session_user")),
    "guide_run": _with(_by("ticket", "ticket_id", nobody="owner = session_user")),
    "notice": _with(_by("ticket", "ticket_id", nobody="true")),
    "presence": _with(
        f"login = session_user OR {_by('ticket', 'ticket_id')}", _by("ticket", "ticket_id")
    ),
    "ledger": _with(f"({_LEDGER})", f"({_TOLD})"),
    "operation": _with(
        f"actor = session_user OR {_by('ledger', 'id', 'operation_id')}",
        "true",
    ),
    "redaction": _with(_by("ledger", "entry_id")),
    "hook_run": _with(_by("operation", "operation_id")),
    "outbox": _with(f"({_LETTERS})", f"(ticket_id IS NULL AND person_id IS NULL OR {_LETTERS})"),
    "inbox": _with(
        f"CASE WHEN ticket_id IS NOT NULL THEN {_by('ticket', 'ticket_id')} ELSE {_ANY_CLIENT} "
        "AND NOT EXISTS (SELECT FROM mailbox m WHERE m.name = inbox.mailbox "
        f"AND m.group_id = ANY ({_GROUPS}::integer[])) END"
    ),
    "mail_receipt": _with(_by("inbox", "inbox_id")),
    "blob": _with(f"({_KEPT_BLOBS})", "true"),
    "draft": _with("owner = session_user"),
    "handover": _with(
        f"login = session_user OR {_ANY_CLIENT} AND NOT EXISTS (SELECT FROM membership m "
        f"WHERE m.login = handover.login AND m.group_id = ANY ({_GROUPS}::integer[]))"
    ),
    "handover_read": _with(_by("handover", "handover_id")),
    "day_total": Seen(ALL),
    "day_mark": Seen(ALL, "true"),
    "learned_head": Seen(ALL),
    "learned_word": Seen(ALL),
    "organisation": Seen(f"{_ANY_CLIENT} OR id = ANY ({CLIENTS}::integer[])"),
    "allowed_client": Seen(f"{_ANY_CLIENT} OR login = session_user"),
    "person": Seen(f"{_ANY_CLIENT} OR {_OWN}"),
    **dict.fromkeys(
        ("person_address", "device", "news_told", "problem_told", "release_told", "feedback"),
        _PEOPLE,
    ),
    "recurring": Seen(f"{_ANY_CLIENT} OR person_id IS NULL OR {_by('person', 'person_id')}"),
    **dict.fromkeys(("problem", "guide", "announcement", "canned_text", "offer"), _OF_CLIENTS),
    "solution": Seen(
        f"{ALL} OR ({_OF_CLIENTS.rows} OR audience = 'public') AND (published_at IS NOT NULL "
        f"OR {_by('ticket', 'source_ticket_id', nobody='true')})"
    ),
    **dict.fromkeys(("errand", "tracked", "tracked_comment"), _PROBLEMS),
    "offer_version": Seen(f"{_ANY_CLIENT} OR {_by('offer', 'offer_id')}"),
    **dict.fromkeys(("improvement", "decision", "member"), _DESK),
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
