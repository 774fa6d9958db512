"""What was taken is marked as read in its folder, and moved once it is known what became of it."""

from collections.abc import Sequence

from deskterm.domain.mailboxes import MailboxRow, SourceError, Trouble
from deskterm.services.mailboxes.imap import ImapFolder
from deskterm.services.mailboxes.options import filled
from deskterm.storage import mailboxes as rows
from deskterm.storage.store import Store

AT_ONCE = 500
"""UIDs in one command."""
STAYS = (Trouble.FULL, Trouble.SERVER, Trouble.LEFT)
"""Trouble that does not keep new mail from coming: it is told, and tried again later."""


class Settling:
    """The receipts of one open folder. The mail itself is safe whatever happens here."""

    def __init__(self, store: Store, row: MailboxRow, folder: ImapFolder) -> None:
        self._store = store
        self._folder = folder
        self._place = (row.id, folder.validity)
        options = filled(row.kind, row.source)
        self._targets = {False: str(options["done"]), True: str(options["held"])}
        self._marked: set[int] = set()
        self._refused: SourceError | None = None
        self.owing = True
        """Whether mails wait to be marked or moved."""

    def ready(self) -> bool:
        """Tell whether something can be settled now."""
        return self.owing and any(self._is_ready(state) for _, state in self._receipts())

    def settle(self) -> None:
        """Mark all that was taken, move what can be; raises SourceError where the line is lost.

        What the server refuses otherwise is kept for `refusal` and tried again next time.
        """
        if not self.owing:
            return
        self._refused = None
        try:
            self._settle()
        except SourceError as error:
            if error.kind not in STAYS:
                raise
            self._refused = error

    def refusal(self) -> SourceError | None:
        """Give what the server would not do, the last time."""
        return self._refused

    def _settle(self) -> None:
        receipts = self._receipts()
        fresh = [uid for uid, _ in receipts if uid not in self._marked]
        for some in chunks(fresh, AT_ONCE):
            self._folder.mark_read(some)
            self._marked.update(some)
        ready = [(uid, state == "quarantined") for uid, state in receipts if self._is_ready(state)]
        for held, folder in self._targets.items():
            for some in chunks([uid for uid, is_held in ready if is_held == held], AT_ONCE):
                if folder:
                    self._folder.move(some, folder)
                self._forget(some)
        self.owing = len(ready) < len(receipts)

    def _is_ready(self, state: str) -> bool:
        return state != "waiting" or not any(self._targets.values())

    def _receipts(self) -> list[tuple[int, str]]:
        with self._store.reading() as database:
            return rows.receipts(database, self._place)

    def _forget(self, uids: Sequence[int]) -> None:
        with self._store.reading() as database:
            database.begin(write=True)
            rows.drop_receipts(database, self._place, uids)
            database.commit()
        self._marked.difference_update(uids)


def chunks(uids: Sequence[int], most: int) -> list[Sequence[int]]:
    """Give UIDs some at a time."""
    return [uids[start : start + most] for start in range(0, len(uids), most)]
