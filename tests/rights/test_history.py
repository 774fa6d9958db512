"""Who did what, and when, is the server's word (semantics §14)."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from deskterm.domain import clock
from deskterm.domain.errors import RefusedError
from deskterm.domain.requests import NewTicket
from deskterm.mail.tokens import signature, ticket_of_message_id
from deskterm.storage.secrets import marks_of, token_secrets
from tests.builders import open_ticket
from tests.rights.conftest import Team

OPERATION = "INSERT INTO operation (id, kind, actor, at) VALUES (:id, 'note', :actor, :at)"
ENTRY = (
    "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, public, text, "
    "changes, data) VALUES (:id, :at, :actor, 'ticket', 1, 2, 'noted', FALSE, '', '{}', '{}')"
)
OLD = datetime(2020, 1, 1, tzinfo=UTC)


def _open(team: Team, login: str = "ann") -> int:
    asked = NewTicket("Ada <ada@example.org>", "VPN", "It does not work.")
    return team.desk(login).tickets.new(asked).tickets[0]


def test_an_operation_is_of_its_login_at_the_time_of_the_server(team: Team) -> None:
    number = _open(team)
    with closing(team.connected()) as owner:
        row = owner.returned(
            "SELECT o.actor, o.known_as, o.at, l.at AS told, l.actor AS teller, t.opened_at "
            "FROM ticket t JOIN ledger l ON l.kind = 'ticket' AND l.subject_id = t.id "
            "JOIN operation o ON o.id = l.operation_id WHERE t.id = :id",
            id=number,
        )
    assert (row["actor"], row["known_as"], row["teller"]) == ("ann", "ann", "ann")
    assert row["at"] == row["told"] == row["opened_at"]


def test_a_wrong_clock_of_a_client_moves_nothing(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = clock.now()
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: OLD)
        number = _open(team)
    with closing(team.connected()) as owner:
        row = owner.returned("SELECT opened_at FROM ticket WHERE id = :id", id=number)
    assert before - timedelta(minutes=1) < row["opened_at"] < clock.now() + timedelta(minutes=1)


@pytest.mark.parametrize("login", ["ann", "mona"])
def test_nobody_acts_in_the_name_of_another(team: Team, login: str) -> None:
    with closing(team.connected(login)) as database:
        database.begin()
        with pytest.raises(RefusedError, match=f"knows you as {login}, not as bob"):
            database.run(OPERATION, id="forged", actor="bob", at=OLD)


def test_an_entry_is_of_the_operation_of_its_own_transaction(team: Team) -> None:
    with closing(team.connected("ann")) as database:
        database.begin()
        row = database.returned(f"{OPERATION} RETURNING at", id="mine", actor="ann", at=OLD)
        database.run(ENTRY, id="mine", actor="ann", at=row["at"])
        with pytest.raises(RefusedError, match="said by the server"):
            database.run(ENTRY, id="mine", actor="ann", at=OLD)
    with closing(team.connected("ann")) as database:
        database.begin()
        database.run(OPERATION, id="mine", actor="ann", at=OLD)
        database.commit()
        database.begin()
        with pytest.raises(RefusedError, match="operation of the same transaction"):
            database.run(ENTRY, id="mine", actor="ann", at=OLD)


def test_a_worker_says_on_whose_behalf_and_is_known_all_the_same(team: Team) -> None:
    _open(team)
    with closing(team.connected("wanda")) as database:
        database.begin()
        now = clock.now()
        for name, actor in (("of mail", "mail"), ("of ann", "ann"), ("its own", "wanda")):
            database.run(OPERATION, id=name, actor=actor, at=now)
        rows = database.all("SELECT known_as FROM operation WHERE actor IN ('mail', 'wanda')")
        assert {row["known_as"] for row in rows} == {"wanda"}
        with pytest.raises(RefusedError, match="nobody is no technician"):
            database.run(OPERATION, id="of nobody", actor="nobody", at=now)


def test_the_owner_may_say_when_it_was(team: Team) -> None:
    with closing(team.connected()) as owner:
        owner.begin()
        row = owner.returned(f"{OPERATION} RETURNING at", id="old", actor="import", at=OLD)
        assert row["at"] == OLD
        owner.rollback()


def test_a_mark_that_the_server_makes_is_the_one_that_the_secret_makes(team: Team) -> None:
    with closing(team.connected()) as owner, closing(team.connected("ann")) as database:
        secrets = token_secrets(owner)
        assert token_secrets(database) == []
        named = [(one % 7, f"{one:x}") for one in range(501, 0, -1)]
        made = [signature(secrets[0], "message", *one) for one in named]
        assert marks_of(database, named) == made
        with pytest.raises(RefusedError, match="secret is for workers alone"):
            database.all("SELECT value FROM secret")


def test_a_technicians_letters_are_signed_as_the_workers_are(team: Team) -> None:
    number = _open(team)
    with closing(team.connected()) as owner:
        row = owner.returned("SELECT message_id FROM outbox WHERE ticket_id = :id", id=number)
        unique, mark = row["message_id"].split("@")[0].split(".")[2:]
        assert mark == signature(token_secrets(owner)[0], "message", number, unique)


def test_a_release_that_a_technician_ships_reaches_everybody_with_signed_letters(
    team: Team,
) -> None:
    """Rows come in as arrays where row security holds, and the server makes every mark."""
    ann = team.desk("ann")
    tickets = [open_ticket(ann, "VPN drops", requester=f"vpn{n}@example.org") for n in range(3)]
    number = ann.problems.new({"title": "The VPN drops"}, tickets).of("problem")[0]
    ann.records.add("release", "Router 9", {"problems": f"P{number}", "words": "It stays up."})
    assert ann.releases.ship("Router 9").letters == len(tickets)
    assert len(ann.releases.told("Router 9")) == len(tickets)
    with closing(team.connected()) as owner:
        secrets = token_secrets(owner)
        rows = owner.all("SELECT message_id FROM outbox WHERE template = 'released'")
        named = [ticket_of_message_id(row["message_id"], secrets) for row in rows]
    assert sorted(filter(None, named)) == tickets


def test_only_a_worker_does_the_jobs(team: Team) -> None:
    assert not team.desk("ann").jobs.hold()
    assert team.desk("wanda").jobs.hold()
    team.desk("wanda").jobs.release()
