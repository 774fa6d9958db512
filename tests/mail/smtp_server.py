"""A small real SMTP server for tests: it answers as told and keeps what it was given."""

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Key and certificate for localhost, for tests only; trusted where SSL_CERT_FILE names it."""


class Server(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50

    def __init__(self, tls: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.tls = tls
        """Encrypted from the first byte."""
        self.answers: dict[str, str] = {}
        """Command (or `greeting`, `.`) → the answer instead of 250; `close`, `hang` or `reset`."""
        self.offers: list[str] = []
        """What EHLO offers, such as STARTTLS or `AUTH PLAIN`."""
        self.injected = b""
        """What a man in the middle adds in plain behind the answer to STARTTLS."""
        self.most = 0
        """So many mails a connection, then 421; 0 is no limit."""
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.said: list[tuple[str, bool]] = []
        """Every command, and whether it came encrypted."""
        self.connections = 0
        self.watch: Callable[[str], object] = lambda _: None
        """Called with each command before it is answered."""
        self.ended = threading.Event()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no trouble of ours."""


class _Conversation(socketserver.BaseRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        self.sender, self.recipients, self.taken = "", [""], 0
        self.encrypted = False
        with suppress(OSError):
            if self.server.tls:
                self._encrypt()
            self.file = self.request.makefile("rb")
            self.server.watch("greeting")
            told = self._told("greeting")
            if told is None:
                self._say("220 test ready")
            while told is not False and self._next():
                pass
        self.request.close()

    def _next(self) -> bool:
        line = self.file.readline().decode("utf-8").strip()
        verb, _, rest = line.partition(" ")
        verb = verb.upper()
        if not verb:
            return False
        self.server.said.append((f"{verb} {rest}".strip(), self.encrypted))
        self.server.watch(verb)
        told = self._told(verb)
        if told is None:
            return verb != "QUIT" and self._do(verb, rest)
        return told

    def _told(self, verb: str) -> bool | None:
        """Answer as the test told; gives whether the conversation goes on, None where untold."""
        told = self.server.answers.get(verb)
        if told is None:
            return None
        if told == "hang":
            self.server.ended.wait(30)
        if told in ("close", "hang"):
            return False
        self._say(told)
        return True

    def _do(self, verb: str, rest: str) -> bool:
        """Follow one command; gives whether the conversation goes on."""
        if verb == "EHLO":
            lines = ["test", *self.server.offers]
            self._say(
                "\r\n".join(f"250-{line}" for line in lines[:-1])
                + "\r\n" * (len(lines) > 1)
                + f"250 {lines[-1]}"
            )
            return True
        if verb == "STARTTLS":
            self._say("220 go on", self.server.injected)
            self._encrypt()
            self.file = self.request.makefile("rb")
            return True
        if verb == "MAIL":
            self.sender, self.recipients = rest, []
        elif verb == "RCPT":
            self.recipients.append(rest)
        elif verb == "DATA":
            return self._data()
        self._say("235 ok" if verb == "AUTH" else "250 ok")
        return True

    def _data(self) -> bool:
        self._say("354 go on")
        body = self._body()
        if body is None:
            return False
        final = self.server.answers.get(".", "250 kept")
        if final.startswith(("250", "close")):
            self.server.mails.append((self.sender, self.recipients, body))
            self.taken += 1
        self.server.watch(".")
        if final in ("close", "hang"):
            return bool(self._told("."))
        self._say(final)
        if self.taken == self.server.most:
            self._say("421 4.7.0 enough in one connection")
            return False
        return True

    def _body(self) -> bytes | None:
        lines: list[bytes] = []
        while (line := self.file.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _encrypt(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.encrypted = True

    def _say(self, text: str, more: bytes = b"") -> None:
        self.request.sendall(f"{text}\r\n".encode() + more)


@contextmanager
def smtp_server(tls: bool = False) -> Iterator[Server]:
    """Run the server for the time of a test."""
    with Server(tls) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            server.shutdown()
            thread.join()
