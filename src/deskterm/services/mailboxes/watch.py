"""All mailboxes kept going: each by one process, each in a thread of its own, all stopped at once.

A process watches the mailboxes it can reach: those it has a password command or the files for.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING
from uuid import uuid4

from deskterm.domain import clock
from deskterm.domain.errors import DatabaseError, DeskError
from deskterm.domain.mailboxes import FETCHED, MailboxRow, SourceError, Trouble
from deskterm.services.mailboxes.fetching import account_of, as_trouble, note, open_folder
from deskterm.services.mailboxes.options import filled
from deskterm.services.mailboxes.secret import PASSWORDS, has_command
from deskterm.services.mailboxes.settling import STAYS
from deskterm.settings import Settings
from deskterm.storage import mailboxes as rows
from deskterm.storage.leases import give_back, hold_lease
from deskterm.storage.store import Store

if TYPE_CHECKING:
    from deskterm.services.mailboxes.imap import ImapFolder
    from deskterm.services.mailboxes.taking import Taking


FIRST_PAUSE = 5.0
"""Seconds until the next try; twice as long after each that fails, up to five minutes."""
LONGEST_PAUSE = 300.0
IDLE = 540.0
"""Seconds until IDLE is begun again: servers and firewalls end what is silent for longer."""
_FILES = 1.0
"""Seconds between two looks at a Maildir or mbox."""
_OWING = 0.5
"""Seconds between two looks at what became of mail that is to be moved."""


class Watcher(threading.Thread):
    """Keeps one mailbox going until it is stopped; what is wrong is written down, never raised."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        row: MailboxRow,
        news: Callable[[], None],
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        super().__init__(name=f"mailbox {row.name}", daemon=True)
        self.row = row
        self._store = store
        self._settings = settings
        self._news = news
        self._first_pause = first_pause
        self._failures = 0
        self._stopped = threading.Event()
        self._folder: ImapFolder | None = None
        self._wake, self._awake = socket.socketpair()

    def serves(self, row: MailboxRow) -> bool:
        """Tell whether it runs, and a mailbox is still as it was when this began."""
        same = (row.name, row.address, row.source) == (
            self.row.name,
            self.row.address,
            self.row.source,
        )
        return same and row.active and self.is_alive()

    def stop(self) -> None:
        """Let it end, whatever it waits for."""
        self._stopped.set()
        with suppress(OSError):
            self._wake.send(b"x")
        folder = self._folder
        if folder is not None:
            folder.abort()

    def run(self) -> None:
        """Look and wait, again and again."""
        session = self._imap if self.row.kind == "imap" else self._files
        while not self._stopped.is_set():
            try:
                session()
            except DeskError as error:
                self._rest(as_trouble(error))
            except Exception as error:  # noqa: BLE001 - the thread's edge: mail must come again
                self._rest(SourceError(Trouble.SERVER, f"{type(error).__name__}: {error}"[:500]))
        self._wake.close()
        self._awake.close()

    def _rest(self, trouble: SourceError) -> None:
        """Write down what is wrong and wait for the next try."""
        if self._stopped.is_set():
            return
        pause = min(self._first_pause * 2**self._failures, LONGEST_PAUSE)
        self._failures += 1
        note(self._store, self.row, trouble, clock.now() + timedelta(seconds=pause))
        self._stopped.wait(pause)

    # --- files ------------------------------------------------------------------------

    def _files(self) -> None:
        from deskterm.services.mailboxes.files import FileTaking

        taking = FileTaking(self._store, self.row)
        while not self._stopped.is_set():
            taking.look(self._news)
            self._failures = 0
            self._stopped.wait(_FILES)

    # --- IMAP -------------------------------------------------------------------------

    def _imap(self) -> None:
        """One connection, from signing in until it breaks or is stopped."""
        from deskterm.services.mailboxes.taking import Taking

        folder = self._folder = open_folder(self._settings, self.row)
        try:
            taking = Taking(self._store, self.row, folder)
            while not self._stopped.is_set():
                told = self._look(taking)
                self._failures = 0
                if not folder.told_of_more:
                    self._wait(folder, taking, told)
        finally:
            self._folder = None
            folder.close()

    def _look(self, taking: "Taking") -> bool:
        """Take what is new; gives whether something was refused that is tried again later."""
        try:
            taking.look(self._news)
        except SourceError as error:
            if error.kind not in STAYS:
                raise
            next_try = clock.now() + timedelta(seconds=LONGEST_PAUSE)
            note(self._store, self.row, error, next_try)
            return True
        return False

    def _wait(self, folder: "ImapFolder", taking: "Taking", told: bool) -> None:
        """Wait until the server tells of news, mail can be moved, or it is time to look."""
        every = float(filled(self.row.kind, self.row.source)["every"])
        longest = min(IDLE if folder.can_idle else every, LONGEST_PAUSE if told else IDLE)
        end = time.monotonic() + longest
        if folder.can_idle:
            folder.idle()
        owing = taking.settling.owing and not told
        while not self._stopped.is_set() and (left := end - time.monotonic()) > 0:
            if folder.heard(min(left, _OWING) if owing else left, self._awake):
                break
            if owing and taking.settling.ready():
                break
        if self._stopped.is_set():
            return
        if folder.can_idle:
            folder.idle_done()
        else:
            folder.noop()


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
