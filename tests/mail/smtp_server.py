"""A small real SMTP server for tests: it answers as told and keeps what it was given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Server(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.answers: dict[str, str] = {}
        """Command → the answer to give instead of 250; `close` ends the connection."""
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.connections = 0

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])


class _Conversation(socketserver.StreamRequestHandler):
    server: Server

    def handle(self) -> None:
        self.server.connections += 1
        self.sender, self.recipients = "", [""]
        self._say("220 test ready")
        while line := self.rfile.readline().decode("utf-8").strip():
            verb, _, rest = line.partition(" ")
            told = self.server.answers.get(verb.upper())
            if told == "close" or verb.upper() == "QUIT":
                return
            if told:
                self._say(told)
            elif not self._do(verb.upper(), rest):
                return

    def _do(self, verb: str, rest: str) -> bool:
        """Follow one command; gives whether the conversation goes on."""
        if verb == "MAIL":
            self.sender, self.recipients = rest, []
        elif verb == "RCPT":
            self.recipients.append(rest)
        elif verb == "DATA":
            return self._data()
        self._say("250 ok")
        return True

    def _data(self) -> bool:
        self._say("354 go on")
        body = self._body()
        final = self.server.answers.get(".", "250 kept")
        if final.startswith(("250", "close")):
            self.server.mails.append((self.sender, self.recipients, body))
        if final == "close":
            return False
        self._say(final)
        return True

    def _body(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def smtp_server() -> Iterator[Any]:
    """Run the server for the time of a test."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
