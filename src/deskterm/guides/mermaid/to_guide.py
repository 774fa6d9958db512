"""A flowchart as the YAML of a troubleshooting guide: a draft that lint can read.

What a chart cannot say is left to its author and marked: which endings solve, which group takes
over, what to say to the customer.
"""

import json
import re
from collections.abc import Iterable, Iterator

from deskterm.domain.patterns import pattern
from deskterm.guides.mermaid.chart import Chart, ChartError

_ESCALATES = pattern(
    r"\b(?:escalat|contact|call|ticket|vendor|support|raise|open a|hand over|specialist|expert)",
    re.IGNORECASE,
)
_BREAK = pattern(r"<br\s{0,5}/?>|\\n", re.IGNORECASE)
_NO_NAME = pattern(r"[^a-z0-9]+")
_ELSE, _STUCK, _WHERE = "something_else", "not_in_the_chart", "where_to_begin"


def guide_text(chart: Chart, name: str) -> str:
    """Give the YAML text; `name` names the guide where the chart has no title.

    Raises ChartError where there is nothing to walk.
    """
    if not chart.nodes or not chart.edges:
        raise ChartError(1, "the chart has no arrows: there is nothing to walk")
    names = _names(chart.nodes)
    title = _words(chart.title) or _words(name.replace("-", " ").replace("_", " "))
    roots = _roots(chart)
    start = names[roots[0]] if len(roots) == 1 else _WHERE
    blocks = [_beginnings(chart, names, roots)] if len(roots) > 1 else []
    blocks += [_node(chart, node, names) for node in chart.nodes]
    body = [line for block in blocks for line in block]
    if any(_STUCK in line for line in body):
        body += _stuck()
    return "\n".join([*_head(_slug(name) or "guide", title, start), *body]) + "\n"


def _head(slug: str, title: str, start: str) -> Iterator[str]:
    yield "# Made from a flowchart. Check which endings are solved, name the group that takes over,"
    yield "# and add what to say to the customer and why we ask."
    yield f"id: {slug}"
    yield f"title: {json.dumps(title or slug, ensure_ascii=False)}"
    yield f"start: {start}"
    yield "nodes:"


def _roots(chart: Chart) -> list[str]:
    """Give the boxes no arrow leads to, among those that lead anywhere; else the first box."""
    reached = {edge.target for edge in chart.edges if edge.source != edge.target}
    leaving = {edge.source for edge in chart.edges}
    return [one for one in chart.nodes if one in leaving and one not in reached] or [
        next(one for one in chart.nodes if one in leaving)
    ]


def _beginnings(chart: Chart, names: dict[str, str], roots: list[str]) -> list[str]:
    answers = _distinct((_words(chart.nodes[root].text), names[root]) for root in roots)
    return [f"  {_WHERE}:", "    ask: Where do we begin?", *_choices(answers, "")]


def _node(chart: Chart, node: str, names: dict[str, str]) -> list[str]:
    text = _words(chart.nodes[node].text) or node
    ways = chart.ways(node)
    head = f"  {names[node]}:"
    if not ways:
        return [head, *_ending(text)]
    if len(ways) == 1 and not (ways[0].label and chart.asks(node)):
        return [head, f"    do: {_text(text)}", f"    to: {names[ways[0].target]}"]
    answers = _distinct(
        (_words(edge.label) or _words(chart.nodes[edge.target].text), names[edge.target])
        for edge in ways
    )
    other = _STUCK if len(answers) == 1 else ""
    return [head, f"    ask: {_text(text)}", *_choices(answers, other)]


def _choices(answers: list[tuple[str, str]], other: str) -> Iterator[str]:
    yield "    choices:"
    for answer, target in answers:
        yield f"      - {{answer: {_text(answer)}, to: {target}}}"
    if other:
        yield f"      - {{answer: Something else, to: {other}}}"


def _ending(text: str) -> Iterator[str]:
    if _ESCALATES.search(text):
        yield "    outcome: escalate"
        yield f"    summary: {_text(_without_braces(text))}"
    else:
        yield "    outcome: solved"
        yield f"    resolution: {_text(text)}"


def _stuck() -> list[str]:
    return [
        f"  {_STUCK}:",
        "    outcome: escalate",
        "    summary: The flowchart does not say how to go on from here.",
    ]


def _distinct(answers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give every answer once: one that stands twice is told by where it leads."""
    found: dict[str, str] = {}
    for written, target in answers:
        answer = written or f"On to {target}"
        if answer in found and found[answer] == target:
            continue
        number = 2
        known = answer
        while known in found:
            known, number = f"{answer} ({number})", number + 1
        found[known] = target
    return list(found.items())


def _names(nodes: Iterable[str]) -> dict[str, str]:
    """Give each box a name that the guide format takes, no two the same."""
    given: dict[str, str] = {}
    used = {_ELSE, _STUCK, _WHERE}
    for node in nodes:
        base = _slug(node).replace("-", "_")[:50] or f"box_{len(given) + 1}"
        name, number = base, 2
        while name in used:
            name, number = f"{base}_{number}", number + 1
        given[node] = name
        used.add(name)
    return given


def _slug(text: str) -> str:
    return _NO_NAME.sub("-", text.casefold()).strip("-")[:60].strip("-")


def _words(text: str) -> str:
    return " ".join(_BREAK.sub(" ", text).split())[:500]


def _text(text: str) -> str:
    """Give a YAML scalar; JSON's quotes are YAML's."""
    return json.dumps(text, ensure_ascii=False)


def _without_braces(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")
