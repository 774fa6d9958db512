"""Tickets of which something is still to be worked out: an older desk's, and what came in bulk."""

from collections.abc import Callable, Sequence

from deskterm.storage.driver import Database


class Backlog:
    """The tickets that wait in one table; the jobs do the newest first."""

    def __init__(self, table: str) -> None:
        self._table = table

    def add(self, database: Database, numbers: Sequence[int] | None = None) -> None:
        """Leave tickets to the jobs (None: all)."""
        only = "TRUE" if numbers is None else "id IN :ids"
        database.run(
            f"INSERT INTO {self._table} (ticket_id) SELECT id FROM ticket WHERE {only} "  # noqa: S608 - constants
            "ON CONFLICT (ticket_id) DO NOTHING",
            **({} if numbers is None else {"ids": numbers}),
        )

    def missing(self, database: Database) -> int:
        """Give how many tickets wait."""
        return int(database.returned(f"SELECT count(*) AS n FROM {self._table}")["n"])  # noqa: S608 - constants

    def fill(
        self, database: Database, most: int, refresh: Callable[[Database, Sequence[int]], None]
    ) -> int:
        """Do the newest that wait, in a transaction of its own; gives how many they were.

        On PostgreSQL a ticket that somebody has in hand is passed over until the next time.
        """
        lock = " FOR UPDATE SKIP LOCKED" if database.dialect == "postgresql" else ""
        database.begin()
        try:
            rows = database.all(
                f"SELECT id FROM ticket WHERE id IN (SELECT ticket_id FROM {self._table} "  # noqa: S608 - constants
                f"ORDER BY ticket_id DESC LIMIT :most) ORDER BY id{lock}",
                most=most,
            )
            numbers = [row["id"] for row in rows]
            refresh(database, numbers)
            database.run(f"DELETE FROM {self._table} WHERE ticket_id IN :ids", ids=numbers)  # noqa: S608 - constants
            database.commit()
        except BaseException:
            database.rollback()
            raise
        return len(numbers)


COURSES, RESULTS = Backlog("course_due"), Backlog("result_due")
"""What `course.refresh` and `results.refresh` work out."""
