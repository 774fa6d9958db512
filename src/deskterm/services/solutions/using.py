"""Using a solution on a ticket, and saying whether it worked (E2)."""

from deskterm.domain.asking import NOW, How
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Rate, SendSolution, Use
from deskterm.services.solutions.reading import Reading


class Using(Reading):
    """Use cases that join a solution to a ticket."""

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
