"""Exports of other help desks, read into the wide form: samples of our own, one of each kind."""

import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
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
from deskterm.services.importing.wide import Foreign, Someone

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


TICKET = {
    "id": 1, "subject": "Black screen", "description": "It is black", "status": "open",
    "requester_id": 10, "group_id": 7, "created_at": "2024-03-01T09:00:00Z",
}  # fmt: skip
PERSON = {"id": 10, "name": "Ada Moss", "email": "ada@x.test"}
PAGE = {
    "tickets": [TICKET], "users": [PERSON], "groups": [{"id": 7, "name": "Night"}],
    "comments": [{"id": 3, "ticket_id": 1, "author_id": 10, "body": "Still", "public": True,
                  "created_at": "2024-03-01T10:00:00Z"}],
    "next_page": None, "count": 1,
}  # fmt: skip


def _zipped(name: str, content: bytes) -> bytes:
    """Give an archive with a file, what a Mac adds, and a file that wants to lie outside."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr(f"export/{name}", content)
        packed.writestr(f"__MACOSX/export/._{name}", b"\0")
        packed.writestr("../outside.json", b"[]")
    return held.getvalue()


def _tarred(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w:gz") as bundle:
        about = tarfile.TarInfo(f"export/{name}")
        about.size = len(content)
        bundle.addfile(about, io.BytesIO(content))
    return held.getvalue()


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("tickets.json", lambda page: page),
        ("tickets.json", lambda page: b"\xef\xbb\xbf" + page),
        ("tickets.json", lambda page: page.decode().encode("utf-16")),
        ("tickets.json", lambda page: b"[" + page + b"]"),
        ("tickets.json", lambda page: page + b"\n" + json.dumps({"tickets": []}).encode()),
        ("tickets.json", lambda page: page + json.dumps({"tickets": []}).encode()),
        ("tickets.json", lambda page: b'{"data": {"list": ' + page + b"}}"),
        ("tickets.json.gz", gzip.compress),
        ("export.zip", lambda page: _zipped("tickets.json", page)),
        ("export.zip", lambda page: _zipped("inner.zip", _zipped("tickets.json", page))),
        ("export.tar.gz", lambda page: _tarred("tickets.json", page)),
    ],
)
def test_a_page_is_read_however_it_was_saved(
    tmp_path: Path, name: str, packed: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / name
    file.write_bytes(packed(json.dumps(PAGE, ensure_ascii=False).encode()))
    (found,), _ = arrive("zendesk", file)
    assert (found.subject, found.group, found.requester.addresses) == (
        "Black screen", "Night", ("ada@x.test",),
    )  # fmt: skip
    assert words(found) == [("Ada Moss", "Still", True)]
    assert not (tmp_path.parent / "outside.json").exists()


def test_an_archive_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "old.zip").write_bytes(b"PK\x03\x04 torn")
    (tmp_path / "old.json.gz").write_bytes(gzip.compress(b"[]")[:-9])
    for name in ("old.zip", "old.json.gz"):
        with pytest.raises(UsageError, match=r"cannot be (unpacked|read)"):
            arrive("zendesk", tmp_path / name)
    (tmp_path / "old.xlsx").write_bytes(b"PK")
    with pytest.raises(UsageError, match="save it as CSV"):
        arrive("zendesk", tmp_path / "old.xlsx")
    (tmp_path / "json.csv").write_text('[{"id": 1}]')
    with pytest.raises(UsageError, match=r"this is JSON; a table \(CSV\) is wanted"):
        arrive("glpi", tmp_path / "json.csv")


def test_lists_of_lists_and_values_one_after_the_other_are_pages(tmp_path: Path) -> None:
    issue = {"number": 3, "title": "Crash", "state": "open", "created_at": "2024-02-01T09:00:00Z",
             "url": "https://api.github.test/repos/a/b/issues/3", "user": None}  # fmt: skip
    said = {"id": 1, "issue_url": issue["url"], "user": {"login": "max"}, "body": "me too",
            "created_at": "2024-02-01T10:00:00Z"}  # fmt: skip
    (tmp_path / "issues.json").write_text(json.dumps([[issue], [issue | {"number": 4, "url": ""}]]))
    (tmp_path / "comments.json").write_text(json.dumps([said]) + json.dumps([said | {"id": 2}]))
    (first, second), _ = arrive("github", tmp_path)
    assert (first.requester.shown, len(words(first)), second.id) == ("", 2, "github:4")


def test_an_archive_of_a_repository_names_people_by_their_address(tmp_path: Path) -> None:
    at = "https://github.test/a/b/issues/3"
    issue = {"type": "issue", "url": at, "user": "https://github.test/ada", "title": "Crash",
             "labels": ["https://github.test/a/b/labels/a%20bug"],
             "created_at": "2024-02-01T09:00:00Z"}  # fmt: skip
    said = {"url": f"{at}#issuecomment-1", "issue": at, "user": "https://github.test/max",
            "body": "me too", "created_at": "2024-02-01T10:00:00Z"}  # fmt: skip
    person = {"url": "https://github.test/ada", "login": "ada", "name": "Ada Moss",
              "emails": [{"address": "ada@x.test"}]}  # fmt: skip
    for name, one in (("issues", issue), ("issue_comments", said), ("users", person)):
        (tmp_path / f"{name}_000001.json").write_text(json.dumps([one]))
    (found,), _ = arrive("github", tmp_path)
    assert (found.id, found.requester[:2]) == ("github:3", ("Ada Moss", ("ada@x.test",)))
    assert (found.fields["tags"], words(found)) == ("a bug", [("max", "me too", True)])


def test_zendesk_comments_of_audits_and_what_was_merged(tmp_path: Path) -> None:
    merged = TICKET | {"id": 2, "status": "closed", "tags": ["closed_by_merge"]}
    lines(tmp_path, "tickets.json", TICKET, merged)
    said = "This request was closed and merged into request #1."
    events = [{"type": "Comment", "body": said, "public": False}, {"type": "Change"}]
    audit = {"id": 9, "ticket_id": 2, "author_id": 10, "created_at": "2024-03-02", "events": events}
    (tmp_path / "audits-2.json").write_text(json.dumps({"audits": [audit]}))
    (_, found), _ = arrive("zendesk", tmp_path)
    assert words(found) == [("#10", said, False)]
    assert (found.duplicates, found.outcome) == (("zendesk:1",), Outcome.DUPLICATE)


def test_zendesk_csv_of_a_view(tmp_path: Path) -> None:
    (tmp_path / "view.csv").write_text(
        "\ufeffSubject,Id,Requester,Requester email,Assignee,Tags,Status,Priority,Created at,"
        "Solved at,Due date\nNo sound,4711,Ada,ada@x.test,-,a b,Solved,High,2024-03-01 09:00,"
        "2024-03-02 08:00,-\n"
    )
    (found,), _ = arrive("zendesk", tmp_path)
    assert (found.id, found.owner.shown, found.fields["tags"]) == ("zendesk:4711", "", "a, b")
    assert found.closed == from_text("2024-03-02T08:00:00Z")


def test_zammad_assets_and_plain_words_that_look_like_tags(tmp_path: Path) -> None:
    ticket = {"id": 5, "number": "31005", "title": "No sound", "state_id": 4, "customer_id": 4,
              "created_at": "2024-03-01T09:00:00Z"}  # fmt: skip
    article = {"id": 9, "ticket_id": 5, "content_type": "text/plain", "internal": True,
               "body": "See <stdin> & co", "created_at": "2024-03-01T10:00:00Z"}  # fmt: skip
    opens = article | {"id": 8, "body": "a < b", "internal": False, "created_at": "2024-03-01"}
    assets = {"Ticket": {"5": ticket}, "TicketArticle": {"9": article, "8": opens},
              "TicketState": {"4": {"id": 4, "name": "closed"}},
              "User": {"4": {"id": 4, "firstname": "Ada", "email": "ada@x.test"}}}  # fmt: skip
    (tmp_path / "tickets.json").write_text(json.dumps({"tickets": [5], "assets": assets}))
    (found,), _ = arrive("zammad", tmp_path)
    assert (found.status, found.requester.addresses) == ("closed", ("ada@x.test",))
    assert (found.body, [one.text for one in found.happened]) == ("a < b", ["See <stdin> & co"])


def test_jira_pages_name_their_fields_and_say_whose_comments_are_public(tmp_path: Path) -> None:
    told = {"author": {"displayName": "Max"}, "created": "2024-03-01T10:00:00.000+0100"}
    hidden = [{"key": "sd.public.comment", "value": {"internal": True}}]
    shown = [{"key": "sd.public.comment", "value": {"internal": False}}]
    fields = {
        "summary": "Hang", "created": "2024-03-01T09:00:00.000+0100", "reporter": None,
        "parent": {"key": "IT-0"}, "customfield_1": [{"displayName": "Bo"}],
        "status": {"name": "Done"},
        "resolution": {"name": "Fertig"},
        "comment": {"comments": [told | {"id": 1, "body": "a", "properties": hidden},
                                 told | {"id": 2, "body": "b", "properties": shown},
                                 told | {"id": 3, "body": "c"}]},
    }  # fmt: skip
    page = {"names": {"customfield_1": "Approvers"}, "issues": [{"key": "IT-1", "fields": fields}]}
    (tmp_path / "search.json").write_text(json.dumps([page, {"issues": []}]))
    (found,), source = arrive("jira", tmp_path)
    assert (found.fields["Approvers"], found.links) == ("Bo", (("related", "jira:IT-0"),))
    assert [one.public for one in found.happened] == [False, True, False]
    assert (found.outcome, len(source.guessed)) == (Outcome.SOLVED, 1)


def test_jira_csv_in_german_signs_comments_by_account(tmp_path: Path) -> None:
    account = "5b10a2844c20165700ede21f"
    (tmp_path / "Jira.csv").write_text(
        "Zusammenfassung;Vorgangsschlüssel;Status;Priorität;Lösung;Zugewiesene Person;"
        f"Person-ID;Autor;Erstellt;Erledigt;Kommentar\nDrucker;IT-7;Erledigt;Hoch;Fertig;Tess;{account};Ada;"
        f'01.Mär.24 9:00 AM;02.Mär.24 9:00 AM;"01.Mär.24 10:00 AM;{account};Hallo; du"\n'
    )
    (found,), _ = arrive("jira", tmp_path)
    assert (found.id, found.urgent, found.outcome) == ("jira:IT-7", True, Outcome.SOLVED)
    assert words(found) == [("Tess", "Hallo; du", False)]


def test_osticket_tables_of_merged_tickets_files_and_copies(tmp_path: Path) -> None:
    tables = {
        "ticket": "ticket_id;ticket_pid;number;user_id;topic_id;closed;created\n"
        "1;NULL;11;2;4;NULL;2024-03-01 09:00:00\n"
        "2;1;12;2;4;2024-03-02 09:00:00;2024-03-01 09:00:00\n",
        "thread": "id;object_id;object_type\n1;1;T\n2;2;T\n",
        "thread_entry": "id;thread_id;user_id;type;body;format;created\n"
        "1;1;2;M;<p>Hello</p>;html;2024-03-01 09:00:00\n"
        "2;1;0;N;see <x> & y;text;2024-03-01 10:00:00\n3;2;2;M;again;html;2024-03-01 09:00:00\n",
        "thread_collaborator": "id;thread_id;user_id\n1;1;3\n",
        "user": "id;org_id;name\n2;6;Ada\n3;0;Bo\n",
        "organization": "id;name\n6;Moss Ltd\n",
        "help_topic": "topic_id;topic_pid;topic\n4;3;Headset\n3;0;Audio\n",
        "attachment": "object_id;type;file_id;name\n1;H;8;NULL\n",
        "file": "id;name\n8;log.txt\n",
    }
    for name, text in tables.items():
        (tmp_path / f"ost_{name}.csv").write_text(text)
    (first, second), _ = arrive("osticket", tmp_path)
    assert (first.body, words(first)[0][1]) == ("Hello", "see <x> & y")
    assert (first.category, first.requester.organisation) == ("Audio/Headset", "Moss Ltd")
    assert ([one.shown for one in first.watchers], first.files[0].name) == (["Bo"], "log.txt")
    assert (second.duplicates, second.outcome) == (("osticket:11",), Outcome.DUPLICATE)


def test_freshdesk_solved_and_closed_are_two_times_and_a_title_is_a_persons(tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(
        "Ticket ID,Subject,Status,Created time,Resolved time,Closed time,Agent,Full name,Title\n"
        "1,Slow,Closed,2024-02-01 09:00:00,2024-02-02 09:00:00,2024-02-05 09:00:00,No Agent,Cy,Dr\n"
    )
    (found,), _ = arrive("freshdesk", tmp_path)
    assert (found.subject, found.owner.shown, found.fields["Job title"]) == ("Slow", "", "Dr")
    assert found.closed == from_text("2024-02-05T09:00:00Z")
    assert found.fields["solved"] == "2024-02-02 09:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "Nr.;Betreff;Beschreibung;Melder;E-Mail;Erstellt am;Erledigt am;Status;"
        "Priorität;Bearbeiter\n"
        "1;Ton;x;Ada;ada@x.test;01.03.2024 09:00;13.03.2024 10:00;erledigt;hoch;Tess\n",
        "Numéro;Objet;Description;Demandeur;Courriel;Date de création;Résolu le;Statut;Priorité;"
        "Technicien\n"
        "1;Ton;x;Ada;ada@x.test;01/03/2024 à 09:00;13/03/2024 10 h 00;Résolu;Élevée;Tess\n",
        "Número;Asunto;Descripción;Solicitante;Correo;Fecha de creación;Fecha de resolución;Estado;"
        "Prioridad;Asignado a\n"
        "1;Ton;<p>x</p>;Ada;ada@x.test;1 de marzo de 2024 9:00;"
        "13-mar-2024 10:00;Resuelto;Alta;Tess\n",
        "number\tshort_description\tdescription\tcaller_id\temail\topened_at\tresolved_at\tstate\t"
        "priority\tassigned_to\n1\tTon\tx\tAda\tada@x.test\t2024-03-01 09:00:00\t"
        "2024-03-13 10:00:00\tResolved\t1 - Critical\tTess\t\t\n",
    ],
)
def test_tables_of_any_desk_in_four_languages(tmp_path: Path, text: str) -> None:
    (tmp_path / "old.csv").write_bytes(text.encode("utf-16"))
    (found,), _ = arrive("csv", tmp_path)
    assert (found.id, found.subject, found.body, found.urgent) == ("csv:1", "Ton", "x", True)
    assert (found.requester[:2], found.owner.shown) == (("Ada", ("ada@x.test",)), "Tess")
    assert (to_text(found.opened)[:16], to_text(found.closed or found.opened)[:16]) == (
        "2024-03-01T09:00", "2024-03-13T10:00",
    )  # fmt: skip
    assert found.standing == (State.CLOSED, Outcome.SOLVED, None)


def test_comments_that_stand_in_one_cell_are_told_apart(tmp_path: Path) -> None:
    cell = (
        "2024-03-01 09:30:00 - Tess (Additional comments)\nHello\nthere\n\n"
        "2024-03-01 09:10:00 - Ada (Work notes)\nsecret"
    )
    (tmp_path / "old.csv").write_text(
        f'number,short_description,opened_at,comments\n1,Ton,2024-03-01,"{cell}"\n'
    )
    (found,), _ = arrive("csv", tmp_path)
    assert words(found) == [("Tess", "Hello\nthere", True), ("Ada", "secret", False)]


def test_json_of_any_desk_by_usual_names_and_without_a_time_of_opening(tmp_path: Path) -> None:
    said = {"text": "<p>Hi</p>", "at": 1709283600, "by": "Tess"}
    file = lines(
        tmp_path, "old.jsonl",
        {"number": 1, "subject": "T", "description": "<p>B<br>C</p>", "created_at": 1712010112345,
         "requester_email": "ada@x.test", "priority": "P1 - high"},
        {"id": 2, "title": "U", "requester": "Ada Moss (ada@x.test)", "entries": [said],
         "files": ["https://x.test/f/a%20b.png?x=1"]},
        {"id": 3, "title": "V", "opened": "2024-03-01 09:00 PST",
         "requester": "a@x.test; b@x.test"},
        {"id": 4, "title": "W", "opened": "2024-03-01", "requester": "Deleted user <>"},
    )  # fmt: skip
    (first, second, third, fourth), source = arrive("jsonl", file)
    assert (first.subject, first.body, first.urgent) == ("T", "B\nC", True)
    assert (first.opened.year, first.requester.addresses) == (2024, ("ada@x.test",))
    assert (second.opened, second.flags) == (
        from_text("2024-03-01T09:00:00Z"), ("without a time of opening",),
    )  # fmt: skip
    assert second.requester[:2] == ("Ada Moss", ("ada@x.test",))
    assert (second.files[0].name, second.happened[0].text) == ("a b.png", "Hi")
    assert to_text(third.opened)[:16] == "2024-03-01T17:00"
    assert [one.addresses for one in (third.requester, *third.watchers)] == [
        ("a@x.test",), ("b@x.test",),
    ]  # fmt: skip
    assert (fourth.requester, len(source.guessed)) == (Someone("Deleted user"), 1)
    file = lines(tmp_path, "old.jsonl", {"id": 5, "title": "X", "opened": "03/04/2024"})
    with pytest.raises(UsageError, match="'03/04/2024' is no time"):
        arrive("jsonl", file)


def test_znuny_article_tree_is_the_conversation(tmp_path: Path) -> None:
    tree = (
        "-->||customer||Ada <ada@x.test>||2024-03-01 09:00:00||<--------------\nIt is dark.\n"
        "-->||agent||Tess||2024-03-01 10:00:00||<--------------\nLook || at -->||agent||\n"
        "-->||customer||Ada <ada@x.test>||2024-03-01 11:00:00||<--------------\nBright!"
    )
    head = "Ticketnummer;Alter;Erstellt;Status;Besitzer;UserFirstname;Von;Betreff;ArticleTree"
    row = "2024030110000018;3 d;2024-03-01 09:00:00;erfolgreich geschlossen;tess;Tess;Ada;Dark"
    (tmp_path / "search.csv").write_text(f'{head}\n{row};"\n{tree}"\n')
    (found,), source = arrive("otrs", tmp_path)
    assert (found.body, found.owner.shown) == ("It is dark.", "tess")
    assert words(found) == [
        ("Tess", "Look || at -->||agent||", False),
        ("Ada", "Bright!", True),
    ]
    assert found.happened[0].at == from_text("2024-03-01T10:00:00Z")
    assert any("articles of agents are internal" in one for one in source.guessed)
    assert "UserFirstname" not in found.fields
    mapping = tmp_path / "map.toml"
    mapping.write_text('comments = "public"\n')
    (found,), _ = arrive("otrs", tmp_path / "search.csv", mapping)
    assert [public for _, _, public in words(found)] == [True, True]


def test_an_article_tree_without_heads_is_the_body(tmp_path: Path) -> None:
    file = tmp_path / "search.csv"
    file.write_text("Ticket#;Created;State;ArticleTree\n7;2024-03-01 09:00:00;open;No articles.\n")
    (found,), _ = arrive("otrs", file)
    assert (found.body, words(found)) == ("No articles.", [])


@pytest.mark.parametrize(
    ("word", "state", "outcome"),
    [
        ("fermée (résolue)", State.CLOSED, Outcome.SOLVED),
        ("cerrado exitosamente", State.CLOSED, Outcome.SOLVED),
        ("cerrado sin éxito", State.CLOSED, Outcome.UNSOLVED),
        ("zusammengefügt", State.CLOSED, Outcome.DUPLICATE),
        ("recordatorio pendiente", State.WAITING, None),
        ("entfernt", State.CANCELLED, None),
    ],
)
def test_znuny_translates_its_states(
    tmp_path: Path, word: str, state: State, outcome: Outcome | None
) -> None:
    file = tmp_path / "search.csv"
    file.write_text(f"Ticket#;Created;State;Subject\n7;2024-03-01 09:00:00;{word};T\n")
    (found,), _ = arrive("otrs", file)
    assert found.standing is not None
    assert found.standing[:2] == (state, outcome)


def test_zammad_numbers_states_and_says_that_it_was_guessed(tmp_path: Path) -> None:
    common = {"created_at": "2024-03-01T09:00:00Z", "customer_id": 4, "owner_id": 1}
    named = [(1, State.NEW), (2, State.OPEN), (4, State.CLOSED), (5, State.CLOSED)]
    file = lines(
        tmp_path,
        "tickets.jsonl",
        *(common | {"id": number, "number": str(number), "title": "T", "state_id": number,
                    "priority_id": 3} for number, _ in named),
    )  # fmt: skip
    found, source = arrive("zammad", file)
    assert [one.standing.state for one in found if one.standing] == [state for _, state in named]
    assert all(one.urgent for one in found)
    assert [one for one in source.guessed if "a new Zammad" in one]
    own = tmp_path / "ticket_states.json"
    own.write_text(json.dumps([{"id": 2, "name": "closed"}]))
    found, _ = arrive("zammad", tmp_path)
    assert found[1].standing is not None
    assert found[1].standing.state == State.CLOSED


def test_jira_trees_keep_lists_links_days_and_states(tmp_path: Path) -> None:
    def said(text: str, **more: Any) -> dict[str, Any]:
        return {"type": "text", "text": text} | more

    def block(kind: str, *content: Any, **attrs: Any) -> dict[str, Any]:
        return {"type": kind, "content": list(content), "attrs": attrs}

    link = [{"type": "link", "attrs": {"href": "https://x.test/a"}}]
    tree = block(
        "doc",
        block("paragraph", said("See "), said("this", marks=link), said(" by "),
              block("date", timestamp="1709251200000"), said(" "), block("status", text="LATE")),
        block("bulletList", block("listItem", block("paragraph", said("one"))),
              block("listItem", block("paragraph", said("two")))),
        block("orderedList", block("listItem", block("paragraph", said("three"))), order=3),
        block("taskList", block("taskItem", said("done"), state="DONE")),
        block("paragraph", block("emoji", shortName=":ok:"), {"type": "hardBreak"}, said("end")),
        block("blockCard", url="https://x.test/b"),
    )  # fmt: skip
    fields = {"summary": "Tree", "created": "2024-03-01T09:00:00.000+0100", "description": tree}
    (tmp_path / "a.json").write_text(json.dumps({"issues": [{"key": "IT-1", "fields": fields}]}))
    (found,), _ = arrive("jira", tmp_path)
    assert found.body.splitlines() == [
        "See this <https://x.test/a> by 2024-03-01 LATE",
        "- one", "- two", "3. three", "[x] done", ":ok:", "end", "https://x.test/b",
    ]  # fmt: skip
