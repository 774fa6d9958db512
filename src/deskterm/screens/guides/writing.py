"""The parts of the guide editor: the YAML, what is wrong with it, the node under the cursor."""

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.content import Content

from deskterm.domain.text import clean
from deskterm.guides.drawing import ways_of
from deskterm.guides.model import Finding, Guide, Node
from deskterm.widgets.line_list import Line
from deskterm.widgets.typed import PlainArea

TEMPLATE = """\
id: our-guide
title: What the guide is about
applies_to: {category: [], words: [words, of, the, caller]}
start: first
nodes:
  first:
    ask: What does the caller see?
    say: Could you tell me what is on the screen?
    why: Tells two causes apart.
    choices:
      This: remedy
      That: hand_over
      Don't know: hand_over
  remedy:
    do: Ask the caller to try the remedy.
    verify: Does it work now?
    choices: {It works: done, It does not: hand_over}
  done: {outcome: solved, resolution: The remedy helped.}
  hand_over:
    outcome: escalate
    summary: The remedy did not help.
    actions: [Look at it]
tests:
  - {answers: [This, It works], ends: done}
  - {answers: [That], ends: hand_over}
"""


class YamlArea(PlainArea):
    """A text area that keeps the indentation on Enter."""

    DEFAULT_CSS = ""

    def __init__(self, **given: Any) -> None:
        super().__init__(tab_behavior="focus", show_line_numbers=True, soft_wrap=True, **given)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            row, column = self.cursor_location
            line = self.document.get_line(row)[:column]
            indent = len(line) - len(line.lstrip(" "))
            self.insert("\n" + " " * (indent + 2 * line.rstrip().endswith(":")))
            return
        await super()._on_key(event)

    def go_to_line(self, line: int) -> None:
        """Put the cursor at the beginning of a line, from 1."""
        row = min(max(0, line - 1), self.document.line_count - 1)
        self.move_cursor((row, 0), center=True)
        self.focus()


def replace_within(area: PlainArea, new: str) -> None:
    """Put a text into the area by changing only the part that differs; the cursor stays."""
    old = area.text
    start = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    end = 0
    while end < shorter - start and old[-1 - end] == new[-1 - end]:
        end += 1
    cursor = area.cursor_location
    first, last = _location(old, start), _location(old, len(old) - end)
    area.replace(new[start : len(new) - end], first, last)
    if cursor <= first:
        area.move_cursor(cursor)


def _location(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at), at - (text.rfind("\n", 0, at) + 1)


def node_at(guide: Guide | None, line: int) -> Node | None:
    """Give the node that a line of the file belongs to."""
    nodes = guide.nodes.values() if guide else ()
    return max(
        (node for node in nodes if node.line <= line), key=lambda node: node.line, default=None
    )


def finding_lines(found: Sequence[Finding]) -> list[Line]:
    """Give a line for each finding; errors first."""
    lines = []
    for place, one in enumerate(found[:200]):
        style = "bold $error" if one.severity == "error" else "$warning"
        words = clean(one.message, one_line=True)
        lines.append(Line(str(place), Content.assemble((f" {one.line:>4} ", style), words)))
    return lines


def _about_head(guide: Guide) -> Content:
    words = ", ".join(guide.words)
    facts = [
        ("Categories", ", ".join(guide.categories) or "none"),
        ("Words", words or "none"),
        ("Begins at", guide.start),
        ("Nodes", str(len(guide.nodes))),
        ("Tests", str(len(guide.trials))),
    ]
    lines = [(f"{label:<12}{clean(value, one_line=True)}\n", "") for label, value in facts]
    hint = "\nWith the cursor in a node its fields stand here."
    return Content.assemble(
        (f"{clean(guide.title, one_line=True)}\n", "bold $accent"), *lines, (hint, "$text-muted")
    )


def about_node(guide: Guide, node: Node | None) -> Content:
    """Give the node's ways and who leads to it, in words; of the head, what the guide is."""
    if node is None:
        return _about_head(guide)
    from_ = [
        each.name
        for each in guide.nodes.values()
        if any(way.target.node == node.name for way in ways_of(each))
    ]
    lines = [(clean(f"{node.name}  ({node.kind})", one_line=True) + "\n", "bold $accent")]
    above = clean(f"reached from: {', '.join(from_) or 'nothing'}", one_line=True)
    lines.append((f"{above}\n", "$text-muted"))
    for way in ways_of(node):
        through = f" through {way.target.guide}" if way.target.guide else ""
        lines.append((clean(f"{' / '.join(way.answers)} → {way.target.node}{through}",
                            one_line=True) + "\n", ""))  # fmt: skip
    return Content.assemble(*lines)
