"""Using solutions on a ticket, and choices for customers: offered, chosen (B6, E2).

Kept in the ledger: the last offer that was not undone holds, and the last choice after it.
"""

import json
from collections.abc import Sequence

from deskterm.domain.asking import NOW, How
from deskterm.domain.remedies import Offer as Offered
from deskterm.domain.remedies import Remedy
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Choose, Offer, Rate, SendSolution, Use
from deskterm.services.solutions.reading import Reading
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.reads.solutions import offers
from deskterm.storage.ticket.hold import survivor


class OnTickets(Reading):
    """Use cases that join a solution to a ticket, and those of choices."""

    def offer(
        self, ticket: int, remedies: Sequence[Remedy], *, letter: bool = True, how: How = NOW
    ) -> Done:
        """Offer remedies, numbered; see `Offer`."""
        return self.tickets.do([ticket], Offer(tuple(remedies), told=not letter), how)

    def choose(
        self, ticket: int, number: int, by: str = "customer", means: str = "", how: How = NOW
    ) -> Done:
        """Record which remedy was chosen; see `Choose`."""
        return self.tickets.do([ticket], Choose(number, by, means), how)

    def offered(self, ticket: int) -> Offered | None:
        """Give what was last offered on a ticket and what was chosen; None: nothing was."""
        with self.store.reading() as database, database.snapshot():
            return last_offer(database, survivor(database, ticket))

    def use(self, ticket: int, number: int, how: How = NOW) -> Done:
        """Use a solution on a ticket: it is proposed and selected; nothing is sent."""
        return self._on(ticket, Use(number), number, how)

    def send(self, ticket: int, number: int, how: How = NOW) -> Done:
        """Answer a ticket with a solution's words as they stand; it is used there."""
        return self._on(ticket, SendSolution(number), number, how)

    def rate(self, ticket: int, number: int, worked: bool, note: str = "", how: How = NOW) -> Done:
        """Say that a solution worked on a ticket, or that it did not, which flags the solution."""
        return self._on(ticket, Rate(number, worked, note), number, how)

    def _on(self, ticket: int, asked: Use | SendSolution | Rate, number: int, how: How) -> Done:
        return self.tickets.do([ticket], asked, how).about("solution", number)


def last_offer(database: Database, ticket: int) -> Offered | None:
    """Give what was last offered on a ticket and not undone, with the choice made after it."""
    offer: Offered | None = None
    for row in offers(database, ticket):
        offer = _read(row, offer)
    return offer


def _read(row: Row, offer: Offered | None) -> Offered | None:
    """Give the offer as it stands after an entry."""
    data, at = json.loads(row["data"]), moment(row["at"])
    if "remedies" in data:
        return Offered(at, row["actor"], tuple(Remedy(*one) for one in data["remedies"]))
    if "remedy" in data and offer is not None:
        return offer._replace(
            chosen=data["remedy"], chosen_by=data["by"], how=data["how"], chosen_at=at
        )
    return offer
