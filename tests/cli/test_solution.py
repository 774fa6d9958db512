"""`deskterm solution …` and `triage suggest` as scripts rely on them, on both databases."""

import re
from pathlib import Path
from uuid import uuid4

import pytest

from tests.beside import hostile
from tests.cli.conftest import Cli, Ended


def resolved(cli: Cli, subject: str = "VPN has no route", fix: str = "New profile.") -> int:
    ended = cli("ticket", "new", "--from", "Ada Moss <ada@example.org>", "--subject", subject)
    number = int(ended.out)
    assert cli("ticket", "solve", number, "--resolution", fix).code == 0
    return number


def drafted(cli: Cli, **more: str) -> str:
    fields = {"title": "VPN has no route", "resolution": "New profile.", **more}
    options = [part for name, text in fields.items() for part in (f"--{name}", text)]
    ended = cli("solution", "new", "--anyway", *options)
    assert ended.code == 0, ended.err
    return f"S{ended.out.strip()}"


def test_the_way_from_a_ticket_to_the_site_and_the_next_ticket(cli: Cli, tmp_path: Path) -> None:
    number = resolved(cli)
    made = cli("solution", "new", "--ticket", number, "-o", "json").json
    assert (made["id"], made["confidence"], made["tickets"]) == (1, "draft", [number])
    assert cli("solution", "review", "S1", "--to", "validated").code == 0
    assert cli("solution", "publish", "S1", "--audience", "public").code == 0
    assert cli("solution", "site", tmp_path / "site").code == 0
    assert "VPN has no route" in (tmp_path / "site" / "index.html").read_text()
    opened = cli("ticket", "new", "--from", "bo@example.org", "--subject", "no route with VPN")
    found = cli("triage", "suggest", opened.out.strip(), "-o", "json").json
    assert found["solutions"][0]["id"] == 1
    assert "route" in found["solutions"][0]["reason"]
    assert found["tickets"][0]["id"] == number


def test_new_prints_the_number_and_show_the_whole(cli: Cli) -> None:
    name = drafted(cli, symptoms="Größe \x1b[31m", tip="Restart.")
    shown = cli("solution", "show", name)
    assert "S1 VPN has no route" in shown.out
    assert "\x1b" not in shown.out
    whole = cli("solution", "show", name, "--history", "-o", "json")
    assert whole.out.isascii()
    assert whole.json["symptoms"] == "Größe \x1b[31m"
    assert whole.json["history"][0]["event"] == "opened"


def test_list_and_search_choose_and_rank(cli: Cli) -> None:
    drafted(cli)
    drafted(cli, title="Printer jams", resolution="Open the flap.")
    cli("solution", "review", "S2")
    assert [row["id"] for row in cli("solution", "list", "-o", "json").json] == [1, 2]
    drafts = cli("solution", "list", "--confidence", "draft", "-o", "jsonl").out
    assert len(drafts.splitlines()) == 1
    assert cli("solution", "search", "printer", "-o", "json").json[0]["id"] == 2
    assert cli("solution", "search", "printer").out.split("\t")[0] == "2"


def test_an_edit_names_fields_and_keeps_history(cli: Cli) -> None:
    name = drafted(cli)
    edited = cli("solution", "edit", name, "--cause", "-", "-o", "json", stdin="The patch.\n")
    assert edited.json["changes"] == [{"field": "cause", "before": "", "after": "The patch."}]
    refused = cli("solution", "edit", name, "--cause", "x", "--if-version", "1")
    assert refused.code == 4
    assert "cause by cy" in refused.err
    nothing = cli("solution", "edit", name)
    assert nothing.code == 2
    assert cli("undo").code == 0
    assert cli("solution", "show", name, "-o", "json").json["cause"] == ""


def test_a_whole_solution_goes_out_and_in_as_one_text(cli: Cli, tmp_path: Path) -> None:
    name = drafted(cli, cause="one\n== Cause ==\ntwo")
    text = cli("solution", "show", name, "--sheet").out
    assert cli("solution", "edit", name, "--sheet", "-", stdin=text).err.count("nothing was") == 1
    file = tmp_path / "sheet.txt"
    file.write_text(text.replace("VPN has no route", "VPN: no route"))
    assert cli("solution", "edit", name, "--sheet", file).code == 0
    shown = cli("solution", "show", name, "-o", "json").json
    assert (shown["title"], shown["cause"]) == ("VPN: no route", "one\n== Cause ==\ntwo")


def test_a_leak_is_refused_unless_said_yes_to(cli: Cli) -> None:
    number = resolved(cli, fix="Ask ada@example.org, ping 10.0.0.7.")
    cli("solution", "new", "--ticket", number)
    assert cli("solution", "check", "S1").out.splitlines() == [
        "resolution\tmail address\tada@example.org",
        "resolution\tIP address\t10.0.0.7",
    ]
    refused = cli("solution", "publish", "S1", "--audience", "public")
    assert refused.code == 5
    assert "10.0.0.7" in refused.err
    assert cli("solution", "show", "S1", "-o", "json").json["audience"] is None
    done = cli("solution", "publish", "S1", "--audience", "public", "--yes")
    assert done.code == 0
    assert "in spite of" in done.err


def test_used_worked_and_failed_are_one_call_each(cli: Cli) -> None:
    name, number = drafted(cli), resolved(cli)
    other = resolved(cli)
    for verb, ticket in (("worked", number), ("failed", other)):
        assert cli("solution", verb, name, "--ticket", ticket).code == 0
    shown = cli("solution", "show", name, "-o", "json").json
    assert (shown["worked"], shown["failed"], shown["flagged"]) == (1, 1, True)
    assert shown["proof"] == "50 % of 2"
    flagged = cli("solution", "list", "--flagged", "-o", "json").json
    assert [row["id"] for row in flagged] == [1]
    entries = cli("ticket", "show", number, "-o", "json").json["timeline"]
    assert any("S1 VPN has no route: worked" in entry["text"] for entry in entries)


def test_several_are_done_and_the_refused_ones_named(cli: Cli) -> None:
    first, second = drafted(cli), drafted(cli)
    ended = cli("solution", "publish", first, "S9", second, "-o", "json")
    assert (ended.code, [one["id"] for one in ended.json]) == (1, [1, 2])
    assert "no solution S9" in ended.err
    assert cli("solution", "retire", first, "--reason", "old").code == 0
    assert cli("solution", "retire", first).code == 5


def test_a_dry_run_shows_every_field_and_stores_nothing(cli: Cli) -> None:
    name = drafted(cli)
    shown = cli("solution", "publish", name, "--dry-run")
    assert "audience" in shown.out
    assert cli("solution", "show", name, "-o", "json").json["version"] == 1


def test_many_come_from_json_lines_all_or_none(cli: Cli) -> None:
    lines = '{"title": "One", "tip": null}\n\n{"title": "Two", "category": "printing"}\n'
    assert cli("solution", "new", "--jsonl", "-", stdin=lines).out.split() == ["1", "2"]
    for bad, sentence in (
        ('{"title": "x"}\n{"titel": "y"}', "standard input:2: unknown key 'titel'"),
        ("[1]", "standard input:1: a JSON object is wanted"),
        ('{"title": " "}', "standard input:1: no title"),
        ("{", "standard input:1: no JSON"),
    ):
        ended = cli("solution", "new", "--jsonl", "-", stdin=bad)
        assert (ended.code, sentence in ended.err) == (2, True), ended.err
    assert len(cli("solution", "list", "-o", "json").json) == 2
    assert cli("undo").code == 0
    assert cli("solution", "list", "-o", "json").json == []


def test_the_starter_solutions_are_written_when_asked_for_and_once(cli: Cli) -> None:
    assert cli("solution", "list").out == ""
    first = cli("solution", "starter", "-o", "json")
    assert len(first.json) == 8
    assert {one["confidence"] for one in first.json} == {"draft"}
    again = cli("solution", "starter")
    assert (again.out, again.code) == ("", 0)
    rows = cli("solution", "list", "-o", "json").json
    assert all(row["category"] and row["tip"] and row["resolution"] for row in rows)
    assert all(cli("solution", "check", row["name"]).out == "" for row in rows)


def test_an_operation_id_makes_repeating_safe(cli: Cli) -> None:
    operation = str(uuid4())
    for _ in range(2):
        cli("solution", "new", "--title", "One", "--op", operation)
    assert len(cli("solution", "list", "-o", "json").json) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("show", "S9"), 3, "no solution S9"),
        (("show", "twelve"), 2, "write it like S12"),
        (("show", "１２"), 2, "write it like S12"),
        (("new",), 2, "Give --title"),
        (("new", "--title", " "), 2, "needs a title"),
        (("new", "--ticket", "99"), 3, "no ticket #99"),
        (("new", "--title", "x", "--review-by", "soon"), 2, "no date"),
        (("new", "--title", "x", "--category", "pritning"), 3, "did you mean 'printing'"),
        (("list", "--confidence", "good"), 2, "Use draft, not validated"),
        (("publish", "S1", "--audience", "all"), 2, "Use technicians, organisation"),
        (("edit", "S1", "--sheet", "/nowhere/x"), 2, "/nowhere/x"),
    ],
)
def test_each_mistake_has_its_sentence_and_code(
    cli_sqlite: Cli, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    ended = cli_sqlite("solution", *arguments)
    assert sentence in ended.err
    assert "Traceback" not in ended.err
    assert ended.code == code


def test_suggest_without_a_target_shows_what_nobody_has_taken(cli: Cli) -> None:
    drafted(cli)
    cli("ticket", "new", "--from", "ada@example.org", "--subject", "VPN: no route")
    lines = cli("triage", "suggest").out.splitlines()
    assert [line.startswith("1\tsolution\tS1\tVPN has no route\tsays ") for line in lines].count(
        True
    )
    everything = cli("triage", "suggest", "--query", "is:open", "-o", "json").json
    assert [one["id"] for one in everything] == [1]
    assert cli("triage", "suggest", 99).code == 3


HOSTILE = "=1+1 \x1b]52;c;eA==\x07<b>[red]\u202e\x00"


def test_hostile_text_acts_in_no_format(cli: Cli) -> None:
    values = dict.fromkeys(("title", "symptoms", "resolution", "cause", "tip"), HOSTILE)
    name = drafted(cli, **values)

    def safe(ended: Ended) -> bool:
        text = ended.out + ended.err
        return ended.code == 0 and not any(sign in text for sign in ("\x1b", "\x07", "\u202e"))

    for form in ("table", "csv", "json", "jsonl"):
        assert safe(cli("solution", "list", "-o", form))
        assert safe(cli("solution", "show", name, "--history", "-o", form))
    assert safe(cli("solution", "review", name, "-o", "table"))
    cells = cli("solution", "list", "-o", "csv").out.splitlines()[1].split(",")
    assert "'=1+1" in cells[5]


def test_every_hostile_case_is_talk_and_data_only(cli_sqlite: Cli) -> None:
    cli, control = cli_sqlite, re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
    cases = hostile()
    for case in cases:
        text = f"x {case['payload']}"
        drafted(cli, title=f"{case['id']} {text}"[:150], symptoms=text, cause=text)
    for form in ("table", "tsv", "csv", "jsonl"):
        ended = cli("solution", "list", "-o", form)
        assert ended.code == 0
        assert not control.search(ended.out)
    for number in range(1, len(cases) + 1):
        shown = cli("solution", "show", number, "--history")
        assert shown.code == 0, shown.err
        assert not control.search(shown.out + shown.err)
