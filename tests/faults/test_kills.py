"""`kill -9` of real processes at random moments: nothing lost, nothing doubled, the desk whole."""

import random
import subprocess
import sys
import time

from deskterm.cli.main import run
from tests.faults.crowd import (
    ROUNDS,
    Acknowledged,
    client,
    effects,
    looking_at,
    lost,
    plan,
    untrue,
    work_off,
)


def test_killed_clients_lose_nothing_and_double_nothing(database_url: str) -> None:
    """Fails without operation ids: a command done but not acknowledged is then done again."""
    chance = random.Random(20261122)
    commands = plan(chance, 50 * ROUNDS)
    acknowledged: list[Acknowledged] = []
    killed = 0
    with looking_at(database_url) as database:
        for heard in work_off(database_url, commands, chance, kills=10 * ROUNDS):
            killed += heard.killed
            acknowledged += heard.acknowledged
            assert lost(database, acknowledged) == []
        assert len(acknowledged) == len(commands)
        assert killed >= 5 * ROUNDS
        assert untrue(database, acknowledged) == []


def test_a_command_done_but_not_acknowledged_is_not_done_again(database_url: str) -> None:
    kinds = ("new", "note", "reply", "assign", "set")
    commands = [one for one in plan(random.Random(1), 60) if one.kind in kinds][:6]
    with client(database_url, commands, mute=6) as process:
        assert process.wait() == -9
    with client(database_url, commands) as process:
        assert process.stdout is not None
        assert process.stdout.read().split() == [b"ready", *[b"0"] * 6]
    with looking_at(database_url) as database:
        assert untrue(database, [Acknowledged(one, 0) for one in commands]) == []


def test_a_recurring_date_is_opened_once_whenever_the_worker_is_killed(database_url: str) -> None:
    given = ("--template", "backup", "--requester", "ada@example.org", "--ahead", "120")
    made = (
        ("person", "set", "ada@example.org"),
        ("ticket-template", "add", "backup", "--subject", "{today}"),
        ("recurring", "add", "backups", "--rule", "daily", *given),
    )
    assert [run(["--db", database_url, *one]) for one in made] == [0, 0, 0]
    command = [sys.executable, "-m", "deskterm", "--db", database_url, "recurring", "run"]
    there = "SELECT count(*) AS n, count(DISTINCT subject) AS days FROM ticket"
    with looking_at(database_url) as database:
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as worker:
            while database.returned(there)["n"] < 3 and worker.poll() is None:
                time.sleep(0.01)
            worker.kill()
        before = database.returned(there)["n"]
        assert before < 121
        assert run(["--db", database_url, "recurring", "run"]) == 0
        row = database.returned(there)
        assert (row["n"], row["days"]) == (121, 121)
        dates = database.returned("SELECT count(*) AS n FROM recurring_made")
        assert dates["n"] == 121


def test_without_operation_ids_the_same_fault_doubles(database_url: str) -> None:
    """The control: the same client, killed at the same moment, asked again without its ids."""
    commands = [one for one in plan(random.Random(2), 60) if one.kind in ("new", "note")][:4]
    with client(database_url, commands, with_id=False, mute=4) as process:
        assert process.wait() == -9
    with client(database_url, commands[3:], with_id=False) as process:
        process.wait()
    with looking_at(database_url) as database:
        assert [effects(database, one) for one in commands] == [1, 1, 1, 2]
