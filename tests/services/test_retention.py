"""What is due by a rule goes, everywhere; what is needed stays (docs/privacy.md)."""

from datetime import timedelta
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.requests import NewTicket
from deskterm.domain.veil import GONE
from deskterm.services.audit import Audit
from deskterm.services.privacy import Retention
from deskterm.services.retaining import Retaining
from deskterm.storage.soundness import trouble
from tests.builders import count, open_ticket, value
from tests.mails import mail_bytes, take
from tests.services.test_forgetting import everything
from tests.services.test_privacy import HAPPENINGS, MARK
from tests.verbs import verbs

LATER = timedelta(days=800)
WORD = "kaleidoskop"
"""What only the customer says."""


def _rule(desk: Desk, name: str = "Old", **values: str) -> None:
    desk.records.add("retention", name, {"after": "2y", **values})


def _closed(desk: Desk, subject: str = f"My {WORD} is dark", **values: Any) -> int:
    number = open_ticket(desk, subject, body=f"The {WORD}.", **values)
    verbs(desk).finish([number], f"A new {WORD}.", "without their word")
    return number


def _run(desk: Desk) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    desk.outbox.send(at_once=True)
    found = Retention(desk.store, desk.me).run(now=clock.now() + LATER)
    return [(one.rule, one.tickets, one.people) for one in found]


def _figures(desk: Desk) -> list[str]:
    """Give what figures are made of."""
    with desk.store.reading() as database:
        rows = [
            *database.all("SELECT * FROM measure ORDER BY ticket_id"),
            *database.all("SELECT ticket_id, steps, seconds, mistakes, whys FROM course"),
            *database.all("SELECT * FROM result ORDER BY ticket_id, kind, number"),
        ]
    return [repr([row[name] for name in row.keys()]) for row in rows]  # noqa: SIM118 - a row is no mapping


def _of_records(line: str) -> bool:
    """Tell whether a row is of what the desk keeps beside its tickets: fields, people, devices."""
    table, _, cells = line.partition(":")
    told = ("'field'", "'person'", "'device'")
    return table in ("field_definition", "person", "device") or (
        table == "ledger" and any(f", {kind}, " in cells for kind in told)
    )


def all_of_it(desk: Desk) -> int:
    """Give a closed ticket on which everything happened, by mail and by hand."""
    desk.admin.set_technician("ben", {"email": "ben@example.org"})
    take(desk, mail_bytes(f"My {WORD}", f"The {WORD}.", message_id="<one@mail.invalid>"))
    (number,) = desk.board.ids("is:open")
    for happening in HAPPENINGS:
        happening(desk, number)
    for other in desk.board.ids("is:open"):
        verbs(desk).cancel([other], "done")
    desk.outbox.send(at_once=True)
    return number


def test_no_cell_holds_a_word_of_a_ticket_whose_time_is_over(desk: Desk) -> None:
    number = all_of_it(desk)
    assert Audit(desk).seal() is not None
    figures = _figures(desk)
    _rule(desk)
    before = everything(desk)
    assert WORD in before
    assert MARK in before
    (due,) = Retention(desk.store, desk.me).due(clock.now() + LATER)
    assert number in due.tickets
    assert everything(desk) == before
    _run(desk)
    left = [line for line in everything(desk).split("\n") if MARK in line or WORD in line]
    assert [line for line in left if not _of_records(line)] == []
    assert value(desk, number, "subject") == GONE
    assert _figures(desk) == figures
    assert Audit(desk).verify() == []
    assert not desk.search.find(WORD)
    with desk.store.reading() as database:
        assert trouble(database) == []


def test_what_is_needed_stays(desk: Desk) -> None:
    old, kept = _closed(desk), open_ticket(desk, f"Still {WORD}", requester="Bo <bo@example.org>")
    known, merged = _closed(desk, f"A known {WORD}"), open_ticket(desk, f"Twice {WORD}")
    desk.problems.new({"title": "Lamps"}, [known])
    verbs(desk).merge([merged], kept)
    _rule(desk)
    _rule(desk, "People", what="people")
    assert _run(desk) == [("Old", (old,), ()), ("People", (), ())]
    assert value(desk, old, "subject") == GONE
    assert [WORD in value(desk, n, "subject") for n in (kept, known, merged)] == [True] * 3
    assert desk.people.page("ada@example.org").person.name == "Ada Moss"


def test_the_nearest_category_decides(desk: Desk) -> None:
    for path in ("legal/contracts", "legal", "phone"):
        desk.records.set("category", path, {})
    _rule(desk, after="30d")
    _rule(desk, "Law", category="legal", after="10y")
    numbers = [_closed(desk, category=path) for path in ("legal/contracts", "legal", "phone", "")]
    _rule(desk, "Contracts", category="legal/contracts", after="60d")
    assert [one[:2] for one in _run(desk)] == [
        ("Contracts", (numbers[0],)),
        ("Law", ()),
        ("Old", tuple(numbers[2:])),
    ]
    assert _run(desk)[2][1] == ()


def test_what_comes_later_goes_the_next_time(desk: Desk) -> None:
    number = _closed(desk)
    _rule(desk)
    _run(desk)
    assert [one[1] for one in _run(desk)] == [()]
    verbs(desk).note([number], f"Called of the {WORD} again.")
    assert [one[1] for one in _run(desk)] == [(number,)]
    assert WORD not in repr(desk.tickets.show(number))


def test_whoever_has_nothing_younger_is_forgotten(desk: Desk) -> None:
    _closed(desk, requester="Mina Oz <mina@old.example>")
    young = open_ticket(desk)
    _rule(desk, what="people")
    ((_, _, people),) = _run(desk)
    assert len(people) == 1
    assert "Mina Oz" not in everything(desk)
    assert value(desk, young, "subject") == "Printer offline"
    assert [one[2] for one in _run(desk)] == [()]


def test_forgetting_by_rule_is_not_undone_and_told_on_the_ticket(desk: Desk) -> None:
    number = _closed(desk)
    _rule(desk)
    _run(desk)
    last = desk.tickets.show(number).timeline[-1]
    assert "by the rule 'Old'" in last.text
    with pytest.raises(RefusedError, match="stands nowhere any more"):
        desk.ledger.undo(last.operation_id)


def test_the_job_lets_a_batch_go_each_turn(desk: Desk) -> None:
    for _ in range(60):
        desk.tickets.new(NewTicket(subject=WORD, requester="ada@example.org"))
    verbs(desk).cancel(desk.board.ids("is:open"), "gone")
    desk.outbox.send(at_once=True)
    _rule(desk)
    job, later = Retaining(desk.store), clock.now() + LATER
    assert (job.run(later), job.more) == (50, True)
    assert (job.run(later), job.more) == (10, False)
    assert job.run(later + timedelta(days=1)) == 0
    assert count(desk, "ticket", "subject = :word", word=WORD) == 0


def test_rules_without_an_age_or_for_the_same_are_refused(desk: Desk) -> None:
    with pytest.raises(UsageError, match="how long after"):
        desk.records.add("retention", "Old", {})
    with pytest.raises(UsageError, match="no age"):
        _rule(desk, after="0d")
    _rule(desk)
    with pytest.raises(UsageError, match="'Old' is for words there already"):
        _rule(desk, "Older", after="3y")
