"""Ports that mail is handed over at: opened by `deskterm work`, on this machine only by default."""

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.storage.store import Store


class Place(NamedTuple):
    """Where to listen, and in which language."""

    kind: str
    """lmtp or smtp."""
    host: str
    port: int


def read_place(kind: str, text: str) -> Place:
    """Read HOST:PORT; raises UsageError."""
    host, _, port = text.strip().rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or int(port[:6]) > 65_535:
        raise UsageError(f"--{kind} {text[:60]!r}: write HOST:PORT, such as 127.0.0.1:2424.")
    return Place(kind, host.strip("[]"), int(port))


def refuse_strangers(place: Place) -> None:
    """Raise RefusedError where not only this machine could hand mail over."""
    try:
        found = socket.getaddrinfo(place.host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UsageError(f"--{place.kind}: there is no host {place.host!r}.") from error
    addresses = {str(one[4][0]).partition("%")[0] for one in found}
    if not all(ipaddress.ip_address(one).is_loopback for one in addresses):
        raise RefusedError(
            f"--{place.kind} {place.host}: whoever reaches that address could open tickets in "
            "anybody's name. Use 127.0.0.1, or say --allow-remote behind a firewall."
        )


class Doors:
    """The open ports of one process, in a thread of their own."""

    def __init__(
        self, store: Store, places: Sequence[Place], largest: int, news: Callable[[], None]
    ) -> None:
        from deskterm.services.mailboxes.lmtp import Receiving

        self._handler = Receiving(store, largest, news)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="lmtp", daemon=True)
        self._thread.start()
        self._servers: list[asyncio.Server] = []
        self.places: list[Place] = []
        """Where they listen; a port that was 0 is the one that was given."""
        try:
            for place in places:
                self._open(place)
        except BaseException:
            self.close()
            raise

    def _open(self, place: Place) -> None:
        try:
            server = asyncio.run_coroutine_threadsafe(self._listen(place), self._loop).result()
        except OSError as error:
            reason = error.strerror or str(error)
            raise RefusedError(
                f"--{place.kind} {place.host}:{place.port} cannot be opened ({reason})."
            ) from error
        self._servers.append(server)
        self.places.append(place._replace(port=server.sockets[0].getsockname()[1]))

    async def _listen(self, place: Place) -> asyncio.Server:
        from deskterm.services.mailboxes.lmtp import protocol

        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: protocol(place.kind, self._handler, loop), place.host, place.port
        )

    def close(self) -> None:
        """Close the ports; a mail that is being committed is waited for."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        mine = asyncio.current_task()
        others = [task for task in asyncio.all_tasks() if task is not mine]
        await asyncio.get_running_loop().run_in_executor(None, self._handler.pool.shutdown)
        for _ in range(3):
            await asyncio.sleep(0)  # so that what was committed is answered
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await asyncio.get_running_loop().shutdown_default_executor()
