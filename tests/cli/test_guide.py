"""`deskterm guide …`: shelf, lint, tests, walking by prompts and by the answers of a script."""

import json
from pathlib import Path

import pytest

from deskterm.services.starters import starter_texts
from tests.beside import hostile
from tests.cli.conftest import Cli
from tests.unit.guide_makers import SMALL

OWN = SMALL.replace("group: network", "group: second level")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A guide in a file."""
    file = tmp_path / "small.yaml"
    file.write_text(OWN, encoding="utf-8")
    return file


def ticket(cli: Cli) -> int:
    made = cli("ticket", "new", "--from", "Ada <ada@example.org>", "--subject", "x", "-o", "json")
    return int(made.json["id"])


def test_the_shelf_is_listed_shown_and_exported(cli: Cli, own: Path) -> None:
    rows = cli("guide", "list", "-o", "json").json
    assert len(rows) == len(starter_texts())
    assert {"id": "vpn", "version": 1}.items() <= next(r for r in rows if r["id"] == "vpn").items()
    assert cli("guide", "import", own).err == "small version 1: Small one\n"
    assert cli("guide", "export", "small").out == OWN
    shown = cli("guide", "show", "small")
    assert "light (start)\n  Ask: Is the light on?" in shown.out
    assert "- bars from 4 → words" in shown.out
    assert cli("guide", "show", "small", "-o", "json").json["nodes"][0]["name"] == "light"
    missing = cli("guide", "show", "nothing")
    assert (missing.code, missing.err.count("\n")) == (3, 1)


def test_import_shows_every_error_and_keeps_nothing(cli: Cli, own: Path) -> None:
    own.write_text(OWN.replace("No: reseat", "No: nowhere"), encoding="utf-8")
    ended = cli("guide", "import", own)
    assert ended.code == 2
    assert f"{own}:12: error: node light: there is no node 'nowhere'" in ended.out
    assert cli("guide", "show", "small").code == 3
    assert cli("guide", "import", own.parent / "none.yaml").code == 3
    own.write_bytes(b"id: \xff")
    assert "no UTF-8" in cli("guide", "import", own).err


def test_import_may_be_tried_repeated_and_undone(cli: Cli, own: Path) -> None:
    assert "Would be: small version 1" in cli("guide", "import", own, "--dry-run").err
    name = "6d3b0c8e-5a53-4c0e-9a4e-000000000001"
    assert cli("guide", "import", own, "--op", name).code == 0
    assert cli("guide", "import", own, "--op", name, "-o", "json").json["repeated"]
    assert cli("undo").code == 0
    assert cli("guide", "show", "small").code == 3


def test_lint_and_test_need_no_database(own: Path, cli_sqlite: Cli) -> None:
    fine = cli_sqlite("guide", "lint", own)
    assert (fine.code, fine.err) == (0, "0 errors, 1 warnings.\n")
    own.write_text(OWN.replace("No: reseat", "No: nowhere"), encoding="utf-8")
    bad = cli_sqlite("guide", "lint", own, "-o", "json")
    assert bad.code == 2
    assert bad.json[0]["line"] == 12
    own.write_text(OWN.replace("ends: done", "ends: up"), encoding="utf-8")
    tested = cli_sqlite("guide", "test", own)
    assert tested.code == 1
    assert f"{own}:44: expected up: ended at done" in tested.err
    assert "1 of 2 tests passed." in tested.err
    own.write_text(OWN, encoding="utf-8")
    assert cli_sqlite("guide", "test", own, "-o", "jsonl").out.count('"passed": true') == 2
    twice = cli_sqlite("guide", "lint", own, own)
    assert "id 'small' is that of" in twice.out


def test_lint_without_a_file_checks_the_desk(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("guide", "lint")
    assert ended.code == 0
    assert "groups: warning: starter guides hand over to" in ended.out
    assert ended.err.startswith("0 errors, ")


def test_a_script_escalates_with_the_summary_written(cli: Cli, own: Path) -> None:
    cli("guide", "import", own)
    number = ticket(cli)
    answers = json.dumps(["Yes", 3, "No"])
    ended = cli("guide", "run", "small", "--ticket", number, "--answers", answers, "-o", "json")
    assert ended.code == 0, ended.err
    assert (ended.json["status"], ended.json["ends"]) == ("escalated", "up")
    assert ended.json["summary"] == "not checked: light Yes, bars 3, answers No."
    view = cli("ticket", "show", number, "-o", "json").json
    assert view["group"] == "second level"
    assert cli("undo").code == 0
    assert cli("ticket", "show", number, "-o", "json").json["group"] is None


def test_answers_may_be_named_by_node_or_fact(cli_sqlite: Cli, own: Path) -> None:
    cli_sqlite("guide", "import", own)
    number = ticket(cli_sqlite)
    answers = json.dumps({"light": "Yes", "bars": 1, "reseat": "Fixed"})
    ended = cli_sqlite("guide", "run", "small", "--ticket", number, "--answers", answers)
    assert ended.code == 0
    assert "Solved: The plug; Yes." in ended.out
    assert f"#{number}: solved." in ended.err


def test_answers_that_run_out_leave_the_run_paused(cli_sqlite: Cli, own: Path) -> None:
    cli_sqlite("guide", "import", own)
    number = ticket(cli_sqlite)
    ended = cli_sqlite("guide", "run", "small", "--ticket", number, "--answers", '["Yes"]')
    assert "waits for an answer: How many bars?" in ended.err
    rows = cli_sqlite("guide", "runs", "--ticket", number, "-o", "json").json
    assert [(row["id"], row["status"]) for row in rows] == [(1, "paused")]
    ended = cli_sqlite("guide", "run", "1", "--answers", '["0", "Fixed", "more"]', "-o", "json")
    assert ended.json["status"] == "solved"
    assert "1 answers were not needed." in ended.err


def test_a_dry_run_changes_no_ticket(cli_sqlite: Cli, own: Path) -> None:
    cli_sqlite("guide", "import", own)
    number = ticket(cli_sqlite)
    line = ["guide", "run", "small", "--ticket", number, "--answers", '["No", "Fixed"]']
    ended = cli_sqlite(*line, "--dry-run", "-o", "csv")
    assert ",state,new,solved\n" in ended.out
    assert cli_sqlite("ticket", "show", number, "-o", "json").json["state"] == "new"
    assert cli_sqlite("guide", "runs", "-o", "json").json == []


@pytest.mark.parametrize("text", ["{", "3", '{"a": []}', '[["x"]]', "[" * 5000])
def test_answers_that_are_none_are_one_sentence(cli_sqlite: Cli, text: str) -> None:
    ended = cli_sqlite("guide", "run", "vpn", "--answers", text)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "--answers" in ended.err


def test_a_wrong_answer_names_what_is_possible(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("guide", "run", "vpn", "--answers", '["Perhaps"]')
    assert ended.code == 2
    assert "possible: 1 Yes, 2 No, 3 Don't know" in ended.err


def test_a_guide_is_walked_by_numbers(cli: Cli, own: Path) -> None:
    cli("guide", "import", own)
    number = ticket(cli)
    said = ["/help", "7", "1", "/note old cable", "3", "/back", "/skip no time", "/solved x y"]
    ended = cli("guide", "run", "small", "--ticket", number, stdin="\n".join(said) + "\n")
    assert ended.code == 0
    assert "Small one: step 1 of about 4." in ended.out
    assert "1. Yes (usual)" in ended.out
    assert "'7' is no answer here" in ended.err
    assert "Ask: Does 192.168.1.1 answer?" in ended.out
    assert f"#{number}: solved." in ended.err
    view = cli("ticket", "show", number, "-o", "json").json
    assert view["resolution"] == "x y"
    guide = next(entry for entry in view["timeline"] if entry["event"] == "guide")
    assert "note: old cable" in guide["text"]


def test_the_end_of_input_pauses_and_the_next_call_goes_on(cli: Cli, own: Path) -> None:
    cli("guide", "import", own)
    number = ticket(cli)
    ended = cli("guide", "run", "small", "--ticket", number, stdin="n\n")
    assert "Paused; `deskterm guide run 1` goes on." in ended.err
    again = cli("guide", "run", "small", "--ticket", number, stdin="2\n\n")
    assert "Taking up run 1." in again.err
    assert "Escalate to second level: not checked: light No" in again.out
    assert f"#{number}: open." in again.err


def test_a_command_runs_only_after_yes(cli_sqlite: Cli, own: Path) -> None:
    text = OWN.replace('[ping, -c, "3", "{gateway}"]', '[echo, "{gateway}"]')
    own.write_text(text, encoding="utf-8")
    cli_sqlite("guide", "import", own)
    said = "y\n3\n/run\nn\n/run\ny\n/escalate\n"
    ended = cli_sqlite("guide", "run", "small", stdin=said)
    assert ended.out.count("$ echo 192.168.1.1\n192.168.1.1\n(exit 0)") == 1
    assert ended.err.count("Run on this machine: echo 192.168.1.1 ?") == 2
    assert "That means: 1. Yes" in ended.err


def test_no_input_only_tells_the_question(cli_sqlite: Cli) -> None:
    ended = cli_sqlite("guide", "run", "vpn", "--no-input", "-o", "json", stdin="1\n")
    assert ended.json["ask"] == "Does an ordinary web page open without VPN?"
    assert ended.json["status"] == "paused"


def test_plain_mode_walks_a_guide(
    cli_sqlite: Cli, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    from deskterm.cli.plain import plain_board

    made = ("--from", "Ada <ada@example.org>", "--subject", "Will not turn on, black screen")
    cli_sqlite("ticket", "new", *made)
    said = ["1", "9", "99", "9", "1", "Water or another spill", "", "", "q"]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(said) + "\n"))
    plain_board()
    told = capsys.readouterr()
    assert "1. Computer will not start, says" in told.out
    assert "no guide was chosen" in told.err
    view = cli_sqlite("ticket", "show", 1, "-o", "json").json
    assert view["group"] == "second level"


def test_every_hostile_text_stays_words_in_a_guide(cli_sqlite: Cli, tmp_path: Path) -> None:
    payloads = [str(case["payload"])[:300] for case in hostile()]
    names = [f"q{n}" for n in range(len(payloads))]
    text = "id: hostile\ntitle: Hostile\nstart: q0\nnodes:\n"
    for name, onward, payload in zip(names, [*names[1:], "end"], payloads, strict=True):
        said = json.dumps("x " + payload.replace("{", "(").encode("utf-8", "replace").decode())
        text += f"  {name}:\n    do: {said}\n    say: {said}\n    to: {onward}\n"
    text += "  end: {outcome: escalate, summary: x}\n"
    file = tmp_path / "hostile.yaml"
    file.write_text(text, encoding="utf-8")
    assert cli_sqlite("guide", "import", file).code == 0
    number = ticket(cli_sqlite)
    answers = json.dumps(["Done"] * len(payloads))
    line = ("guide", "run", "hostile", "--ticket", number, "--group", "vendor")
    for ended in (
        cli_sqlite("guide", "show", "hostile"),
        cli_sqlite(*line, stdin="1\n" * (len(payloads) - 3)),
        cli_sqlite(*line, "--answers", answers),
        cli_sqlite("ticket", "show", number, "--full"),
        cli_sqlite("log"),
    ):
        assert ended.code == 0, ended.err
        active = [c for c in ended.out + ended.err if ord(c) < 32 and c not in "\n\t"]
        active += [c for c in ended.out + ended.err if c in "\x7f\x9b\u202e\u2066"]
        assert active == []


def test_a_hostile_guide_file_is_cleaned_on_a_terminal(cli_sqlite: Cli, own: Path) -> None:
    text = OWN.replace("ask: Is the light on?", 'ask: "[@click=app.quit]\\e[1A\\e[2K\\a{os}[/]"')
    own.write_text(text, encoding="utf-8")
    cli_sqlite("guide", "import", own)
    for ended in (
        cli_sqlite("guide", "show", "small"),
        cli_sqlite("guide", "run", "small", stdin="\x1b[2J\n"),
        cli_sqlite("guide", "list"),
    ):
        assert "\x1b" not in ended.out + ended.err
        assert "\x07" not in ended.out + ended.err
    assert "[@click=app.quit]" in cli_sqlite("guide", "show", "small").out


def test_walking_loads_no_sqlalchemy_pydantic_textual_or_rich(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = (
        "import sys\n"
        "from deskterm.cli.main import run\n"
        f"db = ['--db', 'sqlite:///{tmp_path}/desk.sqlite']\n"
        "run([*db, 'db', 'init'])\n"
        "run([*db, 'ticket', 'list'])\n"
        "heavy = ('sqlalchemy', 'sqlmodel', 'pydantic', 'textual', 'rich')\n"
        "for name in [n for n in sys.modules if n.split('.')[0] in heavy]: del sys.modules[name]\n"
        "run([*db, 'guide', 'run', 'vpn', '--answers', '[\"Yes\"]'])\n"
        "print([n for n in heavy if n in sys.modules])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    )
    assert ended.stdout.splitlines()[-1] == "[]", ended.stderr
