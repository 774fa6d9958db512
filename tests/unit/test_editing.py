"""Which editor is started, and how: an argument list, never a shell."""

from pathlib import Path

import pytest

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.screens.editing import editor_command


@pytest.fixture
def path(tmp_path: Path) -> str:
    for name in ("one", "two", "three"):
        file = tmp_path / name
        file.write_text("#!/bin/sh\n")
        file.chmod(0o700)
    return str(tmp_path)


def test_the_setting_wins_then_visual_then_editor(path: str) -> None:
    environ = {"PATH": path, "VISUAL": "two", "EDITOR": "three"}
    assert editor_command("one", environ) == ["one"]
    assert editor_command("", environ) == ["two"]
    assert editor_command(" ", {"PATH": path, "VISUAL": "", "EDITOR": "three"}) == ["three"]


def test_arguments_are_split_like_a_shell_would_but_none_is_run(path: str) -> None:
    command = editor_command("one --wait 'a b' $(x); y", {"PATH": path})
    assert command == ["one", "--wait", "a b", "$(x);", "y"]


def test_without_an_editor_it_says_what_to_do() -> None:
    with pytest.raises(RefusedError, match=r"no editor is set: export EDITOR=nano"):
        editor_command("", {})


def test_an_editor_that_is_not_there_is_named_with_its_source(path: str) -> None:
    with pytest.raises(RefusedError, match=r"\$VISUAL names 'emacs', which is not installed"):
        editor_command("", {"PATH": path, "VISUAL": "emacs -nw"})


@pytest.mark.parametrize("text", ["one 'open quote", "''", "#"])
def test_a_command_that_cannot_be_read_is_refused(path: str, text: str) -> None:
    with pytest.raises((UsageError, RefusedError)):
        editor_command(text, {"PATH": path})
