"""The demo company: lawful histories, the same year for the same seed, life on the board."""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.demo import times
from deskterm.demo.lively import enliven
from deskterm.demo.load import load
from deskterm.demo.texts import fill, plots
from deskterm.demo.year import Year
from deskterm.domain import clock, lifecycle
from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import State
from deskterm.storage.soundness import trouble
from deskterm.storage.ticket.columns import FRESH
from deskterm.widgets.value_words import change_lines, entry_words
from tests.builders import count, open_ticket
from tests.verbs import verbs

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
VERBS = {
    "assigned": "assign",
    "changed": "set",
    "replied": "reply",
    "received": "note",
    "noted": "note",
    "waiting": "wait",
    "resumed": "resume",
    "escalated": "escalate",
    "handed back": "hand-back",
    "stepped": "step",
    "solved": "solve",
    "verified": "verify",
    "closed": "close",
    "reopened": "reopen",
    "cancelled": "cancel",
    "linked": "link",
    "merged": "merge",
    "guide": "guide",
}
SLOTS = [
    "device",
    "model",
    "os",
    "site",
    "place",
    "floor",
    "dept",
    "colleague",
    "lead",
    "printer",
    "room",
    "code",
    "signature",
    "desk",
]


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, Any]]]:
    """Every row of one demo, by table."""
    found: dict[str, list[dict[str, Any]]] = {}
    for batch in Year(times.seconds(NOW), 2500, 7, "cy").batches():
        rows = [dict(zip(batch.columns, row, strict=True)) for row in batch.rows]
        found.setdefault(batch.table, []).extend(rows)
    return found


def _replay(entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Give (entry, values before it), then a last pair with what all of them lead to."""
    values: dict[str, Any] = dict(FRESH)
    for entry in entries:
        yield entry, dict(values)
        for key, (before, after) in json.loads(entry["changes"]).items():
            first = entry["event"] == "opened"
            known = first or key.startswith("run.") or values.get(key) == before
            assert known, (entry, key, values.get(key))
            values[key] = after
    yield {}, values


def _histories(tables: dict[str, list[dict[str, Any]]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for entry in tables["ledger"]:
        found.setdefault(entry["subject_id"], []).append(entry)
    return found


def test_current_rows_are_the_replay_of_their_ledger(
    tables: dict[str, list[dict[str, Any]]],
) -> None:
    histories = _histories(tables)
    hanging: dict[int, dict[str, Any]] = {}
    for row in tables["step"]:
        value = [row["status"], row["actor"], row["at"], row["reason"]]
        hanging.setdefault(row["ticket_id"], {})[f"step.{row['step']}"] = value
    for row in tables["field_value"]:
        hanging.setdefault(row["ticket_id"], {})[f"field.{row['name']}"] = row["value"]
    for row in tables["link"]:
        key = f"link.{row['kind']}.{row['other_id']}"
        hanging.setdefault(row["ticket_id"], {})[key] = True
    for row in tables["guide_run"]:
        if row["status"] != "running":
            run = [row["status"], row["owner"]]
            hanging.setdefault(row["ticket_id"], {})[f"run.{row['id']}"] = run
    for row in tables["time_entry"]:
        named = ("technician", "kind", "state", "started_at", "seconds", "note")
        worked = {name: row[name] for name in named} | {"run": None}
        hanging.setdefault(row["ticket_id"], {})[f"time.{row['id']}"] = worked
    for ticket in tables["ticket"]:
        *_, (_, values) = _replay(histories[ticket["id"]])
        columns = {name: value for name, value in values.items() if name in FRESH}
        assert {**columns, "body": ticket["body"]} == {name: ticket[name] for name in FRESH}
        parts = {k: v for k, v in values.items() if "." in k and v is not None}
        assert parts == hanging.get(ticket["id"], {})
        assert ticket["version"] == histories[ticket["id"]][-1]["version"]
        assert ticket["updated_at"] == histories[ticket["id"]][-1]["at"]


def test_the_year_shows_work_that_nobody_proved_and_choices_that_lay_idle(
    tables: dict[str, list[dict[str, Any]]],
) -> None:
    unproven = [
        one
        for one in tables["ticket"]
        if (one["craft_proof"], one["outcome"]) == ("waived", "solved")
    ]
    chosen = {one["subject_id"]: one["at"] for one in tables["ledger"] if one["event"] == "stepped"}
    solved = {one["subject_id"]: one["at"] for one in tables["ledger"] if one["event"] == "solved"}
    idle = [one for one, at in chosen.items() if one in solved and solved[one][:10] > at[:10]]
    assert len(unproven) > 5
    assert len(idle) > 5


def test_every_history_is_lawful(tables: dict[str, list[dict[str, Any]]]) -> None:
    for number, entries in _histories(tables).items():
        for entry, before in _replay(entries):
            if not entry or entry["event"] == "opened":
                continue
            if entry["event"] == "merged" and "from" in json.loads(entry["data"]):
                continue  # the survivor's side
            lifecycle.check(VERBS[entry["event"]], before["state"], number)
            if entry["event"] == "closed":
                proofs = (before["craft_proof"], before["customer_proof"])
                outcome = json.loads(entry["data"])["outcome"]
                lifecycle.check_close(number, before["state"], outcome, proofs, entry["text"])


def test_entries_come_in_order_and_none_after_now(tables: dict[str, list[dict[str, Any]]]) -> None:
    moments = [entry["at"] for entry in tables["ledger"]]
    assert moments == sorted(moments)
    assert moments[-1] <= NOW.isoformat().replace("+00:00", ".000000Z")
    known = {row["id"] for row in tables["operation"]}
    assert {entry["operation_id"] for entry in tables["ledger"]} == known
    assert len(known) == len(tables["operation"])


def test_the_company_is_whole(tables: dict[str, list[dict[str, Any]]]) -> None:
    assert len(tables["person"]) == 300
    assert len({row["address"] for row in tables["person_address"]}) == 300
    assert all(row["address"].endswith(".example") for row in tables["person_address"])
    assert {row["level"] for row in tables["desk_group"]} == {1, 2, 3}
    assert any(row["segment"] == "VIP" for row in tables["person"])
    assert len({row["name"] for row in tables["device"]}) == len(tables["device"])


def test_the_board_has_life(tables: dict[str, list[dict[str, Any]]]) -> None:
    open_ = [row for row in tables["ticket"] if row["is_open"]]
    states = Counter(row["state"] for row in open_)
    assert all(states[state] for state in ("new", "open", "waiting", "solved"))
    assert {row["urgent"] for row in open_} == {True, False}
    assert any(row["assignee"] == "cy" for row in open_)
    vpn = next(row["id"] for row in tables["category"] if row["path"] == "network/vpn")
    assert sum(row["category_id"] in (vpn, None) and row["state"] == "new" for row in open_) >= 40
    ended = Counter(row["state"] for row in tables["ticket"])
    assert ended["closed"] > 2000
    assert ended["cancelled"]
    assert ended["merged"]
    outcomes = {row["outcome"] for row in tables["ticket"]}
    assert {"solved", "unsolved", "duplicate"} <= outcomes
    events = {entry["event"] for entry in tables["ledger"]}
    assert {"escalated", "handed back", "reopened", "verified", "waiting", "received"} <= events


def test_guides_were_walked_and_one_is_open_now(tables: dict[str, list[dict[str, Any]]]) -> None:
    status = Counter(row["status"] for row in tables["guide_run"])
    assert status["solved"] > 20
    assert status["escalated"] > 20
    (now,) = [row for row in tables["guide_run"] if row["status"] == "running"]
    assert now["owner"] == "cy"
    assert json.loads(now["state"])["guide"]
    assert {row["actor"] for row in tables["guide"]} == {"desk"}


def test_a_ticket_merged_leads_to_a_living_one(tables: dict[str, list[dict[str, Any]]]) -> None:
    states = {row["id"]: row["state"] for row in tables["ticket"]}
    merged = [row for row in tables["ticket"] if row["merged_into"]]
    assert merged
    assert all(states[row["merged_into"]] != State.MERGED for row in merged)


def test_the_same_seed_tells_the_same_year() -> None:
    def told(seed: int) -> list[Any]:
        return list(Year(times.seconds(NOW), 60, seed, "cy").batches())

    assert told(3) == told(3)
    assert told(3) != told(4)


@pytest.mark.parametrize("plot", plots(), ids=lambda plot: plot.category)
def test_every_text_knows_its_slots(plot: Any) -> None:
    assert len(plot.said) == len(plot.subject) == len(plot.about)
    assert max(plot.about) < len(plot.problem) <= len(plot.fix)
    slots = dict.fromkeys(SLOTS, "x")
    lists = (plot.subject, plot.said, plot.problem, plot.ask, plot.answer, plot.note, plot.fix)
    for text in (*(one for texts in lists for one in texts), *plot.expert, plot.summary):
        assert fill(text, slots)


def test_it_loads_into_an_empty_desk(desk: Desk) -> None:
    assert load(desk.store, desk.me, NOW, tickets=450, seed=2) == 450
    assert count(desk, "ticket") == 450
    assert count(desk, "person") == 300
    assert count(desk, "outbox") == 0
    with desk.store.reading() as database:
        assert trouble(database) == []
    number = open_ticket(desk, requester="Zoe Newly <zoe@norrvik.example>", category="printing")
    assert number == 451
    verbs(desk).take([number])
    assert desk.tickets.show(number).assignee == "cy"
    assert desk.board.count("is:open urgent:yes") >= 8
    counts = {view.name: desk.board.count(view.query) for view in desk.admin.views()}
    assert counts["VPN outage"] >= 40
    assert all(counts[name] for name in ("Triage", "Urgent", "Waiting", "To verify"))
    (run,) = desk.runs.open_runs(mine=True)
    assert desk.runs.run(run.id).step >= 1
    guides = count(desk, "guide")
    assert {line.origin for line in desk.guides.list()} == {"starter library"}
    assert count(desk, "guide") == guides


def test_a_desk_in_use_is_refused(desk: Desk) -> None:
    open_ticket(desk)
    with pytest.raises(RefusedError, match="not empty"):
        load(desk.store, desk.me, NOW, tickets=20)
    assert count(desk, "ticket") == 1


def _lively(desk: Desk, folder: Path, tickets: int = 160) -> None:
    now = clock.now()
    load(desk.store, desk.me, now, tickets=tickets, seed=3)
    enliven(desk, now, folder)


def test_every_corner_of_the_demo_holds_something(desk: Desk, tmp_path: Path) -> None:
    _lively(desk, tmp_path / "letters")
    assert desk.figures.rebuild().differed == []
    counts = desk.inbox.counts()
    assert all(counts.get(one) for one in ("quarantined", "waiting", "machine", "ticket", "reply"))
    assert list(desk.board.ids("is:asked"))
    assert [one.state for one in desk.outbox.queue(failed=True)] == ["failed"]
    assert desk.outbox.queue()
    assert "mentioned" in [one.kind for one in desk.notices.list()]
    calls = [one.state for one in desk.board.call_backs()]
    assert (len(calls), len(desk.board.call_backs(due=True))) == (2, 1)
    assert count(desk, "callback", "state <> 'open'") == 1
    assert count(desk, "ticket", "approval = 'asked'") == 1
    assert count(desk, "guide_run", "status = 'paused'") >= 1
    assert desk.absences.list()
    assert desk.announcements.list()
    assert {one.state for one in desk.releases.list()} == {"planned", "shipped"}
    assert all(one.told for one in desk.releases.list() if one.state == "shipped")
    assert {one.state for one in desk.visits.list()} == {"fixed", "offered"}
    for table, where in (
        ("ticket", "rating < 3"),
        ("ticket", "rating = 5"),
        ("solution_use", "NOT worked"),
        ("solution_use", "worked"),
        ("device", "model <> ''"),
        ("service", "1 = 1"),
        ("field_value", "1 = 1"),
        ("competence", "level = 3"),
        ("technician", "roles <> '[]'"),
        ("review", "filled_at IS NULL"),
        ("review", "filled_at IS NOT NULL"),
        ("handover", "1 = 1"),
    ):
        assert count(desk, table, where), (table, where)
    with desk.store.reading() as database:
        assert trouble(database) == []
    raw = [line for line in _talk(desk) if re.search(r"[\[\]{}]|None|_id|\bTrue\b|\dZ", line)]
    assert raw == []


def _talk(desk: Desk) -> Iterator[str]:
    """Every line that screens say of what was done on the tickets that have most to tell."""
    with desk.store.reading() as database:
        rows = database.all(
            "SELECT ticket_id FROM callback UNION SELECT ticket_id FROM visit "
            "UNION SELECT ticket_id FROM time_entry WHERE ticket_id IS NOT NULL "
            "UNION SELECT ticket_id FROM problem_ticket ORDER BY 1"
        )
    for number in (row["ticket_id"] for row in rows):
        timeline = desk.tickets.show(number).timeline
        names = desk.ledger.names(timeline)
        for entry in timeline:
            yield from (entry_words(entry, names), *change_lines(entry, names))


def test_letters_of_the_demo_stay_in_its_folder_whatever_a_machine_says(
    sqlite_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "letters"
    flags = {"db": sqlite_url, "smtp_host": "mail.invalid", "outgoing": str(tmp_path / "real")}
    desk = open_desk(settings.load(flags, as_login="cy"))
    _lively(desk, folder)
    waited = len(desk.outbox.queue()) - len(desk.outbox.queue(failed=True))
    sent = desk.outbox.send(at_once=True)
    desk.close()
    assert (sent.paused, sent.sent) == ("", waited)
    assert len(list((folder / "new").iterdir())) == waited
    assert not (tmp_path / "real").exists()


def test_the_same_hour_is_told_in_the_same_words(tmp_path: Path, sqlite_template: Path) -> None:
    told = []
    for name in ("one", "two"):
        file = tmp_path / f"{name}.sqlite"
        shutil.copy(sqlite_template, file)
        desk = open_desk(settings.load({"db": f"sqlite:///{file}"}, as_login="cy"))
        _lively(desk, tmp_path / "letters", 90)
        with desk.store.reading() as database:
            rows = database.all(
                "SELECT l.kind, l.subject_id, l.event, l.text, l.actor FROM ledger l "
                "JOIN operation o ON o.id = l.operation_id ORDER BY l.id DESC LIMIT 70"
            )
            told.append([tuple(row[key] for key in list(row.keys())) for row in rows])
        desk.close()
    assert told[0] == told[1]
