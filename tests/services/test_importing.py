"""Import: history arrives whole, as history; nothing is overwritten, doubled or half-done."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.clock import from_text
from deskterm.domain.errors import ConflictError, DeskError, UsageError
from deskterm.domain.text import storable
from deskterm.storage.driver import moment, moment_or_none
from deskterm.storage.soundness import trouble
from tests.beside import hostile
from tests.builders import count, snapshot, value

OPENED = "2024-03-01T09:00:00Z"


def written(folder: Path, records: Iterable[Any], name: str = "old.jsonl") -> Path:
    """Write JSON lines; a str is written as it is."""
    file = folder / name
    lines = [one if isinstance(one, str) else json.dumps(one) for one in records]
    file.write_bytes("\n".join(lines).encode(errors="surrogatepass") + b"\n")
    return file


def lines(file: Path) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def record(**values: Any) -> dict[str, Any]:
    """Give a foreign ticket."""
    return {"id": "A-1", "title": "No sound", "body": "Since today", "opened": OPENED, **values}


def test_a_real_tracker_arrives_whole(desk: Desk, shared_data: Path) -> None:
    folder = shared_data / "tickets"
    done = desk.importing.tickets(
        folder / "jqueryui.jsonl", history=folder / "jqueryui_events.jsonl"
    )
    assert (done.tickets, done.events, done.failed) == (7852, 37673, ())
    assert count(desk, "outbox") == 0
    assert count(desk, "step") == 0
    foreign = lines(folder / "jqueryui.jsonl")
    events = lines(folder / "jqueryui_events.jsonl")
    assert _events_of(desk) == _wanted_events(events)
    last: dict[str, str] = {}
    closed: dict[str, str] = {}
    for one in events:
        if one["event"] != "comment":
            last[str(one["ticket"])] = one["event"]
        if one["event"] == "close":
            closed[str(one["ticket"])] = one["at"]
    with desk.store.reading() as database:
        rows = {row["foreign_id"]: row for row in database.all("SELECT * FROM ticket")}
        assert trouble(database) == []
    assert len(rows) == 7852
    for one in foreign:
        row = rows[one["id"]]
        assert moment(row["opened_at"]) == from_text(one["opened"])
        assert (row["state"] == "closed") == (last[one["id"]] == "close")
        wanted = from_text(closed[one["id"]]) if last[one["id"]] == "close" else None
        assert moment_or_none(row["closed_at"]) == wanted
        assert row["body"] == one["body"]
    assert count(desk, "link", "kind = 'duplicate'") == sum(
        bool(o["duplicate_of"]) for o in _dup(foreign)
    )
    again = desk.importing.tickets(
        folder / "jqueryui.jsonl", history=folder / "jqueryui_events.jsonl"
    )
    assert (again.tickets, again.already, again.people) == (0, 7852, 0)
    assert count(desk, "ticket") == 7852


def _dup(foreign: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in foreign if one.get("duplicate_of")]


def _events_of(desk: Desk) -> Counter[tuple[str, str, Any]]:
    names = {"opened": "open", "closed": "close", "reopened": "reopen"}
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT t.foreign_id, l.event, l.at FROM ledger l JOIN ticket t ON t.id = l.subject_id "
            "WHERE l.kind = 'ticket' AND l.event <> 'linked' AND l.actor = 'import'"
        )
    return Counter(
        (r["foreign_id"], names.get(r["event"], "comment"), moment(r["at"])) for r in rows
    )


def _wanted_events(events: list[dict[str, Any]]) -> Counter[tuple[str, str, Any]]:
    return Counter((str(e["ticket"]), e["event"], from_text(e["at"])) for e in events)


def test_foreign_words_find_their_places(desk: Desk, tmp_path: Path) -> None:
    line = record(
        requester="Ada Moss <Ada@Example.org>",
        category="audio/headset",
        urgency="blocker",
        version="2.1",
        outcome="wontfix",
        closed="2024-03-02T10:00:00+02:00",
        resolution="Too old.",
        floor=3,
    )
    done = desk.importing.tickets(written(tmp_path, [line]))
    view = desk.tickets.show(1)
    assert (done.tickets, done.people, done.categories) == (1, 1, 2)
    assert view.requester is not None
    assert view.requester.addresses == ("ada@example.org",)
    assert (view.category, view.urgent, view.state) == ("audio/headset", True, "closed")
    assert (view.outcome, view.resolution) == ("unsolved", "Too old.")
    assert view.fields == {
        "floor": "3",
        "outcome": "wontfix",
        "urgency": "blocker",
        "version": "2.1",
    }
    assert view.closed_at == from_text("2024-03-02T08:00:00Z")
    assert all(step.status == "open" for step in view.steps)
    assert desk.board.count("is:closed field.version:2.1") == 1


@pytest.mark.parametrize(
    ("urgency", "urgent"),
    [("critical", True), ("High", True), ("urgent", True), ("minor", False), ("", False)],
)
def test_urgency_is_urgent_or_not(desk: Desk, tmp_path: Path, urgency: str, urgent: bool) -> None:
    desk.importing.tickets(written(tmp_path, [record(urgency=urgency)]))
    assert desk.tickets.show(1).urgent is urgent


def test_history_is_told_by_import_and_names_who_did_it_elsewhere(
    desk: Desk, tmp_path: Path
) -> None:
    events = [
        {"ticket": "A-1", "at": OPENED, "event": "open", "by": "ada"},
        {
            "ticket": "A-1",
            "at": "2024-03-01T10:00:00Z",
            "event": "comment",
            "by": "max",
            "text": "Try it",
        },
        {"ticket": "A-1", "at": "2024-03-01T11:00:00Z", "event": "close", "by": "max"},
        {"ticket": "A-1", "at": "2024-03-03T11:00:00Z", "event": "reopen", "by": "ada"},
        {"ticket": "A-1", "at": "2024-03-03T12:00:00Z", "event": "priority", "by": "max", "to": 2},
    ]
    file = written(tmp_path, [record(requester="ada", closed="2024-03-01T11:00:00Z")])
    desk.importing.tickets(file, history=written(tmp_path, events, "events.jsonl"))
    view = desk.tickets.show(1)
    assert [entry.event for entry in view.timeline] == [
        "opened", "replied", "closed", "reopened", "imported",
    ]  # fmt: skip
    assert {entry.actor for entry in view.timeline} == {"import"}
    assert view.timeline[1].who == "max (imported)"
    assert [entry.data["by"] for entry in view.timeline] == ["ada", "max", "max", "ada", "max"]
    assert (view.state, view.closed_at) == ("open", None)
    assert value(desk, 1, "first_closed_at") is not None
    with desk.store.reading() as database:
        row = database.one("SELECT actor, kind FROM operation WHERE kind = 'import'")
    assert row is not None
    assert row["actor"] == "cy"


def test_a_duplicate_is_linked_wherever_it_stands(desk: Desk, tmp_path: Path) -> None:
    lines = [record(id="1", duplicate_of=["2"]), record(id="2"), record(id="3", duplicate_of="9")]
    done = desk.importing.tickets(written(tmp_path, lines))
    assert done.links == 1
    assert any("'9', which is not here" in flag for flag in done.flags)
    assert [(link.kind, link.ticket_id) for link in desk.tickets.show(1).links] == [
        ("duplicate", 2)
    ]


def test_handles_and_addresses_become_people_once(desk: Desk, tmp_path: Path) -> None:
    who = ["max", "Max", "bo@example.org", "Bo <bo@example.org>", "odd@@handle", ""]
    lines = [record(id=str(n), requester=one) for n, one in enumerate(who)]
    done = desk.importing.tickets(written(tmp_path, lines))
    assert done.people == 3
    assert count(desk, "person_address") == 1
    assert count(desk, "ticket", "requester_id IS NULL") == 1


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{nope", "old.jsonl:2: this is no JSON"),
        ("[1]", "old.jsonl:2: a JSON object is wanted, not list"),
        ('{"a":' * 3000, "old.jsonl:2: this is no JSON"),
        ("\udcff", "old.jsonl:2: this is no JSON"),
        (record(opened="yesterday"), "old.jsonl:2: opened 'yesterday' is no time"),
        (record(opened=None), "old.jsonl:2: 'opened' is missing"),
        (record(opened="0001-01-01T00:00:00+14:00"), "old.jsonl:2: opened"),
        (record(title="", body=" "), "old.jsonl:2: a ticket needs a title or a body"),
        (record(title=["x"]), "old.jsonl:2: 'title' is text, not list"),
        ('{"id": 1, "title": "x", "opened": NaN}', "old.jsonl:2: this is no JSON"),
    ],
)
def test_a_bad_line_is_one_sentence_and_nothing_is_kept(
    desk: Desk, tmp_path: Path, line: Any, sentence: str
) -> None:
    file = written(tmp_path, [record(id="first"), line, record(id="last")])
    before = snapshot(desk)
    with pytest.raises(UsageError) as raised:
        desk.importing.tickets(file)
    assert str(raised.value).startswith(sentence)
    assert "\n" not in str(raised.value)
    assert snapshot(desk) == before
    assert count(desk, "person") == 0
    done = desk.importing.tickets(file, keep_going=True)
    assert (done.tickets, len(done.failed)) == (2, 1)


def test_a_number_with_other_content_is_never_overwritten(desk: Desk, tmp_path: Path) -> None:
    desk.importing.tickets(written(tmp_path, [record()]))
    other = written(tmp_path, [record(id="B"), record(title="Something else")], "other.jsonl")
    with pytest.raises(ConflictError, match=r"other.jsonl:2: ticket 'A-1' is as #1 with other"):
        desk.importing.tickets(other)
    assert count(desk, "ticket") == 1
    done = desk.importing.tickets(other, keep_going=True)
    assert (done.tickets, len(done.failed)) == (1, 1)
    assert value(desk, 1, "subject") == "No sound"


def test_times_in_the_future_are_flagged_and_kept(desk: Desk, tmp_path: Path) -> None:
    events = [{"ticket": "A-1", "at": "2099-01-02T00:00:00Z", "event": "comment", "by": "max"}]
    done = desk.importing.tickets(
        written(tmp_path, [record(opened="2099-01-01T00:00:00Z")]),
        history=written(tmp_path, events, "events.jsonl"),
    )
    assert len(done.flags) == 2
    assert done.flags[0].startswith("old.jsonl:1: a time lies in the future")
    assert desk.tickets.show(1).timeline[0].data["flags"]


@pytest.mark.parametrize(
    ("own", "said", "ends"),
    [
        ({}, "Duplicate", "duplicate"),
        ({}, "see above", None),
        ({"outcome": "fixed"}, "dup", "solved"),
    ],
)
def test_a_closing_says_how_it_ended_where_the_ticket_does_not(
    desk: Desk, tmp_path: Path, own: dict[str, str], said: str, ends: str | None
) -> None:
    closing = {"ticket": "A-1", "at": "2024-03-02T09:00:00Z", "event": "close", "resolution": said}
    desk.importing.tickets(
        written(tmp_path, [record(**own)]), history=written(tmp_path, [closing], "events.jsonl")
    )
    assert (value(desk, 1, "state"), value(desk, 1, "outcome")) == ("closed", ends)


def test_an_event_without_its_ticket_is_named(desk: Desk, tmp_path: Path) -> None:
    events = written(tmp_path, [{"ticket": 9, "at": OPENED, "event": "open"}], "events.jsonl")
    with pytest.raises(UsageError, match=r"events.jsonl:1: there is no ticket '9'"):
        desk.importing.tickets(written(tmp_path, [record()]), history=events)
    assert count(desk, "ticket") == 0


def test_a_dry_run_keeps_nothing_and_a_repeated_operation_does_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    file = written(tmp_path, [record()])
    assert desk.importing.tickets(file, how=How(dry=True)).tickets == 1
    assert count(desk, "ticket") == 0
    name = "1c9b1d51-8b3e-4bb4-9d5f-0d6f9b1c5a55"
    desk.importing.tickets(file, how=How(name))
    assert desk.importing.tickets(file, how=How(name)).repeated
    assert count(desk, "ticket") == 1


def test_an_import_is_undone_as_one(desk: Desk, tmp_path: Path) -> None:
    done = desk.importing.tickets(
        written(tmp_path, [record(id="1", category="x/y"), record(id="2", closed=OPENED)])
    )
    desk.ledger.undo(done.operation_id)
    assert count(desk, "ticket", "state = 'cancelled'") == 2


MAPPING = """
delimiter = ";"
time = "%d.%m.%Y %H:%M"
zone = "Europe/Berlin"
[columns]
"Nr" = "id"
"Kurztext" = "title"
"Meldung" = "body"
"Von" = "requester"
"Am" = "opened"
"Prio" = "urgency"
"Intern" = ""
[values.urgency]
"1" = "high"
"""


def test_a_csv_is_read_by_its_mapping(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(MAPPING)
    file = tmp_path / "old.csv"
    file.write_text(
        "\ufeffNr;Kurztext;Meldung;Von;Am;Prio;Intern;Raum\n"
        '7;Drucker;"zwei\nZeilen";Ada <ada@example.org>;01.07.2024 10:00;1;geheim;B12\n'
        "8;'=1+1;x;;01.12.2024 10:00;3;;\n",
        encoding="utf-8",
    )
    done = desk.importing.tickets(file, mapping=tmp_path / "map.toml")
    assert done.tickets == 2
    first, second = desk.tickets.show(1), desk.tickets.show(2)
    assert (first.body, first.urgent) == ("zwei\nZeilen", True)
    assert first.opened_at == from_text("2024-07-01T08:00:00Z")
    assert first.fields == {"Raum": "B12", "urgency": "high"}
    assert (second.subject, second.urgent) == ("=1+1", False)


@pytest.mark.parametrize(
    ("mapping", "row", "sentence"),
    [
        ("[columns", "", "map.toml"),
        ("x = 1", "", "unknown key 'x'"),
        ("", "", r"\[columns\] is missing"),
        ('[columns]\n"No" = "id"', "", "old.csv:1: there is no column 'No'"),
        ('zone = "Mars/Base"\n[columns]\n"a" = "title"', "", "no time zone 'Mars/Base'"),
        ('encoding = "klingon"\n[columns]\n"a" = "title"', "", "no encoding 'klingon'"),
        ('[columns]\n"a" = "title"\n"b" = "opened"', "one", "old.csv:2: 1 cells under 2 columns"),
        ('[columns]\n"a" = "title"\n"b" = "opened"', 'x,"un', "old.csv:2: this is no CSV row"),
        ('[columns]\n"a" = "title"\n"b" = "opened"', "x,never", "old.csv:2: opened 'never'"),
    ],
)
def test_a_bad_mapping_or_row_is_one_sentence(
    desk: Desk, tmp_path: Path, mapping: str, row: str, sentence: str
) -> None:
    (tmp_path / "map.toml").write_text(mapping)
    (tmp_path / "old.csv").write_text(f"a,b\n{row}\n")
    with pytest.raises(UsageError, match=sentence):
        desk.importing.tickets(tmp_path / "old.csv", mapping=tmp_path / "map.toml")
    assert count(desk, "ticket") == 0


def _refusal(desk: Desk, file: Path) -> str:
    try:
        desk.importing.tickets(file)
    except DeskError as error:
        return str(error)
    return ""


REFUSED = {"H067", "H068"}
"""Requesters that are more than one address are refused at input."""


def test_hostile_fields_are_kept_exact_or_refused(desk: Desk, tmp_path: Path) -> None:
    cases = [one for one in hostile() if one["where"] in ("import field", "subject")]
    assert len(cases) > 10
    for case in cases:
        payload = case["payload"]
        line = record(
            id=case["id"], title=f"x{payload}", body=payload, category=payload, custom=payload,
            actor=payload, **{f"k{payload}": "v"},
        )  # fmt: skip
        done = desk.importing.tickets(written(tmp_path, [line]))
        assert done.tickets == 1
        view = desk.tickets.show(desk.board.count("is:any"))
        assert view.body == storable(payload)
        assert view.fields["custom"] == storable(payload)
        assert {entry.actor for entry in view.timeline} == {"import"}
        named = record(id=f"{case['id']}-who", requester=payload)
        refusal = _refusal(desk, written(tmp_path, [named]))
        assert "\n" not in refusal
        assert refusal or case["id"] not in REFUSED
    assert count(desk, "outbox") == 0
    assert count(desk, "person_address", "address LIKE '%,%' OR address LIKE '% %'") == 0


def test_a_csv_of_another_encoding_is_refused_whole(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('[columns]\n"a" = "title"\n"b" = "opened"')
    (tmp_path / "old.csv").write_bytes(b"a,b\nx,2024-01-01\nM\xfcller,2024-01-01\n")
    for going in (False, True):
        with pytest.raises(UsageError, match="is not utf-8-sig"):
            desk.importing.tickets(
                tmp_path / "old.csv", mapping=tmp_path / "map.toml", keep_going=going
            )
    assert count(desk, "ticket") == 0


def test_a_broken_csv_row_does_not_hide_those_after_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('[columns]\n"a" = "title"\n"b" = "opened"')
    (tmp_path / "old.csv").write_text('a,b\n"x"y,2024-01-01\nlast,2024-01-01\n')
    done = desk.importing.tickets(
        tmp_path / "old.csv", mapping=tmp_path / "map.toml", keep_going=True
    )
    assert (done.tickets, len(done.failed)) == (1, 1)
    assert value(desk, 1, "subject") == "last"
