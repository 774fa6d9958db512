"""`deskterm triage evaluate`: how good triage would be on one's own history. Opens no database."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from deskterm import disk
from deskterm.cli.change import Call, act, targeting
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.domain.errors import UsageError
from deskterm.domain.verbs import Accept

KINDS = ("categories", "duplicates")
_LONGEST = 64 * 1024 * 1024
"""Characters of one line that are read."""


def evaluate(
    kind: Annotated[str, Argument(metavar="categories|duplicates")],
    out: Annotated[Path, Option("--out", metavar="FILE", help="Where predictions go.")],
    history: Annotated[
        Path | None,
        Option(metavar="FILE", help="Learned in order: {id, title, body, requester?, LABEL}."),
    ] = None,
    queries: Annotated[
        Path | None,
        Option(metavar="FILE", help="Guessed: {id, title, body, requester?}; or ids."),
    ] = None,
    corpus: Annotated[
        Path | None,
        Option(metavar="FILE", help="Tickets in order: {id, title, body, opened?}."),
    ] = None,
    edges: Annotated[
        Path | None, Option(metavar="FILE", help="Known links: [id, id] a line.")
    ] = None,
    label: Annotated[str, Option(help="The key that is learned and guessed.")] = "category",
) -> None:
    """Measure on one's own tickets how good triage would be, before anyone trusts it.

    categories: learns each line of --history in order, then writes for each line of --queries
    {"id", "ranked": [best first], "confidence": 0..1}.

    duplicates: walks --corpus in order; a link of --edges counts once both its tickets lie before
    the query; writes for each {"id"} of --queries {"id", "ranked": [earlier ids], "score"}, one id
    for each known problem.
    """
    if kind not in KINDS:
        raise UsageError(f"evaluate {kind!r}? Use one of {', '.join(KINDS)}.")
    if kind == "categories":
        _categories(_needed(history, "--history"), _needed(queries, "--queries"), label, out)
    else:
        tickets, links = _needed(corpus, "--corpus"), _needed(edges, "--edges")
        _duplicates(tickets, links, _needed(queries, "--queries"), out)


def _categories(history: Path, queries: Path, label: str, out: Path) -> None:
    from deskterm.triage.classify.evaluate import evaluate as guesses

    _write(out, guesses(_records(history), _records(queries), label))


def _duplicates(corpus: Path, edges: Path, queries: Path, out: Path) -> None:
    from deskterm.triage.classify.evaluate import evaluate_known as candidates

    _write(out, candidates(_with_id(corpus), _links(edges), (q["id"] for q in _with_id(queries))))


def _with_id(file: Path) -> Iterator[dict[str, object]]:
    for number, record in enumerate(_records(file), 1):
        if record.get("id") is None:
            raise UsageError(f"{file}: object {number} has no id.")
        yield record


def _links(file: Path) -> Iterator[list[object]]:
    for where, value in values(file):
        if not isinstance(value, list) or len(value) != 2:
            raise UsageError(f"{where}: a link is two ids, like [12, 15].")
        yield value


def _needed(file: Path | None, flag: str) -> Path:
    if file is None:
        raise UsageError(f"which tickets? Give {flag} FILE, JSON lines.")
    return file


def _records(file: Path) -> Iterator[dict[str, object]]:
    """Give the JSON objects of a file, one a line; raises UsageError naming file and line."""
    for where, value in values(file):
        if not isinstance(value, dict):
            raise UsageError(f"{where}: a JSON object is wanted, not {type(value).__name__}.")
        yield value


def values(file: Path) -> Iterator[tuple[str, object]]:
    """Give what stands in each line of a JSON lines file, with its place."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, line in enumerate(disk.lines_of(lines, str(file), _LONGEST), 1):
            if not line.strip():
                continue
            try:
                yield f"{file}:{number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise UsageError(f"{file}:{number}: no JSON ({error}).") from error


def _write(out: Path, predictions: Iterable[dict[str, object]]) -> None:
    """Write the predictions, all or none: a file that is half done is no result."""
    count = 0
    with disk.writing(out, replace=True) as stream:
        for one in predictions:
            stream.write(json.dumps(one).encode("ascii") + b"\n")
            count += 1
    say(f"{count} predictions in {out}.")


@targeting
def accept(call: Call) -> int:
    """Set category, service and group as triage proposes them, where tickets lack them."""
    return act(call, "accept", Accept())


def register(noun: Noun) -> None:
    """Add the verbs."""
    noun.verb("accept", "deskterm triage accept --query 'is:new category:none' --dry-run")(accept)
    example = (
        "deskterm triage evaluate categories --history H.jsonl --queries Q.jsonl --out PRED.jsonl"
    )
    noun.verb("evaluate", example)(evaluate)
