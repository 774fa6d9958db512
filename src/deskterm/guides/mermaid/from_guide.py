"""A troubleshooting guide as a flowchart: questions are diamonds, endings are rounded."""

from collections.abc import Iterator

from deskterm.guides.mermaid.chart import Chart, ChartEdge, ChartNode
from deskterm.guides.model import Ending, Guide, Kind, Node, Rule, Target

_TAKEN = """style default linkstyle class classdef click call href graph flowchart flowchart-elk
    subgraph end interpolate direction v x o"""
_WORDS = frozenset(_TAKEN.split())
"""Ids that Mermaid takes for something else."""


def chart_of(guide: Guide) -> Chart:
    """Give the chart: a box a node, an arrow an answer; a sub-guide is a box on the way."""
    nodes = {
        _id(name): ChartNode(_id(name), _text(node), _shape(node))
        for name, node in sorted(guide.nodes.items(), key=lambda item: item[0] != guide.start)
    }
    edges: list[ChartEdge] = []
    for name, node in guide.nodes.items():
        for label, target in _ways(node):
            edges += _edges(_id(name), label, target, nodes)
    return Chart(nodes, tuple(dict.fromkeys(edges)), title=guide.title)


def _edges(
    source: str, label: str, target: Target, nodes: dict[str, ChartNode]
) -> Iterator[ChartEdge]:
    if not target.guide:
        yield ChartEdge(source, _id(target.node), label)
        return
    through = f"{_id(target.guide)}-then-{_id(target.node)}"
    nodes.setdefault(through, ChartNode(through, f"Guide: {target.guide}", "subroutine"))
    yield ChartEdge(source, through, label)
    yield ChartEdge(through, _id(target.node))


def _ways(node: Node) -> Iterator[tuple[str, Target]]:
    """Give (what is answered, where it leads) of every way out."""
    for choice in node.choices:
        yield choice.answer, choice.to
    for rule in node.rules:
        yield _condition(rule), rule.to
    if node.to is not None:
        yield ("otherwise" if node.kind is Kind.WHEN else ""), node.to


def _condition(rule: Rule) -> str:
    """Give a branch's condition in words."""
    parts = [rule.fact, " or ".join(rule.words)]
    parts += [f"has {' or '.join(rule.has)}"] if rule.has else []
    parts += [f"from {rule.least:g}"] if rule.least is not None else []
    parts += [f"below {rule.below:g}"] if rule.below is not None else []
    parts += ["known" if rule.known else "not known"] if rule.known is not None else []
    return " ".join(part for part in parts if part)


def _text(node: Node) -> str:
    if node.kind is Kind.END:
        said = node.resolution or node.summary or node.solution
        word = "Solved" if node.ending is Ending.SOLVED else f"Escalate to {node.group}".strip()
        return f"{word}: {said}" if said else word
    if node.kind is Kind.WHEN:
        return "What is known?"
    return f"{node.text}<br/>{node.verify}" if node.verify else node.text


def _shape(node: Node) -> str:
    if node.kind is Kind.END:
        return "stadium"
    return "diamond" if node.kind in (Kind.ASK, Kind.WHEN) else "square"


def _id(name: str) -> str:
    return f"n-{name}" if name in _WORDS else name
