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


def _with(condition: str) -> Seen:
    return Seen(f"{ALL} OR {condition}")


_TICKETS = _with(_by("ticket", "ticket_id"))
_PEOPLE = Seen(f"{_ANY_CLIENT} OR {_by('person', 'person_id')}")
_OF_CLIENTS = Seen(f"{_ANY_CLIENT} OR organisation_id IS NULL OR {_OWN}")
_PROBLEMS = Seen(f"{_ANY_CLIENT} OR {_by('problem', 'problem_id')}")
_NOT_HIDDEN = (
    f"(group_id IS NULL OR group_id <> ALL ({_GROUPS}::integer[])) "
    f"AND ({_ANY_CLIENT} OR whose = ANY ({CLIENTS}::integer[]))"
)
SEEN: Mapping[str, Seen] = {"ticket": _with(f"({_NOT_HIDDEN})")}
"""Table → who sees what of it. Tables in `OPEN` tell of no ticket, person or client."""


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
