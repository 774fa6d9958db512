"""What this login is on its server, as the server sees it."""

from deskterm.storage.driver import Database


def may_work(database: Database) -> bool:
    """Tell whether this login may do the jobs: mail in and out, reminders, figures."""
    if database.dialect == "sqlite":
        return True
    row = database.returned("SELECT NOT deskterm_bound() OR deskterm_is('worker') AS may")
    return bool(row["may"])


def owns(database: Database) -> bool:
    """Tell whether this login owns the desk: on a server its tables, else whoever has the file."""
    if database.dialect == "sqlite":
        return True
    row = database.returned("SELECT NOT deskterm_bound() AS owns")
    return bool(row["owns"])


def may_retain(database: Database) -> bool:
    """Tell whether this login may let go what is due by the rules of retention."""
    if database.dialect == "sqlite":
        return True
    return bool(database.returned("SELECT deskterm_may_retain() AS may")["may"])


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
