"""What a login may not see is not there for it: by number, count or error (semantics §14)."""

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import psycopg
import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Change
from deskterm.services.team import Team as Roles
from deskterm.storage.driver import Database
from tests.rights.conftest import Team
from tests.rights.row_attacks import OUTWARD, READS, WORDS, WRITES


class Apart(NamedTuple):
    """A ticket of a restricted group, one of Harbour, and one of the clinic, which ann sees."""

    team: Team
    secret: int
    harbour: int
    clinic: int


def _open(desk: Desk, who: str, subject: str) -> int:
    asked = NewTicket(subject=subject, body=f"{subject}, please help.", requester=who)
    return desk.tickets.new(asked).tickets[0]


@pytest.fixture(scope="module")
def apart(team: Team) -> Iterator[Apart]:
    """What is kept apart at the desk of the team: Ann sees the clinic's alone, Bea no secrets."""
    desk = team.desk("mona")
    for name, address in (("Harbour", "ada@harbour.example"), ("Clinic", "bo@clinic.example")):
        desk.records.set("organisation", name, {})
        desk.records.set("person", f"{name} <{address}>", {"organisation": name})
    desk.records.set("group", "secrets", {"restricted": "yes"})
    secret = _open(desk, "bo@clinic.example", f"Salary {WORDS['bea']}")
    desk.tickets.do([secret], Change(group="secrets"))
    harbour = _open(desk, "ada@harbour.example", f"Plotter {WORDS['clara']}")
    clinic = _open(desk, "bo@clinic.example", "Plotter smears every drawing")
    with closing(team.connected()) as owner:
        group = owner.returned("SELECT deskterm_role('technician') AS name")["name"]
        for login in ("clara", "bea"):
            owner.run(f"DROP ROLE IF EXISTS {login}")
            owner.run(f"CREATE ROLE {login} LOGIN IN ROLE {group}")
    Roles(team.desk()).restrict("clara", ["clinic"])
    yield Apart(team, secret, harbour, clinic)
    with closing(team.connected()) as owner:
        owner.run("DELETE FROM allowed_client")
    desk.records.set("group", "secrets", {"restricted": "no"})


def _numbers(apart: Apart, login: str) -> set[int]:
    with closing(apart.team.connected(login)) as database:
        rows = database.all("SELECT id FROM ticket WHERE id IN :ids", ids=[*apart[1:]])
    return {row["id"] for row in rows}


def test_a_restricted_groups_tickets_are_its_members(apart: Apart) -> None:
    assert _numbers(apart, "bea") == {apart.harbour, apart.clinic}
    assert _numbers(apart, "clara") == {apart.clinic}
    for login in ("mona", "wanda", "audrey", "basil", "postgres"):
        assert _numbers(apart, login) == {*apart[1:]}, login


def test_who_sees_what_is_told_and_taken_back(apart: Apart) -> None:
    roles = Roles(apart.team.desk())
    assert {one.login: one.clients for one in roles.members()}["clara"] == ("Clinic",)
    roles.restrict("clara", [])
    assert _numbers(apart, "clara") == {apart.harbour, apart.clinic}
    assert roles.restrict("clara", ["Harbour", "Clinic"]) == ("Clinic", "Harbour")
    assert _numbers(apart, "clara") == {apart.harbour, apart.clinic}
    roles.restrict("clara", ["Clinic"])
    with pytest.raises(NotFoundError, match="no client 'Nowhere'"):
        roles.restrict("clara", ["Nowhere"])
    with pytest.raises(NotFoundError, match="no login 'nobody'"):
        roles.restrict("nobody", ["Clinic"])
    with pytest.raises(RefusedError, match="audrey is auditor, and sees everything"):
        roles.restrict("audrey", ["Clinic"])
    with pytest.raises(RefusedError, match="may not change roles"):
        Roles(apart.team.desk("mona")).restrict("clara", [])


def test_a_client_that_somebody_is_kept_to_is_merged_into_none(apart: Apart) -> None:
    desk = apart.team.desk("mona")
    with pytest.raises(RefusedError, match="clara may see Clinic alone: whoever owns"):
        desk.records.merge("organisation", "Clinic", "Harbour", How(across=True))


def test_a_login_renamed_on_the_server_sees_nothing_and_the_check_says_why(apart: Apart) -> None:
    with closing(apart.team.connected()) as owner:
        owner.run("ALTER ROLE clara RENAME TO klara")
        try:
            assert _numbers(apart, "klara") == set()
            found = Roles(apart.team.desk()).check()
            assert any("clara is kept to Clinic, and no login of that name" in one for one in found)
        finally:
            owner.run("ALTER ROLE klara RENAME TO clara")
    assert _numbers(apart, "clara") == {apart.clinic}


def test_row_security_that_is_off_is_found(apart: Apart) -> None:
    with closing(apart.team.connected()) as owner:
        owner.run("ALTER TABLE ticket DISABLE ROW LEVEL SECURITY")
        assert any("row security of ticket" in one for one in Roles(apart.team.desk()).check())
        owner.run("ALTER TABLE ticket ENABLE ROW LEVEL SECURITY")
    assert not any("row security" in one for one in Roles(apart.team.desk()).check())


def _known(apart: Apart, login: str) -> dict[str, object]:
    """Give what the statements about what is hidden from a login are filled in with."""
    hidden = apart.secret if login == "bea" else apart.harbour
    with closing(apart.team.connected()) as owner:
        row = owner.returned(
            "SELECT t.requester_id AS person, t.whose AS client, (SELECT id FROM desk_group "
            "WHERE name = 'secrets') AS kept FROM ticket t WHERE t.id = :id",
            id=apart.harbour,
        )
    ids = {"id": hidden, "own": apart.clinic, "group": row["kept"]}
    return {**ids, "word": WORDS[login], "person": row["person"], "client": row["client"]}


def test_the_attacks_would_find_what_is_there(apart: Apart) -> None:
    """The same statements as somebody who sees everything: most of them find it."""
    known = _known(apart, "bea")
    with closing(apart.team.connected("mona")) as database:
        database.connection.execute("BEGIN")
        found = [sql for sql in READS if "rows" in _tried(database, sql.format(**known))]
        database.connection.execute("ROLLBACK")
    assert len(found) > 25, found


def _tried(database: Database, sql: str) -> str:
    """Try a statement up to its commit; gives `nothing`, `refused` or what came."""
    connection = database.connection
    connection.execute("SAVEPOINT attack")
    try:
        cursor = connection.cursor()
        if sql.startswith("COPY"):
            with cursor.copy(sql.encode()) as copy:
                many = sum(len(bytes(part)) for part in copy)
        else:
            cursor.execute(sql.encode())
            while cursor.nextset():
                pass
            many = cursor.rowcount
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except psycopg.Error as error:
        return "refused" if error.sqlstate in ("42501", "22012") else f"wrong: {error}"
    finally:
        connection.execute("ROLLBACK TO SAVEPOINT attack")
    return "nothing" if many in (0, -1) else f"{many} rows"


@pytest.mark.parametrize("login", ["bea", "clara"])
def test_whoever_may_not_see_a_ticket_finds_and_touches_nothing_of_it(
    apart: Apart, login: str
) -> None:
    known = _known(apart, login)
    found: dict[str, str] = {}
    with closing(apart.team.connected(login)) as database:
        database.connection.execute("BEGIN")
        database.connection.execute(
            "INSERT INTO operation (id, kind, actor, at) "
            "VALUES ('of rows', 'x', session_user, clock_timestamp())"
        )
        for sql in READS:
            said = _tried(database, sql.format(**known))
            if said != "nothing":
                found[sql] = said
        for sql in (*WRITES, *OUTWARD[login]):
            said = _tried(database, sql.format(**known))
            if said not in ("nothing", "refused"):
                found[sql] = said
        database.connection.execute("ROLLBACK")
    assert found == {}
