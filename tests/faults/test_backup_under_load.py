"""What was acknowledged before a backup under load, or before a kill, is there after a restore."""

from pathlib import Path

from tests.faults.crowd import ROUNDS
from tests.faults.under_load import wrong_after


def test_backups_under_load_and_what_a_kill_left_come_back_whole(
    sqlite_url: str, tmp_path: Path
) -> None:
    assert wrong_after(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path, 3 * ROUNDS) == []
