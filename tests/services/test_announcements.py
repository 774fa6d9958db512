"""Announcements: planned, reminded, running, updated, ended; each wording once a person (G2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from deskterm.bootstrap import Desk
from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.services.announcements import telling
from deskterm.services.announcements.telling import Announcing
from deskterm.services.overdue import tell_announcements
from deskterm.storage.work import Work
from tests.builders import count, open_ticket, value

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
Clock = Callable[[timedelta], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let it be so much later."""
    now = [NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])

    def move(by: timedelta) -> None:
        now[0] += by

    return move


def people(desk: Desk) -> None:
    """Ada and Bo in Leeds, Cy in Hull; Bo wants no news, Cy reads German."""
    for name in ("Leeds", "Hull"):
        desk.records.set("site", name, {})
    for name, values in {
        "Ada Moss": {"email": "ada@acme.test", "site": "Leeds"},
        "Bo Lind": {"email": "bo@acme.test", "site": "Leeds", "news": "no"},
        "Cy Field": {"email": "cy@acme.test", "site": "Hull", "language": "de"},
    }.items():
        desk.records.set("person", values.pop("email"), {"name": name, **values})


def tell(desk: Desk, by: timedelta = timedelta(minutes=1), later: Clock | None = None) -> int:
    """Let the time for undo pass, and the jobs write what is due; gives how many letters."""
    if later is not None:
        later(by)
    return Announcing(desk.store, desk.letters).run(clock.now())


def letters(desk: Desk) -> list[tuple[str, str]]:
    """Who was written what, in order."""
    with desk.store.reading() as database:
        rows = database.all("SELECT recipient, template FROM outbox ORDER BY id")
    return [(row["recipient"].partition("@")[0], row["template"]) for row in rows]


def read(desk: Desk, recipient: str, template: str) -> str:
    """The newest such letter to somebody, as it would leave."""
    with desk.store.reading() as database:
        row = database.returned(
            "SELECT max(id) AS id FROM outbox WHERE recipient = :to AND template = :template",
            to=f"{recipient}@acme.test",
            template=template,
        )
    shown = desk.outbox.letter(row["id"])
    return f"{dict(shown.headers)['Subject']}\n{shown.text}"


def number(desk: Desk) -> int:
    return desk.announcements.list(all_=True)[0].id


def test_an_outage_is_told_updated_and_ended_once_each(desk: Desk, later: Clock) -> None:
    people(desk)
    desk.announcements.new("VPN is down.", {"to": "site:Leeds,Hull", "until": "3h"})
    assert tell(desk) == 0, "undo can still take it back"
    assert tell(desk, later=later) == 2
    assert tell(desk, later=later) == 0
    assert letters(desk) == [("ada", "news_announced"), ("cy", "news_announced")]
    one = number(desk)
    desk.announcements.update(one, "VPN is back for half of you.")
    desk.records.set("person", "dee@acme.test", {"name": "Dee Ray", "site": "Hull"})
    assert tell(desk, later=later) == 3, "who came meanwhile hears how it stands now"
    desk.announcements.end(one, "The router was exchanged.")
    assert tell(desk, later=later) == 3
    assert tell(desk, later=later) == 0
    assert desk.announcements.show(one).told == 8
    said = read(desk, "ada", "news_ended")
    assert said.startswith("Over: VPN is back for half of you")
    assert "The router was exchanged." in said
    with pytest.raises(RefusedError, match="ended before"):
        desk.announcements.update(one, "Or is it?")
    with pytest.raises(RefusedError, match="ended before"):
        desk.announcements.end(one)


def test_maintenance_is_told_in_advance_reminded_and_begins_and_ends_by_the_clock(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.desk_settings.set("zone", "Europe/Berlin")
    desk.announcements.new(
        "Mail stands still.", {"to": "everyone", "from": "2026-12-04 18:00", "until": "2h"}
    )
    (row,) = desk.announcements.list()
    assert (row.kind, str(row.state(clock.now()))) == ("maintenance", "planned")
    assert desk.announcements.on_boards() == []
    assert tell(desk, later=later) == 2
    assert "From 4 December 2026 18:00 CET until 4 December 2026 20:00 CET." in read(
        desk, "ada", "news_announced"
    )
    german = read(desk, "cy", "news_announced")
    assert german.startswith("Wartung: Mail stands still")
    assert "Guten Tag Cy Field," in german
    later(timedelta(days=3, hours=9))
    assert tell(desk) == 0
    assert tell(desk, later=later) == 2
    assert letters(desk)[2:] == [("ada", "news_reminder"), ("cy", "news_reminder")]
    assert [one.id for one in desk.announcements.on_boards()] == [row.id]
    later(timedelta(days=1))
    assert str(desk.announcements.show(row.id).state(clock.now())) == "running"
    later(timedelta(hours=3))
    assert tell(desk) == 0, "everybody was told until when"
    ended = desk.announcements.show(row.id)
    assert ended.ended_at == datetime(2026, 12, 4, 19, 0, tzinfo=UTC)
    assert desk.announcements.list() == []


def test_what_does_not_happen_is_taken_back_from_those_who_were_told(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.announcements.new("Mail stands still.", {"to": "everyone", "from": "4d", "until": "2h"})
    one = number(desk)
    with pytest.raises(RefusedError, match="has not begun"):
        desk.announcements.end(one)
    assert tell(desk, later=later) == 2
    with pytest.raises(RefusedError, match="why is it withdrawn"):
        desk.announcements.withdraw(one, " ")
    desk.announcements.withdraw(one, "The move was put off.")
    assert tell(desk, later=later) == 2
    assert "The move was put off." in read(desk, "ada", "news_withdrawn")
    assert tell(desk, by=timedelta(days=5), later=later) == 0


def test_an_outage_reaches_also_who_wants_no_news_where_it_names_what_they_use(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    outage = {"kind": "outage"}
    desk.announcements.new("Leeds has no network.", {"to": "site:Leeds", **outage})
    assert tell(desk, later=later) == 2
    assert "To get no more news" in read(desk, "bo", "news_announced")
    desk.announcements.new("Nobody has network.", {"to": "everyone", **outage})
    desk.announcements.new("New chairs in Leeds.", {"to": "site:Leeds"})
    tell(desk, later=later)
    assert letters(desk)[2:] == [
        ("ada", "news_announced"),
        ("cy", "news_announced"),
        ("ada", "news_announced"),
    ]


def test_undo_takes_back_what_nobody_was_told_and_says_what_it_cannot(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.announcements.new("VPN is down.", {"to": "everyone"})
    desk.ledger.undo()
    assert tell(desk, later=later) == 0
    assert str(desk.announcements.show(number(desk)).state(clock.now())) == "withdrawn"
    made = desk.announcements.new("Mail is down.", {"to": "everyone"})
    assert tell(desk, later=later) == 2
    desk.announcements.update(number(desk), "Mail is slow.")
    desk.ledger.undo()
    assert desk.announcements.show(number(desk)).text == "Mail is down."
    assert tell(desk, later=later) == 0
    changed = desk.announcements.update(number(desk), "Mail is slow.")
    assert tell(desk, later=later) == 2
    for operation in (made.operation_id, changed.operation_id):
        with pytest.raises(ConflictError, match="People were told of it: `announce update`"):
            desk.ledger.undo(operation)


def test_of_two_who_say_something_new_at_once_the_second_is_told(desk: Desk) -> None:
    desk.announcements.new("VPN is down.")
    one = number(desk)
    desk.announcements.update(one, "Back at noon.", seen=0)
    with pytest.raises(ConflictError, match="updated meanwhile: 'Back at noon"):
        desk.announcements.update(one, "Back at two.", seen=0)
    desk.announcements.end(one)
    with pytest.raises(RefusedError, match="ended before"):
        desk.announcements.end(one)


def test_a_kill_between_batches_tells_nobody_twice_and_nobody_not(
    desk: Desk, later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(desk)
    monkeypatch.setattr(telling, "BATCH", 1)
    desk.announcements.new("VPN is down.", {"to": "everyone"})
    commit = Work.finish
    done: list[Work] = []

    def killed(work: Work) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(work)
        commit(work)

    monkeypatch.setattr(Work, "finish", killed)
    with pytest.raises(KeyboardInterrupt):
        tell(desk, later=later)
    monkeypatch.setattr(Work, "finish", commit)
    assert letters(desk) == [("ada", "news_announced")]
    assert tell(desk, later=later) == 1
    assert letters(desk) == [("ada", "news_announced"), ("cy", "news_announced")]
    assert count(desk, "news_told") == 2


def test_several_turns_read_an_audience_once_and_tell_each_once(
    desk: Desk, later: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(5):
        desk.records.set("person", f"p{n}@acme.test", {"name": f"P{n}"})
    monkeypatch.setattr(telling, "BATCH", 1)
    monkeypatch.setattr(telling, "monotonic", map(float, range(1_000)).__next__)
    read, asked = Announcing._wanted, []

    def wanted(*given: Any) -> Any:
        asked.append(given)
        return read(*given)

    monkeypatch.setattr(Announcing, "_wanted", wanted)
    desk.announcements.new("VPN is down.", {"to": "everyone"})
    later(timedelta(minutes=1))
    job = Announcing(desk.store, desk.letters)
    told: list[int] = []
    while not told or job.more:
        told.append(job.run(clock.now()))
    assert (told, len(asked)) == ([2, 2, 1], 1)
    assert len(set(letters(desk))) == len(letters(desk)) == 5


def test_an_update_overtakes_what_was_not_told_yet(desk: Desk, later: Clock) -> None:
    people(desk)
    desk.announcements.new("VPN is down.", {"to": "everyone"})
    desk.announcements.update(number(desk), "VPN is slow.")
    assert tell(desk, later=later) == 2
    assert letters(desk) == [("ada", "news_update"), ("cy", "news_update")]


def test_an_audience_that_cannot_be_read_any_more_is_said_and_stops_nothing_else(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.announcements.new("VPN is down.", {"to": "site:Hull"})
    desk.announcements.new("Mail is down.", {"to": "name:ada"})
    desk.records.rename("site", "Hull", "Kingston")
    assert tell(desk, later=later) == 1
    assert "there is no site 'Hull'" in desk.announcements.show(number(desk) - 1).trouble
    desk.announcements.update(number(desk) - 1, "", {"to": "site:Kingston"})
    assert tell(desk, later=later) == 1


def test_an_announcement_in_trouble_is_told_once_to_whoever_announced_it(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    ticket = open_ticket(desk, "No VPN")
    problem = f"P{desk.problems.new({'title': 'VPN', 'state': 'open'}, [ticket]).of('problem')[0]}"
    desk.announcements.new("VPN is down.", {"to": "site:Hull", "problem": problem, "until": "2h"})
    desk.records.rename("site", "Hull", "Kingston")
    tell(desk, later=later)

    def told() -> list[str]:
        tell_announcements(desk.store, clock.now())
        tell_announcements(desk.store, clock.now())
        return [one.text for one in desk.notices.list() if one.kind == "announced"]

    (unreadable,) = told()
    assert "its letters cannot be written: there is no site 'Hull'" in unreadable
    desk.announcements.update(number(desk), "VPN is slow.", {"to": "everyone"})
    tell(desk, later=later)
    with desk.store.reading() as database:
        database.run("UPDATE outbox SET state = 'failed' WHERE recipient = 'ada@example.org'")
    failing = told()[0]
    assert failing == f"announcement 1 about {problem}: 1 letter was given up, of 3; M shows why."
    tell(desk, by=timedelta(hours=3), later=later)
    over, *before = told()
    assert len(before) == 2
    assert "is over, but tickets of it are open: K announces it again" in over
    desk.announcements.new("VPN is down again.", {"problem": problem, "to": "none@x.test"})
    assert len(told()) == 3
    desk.announcements.end(number(desk))
    assert len(told()) == 3  # whoever ended it knew of the open ticket
    later(timedelta(minutes=5))
    desk.problems.link(int(problem[1:]), [open_ticket(desk, "VPN still off")])
    assert len(told()) == 4
    about = {(one.ticket_id, one.about, one.about_id) for one in desk.notices.list()}
    assert about == {(None, "announcement", 1), (None, "announcement", 2)}
    desk.announcements.new("Lifts stand still.", {"to": "site:Kingston"})
    desk.records.rename("site", "Kingston", "Hull")
    tell(desk, later=later)
    assert told()[0] == (
        "announcement 3: its letters cannot be written: "
        "there is no site 'Kingston'; known: Hull, Leeds"
    )


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        ("  ", {}, "what is announced"),
        ("Down", {"until": "2020-01-01"}, "past"),
        ("Down", {"from": "2020-01-01 10:00"}, "past"),
        ("Down", {"from": "2099-01-02", "until": "2099-01-01"}, "ends before it begins"),
        ("Down", {"kind": "party"}, "no kind 'party'"),
        ("Down", {"to": "site:Atlantis"}, "there is no site 'Atlantis'"),
        ("Down", {"problem": "P99"}, "no problem P99"),
        ("x" * 5_000, {}, "characters at most"),
    ],
)
def test_bad_input_is_refused_with_what_is_wrong(
    desk: Desk, text: str, values: dict[str, str], words: str
) -> None:
    with pytest.raises((UsageError, NotFoundError), match=words):
        desk.announcements.new(text, values)
    assert desk.announcements.list(all_=True) == []


def test_two_that_say_the_same_become_one_and_nobody_hears_it_twice(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.announcements.new("VPN is down.", {"to": "site:Leeds"})
    first = number(desk)
    assert tell(desk, later=later) == 1
    desk.announcements.new("The VPN does not answer.", {"to": "site:Hull", "until": "3h"})
    second = number(desk)
    done = desk.records.merge("announcement", str(first), str(second))
    assert tell(desk, later=later) == 1, "Ada heard of the first"
    assert letters(desk) == [("ada", "news_announced"), ("cy", "news_announced")]
    assert desk.announcements.show(first).ended_at is not None
    assert desk.announcements.show(second).audience == "(site:Hull) or (site:Leeds)"
    desk.announcements.end(second, "The router was exchanged.")
    assert tell(desk, later=later) == 2, "both hear the end, of the one that stays"
    assert "does not answer" in read(desk, "ada", "news_ended")
    assert done.operation_id


def test_announcements_are_not_merged_where_one_would_reach_whom_it_is_not_for(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.records.set("organisation", "Clinic", {"client": "yes"})
    desk.announcements.new("VPN is down.", {"to": "site:Leeds"})
    told = str(number(desk))
    desk.announcements.new("Stairs are wet.", {})
    board = str(number(desk))
    desk.announcements.new("Only for the clinic.", {"to": "everyone", "client": "Clinic"})
    clients = str(number(desk))
    for name, into, why in (
        (told, told, "into itself"),
        (told, board, "on boards only"),
        (clients, told, "not for the same client"),
    ):
        with pytest.raises(RefusedError, match=why):
            desk.records.merge("announcement", name, into)
    done = desk.records.merge("announcement", board, told)
    assert [one.id for one in desk.announcements.list()] == [int(clients), int(told)]
    desk.ledger.undo(done.operation_id)
    assert len(desk.announcements.list()) == 3


def test_whoever_is_merged_has_been_told_and_hears_nothing_twice(desk: Desk, later: Clock) -> None:
    people(desk)
    desk.announcements.new("VPN is down.", {"to": "everyone"})
    assert tell(desk, later=later) == 2
    desk.records.merge("person", "ada@acme.test", "bo@acme.test")
    desk.records.merge("person", "cy@acme.test", "bo@acme.test")
    assert count(desk, "news_told", "person_id = :id", id=desk.people.show("bo@acme.test").id) == 1
    desk.records.set("person", "bo@acme.test", {"news": "yes"})
    desk.announcements.update(number(desk), "", {"kind": "outage"})
    assert tell(desk, later=later) == 1


def test_an_announcement_that_reached_its_requester_picks_a_ticket_up(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    ours = open_ticket(desk, "VPN says no route", requester="ada@acme.test")
    other = open_ticket(desk, "Chair squeaks", requester="ada@acme.test")
    desk.announcements.new("The VPN is down.", {"to": "site:Leeds", "kind": "outage"})
    assert value(desk, ours, "picked_at") is None
    tell(desk, later=later)
    assert value(desk, ours, "picked_at") is not None
    assert value(desk, other, "picked_at") is None


def test_the_calendar_of_maintenance_is_read_by_any_calendar_program(
    desk: Desk, later: Clock
) -> None:
    del later
    desk.desk_settings.set("mail.address", "help@acme.test")
    hostile = "Mail stands still;\r\nDTSTART:19700101T000000Z, \x1b[31m"
    desk.announcements.new(hostile, {"from": "2026-12-04 18:00", "until": "2h"})
    desk.announcements.update(number(desk), "", {"until": "2026-12-04 21:00"})
    raw = desk.announcements.calendar(desk.announcements.list())
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert event["uid"] == f"announcement-{number(desk)}@acme.test"
    assert str(event["sequence"]) == "1"
    assert str(event["summary"]) == "Mail stands still;"
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=3)
    assert b"\x1b" not in raw


def mail(desk: Desk, to: str, subject: str, answers: str = "") -> None:
    lines = [f"To: {to}", "From: Ada <ada@acme.test>", f"Subject: {subject}"]
    lines += [f"In-Reply-To: {answers}"] if answers else []
    desk.inbox.receive("\r\n".join([*lines, "", ""]).encode())
    desk.inbox.process()


def test_whoever_wants_no_more_news_says_so_by_their_address_or_in_a_word(
    desk: Desk, later: Clock, tmp_path: Path
) -> None:
    people(desk)
    desk.desk_settings.set("mail.folder", str(tmp_path / "sent"))
    desk.announcements.new("New chairs.", {"to": "everyone"})
    tell(desk, later=later)
    assert desk.outbox.send(at_once=True).sent == 2
    with desk.store.reading() as database:
        rows = database.all("SELECT id, message_id FROM outbox ORDER BY id")
    shown = desk.outbox.letter(rows[0]["id"])
    way_out = dict(shown.headers)["List-Unsubscribe"].strip("<>").removeprefix("mailto:")
    assert way_out in shown.text
    number_ = way_out.partition("+")[2].partition(".")[0]
    mail(desk, way_out.replace(number_, "n2"), "x")  # a forged mark opens a ticket, no more
    assert named_out(desk) == ["Bo Lind"]
    mail(desk, way_out, "whatever")
    assert named_out(desk) == ["Ada Moss", "Bo Lind"]
    mail(desk, "help@localhost", "Re: Abmelden", answers=rows[1]["message_id"])
    assert named_out(desk) == ["Ada Moss", "Bo Lind", "Cy Field"]
    assert count(desk, "ticket") == 1


def named_out(desk: Desk) -> list[str]:
    return [one.name for one in desk.people.audience("is:opted-out").members]


def test_an_acknowledgement_says_what_is_announced_and_speaks_of_the_same(
    desk: Desk, later: Clock
) -> None:
    del later
    people(desk)
    desk.announcements.new("The VPN is down until noon.", {"to": "site:Leeds", "letters": "no"})
    desk.announcements.new("The lift is out.")
    tickets = [
        open_ticket(desk, subject, requester=f"{who}@acme.test")
        for subject, who in (("No VPN", "ada"), ("Printer", "ada"), ("VPN gone", "cy"))
    ]
    said = [desk.outbox.preview(one)[0].text.replace("\r\n", "\n") for one in tickets]
    assert "We know of this at the moment:\n- The VPN is down until noon." in said[0]
    assert ["VPN is down" in text or "lift" in text for text in said] == [True, False, False]


def test_a_caller_and_a_reader_of_the_site_see_what_is_meant_for_them(
    desk: Desk, later: Clock, tmp_path: Path
) -> None:
    del later
    people(desk)
    desk.announcements.new("No network in Leeds.", {"to": "site:Leeds", "letters": "no"})
    desk.announcements.new("<b>Mail</b> is slow.")
    ada, cy = (desk.people.show(f"{one}@acme.test").id for one in ("ada", "cy"))
    texts = [[one.text for one in desk.announcements.for_person(who)] for who in (ada, cy, None)]
    assert texts[0] == ["<b>Mail</b> is slow.", "No network in Leeds."]
    assert texts[1] == texts[2] == ["<b>Mail</b> is slow."]
    for audience, known in (("public", False), ("technicians", True)):
        desk.solutions.site(tmp_path / audience, audience)
        page = (tmp_path / audience / "index.html").read_text()
        assert "&lt;b&gt;Mail&lt;/b&gt; is slow." in page
        assert ("Leeds" in page) is known


def test_times_over_a_change_of_the_clocks_are_told_in_the_zone_of_each(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    desk.desk_settings.set("zone", "Europe/Berlin")
    times = {"from": "2027-03-27 18:00", "until": "2027-03-28 18:00"}
    desk.announcements.new("Mail stands still.", {"to": "name:ada", **times})
    (row,) = desk.announcements.list()
    assert row.until_at is not None
    assert row.until_at - row.from_at == timedelta(hours=23)
    tell(desk, later=later)
    said = read(desk, "ada", "news_announced")
    assert "From 27 March 2027 18:00 CET until 28 March 2027 18:00 CEST." in said


def test_letters_that_would_only_come_back_and_people_who_left_are_not_written_to(
    desk: Desk, later: Clock
) -> None:
    people(desk)
    with desk.work("test") as work:
        work.spine.run(
            "UPDATE person_address SET broken_since = :at WHERE address = 'ada@acme.test'", at=NOW
        )
    desk.records.set("person", "cy@acme.test", {"active": "no"})
    found = desk.announcements.audience("everyone", "outage")
    assert found.words() == (
        "2 people (Ada Moss, Bo Lind); 2 not written to: 1 letters come back, 1 opted out"
    )
    desk.announcements.new("VPN is down.", {"to": "everyone"})
    assert tell(desk, later=later) == 0
    assert desk.announcements.show(number(desk)).due == "", "there is nobody left to be told"
