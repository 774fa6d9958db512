"""What people give to be read: no door reads without an end, none falls over what text can hold."""

from pathlib import Path

import pytest

from deskterm.cli.errors import guarded
from tests.cli.conftest import Cli

ENDLESS = "/dev/zero"
EVALUATED = ("--history", ENDLESS, "--queries", ENDLESS)
GUIDE = """\
id: smile
title: "Smile \\ud83d\\ude00 and half \\ud83d"
start: ask
nodes:
  ask:
    ask: "Well \\udc00?"
    choices: [{answer: "Yes \\ud83d\\ude00", to: end}, {answer: No, to: end}]
  end: {outcome: solved, resolution: "\\ud83d\\ude00"}
"""


@pytest.mark.parametrize(
    "words",
    [
        ("ticket", "new", "--jsonl", ENDLESS),
        ("ticket", "new", "--from", "ada@example.org", "--subject", "x", "--attach", ENDLESS),
        ("ticket", "note", "1", "--body", "x", "--attach", ENDLESS),
        ("import", "tickets", "endless.jsonl"),
        ("import", "tickets", "endless.csv", "--map", ENDLESS),
        ("person", "import", ENDLESS),
        ("solution", "new", "--sheet", ENDLESS),
        ("solution", "new", "--jsonl", ENDLESS),
        ("guide", "import", ENDLESS),
        ("guide", "lint", ENDLESS),
        ("guide", "convert", ENDLESS),
        ("mail", "parse", ENDLESS),
        ("mail", "template", "opened", "--set", ENDLESS),
        ("triage", "evaluate", "categories", "--out", "x", *EVALUATED),
    ],
)
def test_an_endless_file_is_refused_in_a_sentence(
    cli_sqlite: Cli, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("endless.jsonl", "endless.csv"):
        Path(name).symlink_to(ENDLESS)
    ended = cli_sqlite(*words)
    assert (ended.code, ended.out) == (2, "")
    assert "more than" in ended.err or "longer than" in ended.err


@pytest.mark.parametrize(
    "words",
    [
        ("ticket", "note", "1", "--body", "-"),
        ("ticket", "new", "--from", "ada@example.org", "--subject", "x", "--body", "-"),
        ("ticket", "take", "-"),
        ("solution", "new", "--sheet", "-"),
        ("mail", "template", "opened", "--set", "-"),
        ("triage", "suggest", "--text", "-"),
    ],
)
def test_endless_standard_input_is_refused_in_a_sentence(
    cli_sqlite: Cli, words: tuple[str, ...]
) -> None:
    ended = cli_sqlite(*words, stdin="x" * 16_000_001)
    assert (ended.code, ended.out) == (2, "")
    assert "more than" in ended.err or "longer than" in ended.err


@pytest.mark.parametrize("error", [MemoryError(), RecursionError("too deep")])
def test_the_database_is_not_blamed_for_what_is_too_large(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def body() -> None:
        raise error

    assert guarded(body) == 5
    told = capsys.readouterr().err
    assert "database" not in told
    assert "nothing was changed" in told


def test_a_guide_may_write_an_emoji_as_two_escapes(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "smile.yaml"
    file.write_text(GUIDE, encoding="utf-8")
    ended = cli("guide", "import", file)
    assert (ended.code, ended.err.count("mistake")) == (0, 0)
    assert cli("guide", "show", "smile", "-o", "json").json["title"] == "Smile 😀 and half �"
    assert "Smile 😀" in cli("guide", "convert", file).out


HALF = "Half \ud83d, whole \ud83d\ude00"
KEPT = "Half �, whole 😀"


def test_every_door_keeps_half_characters_as_signs(cli: Cli, tmp_path: Path) -> None:
    escaped = '"Half \\ud83d, whole \\ud83d\\ude00"'
    ticket = tmp_path / "tickets.jsonl"
    ticket.write_text(f'{{"from": "ada@example.org", "subject": {escaped}, "body": {escaped}}}\n')
    assert cli("ticket", "new", "--jsonl", ticket).code == 0
    assert cli("ticket", "show", "1", "-o", "json").json["subject"] == KEPT
    past = tmp_path / "past.jsonl"
    past.write_text(
        f'{{"id": "7", "opened": "2026-01-01T00:00:00Z", "requester": "di@example.org", '
        f'"subject": {escaped}, "body": {escaped}}}\n'
    )
    assert cli("import", "tickets", past).code == 0
    assert cli("ticket", "show", "2", "-o", "json").json["subject"] == KEPT
    solution = tmp_path / "solutions.jsonl"
    solution.write_text(f'{{"title": {escaped}, "resolution": {escaped}}}\n')
    assert cli("solution", "new", "--jsonl", solution).code == 0
    assert cli("solution", "show", "1", "-o", "json").json["title"] == KEPT
    assert cli("ticket", "note", "1", "--body", "-", stdin=HALF).code == 0
    assert cli("ticket", "show", "1", "-o", "json").json["timeline"][-1]["text"] == KEPT
    assert cli("settings", "set", "desk.mission", HALF).code == 0
    assert cli("settings", "get", "desk.mission").out.strip() == KEPT
    words = f"Subject: {HALF}\n\n{HALF}"
    assert cli("mail", "template", "opened", "--set", "-", stdin=words).code == 0
    assert KEPT in cli("mail", "template", "show", "opened").out
