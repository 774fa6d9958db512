"""Reads of solutions: lists, search, history, and what fits a ticket, best first (E2)."""

from collections.abc import Sequence
from typing import NamedTuple

from deskterm.domain import clock
from deskterm.domain.errors import UsageError
from deskterm.domain.solutions import (
    READERS,
    LikeTicket,
    SolutionEdit,
    SolutionHint,
    SolutionRow,
)
from deskterm.domain.vocabulary import Audience, Confidence
from deskterm.services.leaking import found_leaks
from deskterm.services.tickets.operation import Tickets
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads import clients
from deskterm.storage.reads import solutions as reads
from deskterm.storage.search import fold
from deskterm.storage.solution_uses import faded_of
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import survivor
from deskterm.triage.leaks import Leak
from deskterm.triage.likeness import REST, SYMPTOMS, TITLE, Document, Fields, Likeness, Match, words
from deskterm.triage.proof import Tried, rank, worth_showing

_LEAST_TICKET = 0.15
FOUND = 200
"""Solutions that a search gives at most."""
_ASKED = 10
"""Words of a ticket by which like tickets are looked for."""


class Reading:
    """What can be asked about solutions."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets
        self._index: _Index | None = None

    def list(
        self,
        *,
        confidence: str | None = None,
        audience: str | None = None,
        category: str | None = None,
        flagged: bool = False,
        archived: bool = False,
    ) -> list[SolutionRow]:
        """Give solutions by number; archived ones only where asked for.

        `audience`: those that this circle may read. `flagged`: those that somebody should look at.
        """
        check_words(confidence, audience)
        readers = READERS[Audience(audience)] if audience else ()
        with self.store.reading() as database:
            rows = reads.all_rows(database)
        return [
            row
            for row in rows
            if (archived or confidence == Confidence.ARCHIVED or is_alive(row))
            and (confidence is None or row.confidence == confidence)
            and (audience is None or row.audience in readers)
            and (category is None or _below(row.category, category))
            and (not flagged or row.flagged)
        ]

    def show(self, number: int) -> SolutionRow:
        """Give one solution; raises NotFoundError."""
        with self.store.reading() as database:
            return reads.one_row(database, number)

    def of_ticket(self, ticket: int) -> int | None:
        """Give the solution that a ticket became, archived ones aside; None where it did not."""
        with self.store.reading() as database:
            return reads.of_ticket(database, survivor(database, ticket))

    def history(self, number: int) -> Sequence[SolutionEdit]:
        """Give every edit, use and rating, oldest first; raises NotFoundError."""
        with self.store.reading() as database, database.snapshot():
            reads.one_row(database, number)
            return reads.history(database, number)

    def rated(self, number: int, ticket: int) -> bool | None:
        """Give what was said of a solution on a ticket: it worked, it did not, or nothing yet."""
        with self.store.reading() as database:
            return reads.rated(database, number, ticket)

    def search(
        self, text: str, *, archived: bool = False, ticket: int | None = None
    ) -> Sequence[SolutionRow]:
        """Give the solutions that are like the words, best first, then those that hold them all.

        Without words all of them, newest first. For a ticket only what may reach its client.
        """
        found = self._search(text, archived=archived)
        if ticket is None:
            return found
        with self.store.reading() as database:
            whose = clients.of_ticket(database, survivor(database, ticket))
            reaching = _reaching(database, whose)
        return [row for row in found if reaching is None or row.id in reaching]

    def _search(self, text: str, *, archived: bool) -> Sequence[SolutionRow]:
        wanted = fold(text).split()
        with self.store.reading() as database, database.snapshot():
            if not wanted:
                rows = [row for row in reads.all_rows(database) if archived or is_alive(row)]
                return sorted(rows, key=lambda row: row.updated_at, reverse=True)
            index = self._indexed(database)
            like = [match.key for match in index.likeness.like(((TITLE, text),), FOUND)]
            known = set(like)
            like += [
                number
                for number, words in index.folded.items()
                if number not in known and all(word in words for word in wanted)
            ]
            found = reads.rows_of(database, like[:FOUND])
        return [row for row in found if archived or is_alive(row)]

    def suggest(self, ticket: int, limit: int = 5) -> Sequence[SolutionHint]:
        """Give the solutions most likely to work for a ticket, best first, each with its reason."""
        with self.store.reading() as database, database.snapshot():
            row = reads.asked_on(database, survivor(database, ticket))
            whose = clients.of_ticket(database, row["id"])
            return self._hints(database, _asked(database, row, whose), row["category"] or "", limit)

    def workaround(self, ticket: int) -> str:
        """Give what helps meanwhile against the known problem of a ticket; empty: none is known."""
        with self.store.reading() as database:
            return reads.workaround(database, survivor(database, ticket))

    def suggest_for(
        self, text: str, category: str = "", limit: int = 5, *, person: int | None = None
    ) -> Sequence[SolutionHint]:
        """Give the solutions most likely to work for words that are no ticket yet.

        `person` is who says them: what belongs to a client is proposed to its people only.
        """
        with self.store.reading() as database:
            whose = clients.of_person(database, person)
            return self._hints(database, Asked(((TITLE, text),), whose=whose), category, limit)

    def _hints(
        self, database: Database, asked: "Asked", category: str, limit: int
    ) -> Sequence[SolutionHint]:
        likeness, reaching = self._indexed(database).likeness, _reaching(database, asked.whose)
        like = likeness.like(asked.fields, 50 if reaching is None else FOUND, skip=asked.skip)
        matches = {match.key: match for match in like if reaching is None or match.key in reaching}
        votes = faded_of(database, list(matches), clock.now())
        found = [
            _hint(row, matches[row.id], category, votes.get(row.id, (0.0, 0.0)))
            for row in reads.rows_of(database, list(matches))
            if _is_offered(row, matches[row.id], category, asked.ticket)
        ]
        return sorted(found, key=lambda hint: -hint.score)[:limit]

    def like_tickets(self, ticket: int, limit: int = 5) -> Sequence[LikeTicket]:
        """Give tickets that read like this one, best first, each with the words that say so."""
        with self.store.reading() as database, database.snapshot():
            row = reads.asked_on(database, survivor(database, ticket))
            asked = _asked(database, row, clients.of_ticket(database, row["id"]))
            wanted = [word for _, text in asked.fields for _, word in words(text)]
            telling = [word for word in dict.fromkeys(wanted) if word not in asked.skip][:_ASKED]
            found = reads.tickets_with_any(database, telling, row["id"])
            own = clients.beside(database, asked.whose, [one["id"] for one in found])
            others = {one["id"]: one for one in found if one["id"] in own}
        index = Likeness(
            Document(number, _ticket_fields(other)) for number, other in others.items()
        )
        return [
            _like(others[match.key], match.likeness, match.words)
            for match in index.like(asked.fields, limit, _LEAST_TICKET, asked.skip)
        ]

    def leaks(self, number: int) -> Sequence[Leak]:
        """Give what in a solution should not leave the desk; raises NotFoundError."""
        with self.store.reading() as database:
            return solution_leaks(database, reads.one_row(database, number))

    def _indexed(self, database: Database) -> "_Index":
        """Give the index over all solutions, made anew only where words changed since."""
        stamp = reads.stamp(database)
        if self._index is None or self._index.stamp != stamp:
            rows = reads.texts(database)
            likeness = Likeness(Document(row["id"], _fields(row)) for row in rows)
            self._index = _Index(stamp, likeness, {row["id"]: _folded(row) for row in rows})
        return self._index


class _Index(NamedTuple):
    """What is kept in memory of all solutions."""

    stamp: tuple[int, str]
    likeness: Likeness[int]
    folded: dict[int, str]
    """The words of each, folded, for parts of words."""


class Asked(NamedTuple):
    """What solutions and like tickets are looked for with."""

    fields: Fields
    skip: frozenset[str] = frozenset()
    """Words of the requester's own signature."""
    ticket: int = 0
    whose: int | None = None
    """The organisation of whoever asks."""


def _reaching(database: Database, whose: int | None) -> set[int] | None:
    """Give the solutions that may be proposed to an organisation; None: all of them."""
    known = clients.clients(database)
    if not known.walls:
        return None
    owned = clients.owned_solutions(database)
    return {number for number, one in owned.items() if known.reaches(one, whose)}


def _asked(database: Database, row: Row, whose: int | None) -> Asked:
    fields = ((TITLE, row["subject"]), (SYMPTOMS, row["problem"]), (REST, row["body"]))
    skip = frozenset(reads.signature_words(database, row["id"]))
    return Asked(fields, skip, row["id"], whose)


def check_words(confidence: str | None, audience: str | None) -> None:
    """Refuse words that are none of the vocabulary; raises UsageError."""
    if confidence is not None and confidence not in tuple(Confidence):
        raise UsageError(f"confidence {confidence!r}? Use {', '.join(Confidence)}.")
    if audience is not None and audience not in tuple(Audience):
        raise UsageError(f"audience {audience!r}? Use {', '.join(Audience)}.")


def solution_leaks(database: Database, row: SolutionRow) -> list[Leak]:
    """Give what in a solution would tell outsiders about people and machines."""
    fields = {
        "title": row.title,
        "symptoms": row.symptoms,
        "environment": row.environment,
        "cause": row.cause,
        "resolution": row.resolution,
        "tip": row.tip,
    }
    return found_leaks(database, fields, [row.source_ticket] if row.source_ticket else ())


def is_alive(row: SolutionRow) -> bool:
    """Tell whether a solution is still offered."""
    return row.confidence != Confidence.ARCHIVED


def _is_offered(row: SolutionRow, match: Match[int], category: str, ticket: int) -> bool:
    """Tell whether a solution is shown: alive, not the ticket's own draft, and like enough."""
    if not is_alive(row) or (ticket and row.source_ticket == ticket):
        return False
    return worth_showing(match.likeness, match.words, category, row.category or "")


def _hint(
    row: SolutionRow, match: Match[int], category: str, recent: tuple[float, float]
) -> SolutionHint:
    tried = Tried(row.worked, row.failed, row.confidence, row.category or "", recent)
    ranked = rank(match.likeness, match.words, tried, category)
    return SolutionHint(row, ranked.score, match.likeness, ranked.reason)


def _below(path: str | None, category: str) -> bool:
    wanted = category.strip("/").casefold()
    here = (path or "").casefold()
    return here == wanted or here.startswith(wanted + "/")


def _fields(row: Row) -> Fields:
    return (
        (TITLE, row["title"]),
        (SYMPTOMS, row["symptoms"]),
        (REST, row["cause"]),
        (REST, row["environment"]),
        (REST / 2, row["resolution"]),
    )


def _folded(row: Row) -> str:
    names = ("title", "symptoms", "cause", "resolution")
    return fold(f"S{row['id']} " + " ".join(row[name] for name in names))


def _ticket_fields(row: Row) -> Fields:
    return ((TITLE, row["subject"]), (REST, row["problem"]), (REST, row["body"]))


def _like(row: Row, likeness: float, said: tuple[str, ...]) -> LikeTicket:
    reason = f"says {', '.join(said[:4])}"
    return LikeTicket(row["id"], row["subject"], row["state"], likeness, reason, row["resolution"])
