"""`deskterm guide stats`: how guides do in use, and what would make them better."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from deskterm.cli import output
from deskterm.cli.change import Call, reading
from deskterm.cli.errors import say
from deskterm.cli.nouns import Noun
from deskterm.cli.session import opened

if TYPE_CHECKING:
    from deskterm.guides.usage import LeafUse, NodeUse, Usage
    from deskterm.services.guides.insight import Coverage, GuideInsight

_COLUMNS = ("id", "version", "runs", "fixed", "given_up", "escalated", "seconds", "title")


@reading
def stats(call: Call, id_: Annotated[str | None, typer.Argument(metavar="[ID]")] = None) -> None:
    """Show how guides do: fixed, given up, escalated; with an ID every question and ending.

    Rates have the number of cases and a 95 % interval; a fix counts where the ticket was not
    reopened within 14 days. Proposals need thirty runs.
    """
    with opened() as desk:
        if id_ is None:
            _overview(desk.guides.coverage(), call)
        else:
            _one(desk.guides.insight(id_), call)


def register(noun: Noun) -> None:
    """Add the verb to `deskterm guide`."""
    noun.verb("stats", "deskterm guide stats vpn")(stats)


def _overview(coverage: "Coverage", call: Call) -> None:
    records = [
        {"id": one.id, "title": one.title, "version": one.version, **_figures(one.usage)}
        for one in coverage.guides
    ]
    if output.chosen(call["output_"]) in ("json", "jsonl"):
        output.many(records, _COLUMNS, call["output_"])
        return
    usages = [one.usage for one in coverage.guides]
    output.many(
        [record | _texts(usage) for record, usage in zip(records, usages, strict=True)],
        _COLUMNS,
        call["output_"],
    )
    if coverage.uncovered:
        say(f"No guide for: {', '.join(coverage.uncovered)}.")


def _figures(usage: "Usage") -> dict[str, Any]:
    return {
        "runs": usage.runs,
        "fixed": usage.fixed.record,
        "given_up": usage.given_up.record,
        "escalated": usage.handed_on.record,
        "seconds": usage.typical,
    }


def _texts(usage: "Usage") -> dict[str, Any]:
    return {
        "fixed": usage.fixed.text,
        "given_up": usage.given_up.text,
        "escalated": usage.handed_on.text,
        "seconds": _seconds(usage.typical),
    }


def _one(found: "GuideInsight", call: Call) -> None:
    from deskterm.guides.proposals import sentences

    if output.chosen(call["output_"]) in ("json", "jsonl"):
        output.one(_record(found), call["output_"])
        return
    output.prose(f"{found.guide.title} ({found.guide.id}), {found.usage.runs} runs\n")
    for name, text in _texts(found.usage).items():
        output.prose(f"  {name.replace('_', ' '):<10} {text}")
    output.prose("\nVersions")
    for number, usage in found.versions.items():
        output.prose(f"  version {number}: {usage.runs} runs, fixed {usage.fixed.text}")
    output.prose("\nQuestions")
    for node in found.usage.by_node():
        output.prose(f"  {_node_line(node, found.guide.id)}")
    output.prose("\nEndings")
    for leaf in found.usage.by_leaf():
        output.prose(f"  {_leaf_line(leaf, found.guide.id)}")
    output.prose("\nProposals")
    for line in sentences(found.asks, found.orders):
        output.prose(f"  {line}")


def _node_line(node: "NodeUse", guide: str) -> str:
    answers = ", ".join(f"{answer} {n}" for answer, n in node.answers.most_common(5))
    parts = [f"{_place(node.place, guide)}: {node.visits} times, {_seconds(node.typical)}"]
    parts += [answers] if answers else []
    parts += [f"skipped {node.skipped}"] if node.skipped else []
    parts += [f"taken back {node.went_back.text}"] if node.taken_back else []
    parts += [f"given up {node.gave_up.text}"] if node.left else []
    return " · ".join(parts)


def _leaf_line(leaf: "LeafUse", guide: str) -> str:
    early = ", ended early" if leaf.early else ""
    held = f" · lasted {leaf.fixed.text}" if leaf.ending == "solved" else ""
    return f"{_place(leaf.place, guide)} ({leaf.ending}{early}): {leaf.ended} times{held}"


def _place(place: tuple[str, str], guide: str) -> str:
    return place[1] if place[0] == guide else "/".join(place)


def _seconds(value: float | None) -> str:
    return "no time yet" if value is None else f"{value:.0f} s"


def _record(found: "GuideInsight") -> dict[str, Any]:
    return {
        "id": found.guide.id,
        "title": found.guide.title,
        "version": found.guide.version,
        **_figures(found.usage),
        "versions": [
            {"version": number, **_figures(usage)} for number, usage in found.versions.items()
        ],
        "questions": [_node_record(node) for node in found.usage.by_node()],
        "endings": [_leaf_record(leaf) for leaf in found.usage.by_leaf()],
        "asks": [ask._asdict() for ask in found.asks],
        "orders": [order._asdict() for order in found.orders],
        "unreadable": found.unreadable,
    }


def _node_record(node: "NodeUse") -> dict[str, Any]:
    return {
        "guide": node.place[0],
        "node": node.place[1],
        "visits": node.visits,
        "answers": dict(node.answers.most_common()),
        "skipped": node.skipped,
        "taken_back": node.went_back.record,
        "given_up": node.gave_up.record,
        "seconds": node.typical,
    }


def _leaf_record(leaf: "LeafUse") -> dict[str, Any]:
    return {
        "guide": leaf.place[0],
        "node": leaf.place[1],
        "ending": str(leaf.ending),
        "early": leaf.early,
        "ended": leaf.ended,
        "fixed": leaf.fixed.record,
    }
