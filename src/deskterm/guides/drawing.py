"""A guide drawn as a tree with its figures: every node once, joins and loops as words.

The tree is that of the shortest ways from the start, so that it stays as shallow as it can be. A
node that is reached again is named (`→ name`), one that leads back to a loop too (`↺ name`).
"""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from deskterm.domain.shares import Share
from deskterm.guides.graph import ways_within
from deskterm.guides.model import Guide, Kind, Node, Rule, Target
from deskterm.guides.usage import NodeUse, Usage

DEEPEST = 14
"""Levels that are indented; what lies deeper stands there too."""


class Way(NamedTuple):
    """All answers of a node that lead to one place."""

    target: Target
    answers: tuple[str, ...]


class Drawn(NamedTuple):
    """One line of the tree."""

    node: str
    """The node it is about: the line's own, or the one that is named again."""
    line: int
    """Its line in the file, 0 where there is none."""
    lead: str
    """The branches before it, `│ ├ `."""
    label: str
    """The answers that lead here, with their share."""
    again: str = ""
    """`→` or `↺` where the node was drawn elsewhere."""
    kind: Kind | None = None
    text: str = ""
    runs: int | None = None
    """How often it was asked or ended here; None where that is not counted."""
    seconds: float | None = None
    marks: tuple[str, ...] = ()
    """What is worth seeing, in words: `7 gave up`."""


class _Edge(NamedTuple):
    source: str
    way: Way


def draw(guide: Guide, found: Usage) -> tuple[Drawn, ...]:
    """Give the lines of a guide from its start, then those of nodes that nothing leads to."""
    parents = _parents(guide)
    back = _back(guide)
    lines: list[Drawn] = []
    roots = [name for name in guide.nodes if name not in parents]
    roots.sort(key=lambda name: name != guide.start)
    for root in roots:
        label = "" if root == guide.start else "nothing leads here"
        lines.append(_node(guide, root, "", label, found))
        lines += _below(guide, root, parents, back, found)
    return tuple(lines)


def ways_of(node: Node) -> tuple[Way, ...]:
    """Give the ways out of a node, the answers that agree together, in the order written."""
    given: dict[tuple[str, str], tuple[Target, list[str]]] = {}
    for words, target in _answers(node):
        place = given.setdefault((target.guide, target.node), (target, []))
        if words not in place[1]:
            place[1].append(words)
    return tuple(Way(target, tuple(answers)) for target, answers in given.values())


def _answers(node: Node) -> Iterator[tuple[str, Target]]:
    for choice in node.choices:
        yield choice.answer, choice.to
    for rule in node.rules:
        yield rule_words(rule, node.unit), rule.to
    if node.to is not None:
        yield {Kind.WHEN: "else", Kind.ASK: "what is typed"}.get(node.kind, "then"), node.to
    if node.skip is not None:
        yield "skipped", node.skip


def rule_words(rule: Rule, unit: str = "") -> str:
    """Give what a branch asks for, in words."""
    about = f"{rule.fact} " if rule.fact else ""
    if rule.known is not None:
        return f"{about}is {'known' if rule.known else 'not known'}"
    parts = [f"{about}is {' or '.join(rule.words)}"] if rule.words else []
    parts += [f"{about}has {' or '.join(rule.has)}"] if rule.has else []
    parts += [f"{about}from {rule.least:g} {unit}".rstrip()] if rule.least is not None else []
    parts += [f"{about}below {rule.below:g} {unit}".rstrip()] if rule.below is not None else []
    return ", ".join(parts) or "always"


def _parents(guide: Guide) -> dict[str, tuple[str, Way]]:
    """Give for each node the one it is drawn under; the start, and islands, have none."""
    found: dict[str, tuple[str, Way]] = {}
    seen: set[str] = set()
    for root in sorted(guide.nodes, key=lambda name: name != guide.start):
        if root in seen:
            continue
        seen.add(root)
        todo = deque([root])
        while todo:
            name = todo.popleft()
            for way in ways_of(guide.nodes[name]):
                if way.target.node in guide.nodes and way.target.node not in seen:
                    seen.add(way.target.node)
                    found[way.target.node] = (name, way)
                    todo.append(way.target.node)
    return found


def _back(guide: Guide) -> set[tuple[str, str]]:
    """Give the ways that lead back to a node they came from; every loop has one."""
    found: set[tuple[str, str]] = set()
    path: set[str] = set()
    seen: set[str] = set()
    for root in (guide.start, *guide.nodes):
        todo = [(root, False)] if root in guide.nodes and root not in seen else []
        while todo:
            name, left = todo.pop()
            if left:
                path.discard(name)
                continue
            if name in seen:
                continue
            seen.add(name)
            path.add(name)
            onward = ways_within(guide, guide.nodes[name])
            found.update((name, way) for way in onward if way in path)
            todo.append((name, True))
            todo += [(way, False) for way in reversed(onward) if way not in seen]
    return found


def _below(
    guide: Guide,
    root: str,
    parents: dict[str, tuple[str, Way]],
    back: set[tuple[str, str]],
    found: Usage,
) -> Iterator[Drawn]:
    """Give the lines under a root, without recursion: a guide may be a thousand levels deep."""
    todo = _children(guide, root, "", 0)
    while todo:
        edge, lead, under, depth = todo.pop()
        name = edge.way.target.node
        label = _label(guide, edge, found)
        if parents.get(name) == (edge.source, edge.way):
            yield _node(guide, name, lead, label, found)
            todo += _children(guide, name, under, depth + 1)
        else:
            line = guide.nodes[name].line if name in guide.nodes else 0
            again = "↺" if (edge.source, name) in back else "→"
            yield Drawn(name, line, lead, label, again)


def _children(guide: Guide, name: str, under: str, depth: int) -> list[tuple[_Edge, str, str, int]]:
    """Give the ways of a node with the branches before them, the last first."""
    ways = ways_of(guide.nodes[name])
    deep = depth >= DEEPEST
    lines = []
    for place, way in enumerate(ways):
        last = place == len(ways) - 1
        lead = under + ("└ " if last else "├ ")
        lines.append(
            (_Edge(name, way), lead, under if deep else under + ("  " if last else "│ "), depth)
        )
    return lines[::-1]


def _label(guide: Guide, edge: _Edge, found: Usage) -> str:
    words = " / ".join(edge.way.answers)
    use = found.nodes.get((guide.id, edge.source))
    share = _share(guide.nodes[edge.source], edge.way, use)
    words += f" {share}" if share else ""
    through = edge.way.target.guide
    return f"{words}, through guide {through}" if through else words


def _share(node: Node, way: Way, use: NodeUse | None) -> str:
    """Give how many of a node's answers go this way; empty where nobody answered."""
    total = sum(use.answers.values()) if use else 0
    if use is None or not total or node.kind is Kind.WHEN:
        return ""
    hits = sum(use.answers[answer] for answer in way.answers)
    hits += sum(
        n for answer, n in use.answers.items() if _typed_way(node, answer) == _place(way.target)
    )
    return f"{hits / total:.0%}".replace("%", " %")


def _place(target: Target | None) -> tuple[str, str] | None:
    return (target.guide, target.node) if target else None


def _typed_way(node: Node, answer: str) -> tuple[str, str] | None:
    """Give where a typed text or number leads; None for an answer that was chosen."""
    if any(choice.answer == answer for choice in node.choices) or not node.input:
        return None
    if not node.rules:
        return _place(node.to)
    try:
        number = float(answer.split()[0])
    except (ValueError, IndexError):
        return None
    return next((_place(rule.to) for rule in node.rules if _within(rule, number)), None)


def _within(rule: Rule, number: float) -> bool:
    return (rule.least is None or number >= rule.least) and (
        rule.below is None or number < rule.below
    )


def _node(guide: Guide, name: str, lead: str, label: str, found: Usage) -> Drawn:
    node = guide.nodes[name]
    use = found.nodes.get((guide.id, name))
    runs = use.visits if use else None if node.kind is Kind.WHEN else 0
    if node.kind is Kind.END:
        leaf = found.leaves.get(((guide.id, name), False))
        runs = leaf.ended if leaf else 0
    return Drawn(
        name,
        node.line,
        lead,
        label,
        "",
        node.kind,
        said(node),
        runs,
        use.typical if use else None,
        marks(guide, name, found),
    )


def said(node: Node) -> str:
    """Give what a node says, in one sentence."""
    if node.kind is Kind.END:
        return f"{node.ending}: {node.resolution or node.solution or node.group or node.summary}"
    if node.kind is Kind.WHEN:
        return "what is known decides"
    return node.text


def marks(guide: Guide, name: str, found: Usage) -> tuple[str, ...]:
    """Give what a person should see at a node: fixes that lasted, given up, taken back, skipped."""
    place = (guide.id, name)
    parts: list[str] = []
    leaf = found.leaves.get((place, False))
    if leaf is not None and leaf.ending == "solved":
        parts.append(f"lasted {short(leaf.fixed)}")
    use = found.nodes.get(place)
    if use is not None:
        parts += [f"{use.left} gave up"] if use.left else []
        parts += [f"{use.taken_back} taken back"] if use.taken_back else []
        parts += [f"{use.skipped} skipped"] if use.skipped else []
    early = found.leaves.get((place, True))
    parts += [f"{early.ended} ended early"] if early else []
    return tuple(parts)


def short(share: Share) -> str:
    """Give `61 % of 40`, or `no case yet`."""
    return (
        f"{share.hits / share.of:.0%} of {share.of}".replace("%", " %") if share.of else share.text
    )
