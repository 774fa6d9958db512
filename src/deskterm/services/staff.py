"""Those who work here: one door to what is known of them and between them; who is where."""

from functools import cached_property
from secrets import token_hex
from typing import TYPE_CHECKING

from deskterm.domain.presence import Here
from deskterm.storage import presence
from deskterm.storage.reads.in_hand import at_tickets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deskterm.domain.problems import Outbreak
    from deskterm.services.acting import Acting
    from deskterm.services.competences import Competences
    from deskterm.services.handovers import Handovers
    from deskterm.services.letters import Letters
    from deskterm.services.records.technicians import Leaving
    from deskterm.services.reviews import Reviews


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


class Staff:
    """A service for each noun of those who work here, imported when first asked for."""

    def __init__(
        self,
        desk: "Acting",
        letters: "Letters",
        outbreaks: "Callable[[], Sequence[Outbreak]]",
    ) -> None:
        self._desk = desk
        self._letters = letters
        self._outbreaks = outbreaks

    def close(self) -> None:
        """Say that this session is gone."""
        if "presence" in self.__dict__:
            self.presence.leave()

    @cached_property
    def competences(self) -> "Competences":
        """Who knows what, where it is missing, who may learn it from whom."""
        from deskterm.services.competences import Competences

        return Competences(self._desk)

    @cached_property
    def reviews(self) -> "Reviews":
        """Calls drawn for review, what a colleague answered, what all of it says together."""
        from deskterm.services.reviews import Reviews

        return Reviews(self._desk)

    @cached_property
    def presence(self) -> "Presence":
        """Who has which ticket open just now, and who writes."""
        return Presence(self._desk)

    @cached_property
    def handovers(self) -> "Handovers":
        """What one shift leaves to the next."""
        from deskterm.services.handovers import Handovers

        return Handovers(self._desk, self._outbreaks)

    @cached_property
    def leaving(self) -> "Leaving":
        """What somebody has in hand who leaves, and whose it is then."""
        from deskterm.services.records.technicians import Leaving

        return Leaving(self._desk, self._letters)
