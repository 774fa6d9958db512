"""What was sealed is proven to be as it was, and what was altered since is found."""

from datetime import date, timedelta

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.services.audit import Audit, Sealing
from deskterm.services.privacy import Forgetting
from deskterm.storage import seals
from deskterm.storage.driver import Database
from tests.builders import count, open_ticket
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


def test_words_forgotten_after_a_seal_leave_it_proven(desk: Desk) -> None:
    audit = _sealed(desk)
    Forgetting(desk).person("ada@example.org")
    assert audit.forgotten() > 0
    assert audit.seal() is not None
    assert audit.verify() == []
    with desk.store.reading() as database:
        _behind_the_triggers(
            database,
            "UPDATE ledger SET actor = 'bob' WHERE id IN (SELECT entry_id FROM redaction)",
        )
    assert "is not as it was sealed" in audit.verify()[0]


def test_a_worker_seals_once_a_day_and_an_open_board_never(desk: Desk) -> None:
    open_ticket(desk)
    assert desk.jobs.run_once().sealed == 0
    desk.jobs.seals = True
    first = desk.jobs.run_once()
    assert first.sealed > 0
    open_ticket(desk)
    job = Sealing(desk.store)
    assert job.run(clock.now()) == 0
    assert job.run(clock.now() + timedelta(days=1)) > 0
    assert Audit(desk).verify() == []
    assert count(desk, "technician", "login = 'desk'") == 0


def test_whoever_has_begun_to_seal_hears_when_nobody_does_any_more(desk: Desk) -> None:
    audit = Audit(desk)
    assert audit.standing(clock.now())[1]
    assert _sealed(desk).standing(clock.now()) == (f"sealed on {clock.now():%Y-%m-%d}", True)
    open_ticket(desk)
    said, well = audit.standing(clock.now() + timedelta(days=5))
    assert not well
    assert "is `deskterm work` running?" in said
    with desk.store.reading() as database:
        assert seals.settled(database, seals.mark(database))


def test_nothing_is_sealed_below_which_somebody_may_still_write(desk: Desk) -> None:
    if desk.store.dialect == "sqlite":
        return  # a file has one writer at a time
    with desk.store.reading() as database:
        with desk.store.work("cy") as slow:
            slow.claim("note")
            slow.record(("ticket", 1), "noted", "late")
            open_ticket(desk)
            known = seals.mark(database)
            assert not seals.settled(database, known)
        assert seals.settled(database, known)
