"""Drafts: what a technician has begun to write lives in the database, not in the screen."""

from deskterm.domain import clock
from deskterm.domain.text import storable
from deskterm.storage.store import Store


class Drafts:
    """The drafts of one technician."""

    def __init__(self, store: Store, me: str) -> None:
        self._store = store
        self._me = me

    def get(self, kind: str, subject_id: int) -> str:
        """Give the draft of that kind (`reply`, `note`, `call` …) for a ticket, or nothing."""
        with self._store.reading() as database:
            row = database.one(
                "SELECT body FROM draft WHERE owner = :me AND kind = :kind AND subject_id = :id",
                me=self._me,
                kind=kind,
                id=subject_id,
            )
        return str(row["body"]) if row else ""

    def put(self, kind: str, subject_id: int, body: str) -> None:
        """Keep a draft; an empty one is dropped. No operation: a draft is not yet a change."""
        if not body:
            self.drop(kind, subject_id)
            return
        with self._store.reading() as database:
            database.run(
                "INSERT INTO draft (owner, kind, subject_id, body, updated_at) "
                "VALUES (:me, :kind, :id, :body, :now) ON CONFLICT (owner, kind, subject_id) "
                "DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at",
                me=self._me,
                kind=kind,
                id=subject_id,
                body=storable(body),
                now=clock.now(),
            )

    def drop(self, kind: str, subject_id: int) -> None:
        """Forget a draft."""
        with self._store.reading() as database:
            database.run(
                "DELETE FROM draft WHERE owner = :me AND kind = :kind AND subject_id = :id",
                me=self._me,
                kind=kind,
                id=subject_id,
            )
