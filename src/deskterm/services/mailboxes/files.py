"""Mail out of files: a Maildir that somebody delivers into, an mbox that grows."""

import fcntl
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from deskterm.domain import clock
from deskterm.domain.mailboxes import MailboxRow, SourceError, Trouble
from deskterm.services.inbox.importing import mails_of_mbox
from deskterm.services.inbox.receive import SIZE_CAP, receive_many
from deskterm.services.mailboxes.taking import Taken
from deskterm.storage import mailboxes as rows
from deskterm.storage.store import Store

_MAILS = 50
_BYTES = 20_000_000
_QUIET = timedelta(minutes=1)


class FileTaking:
    """Takes mail from the Maildir or mbox of one mailbox."""

    def __init__(self, store: Store, row: MailboxRow) -> None:
        self._store = store
        self._row = row
        self._path = Path(str(row.source["path"]))
        self._taken: set[tuple[str, int]] = set()
        """Files kept already that could not be moved: (name, inode)."""
        self._seen = (0, 0)
        """Of an mbox: (size, time of change in ns) when it was last read."""

    def look(self, news: Callable[[], None] = lambda: None) -> Taken:
        """Take all that is new; raises SourceError where the files cannot be read or moved."""
        try:
            taken = self._maildir(news) if self._row.kind == "maildir" else self._mbox(news)
        except OSError as error:
            raise SourceError(
                Trouble.FOLDER, f"{error.filename or self._path}: {error.strerror}"
            ) from error
        return taken

    # --- Maildir ----------------------------------------------------------------------

    def _maildir(self, news: Callable[[], None]) -> Taken:
        """Take what is in `new`. What is being written is in `tmp`, and is not looked at."""
        taken = Taken()
        for batch in self._batches():
            raws = [raw for _, raw in batch]
            kept = receive_many(self._store, raws, mailbox=self._row.name)
            taken = Taken(taken.kept + len(kept), taken.copies + sum(one.again for one in kept))
            self._put_away([path for path, _ in batch])
            news()
        self._looked(0, bool(taken.kept))
        return taken

    def _batches(self) -> Iterator[list[tuple[os.DirEntry[str], bytes]]]:
        batch: list[tuple[os.DirEntry[str], bytes]] = []
        size = 0
        for entry in self._new():
            try:
                raw = Path(entry.path).read_bytes()
            except FileNotFoundError:
                continue
            if batch and (len(batch) >= _MAILS or size + len(raw) > _BYTES):
                yield batch
                batch, size = [], 0
            batch.append((entry, raw))
            size += len(raw)
        if batch:
            yield batch

    def _new(self) -> list[os.DirEntry[str]]:
        """Give the files to take, oldest name first; links and folders are nobody's mail."""
        with os.scandir(self._path / "new") as found:
            files = [
                one
                for one in found
                if not one.name.startswith(".") and one.is_file(follow_symlinks=False)
            ]
        large = [one for one in files if one.stat(follow_symlinks=False).st_size > SIZE_CAP]
        if large:
            raise SourceError(
                Trouble.LEFT, f"{large[0].path} is larger than any database keeps: move it away"
            )
        return sorted(
            (one for one in files if (one.name, one.inode()) not in self._taken),
            key=lambda one: one.name,
        )

    def _put_away(self, files: list[os.DirEntry[str]]) -> None:
        """Move kept mails into `cur` as read; one that is gone was moved by somebody else."""
        self._taken.update((one.name, one.inode()) for one in files)
        (self._path / "cur").mkdir(exist_ok=True)
        for one in files:
            name, _, flags = one.name.partition(":2,")
            marked = "".join(sorted({*flags, "S"}))
            with suppress(FileNotFoundError):
                Path(one.path).rename(self._path / "cur" / f"{name}:2,{marked}")
            self._taken.discard((one.name, one.inode()))

    # --- mbox -------------------------------------------------------------------------

    def _mbox(self, news: Callable[[], None]) -> Taken:
        """Take what was added since; an mbox that begins otherwise than before is read anew."""
        with self._path.open("rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise SourceError(Trouble.FOLDER, f"{self._path} is no file")
            if (found.st_size, found.st_mtime_ns) == self._seen:
                return Taken()
            self._lock(file.fileno())
            try:
                head = zlib.crc32(file.readline(1_000))
                file.seek(self._begin(head, found.st_size))
                taken = self._take_all(mails_of_mbox(file), news)
                end = file.tell()
            finally:
                fcntl.lockf(file.fileno(), fcntl.LOCK_UN)
        self._looked(end, force=True, validity=head)
        self._seen = (found.st_size, found.st_mtime_ns)
        return taken

    def _begin(self, head: int, size: int) -> int:
        """Give where to read on: at the end of what was read, or the beginning of another mbox."""
        with self._store.reading() as database:
            row = self._row = rows.mailbox_named(database, self._row.name) or self._row
            if row.uid_validity == head and row.last_uid <= size:
                return row.last_uid
            rows.forget_place(database, row.id)
        return 0

    def _lock(self, descriptor: int) -> None:
        """Keep out whoever writes; raises SourceError while somebody does."""
        busy = Path(f"{self._path}.lock").exists()
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            busy = True
        if busy:
            raise SourceError(Trouble.AWAY, f"{self._path} is being written by another program")

    def _take_all(self, mails: Iterator[bytes], news: Callable[[], None]) -> Taken:
        taken, batch, size = Taken(), [], 0
        for raw in mails:
            batch.append(raw)
            size += len(raw)
            if len(batch) >= _MAILS or size > _BYTES:
                taken, batch, size = self._keep(taken, batch, news), [], 0
        return self._keep(taken, batch, news)

    def _keep(self, taken: Taken, raws: list[bytes], news: Callable[[], None]) -> Taken:
        if not raws:
            return taken
        kept = receive_many(self._store, raws, mailbox=self._row.name)
        news()
        return Taken(taken.kept + len(kept), taken.copies + sum(one.again for one in kept))

    def _looked(self, last: int, force: bool = False, validity: int = 0) -> None:
        now = clock.now()
        with self._store.reading() as database:
            row = rows.mailbox_named(database, self._row.name) or self._row
            quiet = not force and not row.trouble
            if quiet and row.last_success and abs(now - row.last_success) < _QUIET:
                return
            rows.looked(database, row.id, validity, last, now)
            self._row = rows.mailbox_named(database, self._row.name) or row
