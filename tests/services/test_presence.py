"""Who has a ticket open: by the database's clock, gone after 30 seconds, never in the ledger."""

from collections.abc import Iterator

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import NOW
from deskterm.domain.presence import READS, WRITES, Here, by_ticket, of_tickets, sign
from deskterm.domain.verbs import Take
from deskterm.services.acting import there_words, who_is_there
from deskterm.storage.changes import Changes
from tests.builders import count, open_ticket


@pytest.fixture
def bob(desk: Desk) -> Iterator[Desk]:
    """The same desk as bob sees it, who is known there."""
    desk.admin.set_technician("bob", {})
    opened = open_desk(settings.load({"db": desk.store.url}, as_login="bob"))
    yield opened
    opened.close()


def here(desk: Desk) -> list[Here]:
    """Give who else has which ticket open."""
    return list(desk.staff.presence.look() or ())


def test_whoever_has_a_ticket_open_is_seen_by_others_and_blocks_nobody(
    desk: Desk, bob: Desk
) -> None:
    number = open_ticket(desk)
    entries = count(desk, "ledger"), count(desk, "operation")
    bob.staff.presence.be_at(number, writing=False)
    assert here(desk) == [Here(number, "bob", False)]
    bob.staff.presence.be_at(number, writing=True)
    assert here(desk) == [Here(number, "bob", True)]
    assert here(bob) == []  # oneself is not told of
    assert there_words(who_is_there(desk, [number]), [number]) == "bob is writing here"
    assert (count(desk, "ledger"), count(desk, "operation")) == entries
    assert desk.tickets.do([number], Take(), NOW).tickets == (number,)
    bob.close()
    assert here(desk) == []


def test_a_crash_ends_after_thirty_seconds_of_the_databases_clock(desk: Desk, bob: Desk) -> None:
    bob.staff.presence.be_at(7, writing=True)
    for seconds, there in ((20, 1), (31, 0)):
        with desk.store.reading() as database:
            ago = (
                f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-{seconds} seconds')"
                if database.dialect == "sqlite"
                else f"clock_timestamp() - interval '{seconds} seconds'"
            )
            database.run(f"UPDATE presence SET seen_at = {ago}")
        assert len(here(desk)) == there
    desk.staff.presence.be_at(8, writing=False)
    desk.staff.presence.leave()
    assert count(desk, "presence") == 0  # what the crash left behind went with it


def test_whoever_works_alone_is_not_asked_to_write(desk: Desk) -> None:
    assert desk.staff.presence.look() is None
    desk.staff.presence.leave()
    assert count(desk, "presence") == 0
    desk.admin.set_technician("bob", {"active": False})
    assert desk.staff.presence.look() is None


def test_a_sign_of_life_wakes_no_other_board(desk: Desk, bob: Desk) -> None:
    with Changes(desk.store.url) as changes:
        assert changes.wait(0.01)  # the first look
        bob.staff.presence.be_at(7, writing=True)
        assert not changes.wait(0.3)
        open_ticket(bob)
        assert changes.wait(5)


def test_words_name_who_writes_first_and_the_ticket_where_there_are_several() -> None:
    there = by_ticket([Here(1, "ann", False), Here(1, "bob", True), Here(2, "cy", False)])
    assert of_tickets(there, [1]) == "bob is writing here, ann has it open"
    assert of_tickets(there, [2, 3, 1]) == (
        "#2: cy has it open; #1: bob is writing here, ann has it open"
    )
    assert of_tickets(there, [3]) == ""
    assert [sign(there.get(number, ())) for number in (1, 2, 3)] == [WRITES, READS, ""]
