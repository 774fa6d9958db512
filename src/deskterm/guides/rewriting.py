"""Changing one value in the text of a guide; everything else stays as its author wrote it.

The place is found in the parser's events, the value is put there, and the text is read again: a
change that would alter anything else is refused.
"""

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from deskterm.domain.errors import UsageError
from deskterm.domain.patterns import pattern
from deskterm.guides.format import load
from deskterm.guides.model import Choice, Guide, Kind, Node
from deskterm.guides.yamltext import parse
from deskterm.guides.yamltree import YamlError

FIELDS = {
    Kind.ASK: ("ask", "say", "why", "fact"),
    Kind.DO: ("do", "say", "why", "verify", "fact"),
    Kind.WHEN: (),
    Kind.END: ("say", "resolution", "solution", "group", "summary"),
}
"""What can be changed at a node of each kind, beside its answers."""
_PLAIN = pattern(r"[A-Za-z][A-Za-z0-9 _.'()/?!;-]*(?<! )")


class Change(NamedTuple):
    """One value of a node: a field, or an answer and where it leads."""

    node: str
    field: str = ""
    value: str = ""
    place: int = -1
    """The answer, from 0; one more than there are adds one."""
    answer: str = ""
    to: str = ""


@dataclass(slots=True)
class _Spot:
    """A part of the text: a scalar, or the parts of a list or mapping one after the other."""

    start: int
    end: int
    text: str = ""
    parts: "list[_Spot]" = field(default_factory=list)
    is_mapping: bool = False
    is_list: bool = False
    is_flow: bool = False

    def get(self, name: str) -> "_Spot | None":
        """Give the value of a key."""
        keys = self.parts[::2] if self.is_mapping else []
        return next((self.parts[2 * n + 1] for n, key in enumerate(keys) if key.text == name), None)


def changed(text: str, change: Change) -> tuple[str, Guide]:
    """Give the text with the change made, and the guide read from it.

    Raises UsageError where it has to be made in the text by hand.
    """
    try:
        before = load(text)
        node = _find(_spots(text), "nodes", change.node)
    except YamlError as error:
        raise UsageError(f"line {error.line}: {error}") from None
    new = _with_field(text, node, change) if change.field else _with_answer(text, node, change)
    after = load(new)
    if _without(before, change) != _without(after, change) or not _made(after, change):
        raise UsageError("this cannot be changed in the form: change it in the text.")
    return new, after


def value_of(node: Node, name: str) -> str:
    """Give what a field of a node says now."""
    return str(getattr(node, "text" if name in ("ask", "do") else name))


def _with_field(text: str, node: _Spot, change: Change) -> str:
    here = node.get(change.field)
    if here is not None:
        return _put(text, here, _quoted(change.value))
    first = node.parts[0]
    pair = f"{change.field}: {_quoted(change.value)}"
    after = node.parts[1]
    if node.is_flow:
        return text[: after.end] + f", {pair}" + text[after.end :]
    indent = first.start - (text.rfind("\n", 0, first.start) + 1)
    return text[: first.start] + f"{pair}\n{' ' * indent}" + text[first.start :]


def _with_answer(text: str, node: _Spot, change: Change) -> str:
    choices = node.get("choices")
    if choices is None or not choices.parts:
        raise UsageError("this node has no `choices` yet: write them in the text.")
    step = 2 if choices.is_mapping else 1
    if change.place >= len(choices.parts) // step:
        return _added(text, choices, change)
    answer, to = _answer_at(choices, change.place)
    inner = to if not to.is_mapping else to.get("to") or to.get("then") or to
    inner = inner.get("then") or inner if inner.is_mapping else inner
    if inner.is_mapping:
        raise UsageError("this answer leads elsewhere in a way of its own: change it in the text.")
    return _put(_put(text, inner, change.to), answer, _quoted(change.answer))


def _answer_at(choices: _Spot, place: int) -> tuple[_Spot, _Spot]:
    if choices.is_mapping:
        return choices.parts[2 * place], choices.parts[2 * place + 1]
    item = choices.parts[place]
    answer, to = item.get("answer"), item.get("to")
    if answer is None or to is None:
        raise UsageError("this answer lacks `answer` or `to`: write them in the text.")
    return answer, to


def _added(text: str, choices: _Spot, change: Change) -> str:
    pair = f"{_quoted(change.answer)}: {change.to}"
    if choices.is_list:
        pair = f"{{answer: {_quoted(change.answer)}, to: {change.to}}}"
    last = choices.parts[-1]
    if choices.is_flow:
        return text[: last.end] + f", {pair}" + text[last.end :]
    first = choices.parts[0].start
    indent = text[text.rfind("\n", 0, first) + 1 : first]
    at = len(text[: last.end].rstrip())
    return text[:at] + f"\n{indent}{pair}" + text[at:]


def _put(text: str, spot: _Spot, value: str) -> str:
    """Put a value in the place of another; the line's end of a long text stays."""
    old = text[spot.start : spot.end]
    tail = old[len(old.rstrip()) :]
    return text[: spot.start] + value + tail + text[spot.end :]


def _quoted(value: str) -> str:
    value = " ".join(value.split())
    return value if _PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _find(spot: _Spot, *names: str) -> _Spot:
    for name in names:
        found = spot.get(name)
        if found is None or not found.is_mapping:
            raise UsageError(f"{name} is not written as a mapping: change it in the text.")
        spot = found
    return spot


def _spots(text: str) -> _Spot:
    """Give the parts of a text; it is checked first, so that it is flat and small."""
    parse(text)
    top = _Spot(0, len(text))
    stack = [top]
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            stack.pop().end = event.end_mark.index
            continue
        spot = _Spot(event.start_mark.index, event.end_mark.index)
        if isinstance(event, ScalarEvent):
            spot.text = event.value
            stack[-1].parts.append(spot)
        elif isinstance(event, MappingStartEvent | SequenceStartEvent):
            spot.is_mapping = isinstance(event, MappingStartEvent)
            spot.is_list = not spot.is_mapping
            spot.is_flow = bool(event.flow_style)
            stack[-1].parts.append(spot)
            stack.append(spot)
    return top.parts[0]


def _without(guide: Guide, change: Change) -> object:
    """Give a guide without what is changed and without line numbers."""
    nodes = {
        name: _bare(node, change if name == change.node else None)
        for name, node in guide.nodes.items()
    }
    return (guide.id, guide.title, guide.start, guide.about, guide.categories, guide.words, nodes)


def _bare(node: Node, change: Change | None) -> str:
    """Give a node as text without lines; of the one that is changed, without that value."""
    choices = tuple(
        one for place, one in enumerate(node.choices) if change is None or place != change.place
    )
    node = replace(node, choices=choices)
    if change is not None and change.field:
        emptied: dict[str, Any] = {"text" if change.field in ("ask", "do") else change.field: ""}
        node = replace(node, **emptied)
    return re.sub(r"\bline=\d+", "", repr(node))


def _made(guide: Guide, change: Change) -> bool:
    node = guide.nodes[change.node]
    if change.field:
        return value_of(node, change.field) == " ".join(change.value.split())
    choice: Choice = node.choices[change.place]
    return (choice.answer, choice.to.node) == (" ".join(change.answer.split()), change.to)
