"""A read error that passes is not called damage: it is looked at twice."""

import sqlite3
from pathlib import Path

import pytest

from deskterm.domain.errors import DatabaseError
from tests.faults.conftest import Call
from tests.faults.crowd import looking_at
from tests.faults.power import watched


@pytest.mark.parametrize("words", [("ticket", "list"), ("ticket", "show", "1"), ("db", "check")])
def test_a_read_error_that_passes_is_told_as_that(
    used_file: Path, call: Call, words: tuple[str, ...]
) -> None:
    url = f"sqlite:///{used_file}"
    with watched() as disk:
        for _ in range(3):
            disk.failing = 1
            ended = call(url, *words)
            assert disk.failing == 0
            assert ended.is_refusal(6), ended
            assert "a second look found it whole" in ended.err
            assert "damaged" not in ended.err
            assert "restore" not in ended.err
        assert call(url, *words).code == 0


def test_a_read_error_that_lasts_is_the_disks(used_file: Path, call: Call) -> None:
    with watched() as disk:
        disk.failing = 10_000
        ended = call(f"sqlite:///{used_file}", "ticket", "list")
    assert ended.is_refusal(6), ended
    assert "the disk reports an error" in ended.err
    assert "damaged" not in ended.err


def test_the_word_of_the_driver_alone_is_not_believed(used_file: Path) -> None:
    for word in ("database disk image is malformed", "file is not a database"):
        with (
            looking_at(f"sqlite:///{used_file}") as database,
            pytest.raises(DatabaseError, match="found it whole"),
            database.translating_errors(),
        ):
            raise sqlite3.DatabaseError(word)


def test_damage_that_a_second_look_sees_too_is_called_so(used_file: Path, call: Call) -> None:
    content = bytearray(used_file.read_bytes())
    for page in range(4096, len(content), 4096):
        content[page : page + 64] = b"\xa5" * 64
    used_file.write_bytes(content)
    ended = call(f"sqlite:///{used_file}", "ticket", "list")
    assert ended.is_refusal(6), ended
    assert "is damaged; restore a backup" in ended.err
