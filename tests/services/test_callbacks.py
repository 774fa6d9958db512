"""Promised call-backs, absences and workload (B5, C7)."""

from datetime import UTC, datetime

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.screens.board.calls import call_words
from tests.builders import open_ticket, solved_ticket, value
from tests.services.test_promises import Time, time, utc_desk

__all__ = ["time", "utc_desk"]
from tests.mails import mail_bytes, take
from tests.verbs import verbs


def _as(desk: Desk, login: str) -> Desk:
    return open_desk(settings.load({"db": desk.store.url}, as_login=login))


def _ids(desk: Desk, query: str) -> list[int]:
    return list(desk.board.ids(query))


def test_a_call_back_outlives_the_closing_and_is_shown_when_its_time_has_come(
    utc_desk: Desk, time: Time
) -> None:
    number = solved_ticket(utc_desk)
    time.at("mon 10:00")
    verbs(utc_desk).call_back([number], "14:00", "Does it hold?")
    verbs(utc_desk).finish([number], reason="asked twice")
    assert _ids(utc_desk, "is:callback") == [number]
    assert _ids(utc_desk, "callback<1h") == []
    assert _ids(utc_desk, "callback<1d is:closed") == [number]
    assert utc_desk.board.call_backs(due=True) == []
    time.at("mon 14:20")
    (due,) = utc_desk.board.call_backs(due=True)
    assert (due.ticket_id, due.note, due.owner) == (number, "Does it hold?", "cy")
    assert _ids(utc_desk, "callback:due") == [number]
    said = call_words([due], "cy", datetime(2026, 11, 23, 14, 20, tzinfo=UTC))
    assert said == "☎ Call back: #1 Ada Moss, 0:20 ago, you: Does it hold?"


def test_made_moved_and_cancelled_are_recorded_and_undone(utc_desk: Desk, time: Time) -> None:
    number = open_ticket(utc_desk)
    with pytest.raises(RefusedError, match="no call-back is promised"):
        verbs(utc_desk).call_back_done([number])
    verbs(utc_desk).call_back([number], "1h", "First")
    verbs(utc_desk).call_back([number], "3h", "Second")
    time.at("mon 09:10")
    verbs(utc_desk).call_back_move([number], "2h")
    time.at("mon 09:20")
    verbs(utc_desk).call_back_done([number])
    assert [row.note for row in utc_desk.board.call_backs()] == ["Second"]
    time.at("mon 09:30")
    verbs(utc_desk).call_back_cancel([number])
    assert utc_desk.board.call_backs() == []
    utc_desk.ledger.undo()
    assert [row.note for row in utc_desk.board.call_backs()] == ["Second"]
    told = [
        e.data.get("verb") for e in utc_desk.tickets.show(number).timeline if e.event == "call-back"
    ]
    assert told == ["promised", "promised", "moved", "done", "cancelled"]


def test_who_is_off_is_stood_in_for(utc_desk: Desk, time: Time) -> None:
    mia = _as(utc_desk, "mia")
    number = open_ticket(mia, take=True)
    verbs(mia).call_back([number], "1h")
    assert _ids(utc_desk, "is:mine") == []
    time.at("mon 09:05")
    mia.absences.add("3d", deputy="cy", reason="Holidays")
    assert _ids(utc_desk, "is:mine") == [number]
    assert [row.owner for row in utc_desk.board.call_backs(everybody=False)] == ["mia"]
    done = verbs(utc_desk).assign([number], "mia")
    assert "mia is off until 2026-11-26" in done.notes[0]
    assert "cy stands in" in done.notes[0]
    (row,) = [one for one in utc_desk.admin.technicians() if one.login == "mia"]
    assert (row.deputy, row.off_until is not None) == ("cy", True)
    time.at("mon 09:10")
    mia.absences.end()
    assert _ids(utc_desk, "is:mine") == []
    mia.ledger.undo()
    assert _ids(utc_desk, "is:mine") == [number]
    time.at("mon 09:15")
    with pytest.raises(UsageError, match="stand in for themselves"):
        mia.absences.add("3d", deputy="mia")
    with pytest.raises(UsageError, match="ends before"):
        mia.absences.add("tomorrow", start="3d")
    mia.close()


def test_a_deputy_hears_of_replies_to_whoever_is_off(utc_desk: Desk, time: Time) -> None:
    mia = _as(utc_desk, "mia")
    number = open_ticket(mia, take=True)
    time.at("mon 09:05")
    mia.absences.add("3d", deputy="cy")
    take(utc_desk, mail_bytes(f"Re: [#{number}]", "It is back."))
    assert [one.kind for one in utc_desk.notices.list()] == ["replied"]
    assert [one.kind for one in mia.notices.list()] == ["replied"]
    mia.close()


def test_the_workload_says_who_has_what_and_who_is_off(utc_desk: Desk, time: Time) -> None:
    mia = _as(utc_desk, "mia")
    first = open_ticket(mia, take=True, urgent=True)
    waits = open_ticket(mia, take=True)
    verbs(mia).wait([waits], "customer")
    verbs(mia).solve([open_ticket(mia, take=True, urgent=True)], "Restarted.")
    open_ticket(utc_desk)
    time.at("mon 15:00")
    mia.absences.add("1d", deputy="cy")
    nobody, cy, hers = utc_desk.absences.workload()
    assert (nobody.login, nobody.open, nobody.overdue) == (None, 1, 1)
    assert (cy.login, cy.open) == ("cy", 0)
    assert (hers.open, hers.urgent, hers.overdue, hers.waiting) == (1, 1, 1, 1)
    assert hers.solved == 1
    assert (hers.oldest_id, hers.deputy) == (first, "cy")
    mia.close()


def test_a_real_answer_wakes_what_was_put_off(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).wait([number], "other", "3d", "until the part comes")
    take(desk, mail_bytes(f"Re: [#{number}]", "It is urgent now."))
    assert value(desk, number, "state") == "open"


def test_whoever_promised_a_call_is_told_once_when_its_time_has_come(
    utc_desk: Desk, time: Time
) -> None:
    from deskterm.services.overdue import remind

    mia = _as(utc_desk, "mia")
    number = open_ticket(mia, take=True)
    verbs(mia).call_back([number], "10m", "How is it?")
    assert remind(utc_desk.store, time.now) == 0
    time.at("mon 09:12")
    assert [remind(utc_desk.store, time.now) for _ in range(2)] == [1, 0]
    assert [one.kind for one in mia.notices.list()] == ["due"]
    mia.close()
