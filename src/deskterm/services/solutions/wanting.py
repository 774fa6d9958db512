"""What to write next (E4): the questions that keep coming, each with the draft it would be."""

from collections.abc import Sequence

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import Done
from deskterm.services.solutions.writing import LONGEST_TITLE, Writing
from deskterm.triage.wanted import LEAST, Wanted, wanted


class Wanting(Writing):
    """Use cases about questions that have no validated solution."""

    def wanted(self, limit: int = 20, least: int = LEAST) -> Sequence[Wanted]:
        """Give the recurring questions without a validated solution, the most expensive first.

        Cost = how often × the median minutes of work from taken to solved, over the newest 2,000
        solved tickets; a pause counts 30 minutes at most.
        """
        from deskterm.storage.reads.wanted import solved

        with self.store.reading() as database:
            rows = solved(database)
        return wanted(rows, least)[:limit]

    def draft_wanted(self, ticket: int, how: How = NOW, *, anyway: bool = True) -> Done:
        """Begin the solution of the question that a ticket asks, its fields filled in.

        Raises NotFoundError where no recurring question holds the ticket.
        """
        found = self.wanted(limit=2_000)
        question = next((one for one in found if ticket in one.tickets), None)
        if question is None:
            raise NotFoundError(
                f"#{ticket} is none of the recurring questions; see `deskterm solution wanted`."
            )
        return self.draft(question.ticket, prefilled(question), how, anyway=anyway)


def prefilled(question: Wanted) -> dict[str, str]:
    """Give the fields a draft of this question begins with."""
    return {
        "title": " ".join(question.title.split())[:LONGEST_TITLE],
        "symptoms": question.symptoms,
        "environment": question.environment,
        "resolution": question.resolution,
        "category": question.category,
    }
