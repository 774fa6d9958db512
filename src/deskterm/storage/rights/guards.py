"""What the server refuses row by row: changes that the ledger does not tell of, and others' things.

A ticket, a record and what hangs on them change only together with an entry about them in the same
transaction; the server looks when it commits. What follows from others (deadlines, impact, figures)
needs at least an operation of one's own. Whoever owns the desk is bound by none of it.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from deskterm.domain.columns import COLUMNS
from deskterm.domain.team import May, Role
from deskterm.storage.driver import Database
from deskterm.storage.rights.grants import HISTORY, SECRETS, rights, who_may
from deskterm.storage.row_kinds import ROW_KINDS


class Told(NamedTuple):
    """Of whom the ledger tells where a row of a table changes."""

    kind: str
    subject: str
    """The column with the subject's number; a number where it is always the same."""
    columns: tuple[str, ...] = ()
    """Only changes of these count; none: of any."""
    made: bool = True
    """Whether the ledger also tells of rows that are made."""
    asked: str = "deskterm_bound()"
    """Of whom it is asked: of all but the owner, or `deskterm_person()`: not of workers."""


CHILDREN: Mapping[str, Told] = {
    **{
        table: Told("ticket", "ticket_id")
        for table in (
            *("step", "field_value", "watcher", "link", "question", "callback", "attachment"),
            *("entry_place", "problem_ticket"),
        )
    },
    "visit": Told("ticket", "ticket_id", ("technician", "at", "minutes", "place", "state")),
    "person_address": Told("person", "person_id", ("address", "person_id", "position")),
    "membership": Told("group", "group_id"),
    **dict.fromkeys(
        ("offer_organisation", "offer_segment", "offer_site", "offer_version"),
        Told("offer", "offer_id"),
    ),
    "desk_setting": Told("setting", "0"),
    **dict.fromkeys(("problem_told", "problem_promise"), Told("problem", "problem_id")),
    **dict.fromkeys(("release_problem", "release_told"), Told("release", "release_id")),
}
"""What hangs on something else, or has no number of its own."""
_UNTOLD = ("outbox", "errand")
"""Tables whose rows go on by themselves: letters and errands have their own queue."""
_MADE_SILENTLY = ("technician", "device", "mail")
"""Kinds that come into being beside what the ledger tells of: who acts, what somebody has."""
FREE = (*HISTORY, *SECRETS, "draft", "presence", "lease", "alembic_version")
"""Tables that are written without an operation; each has its grants or a guard of its own."""

BEFORE: Mapping[str, str] = {"notice": "INSERT OR DELETE", "technician": "UPDATE OR DELETE"}
"""Where not every change needs an operation: a notice is seen, whoever comes is known."""


def told() -> Mapping[str, Told]:
    """Give table → of whom the ledger tells where it changes."""
    found = {"ticket": Told("ticket", "id", tuple(one.name for one in COLUMNS))}
    for kind, shape in ROW_KINDS.items():
        if shape.table not in _UNTOLD:
            subject = "id" if shape.key == "id" else "0"
            asked = "deskterm_person()" if kind == "mail" else "deskterm_bound()"
            made = kind not in _MADE_SILENTLY
            found[shape.table] = Told(kind, subject, shape.columns, made, asked)
    return {**found, **CHILDREN}


def guards(tables: frozenset[str]) -> Iterator[str]:
    """Give the statements that make every guard anew."""
    for table, about in told().items():
        if table in tables:
            yield from _telling(table, about)
    for table in sorted(tables & {*FREE}):
        yield f"DROP TRIGGER IF EXISTS deskterm_claimed ON {table}"
    for table in sorted(tables - {*FREE}):
        verbs = BEFORE.get(table, "INSERT OR UPDATE OR DELETE")
        yield (
            f"CREATE OR REPLACE TRIGGER deskterm_claimed BEFORE {verbs} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION deskterm_claimed()"
        )
    for name, when, function in WHOSE:
        yield (
            f"CREATE OR REPLACE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    for table, verbs in OWN.items():
        yield (
            f"CREATE OR REPLACE TRIGGER deskterm_own BEFORE {verbs} ON {table} "
            "FOR EACH ROW WHEN (NOT deskterm_within()) "
            f"EXECUTE FUNCTION deskterm_own_{table}()"
        )


WHOSE = (
    ("deskterm_whose", "BEFORE INSERT ON ticket", "deskterm_whose_ticket"),
    (
        "deskterm_whose_now",
        "AFTER UPDATE OF requester_id, organisation_id, whose ON ticket",
        "deskterm_whose_now",
    ),
    ("deskterm_whose", "AFTER UPDATE OF organisation_id ON person", "deskterm_whose_person"),
)
"""What keeps, on each ticket, whose it is: policies look at one row and no further."""
OWN: Mapping[str, str] = {
    "draft": "INSERT OR UPDATE OR DELETE",
    "notice": "UPDATE",
    "technician": "INSERT OR UPDATE",
    "counter": "INSERT OR UPDATE",
    "blob": "INSERT",
    "guide": "INSERT",
    "outbox": "INSERT OR UPDATE",
    "errand": "INSERT OR UPDATE",
    "taken_back": "INSERT OR DELETE",
}
"""Tables with a guard of their own (`functions.sql`), and when it is asked."""


def _telling(table: str, about: Told) -> Iterator[str]:
    """Give what asks, before a commit, whether the ledger tells of each row that changed."""
    name = f"deskterm_told_{table}"
    new, old = (
        about.subject if about.subject.isdigit() else f"{row}.{about.subject}"
        for row in ("NEW", "OLD")
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        "SET search_path = {schema}, pg_temp AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN PERFORM deskterm_told('{about.kind}', {old}, '{table}'); "
        f"ELSE PERFORM deskterm_told('{about.kind}', {new}, '{table}'); END IF; "
        "RETURN NULL; END $$"
    )
    changed = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in about.columns)
    conditions = {"INSERT OR DELETE" if about.made else "DELETE": about.asked}
    conditions["UPDATE"] = f"({changed or 'OLD IS DISTINCT FROM NEW'}) AND {about.asked}"
    for verb, condition in conditions.items():
        trigger = f"{name}_{'u' if verb == 'UPDATE' else 'i'}"
        yield f"DROP TRIGGER IF EXISTS {trigger} ON {table}"
        yield (
            f"CREATE CONSTRAINT TRIGGER {trigger} AFTER {verb} ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
            f"WHEN ({condition} AND NOT deskterm_within()) "
            f"EXECUTE FUNCTION {name}()"
        )


def may(database: Database, login: str) -> May:
    """Give what a login may not change, and who may; one statement, none where it is a file."""
    if database.dialect == "sqlite":
        return May(login)
    asked = ", ".join(f"deskterm_is('{role}') AS {role}" for role in Role)
    row = database.returned(f"SELECT deskterm_bound() AS bound, {asked}")
    if not row["bound"]:
        return May(login)
    has = {table for role in Role if row[role] for table, right in rights(role) if right.may != "d"}
    every = {table for role in Role for table, _ in rights(role)}
    barred = {table: _words(table) for table in every - has}
    kinds = {kind: shape.table for kind, shape in ROW_KINDS.items()} | _SETTINGS
    return May(login, barred | {kind: barred[one] for kind, one in kinds.items() if one in barred})


_SETTINGS = {"setting": "desk_setting", "template": "desk_setting"}
"""Kinds of records that are settings of the desk."""


def _words(table: str) -> str:
    who = [f"{role}s" for role in who_may(table) if role is not Role.WORKER]
    return " and ".join(who) or "workers"
