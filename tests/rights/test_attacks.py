"""Every attack is refused by the server itself, for every role."""

from contextlib import closing

import psycopg
import pytest

from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.storage.driver import Database
from tests.mails import mail_bytes
from tests.rights.attacks import Attack, attacks
from tests.rights.conftest import LOGINS, Team
from tests.verbs import verbs

MOST = 8
"""So many of them may find nothing to change: those tables are empty here."""

REFUSED = ("42501", "P0001", "22012")
"""Somebody may not; it is append-only; and what proves that a grant failed divides by zero."""
FILLED = (
    "CREATE ROLE bob LOGIN",
    "DROP ROLE IF EXISTS dora",
    "CREATE ROLE dora LOGIN",
    "INSERT INTO technician (login, name, email, level, active, since, mail) "
    "VALUES ('dora', '', '', 1, TRUE, now(), 'none') ON CONFLICT DO NOTHING",
    "INSERT INTO technician (login, name, email, level, active, since, mail) "
    "VALUES ('extra', '', '', 1, FALSE, now(), 'none') ON CONFLICT DO NOTHING",
    "INSERT INTO operation (id, kind, actor, at) VALUES ('before', 'x', 'mona', now())",
    "INSERT INTO saved_view (name, owner, query, position) VALUES ('v', 'mona', '', 1)",
    "INSERT INTO draft (owner, kind, subject_id, body, updated_at) "
    "VALUES ('mona', 'note', 1, 'x', now())",
    "INSERT INTO desk_setting (key, value) VALUES ('desk.name', '\"x\"') ON CONFLICT DO NOTHING",
    "INSERT INTO absence (login, from_at, until_at, reason) VALUES ('dora', now(), now(), '')",
    "INSERT INTO notice (login, ticket_id, operation_id, kind, urgent, at) "
    "SELECT 'dora', max(id), 'before', 'x', FALSE, now() FROM ticket",
    "INSERT INTO rule (name, position, query, sets, stops, active, trouble) "
    "VALUES ('r', 1, 'is:new', '{}', FALSE, FALSE, '') ON CONFLICT DO NOTHING",
    "INSERT INTO mailbox (name, kind, address, channel, active, source, since, last_uid, trouble, "
    "trouble_kind) VALUES ('m', 'pipe', '', 'email', FALSE, '{}', now(), 0, '', '')",
    "INSERT INTO lease (name, holder, until) VALUES ('x', 'x', now()) ON CONFLICT DO NOTHING",
)
"""Rows of tables that would be empty."""


@pytest.fixture(scope="module")
def worked(team: Team) -> Team:
    """The desk with a little of everything that an attack looks for, and somebody called bob."""
    desk = team.desk("mona")
    asked = [NewTicket(f"Eve <eve{n}@example.org>", f"VPN {n}", "Broken.") for n in range(2)]
    first = desk.tickets.new_many(asked).tickets[0]
    verbs(desk).note([first], "internal")
    verbs(desk).reply([first], "hello")
    desk.problems.new({"title": "it breaks"})
    desk.records.add("announcement", "VPN is down", {})
    team.desk("wanda").inbox.receive(mail_bytes("It hangs", message_id="<attack@example.org>"))
    with closing(team.connected()) as owner:
        owner.run("DROP ROLE IF EXISTS bob")
        for statement in FILLED:
            owner.run(statement)
    return team


def _tried(database: Database, attack: Attack) -> str:
    """Try an attack up to where it would be committed; gives what came of it."""
    connection = database.connection
    connection.execute("SAVEPOINT attack")
    try:
        done = connection.execute(attack.sql.encode())
        many = done.rowcount
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        return "refused" if error.sqlstate in REFUSED else f"wrong: {error}"
    finally:
        connection.execute("ROLLBACK TO SAVEPOINT attack")
    return "nothing" if many == 0 else "done"


@pytest.mark.parametrize("role", Role)
def test_every_attack_is_refused(worked: Team, role: Role) -> None:
    found: dict[str, list[str]] = {"done": [], "nothing": [], "refused": [], "wrong": []}
    login = LOGINS[role]
    with closing(worked.connected(login)) as database:
        database.connection.execute("BEGIN")
        if role in (Role.TECHNICIAN, Role.MANAGER, Role.WORKER):
            database.connection.execute(
                "INSERT INTO operation (id, kind, actor, at) "
                "VALUES ('mine', 'x', session_user, clock_timestamp())"
            )
        for one in attacks():
            if role not in one.but:
                said, _, why = _tried(database, one).partition(": ")
                found[said].append(f"{one.kind}: {one.sql} {why}")
        database.connection.execute("ROLLBACK")
    assert found["done"] == []
    assert found["wrong"] == [], "\n".join(found["wrong"])
    assert len(found["nothing"]) <= MOST, found["nothing"]
    assert len(found["refused"]) >= (185 if role is Role.WORKER else 200)
