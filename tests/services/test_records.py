"""Records follow from one table: set, renamed, merged, removed, imported; each is undone."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import How
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError, UsageError
from deskterm.domain.record_table import RECORDS
from deskterm.domain.verbs import Cancel, Change, Watch
from deskterm.domain.visits import SetVisit
from tests.builders import count, open_ticket, value
from tests.verbs import verbs


def names(desk: Desk, kind: str) -> list[str]:
    """Give the names of a kind."""
    return [one["name"] for one in desk.records.list(kind)]


NEEDED: dict[str, dict[str, str]] = {
    "view": {"query": "is:open"},
    "rule": {"query": "wifi", "urgent": "yes"},
    "mailbox": {"kind": "pipe"},
    "absence": {"until": "3d"},
    "improvement": {"figure": "reopened"},
    "retention": {"after": "2y"},
}
NAMES = {
    "person": "first@example.org",
    "absence": "cy",
    "announcement": "The lift is out.",
    "competence": "cy printing",
}


@pytest.mark.parametrize("kind", [one for one in RECORDS if "add" in RECORDS[one].verbs])
def test_every_record_is_made_renamed_removed_and_each_is_undone(desk: Desk, kind: str) -> None:
    desk.admin.set_technician("cy", {})
    desk.admin.set_category("printing")
    before = names(desk, kind)
    name = NAMES.get(kind, "first")
    desk.records.add(kind, name, NEEDED.get(kind, {}))
    (made,) = set(names(desk, kind)) - set(before)
    renamed = "rename" in RECORDS[kind].verbs and kind not in (*NAMES, "technician")
    if renamed:
        desk.records.rename(kind, "first", "second")
        made = "second"
    assert made in names(desk, kind)
    desk.records.remove(kind, name if kind == "person" else made)
    assert names(desk, kind) == before
    desk.ledger.undo()
    assert made in names(desk, kind)
    if renamed:
        desk.ledger.undo()
        assert "first" in names(desk, kind)
    desk.ledger.undo()
    assert names(desk, kind) == before
    if kind != "announcement":
        desk.ledger.redo()
        assert len(names(desk, kind)) == len(before) + 1


MERGED = [
    one.kind
    for one in RECORDS.values()
    if "merge" in one.verbs and one.kind not in ("person", "absence", "technician", "announcement")
]
"""Those known by what they were called; the others have tests of their own."""


@pytest.mark.parametrize("kind", MERGED)
def test_two_of_every_record_become_one_and_it_is_undone(desk: Desk, kind: str) -> None:
    for name in ("first", "second"):
        desk.records.add(kind, name, NEEDED.get(kind, {}))
    before = desk.records.list(kind)
    desk.records.merge(kind, "first", "second", How(across=True))
    assert "first" not in names(desk, kind)
    assert "second" in names(desk, kind)
    desk.ledger.undo()
    assert [one["name"] for one in desk.records.list(kind)] == [one["name"] for one in before]


def test_another_login_has_all_that_was_the_technicians_and_it_is_undone(desk: Desk) -> None:
    number = open_ticket(desk)
    desk.admin.set_technician("bo", {"email": "bo@example.org"})
    desk.records.set("group", "field", {"members": "bo"})
    desk.admin.set_category("printing")
    desk.records.add("competence", "bo printing", {"level": "3"})
    verbs(desk).assign([number], "bo")
    verbs(desk).call_back([number], "tomorrow 10:00", owner="bo")
    desk.absences.add("3d", login="bo")
    desk.records.rename("technician", "bo", "bo.new")
    shown = desk.records.show("technician", "bo.new")
    assert (shown["email"], shown["active"]) == ("bo@example.org", True)
    assert desk.records.show("technician", "bo")["active"] is False
    assert value(desk, number, "assignee") == "bo.new"
    assert count(desk, "callback", "owner = 'bo.new'") == 1
    assert desk.records.show("group", "field")["members"] == ["bo.new"]
    assert [one["login"] for one in desk.records.list("absence")] == ["bo.new"]
    assert names(desk, "competence") == ["bo.new printing"]
    desk.ledger.undo()
    assert value(desk, number, "assignee") == "bo"
    assert count(desk, "callback", "owner = 'bo'") == 1
    assert "bo.new" not in names(desk, "technician")
    assert desk.records.show("technician", "bo")["active"] is True


def test_a_site_with_a_visit_goes_into_another_and_it_is_undone(desk: Desk) -> None:
    for name in ("Leeds", "Leeds, Main street"):
        desk.records.add("site", name, {})
    desk.records.set("person", "Ada Moss <ada@example.org>", {"site": "Leeds"})
    number = open_ticket(desk)
    desk.tickets.do([number], SetVisit(at="tomorrow 10:00"))
    desk.records.merge("site", "Leeds", "Leeds, Main street")
    assert count(desk, "visit v JOIN site s ON s.id = v.site_id", "s.name = 'Leeds'") == 0
    assert names(desk, "site") == ["Leeds, Main street"]
    desk.ledger.undo()
    assert count(desk, "visit v JOIN site s ON s.id = v.site_id", "s.name = 'Leeds'") == 1


def test_a_field_of_another_name_is_followed_by_values_choices_rules_and_queries(
    desk: Desk,
) -> None:
    desk.records.add("field", "os", {"choices": "Windows\nLinux"})
    desk.records.add("field", "version", {"choices": "11 if os=Windows\n6.1 if OS=Linux"})
    desk.records.add("view", "windows", {"query": "field.os:Windows or field.osx:1"})
    desk.records.add("rule", "mac", {"query": "field.os:Linux", "fields": "os=Linux"})
    number = open_ticket(desk, fields={"os": "Windows"})
    desk.records.rename("field", "os", "system")
    assert desk.tickets.show(number).fields == {"system": "Windows"}
    choices = desk.records.show("field", "version")["choices"]
    assert choices == ["11 if system=Windows", "6.1 if system=Linux"]
    query = "field.system:Windows or field.osx:1"
    assert desk.records.show("view", "windows")["query"] == query
    rule = desk.records.show("rule", "mac")
    assert (rule["query"], rule["fields"]) == ("field.system:Linux", {"system": "Linux"})
    desk.ledger.undo()
    assert desk.tickets.show(number).fields == {"os": "Windows"}
    assert desk.records.show("rule", "mac")["fields"] == {"os": "Linux"}


def test_a_ticket_that_has_both_fields_keeps_the_one_that_stays(desk: Desk) -> None:
    for name in ("os", "system"):
        desk.records.add("field", name, {"choices": f"Windows\n{name}"})
    both = open_ticket(desk, fields={"os": "os", "system": "system"})
    one = open_ticket(desk, fields={"os": "os"})
    desk.records.merge("field", "os", "system")
    assert desk.tickets.show(both).fields == {"system": "system"}
    assert desk.tickets.show(one).fields == {"system": "os"}
    assert desk.records.show("field", "system")["choices"] == ["Windows", "system", "os"]


def test_two_absences_of_one_technician_become_one_from_first_to_last(desk: Desk) -> None:
    desk.absences.add("3d", reason="ill")
    desk.records.add("absence", "cy", {"from": "2099-01-01", "until": "2099-01-05"})
    first, second = names(desk, "absence")
    begins = desk.records.show("absence", first)["from"]
    desk.records.merge("absence", first, second)
    (left,) = desk.records.list("absence")
    assert (left["name"], left["from"], left["reason"]) == (second, begins, "ill")
    assert left["until"].year == 2099
    desk.ledger.undo()
    assert names(desk, "absence") == [first, second]


def test_people_and_announcements_are_renamed_by_what_people_read(desk: Desk) -> None:
    open_ticket(desk)
    desk.records.rename("person", "ada@example.org", "Ada Lovelace")
    assert desk.records.show("person", "ada@example.org")["name"] == "Ada Lovelace"
    desk.records.add("announcement", "The lift is out.", {})
    (number,) = names(desk, "announcement")
    desk.records.rename("announcement", number, "The lift runs to floor 2.")
    assert desk.records.show("announcement", number)["text"] == "The lift runs to floor 2."


@pytest.mark.parametrize("kind", RECORDS)
def test_a_form_that_is_sent_back_unaltered_changes_nothing(desk: Desk, kind: str) -> None:
    desk.admin.set_technician("cy", {})
    desk.admin.set_category("printing")
    if kind == "absence":
        desk.absences.add("3d")
    elif "add" in RECORDS[kind].verbs:
        desk.records.add(kind, NAMES.get(kind, "first"), NEEDED.get(kind, {}))
    shown = desk.records.list(kind)[0]
    name = f"#{shown['id']}" if kind == "person" else shown["name"]
    sheet = desk.records.sheet(kind, name)
    aside = ("from", "until", "address_works")  # a moment is typed to the minute
    texts = {key: text for key, text in sheet.texts.items() if key not in aside}
    needless = ("option", "sets")
    values = {
        one.name: texts[one.name]
        for one in RECORDS[kind].fields
        if one.name in texts and (one.kind not in needless or texts[one.name])
    }
    desk.records.set(kind, name, values, version=sheet.version)
    after = desk.records.show(kind, name)
    ignored = ("version", "source")
    assert {k: v for k, v in after.items() if k not in ignored} == {
        k: v for k, v in shown.items() if k not in ignored
    }


def test_a_device_knows_its_owner_site_and_facts(desk: Desk) -> None:
    open_ticket(desk)
    desk.records.set("site", "Old town", {"address": "Main street 1"})
    desk.records.set(
        "device",
        "PC-9",
        {"model": "T14", "owner": "ada@example.org", "site": "old town", "facts": '{"ip": "10.1"}'},
    )
    shown = desk.records.show("device", "pc-9")
    assert (shown["owner"], shown["site"], shown["facts"]) == (
        "Ada Moss",
        "Old town",
        {"ip": "10.1"},
    )
    with pytest.raises(RefusedError, match="1 in device"):
        desk.records.remove("site", "Old town")


def test_what_does_not_fit_is_refused_with_what_would(desk: Desk) -> None:
    with pytest.raises(UsageError, match="has no 'colour'; it has kind, model"):
        desk.records.set("device", "PC-9", {"colour": "red"})
    with pytest.raises(UsageError, match="JSON object"):
        desk.records.set("device", "PC-9", {"facts": "[1]"})
    desk.records.set("service", "Printing", {})
    with pytest.raises(NotFoundError, match="did you mean 'printing'"):
        desk.records.show("service", "Printin")
    desk.records.set("service", "Mail", {})
    with pytest.raises(RefusedError, match="merge 'Mail' into it"):
        desk.records.rename("service", "Mail", "printing")


def test_a_merge_moves_whatever_names_it_and_is_undone(desk: Desk) -> None:
    desk.records.set("service", "Printing", {})
    desk.records.set("service", "Print", {})
    number = open_ticket(desk)
    desk.tickets.do([number], Change(service="Print"))
    desk.rules.add("toner", "toner", {"service": "Print"})
    old = value(desk, number, "service_id")
    done = desk.records.merge("service", "Print", "Printing")
    assert (done.tickets, done.of("rule")) == ((number,), (1,))
    assert value(desk, number, "service_id") != old
    assert desk.rules.all()[0].says == "service Printing"
    desk.ledger.undo()
    assert value(desk, number, "service_id") == old
    assert desk.rules.all()[0].says == "service Print"
    assert sorted(names(desk, "service")) == ["Print", "Printing"]


def test_a_merge_of_groups_takes_the_members_along(desk: Desk) -> None:
    desk.admin.set_group("old")
    desk.admin.set_group("new")
    desk.admin.set_member("old", "bo")
    desk.records.merge("group", "old", "new")
    members = {one.name: one.members for one in desk.admin.groups()}
    assert members["new"] == ("bo",)
    assert "old" not in members


def test_a_category_with_others_below_is_not_merged_away(desk: Desk) -> None:
    desk.admin.set_category("paper/forms")
    desk.admin.set_category("prints")
    with pytest.raises(RefusedError, match="lie below"):
        desk.records.merge("category", "paper", "prints")


def test_a_change_that_names_an_older_version_is_refused(desk: Desk) -> None:
    desk.records.set("site", "Old town", {})
    seen = desk.records.show("site", "Old town")["version"]
    desk.records.set("site", "Old town", {"address": "1"})
    with pytest.raises(ConflictError, match=f"version {seen} was seen, now it is {seen + 1}"):
        desk.records.set("site", "Old town", {"address": "2"}, version=seen)
    desk.records.set("site", "Old town", {"address": "2"}, version=seen + 1)


def test_a_dry_run_keeps_nothing(desk: Desk) -> None:
    desk.records.set("service", "Printing", {}, How(dry=True))
    assert desk.records.list("service") == []


def test_an_import_is_all_or_nothing_and_one_undo(desk: Desk) -> None:
    rows = [(2, {"name": "PC-1", "model": "T14"}), (3, {"name": "PC-2", "site": "nowhere"})]
    with pytest.raises(UsageError, match=r"f\.csv:3: there is no site 'nowhere'"):
        desk.records.load("device", rows, "f.csv")
    assert names(desk, "device") == []
    desk.records.load("device", rows[:1], "f.csv")
    assert names(desk, "device") == ["PC-1"]
    desk.ledger.undo()
    assert names(desk, "device") == []


def test_two_people_become_one_with_all_that_was_theirs_and_it_is_undone(desk: Desk) -> None:
    kept = open_ticket(desk, requester="Ada Moss <ada@example.org>")
    other = open_ticket(desk, requester="Ada <a.moss@example.org>")
    watched = open_ticket(desk, requester="bo@example.org")
    desk.tickets.do([watched], Watch(add=("a.moss@example.org",)))
    desk.people.set(
        "a.moss@example.org", {"phone": "214", "device": "PC-1", "notes": "left-handed"}
    )
    done = desk.records.merge("person", "a.moss@example.org", "ada@example.org")
    assert set(done.tickets) == {other, watched}
    ada = desk.people.show("a.moss@example.org")
    assert (ada.name, ada.phone, ada.notes) == ("Ada Moss", "214", "left-handed")
    assert ada.addresses == ("ada@example.org", "a.moss@example.org")
    assert [one.name for one in ada.devices] == ["PC-1"]
    assert value(desk, other, "requester_id") == value(desk, kept, "requester_id") == ada.id
    assert [one.id for one in desk.people.find("ada")] == [ada.id]
    desk.ledger.undo()
    assert desk.people.show("a.moss@example.org").name == "Ada"
    assert value(desk, other, "requester_id") != ada.id
    desk.ledger.redo()
    assert desk.people.show("a.moss@example.org").id == ada.id


def test_who_has_tickets_is_not_removed_but_told_what_to_do(desk: Desk) -> None:
    open_ticket(desk)
    with pytest.raises(RefusedError, match=r"1 in ticket.*merge them into somebody, or set active"):
        desk.records.remove("person", "ada@example.org")
    desk.people.set("bo@example.org", {})
    desk.records.remove("person", "bo@example.org")
    with pytest.raises(NotFoundError):
        desk.people.show("bo@example.org")
    desk.ledger.undo()
    assert desk.people.show("bo@example.org").addresses == ("bo@example.org",)


def test_an_error_knows_the_field_of_the_form_that_it_is_about(desk: Desk) -> None:
    desk.records.add("device", "PC-1", {})
    with pytest.raises(NotFoundError) as wrong:
        desk.records.set("device", "PC-1", {"model": "T14", "site": "nowhere"})
    assert wrong.value.field == "site"
    assert desk.records.show("device", "PC-1")["model"] == ""


def test_a_category_is_retired_while_closed_tickets_name_it(desk: Desk) -> None:
    desk.records.add("category", "paper/forms", {})
    number = open_ticket(desk, category="paper/forms")
    with pytest.raises(RefusedError, match="open tickets"):
        desk.records.remove("category", "paper/forms")
    desk.tickets.do([number], Cancel("not wanted"))
    with pytest.raises(RefusedError, match="lie below"):
        desk.records.remove("category", "paper")
    desk.records.remove("category", "paper/forms")
    assert desk.records.show("category", "paper/forms")["active"] is False


def test_a_rule_is_changed_field_by_field(desk: Desk) -> None:
    desk.records.add(
        "rule", "wifi", {"query": "wifi", "group": "desk", "fields": "os=Windows\nfloor=3"}
    )
    desk.records.set("rule", "wifi", {"urgent": "yes", "group": ""})
    (rule,) = desk.rules.all()
    assert rule.says == "field.floor 3, field.os Windows, urgent"
    with pytest.raises(UsageError, match="what shall it set"):
        desk.records.set("rule", "wifi", {"urgent": "no", "fields": ""})
