"""Presence: who has a ticket open or is writing on it. It is said before, and blocks nobody."""

from secrets import token_hex
from typing import TYPE_CHECKING

from deskterm.domain.presence import Here
from deskterm.storage import presence
from deskterm.storage.reads.in_hand import at_tickets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.services.acting import Acting


class Presence:
    """Where this session is, and where others are; no operation, and nothing in the ledger."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk
        self._session = token_hex(8)
        self._there = False

    def look(self) -> "Sequence[Here] | None":
        """Give who else has which ticket open; None where nobody else works here."""
        with self._desk.store.reading() as database:
            if presence.is_alone(database, self._desk.me):
                return None
            return [Here(*one) for one in at_tickets(database, self._desk.me)]

    def be_at(self, ticket: int, *, writing: bool) -> None:
        """Say that this session has a ticket open; to be said again every `BEAT` seconds."""
        with self._desk.store.reading() as database:
            self._there = True
            presence.be_at(database, self._session, self._desk.me, ticket, writing=writing)

    def leave(self) -> None:
        """Say that it has none open any more; nothing is written where it never had."""
        if self._there:
            self._there = False
            with self._desk.store.reading() as database:
                presence.leave(database, self._session)
