"""`deskterm web`: the pages served by uvicorn until somebody ends it."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from deskterm.bootstrap import Desk
from deskterm.domain.errors import RefusedError
from deskterm.web.app import application

_WAITING = 2048
"""Connections that wait to be taken."""
_IDLE = 15
"""Seconds that a connection without a request is kept."""
_MANY = 500
"""Requests under way at once; more are told to come back."""


def serve(desk: Desk, place: tuple[str, int], base: str, told: Callable[[str], None]) -> None:
    """Serve the web face at (host, port) until a signal ends it; raises RefusedError.

    Nothing that opens a ticket is in what uvicorn logs: it logs no requests.
    """
    host, port = place
    config = uvicorn.Config(
        application(desk, base),
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # who is believed stands in the desk's settings
        limit_concurrency=_MANY,
        backlog=_WAITING,
        timeout_keep_alive=_IDLE,
        timeout_graceful_shutdown=10,
        lifespan="off",
    )
    logging.basicConfig(format="deskterm web: %(message)s", level=logging.WARNING)
    try:
        listening = socket.create_server(
            (host, port),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=_WAITING,
        )
    except OSError as error:
        raise RefusedError(f"{host}:{port} cannot be listened at: {error.strerror}.") from None
    taken = listening.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    told(f"The web face is at http://{shown}:{taken}{base}/ ; Ctrl+C ends it.")
    with listening:
        uvicorn.Server(config).run(sockets=[listening])
