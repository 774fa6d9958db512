"""`python -m bench.outbox [LETTERS] [URL]`: letters a second, rendered and frozen, and by SMTP.

Without a URL a new SQLite file in a temporary folder is used. The SMTP server is a process of its
own on loopback; each letter is committed as sent before the next one leaves.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.begin import begin
from deskterm import settings
from deskterm.bootstrap import Desk, open_desk
from deskterm.domain.requests import NewTicket
from deskterm.services.outbox.claims import Claims
from deskterm.services.outbox.public_view import read_edited, read_face

_SERVER = """
import sys
from tests.mail.smtp_server import smtp_server
with smtp_server() as server:
    print(server.port, flush=True)
    sys.stdin.read()
    print(len(server.mails))
"""


def main(letters: int, url: str) -> None:
    """Print both rates."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        flags = {
            "db": url,
            "smtp_host": "127.0.0.1",
            "smtp_port": int(server.stdout.readline()),
            "smtp_security": "none",
        }
        begin(url)
        desk = open_desk(settings.load(flags, as_login="cy"))
        desk.desk_settings.set("mail.most_per_hour", "0")
        _write(desk, letters)
        _print("rendered and frozen, 10 a transaction", letters, _freeze(desk))
        _write(desk, letters)
        started = time.perf_counter()
        sent = desk.outbox.send(at_once=True).sent
        _print("rendered, frozen and sent by SMTP", sent, time.perf_counter() - started)
        desk.close()
        received, _ = server.communicate()
    print(f"the server has {received.strip()} mails")


def _write(desk: Desk, letters: int) -> None:
    desk.tickets.new_many(
        [
            NewTicket(requester=f"p{number}@example.org", subject="Printer", body="It is broken.")
            for number in range(letters)
        ]
    )


def _freeze(desk: Desk) -> float:
    """Claim and freeze everything, as a sender does; give the seconds, then mark it as sent."""
    started = time.perf_counter()
    with desk.store.reading() as database:
        face, edited = read_face(database), read_edited(database)
        claims = Claims("bench", at_once=True)
        for groups in claims.groups(database):
            claims.take(database, groups, face, edited)
        taken = time.perf_counter() - started
        database.run("UPDATE outbox SET state = 'sent'")
    return taken


def _print(what: str, letters: int, seconds: float) -> None:
    print(f"{what}: {letters} in {seconds:.2f} s, {letters / seconds:,.0f} a second")


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        given = sys.argv[2] if len(sys.argv) > 2 else f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        main(wanted, given)
