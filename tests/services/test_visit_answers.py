"""What customers and their calendars answer about a visit, and what of it is obeyed (§1, §13)."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count as count_from

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.questions import Allow, Asks, Decline
from deskterm.domain.remedies import read_remedy
from deskterm.domain.visits import EndVisit, OfferVisit, SetVisit
from deskterm.mail.tokens import recipient_address, visit_uid
from tests.builders import count, open_ticket, value
from tests.mails import last_entry, mail_bytes, secret, send_all, take
from tests.services.test_promises import Time, time, utc_desk
from tests.services.test_visits import event, letters, parts, visit, words
from tests.verbs import verbs

__all__ = ["time", "utc_desk"]
OFFER = OfferVisit(slots=("tue 10:00", "wed 14:00"))
ADA = "Ada Moss <ada@example.org>"


def offered(desk: Desk) -> int:
    number = open_ticket(desk)
    desk.tickets.do([number], OFFER)
    return number


def link(desk: Desk, choice: str, place: int = -1) -> str:
    """Give the address of a choice in the newest offer, as its letter says."""
    found: list[str] = re.findall(
        rf"mailto:(help\+av[\d-]+-{choice}\.\w+@\S+)",
        words(letters(desk, "visit-offer")[place]),
    )
    return found[0]


def reply_to(desk: Desk, template: str, body: str, **headers: str) -> None:
    """Answer the newest letter of a kind."""
    send_all(desk)
    with desk.store.reading() as database:
        row = database.one(
            "SELECT message_id FROM outbox WHERE template = :name ORDER BY id DESC LIMIT 1",
            name=template,
        )
    assert row is not None
    take(desk, mail_bytes("Re: visit", body, in_reply_to=row["message_id"], **headers))


def asked(desk: Desk, number: int) -> list[str]:
    with desk.store.reading() as database:
        rows = database.all("SELECT kind FROM question WHERE ticket_id = :id", id=number)
    return [row["kind"] for row in rows]


def test_a_click_fixes_the_time_and_invites(utc_desk: Desk) -> None:
    number = offered(utc_desk)
    take(utc_desk, mail_bytes("Answer", "Ring twice.", to=link(utc_desk, "2")))
    row = visit(utc_desk, number)
    assert (row.state, row.at) == ("fixed", datetime(2026, 11, 25, 14, tzinfo=UTC))
    assert event(letters(utc_desk, "visit")[0])["dtstart"].dt == row.at
    assert utc_desk.tickets.show(number).timeline[-1].text == "Ring twice."


@pytest.mark.parametrize(("said", "day"), [("2", "Wed"), ("Tuesday please", "Tue")])
def test_a_word_fixes_the_time(utc_desk: Desk, said: str, day: str) -> None:
    number = offered(utc_desk)
    reply_to(utc_desk, "visit-offer", said)
    assert f"{visit(utc_desk, number).at:%a}" == day


def test_an_unsure_answer_asks_and_moves_nothing(utc_desk: Desk) -> None:
    number = offered(utc_desk)
    reply_to(utc_desk, "visit-offer", "Tuesday, but not before noon")
    assert visit(utc_desk, number).state == "offered"
    assert asked(utc_desk, number) == [Asks.SLOT]
    assert last_entry(utc_desk)["text"] == "Tuesday, but not before noon"
    utc_desk.tickets.do([number], SetVisit(at="tue 13:00"))
    assert asked(utc_desk, number) == []


def test_no_time_that_fits_is_asked_of_a_technician(utc_desk: Desk) -> None:
    number = offered(utc_desk)
    take(utc_desk, mail_bytes("Answer", "Friday?", to=link(utc_desk, "n")))
    assert (visit(utc_desk, number).state, asked(utc_desk, number)) == ("offered", [Asks.SLOT])


def test_a_time_that_was_taken_meanwhile_is_offered_no_more(utc_desk: Desk) -> None:
    number, other = offered(utc_desk), open_ticket(utc_desk)
    utc_desk.tickets.do([other], SetVisit(at="wed 14:00"))
    take(utc_desk, mail_bytes("Answer", to=link(utc_desk, "2")))
    assert visit(utc_desk, number).state == "offered"
    again = words(letters(utc_desk, "visit-offer")[-1])
    assert "was taken in the meantime" in again
    assert "Wednesday, 25 November 2026, 14:00" not in again
    take(utc_desk, mail_bytes("Answer", to=link(utc_desk, "1")))
    assert visit(utc_desk, number).state == "fixed"


def test_an_earlier_offer_or_another_persons_link_chooses_nothing_new(utc_desk: Desk) -> None:
    number = offered(utc_desk)
    early = link(utc_desk, "1")
    utc_desk.tickets.do([number], OfferVisit(slots=("thu 9:00",)))
    take(utc_desk, mail_bytes("Answer", to=early))
    assert visit(utc_desk, number).state == "offered"
    forged = early.replace("-1.", "-2.")
    take(utc_desk, mail_bytes("Answer", to=forged, **{"from": "eve@else.test"}))
    assert visit(utc_desk, number).state == "offered"


def test_a_time_past_when_the_answer_comes_is_offered_no_more(utc_desk: Desk, time: Time) -> None:
    number = offered(utc_desk)
    to = link(utc_desk, "1")
    time.at("tue 11:00")
    take(utc_desk, mail_bytes("Answer", to=to))
    row = visit(utc_desk, number)
    assert (row.state, all(at > time.now for at in row.slots)) == ("offered", True)


def test_another_zone_of_the_desk_moves_no_time_that_was_offered(utc_desk: Desk) -> None:
    number = offered(utc_desk)
    to = link(utc_desk, "1")
    utc_desk.desk_settings.set("zone", "America/New_York")
    take(utc_desk, mail_bytes("Answer", to=to))
    assert visit(utc_desk, number).at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert "05:00–06:00 (EST)" in words(letters(utc_desk, "visit")[0])


def test_free_times_are_in_the_hours_and_the_zone_of_whoever_is_visited(
    utc_desk: Desk, time: Time
) -> None:
    """A site's calendar before the contract's; the clocks change there among the times offered."""
    time.now = datetime(2027, 3, 26, 12, tzinfo=UTC)
    hours = {"hours": "Mon-Sun 9:00-12:00", "zone": "Europe/Berlin"}
    utc_desk.records.add("calendar", "Berlin", hours)
    utc_desk.records.add("calendar", "Clinic", {"hours": "Mon-Fri 6:00-7:00", "zone": "UTC"})
    utc_desk.records.add("organisation", "Clinic", {})
    utc_desk.records.add("site", "Mitte", {})
    utc_desk.records.add("offer", "Contract", {"organisation": "Clinic", "calendar": "Clinic"})
    number = open_ticket(utc_desk)
    utc_desk.records.set("person", "ada@example.org", {"organisation": "Clinic", "site": "Mitte"})
    assert utc_desk.visits.proposed(number).slots[0] == "2027-03-29 06:00"
    utc_desk.records.set("site", "Mitte", {"calendar": "Berlin"})
    utc_desk.tickets.do([number], OfferVisit())
    assert [one.hour for one in visit(utc_desk, number).slots] == [8, 7, 7]
    said = words(letters(utc_desk, "visit-offer")[0])
    assert "1 - Saturday, 27 March 2027, 09:00–10:00 (CET)" in said
    assert "2 - Sunday, 28 March 2027, 09:00–10:00 (CEST)" in said
    utc_desk.desk_settings.set("zone", "America/New_York")
    reply_to(utc_desk, "visit-offer", "Sunday at 9:00")
    assert visit(utc_desk, number).at == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert "09:00–10:00 (CEST)" in words(letters(utc_desk, "visit")[0])


# --- calendars ---------------------------------------------------------------------------

OUTLOOK = """BEGIN:VCALENDAR
METHOD:{method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
BEGIN:VTIMEZONE
TZID:W. Europe Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
ATTENDEE;PARTSTAT={said};CN=Ada Moss:MAILTO:ada@example.org
COMMENT;LANGUAGE=en-US:The door is
  open.\\n
UID:{uid}
SUMMARY;LANGUAGE=en-US:Accepted: Printer
DTSTART;TZID=W. Europe Standard Time:{start}
DTEND;TZID=W. Europe Standard Time:20261124T120000
CLASS:PUBLIC
PRIORITY:5
DTSTAMP:20261123T101500Z
TRANSP:OPAQUE
STATUS:CONFIRMED
SEQUENCE:{sequence}
LOCATION;LANGUAGE=en-US:Room 3
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""
GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
DTSTART:20261124T{start_utc}Z
DTEND:20261124T110000Z
DTSTAMP:20261123T101500Z
ORGANIZER;CN=IT help desk:mailto:help@localhost
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={said};CN=ada@exam
 ple.org;X-NUM-GUESTS=0:mailto:ada@example.org
CREATED:20261123T100000Z
DESCRIPTION:
LAST-MODIFIED:20261123T101500Z
SEQUENCE:{sequence}
STATUS:CONFIRMED
SUMMARY:[#1] Printer offline
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""
APPLE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Apple Inc.//macOS 14.5//EN
CALSCALE:GREGORIAN
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
ORGANIZER;CN="IT help desk":mailto:help@localhost
ATTENDEE;CN="Ada Moss";CUTYPE=INDIVIDUAL;EMAIL="ada@example.org";
 PARTSTAT={said};ROLE=REQ-PARTICIPANT:mailto:ada@example.org
SUMMARY:[#1] Printer offline
DTSTART:20261124T{start_utc}Z
DTEND:20261124T110000Z
DTSTAMP:20261123T101500Z
SEQUENCE:{sequence}
END:VEVENT
END:VCALENDAR
"""
_NUMBERS = count_from(1)
PROGRAMS = {"outlook": OUTLOOK, "google": GOOGLE, "apple": APPLE}


def calendar_mail(
    desk: Desk,
    number: int,
    said: str,
    *,
    program: str = "outlook",
    method: str = "REPLY",
    sequence: int = 0,
    hour: int = 10,
    sender: str = ADA,
    uid: str = "",
) -> bytes:
    """Make a calendar program's answer to the invitation to a ticket's visit."""
    domain = "localhost"
    row = visit(desk, number)
    text = PROGRAMS[program].format(
        method=method,
        said=said,
        uid=uid or visit_uid(row.id, secret(desk), domain),
        sequence=sequence,
        start=f"20261124T{hour + 1}0000",
        start_utc=f"{hour}0000",
    )
    kind = 'multipart/alternative; boundary="b1"'
    body = (
        "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nAda answers.\r\n"
        f'--b1\r\nContent-Type: text/calendar; charset="utf-8"; method={method}\r\n\r\n'
        + text.replace("\n", "\r\n")
        + "\r\n--b1--\r\n"
    )
    headers = {
        "to": recipient_address("help@localhost", number, secret(desk)),
        "content_type": kind,
        "mime_version": "1.0",
        "from": sender,
        "message_id": f"<{next(_NUMBERS)}@example.org>",
    }
    return mail_bytes("Accepted: visit", body, **headers)


def fixed(desk: Desk) -> int:
    number = open_ticket(desk)
    desk.tickets.do([number], SetVisit(at="tue 10:00"))
    return number


@pytest.mark.parametrize("program", PROGRAMS)
def test_answers_of_calendar_programs_are_understood(utc_desk: Desk, program: str) -> None:
    number = fixed(utc_desk)
    for said, state in (("ACCEPTED", "fixed"), ("TENTATIVE", "fixed"), ("DECLINED", "declined")):
        took = take(utc_desk, calendar_mail(utc_desk, number, said, program=program))
        row = visit(utc_desk, number)
        assert (took.machine, row.answer, row.state) == (1, said.lower(), state)
    take(utc_desk, calendar_mail(utc_desk, number, "ACCEPTED", program=program))
    assert (visit(utc_desk, number).state, visit(utc_desk, number).sequence) == ("fixed", 0)
    assert value(utc_desk, number, "state") == "open"
    assert count(utc_desk, "ticket") == 1


def test_what_is_declined_frees_the_time_and_a_late_yes_does_not_take_it_from_others(
    utc_desk: Desk,
) -> None:
    number, other = fixed(utc_desk), open_ticket(utc_desk)
    take(utc_desk, calendar_mail(utc_desk, number, "DECLINED"))
    utc_desk.tickets.do([other], SetVisit(at="tue 10:30"))
    take(utc_desk, calendar_mail(utc_desk, number, "ACCEPTED"))
    assert visit(utc_desk, number).state == "declined"
    assert "They accept after all" in last_entry(utc_desk)["text"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_another_time_by_calendar_is_asked_of_a_technician(utc_desk: Desk, program: str) -> None:
    number = fixed(utc_desk)
    mail = calendar_mail(utc_desk, number, "TENTATIVE", program=program, method="COUNTER", hour=13)
    take(utc_desk, mail)
    assert f"{visit(utc_desk, number).at:%H}" == "10"
    assert asked(utc_desk, number) == [Asks.MOVE]
    utc_desk.tickets.do([number], Allow())
    assert visit(utc_desk, number).at == datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert asked(utc_desk, number) == []
    assert event(letters(utc_desk, "visit")[-1])["sequence"] == 1


def test_another_time_can_be_declined(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    take(utc_desk, calendar_mail(utc_desk, number, "TENTATIVE", method="COUNTER", hour=13))
    utc_desk.tickets.do([number], Decline())
    assert (f"{visit(utc_desk, number).at:%H}", asked(utc_desk, number)) == ("10", [])
    (raw,) = letters(utc_desk, "visit-stays")
    assert parts(raw)["text/calendar"].get_param("method") == "DECLINECOUNTER"
    assert (event(raw)["dtstart"].dt.hour, event(raw)["sequence"]) == (10, 0)
    assert "We come as agreed on: Tuesday, 24 November 2026, 10:00–11:00 (UTC)" in words(raw)
    assert visit(utc_desk, number).answer == ""


def test_a_proposal_that_a_visit_has_outlived_is_declined_without_a_letter(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    take(utc_desk, calendar_mail(utc_desk, number, "TENTATIVE", method="COUNTER", hour=13))
    take(utc_desk, calendar_mail(utc_desk, number, "DECLINED"))
    assert asked(utc_desk, number) == []
    with pytest.raises(RefusedError, match="no mail on it asks"):
        utc_desk.tickets.do([number], Decline())
    assert letters(utc_desk, "visit-stays") == []
    utc_desk.tickets.do([number], EndVisit("cancelled"))
    for method in ("REPLY", "COUNTER", "CANCEL"):
        take(utc_desk, calendar_mail(utc_desk, number, "ACCEPTED", method=method, hour=14))
        assert visit(utc_desk, number).state == "cancelled"
        assert asked(utc_desk, number) == []
        assert "a visit that is cancelled" in last_entry(utc_desk)["text"]


def test_the_organizer_among_those_who_answer_says_nothing_for_them(utc_desk: Desk) -> None:
    """Google repeats whoever invited as an attendee who has accepted."""
    number = fixed(utc_desk)
    ours = b"ATTENDEE;PARTSTAT=ACCEPTED;CN=IT help desk:mailto:help@localhost\r\nUID:"
    raw = calendar_mail(utc_desk, number, "DECLINED", program="google")
    take(utc_desk, raw.replace(b"UID:", ours, 1))
    assert visit(utc_desk, number).state == "declined"


def test_an_invitation_that_comes_back_or_is_forwarded_changes_no_visit(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    take(utc_desk, calendar_mail(utc_desk, number, "ACCEPTED", method="REQUEST"))
    row = visit(utc_desk, number)
    assert (row.state, row.answer, count(utc_desk, "ticket")) == ("fixed", "", 1)


def test_a_calendar_that_calls_it_off_declines(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    take(utc_desk, calendar_mail(utc_desk, number, "NEEDS-ACTION", method="CANCEL"))
    assert visit(utc_desk, number).state == "declined"


def test_an_answer_to_an_earlier_time_or_a_visit_called_off_is_told_and_not_obeyed(
    utc_desk: Desk,
) -> None:
    number = fixed(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="wed 10:00"))
    take(utc_desk, calendar_mail(utc_desk, number, "DECLINED", sequence=0))
    assert visit(utc_desk, number).state == "fixed"
    assert "earlier invitation" in last_entry(utc_desk)["text"]
    utc_desk.tickets.do([number], EndVisit("cancelled"))
    take(utc_desk, calendar_mail(utc_desk, number, "ACCEPTED", sequence=2))
    assert visit(utc_desk, number).state == "cancelled"
    assert "a visit that is cancelled" in last_entry(utc_desk)["text"]
    assert value(utc_desk, number, "state") == "open"


def test_nothing_without_our_mark_moves_a_visit(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    forged = f"visit.{visit(utc_desk, number).id}.aaaaaaaaaaaaaaaa@localhost"
    take(utc_desk, calendar_mail(utc_desk, number, "DECLINED", uid=forged))
    take(utc_desk, calendar_mail(utc_desk, number, "DECLINED", sender="Eve <eve@else.test>"))
    assert visit(utc_desk, number).state == "fixed"
    assert "who is not on this ticket" in last_entry(utc_desk)["text"]


def test_a_calendars_answer_opens_no_closed_ticket(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    verbs(utc_desk).cancel([number], "Not wanted any more.")
    before = count(utc_desk, "outbox")
    take(utc_desk, calendar_mail(utc_desk, number, "ACCEPTED"))
    assert value(utc_desk, number, "state") == "cancelled"
    assert count(utc_desk, "outbox") == before


def test_hostile_words_in_an_invitation_stay_words(utc_desk: Desk) -> None:
    hostile = 'Room 3\r\nATTENDEE:mailto:eve@else.test\nBEGIN:VALARM;\\,"x\x1b]52;c;' + "ä" * 200
    number = open_ticket(utc_desk, "Printer\r\nMETHOD:CANCEL")
    utc_desk.tickets.do([number], SetVisit(at="tue 10:00", place=hostile, what=hostile))
    (raw,) = letters(utc_desk, "visit")
    found = event(raw)
    assert str(found["attendee"]) == "mailto:ada@example.org"
    assert str(found["location"]).startswith("Room 3 ATTENDEE:mailto:eve@else.test BEGIN:VALARM")
    assert [one.name for one in found.walk()] == ["VEVENT"]
    assert all(len(line) <= 75 for line in found.to_ical().split(b"\r\n"))


def test_a_visit_of_hours_over_a_change_of_the_clocks_has_its_length(utc_desk: Desk) -> None:
    utc_desk.desk_settings.set("zone", "Europe/Berlin")
    number = open_ticket(utc_desk)
    utc_desk.tickets.do([number], SetVisit(at="2027-03-28T01:30:00+01:00", length="1h"))
    row = visit(utc_desk, number)
    assert row.at is not None
    assert row.until_at == row.at + timedelta(hours=1)
    assert "01:30–03:30 (CET)" in words(letters(utc_desk, "visit")[0])


def test_a_remedy_with_a_visit_offers_times_when_it_is_chosen(utc_desk: Desk) -> None:
    number = open_ticket(utc_desk)
    choices = [read_remedy("Repair it|30 min"), read_remedy("We bring a new one|1 h|free||visit")]
    utc_desk.solutions.offer(number, choices)
    utc_desk.solutions.choose(number, 2, means="by phone")
    row = visit(utc_desk, number)
    assert (row.state, row.minutes, row.what) == ("offered", 60, "We bring a new one")
    assert len(letters(utc_desk, "visit-offer")) == 1
    with pytest.raises(UsageError, match="is no last part"):
        read_remedy("A|1 h|||soon")


def test_a_remedy_is_chosen_also_where_no_time_is_free_for_its_visit(utc_desk: Desk) -> None:
    number = fixed(utc_desk)
    utc_desk.solutions.offer(number, [read_remedy("We bring a new one|1 h|free||visit")])
    done = utc_desk.solutions.choose(number, 1)
    assert "No times for the visit were offered" in done.notes[0]
    assert visit(utc_desk, number).state == "fixed"
