"""`deskterm ticket …` as scripts rely on it, on both databases."""

from pathlib import Path
from uuid import uuid4

import pytest

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.cli.conftest import Cli


def opened(cli: Cli, *more: str) -> int:
    ended = cli("ticket", "new", "--from", "ada@example.org", "--subject", "No sound", *more)
    assert ended.code == 0, ended.err
    return int(ended.out)


def test_new_prints_the_number_and_the_letter_is_talk(cli: Cli) -> None:
    ended = cli("ticket", "new", "--from", "ada@example.org", "--subject", "No sound")
    assert (ended.code, ended.out) == (0, "1\n")


def test_one_id_gives_an_object_and_several_an_array(cli: Cli) -> None:
    a, b = opened(cli), opened(cli)
    one = cli("ticket", "take", a, "-o", "json").json
    assert (one["id"], one["state"]) == (a, "open")
    many = cli("ticket", "take", a, b, "-o", "json").json
    assert [record["id"] for record in many] == [a, b]


def test_json_times_are_utc_and_text_is_exact_ascii(cli: Cli) -> None:
    opened(cli, "--body", "Größe \x1b[31m")
    ended = cli("ticket", "show", 1, "-o", "json")
    assert ended.out.isascii()
    assert ended.json["opened_at"].endswith("Z")
    assert ended.json["body"] == "Größe \x1b[31m"


def test_list_without_a_query_is_what_is_open(cli: Cli) -> None:
    a, b = opened(cli), opened(cli, "--urgent")
    cli("ticket", "cancel", a, "--reason", "x")
    assert [row["id"] for row in cli("ticket", "list", "-o", "json").json] == [b]
    assert len(cli("ticket", "list", "is:any", "-o", "json").json) == 2


def test_many_from_json_lines_and_bulk_by_standard_input(cli: Cli) -> None:
    lines = "\n".join(f'{{"from": "p{n}@example.org", "subject": "VPN {n}"}}' for n in range(30))
    numbers = cli("ticket", "new", "--jsonl", "-", stdin=lines).out
    assert len(numbers.split()) == 30
    refused = cli("ticket", "take", "-", stdin=numbers)
    assert refused.code == 5
    assert "--yes" in refused.err
    assert cli("ticket", "take", "-", "--yes", stdin=numbers).code == 0
    assert len(cli("ticket", "list", "assignee:cy", "-o", "jsonl").out.splitlines()) == 30
    assert cli("undo").code == 0
    assert cli("ticket", "list", "assignee:cy", "-o", "json").json == []


def test_a_byte_order_mark_before_json_lines_is_no_word(cli: Cli) -> None:
    line = '\ufeff{"from": "a@example.org", "subject": "one"}\r\n'
    assert cli("ticket", "new", "--jsonl", "-", stdin=line).out == "1\n"


def test_a_dry_undo_says_what_would_be_taken_back(cli: Cli) -> None:
    cli("ticket", "take", str(opened(cli)))
    said = cli("undo", "--dry-run").err
    assert "Would be taken back: take #1." in said
    assert "Taken back" not in said


def test_a_bad_line_opens_nothing(cli: Cli) -> None:
    ended = cli("ticket", "new", "--jsonl", "-", stdin='{"from": "a@b.c", "subject": "x"}\n{oops\n')
    assert ended.code == 2
    assert "standard input:2" in ended.err
    assert cli("ticket", "list", "-o", "json").json == []


def test_some_failed_is_one_and_each_is_named(cli: Cli) -> None:
    a = opened(cli)
    ended = cli("ticket", "take", a, 99)
    assert ended.code == 1
    assert "#99" in ended.err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("ticket", "show", "99"), 3),
        (("ticket", "show", "abc"), 2),
        (("ticket", "take", "99"), 3),
        (("ticket", "close", "1", "--as", "solved"), 5),
        (("ticket", "close", "1", "--as", "fun"), 2),
        (("ticket", "verify", "1", "--by", "craft", "--result", "ok"), 5),
        (("ticket", "assign", "1", "--to", "nobody-here"), 3),
        (("ticket", "set", "1", "--category", "nope"), 3),
        (("ticket", "set", "1"), 2),
        (("ticket", "set", "1", "--urgent", "--if-version", "77"), 4),
        (("ticket", "list", "colour:red"), 2),
        (("ticket", "list", "-o", "xml"), 2),
        (("ticket", "take", "1", "--op", "mine"), 2),
        (("ticket", "wait", "1", "--for", "customer", "--until", "someday"), 2),
        (("ticket", "step", "1", "dance"), 2),
        (
            (
                "ticket",
                "frobnicate",
            ),
            2,
        ),
        (("frobnicate",), 2),
        (("undo", str(uuid4())), 3),
    ],
)
def test_each_refusal_has_its_code_and_one_sentence(
    cli: Cli, arguments: tuple[str, ...], code: int
) -> None:
    opened(cli)
    ended = cli(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert ended.err.startswith("deskterm: ")
    assert "Traceback" not in ended.err


def test_a_repeated_operation_id_is_done_once(cli: Cli) -> None:
    name = str(uuid4())
    new = ("ticket", "new", "--from", "a@example.org", "--subject", "x", "--op", name)
    assert cli(*new).out == cli(*new).out == "1\n"
    assert len(cli("ticket", "list", "-o", "json").json) == 1


def test_a_dry_run_shows_fields_and_changes_nothing(cli: Cli) -> None:
    number = opened(cli)
    ended = cli("ticket", "set", number, "--subject", "B", "--dry-run", "-o", "json")
    change = ended.json["changes"][0]
    assert (change["field"], change["before"], change["after"]) == ("subject", "No sound", "B")
    assert cli("ticket", "show", number, "-o", "json").json["subject"] == "No sound"


def test_subjects_that_look_like_options_work(cli: Cli) -> None:
    ended = cli("ticket", "new", "--from", "a@example.org", "--subject=--help")
    assert ended.code == 0
    assert cli("ticket", "show", 1, "-o", "json").json["subject"] == "--help"


def test_attachments_are_kept_whole(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "shot.png"
    file.write_bytes(b"\x89PNG\x00\xff")
    number = opened(cli, "--attach", str(file))
    view = cli("ticket", "show", number, "-o", "json").json
    kept = view["timeline"][0]["attachments"][0]
    assert (kept["name"], kept["media_type"], kept["size"]) == ("shot.png", "image/png", 6)


def test_the_board_prints_without_a_terminal(cli: Cli) -> None:
    assert "No open tickets" in cli().out
    opened(cli)
    assert "No sound" in cli().out


def test_the_log_tells_who_did_what(cli: Cli) -> None:
    number = opened(cli)
    operation = cli("ticket", "note", number, "--body", "hm", "-o", "json").json["operation"]
    entries = cli("log", "--operation", operation, "-o", "json").json
    assert [(e["event"], e["actor"], e["public"]) for e in entries] == [("noted", "cy", False)]


def test_csv_defends_formulas_and_json_stays_exact(cli: Cli) -> None:
    cli("ticket", "new", "--from", "a@example.org", "--subject", "=1+1")
    assert ",'=1+1," in cli("ticket", "list", "-o", "csv").out
    assert cli("ticket", "list", "-o", "json").json[0]["subject"] == "=1+1"


@pytest.mark.parametrize(
    "given",
    [
        "2 3 4",
        "#2,#3, 4",
        "\ufeff2\r\n#3\r\n4\r\n",
        "2\tnew\tx\n3,4",
        "[2, 3, 4]",
        '[\n  {\n    "id": 2\n  },\n  {"id": "#3"}, 4\n]\n',
    ],
)
def test_ids_on_standard_input_are_all_used_however_they_are_written(cli: Cli, given: str) -> None:
    for _ in range(4):
        opened(cli)
    done = cli("ticket", "note", "-", "--body", "hello", "-o", "json", stdin=given)
    assert [one["id"] for one in done.json] == [2, 3, 4], done.err
    assert [one["id"] for one in cli("ticket", "take", "2, #3", "4", "-o", "json").json] == [
        2,
        3,
        4,
    ]
    for wrong in ("2 three", "[2,", '[{"ticket": 2}]', "[[2]]"):
        assert cli("ticket", "note", "-", "--body", "x", stdin=wrong).code == 2


def test_files_are_listed_saved_and_written_and_one_may_come_from_standard_input(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "log.txt").write_bytes(b"one\0two")
    number = opened(cli, "--attach", str(tmp_path / "log.txt"), "--attach", "-")
    listed = cli("attachment", "list", number, "-o", "json").json
    assert [(one["name"], one["size"]) for one in listed] == [("log.txt", 7), ("input.txt", 0)]
    saved = cli("attachment", "save", number, "log.txt", "--to", tmp_path).out.strip()
    assert Path(saved).read_bytes() == b"one\0two"
    assert Path(saved).name == "log (2).txt"
    none = cli("attachment", "save", number, "nothing.txt")
    assert (none.code, "it has: log.txt, input.txt" in none.err) == (3, True)


def test_a_ticket_for_scripts_names_problems_solution_promises_and_files(cli: Cli) -> None:
    number = opened(cli)
    cli("problem", "new", "Gateway down", "--ticket", number)
    shown = cli("ticket", "show", number, "-o", "json").json
    assert [one["title"] for one in shown["problems"]] == ["Gateway down"]
    assert [one["kind"] for one in shown["promises"]] == ["pickup", "solution"]
    assert (shown["files"], shown["solution"]) == ([], "")
    assert "Gateway down" in cli("ticket", "show", number).out


def test_lists_show_what_is_asked_for_and_json_everything(cli: Cli) -> None:
    opened(cli, "--device", "LT-1", "--field", "os=macOS")
    shown = cli("ticket", "list", "--columns", "id,device,field.os", "-o", "csv").out
    assert shown.splitlines() == ["id,device,field.os", "1,LT-1,macOS"]
    titled = cli("ticket", "list", "--columns", "Ticket,owner,from", "-o", "csv").out
    assert titled.splitlines()[0] == "id,assignee,requester", "as lists and queries call them"
    (one,) = cli("ticket", "list", "-o", "json").json
    assert (one["device"], one["fields"], one["problems"]) == ("LT-1", {"os": "macOS"}, [])
    refused = cli("ticket", "list", "--columns", "devise")
    assert (refused.code, "did you mean 'device'" in refused.err) == (2, True)


def test_a_bad_line_stops_no_other_where_it_is_said_so(cli: Cli) -> None:
    lines = (
        '{"from": "a@b.c", "subject": "one"}\n'
        "{oops\n"
        '{"from": "a@b.c", "subject": "two", "category": "no such"}\n'
        '{"from": "a@b.c", "subject": "three"}\n'
    )
    given = ("ticket", "new", "--jsonl", "-", "--keep-going", "--op", str(uuid4()))
    ended = cli(*given, stdin=lines)
    assert (ended.code, ended.out.split()) == (1, ["1", "2"])
    assert "standard input:2: no JSON" in ended.err
    assert "standard input:3: there is no category" in ended.err
    again = cli(*given, stdin=lines)
    assert (again.code, again.out.split()) == (1, ["1", "2"])  # nothing is opened twice
    assert cli("ticket", "new", "--from", "a@b.c", "--subject", "x", "--keep-going").code == 2


def test_people_are_taken_from_the_lines_that_are_right(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nAda,ada@example.org\nBo,not an address\nCy,cy@example.org\n")
    assert cli("person", "import", file).code == 2
    ended = cli("person", "import", file, "--keep-going")
    assert ended.code == 1
    assert f"{file}:3: " in ended.err
    assert "2 taken from people.csv, 1 not." in ended.err
    assert {row["name"] for row in cli("person", "list", "-o", "json").json} == {"Ada", "Cy"}


def test_who_else_has_a_ticket_open_stands_in_json_and_in_a_column(cli: Cli, desk: Desk) -> None:
    cli("technician", "set", "mia", "--name", "Mia")
    for number in (open_ticket(desk), open_ticket(desk, "VPN")):
        assert cli("ticket", "show", str(number), "-o", "json").json["here"] == []
    desk.me = "mia"
    desk.staff.presence.be_at(1, writing=True)
    here = [{"login": "mia", "writing": True}]
    shown = cli("ticket", "show", "1", "-o", "json")
    assert (shown.json["here"], shown.err) == (here, "mia is writing here\n")
    listed = cli("ticket", "list", "sort:id", "-o", "json").json
    assert [one["here"] for one in listed] == [here, []]
    listed = cli("ticket", "list", "sort:id", "--columns", "id,here", "-o", "csv").out
    assert listed.split() == ["id,here", "1,mia", "writes", "2,"]
    assert "here" not in cli("ticket", "list", "-o", "csv").out
    desk.staff.presence.leave()
    assert cli("ticket", "show", "1", "-o", "json").json["here"] == []
