"""A manager and a worker let go what is due by rule, and nothing else (decision 0032)."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.requests import NewTicket
from deskterm.domain.team import Role
from deskterm.services.audit import Audit
from deskterm.services.privacy import Retention
from deskterm.services.retaining import Retaining
from deskterm.services.team import Team as Roles
from deskterm.storage.driver import connect
from deskterm.storage.redactions import digest_of
from deskterm.storage.rights.laying import lay
from deskterm.storage.soundness import trouble
from tests.rights.attacks import GONE, let_go
from tests.rights.conftest import LOGINS
from tests.services.test_forgetting import everything, told
from tests.services.test_retention import WORD, all_of_it
from tests.verbs import verbs

AGO = timedelta(days=800)
NAME = "Wilhelmina Ozollapa"


class Kept:
    """A desk of two years ago, and copies of it: each with logins of every role."""

    def __init__(self, server: str) -> None:
        self._server = server
        self.first = f"kept_{os.getpid()}"
        self._made: list[str] = []
        self._open: list[Desk] = []

    def url(self, name: str, login: str = "postgres") -> str:
        """Give the URL of a copy for a login."""
        return self._server.format(name=name).replace("postgres:@", f"{login}:@")

    def make(self, name: str, template: str) -> None:
        """Make a copy with logins of its own: `NAME_manager` …"""
        with closing(connect(self._server.format(name="postgres"))) as admin:
            admin.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        self._made.append(name)
        with closing(connect(self.url(name))) as owner:
            owner.begin()
            lay(owner)
            owner.commit()
            for role in LOGINS:
                group = owner.returned("SELECT deskterm_role(:kind) AS name", kind=role)["name"]
                owner.run(f"CREATE ROLE {name}_{role} LOGIN IN ROLE {group}")

    def copy(self, what: str) -> str:
        """Give the name of a fresh copy."""
        for desk in self._open:
            desk.close()
        self._open.clear()
        name = f"kept_{what}_{os.getpid()}"
        self.make(name, self.first)
        return name

    def desk(self, name: str, login: str = "postgres") -> Desk:
        """Open a copy in somebody's name."""
        desk = open_desk(settings.load({"db": self.url(name, login)}))
        self._open.append(desk)
        return desk

    def close(self) -> None:
        """Take every copy away."""
        for desk in self._open:
            desk.close()
        with closing(connect(self._server.format(name="postgres"))) as admin:
            for name in self._made:
                admin.run(f"DROP DATABASE {name} WITH (FORCE)")
                for role in LOGINS:
                    admin.run(f"DROP ROLE {name}_{role}")
                    admin.run(f"DROP ROLE deskterm_{name}_{role}")


@pytest.fixture(scope="module")
def kept(postgres_server: str) -> Iterator[Kept]:
    """A desk on which everything happened two years ago, and something yesterday."""
    made = Kept(postgres_server)
    made.make(made.first, "template_desk")
    true = clock.now
    with pytest.MonkeyPatch.context() as patch, closing(made.desk(made.first)) as desk:
        patch.setattr(clock, "now", lambda: true() - AGO)
        all_of_it(desk)
        told(desk)
        verbs(desk).cancel(desk.board.ids("is:open"), "over")
        desk.outbox.send(at_once=True)
        patch.setattr(clock, "now", lambda: true() - timedelta(days=1))
        asked = NewTicket("Cy <cy@young.example>", f"{WORD} of yesterday", f"{NAME} has one.")
        young = desk.tickets.new(asked).tickets
        verbs(desk).cancel(young, "over")
        asked = NewTicket("Cy <cy@young.example>", "Open")
        desk.tickets.new(asked)
        desk.outbox.send(at_once=True)
        desk.records.add("text", "hello", {"words": "Hello."})
        desk.records.add("retention", "Old", {"after": "2y"})
        desk.records.add("retention", "People", {"after": "2y", "what": "people"})
        assert Audit(desk).seal() is not None
    yield made
    made.close()


_OWN = re.compile(
    r"datetime\.datetime\([\d, ]*tzinfo=[^,\]]*|'[0-9a-v]{18}'|'20\d\d-\d\d-\d\dT[^']*'"
)
"""Times and operation ids."""


def _cells(desk: Desk, actors: tuple[str, ...]) -> list[str]:
    """Give every row, whoever let what go, and when."""
    found = _OWN.sub("·", everything(desk))
    for one in actors:
        found = found.replace(repr(one), "'who'")
    left = ("redaction:", "technician:", "lease:")
    return sorted(line for line in found.split("\n") if not line.startswith(left))


def _digests(desk: Desk) -> dict[int, str]:
    with desk.store.reading() as database:
        return {r["entry_id"]: r["digest"] for r in database.all("SELECT * FROM redaction")}


def test_manager_and_worker_let_go_the_same_as_the_owner(kept: Kept) -> None:
    found = {}
    for who in ("postgres", "manager", "worker"):
        name = kept.copy(who)
        login = who if who == "postgres" else f"{name}_{who}"
        desk = kept.desk(name, login)
        due = Retention(desk.store, desk.me).due()
        assert [len(one.tickets) > 3 or len(one.people) > 1 for one in due] == [True, True]
        if who == "worker":
            job = Retaining(desk.store)
            now = clock.now()
            assert job.run(now)
            while job.more:
                assert job.run(now)
        else:
            Retention(desk.store, desk.me).run()
        assert not any(one.many for one in Retention(desk.store, desk.me).due())
        owner = kept.desk(name)
        assert Audit(owner).verify() == []
        with owner.store.reading() as database:
            assert trouble(database) == []
        found[who] = (_cells(owner, (login, "desk", "postgres")), _digests(owner))
        told_of = [line for line in found[who][0] if NAME in line]
        assert told_of == []
        assert any(f"{WORD} of yesterday" in line for line in found[who][0])
    for who in ("manager", "worker"):
        cells, digests = found[who]
        assert [*{*cells} ^ {*found["postgres"][0]}] == []
        assert digests == found["postgres"][1]


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.AUDITOR, Role.BACKUP])
def test_others_are_told_who_may(kept: Kept, role: Role) -> None:
    desk = kept.desk(kept.first, f"{kept.first}_{role}")
    with pytest.raises(
        RefusedError, match=r"managers who see every client, workers\s+and postgres"
    ):
        Retention(desk.store, desk.me).run()
    assert Retaining(desk.store).run(clock.now()) == 0


def test_without_an_operation_of_its_own_nothing_is_let_go(kept: Kept) -> None:
    login = f"{kept.first}_manager"
    with (
        closing(connect(kept.url(kept.first, login))) as database,
        pytest.raises(psycopg.Error, match="needs an operation of its own"),
    ):
        database.connection.execute(let_go(0, "ticket", {"id": 1}, GONE).encode())


def test_a_manager_who_is_kept_to_clients_lets_nothing_go(kept: Kept) -> None:
    name = kept.copy("clients")
    kept.desk(name).records.set("organisation", "Clinic", {})
    Roles(kept.desk(name)).restrict(f"{name}_manager", ["Clinic"])
    desk = kept.desk(name, f"{name}_manager")
    with pytest.raises(RefusedError, match="managers who see every client"):
        Retention(desk.store, desk.me).run()


@pytest.mark.parametrize(
    "words", ["", 'plain "quoted" \\ /', "é ß 漢字 \U0001f600 \x7f \t\n\r\x01 ‮"]
)
def test_the_server_hashes_words_as_the_program_does(kept: Kept, words: str) -> None:
    with closing(connect(kept.url(kept.first))) as owner:
        row = owner.returned(
            "SELECT encode(sha256(convert_to(format('[%s, %s, %s]', deskterm_ascii(w), "
            "deskterm_ascii('{}'), deskterm_ascii(w)), 'UTF8')), 'hex') AS digest "
            "FROM CAST(:w AS text) w",
            w=words,
        )
    assert row["digest"] == digest_of({"text": words, "changes": "{}", "data": words})
