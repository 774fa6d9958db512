"""Real client processes that are killed, and what must be true of the desk afterwards.

A plan is a list of commands, each under an operation id of its own. A client works it off; when it
is killed the next one goes on from the first command that was not acknowledged, under the same id.
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, NamedTuple, Protocol
from uuid import UUID

from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import Database, connect
from deskterm.storage.soundness import trouble

WORKER = Path(__file__).with_name("worker.py")
ROUNDS = int(os.environ.get("DESKTERM_FAULT_ROUNDS", "1"))
"""How many times the usual number of faults; CI makes few."""
_AT_ONCE = 8
"""A client that shall be killed is given so many commands."""


class Command(NamedTuple):
    """One command of a plan; `mark` is the text by which its effect is found."""

    op: str
    kind: str
    words: tuple[str, ...]
    mark: str

    def arguments(self, url: str, *, with_id: bool = True) -> list[str]:
        """Give the command line."""
        named = ["--op", self.op] if with_id else []
        return ["--db", url, "--as", "cy", *self.words, *named]


class Acknowledged(NamedTuple):
    """A command that a client saw end, with its exit code."""

    command: Command
    code: int


KINDS = ("new", "new", "note", "note", "reply", "assign", "set", "step", "wait", "escalate")
REFUSED = {0, 2, 3, 4, 5}
"""Done, or refused for what the command asks; anything else is a failure."""
LATER = ("solve", "verify", "close", "reopen", "link", "merge", "undo", "undo")


def plan(chance: random.Random, length: int) -> list[Command]:
    """Give mixed commands: the first opens a ticket; some will be refused by the lifecycle."""
    made = [_command(chance, "new", 1, "")]
    opened = 1
    while len(made) < length:
        kind = chance.choice((*KINDS, *LATER))
        earlier = chance.choice(made).op
        made.append(_command(chance, kind, chance.randint(1, opened), earlier))
        opened += kind == "new"
    return made


def _command(chance: random.Random, kind: str, number: int, earlier: str) -> Command:
    op = str(UUID(int=chance.getrandbits(128), version=4))
    mark = f"mark {op}"
    other = str(chance.randint(1, number))
    words = {
        "new": ("--from", "ada@example.org", "--subject", mark),
        "note": ("--body", mark),
        "reply": ("--body", mark),
        "assign": ("--to", chance.choice(["me", "none"])),
        "set": (chance.choice(["--urgent", "--not-urgent"]), "--field", f"os={op[:2]}"),
        "step": (chance.choice(["greet", "reproduce", "propose"]),),
        "wait": ("--for", "customer", "--until", "3d"),
        "escalate": ("--group", "second level", "--summary", mark),
        "solve": ("--resolution", mark),
        "verify": ("--by", "craft", "--result", "ok"),
        "close": ("--as", "unsolved", "--reason", mark),
        "reopen": ("--reason", mark),
        "link": ("--to", other),
        "merge": ("--into", other),
        "undo": (),
    }[kind]
    if kind == "undo":
        return Command(op, kind, ("undo", earlier), mark)
    target = () if kind == "new" else (str(number),)
    return Command(op, kind, ("ticket", kind, *target, *words), mark)


@contextmanager
def client(
    url: str, commands: Sequence[Command], *, with_id: bool = True, mute: int = 0
) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a client on these commands; it is dead when the block ends."""
    process = subprocess.Popen(
        [sys.executable, str(WORKER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DESKTERM_FAULT_MUTE": str(mute)},
    )
    assert process.stdin is not None
    try:
        lines = [json.dumps(one.arguments(url, with_id=with_id)) for one in commands]
        process.stdin.write("".join(line + "\n" for line in lines).encode())
        process.stdin.close()
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


class Heard(NamedTuple):
    """What one client acknowledged, and whether it was killed before its end."""

    acknowledged: list[Acknowledged]
    killed: bool


class Process(Protocol):
    """A client at work."""

    stdout: IO[bytes] | None

    def kill(self) -> None:
        """Kill it."""

    def wait(self) -> int:
        """Wait for its end; gives its code, negative after a signal."""


Start = Callable[[str, Sequence[Command]], AbstractContextManager[Process]]
"""Starts a client on commands."""


def work_off(
    url: str,
    commands: Sequence[Command],
    chance: random.Random,
    kills: int,
    start: Start = client,
) -> Iterator[Heard]:
    """Work a plan off; so many clients are killed at random moments, the last one is not."""
    left = list(commands)
    while left:
        with start(url, left[:_AT_ONCE] if kills else left) as process:
            codes = _until_killed(process, chance) if kills else _codes(process)
            killed = process.wait() == -signal.SIGKILL
        kills -= killed
        acknowledged = zip(left, codes, strict=False)
        yield Heard([Acknowledged(command, code) for command, code in acknowledged], killed)
        left = left[len(codes) :]


def _until_killed(process: Process, chance: random.Random) -> list[int]:
    """Let a client acknowledge a few commands, then kill it some milliseconds later."""
    assert process.stdout is not None
    heard = []
    if chance.random() < 0.9:
        for _ in range(chance.randint(1, 4)):
            heard.append(process.stdout.readline())
    time.sleep(chance.random() * 0.03)  # the moment of the fault, not a wait for a result
    process.kill()
    rest = process.stdout.read()
    lines = [*b"".join(heard).split(b"\n"), *rest.split(b"\n")]
    return [int(line) for line in lines if line and line != b"ready"]


def _codes(process: Process) -> list[int]:
    assert process.stdout is not None
    return [int(line) for line in process.stdout.read().split() if line != b"ready"]


def _repeated(url: str, seed: int, length: int, tries: int, start: Start) -> list[Acknowledged]:
    """Be a client that repeats, under the same id, whatever was not clearly answered."""
    kinds = ("new", "note", "reply", "assign", "set", "reopen", "solve")
    commands = [one for one in plan(random.Random(seed), length * 6) if one.kind in kinds]
    left: list[Command] = commands[:length]
    heard: list[Acknowledged] = []
    for _ in range(tries):
        with start(url, left) as process:
            assert process.stdout is not None
            codes = [int(line) for line in process.stdout.read().split() if line != b"ready"]
        clear = [Acknowledged(one, code) for one, code in zip(left, codes, strict=False)]
        heard += [one for one in clear if one.code != 6]
        answered = {one.command.op for one in heard}
        left = [one for one in left if one.op not in answered]
        if not left:
            return heard
    raise AssertionError(f"not answered in {tries} tries: {left}")


def together(
    url: str,
    writers: int,
    length: int,
    tries: int = 1,
    first: int = 0,
    start: Start = client,
) -> list[Acknowledged]:
    """Run the writers at the same time and gather what they heard."""
    heard: list[Acknowledged] = []
    failures: list[BaseException] = []

    def one(seed: int) -> None:
        try:
            heard.extend(_repeated(url, seed, length, tries, start))
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=one, args=(first + n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    return heard


def lost(database: Database, acknowledged: Sequence[Acknowledged]) -> list[str]:
    """Give the acknowledged commands whose operation is not there."""
    known = {row["id"] for row in database.all("SELECT id FROM operation")}
    done = [one.command for one in acknowledged if one.code == 0]
    return [str(command) for command in done if command.op not in known]


def untrue(database: Database, acknowledged: Sequence[Acknowledged]) -> list[str]:
    """Give a sentence for everything that is wrong once every command was acknowledged."""
    found = [f"lost: {one}" for one in lost(database, acknowledged)]
    known = {row["id"] for row in database.all("SELECT id FROM operation")}
    for command, code in acknowledged:
        if code not in REFUSED:
            found.append(f"code {code}: {command}")
        if code and command.op in known:
            found.append(f"refused, yet done: {command}")
        if not code and (times := effects(database, command)) != 1:
            found.append(f"done {times} times: {command}")
    stray = known - {one.command.op for one in acknowledged}
    found += [f"an operation nobody asked for: {one}" for one in stray]
    return [*found, *trouble(database), *_gaps(database)]


def effects(database: Database, command: Command) -> int:
    """Count how often a command took effect, found by its mark."""
    if command.kind == "new":
        text = "SELECT count(*) AS n FROM ticket WHERE subject = :mark"
    elif command.kind in ("note", "reply"):
        text = "SELECT count(*) AS n FROM ledger WHERE text = :mark"
    else:
        return 1
    row = database.one(text, mark=command.mark)
    return int(row["n"]) if row else 0


def _gaps(database: Database) -> list[str]:
    """Ticket numbers run without gaps; every entry is of an operation and of the vocabulary."""
    row = database.one(
        "SELECT count(*) AS n, max(id) AS last, "
        "(SELECT value FROM counter WHERE name = 'ticket') AS counted FROM ticket"
    )
    assert row is not None
    found = [] if row["n"] == row["last"] == row["counted"] else [f"numbers: {dict(row)}"]
    words = {one["event"] for one in database.all("SELECT DISTINCT event FROM ledger")}
    return found + [f"no event: {word}" for word in words - set(Event)]


@contextmanager
def looking_at(url: str) -> Iterator[Database]:
    """Lend a connection to look at what is there."""
    database = connect(url)
    try:
        yield database
    finally:
        database.close()
