"""Settings: one list for machine and desk, each with its source; bad values change nothing."""

import stat
from pathlib import Path

import pytest

from deskterm import paths
from tests.cli.conftest import Cli


def test_every_setting_is_listed_with_its_source(cli: Cli) -> None:
    rows = {row["name"]: row for row in cli("settings", "list", "-o", "json").json}
    assert rows["db"]["source"] == "environment DESKTERM_DB"
    assert rows["mail.address"]["source"] == "default"
    assert all(row["help"] for row in rows.values())


def test_a_desk_setting_is_for_everybody_and_undoable(cli: Cli) -> None:
    assert cli("settings", "set", "mail.address", "Help@Example.org").code == 0
    assert cli("settings", "get", "mail.address").out == "help@example.org\n"
    cli("settings", "set", "mail.aliases", "a@example.org, b@example.org")
    assert cli("settings", "get", "mail.aliases", "-o", "json").json["value"] == [
        "a@example.org",
        "b@example.org",
    ]
    assert cli("undo").code == 0
    assert cli("settings", "get", "mail.aliases").out.strip() == ""
    cli("settings", "unset", "mail.address")
    assert cli("settings", "get", "mail.address", "-o", "json").json["source"] == "default"


def test_a_change_shows_in_the_log_and_is_done_once(cli: Cli) -> None:
    name = "6f1c8f0e-94f5-4f7e-8a37-3f2a52d6b7aa"
    for _ in range(2):
        assert cli("settings", "set", "desk.name", "Front desk", "--op", name).code == 0
    assert cli("settings", "set", "desk.name", "Other", "--dry-run").code == 0
    assert cli("settings", "get", "desk.name").out == "Front desk\n"


@pytest.mark.parametrize(
    ("name", "value", "code", "sentence"),
    [
        ("mail.address", "a@b, c@d", 2, "mail.address:"),
        ("mail.reopen_days", "soon", 2, "is no number from 0 to 3650"),
        ("mail.reopen_days", "9" * 5000, 2, "is no number"),
        ("zone", "Mars/Base", 2, "there is no time zone"),
        ("nonsense", "1", 3, "there is no setting 'nonsense'"),
        ("confirm_over", "many", 2, "confirm_over is a number"),
        ("plain", "perhaps", 2, "plain is yes or no"),
        ("keys", "x", 3, "there is no setting 'keys'"),
    ],
)
def test_a_bad_value_is_one_sentence(
    cli_sqlite: Cli, name: str, value: str, code: int, sentence: str
) -> None:
    ended = cli_sqlite("settings", "set", name, value)
    assert ended.code == code
    assert sentence in ended.err
    assert ended.err.count("\n") == 1
    assert not paths.config_file().exists()


def test_a_machine_setting_keeps_the_files_comments(cli_sqlite: Cli) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text('# mine\ntheme = "nord" # dark\n')
    assert cli_sqlite("settings", "set", "confirm_over", "40").code == 0
    assert cli_sqlite("settings", "set", "keys.take", "f2").code == 0
    assert file.read_text().startswith('# mine\ntheme = "nord" # dark\n')
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    row = cli_sqlite("settings", "get", "confirm_over", "-o", "json").json
    assert (row["value"], row["source"]) == (40, "file")
    assert cli_sqlite("settings", "unset", "confirm_over").code == 0
    assert cli_sqlite("settings", "get", "confirm_over").out == "25\n"


def test_a_malformed_file_is_named_and_left_alone(cli_sqlite: Cli) -> None:
    file = paths.config_file()
    file.parent.mkdir(parents=True)
    file.write_text("theme = ")
    ended = cli_sqlite("settings", "set", "theme", "nord")
    assert (ended.code, str(file) in ended.err) == (2, True)
    assert file.read_text() == "theme = "


def test_the_editor_changes_a_long_text(
    cli_sqlite: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "We keep you working." > "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    assert cli_sqlite("settings", "edit", "desk.mission").code == 0
    assert cli_sqlite("settings", "get", "desk.mission").out == "We keep you working.\n"


def test_a_password_in_an_address_is_not_said_when_it_is_set(cli: Cli) -> None:
    for url in ("postgresql://desk:Half@Other@h/desk", "postgresql://h/desk?password=Half%20Other"):
        said = cli("settings", "set", "db", url)
        assert said.code == 0
        assert "***" in said.err
        assert "Half" not in said.err + said.out
        assert "Other" not in said.err + said.out


def test_a_setting_a_letter_off_is_asked_about(cli: Cli) -> None:
    for wrong in ("Hours", "hurs"):
        said = cli("settings", "set", wrong, "Mon-Fri 8-18")
        assert (said.code, "did you mean 'hours'" in said.err) == (3, True)
