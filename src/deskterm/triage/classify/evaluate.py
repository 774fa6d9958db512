"""How good triage would be on a history (cli.md): learn in order, then guess; known links found."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from deskterm.triage.classify.features import Said, Seen, seen
from deskterm.triage.classify.model import (
    KEPT,
    TIMES,
    Guess,
    Head,
    Lesson,
    Model,
    ahead,
    replayed,
)
from deskterm.triage.classify.names import telling
from deskterm.triage.known_problems import Corpus, Reported

_KIND = "label"


def said_of(record: Mapping[str, object]) -> Said:
    """Give a ticket of a file: {title, body, requester?, channel?}."""
    texts = (record.get(name) for name in ("title", "body", "requester", "channel"))
    return Said(*("" if text is None else str(text) for text in texts))


class Learner:
    """A model in memory that learns a whole history as a desk does (services/triage)."""

    def __init__(self) -> None:
        self.model = Model(Head(), {}, {_KIND: {}})
        self._names: dict[str, str] = {}
        self.kept: deque[Lesson] = deque()
        """The lessons that are replayed, first those that were not looked at for longest."""

    def learn(self, history: Iterable[tuple[Said, str]]) -> None:
        """Learn in order; parts are guessed first, which says how far to trust guesses."""
        tickets = iter(history)
        while True:
            size = ahead(self.model.head.tickets)
            part = [(seen(said), label) for said, label in islice(tickets, size)]
            if not part:
                break
            for given, label in part:
                self.model.check(_KIND, self.model.guess(given, [_KIND], why=False)[_KIND], label)
            self._study([self._taken(given, label) for given, label in part])
        self.model.study(list(self.kept))

    def _taken(self, given: Seen, label: str) -> Lesson:
        lesson = Lesson(given, {})
        self.model.take(lesson, {_KIND: label})
        if label not in self._names:
            self._names[label] = label
            self.model.names = {_KIND: telling(self._names)}
        return lesson

    def _study(self, new: list[Lesson]) -> None:
        wanted = replayed(self.model.head.tickets, len(new))
        again = [self.kept.popleft() for _ in range(min(len(self.kept), wanted))]
        self.model.study([*new, *again], TIMES)
        self.kept.extend([*again, *new])
        while len(self.kept) > KEPT:
            self.kept.popleft()

    def guess(self, said: Said) -> Guess:
        """Rank the labels for a ticket."""
        return self.model.guess(seen(said), [_KIND])[_KIND]


def evaluate(
    history: Iterable[Mapping[str, object]], queries: Iterable[Mapping[str, object]], label: str
) -> Iterator[dict[str, Any]]:
    """Give {id, ranked, confidence} for each query, after learning the history."""
    learner = Learner()
    learner.learn(
        (said_of(record), str(record[label]))
        for record in history
        if record.get(label) not in (None, "")
    )
    for record in queries:
        guess = learner.guess(said_of(record))
        yield {
            "id": record.get("id"),
            "ranked": list(guess.ranked),
            "confidence": round(guess.confidence, 4),
        }


_SHOWN = 50


def reported(record: Mapping[str, object]) -> Reported[str]:
    """Give a ticket of a file: {id, title, body, version?, opened?}; later facts are not read."""
    title, body, version = ("" if (v := record.get(n)) is None else str(v) for n in _TEXTS)
    return Reported(str(record["id"]), title, body, version, _moment(record.get("opened")))


_TEXTS = ("title", "body", "version")


def _moment(text: object) -> datetime | None:
    """Give an aware time; what is none says nothing about how recent a ticket is."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def evaluate_known(
    corpus: Iterable[Mapping[str, object]],
    edges: Iterable[Sequence[object]],
    queries: Iterable[object],
) -> Iterator[dict[str, Any]]:
    """Give {id, ranked, score} for each query id, in their order.

    The corpus is walked in order; a link counts once both its tickets lie before the query. Of
    each problem the ticket that is most like the query is named.
    """
    wanted = list(queries)
    asked = {str(one) for one in wanted}
    waiting: dict[str, list[str]] = {}
    for one, other in edges:
        waiting.setdefault(str(one), []).append(str(other))
        waiting.setdefault(str(other), []).append(str(one))
    found: dict[str, tuple[list[object], float]] = {}
    given: dict[str, object] = {}
    known: Corpus[str] = Corpus()
    for record in corpus:
        ticket = reported(record)
        if ticket.key in asked and ticket.key not in known:
            best = known.candidates(ticket, limit=_SHOWN)
            ids = [given[one.nearest] for one in best]
            found[ticket.key] = (ids, best[0].score if best else 0.0)
        known.add(ticket)
        given.setdefault(ticket.key, record["id"])
        for other in waiting.get(ticket.key, ()):
            if other in known:
                known.link(ticket.key, other)
    for one in wanted:
        ranked, score = found.get(str(one), ([], 0.0))
        yield {"id": one, "ranked": ranked, "score": round(score, 4)}
