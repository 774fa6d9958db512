"""A technician's own notices: listed, counted, marked as seen. No operation: reading is no change.

Writing them is part of every unit of work (`storage/ticket/news.py`).
"""

from collections.abc import Sequence

from deskterm.domain import clock
from deskterm.domain.notice_rows import Glance, NoticeRow
from deskterm.storage import notices
from deskterm.storage import notices as reads
from deskterm.storage.store import Store


class Notices:
    """The notices of one technician."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def list(self, *, unseen: bool = False, limit: int = 200) -> list[NoticeRow]:
        """Give one's notices, newest first; with `unseen` those not yet seen."""
        with self._store.reading() as database:
            return reads.listed(database, self._me, unseen=unseen, limit=limit)

    def glance(self, after: int | None = None) -> Glance:
        """Give how one's notices stand, with the unseen ones that came after a number."""
        with self._store.reading() as database:
            return reads.glance(database, self._me, after)

    def seen(self, numbers: Sequence[int]) -> int:
        """Mark notices of one's own as seen; gives how many were not before."""
        with self._store.reading() as database:
            return notices.see(database, self._me, clock.now(), numbers)

    def seen_all(self) -> int:
        """Mark every notice of one's own as seen; gives how many were not before."""
        with self._store.reading() as database:
            return notices.see(database, self._me, clock.now())

    def seen_ticket(self, ticket: int) -> int:
        """Mark one's notices about a ticket as seen; gives how many. Writes only where some are."""
        with self._store.reading() as database:
            unseen = notices.unseen_of(database, self._me, ticket)
            return notices.see(database, self._me, clock.now(), unseen) if unseen else 0
