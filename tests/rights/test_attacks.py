"""Every attack is refused by the server itself, for every role."""

from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta

import psycopg
import pytest

from deskterm.domain import clock
from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.services.team import Team as Roles
from deskterm.storage.driver import Database
from deskterm.storage.rights.laying import lay
from deskterm.storage.rights.sight import SEEN
from tests.mails import mail_bytes
from tests.rights.attacks import HARMLESS, OLD, YOUNG, Attack, attacks, of_retention
from tests.rights.conftest import LOGINS, Team
from tests.verbs import verbs

MOST = 8
"""So many of them may find nothing to change: those tables are empty here."""

REFUSED = ("42501", "P0001", "22012")
"""Somebody may not; it is append-only; and what proves that a grant failed divides by zero."""
GUARDED = {"forge actor or time", "become another", "change without a ledger row", "others' mail"}
"""Kinds that triggers and policies refuse."""
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
    "INSERT INTO handover (login, words, items, at) VALUES ('mona', 'x', '[]', now())",
    "INSERT INTO improvement (name, words, figure, query, target, first_day, last_day, reason, "
    "baseline, result) "
    "VALUES ('i', '', 'reopened', '', '', '2026-01-01', '2026-01-02', '', '', '')",
    "SELECT lo_create(424242) WHERE NOT EXISTS (SELECT FROM pg_largeobject_metadata)",
    "UPDATE technician SET active = FALSE WHERE login = 'postgres'",
    "INSERT INTO errand (operation_id, problem_id, tracker, kind, words, anyway, request, state, "
    "created_at, not_before, attempts, error) SELECT 'before', id, 't', 'comment', 'x', FALSE, '', "
    "'queued', now(), now(), 0, '' FROM problem LIMIT 1",
)
"""Rows of tables that would be empty."""


@pytest.fixture(scope="module")
def worked(team: Team) -> Iterator[Team]:
    """The desk with a little of everything that an attack looks for, and somebody called bob."""
    desk = team.desk("mona")
    with pytest.MonkeyPatch.context() as patch:
        for days, subject in ((900, OLD), (1, YOUNG)):
            then = clock.now() - timedelta(days=days)
            patch.setattr(clock, "now", lambda: then)  # noqa: B023 - until the next one
            asked = [NewTicket(f"Old{days} <old{days}@example.org>", subject, "Broken.")]
            verbs(team.desk()).cancel(team.desk().tickets.new_many(asked).tickets, "over")
            patch.undo()
    team.desk().outbox.send(at_once=True)
    desk.records.add("retention", "Old", {"after": "2y"})
    desk.records.add("retention", "People", {"after": "2y", "what": "people"})
    asked = [NewTicket(f"Eve <eve{n}@example.org>", f"VPN {n}", "Broken.") for n in range(2)]
    first = desk.tickets.new_many(asked).tickets[0]
    verbs(desk).note([first], "internal")
    verbs(desk).reply([first], "hello")
    desk.problems.new({"title": "it breaks"})
    desk.records.add("announcement", "VPN is down", {})
    desk.records.add("text", "hello", {"words": "Hello."})
    desk.records.add("decision", "New VPN", {})
    desk.records.add("offer", "Soon", {"pickup": "3h"})
    desk.records.add("checklist", "New machine", {"items": "unpack"})
    desk.records.add("feedback", "Slow", {})
    team.desk("wanda").inbox.receive(mail_bytes("It hangs", message_id="<attack@example.org>"))
    with closing(team.connected()) as owner:
        owner.run("DROP ROLE IF EXISTS bob")
        for statement in FILLED:
            owner.run(statement)
    yield team
    desk.records.remove("offer", "Soon")
    with closing(team.connected()) as owner:
        for table in ("handover_read", "handover", "errand", "improvement"):
            owner.run(f"DELETE FROM {table}")
        owner.all("SELECT lo_unlink(oid) FROM pg_largeobject_metadata")


def _tried(database: Database, attack: Attack) -> str:
    """Try an attack up to where it would be committed; gives what came of it."""
    connection = database.connection
    connection.execute("SAVEPOINT attack")
    try:
        done = connection.execute(attack.sql.encode())
        many = done.rowcount
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        by_hand = "trigger functions can only be called as triggers" in str(error)
        return "refused" if by_hand or error.sqlstate in REFUSED else f"wrong: {error}"
    finally:
        connection.execute("ROLLBACK TO SAVEPOINT attack")
    return "nothing" if many == 0 else "done"


@pytest.mark.parametrize("role", Role)
def test_every_attack_is_refused(worked: Team, role: Role) -> None:
    found: dict[str, list[str]] = {"done": [], "nothing": [], "refused": [], "wrong": []}
    login = LOGINS[role]
    with closing(worked.connected()) as owner, closing(worked.connected(login)) as database:
        known = owner.returned(
            "SELECT deskterm_due(id, 'words') AND deskterm_due_person(requester_id) AS due "
            "FROM ticket WHERE subject = :old",
            old=OLD,
        )
        assert known["due"], "else retention refuses for want of anything to let go"
        database.connection.execute("BEGIN")
        if role in (Role.TECHNICIAN, Role.MANAGER, Role.WORKER):
            database.connection.execute(
                "INSERT INTO operation (id, kind, actor, at) "
                "VALUES ('mine', 'retention', session_user, clock_timestamp())"
            )
        for one in (*attacks(), *of_retention(owner)):
            if role not in one.but:
                said, _, why = _tried(database, one).partition(": ")
                found[said].append(f"{one.kind}: {one.sql} {why}")
        database.connection.execute("ROLLBACK")
    assert found["done"] == []
    assert found["wrong"] == [], "\n".join(found["wrong"])
    assert len(found["nothing"]) <= MOST, "\n".join(found["nothing"])
    assert len(found["refused"]) >= (300 if role is Role.WORKER else 320)


def _seen(team: Team) -> list[object]:
    """Give how much each login sees of every table, and what the check of the team says."""
    found: list[object] = [*Roles(team.desk()).check()]
    for login in LOGINS.values():
        with closing(team.connected(login)) as database:
            for table in SEEN:
                row = database.returned(f"SELECT count(*) AS n FROM {table}")
                found.append((login, table, row["n"]))
    return found


def test_what_the_server_lets_anybody_say_changes_nothing_for_others(worked: Team) -> None:
    """Each is kept where it can be: what everybody sees and may do is as before."""
    before = _seen(worked)
    with closing(worked.connected()) as owner:
        for login in LOGINS.values():
            for said in HARMLESS:
                with closing(worked.connected(login)) as database, suppress(psycopg.Error):
                    database.connection.execute(said.encode())
            owner.run(f"ALTER ROLE {login} RESET ALL")
        assert _seen(worked) == before
        owner.all("SELECT lo_unlink(oid) FROM pg_largeobject_metadata")
        owner.begin()
        lay(owner)
        owner.commit()
    desk = worked.desk("ann")
    assert verbs(desk).note(desk.board.ids("is:open")[:1], "x").tickets


def test_names_of_ones_own_before_the_servers_open_no_guard(worked: Team) -> None:
    """A schema that somebody left open to all: what stands there is not what the desk asks."""
    true = "RETURNS boolean LANGUAGE sql AS 'SELECT TRUE'"
    forged = (
        f"CREATE FUNCTION open.pg_has_role(name, oid, text) {true}",
        f"CREATE FUNCTION open.oid_is(oid, regclass) {true}",
        "CREATE OPERATOR open.= (LEFTARG = oid, RIGHTARG = regclass, FUNCTION = open.oid_is)",
        "SET search_path = open, pg_catalog, public",
    )
    with closing(worked.connected()) as owner, closing(worked.connected("ann")) as database:
        owner.run("CREATE SCHEMA open")
        owner.run("GRANT ALL ON SCHEMA open TO PUBLIC")
        try:
            for statement in forged:
                database.connection.execute(statement.encode())
            database.connection.execute("BEGIN")
            database.connection.execute(
                "INSERT INTO operation (id, kind, actor, at) "
                "VALUES ('mine', 'x', session_user, clock_timestamp())"
            )
            tried = [one for one in attacks() if one.kind in GUARDED]
            done = [
                one.sql
                for one in tried
                if Role.TECHNICIAN not in one.but and _tried(database, one) == "done"
            ]
            database.connection.execute("ROLLBACK")
        finally:
            owner.run("DROP SCHEMA open CASCADE")
    assert len(tried) > 100
    assert done == []
