"""Whose words are whose where a desk serves several clients (I10): the one rule, as pure functions.

A client is an organisation that is marked as one; what belongs to none of them is nobody's. There
are walls once a client is one of several organisations. Tickets, and whoever hears of them, stay
with their own client; knowledge (solutions, problems, guides) that is nobody's is everyone's: it
was checked for leaks when it was published.
"""

from collections.abc import Mapping
from typing import NamedTuple

from deskterm.domain.errors import AcrossClientsError


class Clients(NamedTuple):
    """The clients of a desk."""

    names: Mapping[int, str] = {}
    """Number → name; empty where there are no walls."""

    @property
    def walls(self) -> bool:
        """Tell whether anything is kept apart at all."""
        return bool(self.names)

    def whose(self, organisation: int | None) -> int | None:
        """Give the client that an organisation is; None: what is its is nobody's."""
        return organisation if organisation in self.names else None

    def called(self, organisation: int | None) -> str:
        """Give how a client is called in a sentence."""
        client = self.whose(organisation)
        return "no client" if client is None else self.names[client]

    def same(self, one: int | None, other: int | None) -> bool:
        """Tell whether two tickets or people belong together: to one client, or both to none."""
        return self.whose(one) == self.whose(other)

    def reaches(self, source: int | None, target: int | None) -> bool:
        """Tell whether what belongs to one may be read by the other: its own, and nobody's."""
        return self.whose(source) in (None, self.whose(target))

    def check(self, what: str, source: int | None, target: int | None, *, across: bool) -> str:
        """Give the sentence that is kept where a technician lets something cross; empty: it stays.

        Raises AcrossClientsError where it would cross and nobody said that it may.
        """
        if self.reaches(source, target):
            return ""
        said = f"{what} goes from {self.called(source)} to {self.called(target)}"
        if not across:
            raise AcrossClientsError(f"{said}: say --across-clients if that is meant.")
        return f"{said}, as was asked."

    def check_same(self, what: str, one: int | None, other: int | None, *, across: bool) -> str:
        """Do the same for what both would see of each other."""
        return self.check(what, one, other, across=across) or self.check(
            what, other, one, across=across
        )


NO_WALLS = Clients()
