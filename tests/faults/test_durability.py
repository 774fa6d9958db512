"""What is acknowledged is on the disk: the settings, and images of the files at that moment.

What these tests can and cannot see. `kill -9` ends a process, not the machine: what was written but
not synced survives it in the page cache, so that no kill can tell `synchronous=OFF` from `FULL`,
and a copy of the files reads through the same cache. Therefore the settings are asserted on every
way to open the database, and images show the rest: that an acknowledged operation is whole in the
files as they stand (what FULL has synced), that a torn tail behind it harms nothing, and that
losing what stands before it (what OFF or NORMAL allow a power cut to do) is seen as a loss.
With `synchronous=OFF` `test_every_connection_is_durable` fails. Power cuts (`power.py`) see what
was synced and what was only written: they tell FULL from NORMAL, while a connection is held open.
"""

import random
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from deskterm.storage import sqlite
from deskterm.storage.driver import connect
from deskterm.storage.session import session_on
from deskterm.storage.store import Store
from tests.faults.conftest import Call
from tests.faults.crowd import Acknowledged, client, looking_at, lost, plan, untrue
from tests.faults.cuts import Cut, Run, cut_under_a_board

WANTED = {
    "synchronous": 2,
    "journal_mode": "wal",
    "foreign_keys": 1,
    "recursive_triggers": 1,
    "busy_timeout": 30_000,
}
FULL = 2


def _settings(connection: sqlite3.Connection) -> dict[str, object]:
    return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED}


def test_every_connection_is_durable(sqlite_url: str) -> None:
    """Also a session's, which lends the same connection, and one from the pool used again."""
    database = connect(sqlite_url)
    assert _settings(database.connection) == WANTED
    with session_on(database) as session:
        driver = session.connection().connection.driver_connection
        assert driver is database.connection
        assert driver is not None
        assert driver.execute("PRAGMA synchronous").fetchone()[0] == FULL
    database.close()
    store = Store(sqlite_url)
    for models in (False, True):
        with store.work("cy", models=models) as work:
            work.claim("note")
            row = work.spine.one("PRAGMA synchronous")
            assert row is not None
            assert row["synchronous"] == FULL
    store.close()


def test_an_existing_file_that_left_wal_is_brought_back(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    other = sqlite3.connect(file)
    other.execute("PRAGMA journal_mode = DELETE")
    other.close()
    with looking_at(sqlite_url) as database:
        assert _settings(database.connection) == WANTED


def test_the_server_may_not_answer_before_it_has_written(postgres_url: str) -> None:
    """Our connections do not weaken what the server promises; the test server itself does."""
    with looking_at(postgres_url) as database:
        rows = database.all(
            "SELECT name, source FROM pg_settings WHERE name IN ('synchronous_commit', 'fsync')"
        )
    assert {row["source"] for row in rows} <= {"default", "configuration file"}


def test_under_an_open_board_a_power_cut_takes_nothing_acknowledged(
    sqlite_url: str, call: Call, tmp_path: Path
) -> None:
    """A board keeps the log from being written into the file and synced whenever a command ends."""
    cut = cut_under_a_board(_file(sqlite_url), _runner(sqlite_url, call), tmp_path, 12, 60)
    assert cut == Cut(60, 0, [])


@pytest.mark.parametrize("weaker", ["NORMAL", "OFF"])
def test_without_full_syncs_the_same_power_cuts_lose_what_was_acknowledged(
    weaker: str, sqlite_url: str, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the images see a setting that is too weak."""
    weak = tuple(one.replace("FULL", weaker) for one in sqlite._PRAGMAS)
    monkeypatch.setattr(sqlite, "_PRAGMAS", weak)
    cut = cut_under_a_board(_file(sqlite_url), _runner(sqlite_url, call), tmp_path, 12, 60)
    assert cut.losing > 20


def _file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _runner(url: str, call: Call) -> Run:
    return lambda words: call(url, *words[2:]).code


def _image(file: Path, folder: Path) -> Path:
    """Copy the database and its log as they stand now.

    By another process: closing a copied file here would drop this process's locks on it.
    """
    folder.mkdir()
    log = file.with_name(f"{file.name}-wal")
    subprocess.run(["cp", str(file), str(log), str(folder)], check=True)
    return folder / file.name


@pytest.fixture
def images(sqlite_url: str, tmp_path: Path) -> list[tuple[Path, list[Acknowledged]]]:
    """Images taken whenever a client acknowledged a command, while a reader holds the log open."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    commands = plan(random.Random(7), 12)
    heard: list[Acknowledged] = []
    taken = []
    with looking_at(sqlite_url) as reader:
        reader.all("SELECT 1 FROM ticket")
        with client(sqlite_url, commands) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            for command in commands:
                heard.append(Acknowledged(command, int(process.stdout.readline())))
                taken.append((_image(file, tmp_path / f"image{len(heard)}"), list(heard)))
    return taken


def test_an_image_at_each_acknowledgement_holds_all_that_was_acknowledged(
    images: list[tuple[Path, list[Acknowledged]]],
) -> None:
    for image, heard in images:
        with looking_at(f"sqlite:///{image}") as database:
            assert lost(database, heard) == []
            rows = database.all("PRAGMA integrity_check")
            assert [row["integrity_check"] for row in rows] == ["ok"]
    image, heard = images[-1]
    with looking_at(f"sqlite:///{image}") as database:
        assert untrue(database, heard) == []


def test_a_torn_tail_behind_the_acknowledged_harms_nothing(
    images: list[tuple[Path, list[Acknowledged]]],
) -> None:
    """A power cut leaves any part of what was written after the last sync, or rubbish in it."""
    chance = random.Random(3)
    (earlier, heard), (later, _) = images[5], images[-1]
    synced = earlier.with_name(f"{earlier.name}-wal").stat().st_size
    log = later.with_name(f"{later.name}-wal").read_bytes()
    assert len(log) > synced
    for place in range(12):
        kept = chance.randrange(synced, len(log))
        tail = bytearray(log[synced:kept])
        for _ in range(place):
            if tail:
                tail[chance.randrange(len(tail))] ^= 0xFF
        torn = earlier.parent / f"torn{place}.sqlite"
        shutil.copy(later, torn)
        torn.with_name(f"{torn.name}-wal").write_bytes(log[:synced] + bytes(tail))
        with looking_at(f"sqlite:///{torn}") as database:
            assert lost(database, heard) == []
            assert [one for one in untrue(database, heard) if "nobody asked" not in one] == []


def test_losing_what_was_not_synced_is_seen_as_a_loss(
    images: list[tuple[Path, list[Acknowledged]]],
) -> None:
    """The control: an image that lacks the end of the log, as a power cut without syncs leaves."""
    image, heard = images[-1]
    log = image.with_name(f"{image.name}-wal")
    log.write_bytes(log.read_bytes()[: log.stat().st_size // 2])
    with looking_at(f"sqlite:///{image}") as database:
        assert lost(database, heard) != []
