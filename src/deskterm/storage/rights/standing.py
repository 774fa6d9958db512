"""What this login is on its server, as the server sees it."""

from deskterm.domain.team import May, Role
from deskterm.storage.driver import Database
from deskterm.storage.rights.grants import rights, who_may


def may_work(database: Database) -> bool:
    """Tell whether this login may do the jobs: mail in and out, reminders, figures."""
    if database.dialect == "sqlite":
        return True
    row = database.returned("SELECT NOT deskterm_bound() OR deskterm_is('worker') AS may")
    return bool(row["may"])


def sees_all(database: Database) -> bool:
    """Tell whether this login sees every row: nothing is kept from it by group or client."""
    if database.dialect == "sqlite":
        return True
    return bool(database.returned("SELECT deskterm_sees_all() AS all_of_it")["all_of_it"])


def owns(database: Database) -> bool:
    """Tell whether this login owns the desk: on a server its tables, else whoever has the file."""
    if database.dialect == "sqlite":
        return True
    row = database.returned("SELECT NOT deskterm_bound() AS owns")
    return bool(row["owns"])


def through_pool(database: Database) -> tuple[bool, str]:
    """Tell whether what stands before the server lets it know who acts, and what it means.

    No words where nothing stands before it. A pool gives the numbers of sessions of its own.
    """
    if database.dialect == "sqlite":
        return True, ""
    row = database.returned("SELECT pg_backend_pid() AS pid, session_user AS login")
    here = database.connection.info
    if row["login"] != here.user:
        return False, (
            f"a pool logs {here.user} in as {row['login']}, and so everybody: nobody is told "
            "apart, and nobody's rights hold; let it hand each login on"
        )
    pooled = row["pid"] != here.backend_pid
    return True, "through a pool: changes by others appear within two seconds" if pooled else ""


def may(database: Database, login: str) -> May:
    """Give what a login may not change, and who may; one statement, none where it is a file."""
    if database.dialect == "sqlite":
        return May(login)
    from deskterm.storage.row_kinds import ROW_KINDS

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
