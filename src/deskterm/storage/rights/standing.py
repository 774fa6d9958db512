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
