"""The shape of a guide: where each node leads, what can be reached, how long it takes.

Everything here is iterative and linear or nearly so: a foreign file cannot make it slow or deep.
"""

from collections.abc import Callable, Iterable, Mapping

from deskterm.guides.model import Guide, Kind, Node, Target

Library = Mapping[str, Guide]
"""Guides by id; while a run is walked, in the versions it is pinned to."""


def ways(node: Node) -> tuple[Target, ...]:
    """Give every way out of a node, in the order written."""
    found = [choice.to for choice in node.choices] + [rule.to for rule in node.rules]
    found += [way for way in (node.to, node.skip) if way is not None]
    return tuple(dict.fromkeys(found))


def ways_within(guide: Guide, node: Node) -> tuple[str, ...]:
    """Give the nodes of this guide that a node leads to; unknown names are left out."""
    return tuple(dict.fromkeys(way.node for way in ways(node) if way.node in guide.nodes))


def reachable(
    guide: Guide, start: Iterable[str], through: Callable[[Node], bool] = lambda _: True
) -> set[str]:
    """Give the nodes that can be reached, the starting ones included.

    Only nodes for which `through` is true are left again.
    """
    todo = [name for name in start if name in guide.nodes]
    seen = set(todo)
    while todo:
        node = guide.nodes[todo.pop()]
        if through(node):
            fresh = [name for name in ways_within(guide, node) if name not in seen]
            seen.update(fresh)
            todo.extend(fresh)
    return seen


def ending_in_sight(guide: Guide) -> set[str]:
    """Give the nodes from which at least one ending can be reached."""
    back: dict[str, list[str]] = {name: [] for name in guide.nodes}
    for name, node in guide.nodes.items():
        for onward in ways_within(guide, node):
            back[onward].append(name)
    todo = [name for name, node in guide.nodes.items() if node.kind is Kind.END]
    seen = set(todo)
    while todo:
        fresh = [name for name in back[todo.pop()] if name not in seen]
        seen.update(fresh)
        todo.extend(fresh)
    return seen


def loops(guide: Guide, among: Callable[[Node], bool] = lambda _: True) -> list[list[str]]:
    """Give the groups of nodes that lead back to themselves, in the order of the file."""
    groups = _components(guide, among)
    order = {name: place for place, name in enumerate(guide.nodes)}
    found = []
    for group in groups:
        first = guide.nodes[group[0]]
        if len(group) > 1 or group[0] in ways_within(guide, first):
            found.append(sorted(group, key=order.__getitem__))
    return sorted(found, key=lambda group: order[group[0]])


def _components(guide: Guide, among: Callable[[Node], bool]) -> list[list[str]]:
    """Give the strongly connected groups (Tarjan, without recursion), what lies ahead first."""
    links = {
        name: [way for way in ways_within(guide, node) if among(guide.nodes[way])]
        for name, node in guide.nodes.items()
        if among(node)
    }
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    groups: list[list[str]] = []
    for root in links:
        work = [(root, 0)] if root not in index else []
        while work:
            name, place = work.pop()
            if place == 0:
                index[name] = low[name] = len(index)
                path.append(name)
            onward = _next_unseen(links[name], place, index, low, (name, path))
            if onward is not None:
                work += [(name, onward), (links[name][onward - 1], 0)]
                continue
            if low[name] == index[name]:
                groups.append(_cut(path, name))
            if work:
                above = work[-1][0]
                low[above] = min(low[above], low[name])
    return groups


def _next_unseen(
    links: list[str],
    place: int,
    index: dict[str, int],
    low: dict[str, int],
    here: tuple[str, list[str]],
) -> int | None:
    """Give the place after the next neighbour that was not visited; None when all were."""
    name, path = here
    for position in range(place, len(links)):
        onward = links[position]
        if onward not in index:
            return position + 1
        if onward in path:
            low[name] = min(low[name], index[onward])
    return None


def _cut(path: list[str], name: str) -> list[str]:
    start = path.index(name)
    group = path[start:]
    del path[start:]
    return group


def asks(node: Node) -> bool:
    """Tell whether a person has to answer here."""
    return node.kind in (Kind.ASK, Kind.DO)


def lengths(guide: Guide, library: Library) -> dict[str, tuple[int, int]]:
    """Give for each node the fewest and the most answers until the guide ends, itself included.

    In a loop each question counts once. Ways through other guides count their questions.
    """
    through: dict[str, tuple[int, int]] = {}
    for node in guide.nodes.values():
        for way in ways(node):
            if way.guide and way.guide not in through:
                through[way.guide] = _whole(way.guide, library, (guide.id,))
    return _measured(guide, through)


def _whole(name: str, library: Library, above: tuple[str, ...]) -> tuple[int, int]:
    """Give the fewest and most answers of a whole guide; unknown or recursive ones count 0."""
    guide = library.get(name)
    if guide is None or name in above or len(above) > 8:
        return 0, 0
    names = {way.guide for node in guide.nodes.values() for way in ways(node) if way.guide}
    inner = {other: _whole(other, library, (*above, name)) for other in sorted(names)}
    return _measured(guide, inner).get(guide.start, (0, 0))


def _measured(guide: Guide, through: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    groups = _components(guide, lambda _: True)
    group_of = {name: place for place, group in enumerate(groups) for name in group}
    most: list[int] = []
    for place, group in enumerate(groups):
        own = sum(asks(guide.nodes[name]) for name in group)
        onward = [
            (most[group_of[way.node]] if group_of[way.node] != place else 0)
            + through.get(way.guide, (0, 0))[1]
            for name in group
            for way in ways(guide.nodes[name])
            if way.node in guide.nodes
        ]
        most.append(own + max(onward, default=0))
    fewest = _fewest(guide, through)
    return {name: (fewest.get(name, 0), most[group_of[name]]) for name in guide.nodes}


def _fewest(guide: Guide, through: dict[str, tuple[int, int]]) -> dict[str, int]:
    """Relax until nothing gets shorter; at most once per node on a longest way."""
    fewest = {name: 0 for name, node in guide.nodes.items() if node.kind is Kind.END}
    changed = True
    while changed:
        changed = False
        for name, node in reversed(guide.nodes.items()):
            onward = [
                fewest[way.node] + through.get(way.guide, (0, 0))[0]
                for way in ways(node)
                if way.node in fewest
            ]
            best = min(onward, default=None)
            if best is not None and best + asks(node) < fewest.get(name, 1 << 30):
                fewest[name] = best + asks(node)
                changed = True
    return fewest


_SWEEPS = 40
"""Rounds after which the mean does not move any more, loops included."""


def mean_length(guide: Guide, library: Library, depth: int = 0) -> dict[str, float]:
    """Give for each node how many answers are to come on average, every answer as likely."""
    through: dict[str, float] = {}
    for node in guide.nodes.values():
        for way in ways(node):
            other = library.get(way.guide) if way.guide else None
            if other is not None and way.guide not in through and depth < 3:
                through[way.guide] = mean_length(other, library, depth + 1).get(other.start, 0.0)
    mean = dict.fromkeys(guide.nodes, 0.0)
    outs = {
        name: [(way.node, through.get(way.guide, 0.0)) for way in _answers(node)]
        for name, node in guide.nodes.items()
    }
    for _ in range(_SWEEPS):
        for name, node in reversed(guide.nodes.items()):
            onward = [mean[to] + more for to, more in outs[name] if to in mean]
            if onward:
                mean[name] = asks(node) + sum(onward) / len(onward)
    return mean


def _answers(node: Node) -> list[Target]:
    """Give the ways out with their weight: one for each answer, two that agree count twice."""
    found = [choice.to for choice in node.choices] + [rule.to for rule in node.rules]
    return found + ([node.to] if node.to is not None else [])
