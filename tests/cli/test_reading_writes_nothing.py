"""What only reads writes nothing: it works on a full disk, on a read-only place, on a replica."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.services.starters import stock
from deskterm.storage.driver import Database
from deskterm.storage.store import Lent, Store
from tests.builders import count, open_ticket
from tests.cli.conftest import Cli

READING = """ticket list|ticket list is:any|ticket show 1|ticket show 1 --full|ticket why 1
search vpn|log|person list|person show #1|category list|group list|org list|field list|view list
rule list|insight steps|insight mistakes|insight customers
solution list|solution wanted|problem list|announce list|absence list
competence list|competence standing-in|review list|review sum|handover list
guide list|guide show battery|guide stats|mail queue|mail queue --all|mail inbox list
mail preview 1|mail mailbox list|mail template list|notices list|settings list|db status|db check"""
COMMANDS = [line.split() for line in READING.replace("\n", "|").split("|")]


def test_the_first_search_of_a_new_desk_writes_nothing(desk: Desk) -> None:
    desk.search.find("vpn")
    assert (count(desk, "ledger"), count(desk, "operation"), count(desk, "guide")) == (0, 0, 0)


def test_no_reading_command_writes(
    cli: Cli, database_url: str, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(desk.store)  # as `db init` and the first start do
    open_ticket(desk, "VPN drops")
    desk.tickets.why(1)
    taken = Store._current

    def read_only(store: Store, lent: Lent) -> Database:
        database = taken(store, lent)
        sqlite = database.dialect == "sqlite"
        database.run(
            "PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on"
        )
        return database

    monkeypatch.setattr(Store, "_current", read_only)
    wrong = {}
    for words in COMMANDS:
        ended = cli(*words)
        if ended.code != 0:
            wrong[" ".join(words)] = ended.err
    assert wrong == {}, "\n".join(f"{name}: {said[:160]}" for name, said in wrong.items())
