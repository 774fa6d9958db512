"""When the connection drops or the machine goes down, what is being written is kept."""

import asyncio
import os
import signal
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

KEEPING = 3.0
"""Seconds that storing may take."""
ENDING = 5.0
"""Seconds after which the process ends although its terminal does not take its last words."""


class Kept(Protocol):
    """Something written that can be stored at once."""

    def put_now(self, desk: "Desk") -> None:
        """Store the newest state; nothing where it is stored already."""


class Ending(Protocol):
    """The app, as far as its end needs it."""

    @property
    def is_headless(self) -> bool:
        """True without a terminal."""

    @property
    def is_open(self) -> bool:
        """True once the desk can be asked."""

    @property
    def desk(self) -> "Desk":
        """The open desk."""

    @property
    def drafts(self) -> "OpenDrafts":
        """What is being written."""

    def exit(self, result: None = None, return_code: int = 0) -> None:
        """End the app."""


class OpenDrafts:
    """What is being written in an app just now."""

    def __init__(self) -> None:
        self._open: WeakSet[Kept] = WeakSet()

    def add(self, one: Kept) -> None:
        """Let a draft be kept in the end."""
        self._open.add(one)

    def keep_all(self, desk: "Desk") -> None:
        """Store every draft; what cannot be stored is lost with the connection."""
        for one in list(self._open):
            one.put_now(desk)


def listen(app: Ending) -> None:
    """Keep drafts and end when the terminal hangs up or somebody asks the process to end."""
    if app.is_headless:
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGHUP, signal.SIGTERM):
        # Only the main thread, and not every platform, hears signals.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, _end, app, 128 + number)


def _end(app: Ending, code: int) -> None:
    if app.is_open:
        storing = threading.Thread(target=app.drafts.keep_all, args=(app.desk,), daemon=True)
        storing.start()
        storing.join(KEEPING)
    forced = threading.Timer(ENDING, os._exit, (code,))
    forced.daemon = True
    forced.start()
    app.exit(return_code=code)
