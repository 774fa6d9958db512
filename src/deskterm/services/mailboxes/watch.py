"""All mailboxes kept going: each by one process, each in a thread of its own, all stopped at once.

A process watches the mailboxes it can reach: those it has a password command or the files for.
"""

import os
import socket
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from uuid import uuid4

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError
from deskterm.domain.mailboxes import FETCHED, MailboxRow, SourceError, Trouble
from deskterm.services.mailboxes.fetching import account_of, note
from deskterm.services.mailboxes.secret import PASSWORDS, has_command
from deskterm.services.mailboxes.watcher import FIRST_PAUSE, Watcher
from deskterm.settings import Settings
from deskterm.storage import mailboxes as rows
from deskterm.storage.leases import give_back, hold_lease
from deskterm.storage.store import Store

News = Callable[[], None]


class Watch:
    """The watchers of one process; `keep` is called every few seconds, `rest` at the end."""

    def __init__(
        self, store: Store, settings: Settings, news: News, first_pause: float = FIRST_PAUSE
    ) -> None:
        self._store = store
        self._settings = settings
        self._news = news
        self._first_pause = first_pause
        self._watchers: dict[int, Watcher] = {}
        self._keeping = Lock()
        self._over = False
        self.holder = f"{socket.gethostname()[:80]}:{os.getpid()}:{uuid4().hex[:8]}"

    def keep(self) -> None:
        """Watch what is to be watched now, and nothing else; raises DatabaseError.

        A mailbox that was changed begins anew; one that another process holds is left to it.
        """
        with self._keeping:
            if not self._over:
                self._keep()

    def _keep(self) -> None:
        with self._store.reading() as database:
            found = {row.id: row for row in rows.mailboxes(database)}
        for number, watcher in list(self._watchers.items()):
            row = found.get(number)
            if row is None or not watcher.serves(row) or not self._hold(row):
                self._end([self._watchers.pop(number)])
        for row in found.values():
            if row.id not in self._watchers and row.active and row.kind in FETCHED:
                self._begin(row)

    def rest(self) -> None:
        """Stop all watchers at once, for good, and give their mailboxes back."""
        with self._keeping:
            self._over = True
            watchers, self._watchers = list(self._watchers.values()), {}
            self._end(watchers)

    def _begin(self, row: MailboxRow) -> None:
        if not self._can_reach(row):
            self._say_nobody_can(row)
        elif self._hold(row):
            watcher = Watcher(self._store, self._settings, row, self._news, self._first_pause)
            self._watchers[row.id] = watcher
            watcher.start()

    def _end(self, watchers: list[Watcher]) -> None:
        for one in watchers:
            one.stop()
        for one in watchers:
            one.join(2)
            with suppress(DatabaseError), self._store.reading() as database:
                give_back(database, _lease(one.row), self.holder)

    def _hold(self, row: MailboxRow) -> bool:
        with self._store.reading() as database:
            return hold_lease(database, _lease(row), self.holder, clock.now())

    def _can_reach(self, row: MailboxRow) -> bool:
        if row.kind == "imap":
            return has_command(self._settings, *account_of(row))
        return os.path.exists(str(row.source["path"]))

    def _say_nobody_can(self, row: MailboxRow) -> None:
        """Tell what is missing here, where no other process has the mailbox."""
        if row.trouble or row.last_success:
            return
        if row.kind == "imap":
            user, host = account_of(row)
            trouble = SourceError(
                Trouble.PASSWORD,
                f"no running deskterm knows the password of {user} at {host}: "
                f"`deskterm settings set {PASSWORDS}.{user}@{host} 'COMMAND THAT PRINTS IT'`",
            )
        else:
            trouble = SourceError(Trouble.FOLDER, f"there is no {row.source['path']}")
        note(self._store, row, trouble, None)


def _lease(row: MailboxRow) -> str:
    return f"mailbox {row.id}"
