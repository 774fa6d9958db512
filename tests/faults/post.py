"""A post office on loopback (aiosmtpd) that kills senders, and the senders it kills."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Queue
from typing import Any, NamedTuple

from aiosmtpd.smtp import SMTP

from deskterm.storage.driver import Database

STEPS = ("connect", "EHLO", "MAIL", "RCPT", "DATA", "accepted", "QUIT")
"""`DATA`: the text came, nothing was kept. `accepted`: kept, and the sender never hears of it."""


class Kept(NamedTuple):
    """One mail as it was accepted."""

    message_id: str
    raw: bytes


class Post:
    """What happens at the post office."""

    def __init__(self) -> None:
        self.kept: list[Kept] = []
        self.at: Callable[[str], bool] = lambda _: False
        """Called at each step, before it is answered; tells whether the sender was killed."""

    def connect(self, server: SMTP) -> SMTP:
        self.at("connect")
        return server

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, _: Any, session: Any, __: Any, hostname: str, answers: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.at("EHLO")
        return answers

    async def handle_MAIL(  # noqa: N802
        self, _: Any, __: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        self.at("MAIL")
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _: Any, __: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        self.at("RCPT")
        return "250 OK"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        if self.at("DATA"):
            return "451 4.3.0 not kept"
        raw = bytes(envelope.original_content)
        (line,) = (one for one in raw.split(b"\r\n") if one.lower().startswith(b"message-id:"))
        self.kept.append(Kept(line.partition(b":")[2].strip().decode(), raw))
        self.at("accepted")
        return "250 kept"

    async def handle_QUIT(self, _: Any, __: Any, ___: Any) -> str:  # noqa: N802
        self.at("QUIT")
        return "221 bye"


@contextmanager
def post_office() -> Iterator[tuple[Post, int]]:
    """Run a post office; gives it and its port."""
    post, started = Post(), Queue[tuple[int, Callable[[], object]]]()
    thread = threading.Thread(target=asyncio.run, args=(_serve(post, started),))
    thread.start()
    port, stop = started.get()
    try:
        yield post, port
    finally:
        stop()
        thread.join()


async def _serve(post: Post, started: Queue[tuple[int, Callable[[], object]]]) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(
        lambda: post.connect(SMTP(post, hostname="localhost", enable_SMTPUTF8=True)), "127.0.0.1", 0
    )
    port = int(server.sockets[0].getsockname()[1])
    started.put((port, lambda: loop.call_soon_threadsafe(ended.set)))
    async with server:
        await ended.wait()


class Senders:
    """Starts senders, one after another, and can kill the one that runs."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._known = threading.Event()
        self._pid = 0

    def run(self) -> int:
        """Let one sender run to its end; gives how it ended, -9 where it was killed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._known.clear()
        self._process.stdin.write(b".")
        self._process.stdin.flush()
        self._pid = int(self._process.stdout.readline())
        self._known.set()
        return int(self._process.stdout.readline())

    def kill(self) -> None:
        """Kill the sender that runs."""
        self._known.wait()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


@contextmanager
def senders(url: str, port: int) -> Iterator[Senders]:
    """Have senders ready for a desk and a post office."""
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sender", url, str(port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}"},
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield Senders(process)
        finally:
            process.kill()


def free_what_died(database: Database) -> None:
    """Let the ten minutes pass that a dead sender's claims hold."""
    database.run(
        "UPDATE outbox SET held_until = :past WHERE state = 'claimed'", past="2000-01-01T00:00:00Z"
    )


def untrue(database: Database, kept: list[Kept]) -> list[str]:
    """Give what is wrong with what arrived: something lost, or doubled under another id or text."""
    found = []
    arrived: dict[str, set[bytes]] = {}
    for one in kept:
        arrived.setdefault(one.message_id, set()).add(one.raw)
    rows = database.all("SELECT id, message_id, state, sha256 FROM outbox ORDER BY id")
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(row["sha256"], row["message_id"])
        if row["state"] != "sent":
            found.append(f"letter {row['id']} is {row['state']}")
        elif first[row["sha256"]] not in arrived:
            found.append(f"letter {row['id']} is lost")
    found += [f"{name} has {len(raws)} texts" for name, raws in arrived.items() if len(raws) > 1]
    found += [f"{name} is nobody's" for name in arrived if name not in set(first.values())]
    return found
