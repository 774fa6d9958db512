"""Remedies are offered as choices; who chose what, when and how is kept, on both databases."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.remedies import Remedy, read_remedy
from tests.builders import count, open_ticket

REPAIR = Remedy("Repair it now", "30 min", "free", "a restart")
REPLACE = Remedy("A new set", "2 h")


def test_remedies_are_offered_numbered_and_the_choice_is_kept(desk: Desk) -> None:
    ticket = open_ticket(desk)
    with pytest.raises(RefusedError, match="nothing was offered"):
        desk.solutions.choose(ticket, 1)
    letters = count(desk, "outbox")
    desk.solutions.offer(ticket, [REPAIR, REPLACE])
    assert count(desk, "outbox") == letters + 1
    words = "%1. Repair it now (takes 30 min; costs: free; note: a restart)\n2. A new set (%"
    assert count(desk, "ledger", "event = 'replied' AND text LIKE :words", words=words) == 1
    with pytest.raises(UsageError, match="1 to 2"):
        desk.solutions.choose(ticket, 3)
    done = desk.solutions.choose(ticket, 2, means="by phone")
    found = desk.solutions.offered(ticket)
    assert found is not None
    assert found.remedies == (REPAIR, REPLACE)
    assert (found.chosen, found.chosen_by, found.how) == (2, "customer", "by phone")
    assert count(desk, "step", "step IN ('propose', 'select') AND status = 'done'") == 2
    desk.ledger.undo(done.operation_id)
    again = desk.solutions.offered(ticket)
    assert again is not None
    assert again.chosen is None
    assert count(desk, "step", "step = 'select'") == 0
    desk.solutions.offer(ticket, [REPLACE], letter=False)
    assert count(desk, "outbox") == letters + 1


@pytest.mark.parametrize("text", ["", "|30 min", "a|b|c|d|e", "x" * 501])
def test_what_is_no_remedy_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        read_remedy(text)
