"""How good the classifier would be on a history: learn in order, then guess (cli.md)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from deskterm.triage.classify.features import Said
from deskterm.triage.classify.model import Guess, Head, Model
from deskterm.triage.classify.names import telling

AHEAD = 4
"""A quarter of what was learned is guessed ahead before it is learned: as stale as real guesses."""
_FEWEST = 20


def said_of(record: Mapping[str, Any]) -> Said:
    """Give a ticket of a file: {title, body, requester?, channel?}."""
    texts = (record.get(name) for name in ("title", "body", "requester", "channel"))
    return Said(*("" if text is None else str(text) for text in texts))


class Learner:
    """A model in memory that learns a whole history."""

    def __init__(self) -> None:
        self.model = Model(Head(), {})
        self._labels: dict[str, str] = {}

    def learn(self, history: Iterable[tuple[Said, str]]) -> None:
        """Learn in order; parts are guessed first, which says how far to trust guesses."""
        tickets = iter(history)
        while True:
            size = max(_FEWEST, self.model.head.tickets // AHEAD)
            part = list(islice(tickets, size))
            if not part:
                return
            for said, label in part:
                self.model.check(self.model.guess(said), label)
            for said, label in part:
                self._know(label)
                self.model.learn(said, label)

    def _know(self, label: str) -> None:
        if label not in self._labels:
            self._labels[label] = label
            self.model.names = telling(self._labels)

    def guess(self, said: Said) -> Guess:
        """Rank the labels for a ticket."""
        return self.model.guess(said)


def evaluate(
    history: Iterable[Mapping[str, Any]], queries: Iterable[Mapping[str, Any]], label: str
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
