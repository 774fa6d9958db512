"""Undo, merge and split: inverse exactly, refused by name where something changed since."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError
from deskterm.storage.ticket.hold import hold
from tests.builders import count, open_ticket, snapshot, solved_ticket, value
from tests.verbs import verbs

VERBS: dict[str, Callable[[Desk, int], object]] = {
    "take": lambda d, n: verbs(d).take([n]),
    "urgent": lambda d, n: verbs(d).change([n], values={"urgent": True, "subject": "New"}),
    "named": lambda d, n: verbs(d).change([n], named={"category": "printing", "device": "P1"}),
    "field": lambda d, n: verbs(d).change([n], fields={"os": "macOS"}),
    "step": lambda d, n: verbs(d).step([n], "reproduce"),
    "wait": lambda d, n: verbs(d).wait([n], "approval"),
    "escalate": lambda d, n: verbs(d).escalate([n], "vendor", "broken"),
    "solve": lambda d, n: verbs(d).solve([n], "Done."),
    "finish": lambda d, n: verbs(d).finish([n], "Done.", reason="seen it work"),
    "unsolved": lambda d, n: verbs(d).close([n], "unsolved", reason="no budget"),
    "cancel": lambda d, n: verbs(d).cancel([n], "not wanted"),
    "link": lambda d, n: verbs(d).link([n], to=1),
    "merge": lambda d, n: verbs(d).merge([n], into=1),
    "note": lambda d, n: verbs(d).note([n], "hm"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_undo_is_the_exact_inverse(desk: Desk, verb: str) -> None:
    open_ticket(desk, requester="bo@example.org")
    number = open_ticket(desk)
    before = snapshot(desk)
    VERBS[verb](desk, number)
    desk.ledger.undo()
    assert snapshot(desk) == before


def test_undoing_an_opening_cancels_and_withdraws_the_letter(desk: Desk) -> None:
    number = open_ticket(desk)
    desk.ledger.undo()
    assert value(desk, number, "state") == "cancelled"
    assert count(desk, "outbox", "state = 'queued'") == 0


def test_undo_names_the_field_that_changed_since(desk: Desk) -> None:
    number = open_ticket(desk)
    operation = verbs(desk).change([number], values={"subject": "A"}).operation_id
    verbs(desk).change([number], values={"subject": "B"})
    with pytest.raises(ConflictError, match="subject") as refused:
        desk.ledger.undo(operation)
    assert refused.value.clashes[0].now == "B"
    assert value(desk, number, "subject") == "B"


def test_an_operation_is_undone_once(desk: Desk) -> None:
    operation = verbs(desk).take([open_ticket(desk)]).operation_id
    desk.ledger.undo(operation)
    with pytest.raises(RefusedError, match="undone before"):
        desk.ledger.undo(operation)


def test_an_undo_with_the_same_id_is_done_once(desk: Desk) -> None:
    operation = verbs(desk).take([open_ticket(desk)]).operation_id
    name = str(uuid4())
    assert not desk.ledger.undo(operation, how=How(name)).repeated
    assert desk.ledger.undo(operation, how=How(name)).repeated


def test_undo_walks_back_one_operation_at_a_time(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).change([number], values={"subject": "A"})
    verbs(desk).change([number], values={"subject": "B"})
    desk.ledger.undo()
    assert value(desk, number, "subject") == "A"
    desk.ledger.undo()
    assert value(desk, number, "subject") == "Printer offline"


def test_bulk_is_one_undo(desk: Desk) -> None:
    numbers = [open_ticket(desk) for _ in range(5)]
    before = snapshot(desk)
    verbs(desk).finish(numbers, "Done.", reason="outage over")
    desk.ledger.undo()
    assert snapshot(desk) == before


def test_what_many_tickets_share_in_an_undo_is_kept_once(desk: Desk) -> None:
    """A list of all for each of them took gigabytes to undo an import."""
    numbers = [open_ticket(desk, f"Ticket {at}") for at in range(3)]
    with desk.store.work("cy") as work:
        work.claim("look")
        held = hold(work, numbers)
        assert {id(one.beside) for one in held.values()} == {id(held[numbers[0]].beside)}
        assert held[numbers[0]].beside == tuple(numbers)
    verbs(desk).take(numbers)
    assert desk.ledger.undo().back == "take 3 tickets"


def test_nothing_to_undo_says_so(desk: Desk) -> None:
    with pytest.raises(NotFoundError, match="nothing of yours"):
        desk.ledger.undo()


def test_merge_moves_links_watchers_and_chains(desk: Desk) -> None:
    a, b, c, other = (open_ticket(desk, requester=f"p{n}@example.org") for n in range(4))
    verbs(desk).link([b], to=other)
    verbs(desk).link([other], to=a, kind="child")
    verbs(desk).merge([a], into=b)
    before = snapshot(desk)
    verbs(desk).merge([b], into=c)
    after = snapshot(desk)
    assert value(desk, a, "merged_into") == c
    assert after["link"] == [(c, "related", other), (other, "child", c)]
    assert len(after["watcher"]) == 3  # of a and b on c, and of a on b
    desk.ledger.unmerge(b)
    assert snapshot(desk) == before


def test_a_merged_number_leads_to_the_survivor(desk: Desk) -> None:
    a, b = open_ticket(desk), open_ticket(desk)
    verbs(desk).merge([a], into=b)
    verbs(desk).note([a], "via the old number")
    assert count(desk, "ledger", "subject_id = :b AND event = 'noted'", b=b) == 1


def test_merge_into_itself_is_refused(desk: Desk) -> None:
    a = open_ticket(desk)
    with pytest.raises(RefusedError, match="into itself"):
        verbs(desk).merge([a], into=a)


def test_split_moves_messages_and_is_undone(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).note([number], "first")
    verbs(desk).note([number], "another matter")
    verbs(desk).note([number], "more of it")
    with desk.store.reading() as database:
        rows = database.all("SELECT id FROM ledger WHERE event = 'noted' ORDER BY id")
    before = snapshot(desk)
    done = verbs(desk).split(number, rows[1]["id"])
    new = done.tickets[0]
    assert value(desk, new, "body") == "another matter"
    assert count(desk, "entry_place", "ticket_id = :new", new=new) == 2
    desk.ledger.undo()
    after = snapshot(desk)
    assert (after["place"], after["link"]) == (before["place"], before["link"])
    assert value(desk, new, "state") == "cancelled"


def test_reopening_keeps_the_first_closing(desk: Desk) -> None:
    number = solved_ticket(desk)
    verbs(desk).finish([number], reason="works")
    first = value(desk, number, "first_closed_at")
    verbs(desk).reopen([number], "again")
    verbs(desk).finish([number], "new one", reason="works")
    assert value(desk, number, "first_closed_at") == first
    assert value(desk, number, "closed_at") > first
