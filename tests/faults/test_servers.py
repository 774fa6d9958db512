"""Servers that die, links that are cut: nothing acknowledged is lost, nothing is done twice."""

import asyncio
import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import pytest

from deskterm import settings
from deskterm.app import DeskApp
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.asking import How
from deskterm.domain.errors import (
    DatabaseError,
    DeskError,
    RefusedError,
    UnclearError,
    UpgradedError,
)
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Note, Take
from deskterm.services.team import Team
from deskterm.storage import schema, store
from deskterm.storage.changes import Changes
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from deskterm.widgets.ticket_table import TicketTable
from tests.builders import count
from tests.faults.chaos import KINDS, Trial, world
from tests.faults.conftest import Call
from tests.faults.crowd import Acknowledged, Command, looking_at, together, untrue
from tests.faults.relay import Fault, Relay, relay
from tests.postgres import Cluster, cluster, free_port


class Pair:
    """A server and its standby, behind one URL that names both."""

    def __init__(self, first: Cluster) -> None:
        self.first = first
        self.standby = first.followed(first.data.with_name("standby"))
        self.url = f"postgresql://postgres@{first.place},{self.standby.place}/desk"
        self.heard: list[Acknowledged] = []

    def desk(self) -> Desk:
        """Open the desk on whichever is written to."""
        return open_desk(settings.load({"db": self.url}, as_login="cy"))

    def new(self, subject: str) -> None:
        """Open a ticket, and note that it was acknowledged."""
        with closing(self.desk()) as desk:
            asked = NewTicket("ada@example.org", subject, "it hangs", urgent=True)
            done = desk.tickets.new(asked)
        self.heard.append(Acknowledged(Command(done.operation_id, "new", (), subject), 0))


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    with cluster() as first:
        yield Pair(first)


async def _until(true: Callable[[], object]) -> None:
    while not true():
        await asyncio.sleep(0.01)


def _acknowledged(url: str) -> int:
    with looking_at(url) as database:
        return int(database.returned("SELECT count(*) AS n FROM operation")["n"])


def test_a_standby_is_read_and_refuses_a_change_with_what_to_do(pair: Pair) -> None:
    alone = settings.load({"db": pair.standby.url()}, as_login="cy")
    with closing(open_desk(alone)) as standby:
        with Changes(pair.standby.url()) as feed:
            assert feed.wait(0)
            pair.new("VPN")
            while not feed.wait(0.05):
                pass
        while not standby.board.count("is:any"):
            pass
        with pytest.raises(DatabaseError, match=r"is read-only now: it is a standby"):
            standby.tickets.new(NewTicket("ada@example.org", "VPN", "it hangs"))


def test_a_login_that_is_refused_at_the_door_or_dropped_at_work_is_told_what_to_do(
    pair: Pair,
) -> None:
    server = pair.first
    with closing(pair.desk()) as desk, closing(connect(server.url())) as owner:
        team = Team(desk)
        for login in ("ann", "eve"):
            team.add(login, "technician", team.kept(login, "secret word"))
        with closing(open_desk(settings.load({"db": server.url(user="eve")}))) as gone:
            team.remove("eve")
            owner.run("DROP ROLE eve")
            with pytest.raises(DeskError) as dropped:
                gone.tickets.new(NewTicket("ada@example.org", "VPN", "it hangs"))
        assert str(dropped.value).endswith(".")
        own = "host all,replication postgres 127.0.0.1/32 trust"
        server.let_in(own, "host all all 127.0.0.1/32 scram-sha-256")
        server.reload()
        url = server.url(user="ann:{}")
        while _refusal(url.format("wrong")) == "":
            pass
        assert _refusal(url.format("secret%20word")) == ""
        owner.run("ALTER ROLE ann VALID UNTIL '2001-01-01'")
        assert "has expired" in _refusal(url.format("secret%20word"))
        assert "~/.pgpass" in _refusal(server.url(user="ann"))
        owner.run("ALTER ROLE ann VALID UNTIL 'infinity' CONNECTION LIMIT 0")
        assert "The server is full" in _refusal(url.format("secret%20word"))
        for row in owner.all("SELECT id, kind FROM operation WHERE kind LIKE 'team%'"):
            pair.heard.append(Acknowledged(Command(row["id"], row["kind"], (), ""), 0))


def _refusal(url: str) -> str:
    try:
        connect(url).close()
    except DatabaseError as error:
        return str(error)
    return ""


async def test_the_first_server_dies_and_the_standby_goes_on_with_all_that_was_acknowledged(
    pair: Pair,
) -> None:
    """A board is open and three clients write; every commit waits for both (`synchronous`).

    The last of the tests that use the pair: one of it is gone afterwards.
    """
    pair.new("before")
    heard, known = pair.heard, len(pair.heard)
    app = DeskApp(pair.desk, settings.load({"db": pair.url}, as_login="cy"))
    writers = threading.Thread(
        target=lambda: heard.extend(together(pair.url, 3, 12, tries=200)), daemon=True
    )
    async with app.run_test(size=(80, 24)):
        await _until(lambda: app.is_open)
        writers.start()
        while await asyncio.to_thread(_acknowledged, pair.first.url()) < 6:
            await asyncio.sleep(0.01)
        pair.first.kill()
        await _until(lambda: app.edges.lost)
        await asyncio.to_thread(pair.standby.promote)
        await _until(lambda: not app.edges.lost)
        await asyncio.to_thread(writers.join)
        await asyncio.to_thread(pair.new, "after")
        table = app.screen.query_one(TicketTable)
        await _until(lambda: _shows(table, "after"))
    app.close_desk()
    assert len(heard) == known + 3 * 12 + 1
    with looking_at(pair.url) as database:
        assert untrue(database, [one for one in heard if one.code == 0]) == []


def _shows(table: TicketTable, subject: str) -> bool:
    rows = [table.rows.get(number) for number in list(table.ids)[:50]]
    return any(row is not None and row.subject == subject for row in rows)


class Link:
    """A desk behind a relay."""

    def __init__(self, between: Relay, url: str) -> None:
        self.relay = between
        name = url.rpartition("?")[0].rpartition("/")[2]
        self.desk = open_desk(
            settings.load({"db": f"postgresql://postgres@127.0.0.1:{between.port}/{name}"})
        )

    def new(self, op: str | None = None) -> Done:
        """Open the ticket."""
        return self.desk.tickets.new(NewTicket("ada@example.org", "once", "x"), How(op))


@pytest.fixture
def link(postgres_url: str) -> Iterator[Link]:
    folder = postgres_url.rpartition("host=")[2]
    with relay(f"{folder}/.s.PGSQL.5432") as between:
        made = Link(between, postgres_url)
        yield made
        made.desk.close()


def test_a_commit_that_was_stored_and_not_answered_is_done_and_is_done_once(link: Link) -> None:
    """Fails where a lost answer is taken for a failure: whoever repeats then does it twice."""
    link.relay.due.append(Fault.AFTER)
    done = link.new()
    assert link.relay.struck == [Fault.AFTER]
    assert (done.tickets, done.repeated, count(link.desk, "ticket")) == ((1,), False, 1)


def test_a_commit_that_did_not_arrive_is_refused_and_nothing_was_kept(link: Link) -> None:
    link.relay.due.append(Fault.BEFORE)
    with pytest.raises(DatabaseError, match="Nothing half-done was kept; try again") as refused:
        link.new()
    assert not isinstance(refused.value, UnclearError)
    assert count(link.desk, "ticket") == 0
    assert link.new().tickets == (1,)


def test_what_nobody_can_say_names_how_to_ask_again(
    link: Link, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server stores it and is away afterwards."""
    monkeypatch.setattr(store, "_UNCLEAR", 0.5)
    link.relay.due.append(Fault.AFTER)
    link.relay.shut = True
    with pytest.raises(UnclearError, match=r"not known.*--op") as unclear:
        link.new()
    link.relay.shut = False
    done = link.new(str(unclear.value).partition("--op ")[2].partition(":")[0])
    assert (done.tickets, done.repeated, count(link.desk, "ticket")) == ((1,), True, 1)


def test_a_connection_that_ended_while_nobody_used_it_is_not_noticed(link: Link) -> None:
    """Fails where the first action after a server's restart is refused for its dead connection."""
    link.new()
    with link.desk.store.reading() as database:
        mine = database.returned("SELECT pg_backend_pid() AS pid")["pid"]
    with link.desk.store.reading() as one, link.desk.store.reading() as other:
        other.all("SELECT pg_terminate_backend(:pid)", pid=mine)
        while not one.outdated:
            pass
    assert link.new().tickets == (2,)


def test_an_upgrade_waits_for_what_is_under_way_and_the_old_program_writes_no_more(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails where an operation that began before the upgrade ends in tables it does not know."""
    before, newest = schema.KNOWN[-2:]
    url = postgres_server.format(name=f"rolling_{os.getpid()}")
    with closing(connect(postgres_server.format(name="postgres"))) as admin:
        admin.run(f"CREATE DATABASE rolling_{os.getpid()}")
    with closing(connect(url)) as database, closing(connect(url)) as looking:
        upgrade(database, before)
        monkeypatch.setattr(schema, "HEAD", before)
        old = store.Store(url)
        with old.work("cy") as work:
            work.claim("note")
            monkeypatch.setattr(schema, "HEAD", newest)
            upgrading = threading.Thread(target=upgrade, args=(database,))
            upgrading.start()
            while looking.one("SELECT 1 AS n FROM pg_locks WHERE NOT granted") is None:
                pass
        upgrading.join()
        monkeypatch.setattr(schema, "HEAD", before)
        with pytest.raises(UpgradedError, match=f"upgraded to schema {newest} while"):  # noqa: SIM117
            with old.work("cy") as work:
                work.claim("note")
        kept = looking.all("SELECT kind FROM operation WHERE id = :id", id=work.id)
        assert kept == []
        assert len(looking.all("SELECT id FROM operation WHERE kind = 'note'")) == 1
        old.close()


@contextmanager
def _pool(server: Cluster, folder: Path) -> Iterator[str]:
    """Run pgbouncer before a server, a transaction at a time; gives its place in a URL."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip("pgbouncer is not installed here: apt-get install pgbouncer.")
    port, place = free_port(), f"host=127.0.0.1 port={server.port} dbname=desk"
    made, logins = folder / "pool.ini", folder / "logins.txt"
    logins.write_text('"ann" ""\n"wanda" ""\n"postgres" ""\n')
    made.write_text(
        f"[databases]\ndesk = {place}\nforced = {place} user=postgres\n[pgbouncer]\n"
        f"listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\nauth_type = trust\n"
        f"auth_file = {logins}\npool_mode = transaction\ndefault_pool_size = 2\n"
    )
    made.chmod(0o644)
    with server.beside(program, made) as process:
        while process.poll() is None and not _answers(port):
            pass
        yield f"127.0.0.1:{port}"


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def _as(place: str, login: str, name: str = "desk") -> Desk:
    return open_desk(settings.load({"db": f"postgresql://{login}@{place}/{name}"}))


def test_behind_a_pool_of_transactions_each_is_who_they_are_and_changes_are_seen(
    call: Call,
) -> None:
    """Four sessions share two connections; who acts, locks, snapshots and news all hold."""
    with cluster() as server, _pool(server, server.data.parent) as place:
        with closing(open_desk(settings.load({"db": server.url()}))) as owner:
            Team(owner).add("ann", "technician")
            Team(owner).add("wanda", "worker")
        with (
            closing(_as(place, "ann")) as desk,
            closing(_as(place, "wanda")) as worker,
            Changes(f"postgresql://wanda@{place}/desk") as feed,
        ):
            assert feed.wait(0)
            number = desk.tickets.new(NewTicket("Ada <ada@example.org>", "VPN", "hangs")).tickets
            desk.tickets.do(number, Take())
            assert worker.jobs.run_once(0).held
            while not feed.wait(0.1):
                pass
            with pytest.raises(RefusedError, match="knows you as ann"):
                desk.tickets.do(number, Note("forged"), How(actor="wanda"))
            done = count(desk, "operation", "actor = 'ann' AND known_as = 'ann'")
        assert done == 2
        url = f"postgresql://postgres@{place}/desk"
        assert call(url, "export", server.data.parent / "out").code == 0
        assert call(url, "db", "check").code == 0
        said = call(url, "doctor", "-o", "tsv").out
        assert "through a pool: changes by others appear within two seconds" in said
        said = call(f"postgresql://ann@{place}/forced", "doctor", "-o", "tsv").out
        assert "a pool logs ann in as postgres, and so everybody" in said


@pytest.mark.parametrize("where", ["sqlite", "postgresql"])
def test_a_fault_of_each_kind_loses_and_doubles_nothing(where: str, tmp_path: Path) -> None:
    """`python -m bench.faults` has hundreds of them."""
    with ExitStack() as stack:
        server = stack.enter_context(cluster()) if where == "postgresql" else None
        at = stack.enter_context(world(tmp_path, server))
        at.patience = 1
        trial = Trial(at, seed=15)
        struck = [trial.run(one) for one in KINDS if one.where in ("both", where)]
        assert trial.wrong() == []
    assert max(one.longest for one in struck) <= 10
