"""What use tells of guides, as sheets: every guide, the versions, questions and endings of one."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from deskterm.guides.usage import LeafUse, NodeUse, Usage
from deskterm.reports.sheet import Cell, Row, Sheet, shared

FIGURES = ("runs", "fixed", "given_up", "escalated", "seconds")
"""The columns that every guide and every version has."""


class GuideFigures(NamedTuple):
    """One guide in the overview."""

    id: str
    title: str
    version: int
    usage: Usage


def overview(found: Iterable[GuideFigures]) -> Sheet:
    """Give a row for each guide."""
    return Sheet("Guides", [_guide(one) for one in found])


def _guide(one: GuideFigures) -> Row:
    usage = one.usage
    told = f"{one.id}, version {one.version}: "
    if usage.runs:
        told += (
            f"{usage.over} of {usage.runs} runs are over · fixed {usage.fixed.text} · "
            f"given up {usage.given_up.text} · escalated {usage.handed_on.text}"
        )
    else:
        told += "nobody walked it on a ticket yet."
    cells = {"id": Cell(one.id), "title": Cell(one.title), "version": _count(one.version)}
    return Row(cells | figures(usage), [told])


def figures(usage: Usage) -> dict[str, Cell]:
    """Give the cells of FIGURES."""
    return {
        "runs": _count(usage.runs),
        "fixed": shared(usage.fixed),
        "given_up": shared(usage.given_up),
        "escalated": shared(usage.handed_on),
        "seconds": _seconds(usage.typical),
    }


def versions(found: Mapping[int, Usage]) -> Sheet:
    """Give a row for each version."""
    return Sheet("Versions", [_version(number, usage) for number, usage in found.items()])


def _version(number: int, usage: Usage) -> Row:
    told = f"version {number}: {usage.runs} runs, fixed {usage.fixed.text}"
    return Row({"version": _count(number)} | figures(usage), [told])


def questions(usage: Usage, guide: str) -> Sheet:
    """Give a row for each question of a guide and of what it calls."""
    return Sheet("Questions", [_question(node, guide) for node in usage.by_node()])


def _question(node: NodeUse, guide: str) -> Row:
    spent = _seconds(node.typical)
    answers = ", ".join(f"{answer} {n}" for answer, n in node.answers.most_common(5))
    parts = [f"{_place(node.place, guide)}: {node.visits} times, {spent.text}"]
    parts += [answers] if answers else []
    parts += [f"skipped {node.skipped}"] if node.skipped else []
    parts += [f"taken back {node.went_back.text}"] if node.taken_back else []
    parts += [f"given up {node.gave_up.text}"] if node.left else []
    cells = {
        "guide": Cell(node.place[0]),
        "node": Cell(node.place[1]),
        "visits": _count(node.visits),
        "answers": Cell(answers, data=dict(node.answers.most_common())),
        "skipped": _count(node.skipped),
        "taken_back": shared(node.went_back),
        "given_up": shared(node.gave_up),
        "seconds": spent,
    }
    return Row(cells, [" · ".join(parts)])


def endings(usage: Usage, guide: str) -> Sheet:
    """Give a row for each ending that was reached."""
    return Sheet("Endings", [_ending(leaf, guide) for leaf in usage.by_leaf()])


def _ending(leaf: LeafUse, guide: str) -> Row:
    early = ", ended early" if leaf.early else ""
    held = f" · lasted {leaf.fixed.text}" if leaf.ending == "solved" else ""
    told = f"{_place(leaf.place, guide)} ({leaf.ending}{early}): {leaf.ended} times{held}"
    cells = {
        "guide": Cell(leaf.place[0]),
        "node": Cell(leaf.place[1]),
        "ending": Cell(str(leaf.ending)),
        "early": Cell("yes" if leaf.early else "no", data=leaf.early),
        "ended": _count(leaf.ended),
        "fixed": shared(leaf.fixed),
    }
    return Row(cells, [told])


def _place(place: tuple[str, str], guide: str) -> str:
    return place[1] if place[0] == guide else "/".join(place)


def _count(number: int) -> Cell:
    return Cell(str(number), number)


def _seconds(value: float | None) -> Cell:
    return Cell("no time yet" if value is None else f"{value:.0f} s", value, "s")
