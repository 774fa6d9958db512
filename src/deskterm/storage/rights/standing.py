"""What this login is on its server, as the server sees it."""

from deskterm.storage.driver import Database


def may_work(database: Database) -> bool:
    """Tell whether this login may do the jobs: mail in and out, reminders, figures."""
    if database.dialect == "sqlite":
        return True
    row = database.returned("SELECT NOT deskterm_bound() OR deskterm_is('worker') AS may")
    return bool(row["may"])
