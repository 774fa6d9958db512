"""What triage proposes for a ticket or for words that are none yet (C2)."""

from collections.abc import Iterator, Mapping, Sequence

from deskterm.domain import clock
from deskterm.domain.proposals import NearTicket, Proposal
from deskterm.services.tickets.operation import Tickets
from deskterm.services.triage.said import COLUMNS, KINDS, decisions, said_of
from deskterm.storage import learned
from deskterm.storage.desk_settings import value
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads import clients
from deskterm.storage.reads import solutions as reads
from deskterm.storage.reads.held import has_rules
from deskterm.storage.store import Store
from deskterm.storage.ticket.hold import survivor
from deskterm.triage.classify.features import Said, seen
from deskterm.triage.classify.model import Model
from deskterm.triage.classify.names import telling
from deskterm.triage.likeness import REST, TITLE, Document, Likeness, words

_RATHER = 0.5
_NEAR = 3
_VOTES, _DOUBT = 7, 0.5
"""So many like tickets say what one is, and so much likeness speaks for something else."""
_ASKED = 10
"""Words by which like tickets are looked for."""
_LEAST = 0.15
"""Likeness from which a ticket is near."""
_AMONG, _READ = 60, 600
"""The newest tickets that hold such a word, and the characters that are compared."""


class Suggesting:
    """What fits a ticket: category, service, group, and a hint at its urgency."""

    def __init__(self, store: Store, tickets: Tickets) -> None:
        self.store = store
        self.tickets = tickets

    def suggest(
        self, number: int, kinds: Sequence[str] = KINDS, *, near: bool = True
    ) -> list[Proposal]:
        """Give what is proposed for a ticket, each with confidence and reason.

        Raises NotFoundError.
        """
        with self.store.reading() as database, database.snapshot():
            number = survivor(database, number)
            rows = learned.tickets_said(database, [number])
            if not rows:
                return []
            guessed = propose(database, said_of(rows[0]), kinds, number)
            found = _rules_first(database, number, guessed)
            whose = clients.of_ticket(database, number)
            return _with_near(database, found, said_of(rows[0]), number, whose) if near else found

    def suggest_for(
        self,
        title: str,
        body: str = "",
        person: int | None = None,
        channel: str = "",
        kinds: Sequence[str] = KINDS,
        *,
        near: bool = True,
    ) -> list[Proposal]:
        """Give what is proposed for words that are no ticket yet."""
        said = Said(title, body, "" if person is None else str(person), channel)
        with self.store.reading() as database, database.snapshot():
            found = propose(database, said, kinds)
            whose = clients.of_person(database, person)
            return _with_near(database, found, said, 0, whose) if near else found

    def standing(self) -> tuple[int, int]:
        """Give from how many tickets was learned, and how many are sorted by people."""
        with self.store.reading() as database:
            return learned.standing(database)

    def lacking(self, number: int) -> list[Proposal]:
        """Give what is worth proposing for what a ticket lacks; raises NotFoundError.

        A hint at urgency is among it only where it says that a ticket is urgent. Nothing where
        the desk does not want it (`triage.fill_in` off).
        """
        with self.store.reading() as database, database.snapshot():
            if fill_in(database) == "off":
                return []
            rows = learned.tickets_said(database, [survivor(database, number)])
            return [one for row in rows for one in lacks(database, row)]

    def lacking_of(self, numbers: Sequence[int]) -> dict[int, list[Proposal]]:
        """Give the same of several tickets at once; those for which nothing is are left out."""
        with self.store.reading() as database, database.snapshot():
            if fill_in(database) == "off":
                return {}
            rows = learned.tickets_said(database, list(numbers))
            found = {row["id"]: lacks(database, row) for row in rows}
        return {number: proposals for number, proposals in found.items() if proposals}

    def lacking_for(
        self, text: str, person: int | None = None, channel: str = ""
    ) -> list[Proposal]:
        """Give what is worth proposing for what a caller says; the first line is the title."""
        title, _, body = text.strip().partition("\n")
        with self.store.reading() as database, database.snapshot():
            if fill_in(database) == "off":
                return []
        found = self.suggest_for(title, body, person, channel, ("category",), near=False)
        return [one for one in found if one.is_worth_showing]


def fill_in(database: Database) -> str:
    """Give what triage does with what it knows: off, propose or auto."""
    return str(value(database, "triage.fill_in"))


def lacks(database: Database, row: Row) -> list[Proposal]:
    """Give what is worth proposing for what a stored ticket lacks."""
    missing = [kind for kind, column in COLUMNS.items() if row[column] is None]
    kinds = (*missing, *(() if row["urgent"] else ("urgent",)))
    guessed = propose(database, said_of(row), kinds, row["id"])
    found = [one for one in _rules_first(database, row["id"], guessed) if one.kind in kinds]
    return [one for one in found if one.is_worth_showing and _is_news(one)]


def _rules_first(database: Database, number: int, guessed: list[Proposal]) -> list[Proposal]:
    """Put what the desk's own rules say in place of what was guessed."""
    if not has_rules(database):
        return guessed
    from deskterm.services.triage.ruling import ruled

    said = ruled(database, number, clock.now())
    return [*said.values(), *(one for one in guessed if one.kind not in said)]


def _is_news(one: Proposal) -> bool:
    """Service and group follow only where they are likelier than not; `not urgent` is no news."""
    if one.kind == "urgent":
        return one.value == "yes" and one.confidence >= _RATHER
    return one.kind == "category" or one.confidence >= _RATHER


def propose(
    database: Database, said: Said, kinds: Sequence[str], number: int = 0
) -> list[Proposal]:
    """Give the best value of each kind; none where nothing was learned and no name is said.

    To whoever sees a part of the desk what was learned of all of it says nothing: in its place
    stands what tickets were that read like this one, of those that they see (decision 0034).
    """
    known = learned.labels(database)
    given = seen(said)
    table = learned.load_words(database, given.names)
    names = {kind: telling(known[kind]) for kind in kinds}
    head = learned.load_head(database).head
    model = Model(head, table, names)
    found = []
    for kind, guess in model.guess(given, kinds, known).items():
        if guess.ranked:
            best, *others = (known[kind][label] for label in guess.ranked[:3])
            found.append(Proposal(kind, best, guess.confidence, guess.words, tuple(others)))
    if head.tickets or clients.sees_all(database):
        return found
    named = {one.kind for one in found if one.reason}
    rest = [kind for kind in kinds if kind not in named and kind != "urgent"]
    like = list(_as_like(database, said, rest, number, known))
    kept = {one.kind for one in like}
    return [*(one for one in found if one.kind not in kept), *like]


def _as_like(
    database: Database,
    said: Said,
    kinds: Sequence[str],
    number: int,
    known: Mapping[str, Mapping[str, str]],
) -> Iterator[Proposal]:
    """Give what most of the tickets were that read like it, as sure as they agree.

    Each counts as much as it is like it; one that agrees with nothing stands for doubt.
    """
    person = int(said.requester) if said.requester else None
    of_ticket = clients.of_ticket(database, number) if number else None
    whose = of_ticket if number else clients.of_person(database, person)
    found, _ = _like(database, said, number, whose, _VOTES)
    sorted_ = {row["id"]: decisions(row) for row in learned.tickets_said(database, [*found])}
    for kind in kinds:
        votes: dict[str, float] = {}
        for one, likeness in found.items():
            label = sorted_.get(one, {}).get(kind, "")
            if label in known[kind]:
                votes[label] = votes.get(label, 0.0) + likeness
        ranked = sorted(votes, key=lambda label: -votes[label])
        if ranked:
            share = votes[ranked[0]] / (sum(votes.values()) + _DOUBT)
            why = tuple(f"like #{one}" for one in found
                        if sorted_.get(one, {}).get(kind) == ranked[0])[:_NEAR]  # fmt: skip
            others = tuple(known[kind][label] for label in ranked[1:3])
            yield Proposal(kind, known[kind][ranked[0]], share, why, others)


def _with_near(
    database: Database, found: list[Proposal], said: Said, number: int, whose: int | None
) -> list[Proposal]:
    """Add the nearest tickets to what is proposed."""
    if not found:
        return found
    near = tuple(_nearest(database, said, number, whose))
    return [one._replace(near=near) for one in found]


def _nearest(database: Database, said: Said, number: int, whose: int | None) -> list[NearTicket]:
    found, rows = _like(database, said, number, whose, _NEAR)
    return [NearTicket(one, rows[one]["subject"], rows[one]["category"] or "") for one in found]


def _like(
    database: Database, said: Said, number: int, whose: int | None, most: int
) -> tuple[dict[int, float], Mapping[int, Row]]:
    """Give ticket → how like it is, the likest first, and what each says."""
    asked = ((TITLE, said.title[:_READ]), (REST, said.body[:_READ]))
    telling_words = list(dict.fromkeys(w for _, text in asked for _, w in words(text)))[:_ASKED]
    found = reads.near_tickets(database, telling_words, number, _AMONG)
    own = clients.beside(database, whose, [row["id"] for row in found])
    rows = {row["id"]: row for row in found if row["id"] in own}
    index = Likeness(
        Document(one, ((TITLE, row["subject"]), (REST, row["said"]))) for one, row in rows.items()
    )
    return {match.key: match.likeness for match in index.like(asked, most, _LEAST)}, rows
