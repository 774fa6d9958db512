"""How many statements a command asks, and how many trips to a server it makes."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.storage.driver import Database
from deskterm.storage.libpq import Statement
from deskterm.storage.store import Lent, Store
from deskterm.storage.trips import Trips
from tests.builders import open_ticket
from tests.cli.conftest import Cli

MAIL = "From: ada@example.org\nSubject: VPN\nMessage-ID: <one@example.org>\n\nno route\n"
MOST = {
    "ticket list": (2, 4),
    "ticket list -o json": (7, 9),
    "ticket show 1": (20, 21),
    "ticket show 1 -o json": (30, 29),
    "ticket note 1 --body x": (9, 5),
    "ticket close 1 --as spam": (15, 8),
    "ticket new --from ada@example.org --subject VPN --no-input": (25, 15),
    "mail receive": (7, 4),
}
"""command → so many statements on SQLite once the file is open; trips to a server in all."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of an open SQLite file, and each trip to a server."""
    found: list[str] = []
    take, send = Store._current, Trips.send

    def taken(store: Store, lent: Lent) -> Database:
        database = take(store, lent)
        if database.dialect == "sqlite":
            database.connection.set_trace_callback(found.append)
        return database

    def sent(trips: Trips, statements: Sequence[Statement]) -> Any:
        found.append(" & ".join(sql.decode() for sql, _ in statements))
        return send(trips, statements)

    monkeypatch.setattr(Store, "_current", taken)
    monkeypatch.setattr(Trips, "send", sent)
    return found


@pytest.mark.parametrize("command", MOST)
def test_a_command_asks_no_more_than_it_did(
    command: str, cli: Cli, desk: Desk, asked: list[str]
) -> None:
    open_ticket(desk, "VPN drops")
    cli("ticket", "note", "1", "--body", "the first of this person makes them a technician")
    asked.clear()
    ended = cli(*command.split(), stdin=MAIL)
    assert ended.code == 0, ended.err
    asked = _by_us(asked)
    assert len(asked) <= MOST[command][desk.store.dialect != "sqlite"], "\n".join(asked)


def _by_us(traced: Sequence[str]) -> list[str]:
    """Leave out what SQLite tells of its triggers and indexes: comments, and a statement again."""
    found = [one for one in traced if not one.startswith("--")]
    return [one for before, one in pairwise(["", *found]) if one != before]
