"""Other help desks come whole: seen beforehand, resumed, brought up to date, taken back."""

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.clock import from_text, now
from deskterm.domain.errors import UsageError
from deskterm.services.importing import run
from deskterm.services.importing.mapping import read_mapping
from deskterm.services.reminders import Reminders, Surveys
from deskterm.storage.soundness import trouble
from tests.builders import count, snapshot, value
from tests.verbs import verbs

SAMPLES = Path(__file__).parent.parent / "foreign"


@pytest.fixture
def zendesk(tmp_path: Path) -> Path:
    """A copy of the sample that a test may change."""
    return shutil.copytree(SAMPLES / "zendesk", tmp_path / "zendesk")


def line(number: int, **more: Any) -> dict[str, Any]:
    """Give a record in our own form."""
    return {"id": number, "title": f"T{number}", "opened": "2024-03-01T09:00:00Z"} | more


def lines(folder: Path, *records: dict[str, Any]) -> Path:
    """Write JSON lines."""
    file = folder / "old.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in records))
    return file


def test_a_desk_arrives_with_words_people_and_owners(desk: Desk) -> None:
    done = desk.importing.desk("zendesk", SAMPLES / "zendesk")
    view = desk.tickets.show(1)
    assert (done.tickets, done.people, done.groups, done.technicians) == (1, 1, 1, 1)
    assert (view.state, view.waiting_for, view.urgent) == ("waiting", "other", True)
    assert (view.assignee, view.group, view.channel) == ("max", "Night shift", "email")
    assert view.requester is not None
    assert (view.requester.organisation, view.requester.phone) == ("Moss Ltd", "+49 30 1")
    told = [(one.event, one.text, one.public) for one in view.timeline]
    assert told == [
        ("opened", "", True),
        ("noted", "Look at the cable.", False),
        ("waiting", "", False),
    ]
    assert "[File in the old desk, not brought along: shot.png" in view.body
    assert view.fields["status"] == "hold"
    assert count(desk, "outbox") == 0
    with desk.store.reading() as database:
        assert trouble(database) == []


def test_files_that_lie_in_the_export_come_along(desk: Desk) -> None:
    done = desk.importing.desk("zammad", SAMPLES / "zammad")
    assert done.files == 1
    (file,) = desk.tickets.show(1).timeline[0].attachments
    assert (file.name, file.size) == ("p.txt", 5)


def test_a_look_writes_nothing_and_tells_what_would_arrive(desk: Desk, tmp_path: Path) -> None:
    before = snapshot(desk)
    done = desk.importing.look("zendesk", SAMPLES / "zendesk")
    assert snapshot(desk) == before
    assert done.survey is not None
    assert (done.tickets, done.people, done.survey.lost_files) == (1, 1, 1)
    assert done.survey.owners()[0].becomes == "max (new)"
    assert done.survey.states()[0][:2] == ("hold", "waiting")
    assert {one.word: one.tickets for one in done.survey.fields()} == dict.fromkeys(
        ("tags", "status", "Floor"), 1
    )
    assert '[fields]\nFloor = "Floor"' in done.mapping
    edited = done.mapping.replace('hold = "waiting"', 'hold = "closed"')
    edited = edited.replace('"max@d.example" = "max"', '"max@d.example" = ""')
    (tmp_path / "map.toml").write_text(edited)
    desk.importing.desk("zendesk", SAMPLES / "zendesk", mapping=tmp_path / "map.toml")
    view = desk.tickets.show(1)
    assert (view.state, view.assignee) == ("closed", None)
    assert view.closed_at == from_text("2024-03-02T09:00:00Z")


def test_states_are_told_as_they_are_and_doubts_are_counted(desk: Desk, tmp_path: Path) -> None:
    done = desk.importing.tickets(
        lines(
            tmp_path,
            line(1, status="Closed", updated="2024-03-05T09:00:00Z"),
            line(2, status="In Progress", resolution="New cable"),
            line(3, status="Klingon"),
            line(4, status="Open", closed="2024-03-05T09:00:00Z"),
            line(5, status="Canceled"),
            line(6, status="Won't Fix", closed="2024-03-05T09:00:00Z"),
            line(7, status="New"),
        )
    )
    shown = [desk.tickets.show(number) for number in range(1, 8)]
    assert [one.state for one in shown] == [
        "closed", "open", "open", "open", "cancelled", "closed", "new",
    ]  # fmt: skip
    assert shown[0].closed_at == from_text("2024-03-05T09:00:00Z")
    assert shown[0].timeline[0].data["flags"] == ["closed without a time"]
    assert shown[5].outcome == "unsolved"
    assert done.survey is not None
    assert dict(done.survey.flags) == {
        "closed without a time": 2,
        "open with a resolution": 1,
        "a state nobody knows": 1,
        "open with a closing time": 1,
    }


def test_old_tickets_are_not_overdue_the_moment_they_arrive(desk: Desk, tmp_path: Path) -> None:
    said = {"at": "2024-03-01T10:00:00Z", "by": "max", "text": "Try it"}
    desk.importing.tickets(lines(tmp_path, line(1), line(2, entries=[said], urgency="high")))
    assert desk.board.count("is:overdue") == 0
    for number in (1, 2):
        due = from_text(str(value(desk, number, "due_at")))
        assert now() < due < now() + timedelta(days=14)
    assert desk.tickets.why(2) is not None


def test_nobody_is_reminded_or_polled_of_what_another_desk_asked(
    desk: Desk, tmp_path: Path
) -> None:
    lately = (now() - timedelta(days=3)).isoformat()
    asked = {"at": lately, "by": "max", "text": "Does it work?"}
    ada = {"requester": "Ada <ada@example.org>", "opened": lately}
    desk.importing.tickets(
        lines(
            tmp_path,
            line(1, status="pending", entries=[asked], **ada),
            line(2, status="closed", closed=lately, **ada),
        )
    )
    later = now() + timedelta(days=30)
    assert Reminders(desk.store, desk.letters).run(later) == 0
    assert Surveys(desk.store, desk.letters).run(now()) == 0
    assert count(desk, "outbox") == 0


def test_a_second_run_brings_what_is_new_and_leaves_alone_what_people_did(
    desk: Desk, zendesk: Path
) -> None:
    desk.importing.desk("zendesk", zendesk)
    again = desk.importing.desk("zendesk", zendesk)
    assert (again.tickets, again.already, again.changed) == (0, 1, 0)
    ticket = json.loads((zendesk / "tickets.json").read_text())
    more = {
        "id": 3,
        "author_id": 7,
        "body": "It is on again.",
        "created_at": "2024-03-03T08:00:00Z",
    }
    ticket["comments"].append(more | {"public": True})
    ticket |= {"status": "solved", "updated_at": "2024-03-03T09:00:00Z"}
    (zendesk / "tickets.json").write_text(json.dumps(ticket) + "\n")
    done = desk.importing.desk("zendesk", zendesk)
    view = desk.tickets.show(1)
    assert (done.changed, done.kept, view.state) == (1, 0, "closed")
    assert [one.text for one in view.timeline if one.event == "received"] == ["It is on again."]
    verbs(desk).reopen([1], "still black")
    ticket["comments"].append(more | {"id": 4, "body": "Thanks"})
    (zendesk / "tickets.json").write_text(json.dumps(ticket) + "\n")
    done = desk.importing.desk("zendesk", zendesk)
    view = desk.tickets.show(1)
    assert (done.changed, done.kept, view.state) == (1, 1, "open")
    assert "Thanks" in [one.text for one in view.timeline]
    assert desk.importing.desk("zendesk", zendesk).already == 1
    with desk.store.reading() as database:
        assert trouble(database) == []


def test_two_trackers_with_the_same_numbers_never_clash(desk: Desk, tmp_path: Path) -> None:
    one = lines(tmp_path, line(1))
    desk.importing.tickets(one, prefix="first")
    desk.importing.tickets(lines(tmp_path, line(1, title="Other")), prefix="second")
    assert count(desk, "ticket") == 2
    assert [value(desk, n, "foreign_id") for n in (1, 2)] == ["first:1", "second:1"]
    desk.importing.desk("jsonl", one)
    assert desk.board.count("foreign:1") == desk.board.count("foreign:jsonl:1") == 1
    assert desk.board.count("foreign:second:1,jsonl:1") == 2


def test_what_breaks_off_goes_on_and_one_undo_takes_it_all_back(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_CHUNK", 2)
    file = lines(tmp_path, *(line(n, requester=f"p{n}@example.org") for n in range(1, 6)))

    def stops(read: int, _total: int) -> None:
        if read == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.importing.desk("jsonl", file, told=stops)
    assert count(desk, "ticket") == 4
    done = desk.importing.desk("jsonl", file, resume=True)
    assert (done.tickets, done.already) == (1, 4)
    assert count(desk, "operation", "kind = 'import jsonl'") == 1
    desk.ledger.undo(done.operation_id)
    assert count(desk, "ticket", "state = 'cancelled'") == 5
    fresh = desk.importing.desk("jsonl", file, resume=True)
    assert fresh.operation_id != done.operation_id
    assert fresh.already == 5


def test_a_bad_record_of_a_desk_is_left_out_and_named(desk: Desk, tmp_path: Path) -> None:
    file = lines(tmp_path, line(1), {"id": 2}, line(3))
    done = desk.importing.desk("jsonl", file)
    assert (done.tickets, len(done.failed)) == (2, 1)
    assert "old.jsonl:2: a ticket needs a title or a body" in done.failed[0]
    assert desk.importing.look("jsonl", file).failed == done.failed


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a CSV and gives it."""

    def write(text: str, encoding: str = "utf-8") -> Path:
        file = tmp_path / "old.csv"
        file.write_bytes(text.encode(encoding))
        return file

    return write


def test_days_and_months_are_decided_over_the_whole_column(
    desk: Desk, table: Callable[..., Path]
) -> None:
    file = table("Number,Subject,Created\n1,a,03/04/2024\n2,b,03/25/2024 4:05 PM\n")
    desk.importing.desk("csv", file)
    assert desk.tickets.show(1).opened_at == from_text("2024-03-04T00:00:00Z")
    with pytest.raises(UsageError, match="'opened': '03/04/2024' may be day or month first"):
        desk.importing.look("csv", table("Number,Subject,Created\n1,a,03/04/2024\n"))


def test_a_dry_run_of_an_unknown_table_gives_a_map(desk: Desk, table: Callable[..., Path]) -> None:
    file = table(
        "Nr;Betreff;Erstellt;Status;Raum\n1;Äußerst laut;01.03.2024 09:00;geschlossen;B\n", "cp1252"
    )
    done = desk.importing.look("csv", file)
    assert 'Betreff = "title"' in done.mapping
    assert 'Raum = "Raum"' in done.mapping
    assert 'geschlossen = "closed"' in done.mapping
    assert done.source is not None
    assert any("cp1252" in one for one in done.source.guessed)


def test_two_columns_of_one_meaning_that_differ_are_refused(
    desk: Desk, table: Callable[..., Path]
) -> None:
    file = table("Summary,Subject,Created\nx,x,2024-01-01\nx,y,2024-01-01\n")
    done = desk.importing.look("csv", file)
    assert done.tickets == 1
    assert "two columns are 'title' and differ" in done.failed[0]


def test_hostile_words_stand_in_the_map_and_come_back_exact(desk: Desk, tmp_path: Path) -> None:
    evil = 'a"b\\c\x1b]0;x\x07\x7f\u202e\n[owners]'
    file = lines(tmp_path, line(1, status=evil, owner=evil, group=evil, **{evil: "v"}))
    done = desk.importing.look("jsonl", file)
    (tmp_path / "map.toml").write_text(done.mapping)
    found = read_mapping(tmp_path / "map.toml")
    assert found.values["status"] == {evil: "open"}
    assert list(found.owners.values()) == ["a.b.c.0.x.owners"]


def test_a_ticket_that_stands_twice_in_an_export_is_as_it_stands_last(
    desk: Desk, tmp_path: Path
) -> None:
    late = line(1, status="Closed", updated="2024-03-05T09:00:00Z")
    early = line(1, status="Open", updated="2024-03-02T09:00:00Z")
    file = lines(tmp_path, late, early, line(2), early)
    look = desk.importing.look("jsonl", file)
    assert look.survey is not None
    assert (look.tickets, look.survey.flags["twice in the export"]) == (2, 2)
    done = desk.importing.desk("jsonl", file)
    assert done.survey is not None
    assert (done.tickets, done.failed) == (2, ())
    assert done.survey.flags["twice in the export"] == 2
    assert desk.tickets.show(1).state == "closed"
    again = desk.importing.desk("jsonl", file)
    assert (again.tickets, again.changed) == (0, 0)
