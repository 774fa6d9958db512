"""What a login may not see is not there for it: by number, count or error (semantics §14)."""

from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.requests import NewTicket
from deskterm.services.team import Team as Roles
from tests.rights.conftest import Team

WORD = "Zwieselfrequenz"


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
    secret = _open(desk, "bo@clinic.example", f"Salary {WORD}")
    desk.records.set("group", "secrets", {})
    harbour = _open(desk, "ada@harbour.example", f"Plotter {WORD}")
    clinic = _open(desk, "bo@clinic.example", "Plotter smears every drawing")
    with closing(team.connected()) as owner:
        group = owner.returned("SELECT deskterm_role('technician') AS name")["name"]
        for login in ("clara", "bea"):
            owner.run(f"DROP ROLE IF EXISTS {login}")
            owner.run(f"CREATE ROLE {login} LOGIN IN ROLE {group}")
        owner.run(
            "UPDATE ticket SET group_id = (SELECT id FROM desk_group WHERE name = 'secrets') "
            "WHERE id = :id",
            id=secret,
        )
    Roles(team.desk()).restrict("clara", ["clinic"])
    yield Apart(team, secret, harbour, clinic)
    with closing(team.connected()) as owner:
        owner.run("DELETE FROM allowed_client")
        owner.run("UPDATE desk_group SET restricted = FALSE")


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
