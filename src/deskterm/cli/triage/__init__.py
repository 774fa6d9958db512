"""`deskterm triage suggest`: what fits a ticket, each with its reason; nothing is changed."""

from typing import TYPE_CHECKING, Annotated, Any

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.given import said
from deskterm.cli.nouns import Noun
from deskterm.cli.options import Argument, Option
from deskterm.cli.session import opened
from deskterm.cli.targets import numbers
from deskterm.domain.proposals import Proposal
from deskterm.domain.solutions import SolutionHint, proof_text

if TYPE_CHECKING:
    from deskterm.bootstrap import Desk

noun = Noun("triage", "What fits a ticket: category, solutions, guides, like tickets.")
noun.later("evaluate")

COLUMNS = ("ticket", "kind", "id", "title", "reason")
WAITING = "is:open assignee:none"
"""Whose suggestions are shown where no ticket is named."""
SOME = 20
"""So many of them at most."""


@noun.verb("suggest", "deskterm triage suggest 12 -o json")
@reading
def suggest(
    call: Call,
    target: Annotated[
        list[str] | None, Argument(metavar="[TARGET]", help="Ids, or - for stdin.")
    ] = None,
    query: Annotated[
        str | None, Option("--query", "-q", metavar="Q", help="All that a query finds.")
    ] = None,
    limit: Annotated[int, Option(min=1, help="At most this many of each kind.")] = 5,
    text: Annotated[
        str | None, Option(metavar="TEXT|-", help="Words that are no ticket yet.")
    ] = None,
) -> None:
    """Show what fits tickets: category, service, group, urgency; solutions, guides, like tickets.

    Each with its reason, best first; category and the like with their confidence. Without a
    target: the open tickets that nobody has taken.
    """
    with opened() as desk:
        if text is not None:
            records = [_fitting_text(desk, said(text), limit)]
            found = []
        elif target or query is not None:
            found = numbers(desk, target or [], query)
        else:
            found = list(desk.board.ids(WAITING, SOME))
        if text is None:
            records = [_fitting(desk, number, limit) for number in found]
    if output.chosen(call.output) in ("json", "jsonl"):
        if len(records) == 1 and (target or text is not None):
            output.one(records[0], call.output)
        else:
            output.many(records, (), call.output)
    else:
        lines = [line for one in records for line in _lines(one)]
        output.many(lines, COLUMNS, call.output)


def _fitting_text(desk: "Desk", text: str, limit: int) -> dict[str, object]:
    """Give what fits words that are no ticket yet: their first line is the title."""
    title, _, body = text.strip().partition("\n")
    return {
        "id": None,
        "proposals": [_proposal(one) for one in desk.triage.suggest_for(title, body)],
        "solutions": [_solution(hint) for hint in desk.solutions.suggest_for(text, limit=limit)],
        "guides": [],
        "tickets": [],
    }


def _proposal(one: Proposal) -> dict[str, object]:
    return {
        "kind": one.kind,
        "value": one.value,
        "confidence": round(one.confidence, 4),
        "percent": one.percent,
        "reason": one.reason,
        "words": one.words,
        "others": one.others,
        "near": [near._asdict() for near in one.near],
    }


def _solution(hint: SolutionHint) -> dict[str, object]:
    return {
        "id": hint.solution.id,
        "title": hint.solution.title,
        "score": round(hint.score, 4),
        "likeness": round(hint.likeness, 4),
        "proof": proof_text(hint.solution.worked, hint.solution.failed),
        "confidence": hint.solution.confidence,
        "reason": hint.reason,
    }


def _fitting(desk: "Desk", number: int, limit: int) -> dict[str, object]:
    return {
        "id": number,
        "proposals": [_proposal(one) for one in desk.triage.suggest(number)],
        "workaround": desk.solutions.workaround(number),
        "solutions": [_solution(hint) for hint in desk.solutions.suggest(number, limit)],
        "guides": [
            {"id": one.id, "title": one.title, "score": one.score, "reason": one.reason}
            for one in desk.guides.suggest(number)[:limit]
        ],
        "tickets": [
            {**one._asdict(), "likeness": round(one.likeness, 4)}
            for one in desk.solutions.like_tickets(number, limit)
        ],
    }


def _lines(record: dict[str, Any]) -> list[dict[str, Any]]:
    """Give one line for each thing that fits."""
    found = [(one["kind"], one["percent"], one["value"], one) for one in record["proposals"]]
    if known := record.get("workaround"):
        name, _, title = known.partition(" ")
        found.append(("workaround", name, title, {"reason": "the ticket's known problem"}))
    found += [("solution", f"S{one['id']}", one["title"], one) for one in record["solutions"]]
    found += [("guide", one["id"], one["title"], one) for one in record["guides"]]
    found += [("ticket", f"#{one['id']}", one["subject"], one) for one in record["tickets"]]
    return [
        {"ticket": record["id"], "kind": kind, "id": id_, "title": title, "reason": one["reason"]}
        for kind, id_, title, one in found
    ]
