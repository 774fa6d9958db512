"""Reads of tickets for screens and commands; the SQL is in `storage/reads`."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import BoardRow, TicketView
from deskterm.domain.standing import Standing
from deskterm.services.tickets.operation import Operating
from deskterm.storage.reads import board, held, ledger, ticket
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.ticket.hold import survivor
from deskterm.triage.query import parse


class Reading(Operating):
    """Reads: ids in board order, rows by ids, one ticket whole."""

    def board_ids(self, query: str = "", limit: int | None = None) -> Sequence[int]:
        """Give the numbers of every ticket of a query, in board order or as its `sort:` says."""
        with self.store.reading() as database:
            return board.numbers(database, parse(query), self.asked(), limit)

    def rows(self, numbers: Sequence[int]) -> list[BoardRow]:
        """Give the rows of some tickets, in the order asked for; unknown numbers are left out."""
        with self.store.reading() as database:
            return board.rows(database, numbers)

    def first_page(self, query: str = "", limit: int = 50) -> list[BoardRow]:
        """Give the first rows of a query."""
        with self.store.reading() as database:
            return board.page(database, parse(query), self.asked(), limit)

    def count(self, query: str = "", cap: int = board.CAP) -> int:
        """Give how many tickets a query has, counting no further than `cap`."""
        with self.store.reading() as database:
            return board.count(database, parse(query), self.asked(), cap)

    def zone(self) -> tzinfo:
        """Give the desk's zone."""
        with self.store.reading() as database:
            return desk_zone(database)

    def asked(self) -> Asked:
        """Give who asks, when, and in which zone the desk's days begin."""
        return Asked(me=self.me, now=clock.now())

    def show(self, number: int) -> TicketView:
        """Give one ticket whole; a merged number gives its survivor. Raises NotFoundError."""
        with self.store.reading() as database, database.snapshot():
            return ticket.show(database, survivor(database, number))

    def why(self, number: int) -> Standing:
        """Give where a ticket stands on the board and why; raises NotFoundError."""
        from deskterm.storage.reads.standing import standing

        with self.store.reading() as database, database.snapshot():
            return standing(database, survivor(database, number), clock.now())

    def people_told(self, numbers: Sequence[int]) -> int:
        """Give how many people a public change of these tickets would write to."""
        with self.store.reading() as database:
            return held.people_told(database, numbers)

    def log(self, query: str, operation: str | None, limit: int) -> list[dict[str, Any]]:
        """Give ledger entries, newest first: of a query's tickets, of an operation, or all."""
        tickets = self.board_ids(query) if query else None
        with self.store.reading() as database:
            return ledger.newest(database, limit, operation=operation, tickets=tickets)

    def file(self, attachment: int) -> tuple[str, bytes]:
        """Give (foreign name, bytes) of an attachment; raises NotFoundError."""
        with self.store.reading() as database:
            found = held.attachment(database, attachment)
        if found is None:
            raise NotFoundError(f"there is no attachment {attachment}.")
        return found
