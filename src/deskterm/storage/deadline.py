"""A server that does not answer: after a while its socket is shut, and whoever waits is told.

`tcp_user_timeout` notices a dead link; a server that hangs, or a relay before it, keeps the link
alive and would be waited for without end. One thread watches for all connections of the process,
and only while somebody waits: a timer for each statement would cost 0.3 ms.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, Thread
from time import monotonic, sleep

SECONDS = 7.0
"""The longest that the statements of one transaction are waited for, where nothing of it takes long
by nature: whoever asked has a sentence within ten. What is soon answered does not count."""
SOON = 1.0
"""A statement that is answered within so many seconds was not waited for."""
LOCK_SECONDS = 5
"""The longest that one of them waits for what another session has in hand."""
IDLE_SECONDS = 30
"""The longest that a transaction keeps what it has in hand while its program says nothing: the
machine fell asleep, or its cable was pulled, which a server hears of after hours."""
LONG_SECONDS = 600.0
"""The same for one that reads or makes much: a report, an export, an index, a great many rows."""
PING_SECONDS = 2.5
"""The longest that an open board waits for a sign of life; asked for every PING_EVERY seconds."""
PING_EVERY = 1.5
_LOOK = 0.5
"""Seconds between two looks; so much later than its time a socket may be shut."""
_SIGNS = {"tcp_keepalives_idle": 10, "tcp_keepalives_interval": 5, "tcp_keepalives_count": 3}
"""A machine that went away answers no sign of life: within 25 seconds a server gives it up."""
_lock = Lock()
_waiting: dict[object, tuple[float, Callable[[], int]]] = {}
_watchers: list[Thread] = []


def limits(idle: float, lock: int = 0) -> bytes:
    """Give what tells PostgreSQL, for one transaction, how long a client may stand still.

    And how long it may wait for what others have in hand, where `lock` says so (seconds).
    """
    said = {"lock_timeout": f"{lock}s"} if lock else {}
    said |= {"idle_in_transaction_session_timeout": f"{idle:g}s"}
    said |= {name: str(value) for name, value in _SIGNS.items()}
    each = (f"set_config('{name}', '{value}', true)" for name, value in said.items())
    return f"SELECT {', '.join(each)}".encode()


@contextmanager
def answered_within(seconds: float, descriptor: Callable[[], int]) -> Iterator[None]:
    """Shut the socket of `descriptor()` where the block takes longer than so many seconds.

    What the block raises then is raised as a TimeoutError that names them.
    """
    key = object()
    with _lock:
        _waiting[key] = (monotonic() + seconds, descriptor)
        if not _watchers:
            _watchers.append(Thread(target=_watch, name="deadline", daemon=True))
            _watchers[0].start()
    try:
        yield
    except Exception as error:
        if key not in _waiting:
            raise TimeoutError(f"{seconds:.2g} seconds") from error
        raise
    finally:
        with _lock:
            _waiting.pop(key, None)


def _watch() -> None:
    """Look from time to time for whoever waits too long; end when nobody waits."""
    while True:
        sleep(_LOOK)
        with _lock:
            now = monotonic()
            late = [key for key, (at, _) in _waiting.items() if at <= now]
            for key in late:
                _shut(_waiting.pop(key)[1])
            if not _waiting:
                _watchers.clear()
                return


def _shut(descriptor: Callable[[], int]) -> None:
    import socket

    with suppress(Exception):  # it may have been closed meanwhile: then nobody waits any more
        copy = socket.socket(fileno=os.dup(descriptor()))
        with copy:
            copy.shutdown(socket.SHUT_RDWR)
