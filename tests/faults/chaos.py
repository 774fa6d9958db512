"""Faults of every kind, one after another from a seed, amid clients that repeat what was unclear.

Two clients work at once; the fault strikes the first of them, its server or its link. What was not
clearly answered is asked for again under the same id. `Trial.run` gives what each fault did. Where
that takes longer than it ever may, every process writes where it stands, and the trial ends.
"""

import faulthandler
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from deskterm.storage import deadline
from deskterm.storage.backup import restore
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from tests.faults import post
from tests.faults.crowd import Acknowledged, Command, client, looking_at, plan, untrue
from tests.faults.forked import Before, Child, Nursery, nurseries
from tests.faults.relay import Fault, Relay, relay
from tests.postgres import Cluster

UNCLEAR = 6
"""The exit code of what may be asked for again."""
_CHUNK = 3
"""Commands of each client a fault."""
_HUNG = 120.0
"""Seconds that a fault is given until all is clear; what takes longer hangs."""
_CODES = ("40001", "40P01", "55P03", "53100", "53200", "57014", "53300")
"""Serialization, deadlock, lock, disk, memory, cancelled, too many: as a server says them."""
_TRAP = """
CREATE SEQUENCE trap_left START 1000000;
CREATE TABLE trap (code text);
CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE code text;
BEGIN
  IF nextval('trap_left') = 100 THEN
    SELECT trap.code INTO code FROM public.trap;
    RAISE EXCEPTION 'a fault of the trial' USING ERRCODE = code;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER trap AFTER INSERT OR UPDATE ON ledger FOR EACH ROW EXECUTE FUNCTION trap();
CREATE TRIGGER trap AFTER INSERT OR UPDATE ON ticket FOR EACH ROW EXECUTE FUNCTION trap();
CREATE CONSTRAINT TRIGGER trap_late AFTER INSERT ON ledger DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION trap();
"""
"""Raises a fault of the server's at one of the next changes; a sequence is not rolled back."""


class World:
    """A desk that faults befall, with what they need of it."""

    def __init__(self, url: str, folder: Path, server: Cluster | None = None) -> None:
        self.direct, self.url, self.folder, self.server = url, url, folder, server
        """By `direct` the trial looks at it, by `url` clients use it."""
        self.stacks = folder / "stacks"
        """Where processes write where they stand, when asked."""
        self.link: Relay | None = None
        self.wrong: list[str] = []
        """What was found wrong on the way."""
        self.patience = deadline.SECONDS
        """Seconds that clients wait for a link that is silent."""
        self.nurseries: tuple[Nursery, Nursery]
        self.crew: post.Senders
        self.post: post.Post

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return "sqlite" if self.server is None else "postgresql"

    def asked(self, sql: str, **params: object) -> None:
        """Let the server do something, over a connection of its own."""
        with closing(connect(self.direct)) as database:
            database.all(sql, **params)


@contextmanager
def world(folder: Path, server: Cluster | None = None) -> Iterator[World]:
    """Make the desk, with a post office and senders, and a relay before a server."""
    url = f"sqlite:///{folder / 'desk.sqlite'}" if server is None else server.url()
    with ExitStack() as stack:
        made = World(url, folder, server)
        if server is None:
            with closing(connect(url, new=True)) as database:
                upgrade(database)
        else:
            with closing(connect(url)) as database:
                database.connection.execute(_TRAP)
            made.link = stack.enter_context(relay(("127.0.0.1", server.port)))
            made.url = f"postgresql://postgres@127.0.0.1:{made.link.port}/desk"
        with closing(connect(url)) as database:
            database.run("INSERT INTO desk_setting (key, value) VALUES ('mail.most_per_hour', '0')")
        made.post, port = stack.enter_context(post.post_office())
        made.crew = stack.enter_context(post.senders(url, port))
        made.nurseries = stack.enter_context(nurseries(made.stacks))
        yield made


During = Callable[[World, random.Random, Child], None]
"""Strikes while a client works; returns when it is over."""


class Kind(NamedTuple):
    """One kind of fault: its name, where it can be, how often it is chosen, what it does."""

    name: str
    where: str
    weight: int
    during: During | None = None
    before: Callable[[World, random.Random], Before] | None = None
    """Gives what is done in the client before it begins."""


# --- to a client's process ----------------------------------------------------------------


def _killed(_: World, chance: random.Random, client: Child) -> None:
    time.sleep(chance.random() * 0.25)  # the moment of the fault
    client.kill()


def _mute(_: World, chance: random.Random) -> Before:
    return Before("mute", chance.randint(1, _CHUNK))


def _clock(_: World, chance: random.Random) -> Before:
    year = 86_400 * 400
    return Before("clock", chance.choice([-year, -3_600, -7, 9, 3_600, year]))


def _no_room(at: World, chance: random.Random) -> Before:
    largest = max(one.stat().st_size for one in at.folder.glob("desk.sqlite*"))
    return Before("room", chance.choice([4_096, 60_000, largest, largest + 5_000]))


def _unreadable(_: World, chance: random.Random) -> Before:
    return Before("unreadable", chance.randint(1, 3))


# --- beside it ----------------------------------------------------------------------------


_HOLDS = """
import sqlite3, sys, time
other = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=20)
other.execute("BEGIN IMMEDIATE")
time.sleep(float(sys.argv[2]))
"""
"""A program of its own: the process that forks clients holds no connection to the file."""


def _file_locked(at: World, chance: random.Random, _: Child) -> None:
    file = at.direct.removeprefix("sqlite:///")
    command = [sys.executable, "-c", _HOLDS, file, str(chance.random() * 1.5)]
    subprocess.run(command, check=True, timeout=60)


def _rows_locked(at: World, chance: random.Random, _: Child) -> None:
    table = chance.choice(["ticket", "counter", "person"])
    with closing(connect(at.direct)) as other:
        other.begin()
        other.all(f"SELECT * FROM {table} FOR UPDATE")
        time.sleep(chance.random() * 1.5)
        other.rollback()


def _trapped(at: World, chance: random.Random, _: Child) -> None:
    with closing(connect(at.direct)) as other:
        other.run("DELETE FROM trap")
        other.run("INSERT INTO trap VALUES (:code)", code=chance.choice(_CODES))
        other.all("SELECT setval('trap_left', :left)", left=99 - chance.randrange(6))


def _cut(fault: Fault) -> During:
    def cutting(at: World, _: random.Random, client: Child) -> None:
        del client
        assert at.link is not None
        at.link.due.append(fault)

    return cutting


def _restarted(mode: str) -> During:
    def restart(at: World, chance: random.Random, _: Child) -> None:
        assert at.server is not None
        time.sleep(chance.random() * 0.3)
        at.server.restart(mode)

    return restart


def _sessions_ended(at: World, chance: random.Random, _: Child) -> None:
    time.sleep(chance.random() * 0.3)
    at.asked(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _sender_killed(at: World, chance: random.Random, _: Child) -> None:
    step = chance.choice(post.STEPS)

    def watch(seen: str) -> bool:
        if seen == step:
            at.crew.kill()
        return seen == step

    at.post.at = watch
    at.crew.run()
    at.post.at = lambda _: False
    with looking_at(at.direct) as database:
        post.free_what_died(database)


def _half_a_copy(at: World, chance: random.Random, _: Child) -> None:
    """A copy that is killed is no copy, or a whole one."""
    file = at.folder / f"copy-{chance.getrandbits(40)}.sqlite"
    copying = Command("", "backup", ("db", "backup", str(file)), "")
    with client(at.url, [copying], with_id=False) as other:
        assert other.stdout is not None
        other.stdout.readline()  # it has loaded
        time.sleep(chance.random() * 0.4)
    target = file.with_name(f"restored-{file.name}")
    with suppress(FileNotFoundError):
        try:
            if file.exists() and restore(file, target)["contradictions"]:
                at.wrong.append(f"{file.name} is no whole copy")
        except Exception as error:  # noqa: BLE001 - each is told
            at.wrong.append(f"{file.name}: {error}")
    for one in at.folder.glob(f"*{file.name}*"):
        one.unlink()


KINDS = (
    Kind("client killed at a random moment", "both", 20, _killed),
    Kind("client killed between commit and answer", "both", 8, before=_mute),
    Kind("clock wrong, by seconds or a year", "both", 6, before=_clock),
    Kind("sender killed amid letters", "both", 6, _sender_killed),
    Kind("no room on the disk", "sqlite", 8, before=_no_room),
    Kind("read error", "sqlite", 5, before=_unreadable),
    Kind("file locked by another program", "sqlite", 5, _file_locked),
    Kind("copy killed half-way", "sqlite", 4, _half_a_copy),
    Kind("rows locked by another session", "postgresql", 5, _rows_locked),
    Kind("server refuses: serialization, deadlock, lock, disk", "postgresql", 10, _trapped),
    Kind("link cut before the commit arrives", "postgresql", 6, _cut(Fault.BEFORE)),
    Kind("link cut before the answer arrives", "postgresql", 6, _cut(Fault.AFTER)),
    Kind("link silent", "postgresql", 1, _cut(Fault.SILENT)),
    Kind("server crashes and starts again", "postgresql", 3, _restarted("immediate")),
    Kind("server restarts", "postgresql", 2, _restarted("fast")),
    Kind("sessions ended by the server", "postgresql", 5, _sessions_ended),
)


class Struck(NamedTuple):
    """One fault that was tried, and how long the slowest answer took until all was clear."""

    kind: str
    longest: float


class Trial:
    """Faults one after another on one desk, and what must be true in the end."""

    def __init__(self, at: World, seed: int) -> None:
        self._at = at
        self._chance = random.Random(f"{at.dialect} {seed}")
        self._plans = [iter(plan(self._chance, 100_000 // 50)) for _ in range(2)]
        self.acknowledged: list[Acknowledged] = []
        self.repeated = 0
        """How often commands were asked for again."""

    def run(self, kind: Kind) -> Struck:
        """Let one fault strike two clients at work, and each repeat until it is answered."""
        lots = [[next(one) for _ in range(_CHUNK)] for one in self._plans]
        slowest = [0.0, 0.0]

        def beside() -> None:
            slowest[1] = self._cleared(1, lots[1])

        with _watched(self._at):
            other = threading.Thread(target=beside)
            other.start()
            slowest[0] = self._cleared(0, lots[0], kind)
            other.join()
        if self._at.link is not None:
            self._at.link.due.clear()
        return Struck(kind.name, max(slowest))

    def _cleared(self, lane: int, left: Sequence[Command], kind: Kind | None = None) -> float:
        """Ask until each command was clearly answered; gives the slowest answer in seconds."""
        slowest = 0.0
        for _ in range(300):
            before = [Before("patience", self._at.patience)]
            if kind is not None and kind.before is not None:
                before.append(kind.before(self._at, self._chance))
            with self._at.nurseries[lane].client(self._at.url, left, before) as one:
                heard: list[tuple[int, float]] = []
                listening = threading.Thread(target=_listen, args=(one, heard))
                listening.start()
                if kind is not None and kind.during is not None:
                    kind.during(self._at, self._chance, one)
                listening.join()
            kind = None
            slowest = max([slowest, *(seconds for _, seconds in heard)])
            answered = list(zip(left, (code for code, _ in heard), strict=False))
            clear = [Acknowledged(what, code) for what, code in answered if code != UNCLEAR]
            self.acknowledged += clear
            done = {one.command.op for one in clear}
            left = [one for one in left if one.op not in done]
            if not left:
                return slowest
            self.repeated += len(left)
            time.sleep(0.05)  # as whoever asks again does
        raise AssertionError(f"not answered in 300 tries: {left}")

    def wrong(self) -> list[str]:
        """Give a sentence for everything that is lost, doubled or untrue in the end."""
        self._at.crew.run()
        with looking_at(self._at.direct) as database:
            if self._at.dialect == "postgresql":
                database.all("SELECT setval('trap_left', 1000000)")
            letters = post.untrue(database, self._at.post.kept)
            late = [one for one in letters if "withdrawn" not in one]  # an undo in time did that
            return [*self._at.wrong, *untrue(database, self.acknowledged), *late]


@contextmanager
def _watched(at: World) -> Iterator[None]:
    """Where the block hangs, write where every process stands, end them, and raise."""
    hung = threading.Event()

    def end() -> None:
        hung.set()
        _say_where(at)
        for one in at.nurseries:
            if one.child is not None:
                one.child.kill()

    watching = threading.Timer(_HUNG, end)
    watching.daemon = True
    watching.start()
    try:
        yield
    finally:
        watching.cancel()
    assert not hung.is_set(), f"not over in {_HUNG:.0f} s: where all stood is above"


def _say_where(at: World) -> None:
    """Write to stderr the stacks of all processes, and what the server has in hand."""
    for one in at.nurseries:
        one.say_where()
    time.sleep(1)  # they write by themselves, and nobody says when that is done
    with at.stacks.open("a+") as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        sys.stderr.write(file.read())
    if at.server is not None:
        with looking_at(at.direct) as database:
            for row in database.all(
                "SELECT pid, state, wait_event, pg_blocking_pids(pid) AS behind, query "
                "FROM pg_stat_activity WHERE datname = current_database()"
            ):
                sys.stderr.write(f"{dict(row)}\n")


def _listen(client: Child, heard: list[tuple[int, float]]) -> None:
    """Note each answer with the seconds it took."""
    assert client.stdout is not None
    since = time.monotonic()
    for line in client.stdout:
        now = time.monotonic()
        if line != b"ready\n":
            heard.append((int(line), now - since))
        since = now


def chosen(at: World, chance: random.Random, count: int) -> list[Kind]:
    """Choose faults by their weights; of each kind that the database can have at least one."""
    kinds = [one for one in KINDS if one.where in ("both", at.dialect)]
    rest = chance.choices(kinds, [one.weight for one in kinds], k=max(0, count - len(kinds)))
    together = [*kinds, *rest][:count]
    chance.shuffle(together)
    return together


__all__ = ["KINDS", "Kind", "Struck", "Trial", "World", "chosen", "world"]
