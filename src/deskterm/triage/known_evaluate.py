"""How well known problems would have been found on a history, the future unseen (cli.md)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from deskterm.triage.known_problems import Corpus, Reported

_SHOWN = 50


def reported(record: Mapping[str, Any]) -> Reported[str]:
    """Give a ticket of a file: {id, title, body, version?, opened?}; later facts are not read."""
    title, body, version = ("" if (v := record.get(n)) is None else str(v) for n in _TEXTS)
    return Reported(str(record["id"]), title, body, version, _moment(record.get("opened")))


_TEXTS = ("title", "body", "version")


def _moment(text: Any) -> datetime | None:
    """Give an aware time; what is none says nothing about how recent a ticket is."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def evaluate(
    corpus: Iterable[Mapping[str, Any]], edges: Iterable[Sequence[Any]], queries: Iterable[Any]
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
    found: dict[str, tuple[list[Any], float]] = {}
    given: dict[str, Any] = {}
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
