"""Only `db init`, the very first start and the demo make a desk; one that has gone is told."""

import os
from pathlib import Path

import pytest

from deskterm import known
from deskterm.bootstrap import open_desk
from deskterm.domain.errors import DatabaseError
from deskterm.settings import load
from deskterm.storage.changes import Changes
from tests.builders import open_ticket
from tests.faults.conftest import Call, Ended

LIST = ("ticket", "list")
EVERY = (
    LIST,
    ("ticket", "new", "--from", "ada@example.org", "--subject", "x"),
    ("db", "status"),
    ("db", "check"),
    ("db", "upgrade"),
    ("search", "vpn"),
    ("work", "--once"),
)


@pytest.fixture
def unnamed(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """Call without --db; the address of the desk is in the environment."""

    def calling(url: str, *words: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setenv("DESKTERM_DB", url)
        return call("", *words, stdin=stdin)

    return calling


def test_a_named_file_that_is_not_there_is_never_made(call: Call, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    for words in EVERY:
        ended = call(url, *words)
        assert ended.is_refusal(6), (words, ended)
        assert f"deskterm --db {url} db init" in ended.err
    assert call(url, "mail", "receive", stdin=b"From: a@b.example\r\n\r\nx").is_refusal(75)
    assert os.listdir(tmp_path) == ["home"]
    assert call(url, "db", "init").code == 0
    assert call(url, *LIST).code == 0


def test_an_empty_file_is_not_filled_by_the_way(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "empty.sqlite"
    file.touch()
    ended = call(f"sqlite:///{file}", *LIST)
    assert ended.is_refusal(6), ended
    assert "db init" in ended.err
    assert file.stat().st_size == 0
    assert call(f"sqlite:///{file}", "db", "init").code == 0
    assert call(f"sqlite:///{file}", *LIST).code == 0


def test_the_first_start_makes_the_desk_and_no_later_one(unnamed: Call, tmp_path: Path) -> None:
    file = tmp_path / "desk.sqlite"
    url = f"sqlite:///{file}"
    assert unnamed(url, *EVERY[1]).code == 0
    file.rename(tmp_path / "away.sqlite")
    for words in EVERY:
        assert unnamed(url, *words).is_refusal(6), words
    assert unnamed(url, "mail", "receive", stdin=b"From: a@b.example\r\n\r\nx").is_refusal(75)
    assert not file.exists()
    (tmp_path / "away.sqlite").rename(file)
    assert len(unnamed(url, *LIST, "-o", "jsonl").out.splitlines()) == 1
    file.unlink()
    assert unnamed(url, "db", "init").code == 0
    assert unnamed(url, *LIST).code == 0


def test_a_desk_that_was_replaced_between_two_commands_is_told_once(
    unnamed: Call, tmp_path: Path
) -> None:
    file, other = tmp_path / "desk.sqlite", tmp_path / "other.sqlite"
    url = f"sqlite:///{file}"
    assert unnamed(url, *LIST).code == 0
    assert unnamed(url, *LIST).err == ""
    backup = tmp_path / "backup.sqlite"
    assert unnamed(url, "db", "backup", backup).code == 0
    other.write_bytes(file.read_bytes())
    other.replace(file)
    assert "another one than last time" in unnamed(url, *LIST).err
    assert unnamed(url, *LIST).err == ""
    for one in tmp_path.glob("desk.sqlite*"):
        one.unlink()
    assert unnamed(url, "db", "restore", backup).code == 0
    assert unnamed(url, *LIST).err == ""


def test_where_it_cannot_be_noted_nothing_is_made_unasked(
    unnamed: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in-the-way").touch()
    monkeypatch.setenv("DESKTERM_DATA", str(tmp_path / "in-the-way"))
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    assert unnamed(url, *LIST).is_refusal(6)
    assert not (tmp_path / "desk.sqlite").exists()
    assert unnamed(url, "db", "init").code == 0
    assert unnamed(url, *LIST).code == 0


def test_a_named_desk_is_not_noted(sqlite_url: str, call: Call) -> None:
    assert call(sqlite_url, *LIST).code == 0
    assert not known.may_begin(load({"db": sqlite_url}))
    assert not (Path.home() / ".local/share/deskterm/desks").exists()


@pytest.mark.parametrize("what", ["moved", "deleted", "replaced"])
def test_an_open_desk_never_goes_over_to_another_file(
    what: str, sqlite_url: str, sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "desk.sqlite"
    desk = open_desk(load({"db": sqlite_url}, as_login="cy"))
    changes = Changes(sqlite_url)
    changes.wait(0)
    open_ticket(desk)
    away = tmp_path / "away.sqlite"
    file.rename(away)
    if what == "deleted":
        away.unlink()
    if what == "replaced":
        file.write_bytes(sqlite_template.read_bytes())
    sentence = "replaced by another file" if what == "replaced" else "was moved or deleted"
    before = sorted(os.listdir(tmp_path))
    for _ in range(2):
        with pytest.raises(DatabaseError, match=sentence):
            open_ticket(desk)
        with pytest.raises(DatabaseError, match=sentence):
            desk.tickets.show(1)
        with pytest.raises(DatabaseError, match=sentence):
            changes.wait(0)
    assert [one for one in sorted(os.listdir(tmp_path)) if one not in before] == []
    if what == "replaced":
        assert file.read_bytes() == sqlite_template.read_bytes()
    if what != "deleted":
        away.replace(file)
        assert open_ticket(desk) == 2
        changes.wait(0)
    changes.close()
    desk.close()
