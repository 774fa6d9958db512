"""Who belongs to which role on the server: logins made, moved, taken out, listed."""

from collections.abc import Collection, Sequence

from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.team import OWNER, Member, Role
from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.rights.laying import quoted, say

_MEMBERS = (
    "SELECT r.rolname AS login, r.rolcanlogin, r.rolsuper, "
    "NULLIF(r.rolvaliduntil, 'infinity') AS rolvaliduntil, "
    "pg_has_role(r.oid, c.relowner, 'MEMBER') AS owns, "
    "(SELECT string_agg(k.kind, ', ' ORDER BY k.kind) FROM unnest(:kinds::text[]) AS k (kind) "
    "JOIN pg_roles g ON g.rolname = deskterm_role(k.kind) "
    "JOIN pg_auth_members m ON m.roleid = g.oid AND m.member = r.oid) AS role "
    "FROM pg_roles r, pg_class c WHERE c.oid = 'operation'::regclass "
    "AND r.rolname NOT IN (SELECT deskterm_role(kind) FROM unnest(:kinds::text[]) AS k (kind)) "
    "ORDER BY r.rolname"
)


def members(database: Database) -> list[Member]:
    """Give every login that has a role at this desk, or owns it."""
    kept = clients_of(database)
    found = []
    for row in database.all(_MEMBERS, kinds=[*map(str, Role)]):
        if row["role"] or (row["owns"] and row["rolcanlogin"]):
            found.append(
                Member(
                    row["login"],
                    OWNER if row["owns"] else row["role"],
                    row["rolcanlogin"],
                    row["rolsuper"],
                    moment_or_none(row["rolvaliduntil"]),
                    tuple(kept.get(row["login"], ())),
                )
            )
    return found


def knows(database: Database, login: str) -> bool:
    """Tell whether the server has such a role."""
    return (
        database.one("SELECT 1 AS one FROM pg_roles WHERE rolname = :login", login=login)
        is not None
    )


def verifier(database: Database, login: str, password: str) -> str:
    """Give what the server keeps of a password, made here: the password goes nowhere."""
    made = database.connection.pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    )
    return str(made.decode())


def make_login(database: Database, login: str, verifier: str = "") -> bool:
    """Make a login where it is missing, or set its password; gives whether it was made.

    `verifier` is what the server keeps of a password, never the password itself.
    """
    row = database.one(
        "SELECT rolcanlogin AS may FROM pg_roles WHERE rolname = :login", login=login
    )
    if row is not None and not row["may"]:
        raise RefusedError(
            f"{login} is a group on this server, or may not log in: choose another login, or "
            f'ALTER ROLE "{login}" LOGIN first.'
        )
    if row is None:
        say(database, f"CREATE ROLE {quoted(login)} LOGIN")
    if verifier:
        say(database, f"ALTER ROLE {quoted(login)} PASSWORD {_text(verifier)}")
    return row is None


def give_role(database: Database, login: str, role: Role | None) -> None:
    """Let a login have one role at this desk, or none; its grants follow with the same commit."""
    if not knows(database, login):
        raise NotFoundError(
            f"there is no login {login!r} on this server; see `deskterm team list`."
        )
    for each in Role:
        group = database.returned("SELECT deskterm_role(:kind) AS name", kind=each)["name"]
        verb = f"GRANT {quoted(group)} TO" if each is role else f"REVOKE {quoted(group)} FROM"
        say(database, f"{verb} {quoted(login)}")


def clients_of(database: Database) -> dict[str, list[str]]:
    """Give login → the clients that it is kept to; whoever is not in it sees them all."""
    found: dict[str, list[str]] = {}
    for row in database.all(
        "SELECT a.login, o.name FROM allowed_client a JOIN organisation o "
        "ON o.id = a.organisation_id ORDER BY a.login, o.name"
    ):
        found.setdefault(row["login"], []).append(row["name"])
    return found


def keep_to(database: Database, login: str, clients: Collection[int]) -> None:
    """Let a login see these clients alone; none: all of them, and what is nobody's."""
    database.run("DELETE FROM allowed_client WHERE login = :login", login=login)
    for one in sorted(clients):
        database.run(
            "INSERT INTO allowed_client (login, organisation_id) VALUES (:login, :client)",
            login=login,
            client=one,
        )


def owners(database: Database) -> str:
    """Give the owner of the desk's tables, who alone may change roles."""
    row = database.returned(
        "SELECT pg_get_userbyid(relowner) AS name FROM pg_class WHERE oid = 'operation'::regclass"
    )
    return str(row["name"])


def end_sessions(database: Database, login: str) -> None:
    """End what somebody has open at this desk."""
    database.all(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE usename = :login AND datname = current_database() AND pid <> pg_backend_pid()",
        login=login,
    )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def known_technicians(database: Database) -> Sequence[str]:
    """Give the logins of active technicians."""
    rows = database.all("SELECT login FROM technician WHERE active ORDER BY login")
    return [str(row["login"]) for row in rows]
