"""Import, export and demo from the command line: counts on stdout, one sentence each on stderr."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

LINE = {"id": "1", "title": "No sound", "body": "b", "opened": "2024-03-01T09:00:00Z"}


def _file(folder: Path, *lines: object) -> Path:
    file = folder / "old.jsonl"
    file.write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    return file


def test_import_tells_its_counts(cli: Cli, tmp_path: Path) -> None:
    file = _file(tmp_path, LINE, LINE | {"id": "2"})
    found = cli("import", "tickets", file, "-o", "json").json
    assert (found["tickets"], found["already"], found["failed"]) == (2, 0, [])
    assert cli("import", "tickets", file).out == "0\t0\t2\t0\t0\t0\n"
    assert len(cli("ticket", "list", "is:open", "-o", "jsonl").out.splitlines()) == 2
    assert cli("mail", "queue", "-o", "jsonl").out == ""


def test_bad_lines_are_left_out_only_when_asked(cli: Cli, tmp_path: Path) -> None:
    file = _file(tmp_path, LINE, {"id": "2"}, LINE | {"id": "3"})
    ended = cli("import", "tickets", file)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "old.jsonl:2: a ticket needs a title or a body" in ended.err
    assert cli("ticket", "list", "is:any", "-o", "jsonl").out == ""
    ended = cli("import", "tickets", file, "--keep-going", "-o", "json")
    assert (ended.code, ended.json["tickets"]) == (1, 2)
    assert "old.jsonl:2" in ended.err


def test_a_clash_is_a_conflict(cli: Cli, tmp_path: Path) -> None:
    cli("import", "tickets", _file(tmp_path, LINE))
    ended = cli("import", "tickets", _file(tmp_path, LINE | {"title": "Other"}))
    assert ended.code == 4
    assert "nothing is overwritten" in ended.err


def test_a_desk_is_looked_at_with_a_map_to_edit_and_then_comes(cli: Cli, tmp_path: Path) -> None:
    file = _file(tmp_path, LINE | {"status": "Klingon", "owner": "Max Oak"}, {"id": "2"})
    chart = tmp_path / "map.toml"
    ended = cli("import", "from", "jsonl", file, "--dry-run", "--write-map", chart)
    assert ended.code == 1
    for words in (
        "Arrives",
        "new tickets                     1",
        "Klingon",
        "max.oak (new)",
        "Left out",
        "old.jsonl:2",
    ):
        assert words in ended.out
    assert cli("ticket", "list", "is:any", "-o", "jsonl").out == ""
    chart.write_text(chart.read_text().replace('Klingon = "open"', 'Klingon = "closed"'))
    ended = cli("import", "from", "jsonl", file, "--map", chart, "-o", "json")
    assert (ended.code, ended.json["tickets"], ended.json["technicians"]) == (1, 1, 1)
    assert cli("ticket", "show", "1", "-o", "json").json["state"] == "closed"
    assert cli("import", "from", "otter", file).code == 2
    assert cli("undo").code == 0


def test_what_an_undo_of_an_import_takes_back_is_said_as_it_is(cli: Cli, tmp_path: Path) -> None:
    """What came before it broke off is an operation of its own, unless --resume goes on."""
    first = cli("import", "from", "jsonl", _file(tmp_path, LINE))
    assert "takes it all back." in first.err
    file = _file(tmp_path, LINE, LINE | {"id": "2"})
    assert "takes what came now back." in cli("import", "from", "jsonl", file).err
    file = _file(tmp_path, LINE, LINE | {"id": "2"}, LINE | {"id": "3"})
    assert "takes it all back." in cli("import", "from", "jsonl", file, "--resume").err


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("old.txt", "x", "tickets come as .jsonl"),
        ("old.csv", "a\n", "needs a mapping"),
        ("none.jsonl", None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    cli_sqlite: Cli, tmp_path: Path, name: str, content: str | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    ended = cli_sqlite("import", "tickets", tmp_path / name)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert sentence in ended.err


def test_hostile_words_reach_no_terminal(cli_sqlite: Cli, tmp_path: Path) -> None:
    evil = "x\x1b]0;owned\x07\u202e"
    file = _file(tmp_path, LINE | {"opened": evil}, LINE | {"duplicate_of": [evil]})
    ended = cli_sqlite("import", "tickets", file, "--keep-going")
    assert not {"\x1b", "\x07", "\u202e"} & set(ended.out + ended.err)
    assert ended.err.count("\n") == 2


def test_export_and_back(cli: Cli, tmp_path: Path) -> None:
    cli("import", "tickets", _file(tmp_path, LINE))
    rows = cli("export", tmp_path / "out", "-o", "json").json
    assert {"table": "ticket", "rows": 1} in rows
    assert cli("export", tmp_path / "out").code == 2
    assert cli("import", "desk", tmp_path / "out").code == 5
    new = f"sqlite:///{tmp_path / 'new.sqlite'}"
    ended = cli("--db", new, "import", "desk", tmp_path / "out")
    assert ended.code == 0
    assert "The secrets did not come along" in ended.err
    assert cli("--db", new, "ticket", "show", "1", "-o", "json").json["subject"] == "No sound"
    assert cli("--db", new, "db", "check").code == 0


def test_secrets_move_under_a_passphrase_only(cli: Cli, tmp_path: Path) -> None:
    cli("import", "tickets", _file(tmp_path, LINE))
    word = tmp_path / "word"
    word.write_text("too short\n")
    ended = cli("export", tmp_path / "out", "--with-secrets")
    assert (ended.code, "--passphrase-file" in ended.err) == (2, True)
    ended = cli("export", tmp_path / "out", "--with-secrets", "--passphrase-file", word)
    assert (ended.code, "at least 12" in ended.err) == (2, True)
    assert not (tmp_path / "out").exists()
    word.write_text("a horse, a staple\n")
    ended = cli("export", tmp_path / "out", "--with-secrets", "--passphrase-file", word)
    assert (ended.code, "stayed here" in ended.err) == (0, False)
    other = f"sqlite:///{tmp_path / 'new.sqlite'}"
    wrong = tmp_path / "wrong"
    wrong.write_text("a horse, a stable\n")
    ended = cli("--db", other, "import", "desk", tmp_path / "out", "--passphrase-file", wrong)
    assert (ended.code, "does not fit" in ended.err) == (2, True)
    assert not (tmp_path / "new.sqlite").exists()
    ended = cli("--db", other, "import", "desk", tmp_path / "out", "--passphrase-file", word)
    assert (ended.code, "did not come along" in ended.err) == (0, False)


def test_the_demo_fills_a_named_empty_desk_and_no_other(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    url = os.environ["DESKTERM_DB"]
    ended = cli("--db", url, "demo", "--no-board", "--tickets", "40", "--seed", "3")
    assert (ended.code, ended.out) == (0, f"{url}\n")
    listed = cli("ticket", "list", "is:any", "-o", "jsonl", "--limit", "99").out.splitlines()
    since = [one for one in map(json.loads, listed) if one["id"] > 40]
    assert len(listed) == 40 + len(since)
    assert {one["channel"] for one in since} == {"email"}, "the year's, and what mails opened since"
    ended = cli("--db", url, "demo", "--no-board")
    assert (ended.code, ended.err.count("\n")) == (5, 1)
    assert "is not empty" in ended.err


def test_the_demo_shows_its_board_and_leaves_nothing_behind(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cli_sqlite("settings", "set", "smtp_host", "mail.example.org")
    ended = cli_sqlite("demo", "--tickets", "450")
    assert ended.code == 0
    assert len(ended.out.splitlines()) == 50
    assert not list(tmp_path.glob("deskterm-demo-*"))
    rows = {row["name"]: row for row in cli_sqlite("settings", "list", "-o", "json").json}
    assert rows["smtp_host"]["value"] == "mail.example.org"  # the machine's own stay as they are


def test_the_demo_goes_into_a_postgresql_without_a_schema(
    cli_sqlite: Cli, postgres_server: str
) -> None:
    from deskterm.storage.driver import connect

    admin = connect(postgres_server.format(name="postgres"))
    admin.run("CREATE DATABASE bare_demo")
    url = postgres_server.format(name="bare_demo")
    try:
        assert cli_sqlite("--db", url, "demo", "--no-board", "--tickets", "20").code == 0
        assert cli_sqlite("--db", url, "db", "check").code == 0
    finally:
        admin.run("DROP DATABASE bare_demo WITH (FORCE)")
        admin.close()


def test_an_export_goes_into_an_empty_desk_only_and_the_refusal_says_how_to_make_one(
    cli: Cli, tmp_path: Path
) -> None:
    cli("import", "tickets", _file(tmp_path, LINE))
    assert cli("export", tmp_path / "out").code == 0
    used = f"sqlite:///{tmp_path / 'used.sqlite'}"
    assert cli("--db", used, "db", "init").code == 0
    refused = cli("--db", used, "import", "desk", tmp_path / "out")
    assert refused.code == 5
    assert "db init --empty" in refused.err
