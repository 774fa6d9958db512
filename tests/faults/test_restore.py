"""Backup and restore: three files are one database, and the result is looked at."""

import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from deskterm.storage.sqlite import siblings
from tests.faults.conftest import Call
from tests.faults.crowd import looking_at

NEW = ("ticket", "new", "--from", "ada@example.org", "--subject")
ODD = ["a b", "what?mode=ro", "sms#1", "50%41x", "dé sk", "o'brien", "semi;colon", "a&b=c", "日本"]


def _url(file: Path) -> str:
    return f"sqlite:///{file}"


def _shadow(file: Path, folder: Path) -> Path:
    """Copy a database that somebody has open, as `kill -9` leaves it: with its log."""
    folder.mkdir()
    for one in (file, *siblings(file)):
        shutil.copy(one, folder / one.name)
    return folder / file.name


@pytest.fixture
def killed(used_file: Path, call: Call, tmp_path: Path) -> Path:
    """A desk of thirty tickets, and six more in the log that a kill left beside it."""
    with looking_at(_url(used_file)) as reader:
        reader.all("SELECT 1 AS one FROM ticket")
        for place in range(6):
            assert call(_url(used_file), *NEW, f"late {place}").code == 0
        return _shadow(used_file, tmp_path / "killed")


@pytest.fixture
def saved(used_file: Path, call: Call, tmp_path: Path) -> Path:
    """A backup of the desk of thirty tickets."""
    file = tmp_path / "saved.sqlite"
    assert call(_url(used_file), "db", "backup", file).code == 0
    return file


def _count(url: str) -> int:
    with looking_at(url) as database:
        row = database.one("SELECT count(*) AS n FROM ticket")
    return int(row["n"]) if row else 0


def test_a_backup_goes_back_and_is_checked_there(saved: Path, call: Call, tmp_path: Path) -> None:
    new = _url(tmp_path / "new.sqlite")
    ended = call(new, "db", "restore", saved, "-o", "json")
    assert (ended.code, json.loads(ended.out)["counts"]["ticket"]) == (0, 30)
    assert call(new, "db", "check").code == 0
    assert _count(new) == 30


def test_looking_into_a_backup_does_not_change_it(saved: Path, call: Call, tmp_path: Path) -> None:
    before = saved.read_bytes()
    assert call(_url(saved), "ticket", "list").code == 0
    assert call(_url(saved), "db", "check").code == 0
    assert saved.read_bytes() == before
    assert call(_url(tmp_path / "new.sqlite"), "db", "restore", saved).code == 0


def test_restore_beside_a_left_over_log_is_refused(
    saved: Path, killed: Path, call: Call, tmp_path: Path
) -> None:
    url = _url(killed)
    ended = call(url, "db", "restore", saved)
    assert ended.is_refusal(2), ended
    assert f"{killed} and {killed}-wal" in ended.err
    killed.rename(tmp_path / "away.sqlite")
    ended = call(url, "db", "restore", saved)
    assert ended.is_refusal(2), ended
    assert f"{killed}-wal" in ended.err
    assert not killed.exists()
    for log in siblings(killed):
        log.rename(tmp_path / log.name.replace(killed.name, "away.sqlite"))
    assert call(url, "db", "restore", saved).code == 0
    assert call(url, "db", "check").code == 0
    assert (_count(url), _count(_url(tmp_path / "away.sqlite"))) == (30, 36)


def test_a_source_is_restored_with_its_log(killed: Path, call: Call, tmp_path: Path) -> None:
    before = {
        file.name: file.read_bytes() for file in (killed, killed.with_name("desk.sqlite-wal"))
    }
    new = _url(tmp_path / "new.sqlite")
    ended = call(new, "db", "restore", killed)
    assert ended.code == 0, ended
    assert json.loads(ended.out)["counts"]["ticket"] == 36
    assert _count(new) == 36
    assert {name: (killed.parent / name).read_bytes() for name in before} == before


def test_a_live_source_is_restored_while_it_is_used(
    used_file: Path, call: Call, tmp_path: Path
) -> None:
    with looking_at(_url(used_file)) as board:
        board.all("SELECT 1 AS one FROM ticket")
        assert call(_url(used_file), *NEW, "late").code == 0
        assert call(_url(tmp_path / "new.sqlite"), "db", "restore", used_file).code == 0
        assert board.one("SELECT 1 AS one FROM ticket WHERE subject = 'late'")
    assert _count(_url(tmp_path / "new.sqlite")) == 31
    assert _count(_url(used_file)) == 31


def test_a_log_that_cannot_be_read_is_said(killed: Path, powerless: Call, tmp_path: Path) -> None:
    for log in siblings(killed):
        if log.name.endswith("-shm"):
            log.unlink()
    killed.parent.chmod(0o500)
    try:
        ended = powerless(_url(tmp_path / "new.sqlite"), "db", "restore", killed)
    finally:
        killed.parent.chmod(0o700)
    assert ended.is_refusal(6), ended
    assert f"copy {killed} and {killed}-wal" in ended.err
    assert not (tmp_path / "new.sqlite").exists()


def test_a_changed_byte_is_seen_by_the_checksum_alone(
    saved: Path, call: Call, tmp_path: Path
) -> None:
    content = saved.read_bytes()
    assert content.count(b"VPN 7") > 1
    saved.write_bytes(content.replace(b"VPN 7", b"VPN X"))
    new = tmp_path / "new.sqlite"
    ended = call(_url(new), "db", "restore", saved)
    assert ended.is_refusal(6), ended
    assert "sha256" in ended.err
    assert f"{saved}.manifest.json" in ended.err
    assert not new.exists()
    Path(f"{saved}.manifest.json").unlink()
    assert call(_url(new), "db", "restore", saved).code == 0


def test_a_manifest_that_cannot_be_read_is_said(saved: Path, call: Call, tmp_path: Path) -> None:
    for text in (b"", b"[]", b"{}", b"\xff", b'{"counts": 7, "sha256": ""}'):
        Path(f"{saved}.manifest.json").write_bytes(text)
        assert call(_url(tmp_path / "new.sqlite"), "db", "restore", saved).is_refusal(2)
    assert not (tmp_path / "new.sqlite").exists()


def test_what_contradicts_itself_is_restored_and_told(
    used_file: Path, call: Call, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(used_file)) as other:
        other.execute("UPDATE ticket SET subject = 'changed behind its back' WHERE id = 7")
        other.commit()
    file = tmp_path / "saved.sqlite"
    assert call(_url(used_file), "db", "backup", file).code == 0
    ended = call(_url(tmp_path / "new.sqlite"), "db", "restore", file)
    assert ended.code == 6
    assert "ticket 7, subject" in ended.err
    assert _count(_url(tmp_path / "new.sqlite")) == 30


def test_a_board_open_on_the_target_is_not_replaced(
    used_file: Path, saved: Path, call: Call
) -> None:
    with looking_at(_url(used_file)) as board:
        board.all("SELECT 1 AS one FROM ticket")
        assert call(_url(used_file), *NEW, "late").code == 0
        assert call(_url(used_file), "db", "restore", saved).is_refusal(2)
        used_file.rename(used_file.with_name("away.sqlite"))
        assert call(_url(used_file), "db", "restore", saved).is_refusal(2)


@pytest.mark.parametrize("name", ODD)
def test_a_path_stands_for_itself(name: str, used_file: Path, call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "odd" / name
    folder.mkdir(parents=True)
    file = folder / f"{name}.sqlite"
    assert call(_url(used_file), "db", "backup", file).code == 0
    wanted = {file.name, f"{file.name}.manifest.json"}
    assert set(os.listdir(folder)) == wanted
    assert os.listdir(tmp_path / "odd") == [name]
    assert call(_url(folder / "new.sqlite"), "db", "restore", file).code == 0
    assert len(call(_url(file), "ticket", "list", "-o", "jsonl").out.splitlines()) == 30
    assert call(_url(file), "ticket", "note", "1", "--body", "x").code == 0
    assert set(os.listdir(folder)) == {*wanted, "new.sqlite"}


def test_a_failed_backup_leaves_nothing(used_file: Path, call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "to"
    folder.mkdir()
    (folder / "taken.sqlite").write_text("x")
    (folder / "log.sqlite-wal").write_text("x")
    (folder / "note.sqlite.manifest.json").mkdir()
    before = sorted(os.listdir(folder))
    for name in ("taken.sqlite", "log.sqlite", "note.sqlite", "no/such/folder.sqlite"):
        assert call(_url(used_file), "db", "backup", folder / name).is_refusal(2), name
        assert sorted(os.listdir(folder)) == before
    with closing(sqlite3.connect(used_file)) as other:
        other.execute("PRAGMA foreign_keys = OFF")
        other.execute("INSERT INTO watcher (ticket_id, person_id) VALUES (999, 999)")
        other.commit()
    ended = call(_url(used_file), "db", "backup", folder / "new.sqlite")
    assert ended.is_refusal(6), ended
    assert sorted(os.listdir(folder)) == before


def test_files_beside_a_backup_are_private_and_lead_nowhere(
    used_file: Path, call: Call, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    file = tmp_path / "saved.sqlite"
    for name in ("saved.sqlite.manifest.json", ".saved.sqlite.part", ".new.sqlite.part"):
        (tmp_path / name).symlink_to(victim)
    before = os.umask(0)
    try:
        assert call(_url(used_file), "db", "backup", file).code == 0
        assert call(_url(tmp_path / "new.sqlite"), "db", "restore", file).code == 0
    finally:
        os.umask(before)
    assert victim.read_text() == "mine"
    for one in (file, Path(f"{file}.manifest.json"), tmp_path / "new.sqlite"):
        assert not one.is_symlink()
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
