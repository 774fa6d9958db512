"""Many writers at once: none fails, nothing is lost; a server that restarts loses nothing."""

import threading
from collections.abc import Iterator

import pytest

from tests.faults.crowd import ROUNDS, Acknowledged, looking_at, together, untrue
from tests.postgres import Cluster, cluster

WRITERS = 8


def test_eight_processes_write_to_one_file_and_none_fails(database_url: str) -> None:
    length = 6 * ROUNDS
    heard = together(database_url, WRITERS, length)
    assert len(heard) == WRITERS * length
    assert {one.code for one in heard} <= {0, 3, 5}
    assert sum(one.code == 0 for one in heard) > len(heard) // 2
    done = [one for one in heard if one.code == 0]
    with looking_at(database_url) as database:
        assert untrue(database, done) == []


@pytest.fixture(scope="module")
def own_server() -> Iterator[Cluster]:
    with cluster() as made:
        yield made


def test_a_server_that_crashes_under_load_loses_and_doubles_nothing(own_server: Cluster) -> None:
    """Writers repeat under the same id what was not answered; they go on until it crashed twice."""
    ended = threading.Event()
    faults = 0

    def disturb() -> None:
        nonlocal faults
        for mode in ("immediate", "fast", "backends", "immediate") * ROUNDS:
            if ended.wait(0.7):
                return
            if mode == "backends":
                _terminate_all(own_server.url())
            else:
                own_server.restart(mode)
            faults += 1

    fault = threading.Thread(target=disturb)
    fault.start()
    heard: list[Acknowledged] = []
    rounds = 0
    while faults < 2 and rounds < 20:
        heard += together(own_server.url(), 3, 24 * ROUNDS, tries=200, first=3 * rounds)
        rounds += 1
    ended.set()
    fault.join()
    assert faults >= 2
    done = [one for one in heard if one.code == 0]
    assert len(heard) == rounds * 3 * 24 * ROUNDS
    with looking_at(own_server.url()) as database:
        assert untrue(database, done) == []


def _terminate_all(url: str) -> None:
    with looking_at(url) as database:
        database.all(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = 'desk' AND pid <> pg_backend_pid()"
        )
