"""Drafts: what a technician has begun to write lives in the database, not in the screen."""

from deskterm.domain import clock
from deskterm.storage import drafts
from deskterm.storage.store import Store


class Drafts:
    """The drafts of one technician."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def get(self, kind: str, subject_id: int) -> str:
        """Give the draft of that kind (`reply`, `note`, `call` …) for a ticket, or nothing."""
        with self._store.reading() as database:
            return drafts.read(database, self._me, kind, subject_id)

    def put(self, kind: str, subject_id: int, body: str) -> None:
        """Keep a draft; an empty one is dropped. No operation: a draft is not yet a change."""
        if not body:
            self.drop(kind, subject_id)
            return
        with self._store.reading() as database:
            drafts.write(database, self._me, kind, (subject_id, body), clock.now())

    def drop(self, kind: str, subject_id: int) -> None:
        """Forget a draft."""
        with self._store.reading() as database:
            drafts.drop(database, self._me, kind, subject_id)
