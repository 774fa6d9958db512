"""What was sealed is proven to be as it was, and what was altered since is found."""

from datetime import date

import pytest

from deskterm.bootstrap import Desk
from deskterm.services.audit import Audit
from deskterm.storage.driver import Database
from tests.builders import open_ticket
from tests.verbs import verbs

FIRST_SEAL_GONE = "DELETE FROM ledger WHERE id = (SELECT min(id) FROM ledger WHERE kind = 'seal')"


def _behind_the_triggers(database: Database, statement: str) -> None:
    """Do what only an owner can, who takes protection away first."""
    if database.dialect == "postgresql":
        database.run("ALTER TABLE ledger DISABLE TRIGGER USER")
        database.run(statement)
        database.run("ALTER TABLE ledger ENABLE TRIGGER USER")
        return
    for verb in ("update", "delete"):
        database.run(f"DROP TRIGGER ledger_{verb}")
    database.run(statement)


def _sealed(desk: Desk) -> Audit:
    number, audit = open_ticket(desk), Audit(desk)
    assert audit.seal() is not None
    verbs(desk).note([number], "Seen.")
    assert audit.seal() is not None
    return audit


def test_what_was_sealed_is_as_it_was(desk: Desk) -> None:
    audit = _sealed(desk)
    first, second = audit.seals()
    assert (first.after, second.after) == (0, first.upto)
    assert audit.verify() == []
    assert audit.verify(date(2020, 1, 1)) == []
    assert audit.seal() is None


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE ledger SET text = 'x' WHERE event = 'noted'", "is not as it was sealed"),
        ("UPDATE ledger SET actor = 'bob' WHERE event = 'opened'", "is not as it was sealed"),
        ("DELETE FROM ledger WHERE event = 'noted'", "covers 2 entries, and there are 1"),
        (
            "DELETE FROM ledger WHERE id = (SELECT min(id) FROM ledger WHERE kind = 'seal')",
            "missing",
        ),
    ],
    ids=["words", "actor", "entry", "seal"],
)
def test_what_was_altered_is_found(desk: Desk, statement: str, said: str) -> None:
    audit = _sealed(desk)
    with desk.store.reading() as database:
        _behind_the_triggers(database, statement)
    assert said in audit.verify()[0]
