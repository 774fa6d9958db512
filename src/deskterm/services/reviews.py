"""Call reviews: drawn fairly, filled in by somebody else, seen by the reviewed, summed by step."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import ConflictError, RefusedError, UsageError
from deskterm.domain.news import Kind, News
from deskterm.domain.reviews import STARTER, Question, ReviewRow, answered, questions
from deskterm.domain.text import storable
from deskterm.domain.vocabulary import Event
from deskterm.reports.periods import Period, period
from deskterm.reports.reviews import Need, Summed, drawn, needs, summed
from deskterm.services.competences import Competences
from deskterm.storage.desk_settings import value
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import measures
from deskterm.storage.reads import reviews as reads
from deskterm.storage.reads.asked import Asked, desk_zone
from deskterm.storage.reads.figures import narrowed
from deskterm.storage.ticket.news import store as tell
from deskterm.triage.query import parse

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.services.acting import Acting
    from deskterm.storage.driver import Database
    from deskterm.storage.work import Work

_MOST_EACH = 50
_MOST_WORDS = 4_000


class Sums(NamedTuple):
    """What the reviews of a period say together."""

    period: str
    reviews: int
    steps: Sequence[Summed]
    needs: Sequence[Need]


class Reviews:
    """Use cases of call reviews."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    @property
    def questions(self) -> list[Question]:
        """The desk's checklist."""
        with self._desk.store.reading() as database:
            return _questions(database)

    def list(self, *, every: bool = False) -> "list[ReviewRow]":
        """Give the reviews without their answers, the newest first.

        `every`: also those of whoever left before they were filled in.
        """
        with self._desk.store.reading() as database:
            found = reads.reviews(database, every=every)
        return [one if self._mine(one) else _closed(one) for one in found]

    def show(self, number: int) -> ReviewRow:
        """Give a review; raises RefusedError for whoever is neither reviewed nor reviewer."""
        with self._desk.store.reading() as database:
            found = reads.one(database, number)
        if found.filled_at is not None and not self._mine(found):
            raise RefusedError(
                f"review {number} is between {found.login} and {found.reviewer}; "
                "`deskterm review sum` is for all."
            )
        return found

    def _mine(self, one: ReviewRow) -> bool:
        return self._desk.me in (one.login, one.reviewer)

    # --- drawing ------------------------------------------------------------------------------

    def draw(
        self, span: str, *, each: int = 2, seed: str = "", query: str = "", how: How = NOW
    ) -> "Done":
        """Draw up to `each` closed tickets of every technician; the same seed draws the same.

        Raises UsageError, QueryError.
        """
        if not 1 <= each <= _MOST_EACH:
            raise UsageError(f"each is 1 to {_MOST_EACH}, not {each}.")

        def change(work: "Work") -> None:
            database = work.spine
            when = _period(database, span)
            asked = Asked(work.actor, clock.now())
            which = narrowed(database, parse(query), asked, measures.Which(when.start, when.end))
            cases = reads.cases(database, which)
            before = reads.drawn_of(database, when.name)
            for login, ticket in drawn(cases, each, storable(seed) or when.name, before):
                row = HeldRow(work, "review", None)
                row.set(ticket_id=ticket, login=login, period=when.name)
                row.set(answers=[], note="", reply="")
                row.write(Event.EDITED, f"#{ticket} of {login} is drawn")

        return self._desk.do("draw reviews", how, change)

    # --- filling in and reading -----------------------------------------------------------------

    def fill(self, number: int, said: str, note: str = "", how: How = NOW) -> "Done":
        """Answer the questions of a review, one word for each; the reviewed is told.

        Raises RefusedError for the reviewed themselves, ConflictError where it is filled in.
        """

        def change(work: "Work") -> None:
            found = reads.one(work.spine, number)
            if found.login == work.actor:
                raise RefusedError("nobody reviews their own calls: ask a colleague.")
            row = HeldRow(work, "review", number)
            if row["filled_at"] is not None and row["reviewer"] != work.actor:
                raise ConflictError(f"{row['reviewer']} has filled in review {number} meanwhile.")
            answers = answered(_questions(work.spine), said)
            row.set(
                reviewer=work.actor,
                answers=[list(one) for one in answers],
                note=_words(note),
                filled_at=work.at,
                seen_at=None,
            )
            row.write(Event.EDITED, f"#{found.ticket_id} of {found.login} is reviewed")
            tell(work, [News(found.login, Kind.REVIEWED, False, found.ticket_id, 0)])

        return self._desk.do("fill review", how, change)

    def see(self, number: int, reply: str = "", how: How = NOW) -> "Done":
        """Say as the reviewed that it is read, with words of one's own; the reviewer is told."""

        def change(work: "Work") -> None:
            found = reads.one(work.spine, number)
            if found.login != work.actor:
                raise RefusedError(f"only {found.login} can say that they have read it.")
            row = HeldRow(work, "review", number)
            if row["filled_at"] is None:
                raise RefusedError(f"review {number} is not filled in yet.")
            row.set(seen_at=row["seen_at"] or work.at, reply=_words(reply) or row["reply"])
            if row.changed:
                row.write(Event.EDITED, f"{found.login} has read it")
                if reply.strip():
                    news = News(str(row["reviewer"]), Kind.REVIEWED, False, found.ticket_id, 0)
                    tell(work, [news])

        return self._desk.do("see review", how, change)

    # --- sums -------------------------------------------------------------------------------------

    def sums(self, span: str = "90d") -> Sums:
        """Give what the reviews filled in within a period say by step, and what is to be learned.

        Too few answers, or answers about one person alone, say nothing. Raises UsageError.
        """
        with self._desk.store.reading() as database, database.snapshot():
            when = _period(database, span)
            found = reads.filled(database, when.start, when.end)
            least = int(value(database, "review.least"))
            limit = int(value(database, "review.limit"))
        steps = summed(found, least)
        gaps = Competences(self._desk).look(span).gaps
        return Sums(when.name, len(found), steps, needs(steps, limit, gaps))


def _period(database: "Database", span: str) -> Period:
    zone = desk_zone(database)
    return period(span, clock.now().astimezone(zone).date(), zone)


def _questions(database: "Database") -> list[Question]:
    return questions(str(value(database, "review.questions")) or STARTER)


def _words(text: str) -> str:
    return storable(text).strip()[:_MOST_WORDS]


def _closed(one: ReviewRow) -> ReviewRow:
    """Give a review as everybody may see it: how it stands, not what is in it."""
    return one._replace(answers=(), note="", reply="")
