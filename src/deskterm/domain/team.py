"""Who is what at a desk on a server: its roles and their members (semantics §14)."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Role(StrEnum):
    """What somebody is at a desk on PostgreSQL; a role is a group that their login belongs to."""

    TECHNICIAN = "technician"
    MANAGER = "manager"
    WORKER = "worker"
    AUDITOR = "auditor"
    BACKUP = "backup"


SEES_EVERYTHING = (Role.WORKER, Role.AUDITOR, Role.BACKUP)
"""Nothing is hidden from them; a manager may be kept to some clients, and a technician."""
OWNER = "owner"
"""Whoever owns the desk's tables, or is a superuser: bound by no role."""
ABOUT = {
    Role.TECHNICIAN: "works on tickets, people and solutions",
    Role.MANAGER: "does that, and changes what the desk has settled",
    Role.WORKER: "does mail and jobs (deskterm work), and alone reads what signs letters",
    Role.AUDITOR: "reads everything but secrets, changes nothing",
    Role.BACKUP: "reads everything but secrets, to copy it",
}


class May(NamedTuple):
    """What a login may not change at its desk, as the server's list of rights has it."""

    login: str = ""
    barred: Mapping[str, str] = {}
    """Table, or kind of record → who may instead; nothing on a desk that is a file."""

    def why_not(self, what: str) -> str:
        """Say why something is not to be changed; empty: it is."""
        who = self.barred.get(what)
        return f"{self.login} may not do that: {who} may (deskterm team list)." if who else ""


class Member(NamedTuple):
    """A login that belongs to the desk, as its server knows it."""

    login: str
    role: str
    """The role, or several with commas; `owner` for whoever is bound by none."""
    may_login: bool
    superuser: bool
    until: datetime | None
    """When its password ends, where it does."""
    clients: tuple[str, ...] = ()
    """The clients whose people and tickets it sees; none named: everybody's."""
