"""Saving attachments: a safe name, never over or through anything; launchers are never opened."""

import os
import stat
from pathlib import Path

import pytest

from deskterm.disk import save_into
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.screens.files import opener_command, refuse_launcher
from tests.beside import hostile


def test_a_saved_file_is_private_and_whole(tmp_path: Path) -> None:
    file = save_into(tmp_path, "log.txt", b"one\x00two")
    assert file.read_bytes() == b"one\x00two"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    first = save_into(tmp_path, "log.txt", b"1")
    second = save_into(tmp_path, "log.txt", b"2")
    assert (first.read_bytes(), second.name) == (b"1", "log (2).txt")


def test_a_link_is_never_followed(tmp_path: Path) -> None:
    goal = tmp_path / "goal"
    (tmp_path / "log.txt").symlink_to(goal)
    assert save_into(tmp_path, "log.txt", b"x").name == "log (2).txt"
    assert not goal.exists()


def test_a_folder_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        save_into(tmp_path / "nowhere", "log.txt", b"")


def test_hostile_names_stay_inside_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "chosen"
    folder.mkdir()
    names = [case["payload"] for case in hostile() if "attachment name" in case["where"]]
    assert len(names) >= 9
    for name in names:
        save_into(folder, name, b"x")
    assert len(os.listdir(folder)) == len(names)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["chosen", "home"]
    assert all(entry.is_file() and not entry.name.startswith(".") for entry in folder.iterdir())


@pytest.mark.parametrize(
    "name",
    [
        "x.desktop", "x.LNK", "x.exe", "x.sh", "x.url", "x.scf", "x.bat", "x.cmd", "x.ps1",
        "invoice.pdf.exe", "invoice\u202efdp.exe", "x.exe ", "x.exe.", "x.txt\x00.exe", "run", "",
        "page.html", "macro.docm",
    ],
)  # fmt: skip
def test_what_can_run_is_not_opened(name: str) -> None:
    with pytest.raises(RefusedError):
        refuse_launcher(name)


@pytest.mark.parametrize("name", ["shot.png", "log.txt", "scan.pdf", "list.csv"])
def test_what_is_only_looked_at_is_opened(name: str) -> None:
    refuse_launcher(name)


def test_without_a_desktop_it_says_what_to_do() -> None:
    with pytest.raises(RefusedError, match="settings set opener"):
        opener_command("", {"PATH": "/usr/bin"})


def test_the_opener_is_an_argument_list() -> None:
    assert opener_command("viewer --name 'a b'", {}) == ["viewer", "--name", "a b"]
