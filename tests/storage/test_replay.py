"""`db check` plays the ledger and names the first thing that is not as it tells."""

from collections.abc import Callable

import pytest

from deskterm.bootstrap import Desk
from deskterm.storage.driver import Database
from deskterm.storage.soundness import differences, trouble
from tests.builders import open_ticket, solved_ticket


def _found(desk: Desk) -> list[str]:
    with desk.store.reading() as database:
        return [str(one) for one in differences(database)]


def _run(text: str) -> Callable[[Database], object]:
    return lambda database: database.run(text)


CHANGES = {
    "UPDATE ticket SET subject = 'else' WHERE id = 2": "ticket 2, subject: the ledger says",
    "UPDATE ticket SET urgent = NOT urgent WHERE id = 1": "ticket 1, urgent: the ledger says",
    "DELETE FROM step WHERE ticket_id = 2": "ticket 2, step.",
    "INSERT INTO watcher (ticket_id, person_id) VALUES (1, 1)": "ticket 1, watcher.1: the ledger "
    "says nothing, the table holds true",
    "INSERT INTO field_value (ticket_id, name, value) VALUES (2, 'os', 'x')": "ticket 2, field.os",
    "INSERT INTO link (ticket_id, kind, other_id) VALUES (1, 'related', 2)": "ticket 1, link.",
}


@pytest.mark.parametrize("text", CHANGES)
def test_what_was_changed_behind_the_ledger_is_named(desk: Desk, text: str) -> None:
    open_ticket(desk)
    solved_ticket(desk)
    assert _found(desk) == []
    with desk.store.reading() as database:
        database.run(text)
        assert trouble(database)[0].startswith(CHANGES[text])


def test_progress_is_told_to_the_last_ticket(desk: Desk) -> None:
    open_ticket(desk)
    number = open_ticket(desk)
    told: list[tuple[int, int]] = []
    with desk.store.reading() as database:
        assert trouble(database, lambda done, total: told.append((done, total))) == []
    assert told == [(number, number)]


def test_an_entry_that_takes_up_from_elsewhere_is_named(desk: Desk) -> None:
    number = open_ticket(desk)
    with desk.work("note") as work:
        work.spine.run(
            "INSERT INTO ledger (operation_id, at, actor, kind, subject_id, version, event, "
            "public, text, changes, data) SELECT operation_id, at, actor, kind, subject_id, "
            "version, event, public, '', :changes, '{}' FROM ledger "
            "WHERE kind = 'ticket' AND subject_id = :number ORDER BY id LIMIT 1",
            number=number,
            changes='{"subject": ["never so", "' + "x" * 90 + '"]}',
        )
    found = _found(desk)
    assert any("subject before entry" in sentence for sentence in found)
    assert all(len(sentence) < 300 for sentence in found)
