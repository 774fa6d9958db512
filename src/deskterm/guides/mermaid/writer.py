"""A flowchart as Mermaid text that reads back as the same chart, and a guide as such a chart.

Questions are diamonds, endings are rounded.
"""

import json
from collections.abc import Iterator

from deskterm.domain.patterns import pattern
from deskterm.guides.mermaid.chart import WRITTEN, Area, Chart, ChartEdge, ChartNode
from deskterm.guides.model import Ending, Guide, Kind, Node, Rule, Target

_SIGNS = {'"': "#quot;", "#": "#35;", "`": "#96;", "%": "#37;", "\\": "#92;"}
_PLAIN = pattern(r"[\w.*-]+\Z")
_SIGN = pattern(r'["#`%\\]')


def write_chart(chart: Chart) -> str:
    """Give the Mermaid text: front matter where there is a title, boxes, arrows, areas."""
    lines = (
        [f"---\ntitle: {json.dumps(chart.title, ensure_ascii=False)}\n---"] if chart.title else []
    )
    lines.append(f"flowchart {chart.direction}")
    lines += [f"    {_box(node)}" for node in chart.nodes.values()]
    lines += [f"    {_arrow(edge)}" for edge in chart.edges]
    inside = {member for area in chart.areas for member in area.members}
    for area in chart.areas:
        if area.id not in inside:
            lines += _area(area, chart, 1, set())
    return "\n".join(lines) + "\n"


def quoted(text: str) -> str:
    """Give a text in quotes, every sign that would end it or mean something written out."""
    return '"' + (_SIGN.sub(lambda found: _SIGNS[found.group()], text) or " ") + '"'


def _box(node: ChartNode) -> str:
    if node.text == node.id and not node.shape:
        return node.id
    if node.shape in WRITTEN:
        opens, closes = WRITTEN[node.shape]
        return f"{node.id}{opens}{quoted(node.text)}{closes}"
    shape = f"shape: {node.shape}, " if node.shape else ""
    return f"{node.id}@{{ {shape}label: {quoted(node.text)} }}"


def _arrow(edge: ChartEdge) -> str:
    label = f"|{quoted(edge.label)}|" if edge.label else ""
    return f"{edge.source} {edge.link}{label} {edge.target}"


def _area(area: Area, chart: Chart, depth: int, within: set[str]) -> Iterator[str]:
    """Give the lines of a subgraph with those inside it; one that holds itself ends there."""
    space = "    " * depth
    named = f"{area.id} [{quoted(area.title)}]" if _PLAIN.match(area.id) else f'"{area.id}"'
    yield f"{space}subgraph {named}"
    areas = {one.id: one for one in chart.areas if one.id not in within | {area.id}}
    for member in area.members:
        if member in areas:
            yield from _area(areas[member], chart, depth + 1, within | {area.id})
        elif member in chart.nodes:
            yield f"{space}    {member}"
    yield f"{space}end"


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
        word = {
            Ending.SOLVED: "Solved",
            Ending.PROBLEM: "Problem",
            Ending.VISIT: "Visit",
        }.get(node.ending or Ending.ESCALATE, f"Escalate to {node.group}".strip())
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
