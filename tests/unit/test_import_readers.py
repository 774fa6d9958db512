"""Exports of other help desks, read into the wide form: samples of our own, one of each kind."""

import json
import random
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from deskterm.domain.clock import from_text, to_text
from deskterm.domain.errors import DeskError, UsageError
from deskterm.domain.old_desks import OLD_DESKS
from deskterm.domain.vocabulary import Outcome, State, WaitingFor
from deskterm.services.importing.foreign import foreign
from deskterm.services.importing.mapping import NOTHING, read_mapping
from deskterm.services.importing.readers import DESKS, open_desk
from deskterm.services.importing.readers.source import Source
from deskterm.services.importing.wide import Foreign

SAMPLES = Path(__file__).parent.parent / "foreign"


def arrive(name: str, path: Path, mapping: Path | None = None) -> tuple[list[Foreign], Source]:
    """Read an export into the wide form; nothing in it may be wrong."""
    source = open_desk(name, path, read_mapping(mapping) if mapping else NOTHING)
    reading = source.reading._replace(prefix=name)
    found = []
    with closing(source):
        for one in source.records():
            assert not isinstance(one, DeskError), str(one)
            found.append(foreign(one.record, one.where, reading))
    return found, source


def lines(folder: Path, name: str, *records: dict[str, Any]) -> Path:
    """Write JSON lines."""
    file = folder / name
    file.write_text("".join(json.dumps(one) + "\n" for one in records))
    return file


def words(ticket: Foreign) -> list[tuple[str, str, bool]]:
    """Give (author, text, public) of what was said."""
    return [(one.by, one.text, one.public) for one in ticket.happened]


def test_zendesk_lines_with_comments_inside() -> None:
    (found,), source = arrive("zendesk", SAMPLES / "zendesk")
    assert (found.id, found.subject, found.urgent) == ("zendesk:12", "Frozen", True)
    assert found.requester.addresses == ("ada@moss.example",)
    assert (found.requester.organisation, found.requester.phone) == ("Moss Ltd", "+49 30 1")
    assert found.standing is not None
    assert found.standing[:3:2] == (State.WAITING, WaitingFor.OTHER)
    assert (found.group, found.owner.name, found.channel) == ("Night shift", "Max", "email")
    assert words(found) == [("Max", "Look at the cable.", False)]
    assert [one.name for one in found.files] == ["shot.png"]
    assert found.fields["Floor"] == "B12"
    assert found.fields["tags"] == "vip, lab"
    assert found.links == (("related", "zendesk:11"),)
    assert source.left_out == {"brand_id": 1}


def test_zendesk_comments_in_files_beside_find_their_ticket() -> None:
    found, source = arrive("zendesk", SAMPLES / "zendesk-beside")
    assert [[text for _, text, _ in words(one)] for one in found] == [["one"], ["more", "two"]]
    assert {one.standing for one in found} == {(State.CLOSED, Outcome.SOLVED, None)}
    assert source.left_out == {"comments of tickets that are not there": 1}


def test_freshdesk_json_with_conversations() -> None:
    (found, spam), source = arrive("freshdesk", SAMPLES / "freshdesk")
    assert found.body.split() == ["no", "way"]
    assert (found.urgent, found.channel, found.fields["site"]) == (True, "phone", "North")
    assert found.closed == from_text("2024-01-02T12:00:00Z")
    assert (found.owner.name, found.requester.organisation) == ("Tess", "Kilo")
    assert words(found) == [("Tess", "call him", False)]
    assert spam.standing == (State.CLOSED, Outcome.SPAM, None)
    assert source.left_out == {"due_by": 1}


def test_freshdesk_csv_by_its_usual_heads() -> None:
    (found,), _ = arrive("freshdesk", SAMPLES / "freshdesk-csv" / "tickets.csv")
    assert found.requester[:2] == ("Cy Ode", ("cy@o.example",))
    assert (found.group, found.owner.name, found.fields["tags"]) == ("Desk", "Tess", "a, b")
    assert (found.status, found.urgent, found.channel) == ("Closed", True, "phone")


def test_jira_csv_with_repeated_columns() -> None:
    (found,), source = arrive("jira", SAMPLES / "jira-csv" / "jira.csv")
    assert (found.id, found.urgent, found.category) == ("jira:IT-7", True, "Hardware")
    assert found.closed == from_text("2024-03-13T14:30:00Z")
    assert found.duplicates == ("jira:IT-3",)
    assert words(found) == [("max", "A; B", False), ("", "no form at all", False)]
    assert found.happened[0].at == from_text("2024-03-02T08:15:00Z")
    assert found.fields["tags"] == "scan, floor4"
    assert found.fields["Custom field (Floor)"] == "4"
    assert [(one.name, one.address) for one in found.files] == [("a.log", "https://j.example/1")]
    assert source.left_out == {"column Issue id": 1}


def test_jira_json_with_words_as_a_tree() -> None:
    (found,), source = arrive("jira", SAMPLES / "jira" / "search.json")
    assert found.body == "It hangs\noften"
    assert (to_text(found.opened)[:16], found.duplicates) == ("2024-03-01T08:00", ("jira:IT-2",))
    assert (words(found), found.fields["customfield_1"]) == ([("Max", "seen", True)], "North")
    assert source.left_out == {"votes": 1}


def test_osticket_tables() -> None:
    (first, second), source = arrive("osticket", SAMPLES / "osticket")
    assert (first.id, first.subject, first.body) == ("osticket:884411", "No mail", "mail is gone")
    assert (first.urgent, first.category, first.group, first.channel) == (
        True,
        "Mail",
        "Support",
        "email",
    )
    assert words(first) == [("Tess Oak", "quota?", False), ("Tess Oak", "fixed", True)]
    assert (first.requester.addresses, first.fields["room"]) == (("ada@moss.example",), "B12")
    assert (first.standing, first.closed) == (
        (State.CLOSED, None, None),
        from_text("2024-05-02T10:00:00Z"),
    )
    assert (second.standing, second.closed, second.owner.shown) == (
        (State.OPEN, None, None),
        None,
        "",
    )
    assert source.left_out == {
        "table session": 1,
        "thread entries of no ticket": 1,
        "ip_address": 1,
    }


def test_osticket_csv_of_its_list() -> None:
    (first, second), _ = arrive("osticket", SAMPLES / "osticket-csv" / "tickets.csv")
    assert (to_text(first.opened)[:16], to_text(second.opened)[:16]) == (
        "2024-05-13T09:05",
        "2024-02-03T09:05",
    )
    assert (first.requester[:2], first.urgent) == (("Bo", ("bo@k.example",)), True)
    assert first.standing == (State.CLOSED, Outcome.SOLVED, None)


def test_zammad_with_names_and_articles() -> None:
    (found,), source = arrive("zammad", SAMPLES / "zammad")
    assert (found.id, found.body, found.urgent) == ("zammad:63002", "Screen\nblack", True)
    assert (found.requester.name, found.owner.shown, found.group) == ("Ada Moss", "", "Users")
    assert words(found) == [("Tess Oak", "a < b\nc", False)]
    assert found.files[0].read is not None
    assert found.files[0].read() == b"proof"
    assert (found.fields["site"], source.left_out) == ("North", {"article_count": 1})


def test_glpi_csv_in_french() -> None:
    (found,), source = arrive("glpi", SAMPLES / "glpi" / "glpi.csv")
    assert (found.id, found.subject, found.urgent) == ("glpi:1204", "Écran noir", True)
    assert (found.category, found.requester[0]) == ("Matériel/Écran", "Moss Ada")
    assert found.requester.organisation == "Nord"
    assert (found.standing, found.closed) == (
        (State.CLOSED, Outcome.SOLVED, None),
        from_text("2024-03-02T10:00:00Z"),
    )
    assert any("cp1252" in one for one in source.guessed)


def test_rt_table_with_tabs() -> None:
    (first, second), _ = arrive("rt", SAMPLES / "rt-tsv" / "results.tsv")
    assert (first.id, first.urgent, first.owner.shown) == ("rt:5", True, "")
    assert [one.addresses[0] for one in (first.requester, *first.watchers)] == [
        "ada@m.example",
        "bo@k.example",
    ]
    assert (first.closed, first.fields["CF.{Room}"]) == (from_text("2024-03-02T09:00:00Z"), "B12")
    assert (second.standing, second.closed) == ((State.WAITING, None, WaitingFor.OTHER), None)


def test_rt_json_of_rest2() -> None:
    (found,), source = arrive("rt", SAMPLES / "rt")
    assert (found.body, found.group, found.owner.name) == ("It hangs", "Network", "tess")
    assert [(one.kind, one.text, one.public) for one in found.happened] == [
        ("comment", "cable?", False), ("comment", "done", True), ("close", "", True)]  # fmt: skip
    assert found.fields["Room"] == "B12"
    assert source.left_out == {"transactions: EmailRecord": 1, "TimeWorked": 1}


def test_github_issues_and_no_pull_requests() -> None:
    (found,), source = arrive("github", SAMPLES / "github")
    assert (found.id, found.requester.name, found.fields["milestone"]) == ("github:3", "ada", "2.0")
    assert (words(found), found.fields["tags"]) == ([("max", "me too", True)], "bug")
    assert found.standing == (State.CLOSED, Outcome.UNSOLVED, None)
    assert source.left_out["pull requests"] == 1


def test_otrs_csv_with_a_line_for_excel() -> None:
    (first, second), _ = arrive("otrs", SAMPLES / "otrs" / "otrs.csv")
    assert (first.id, first.urgent, first.group) == ("otrs:2024030110000018", True, "Desk/Level 1")
    assert (first.requester[:2], first.requester.organisation) == (
        ("Ada Moss", ("ada@m.example",)),
        "Moss",
    )
    assert (first.category, first.standing) == (
        "Screens/Office",
        (State.CLOSED, Outcome.SOLVED, None),
    )
    assert (second.owner.shown, second.urgent, second.closed) == ("", False, None)
    assert second.standing == (State.WAITING, None, WaitingFor.OTHER)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("zendesk", "no file of tickets"),
        ("freshdesk", "no file of tickets"),
        ("zammad", "no file of tickets"),
        ("rt", "no file of tickets"),
        ("jira", "no JSON of issues"),
        ("github", "no JSON of issues"),
        ("osticket", "table of tickets"),
        ("otterdesk", "known: zendesk, freshdesk"),
    ],
)
def test_a_folder_that_is_no_export_says_what_is_wanted(
    tmp_path: Path, name: str, sentence: str
) -> None:
    with pytest.raises(UsageError, match=sentence):
        open_desk(name, tmp_path, NOTHING)


def test_a_path_out_of_the_folder_is_no_file(tmp_path: Path) -> None:
    inside = tmp_path / "export"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "link.txt").symlink_to(tmp_path / "secret.txt")
    told = [{"path": "../secret.txt"}, {"path": str(tmp_path / "secret.txt")}, {"path": "link.txt"}]
    file = lines(inside, "t.jsonl", {"id": 1, "title": "x", "opened": "2024-01-01", "files": told})
    (found,), _ = arrive("jsonl", file)
    assert [one.read for one in found.files] == [None, None, None]


def test_every_desk_that_is_read_has_its_numbers_found() -> None:
    assert set(DESKS) == set(OLD_DESKS)


JUNK: tuple[Any, ...] = (None, 3, -1.5, True, "x", "\x1b[2J", [], {}, [1], [None], {"a": [1]})


def _mutated(value: Any, chance: random.Random) -> Any:
    """Give a JSON value with something in it that no desk would write there."""
    if chance.random() < 0.06:
        return chance.choice(JUNK)
    if isinstance(value, dict):
        return {name: _mutated(one, chance) for name, one in value.items()}
    if isinstance(value, list):
        return [_mutated(one, chance) for one in value]
    return value


def _read(file: Path) -> list[Any]:
    try:
        return [json.loads(file.read_text())]
    except ValueError:
        return [json.loads(one) for one in file.read_text().splitlines()]


def _said(name: str, folder: Path) -> list[str]:
    """Give what is wrong with an export, in sentences."""
    said: list[str] = []
    try:
        source = open_desk(name, folder, NOTHING)
    except DeskError as error:
        return [str(error)]
    with closing(source):
        records = source.records()
        while True:
            try:
                one = next(records)
                if isinstance(one, DeskError):
                    raise one
                foreign(one.record, one.where, source.reading)
            except StopIteration:
                return said
            except DeskError as error:
                said.append(str(error))


@pytest.mark.parametrize("name", ["zendesk", "freshdesk", "jira", "zammad", "rt", "github"])
def test_whatever_an_export_holds_is_a_ticket_or_a_sentence(tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    for _ in range(60):
        for file in (SAMPLES / name).glob("*.json*"):
            lines(tmp_path, file.name, *(_mutated(one, chance) for one in _read(file)))
        assert not any("\n" in one for one in _said(name, tmp_path))


def test_a_folder_that_holds_one_table_is_read_and_one_of_several_is_asked_for(
    tmp_path: Path,
) -> None:
    head = "Ticket#;Number;Titel;Status;Erstellt;Besitzer;Kundenbenutzer"
    row = "2024030110000013;1;Störung;erfolgreich geschlossen;2024-03-01 09:00:00;max;ada@x.test"
    (tmp_path / "otrs.csv").write_bytes(f"{head}\r\n{row}\r\n".encode("utf-16"))
    (found,), _ = arrive("otrs", tmp_path)
    assert (found.id, found.subject, found.owner.name) == (
        "otrs:2024030110000013", "Störung", "max",
    )  # fmt: skip
    assert found.requester.addresses == ("ada@x.test",)
    assert found.standing is not None
    assert found.standing[:2] == (State.CLOSED, Outcome.SOLVED)
    (tmp_path / "more.csv").write_text("a\n")
    with pytest.raises(UsageError, match="is a folder; give the one file of tickets"):
        arrive("otrs", tmp_path)


def test_zendesk_comments_newest_first_and_an_export_without_its_users(tmp_path: Path) -> None:
    comments = [
        {"id": 2, "author_id": 8, "body": "Done.", "public": False, "created_at": "2024-03-02"},
        {"id": 1, "author_id": 9, "body": "It froze", "created_at": "2024-03-01"},
    ]
    came = {"channel": "email", "source": {"from": {"name": "Ada", "address": "ada@x.test"}}}
    file = lines(
        tmp_path, "tickets.jsonl",
        {"id": 4, "subject": None, "raw_subject": "Frozen", "description": "It froze",
         "status": "open", "requester_id": 9, "via": came, "comments": comments,
         "created_at": "2024-03-01T09:00:00+02:00", "updated_at": None, "tags": None},
    )  # fmt: skip
    (found,), _ = arrive("zendesk", file)
    assert (found.subject, found.body, words(found)) == (
        "Frozen", "It froze", [("#8", "Done.", False)],
    )  # fmt: skip
    assert found.requester.addresses == ("ada@x.test",)
