"""Every kind the ledger tells of is undone and redone exactly; what cannot be is passed over."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import SQLModel

from deskterm import models
from deskterm.bootstrap import Desk
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError
from deskterm.storage.row_kinds import ROW_KINDS
from deskterm.storage.subjects import FINAL, SUBJECTS
from tests.builders import count, open_ticket, value
from tests.verbs import verbs

Act = Callable[[Desk], object]

ACTS: dict[str, Act] = {
    "group made": lambda d: d.admin.set_group("robots", level=3),
    "group level": lambda d: d.admin.set_group("printing", level=3),
    "group member": lambda d: d.admin.set_member("printing", "bo"),
    "group member new": lambda d: d.admin.set_member("printing", "new"),
    "group left": lambda d: d.admin.set_member("printing", "cy", member=False),
    "technician": lambda d: d.admin.set_technician("bo", {"name": "Bo", "level": 2}),
    "technician new": lambda d: d.admin.set_technician("new", {"email": "n@example.org"}),
    "category made": lambda d: d.admin.set_category("network/wifi/guest"),
    "category group": lambda d: d.admin.set_category("printing", group="printing"),
    "category renamed": lambda d: d.admin.rename_category("printing", "paper"),
    "category removed": lambda d: d.admin.remove_category("printing"),
    "field made": lambda d: d.admin.set_field("floor", choices=["1", "2"]),
    "field changed": lambda d: d.admin.set_field("os", choices=["Linux"]),
    "field removed": lambda d: d.admin.remove_field("os"),
    "view made": lambda d: d.admin.save_view("mine", "is:open"),
    "view changed": lambda d: d.admin.save_view("red", "is:waiting"),
    "view removed": lambda d: d.admin.remove_view("red"),
    "person made": lambda d: d.people.set("new@example.org", {"name": "New", "site": "Old town"}),
    "person changed": lambda d: d.people.set(
        "ada@example.org",
        {"phone": "12", "organisation": "Moss Ltd", "email": "ada@moss.example", "device": "PC-1"},
    ),
    "people imported": lambda d: d.records.load(
        "person", [(2, {"name": "Cleo", "email": "cleo@example.org", "department": "Law"})], "f.csv"
    ),
    "organisation made": lambda d: d.records.set("organisation", "Fern plc", {}),
    "organisation": lambda d: d.records.set("organisation", "Acme", {"language": "de"}),
    "setting": lambda d: d.desk_settings.set("desk.name", "The desk"),
    "setting back": lambda d: d.desk_settings.unset("mail.expect"),
    "clock": lambda d: d.desk_settings.set("promise.pickup", "1h"),
    "letter words": lambda d: d.wording.set("opened", "Subject: hello\n\nHello."),
    "mail paused": lambda d: d.outbox.pause("fire"),
    "letter stopped": lambda d: d.outbox.withdraw([1]),
    "absence": lambda d: d.absences.add("2d", deputy="bo"),
    "absence ended": lambda d: d.absences.end("bo"),
    "competence": lambda d: d.records.set("competence", "bo printing", {"level": "2"}),
    "roles": lambda d: d.records.set("technician", "bo", {"roles": "expert, liaison"}),
    "wishes": lambda d: d.attention.set({"mail": "digest", "name": "Cy"}),
    "focus": lambda d: d.attention.begin("1h"),
    "rule made": lambda d: d.rules.add("vip", "urgent:yes", {"group": "printing"}),
    "rule changed": lambda d: d.rules.change("wifi", {"stops": True, "query": "wlan"}),
    "rule removed": lambda d: d.rules.remove("wifi"),
    "mailbox made": lambda d: d.mailboxes.add("lp", "mbox", {}, {"path": "/srv/lp"}),
    "mailbox changed": lambda d: d.mailboxes.set("box", {"group": "printing"}, {}),
    "mailbox removed": lambda d: d.mailboxes.remove("box"),
    "announcement": lambda d: d.announcements.new("No mail until noon."),
    "announcement ended": lambda d: d.announcements.end(1),
    "problem changed": lambda d: d.problems.set(1, {"severity": "high"}),
    "problem tied": lambda d: d.problems.link(1, [1]),
    "solution changed": lambda d: d.solutions.edit(1, {"tip": "Plug it in."}),
    "take": lambda d: verbs(d).take([1]),
    "cancel": lambda d: verbs(d).cancel([1], "not wanted"),
    "reply": lambda d: verbs(d).reply([1], "Hello."),
}
_LEFT = {
    "operation",
    "ledger",
    "taken_back",
    "draft",
    "lease",
    "notice",
    "learned_head",
    "day_mark",
}
"""History, and what says only that something has to be looked at again."""
_PASSING = {
    "version",
    "updated_at",
    "uid_validity",
    "worked_at",
    "created_at",
    "since",
    "not_before",
}


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A desk with one of everything."""
    desk.admin.set_group("printing", level=2)
    desk.admin.set_member("printing", "cy")
    desk.admin.set_technician("bo", {})
    desk.admin.set_category("printing")
    desk.admin.set_field("os", choices=["Windows", "macOS"])
    desk.admin.save_view("red", "urgent:yes")
    desk.records.set("organisation", "Acme", {})
    desk.desk_settings.set("mail.expect", "soon")
    desk.absences.add("3d", login="bo")
    desk.rules.add("wifi", "wifi", {"category": "printing"})
    desk.mailboxes.add("box", "mbox", {}, {"path": "/srv/box"})
    desk.announcements.new("The lift is out.")
    open_ticket(desk)
    desk.problems.new({"title": "Toner"})
    desk.solutions.new({"title": "Toner", "resolution": "Shake it."})
    return desk


def everything(desk: Desk) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row of every table but the ledger, without versions and times of change."""
    found = {}
    with desk.store.reading() as database:
        for table in SQLModel.metadata.sorted_tables:
            names = [c.name for c in table.columns if c.name not in _PASSING]
            if table.name not in _LEFT:
                rows = database.all(f"SELECT {', '.join(names)} FROM {table.name}")
                found[table.name] = sorted(
                    (tuple(row[name] for name in names) for row in rows), key=repr
                )
    return found


@pytest.mark.parametrize("act", ACTS)
def test_undo_and_redo_restore_exactly(full: Desk, act: str) -> None:
    before = everything(full)
    ACTS[act](full)
    after = everything(full)
    assert after != before
    full.ledger.undo()
    taken = everything(full)
    _letters_aside(taken, before)
    full.ledger.redo()
    assert everything(full) == after
    full.ledger.undo()
    assert everything(full) == taken


def _letters_aside(taken: dict[str, Any], before: dict[str, Any]) -> None:
    """An undo withdraws letters and never unwrites them, and an announcement made stays, ended."""
    for name in ("outbox", "announcement", "counter"):
        if len(taken[name]) > len(before[name]):
            taken, before = dict(taken), dict(before)
            del taken[name], before[name]
    assert taken == before


def test_every_kind_in_the_ledger_has_a_subject(full: Desk) -> None:
    for act in ACTS.values():
        act(full)
        full.ledger.undo()
    with full.store.reading() as database:
        kinds = {row["kind"] for row in database.all("SELECT DISTINCT kind FROM ledger")}
    assert kinds <= SUBJECTS.keys() | FINAL.keys()
    assert kinds >= {"setting", "person", "view", "field", "group", "technician", "rule", "mailbox"}


def test_every_row_kind_names_columns_of_its_table_and_who_refers_to_it() -> None:
    tables = models.metadata.tables
    for kind, shape in ROW_KINDS.items():
        table = tables[shape.table]
        named = {*shape.columns, *shape.new, *shape.reset, shape.key}
        assert named <= set(table.columns.keys()), kind
        assert shape.naming in shape.columns
        refers = {
            (other.name, column.name)
            for other in tables.values()
            for column in other.columns
            for key in column.foreign_keys
            if key.column.table is table
        }
        if shape.naming not in ("state", "title", "active", "text"):  # rows that are never removed
            assert refers <= {*shape.used, *shape.goes}, kind


def test_undo_passes_over_what_somebody_changed_since_and_says_so(desk: Desk) -> None:
    other = open_ticket(desk, requester="bo@example.org")
    number = open_ticket(desk)
    verbs(desk).change([other], values={"subject": "Old"})
    mine = verbs(desk).change([number], values={"subject": "A"}).operation_id
    with _as(desk, "bo") as bo:
        verbs(bo).change([number], values={"subject": "B"})
    done = desk.ledger.undo()
    assert value(desk, number, "subject") == "B"
    assert value(desk, other, "subject") == "Printer offline"
    assert "now B, by bo" in done.notes[0]
    with pytest.raises(ConflictError, match="by bo"):
        desk.ledger.undo(mine)


def test_what_is_gone_meanwhile_is_not_named_again(desk: Desk) -> None:
    number = open_ticket(desk)
    for name in ("old", "kept", "new"):
        desk.records.add("category", name, {})
    verbs(desk).change([number], category="old")
    moved = verbs(desk).change([number], category="new").operation_id
    desk.records.merge("category", "old", "kept")
    with pytest.raises(RefusedError, match=f"the category that #{number} would have again is gone"):
        desk.ledger.undo(moved)
    desk.ledger.undo()
    assert "old" in [one["name"] for one in desk.records.list("category")]
    desk.ledger.undo(moved)
    assert desk.tickets.show(number).category == "old"


def test_a_redo_gives_nothing_that_is_gone_and_says_so(desk: Desk) -> None:
    number = open_ticket(desk)
    desk.records.add("category", "new", {})
    made = verbs(desk).change([number], category="new").operation_id
    desk.ledger.undo(made)
    desk.records.remove("category", "new")
    with pytest.raises(RefusedError, match="is gone meanwhile"):
        desk.ledger.redo(made)
    assert desk.tickets.show(number).category is None


def test_undo_never_digs_below_what_it_passed_over(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).change([number], values={"subject": "A"})
    with _as(desk, "bo") as bo:
        verbs(bo).change([number], values={"subject": "B"})
    with pytest.raises(ConflictError, match="by bo"):
        desk.ledger.undo()
    assert value(desk, number, "state") == "new"


def test_undo_does_not_stick_on_what_is_final(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    desk.secrets.rotate()
    done = desk.ledger.undo()
    assert value(desk, number, "assignee") is None
    assert "secret" in done.notes[0]


def test_after_a_view_was_saved_undo_reaches_what_was_done_before(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).take([number])
    desk.admin.save_view("mine", "is:open")
    first = desk.ledger.undo()
    assert (first.back, first.next) == ("save view mine", f"take #{number}")
    desk.ledger.undo()
    assert value(desk, number, "assignee") is None


def test_redo_walks_forward_again_and_an_undo_of_it_walks_back(desk: Desk) -> None:
    number = open_ticket(desk)
    for subject in ("A", "B"):
        verbs(desk).change([number], values={"subject": subject})
    seen = []
    for verb in ("undo", "undo", "redo", "redo", "undo", "redo"):
        getattr(desk.ledger, verb)()
        seen.append(value(desk, number, "subject"))
    assert seen == ["A", "Printer offline", "A", "B", "A", "B"]


def test_what_is_redone_counts_again_for_clocks(desk: Desk) -> None:
    number = open_ticket(desk)
    operation = verbs(desk).take([number]).operation_id
    picked = value(desk, number, "picked_at")
    desk.ledger.undo(operation)
    assert value(desk, number, "picked_at") is None
    desk.ledger.redo(operation)
    assert value(desk, number, "picked_at") == picked
    assert count(desk, "taken_back") == 1
    desk.ledger.undo(operation)
    assert value(desk, number, "picked_at") is None


def test_letters_that_an_undo_stopped_leave_after_a_redo(desk: Desk) -> None:
    number = open_ticket(desk)
    verbs(desk).reply([number], "Hello.")
    waiting = count(desk, "outbox", "state = 'queued'")
    desk.ledger.undo()
    assert count(desk, "outbox", "state = 'queued'") == waiting - 1
    desk.ledger.redo()
    assert count(desk, "outbox", "state = 'queued'") == waiting


def test_redo_without_an_undo_says_so(desk: Desk) -> None:
    operation = verbs(desk).take([open_ticket(desk)]).operation_id
    with pytest.raises(NotFoundError, match="nothing of yours to redo"):
        desk.ledger.redo()
    with pytest.raises(RefusedError, match="was not undone"):
        desk.ledger.redo(operation)


def _as(desk: Desk, login: str) -> Any:
    """Give the same desk as somebody else has it open."""
    from contextlib import closing

    from deskterm.storage.store import Store

    return closing(Desk(desk.settings, Store(desk.store.url), login))
