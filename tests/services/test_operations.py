"""Units of work: one transaction, claimed ids, dry runs, conflicts that name the fields."""

from uuid import uuid4

import pytest
from sqlalchemy.exc import IntegrityError

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, DatabaseError, UsageError
from deskterm.models import Site
from deskterm.storage.work import RepeatedError
from tests.builders import count, open_ticket, value
from tests.verbs import verbs


def test_the_same_operation_id_does_nothing_again(desk: Desk) -> None:
    number, name = open_ticket(desk), str(uuid4())
    verbs(desk).note([number], "once", how=How(name))
    again = verbs(desk).note([number], "once", how=How(name))
    assert (again.repeated, again.tickets) == (True, (number,))
    assert count(desk, "ledger", "event = 'noted'") == 1


def test_an_operation_id_is_a_uuid(desk: Desk) -> None:
    with pytest.raises(UsageError, match="UUID"):
        verbs(desk).take([open_ticket(desk)], how=How("mine"))


def test_a_dry_run_tells_the_fields_and_changes_nothing(desk: Desk) -> None:
    number = open_ticket(desk)
    before = count(desk, "ledger"), count(desk, "outbox"), count(desk, "operation")
    done = verbs(desk).change([number], values={"subject": "B"}, how=How(dry=True))
    assert [(c.field, c.before, c.after) for c in done.changes] == [
        ("subject", "Printer offline", "B")
    ]
    assert value(desk, number, "subject") == "Printer offline"
    assert (count(desk, "ledger"), count(desk, "outbox"), count(desk, "operation")) == before


def test_a_conflict_names_the_fields_and_who(desk: Desk) -> None:
    number = open_ticket(desk)
    seen = How(seen={number: value(desk, number, "version")})
    verbs(desk).change([number], values={"subject": "Theirs"})
    with pytest.raises(ConflictError) as refused:
        verbs(desk).change([number], values={"subject": "Mine"}, how=seen)
    clash = refused.value.clashes[0]
    assert (clash.field, clash.now, clash.by) == ("subject", "Theirs", "cy")
    assert value(desk, number, "subject") == "Theirs"


def test_a_note_meanwhile_clashes_only_for_a_strict_script(desk: Desk) -> None:
    number = open_ticket(desk)
    version = value(desk, number, "version")
    verbs(desk).note([number], "fyi")
    verbs(desk).change([number], values={"urgent": True}, how=How(seen={number: version}))
    with pytest.raises(ConflictError):
        verbs(desk).take([number], how=How(seen={number: version}, strict=True))


def test_session_and_spine_share_one_transaction(desk: Desk) -> None:
    def break_off() -> None:
        with desk.work("test", models=True) as work:
            work.session.add(Site(name="Leeds"))
            found = work.spine.one("SELECT count(*) AS n FROM site")
            assert found is not None
            assert found["n"] == 1  # flushed before the spine looks
            work.record(("site", 1), "edited")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert (count(desk, "site"), count(desk, "ledger"), count(desk, "operation")) == (0, 0, 0)


def test_after_a_failed_flush_no_plain_write_is_stored_alone(desk: Desk) -> None:
    def attempt() -> None:
        with desk.work("test", models=True) as work:
            work.session.add(Site(name="Leeds"))
            work.session.flush()
            work.session.add(Site(name="Leeds"))
            with pytest.raises(IntegrityError):
                work.session.flush()
            work.session.rollback()
            work.record(("site", 1), "edited")

    with pytest.raises(DatabaseError, match="transaction was lost"):
        attempt()
    assert count(desk, "ledger") == 0


def test_a_ledger_write_without_a_claim_fails(desk: Desk) -> None:
    import sqlite3

    import psycopg

    with (
        pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)),
        desk.store.work(desk.me) as work,
    ):
        work.record(("site", 1), "edited")


def test_a_claimed_id_is_refused_to_a_second_unit_of_work(desk: Desk) -> None:
    name = str(uuid4())
    with desk.work("first", How(name)):
        pass
    with pytest.raises(RepeatedError), desk.work("second", How(name)):
        pass


@pytest.mark.parametrize("statement", ["DELETE FROM ledger", "UPDATE ledger SET actor = 'x'"])
def test_the_ledger_is_append_only(desk: Desk, statement: str) -> None:
    open_ticket(desk)
    with desk.store.reading() as database, pytest.raises(Exception, match="append-only"):
        database.run(statement)


def test_nul_and_surrogates_are_cleaned_once_when_stored(desk: Desk) -> None:
    number = open_ticket(desk, subject="a\x00b \ud83d c")
    assert value(desk, number, "subject") == "a\ufffdb \ufffd c"
