"""A real IMAP server (pymap) for tests, and a line to it that can be cut at any word."""

import asyncio
import base64
import logging
import socket
import ssl
import threading
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, DictBackend
from pymap.imap import IMAPServer, IMAPService
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.flag import Flag
from pysasl.hashing import BuiltinHash

T = TypeVar("T")
USER, PASSWORD = "help", "correct horse"


class _Settled(Config):
    """A server without what `lacking` names; capabilities are told after signing in only."""

    lacking: Sequence[bytes] = ()

    @property
    def login_capability(self) -> Sequence[bytes]:
        return [one for one in super().login_capability if one not in self.lacking]

    @property
    def greeting(self) -> bytes:
        return b"ready"


class Server:
    """Runs in a thread of its own; a test puts mail into it and asks what is there."""

    def __init__(
        self, lacking: Sequence[bytes], context: ssl.SSLContext | None, starttls: bool
    ) -> None:
        self._starttls = starttls
        self._loop = asyncio.new_event_loop()
        self._context = context
        self._lacking = lacking
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.port = self.do(self._start())

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something inside the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def put(self, *mails: bytes, folder: str = "INBOX", flags: Sequence[bytes] = ()) -> None:
        """Deliver mails."""
        self.do(self._put(mails, folder, flags))

    def mails(self, folder: str = "INBOX") -> list[tuple[bytes, bool]]:
        """Give (raw mail, whether it is marked as read) of a folder."""
        return self.do(self._mails(folder))

    @property
    def idling(self) -> bool:
        """Tell whether a client is told of new mail at once; saying IDLE is a little earlier."""
        return bool(self._set._inbox._updated._listeners)  # type: ignore[attr-defined]

    def folders(self) -> set[str]:
        """Give the names of all folders."""
        return {"INBOX", *self._set._set}

    def renumber(self) -> None:
        """Number the mails of INBOX anew, as a server does that was restored from a backup."""
        box = self._set._inbox
        box._uid_validity += 7
        found = list(box._messages.values())
        box._messages = {n: type(one).copy(one, uid=n) for n, one in enumerate(found, 1)}
        box._max_uid = len(found)

    def stop(self) -> None:
        """End it and every connection."""
        with suppress(Exception):
            self.do(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _start(self) -> int:
        logging.getLogger("pymap").setLevel(logging.CRITICAL)
        own = {"ssl_context": self._context} if self._starttls else {}
        backend, config = await DictBackend.init(
            _arguments(self._starttls), hash_context=BuiltinHash(rounds=1), **own
        )
        config.__class__ = _Settled
        config.lacking = self._lacking  # type: ignore[attr-defined]
        config.apply_context()
        self._config = config
        async with backend.login.demo_user_identity.new_session() as session:
            self._set = session.mailbox_set
        reader = ProxyProtocolReader(config.proxy_protocol)
        self._server = await asyncio.start_server(
            reader.get_callback(IMAPServer(backend.login, config)),
            "127.0.0.1",
            0,
            ssl=None if self._starttls else self._context,
        )
        return int(self._server.sockets[0].getsockname()[1])

    async def _stop(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self._config.cpu_subsystem._executor.shutdown(wait=True)  # type: ignore[attr-defined]

    async def _put(self, mails: Sequence[bytes], folder: str, flags: Sequence[bytes]) -> None:
        box = await self._set.get_mailbox(folder)
        for raw in mails:
            marks = frozenset(Flag(flag) for flag in flags)
            await box.append(AppendMessage(raw, datetime.now(UTC), marks), recent=True)

    async def _mails(self, folder: str) -> list[tuple[bytes, bool]]:
        box = await self._set.get_mailbox(folder)
        return [
            (bytes(one._content or b""), Flag(rb"\Seen") in one.permanent_flags)
            async for one in box.messages()
        ]


def _arguments(starttls: bool) -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("--debug", action="store_true")
    DictBackend.add_subparser("dict", parser.add_subparsers())
    IMAPService.add_arguments(parser)
    parser.set_defaults(passlib_cfg=None)
    words = ["dict", "--demo-user", USER, "--demo-password", PASSWORD]
    return parser.parse_args(words if starttls else ["--no-tls", *words])


@contextmanager
def imap_server(
    lacking: Sequence[bytes] = (),
    context: ssl.SSLContext | None = None,
    starttls: bool = False,
) -> Iterator[Server]:
    """Run a server for the time of a test."""
    server = Server(lacking, context, starttls)
    try:
        yield server
    finally:
        server.stop()


class Line:
    """A TCP line to a server that can be cut at a word the client says, or told to say nothing."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.cut_before = b""
        """The line breaks before the server hears this word."""
        self.cut_after = b""
        """The line breaks when the server has answered this word in part."""
        self.refused: dict[bytes, bytes] = {}
        """Word of a client → what it is answered instead, after its tag."""
        self.once: dict[bytes, Callable[[], None]] = {}
        """Word of a client → what happens once, before the server hears it."""
        self.token = ""
        """Signing in by XOAUTH2 with this token is understood, as big providers do."""
        self.said: list[bytes] = []
        """What clients have said, in order."""
        self.calls = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._answer, daemon=True).start()

    def cut(self) -> None:
        """Cut every connection now."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open = []

    def close(self) -> None:
        """Cut and listen no more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _answer(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            server = socket.create_connection(("127.0.0.1", self._to))
            self._open += [client, server]
            for ends in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, asked: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if asked:
                    self.said.append(data)
                    if self.cut_before and self.cut_before in data:
                        break
                    data = self._own_answer(source, data)
                elif self.cut_after and self.said and self.cut_after in self.said[-1]:
                    target.sendall(data[: len(data) // 2])
                    break
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _own_answer(self, client: socket.socket, data: bytes) -> bytes:
        """Answer in the server's place where that is wanted; gives what the server hears."""
        tag = data.split(b" ")[0]
        for word in [word for word in self.once if word in data]:
            self.once.pop(word)()
        for word, answer in self.refused.items():
            if word in data:
                client.sendall(tag + b" " + answer + b"\r\n")
                return b""
        if not (self.token and b"AUTHENTICATE XOAUTH2" in data):
            return data
        client.sendall(b"+ \r\n")
        told = base64.b64decode(client.recv(65_536))
        right = told == f"user={USER}\1auth=Bearer {self.token}\1\1".encode()
        return tag + f' LOGIN {USER} "{PASSWORD if right else "wrong"}"\r\n'.encode()


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Lay a line to a port for the time of a test."""
    line = Line(port)
    try:
        yield line
    finally:
        line.close()
