"""The desk of an owner who is no superuser: FORCE binds them, their policy lets them through."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.services.team import Team as Roles
from deskterm.storage import bulk
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade


@pytest.fixture
def owned(postgres_server: str) -> Iterator[str]:
    """Give the URL of a desk that somebody made who may make roles, and nothing else."""
    name = "desk_of_its_owner"
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run("CREATE ROLE desk_owner LOGIN CREATEROLE")
        admin.run(f"CREATE DATABASE {name} OWNER desk_owner TEMPLATE template0 STRATEGY FILE_COPY")
        url = postgres_server.format(name=name).replace("postgres:@", "desk_owner:@")
        with closing(connect(url)) as owner:
            upgrade(owner)
        yield url
        admin.run(f"DROP DATABASE {name} WITH (FORCE)")
        groups = [f"deskterm_{name}_{role}" for role in Role]
        for role in ("kept_here", *groups, "desk_owner"):
            admin.run(f"DROP ROLE {role}")


def _open(desk: Desk, who: str) -> int:
    return desk.tickets.new(NewTicket(who, "VPN", "It does not connect.")).tickets[0]


def test_an_owner_sees_and_imports_everything_and_a_colleague_what_is_theirs(owned: str) -> None:
    with closing(open_desk(settings.load({"db": owned}))) as desk:
        for client in ("Harbour", "Clinic"):
            desk.records.set("organisation", client, {})
            who = f"{client} <a@{client}.example>"
            desk.records.set("person", who, {"organisation": client})
        numbers = [_open(desk, f"a@{one}.example") for one in ("harbour", "clinic")]
        roles = Roles(desk)
        assert roles.add("kept_here", "technician")
        roles.restrict("kept_here", ["Clinic"])
        assert not [one for one in roles.check() if "row security" in one]
    with closing(connect(owned)) as owner:
        plan = "\n".join(row["QUERY PLAN"] for row in owner.all("EXPLAIN SELECT id FROM ticket"))
        assert "deskterm" not in plan
        assert "SubPlan" not in plan
        owner.begin()
        bulk.insert(owner, "link", ("ticket_id", "kind", "other_id"), [(*numbers[:1], "x", 2)])
        owner.commit()
        assert len(owner.all("SELECT 1 FROM link WHERE kind = 'x'")) == 1
    url = owned.replace("desk_owner:@", "kept_here:@")
    with closing(open_desk(settings.load({"db": url}))) as kept:
        assert [row.id for row in kept.board.first_page("is:any")] == numbers[1:]
        made = _open(kept, "new@clinic.example")
        assert kept.people.show("new@clinic.example").organisation == "Clinic"
        assert {row.id for row in kept.board.first_page("is:any")} == {numbers[1], made}
