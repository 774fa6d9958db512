"""Mail out of an IMAP folder: kept in the inbox first, marked there after (semantics.md §1.1–2)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.mail_rows import Accepted
from deskterm.domain.mailboxes import MailboxRow, SourceError, Trouble
from deskterm.services.inbox.receive import SIZE_CAP, receive_many
from deskterm.services.mailboxes.imap import ImapFolder
from deskterm.services.mailboxes.options import filled
from deskterm.services.mailboxes.settling import AT_ONCE, Settling, chunks
from deskterm.storage import mailboxes as rows
from deskterm.storage.driver import Database
from deskterm.storage.store import Store

_MAILS = 50
_BYTES = 20_000_000
"""A commit takes so many mails or bytes: enough for speed, little enough for memory."""
_QUIET = timedelta(minutes=1)


class Taken(NamedTuple):
    """What one look brought."""

    kept: int = 0
    copies: int = 0


class Taking:
    """Takes mail from one open folder; what was taken is remembered in the same commit."""

    def __init__(self, store: Store, row: MailboxRow, folder: ImapFolder) -> None:
        self._store = store
        self._row = row
        self._folder = folder
        self._key = (row.id, folder.validity)
        self._start = str(filled(row.kind, row.source)["start"])
        self.settling = Settling(store, row, folder)

    def look(self, news: Callable[[], None] = lambda: None) -> Taken:
        """Take all that is new, commit by commit; `news` is called after each.

        Raises SourceError where the line is lost, and at the end where something was refused.
        """
        taken, left = Taken(), 0
        known = self._known_until()
        fresh = known is None
        highest = max(self._folder.uids_after(0), default=0) if known is None else known
        uids = self._first(highest) if known is None else self._folder.uids_after(known)
        for some in chunks(uids, AT_ONCE):
            sizes = self._folder.sizes(some)
            fits = [uid for uid in some if sizes.get(uid, 0) <= SIZE_CAP]
            left += len(some) - len(fits)
            for batch in _batches(fits, sizes):
                one = self._take(batch)
                taken = Taken(taken.kept + one.kept, taken.copies + one.copies)
                news()
                self.settling.settle()
        self._looked(max([highest, *uids[-1:]]), fresh)
        self.settling.settle()
        self._say(left)
        return taken

    def _say(self, left: int) -> None:
        refusal = self.settling.refusal()
        if refusal:
            raise refusal
        if left:
            raise SourceError(
                Trouble.LEFT,
                f"{left} mail(s) of more than {SIZE_CAP:,} bytes stay in the folder: "
                "no database keeps them",
            )

    def _known_until(self) -> int | None:
        """Give the last UID taken, or None where the folder is new or numbers its mails anew."""
        with self._store.reading() as database:
            row = rows.mailbox_named(database, self._row.name)
        if row is None:
            raise SourceError(Trouble.LEFT, f"the mailbox {self._row.name} was removed")
        self._row = row
        if row.uid_validity == self._folder.validity:
            return row.last_uid
        if self._start == "all" or (self._start == "none" and row.uid_validity is None):
            known = 0 if self._start == "all" else max(self._folder.uids_after(0), default=0)
            self._looked(known, fresh=True)
            return known
        return None

    def _first(self, highest: int) -> list[int]:
        """Give what to take of a folder whose numbers are new; a repeated one is told by its bytes.

        Nothing above `highest`: what comes meanwhile is taken by the next look, read or not.
        """
        if self._row.uid_validity is None:
            found = self._folder.uids_unread()
        else:
            found = self._folder.uids_unread_or_since(self._row.since - timedelta(days=1))
        with self._store.reading() as database:
            kept = {uid for uid, _ in rows.receipts(database, self._key)}
        return [uid for uid in found if uid <= highest and uid not in kept]

    def _looked(self, last: int, fresh: bool) -> None:
        """Write down that all is taken; at most once a minute where nothing was new."""
        now, before = clock.now(), self._row
        quiet = not fresh and last == before.last_uid and not before.trouble
        if quiet and before.last_success and abs(now - before.last_success) < _QUIET:
            return
        with self._store.reading() as database:
            rows.looked(database, before.id, self._folder.validity, last, now)
        self._row = before._replace(uid_validity=self._folder.validity)

    def _take(self, uids: Sequence[int]) -> Taken:
        bodies = self._folder.bodies(uids)
        order = [uid for uid in uids if uid in bodies]
        same = self._row.uid_validity == self._folder.validity

        def remember(database: Database, kept: list[Accepted]) -> None:
            for uid, one in zip(order, kept, strict=True):
                rows.add_receipt(database, self._key, uid, one.id)
            if same:
                rows.took(database, self._row.id, uids[-1])

        kept = receive_many(
            self._store,
            [bodies[uid] for uid in order],
            envelope_to=self._row.address,
            mailbox=self._row.name,
            also=remember,
        )
        self.settling.owing = True
        return Taken(len(kept), sum(one.again for one in kept))


def _batches(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """Give UIDs as many as are taken in one commit."""
    batch: list[int] = []
    size = 0
    for uid in uids:
        one = sizes.get(uid, 0)
        if batch and (len(batch) >= _MAILS or size + one > _BYTES):
            yield batch
            batch, size = [], 0
        batch.append(uid)
        size += one
    if batch:
        yield batch
