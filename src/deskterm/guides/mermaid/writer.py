"""A flowchart as Mermaid text that reads back as the same chart."""

import json
import re
from collections.abc import Iterator

from deskterm.guides.mermaid.chart import Area, Chart, ChartEdge, ChartNode
from deskterm.guides.mermaid.shapes import WRITTEN

_SIGNS = {'"': "#quot;", "#": "#35;", "`": "#96;", "%": "#37;", "\\": "#92;"}
_PLAIN = re.compile(r"[\w.*-]+\Z")
_SIGN = re.compile(r'["#`%\\]')


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
