"""A name that is a slip of another makes no second thing: it is that one, or refused in words."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.verbs import Cancel, Change, Mark, Note, Reply, Solve, Verify
from tests.builders import count, open_ticket


def test_a_declared_field_cannot_be_stepped_around(desk: Desk) -> None:
    desk.admin.set_field("os", choices=["Windows", "macOS"])
    number = open_ticket(desk, fields={"OS": "macos"})
    assert desk.tickets.show(number).fields == {"os": "macOS"}
    with pytest.raises(RefusedError, match="choose Windows, macOS"):
        desk.tickets.do([number], Change(fields={"Os": "BeOS"}))
    with pytest.raises(UsageError, match="there is no field 'oss'; do you mean os"):
        desk.tickets.do([number], Change(fields={"oss": "Windows"}))
    done = desk.tickets.do([number], Change(fields={"host": "srv7"}))
    assert any("No field 'host' is declared" in note for note in done.notes)


def test_a_step_is_by_a_technician_who_is_known(desk: Desk) -> None:
    number = open_ticket(desk)
    with pytest.raises(NotFoundError, match="nobodyxyz"):
        desk.tickets.do([number], Mark("classify", by="nobodyxyz"))
    desk.tickets.do([number], Mark("classify", by="CY"))
    assert desk.tickets.show(number).steps[1].actor == "cy"


def test_an_approver_who_is_a_technician_is_that_person(desk: Desk) -> None:
    number = open_ticket(desk)
    people = count(desk, "person")
    with pytest.raises(UsageError, match="cy is a technician without an address"):
        desk.tickets.do([number], Change(needs="approval", approver="cy"))
    with desk.store.reading() as database:
        database.run("UPDATE technician SET email = 'cy@desk.example.org', name = 'Cy Lee'")
    desk.tickets.do([number], Change(needs="approval", approver="cy"))
    assert desk.tickets.show(number).approver == "Cy Lee"
    assert count(desk, "person") == people + 1


def test_a_field_as_short_as_os_has_near_misses_too(desk: Desk) -> None:
    desk.admin.set_field("os", choices=["Windows"])
    number = open_ticket(desk)
    with pytest.raises(UsageError, match="there is no field 'o5'; do you mean os"):
        desk.tickets.do([number], Change(fields={"o5": "x"}))
    desk.tickets.do([number], Change(fields={"ｏｓ": "ＷＩＮＤＯＷＳ"}))
    assert desk.tickets.show(number).fields == {"os": "Windows"}


@pytest.mark.parametrize("typed", ["BÜRO", "bu\u0308ro", "ｂüro", "bü\u200bro", " büro "])
def test_a_name_is_one_however_its_letters_are_written(desk: Desk, typed: str) -> None:
    for kind in ("category", "group", "service", "organisation", "site", "device"):
        desk.records.add(kind, "büro", {})
        with pytest.raises(RefusedError, match="already"):
            desk.records.add(kind, typed, {})
    number = open_ticket(desk)
    desk.tickets.do([number], Change(category=typed, service=typed, group=typed))
    asked = f'category:"{typed}" group:"{typed}" service:"{typed}"'
    assert list(desk.board.ids(asked)) == [number]


def test_a_category_stands_below_the_one_there_is(desk: Desk) -> None:
    desk.records.set("category", "network", {})
    desk.records.set("category", "NETWORK/Kiosk", {})
    paths = [row["name"] for row in desk.records.list("category")]
    assert "network/Kiosk" in paths
    assert not [path for path in paths if path.startswith("NETWORK")]


def test_a_view_of_a_name_in_other_capitals_is_that_view(desk: Desk) -> None:
    desk.records.set("view", "calls", {"query": "is:open channel:phone"})
    desk.records.set("view", "Calls", {"query": "is:any"})
    (view,) = [one for one in desk.records.list("view") if one["name"].lower() == "calls"]
    assert (view["name"], view["query"]) == ("calls", "is:any")


def test_an_organisation_a_letter_off_is_asked_about_and_a_new_one_is_said(desk: Desk) -> None:
    desk.records.set("person", "ada@example.org", {})
    done = desk.records.set("person", "ada@example.org", {"organisation": "Acme", "device": "LT-1"})
    (said,) = [note for note in done.notes if note.startswith("Made,")]
    assert said.endswith("organisation Acme, device LT-1.")
    with pytest.raises(UsageError, match=r"do you mean 'Acme'.*deskterm org add Acmee"):
        desk.records.set("person", "ada@example.org", {"organisation": "Acmee"})
    desk.records.load("person", [(2, {"email": "b@example.org", "organisation": "Acmee"})], "file")
    assert {row["name"] for row in desk.records.list("organisation")} == {"Acme", "Acmee"}


@pytest.mark.parametrize("kind", ["category", "group", "service", "organisation", "site", "device"])
@pytest.mark.parametrize("name", ["\u200b", "\u3164", "\u2800\u00ad", "\ufe0f"])
def test_a_name_of_nothing_visible_is_none(desk: Desk, kind: str, name: str) -> None:
    with pytest.raises(UsageError, match="name has"):
        desk.records.add(kind, name, {})


@pytest.mark.parametrize("words", ["\u200b", " \u3164 ", "\u2800", "\u034f\ufe0f"])
def test_words_of_nothing_visible_are_none(desk: Desk, words: str) -> None:
    number = open_ticket(desk)
    for asked in (
        Note(words),
        Reply(words),
        Solve(words),
        Cancel(words),
        Change(subject=words),
        Mark("greet", status="skipped", reason=words),
    ):
        with pytest.raises(UsageError):
            desk.tickets.do([number], asked)
    assert Verify("customer", "waived", words).check()
    with pytest.raises(UsageError):
        desk.problems.new({"title": words})
    with pytest.raises(UsageError):
        desk.announcements.new(words)
    assert desk.tickets.show(open_ticket(desk, words, body="told all the same")).subject == (
        "told all the same"
    )


def test_somebody_is_found_as_people_write_them_and_no_sign_is_a_name(desk: Desk) -> None:
    given = {"name": "Mia O'Neil", "phone": "+44 20 1234 214"}
    desk.records.set("person", "mia@example.org", given)
    for typed in (
        "O'Neil, Mia",
        "o’neil",
        "020 1234 214",
        "0044 20 1234-214",
        "\u202emia o'neil",
        "ＭＩＡ",
    ):
        number = open_ticket(desk, requester=typed)
        shown = desk.tickets.show(number).requester
        assert shown is not None
        assert shown.name == "Mia O'Neil", typed
    people = count(desk, "person")
    for typed in ("%", "_", "\u200b", "--"):
        with pytest.raises(UsageError):
            open_ticket(desk, requester=typed)
    assert count(desk, "person") == people


def test_a_query_finds_whoever_is_written_in_other_letters(desk: Desk) -> None:
    desk.records.set("person", "j@example.org", {"name": "Jörg Weiß"})
    number = open_ticket(desk, requester="j@example.org")
    for typed in ("jorg", "WEISS", "JÖRG", "jo\u0308rg"):
        assert list(desk.board.ids(f"from:{typed}")) == [number], typed
