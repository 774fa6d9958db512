"""Where a run stands: its answers followed through the pinned guides."""

from collections.abc import Mapping
from dataclasses import dataclass

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.guides.facts import choice_for, contains, defaults, fill
from deskterm.guides.graph import Library, lengths, mean_length
from deskterm.guides.lint import in_range
from deskterm.guides.model import Ending, Guide, Kind, Node, Rule, Target
from deskterm.guides.replies import options, range_for, understand
from deskterm.guides.run import SKIPPED, TYPED, Run, Step

DEEPEST = 8
"""Guides within guides."""
_MOST_MOVES = 5000


@dataclass(frozen=True, slots=True)
class Passed:
    """One question behind us."""

    guide: str
    node: str
    question: str
    answer: str
    how: str
    """`asked`, `skipped`, or `known` where the desk knew the answer."""
    step: int
    """How many answers were given before it."""
    choices: tuple[str, ...] = ()
    """What could be answered; empty where something is typed."""
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a run stands."""

    guide: Guide
    node: Node
    facts: Mapping[str, str]
    values: Mapping[str, str]
    """The facts and, for texts and commands, what is assumed."""
    trail: tuple[Passed, ...]
    above: tuple[tuple[str, str], ...] = ()
    """The guides that wait for this one: (guide, node to go on at)."""

    @property
    def ended(self) -> bool:
        """Tell whether an ending was reached."""
        return self.node.kind is Kind.END

    @property
    def done(self) -> int:
        """Give how many questions somebody answered or skipped."""
        return sum(passed.how != "known" for passed in self.trail)

    def text(self, text: str) -> str:
        """Give a text of the guide with its facts filled in."""
        return fill(text, self.values)


class _Walk:
    """One replay of the answers."""

    def __init__(self, run: Run, library: Library) -> None:
        self.run, self.library = run, library
        self.above: list[tuple[str, str]] = []
        self.trail: list[Passed] = []
        self.facts = dict(run.known)
        self.seen: set[tuple[str, str]] = set()
        self.used = 0
        self.guide = self._guide(run.guide)
        self.node = self._node(self.guide.start)

    def _guide(self, name: str) -> Guide:
        guide = self.library.get(name)
        if guide is None:
            raise RefusedError(f"The run needs guide {name!r}, which is not here: import it.")
        return guide

    def _node(self, name: str) -> Node:
        node = self.guide.nodes.get(name)
        if node is None:
            raise RefusedError(f"Guide {self.guide.id} has no node {name!r}: lint it.")
        return node

    def go(self) -> None:
        for _ in range(_MOST_MOVES):
            if not self._move():
                return
        raise RefusedError(f"Guide {self.guide.id} turns in a circle: lint it.")

    def _move(self) -> bool:
        """Take one move; False where a person has to answer or the run is over."""
        node = self.node
        if node.kind is Kind.END:
            return self._return()
        if node.kind is Kind.WHEN:
            self._to(self._branch(node))
            return True
        here = (self.guide.id, node.name)
        known = self._known(node, here)
        self.seen.add(here)
        if known is not None:
            self._pass(node, known, "known")
            return True
        if self.used == len(self.run.steps):
            return False
        self._take(node, self.run.steps[self.used])
        return True

    def _return(self) -> bool:
        if self.node.ending is not Ending.SOLVED or not self.above:
            return False
        name, then = self.above.pop()
        self.guide = self._guide(name)
        self.node = self._node(then)
        return True

    def _branch(self, node: Node) -> Target:
        target = next((r.to for r in node.rules if matches(r, self.facts)), node.to)
        if target is None:
            raise RefusedError(f"Node {node.name} leads nowhere: lint guide {self.guide.id}.")
        return target

    def _known(self, node: Node, here: tuple[str, str]) -> Step | None:
        """Give the answer the desk knows; a question met a second time is always asked."""
        value = self.facts.get(node.fact, "") if node.fact else ""
        if not value or here in self.seen or "/".join(here) in self.run.ask_again:
            return None
        choice = choice_for(node, value)
        if choice is not None:
            return Step(*here, choice.answer, node.choices.index(choice))
        if node.input:
            try:
                return Step(*here, understand(node, value)[1], TYPED)
            except UsageError:
                return None
        return None

    def _take(self, node: Node, step: Step) -> None:
        if (step.guide, step.node) != (self.guide.id, node.name):
            raise RefusedError(f"The answers do not fit guide {self.guide.id}: start the run anew.")
        self._pass(node, step, "skipped" if step.choice == SKIPPED else "asked")
        self.used += 1

    def _pass(self, node: Node, step: Step, how: str) -> None:
        values = defaults(self.library.values()) | self.facts
        question = fill(node.verify or node.text, values)
        if node.verify:
            question = f"{fill(node.text, values)} {question}"
        choices = () if node.input else tuple(choice.answer for choice in options(node))
        passed = Passed(
            step.guide,
            node.name,
            question,
            step.answer,
            how,
            self.used,
            choices,
            step.by,
            step.at,
        )
        self.trail.append(passed)
        if node.fact and how == "asked":
            self.facts[node.fact] = step.answer
        self._to(way(node, step))

    def _to(self, target: Target) -> None:
        if not target.guide:
            self.node = self._node(target.node)
            return
        if len(self.above) >= DEEPEST:
            raise RefusedError(f"Guide {target.guide} lies too deep: lint the guides.")
        self.above.append((self.guide.id, target.node))
        self.guide = self._guide(target.guide)
        self.node = self._node(self.guide.start)


def way(node: Node, step: Step) -> Target:
    """Give where an answer leads; raises RefusedError where it leads nowhere."""
    target: Target | None = node.to
    if step.choice == SKIPPED:
        target = past(node)
    elif 0 <= step.choice < len(options(node)):
        target = options(node)[step.choice].to
    elif node.input == "number":
        target = range_for(node, float(step.answer))
    if target is None:
        raise RefusedError(f"The answer {step.answer[:60]!r} leads nowhere at {node.name}.")
    return target


def past(node: Node) -> Target | None:
    """Give where skipping leads: `skip`, "don't know", the way on, or the last way there is."""
    unknown = next((choice.to for choice in node.choices if choice.unknown), None)
    last = (node.choices or node.rules or (None,))[-1]
    return node.skip or unknown or node.to or (last.to if last else None)


def matches(rule: Rule, facts: Mapping[str, str]) -> bool:
    """Tell whether a branch of `when` fits what is known."""
    value = facts.get(rule.fact, "")
    if rule.known is not None and rule.known != bool(value):
        return False
    if rule.known is None and not value:
        return False
    folded = value.casefold()
    if rule.words and folded not in (word.casefold() for word in rule.words):
        return False
    if rule.has and not any(contains(value, word) for word in rule.has):
        return False
    if rule.least is None and rule.below is None:
        return True
    try:
        return in_range(float(value), rule.least, rule.below)
    except ValueError:
        return False


def stand(run: Run, library: Library) -> Position:
    """Give where the run stands; raises RefusedError where the guides do not fit it."""
    walk = _Walk(run, library)
    walk.go()
    values = defaults(library[name] for name in run.pins if name in library) | walk.facts
    return Position(
        walk.guide,
        walk.node,
        walk.facts,
        values,
        tuple(walk.trail),
        tuple(walk.above),
    )


def left(position: Position, library: Library) -> tuple[int, int]:
    """Give the fewest and the most answers that are left, the one asked now included."""
    fewest, most = lengths(position.guide, library).get(position.node.name, (0, 0))
    for name, then in position.above:
        more = lengths(library[name], library).get(then, (0, 0))
        fewest, most = fewest + more[0], most + more[1]
    return fewest, most


def about(position: Position, library: Library) -> int:
    """Give about how many questions there will be in all: what is usual from here on."""
    fewest, most = left(position, library)
    mean = mean_length(position.guide, library).get(position.node.name, 0.0)
    for name, then in position.above:
        mean += mean_length(library[name], library).get(then, 0.0)
    return position.done + min(max(round(mean), fewest), most)
