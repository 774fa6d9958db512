"""Files are written whole or not at all, privately, and never through a link."""

import os
import stat
from pathlib import Path

import pytest

from deskterm import disk


@pytest.fixture
def open_umask() -> object:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_a_written_file_is_private_whatever_the_umask(tmp_path: Path) -> None:
    for name, replace in (("new", False), ("over", True)):
        disk.write(tmp_path / name, b"x", replace=replace)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["home", "new", "over"]


def test_what_is_there_is_never_written_over_unless_asked(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    disk.write(file, b"1")
    with pytest.raises(FileExistsError):
        disk.write(file, b"2")
    assert file.read_bytes() == b"1"
    disk.write(file, b"3", replace=True)
    assert file.read_bytes() == b"3"
    assert sorted(os.listdir(tmp_path)) == ["home", "kept"]


@pytest.mark.parametrize("replace", [True, False])
def test_a_planted_link_leads_nowhere(tmp_path: Path, replace: bool) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    link = tmp_path / "link"
    link.symlink_to(victim)
    if replace:
        disk.write(link, b"x", replace=True)
        assert not link.is_symlink()
    else:
        with pytest.raises(FileExistsError):
            disk.write(link, b"x")
    assert victim.read_text() == "mine"


@pytest.mark.parametrize("replace", [True, False])
def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path, replace: bool) -> None:
    file = tmp_path / "kept"
    if replace:
        file.write_text("before")
    with pytest.raises(TypeError), disk.writing(file, replace=replace) as stream:
        stream.writelines([b"half", None])  # type: ignore[list-item]
    assert sorted(os.listdir(tmp_path)) == (["home", "kept"] if replace else ["home"])
    assert not replace or file.read_text() == "before"


def test_the_longest_name_and_odd_names_are_written(tmp_path: Path) -> None:
    for name in ("n" * 255, "日" * 85, "a#b?c%41", "--", "\udcff"):
        disk.write(tmp_path / name, b"x")
        assert (tmp_path / name).read_bytes() == b"x"
