"""One finder over tickets, people, solutions and guides."""

from deskterm.domain.rows import Found
from deskterm.storage.reads import finder
from deskterm.storage.reads.known import known_names
from deskterm.storage.store import Store
from deskterm.triage.complete import Completion, complete


class Search:
    """Finds anything by words or by number."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, words: str, limit: int = 10) -> list[Found]:
        """Give the best hits of each kind, exact numbers first."""
        with self._store.reading() as database:
            return finder.find(database, words, limit)

    def complete(self, text: str, cursor: int) -> Completion:
        """Give what can stand at the cursor of a query, with the names this desk knows."""
        with self._store.reading() as database:
            return complete(text, cursor, lambda term: known_names(database, term))
