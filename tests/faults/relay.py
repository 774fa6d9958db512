"""A relay before a PostgreSQL: it cuts connections around a commit, or falls silent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum


class Fault(StrEnum):
    """What happens to a commit on its way."""

    BEFORE = "cut before the server has it"
    AFTER = "cut when the server has stored it"
    SILENT = "neither passed on nor answered"


class Relay:
    """Listens on this machine and passes on, but for the faults that are due.

    `due` has them, the next last; a commit that comes takes one.
    """

    def __init__(self, target: str | tuple[str, int]) -> None:
        self.due: list[Fault] = []
        self.struck: list[Fault] = []
        self.shut = False
        """True while new connections are refused, as by a server that is away."""
        self._target = target
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Listen no more."""
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self.shut:
                    client.close()
                else:
                    threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _connected(self) -> socket.socket:
        if isinstance(self._target, tuple):
            return socket.create_connection(self._target)
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._target)
        return server

    def _pass_on(self, client: socket.socket) -> None:
        """Pass on what the client says; what comes back is passed on by a thread of its own.

        The server is told of every end: a socket that is only closed stays while that thread reads.
        """
        with suppress(OSError), client, self._connected() as server:
            deaf = threading.Event()
            back = threading.Thread(target=_answers, args=(server, client, deaf), daemon=True)
            back.start()
            try:
                self._listen(client, server, deaf)
            finally:
                _shut(server)
            back.join()

    def _listen(self, client: socket.socket, server: socket.socket, deaf: threading.Event) -> None:
        while said := client.recv(1 << 16):
            fault = self.due.pop() if b"COMMIT\0" in said and self.due else None
            if fault is not None:
                self.struck.append(fault)
            if fault is Fault.AFTER:
                deaf.set()  # its answer is the next thing that comes back
            if fault is Fault.BEFORE:
                return
            if fault is not Fault.SILENT:
                server.sendall(said)


def _answers(server: socket.socket, client: socket.socket, deaf: threading.Event) -> None:
    """Pass on answers until one is to be withheld: then both ends are shut."""
    with suppress(OSError):
        while said := server.recv(1 << 16):
            if deaf.is_set():
                break
            client.sendall(said)
    _shut(client)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


@contextmanager
def relay(target: str | tuple[str, int]) -> Iterator[Relay]:
    """Give a relay before a server at a socket's path, or at (host, port)."""
    made = Relay(target)
    try:
        yield made
    finally:
        made.close()
