"""Fixtures: one desk on a server with a login of each role, shared by the tests of a process."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.team import Role
from deskterm.storage.driver import Database, connect
from deskterm.storage.rights.laying import lay
from tests.cli.conftest import Cli, _caller

LOGINS = {
    Role.TECHNICIAN: "ann",
    Role.MANAGER: "mona",
    Role.WORKER: "wanda",
    Role.AUDITOR: "audrey",
    Role.BACKUP: "basil",
}
"""Role → who has it."""


class Team:
    """A desk with a login of each role; `desk` opens it in somebody's name."""

    def __init__(self, server: str, name: str) -> None:
        self._server = server
        self._name = name
        self._open: dict[str, Desk] = {}

    def url(self, login: str = "postgres") -> str:
        """Give the URL for a login; without one: the owner's."""
        return self._server.format(name=self._name).replace("postgres:@", f"{login}:@")

    def desk(self, login: str = "postgres") -> Desk:
        """Give the desk opened in somebody's name, once."""
        if login not in self._open:
            self._open[login] = open_desk(settings.load({"db": self.url(login)}))
        return self._open[login]

    def connected(self, login: str = "postgres") -> Database:
        """Give a connection of somebody's own."""
        return connect(self.url(login))

    def close(self) -> None:
        """Close every desk."""
        for desk in self._open.values():
            desk.close()


@pytest.fixture(scope="session")
def team(postgres_server: str) -> Iterator[Team]:
    """A desk whose rights are laid, with a login of each role."""
    name = f"team_{os.getpid()}"
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run(f"CREATE DATABASE {name} TEMPLATE template_desk STRATEGY FILE_COPY")
    made = Team(postgres_server, name)
    with closing(made.connected()) as owner:
        owner.begin()
        lay(owner)
        owner.commit()
        for role, login in LOGINS.items():
            group = owner.returned("SELECT deskterm_role(:kind) AS name", kind=role)["name"]
            owner.run(f"CREATE ROLE {login} LOGIN IN ROLE {group}")
    yield made
    made.close()


@pytest.fixture
def call(
    team: Team, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[str], Cli]:
    """Gives the command line of somebody: `call("ann")("ticket", "list")`."""

    def of(login: str) -> Cli:
        caller = _caller(team.url(login), monkeypatch, capsys)
        monkeypatch.delenv("DESKTERM_AS")
        return caller

    return of
