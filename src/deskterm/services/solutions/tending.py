"""Keeping solutions good: which to look at again (E1), which to write next (E4)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError
from deskterm.domain.rows import Done
from deskterm.domain.solutions import SolutionRow
from deskterm.services.solutions.reading import is_alive
from deskterm.services.solutions.records import apply
from deskterm.services.solutions.twins import twins_of
from deskterm.services.solutions.writing import LONGEST_TITLE, Writing, day
from deskterm.storage.reads import solutions as reads
from deskterm.storage.solution_uses import votes_of
from deskterm.storage.work import Work
from deskterm.triage.likeness import Twin
from deskterm.triage.proof import Kept, Vote, why_stale
from deskterm.triage.wanted import LEAST, Wanted, wanted

if TYPE_CHECKING:
    from deskterm.models import Solution

GOOD_FOR = timedelta(days=365)
"""How long a renewed solution is left alone."""


class Stale(NamedTuple):
    """A solution to look at again, and every reason."""

    row: SolutionRow
    reasons: tuple[str, ...]


class Tending(Writing):
    """Use cases that keep solutions good, and tell which are missing."""

    def stale(self) -> Sequence[Stale]:
        """Give the living solutions to look at again; those with most reasons, then oldest first.

        Due by date, failing, unused for a year, or drafts for a month.
        """
        now = clock.now()
        with self.store.reading() as database, database.snapshot():
            rows = [row for row in reads.all_rows(database) if is_alive(row)]
            votes = votes_of(database, [row.id for row in rows])
        found = []
        for row in rows:
            said = [Vote(at, worked) for at, worked in votes.get(row.id, ())]
            kept = Kept(row.confidence, row.review_by, row.updated_at, row.flagged)
            if reasons := why_stale(kept, said, now):
                found.append(Stale(row, reasons))
        return sorted(found, key=lambda one: (-len(one.reasons), one.row.updated_at))

    def twins(self, values: Mapping[str, str], without: int = 0) -> Sequence[Twin]:
        """Give the living solutions that read nearly like these fields; `without` is their own."""
        with self.store.reading() as database:
            return twins_of(database, values, without)

    def renew(self, number: int, by: str = "", how: How = NOW) -> Done:
        """Say that it is still right: flags go, and it is to be reviewed in a year, or `by`."""
        review_by = day(by) if by else (clock.now() + GOOD_FOR).date().isoformat()

        def change(work: Work, solution: "Solution") -> list[str]:
            apply(work, solution, {"review_by": review_by}, "renew", always=True)
            return [f"S{number} is to be reviewed by {review_by}."]

        return self._change("solution renew", number, change, how)

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
