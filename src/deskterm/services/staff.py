"""Those who work here: one door to what is known of them and between them."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from deskterm.domain.problems import Outbreak
    from deskterm.services.acting import Acting
    from deskterm.services.competences import Competences
    from deskterm.services.handovers import Handovers
    from deskterm.services.letters import Letters
    from deskterm.services.presence import Presence
    from deskterm.services.records.technicians import Leaving
    from deskterm.services.reviews import Reviews


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
        from deskterm.services.presence import Presence

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
