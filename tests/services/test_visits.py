"""Visits (G3, semantics.md §13): times offered, chosen, fixed and over; never two at once."""

import threading
from collections.abc import Mapping
from email import message_from_bytes
from typing import Any

import pytest
from icalendar import Calendar

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.visits import ChooseVisit, EndVisit, OfferVisit, SetVisit, VisitRow
from deskterm.mail.tokens import visit_uid
from deskterm.services.overdue import tell_visits
from tests.builders import count, open_ticket, value
from tests.mails import secret, send_all
from tests.services.test_promises import Time, time, utc_desk
from tests.verbs import verbs

__all__ = ["time", "utc_desk"]
OFFER = OfferVisit(slots=("tue 10:00", "wed 14:00"), place="Room 3-14", what="Look at the printer.")


def visit(desk: Desk, number: int) -> VisitRow:
    return desk.visits.of(number)[0]


def letters(desk: Desk, template: str) -> list[bytes]:
    """Give the bytes of every letter of a kind, as it left."""
    send_all(desk)
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT b.bytes FROM outbox o JOIN blob b ON b.sha256 = o.sha256 "
            "WHERE o.template = :template ORDER BY o.id",
            template=template,
        )
    return [bytes(row["bytes"]) for row in rows]


def parts(raw: bytes) -> Mapping[str, Any]:
    """Give type → content of the parts of a letter."""
    return {
        part.get_content_type(): part
        for part in message_from_bytes(raw).walk()
        if not part.is_multipart()
    }


def event(raw: bytes) -> Any:
    (found,) = Calendar.from_ical(parts(raw)["text/calendar"].get_payload(decode=True)).walk(
        "VEVENT"
    )
    return found


def words(raw: bytes) -> str:
    found = parts(raw)["text/plain"].get_payload(decode=True)
    assert isinstance(found, bytes)
    return found.decode()


def as_(desk: Desk, login: str) -> Desk:
    return open_desk(settings.load({"db": desk.store.url}, as_login=login))


def test_times_are_offered_and_the_one_chosen_is_an_invitation(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], OFFER)
    assert (visit(utc_desk, number).state, visit(utc_desk, number).at) == ("offered", None)
    assert (value(utc_desk, number, "state"), value(utc_desk, number, "assignee")) == ("open", "cy")
    (offer,) = letters(utc_desk, "visit-offer")
    assert "1 - Tuesday, 24 November 2026, 10:00–11:00 (UTC)" in words(offer)
    assert "Another time, please" in words(offer)
    utc_desk.tickets.do([number], ChooseVisit(2, "by phone"))
    row = visit(utc_desk, number)
    assert (row.state, row.at and row.at.isoformat()) == ("fixed", "2026-11-25T14:00:00+00:00")
    (raw,) = letters(utc_desk, "visit")
    calendar = parts(raw)["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    invited = event(raw)
    assert str(invited["attendee"]) == "mailto:ada@example.org"
    assert str(invited["organizer"]).startswith(f"mailto:help+{number}.")
    assert (str(invited["location"]), invited["sequence"]) == ("Room 3-14", 1)
    assert invited["dtstart"].dt == row.at


def test_a_change_keeps_the_uid_and_raises_the_sequence_and_calling_off_cancels(
    utc_desk: Desk,
) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="tue 10:00", length="1h30"))
    told = letters(utc_desk, "visit")
    utc_desk.tickets.do([number], SetVisit(at="tue 13:00"))
    told = letters(utc_desk, "visit")
    utc_desk.tickets.do([number], EndVisit("cancelled", "The printer works again."))
    told += letters(utc_desk, "visit-off")
    events = [event(raw) for raw in told]
    assert len({str(one["uid"]) for one in events}) == 1
    assert [one["sequence"] for one in events] == [0, 1, 2]
    assert [str(one["status"]) for one in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [parts(raw)["text/calendar"].get_param("method") for raw in told] == [
        *("REQUEST", "REQUEST"),
        "CANCEL",
    ]
    assert "The printer works again." in words(told[-1])
    assert "Our visit has changed" in words(told[1])


def test_never_two_visits_of_one_technician_at_once(utc_desk: Desk) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], SetVisit(at="tue 10:00", travel="30"))
    with pytest.raises(ConflictError, match=f"cy has a visit for #{one} from 2026-11-24 10:00"):
        utc_desk.tickets.do([other], SetVisit(at="tue 10:30"))
    with pytest.raises(ConflictError, match="with the way there"):
        utc_desk.tickets.do([other], SetVisit(at="tue 11:15"))
    assert utc_desk.visits.of(other) == []
    utc_desk.tickets.do([other], SetVisit(at="tue 11:30"))


def test_what_no_visit_can_be_is_refused(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    for length in ("0", "72h", "-5", "soon"):
        with pytest.raises(UsageError):
            utc_desk.tickets.do([number], SetVisit(at="tue 10:00", length=length))
    for past in ("2026-11-20 10:00", "2026-11-20T10:00:00+00:00"):
        with pytest.raises((UsageError, RefusedError), match="past"):
            utc_desk.tickets.do([number], SetVisit(at=past))
    with pytest.raises(UsageError, match="when is the visit"):
        utc_desk.tickets.do([number], SetVisit(place="Room 1"))
    with pytest.raises(RefusedError, match="no times are offered"):
        utc_desk.tickets.do([number], ChooseVisit(1))
    assert count(utc_desk, "visit") == 0


def test_free_times_leave_out_visits_absences_and_what_is_offered_to_others(
    utc_desk: Desk, time: Time
) -> None:
    utc_desk.desk_settings.set("hours", "Mon-Fri 9:00-12:00 13:00-17:00")
    one, two, three = (open_ticket(utc_desk) for _ in range(3))
    time.at("mon 09:10")
    utc_desk.tickets.do([one], SetVisit(at="10:30", length="1h", travel="20"))
    utc_desk.tickets.do([two], OfferVisit(length="2h"))
    assert [f"{at:%a %H:%M}" for at in visit(utc_desk, two).slots] == [
        "Mon 13:00",
        "Tue 09:00",
        "Tue 13:00",
    ]
    utc_desk.absences.add("thu", start="wed", reason="Course")
    utc_desk.tickets.do([three], OfferVisit(length="3h"))
    assert [f"{at:%a %H:%M}" for at in visit(utc_desk, three).slots] == [
        "Thu 09:00",
        "Thu 13:00",
        "Fri 09:00",
    ]
    with pytest.raises(RefusedError, match="cy is off until"):
        utc_desk.tickets.do([three], OfferVisit(slots=("wed 10:00",)))


def test_what_was_done_ends_on_the_ticket_and_undo_takes_each_step_back(
    utc_desk: Desk, time: Time
) -> None:
    number = open_ticket(utc_desk)
    fixed = utc_desk.tickets.do([number], SetVisit(at="10:00"))
    time.at("mon 10:50")
    utc_desk.tickets.do([number], EndVisit("done", "Replaced the toner."))
    shown = utc_desk.tickets.show(number)
    assert [one.status for one in shown.steps if one.step == "carry-out"] == ["done"]
    assert shown.timeline[-1].text == "Replaced the toner."
    utc_desk.ledger.undo()
    assert visit(utc_desk, number).state == "fixed"
    utc_desk.ledger.undo(fixed.operation_id)
    assert utc_desk.visits.of(number) == []
    utc_desk.ledger.redo()
    assert visit(utc_desk, number).state == "fixed"


def test_an_undo_never_makes_two_visits_at_once(utc_desk: Desk) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], SetVisit(at="tue 10:00"))
    off = utc_desk.tickets.do([one], EndVisit("cancelled"))
    utc_desk.tickets.do([other], SetVisit(at="tue 10:00"))
    with pytest.raises(ConflictError, match=f"cy has a visit for #{other}"):
        utc_desk.ledger.undo(off.operation_id)


def test_a_trial_changes_nothing_and_a_repeated_operation_does_nothing_twice(
    utc_desk: Desk,
) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="tue 10:00"), How(dry=True))
    assert utc_desk.visits.of(number) == []
    how = How("5d6f7c1e-7b0a-4c8e-9a51-3f1f5a0c9d25")
    for _ in range(2):
        utc_desk.tickets.do([number], SetVisit(at="tue 10:00"), how)
    assert len(utc_desk.visits.of(number)) == 1


def test_a_merged_tickets_visit_is_the_survivors(utc_desk: Desk) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], SetVisit(at="tue 10:00"))
    verbs(utc_desk).merge([one], other)
    (row,) = utc_desk.visits.of(other)
    assert (row.ticket_id, row.state) == (other, "fixed")
    utc_desk.tickets.do([one], SetVisit(at="wed 10:00"))
    assert f"{visit(utc_desk, other).at:%a}" == "Wed"
    assert len(utc_desk.visits.list()) == 1


def test_who_has_no_address_is_not_told_and_whoever_acts_hears_of_it(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk, requester="Zoe")
    done = utc_desk.tickets.do([number], OFFER)
    assert f"#{number}: no address is known; nobody was told." in done.notes


def test_of_two_writers_at_once_one_has_the_technician(utc_desk: Desk) -> None:
    numbers = [open_ticket(utc_desk) for _ in range(4)]
    desks = [as_(utc_desk, "bo") for _ in numbers]
    start = threading.Barrier(len(numbers))
    refused: list[str] = []

    def fix(desk: Desk, number: int) -> None:
        start.wait()
        try:
            desk.tickets.do([number], SetVisit(at="tue 10:00", technician="bo"))
        except ConflictError as error:
            refused.append(str(error))

    utc_desk.admin.set_technician("bo", {})
    writers = [threading.Thread(target=fix, args=pair) for pair in zip(desks, numbers, strict=True)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    for desk in desks:
        desk.close()
    assert len(refused) == len(numbers) - 1
    assert count(utc_desk, "visit", "state = 'fixed'") == 1


def test_it_is_told_once_when_a_visit_is_about_to_begin_and_when_nobody_ended_it(
    utc_desk: Desk, time: Time
) -> None:
    bo = as_(utc_desk, "bo")
    number = open_ticket(bo)
    bo.tickets.do([number], SetVisit(at="11:00", length="1h", travel="20"))
    time.at("mon 10:20")
    assert tell_visits(utc_desk.store, time.now) == 0
    time.at("mon 10:30")
    assert [tell_visits(utc_desk.store, time.now) for _ in range(2)] == [1, 0]
    time.at("mon 12:01")
    assert [tell_visits(utc_desk.store, time.now) for _ in range(2)] == [1, 0]
    assert [one.kind for one in bo.notices.list()] == ["visit", "visit"]
    bo.tickets.do([number], EndVisit("missed"))
    assert utc_desk.visits.today() == []
    bo.close()


def test_an_undo_takes_an_invitation_that_left_out_of_the_calendar_again(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="tue 10:00"))
    letters(utc_desk, "visit")
    utc_desk.ledger.undo()
    (off,) = letters(utc_desk, "visit-off")
    told = event(off)
    assert (str(told["status"]), told["sequence"]) == ("CANCELLED", 1)
    assert utc_desk.visits.of(number) == []
    utc_desk.ledger.redo()
    again = event(letters(utc_desk, "visit")[-1])
    assert (str(again["status"]), again["sequence"]) == ("CONFIRMED", 2)


def test_an_undo_before_the_invitation_left_tells_nobody(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="tue 10:00"))
    utc_desk.ledger.undo()
    assert letters(utc_desk, "visit") == []
    assert letters(utc_desk, "visit-off") == []


def test_whoever_is_off_later_is_shown_with_the_visit(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="wed 10:00"))
    utc_desk.absences.add("thu", start="tue", reason="Ill")
    (row,) = utc_desk.visits.list()
    assert (row.off, row.ticket_id) == (True, number)
    with pytest.raises(RefusedError, match="cy is off until"):
        utc_desk.tickets.do([number], SetVisit(at="wed 12:00"))


def test_closing_and_absences_name_the_visits_that_stay_agreed_on(utc_desk: Desk) -> None:
    """The promise stays on the list until somebody keeps it or calls it off."""
    fixed, offered, merged, plain = (open_ticket(utc_desk, f"Screen {n}") for n in range(4))
    utc_desk.tickets.do([fixed], SetVisit(at="wed 10:00"))
    utc_desk.tickets.do([offered], OFFER)
    utc_desk.tickets.do([merged], SetVisit(at="thu 10:00"))
    verbs(utc_desk).merge([merged], plain)
    off = utc_desk.absences.add("thu", start="tue")
    assert off.notes == (
        "cy is off then, but has visits: #1 Wed 25 Nov 2026 10:00; #2 (offered). Move them or give "
        "them to somebody else (`visit set`).",
    )
    assert utc_desk.absences.end().notes == ()
    ended = verbs(utc_desk).close([fixed, offered, plain], "spam")
    assert ended.notes == (
        "#1 has a visit on Wed 25 Nov 2026 10:00 (cy): it stays so until it is called off "
        "(`visit cancel`).",
        "#2 has a visit whose times are offered (cy): it stays so until it is called off "
        "(`visit cancel`).",
        "#4 has a visit on Thu 26 Nov 2026 10:00 (cy): it stays so until it is called off "
        "(`visit cancel`).",
    )
    assert sorted(row.ticket_id for row in utc_desk.promises.list()) == [fixed, offered, plain]
    utc_desk.tickets.do([fixed, offered, plain], EndVisit("cancelled"))
    assert utc_desk.promises.list() == []
    assert verbs(utc_desk).reopen([fixed], "Again.").notes == ()
    assert verbs(utc_desk).cancel([fixed], "Not wanted.").notes == ()


def test_the_list_and_its_file_have_what_a_period_has(utc_desk: Desk) -> None:
    one, other = open_ticket(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([one], SetVisit(at="11:00", place="Room 3"))
    utc_desk.tickets.do([other], SetVisit(at="tue 10:00"))
    ids = [[row.ticket_id for row in utc_desk.visits.list(when=when)] for when in ("today", "tue")]
    assert ids == [[one], [other]]
    assert utc_desk.visits.list(technician="me", when="this-week")[0].where == "Room 3"
    with pytest.raises(UsageError):
        utc_desk.visits.list(when="some day")
    rows = utc_desk.visits.list()
    events = Calendar.from_ical(utc_desk.visits.calendar(rows)).walk("VEVENT")
    assert [str(one["location"]) for one in events if "location" in one] == ["Room 3"]
    assert all(secret(utc_desk) not in str(one["uid"]) for one in events)
    assert {str(one["uid"]) for one in events}.isdisjoint(
        visit_uid(row.id, secret(utc_desk), "localhost") for row in rows
    )
