"""What is wrong with a guide, and what would make it better: each with its line and what to do.

Errors make a guide unusable; warnings do not. The rules are those of the desk's paper on guides.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from deskterm.guides import command
from deskterm.guides.facts import SOURCES, STANDARD, placeholders
from deskterm.guides.fields import Remarks
from deskterm.guides.graph import (
    Library,
    asks,
    ending_in_sight,
    lengths,
    loops,
    reachable,
    ways,
    ways_within,
)
from deskterm.guides.model import Ending, Finding, Guide, Kind, Node, Target
from deskterm.guides.outline import Outline

DEEP = 9
"""Questions; more than that nobody answers on the telephone."""
MANY = 150
"""Nodes; more than that nobody keeps right."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the guide is checked against; None where it is not known here. Names in lower case."""

    library: Library
    groups: frozenset[str] | None = None
    solutions: frozenset[str] | None = None
    today: date | None = None


def lint(guide: Guide, around: Surroundings) -> tuple[Finding, ...]:
    """Give every finding about a guide that could be read, in the order of its lines."""
    remarks = Remarks(guide.file or guide.id)
    _targets(guide, around.library, remarks)
    _shape(guide, remarks)
    _questions(guide, remarks)
    _facts(guide, around.library, remarks)
    _commands(guide, remarks)
    _endings(guide, around, remarks)
    _advice(guide, around, remarks)
    _trials(guide, around.library, remarks)
    return tuple(sorted(remarks.findings, key=lambda finding: (finding.line, finding.message)))


def uncovered(guides: Iterable[Guide | Outline], categories: Iterable[str]) -> tuple[str, ...]:
    """Give the categories for which neither they nor what lies above them has a guide."""
    covered = {category for guide in guides for category in guide.categories}
    missing = []
    for category in categories:
        parts = category.split("/")
        if not any("/".join(parts[:depth]) in covered for depth in range(1, len(parts) + 1)):
            missing.append(category)
    return tuple(missing)


def _targets(guide: Guide, library: Library, remarks: Remarks) -> None:
    """Unknown nodes, missing and recursive sub-guides."""
    names = ", ".join(list(guide.nodes)[:12])
    if guide.start and guide.start not in guide.nodes:
        remarks.error(guide.line, f"start: there is no node {guide.start!r}; known: {names}")
    for node in guide.nodes.values():
        for way in ways(node):
            line = way.line or node.line
            if way.node and way.node not in guide.nodes:
                remarks.error(
                    line,
                    f"node {node.name}: there is no node {way.node[:60]!r} to go to; "
                    "write the node or correct the name",
                )
            if way.guide:
                _sub_guide(guide, node, way, library, remarks)


def _sub_guide(guide: Guide, node: Node, way: Target, library: Library, remarks: Remarks) -> None:
    line = way.line or node.line
    if way.guide == guide.id:
        remarks.error(line, f"node {node.name}: the guide calls itself; go to one of its nodes")
    elif way.guide not in library:
        remarks.error(
            line,
            f"node {node.name}: there is no guide {way.guide!r}; import it first or correct it",
        )
    elif guide.id in closure(library[way.guide], library):
        remarks.error(
            line,
            f"node {node.name}: guide {way.guide!r} leads back to {guide.id!r}; "
            "one of the two must not call the other",
        )


def closure(guide: Guide, library: Library) -> dict[str, Guide]:
    """Give the guide and every guide it can lead through, by id; missing ones are left out."""
    found = {guide.id: guide}
    todo = [guide]
    while todo:
        for node in todo.pop().nodes.values():
            for way in ways(node):
                if way.guide and way.guide not in found and way.guide in library:
                    found[way.guide] = library[way.guide]
                    todo.append(library[way.guide])
    return found


def _shape(guide: Guide, remarks: Remarks) -> None:
    """Unreachable nodes, dead ends, loops without a way out."""
    if guide.start not in guide.nodes:
        return
    seen = reachable(guide, [guide.start])
    for name, node in guide.nodes.items():
        if name not in seen:
            remarks.error(
                node.line, f"node {name} is unreachable: lead an answer to it, or delete it"
            )
    safe = ending_in_sight(guide)
    for name in seen:
        node = guide.nodes[name]
        if node.kind is not Kind.END and not ways(node):
            remarks.error(node.line, f"node {name} is a dead end: add choices, `to` or an outcome")
    _loops(guide, seen - safe, remarks)


def _loops(guide: Guide, lost: set[str], remarks: Remarks) -> None:
    """Say where a walk could turn for ever; `lost` are the nodes that see no ending."""
    for group in loops(guide, lambda node: node.name in lost):
        leaves = {way for name in group for way in ways_within(guide, guide.nodes[name])}
        if leaves <= set(group):
            remarks.error(
                guide.nodes[group[0]].line,
                f"loop without a way out: {_circle(group)}; lead one answer to an outcome",
            )
    for group in loops(guide, lambda node: node.kind is Kind.WHEN):
        remarks.error(
            guide.nodes[group[0]].line,
            f"loop without a question: {_circle(group)} would turn for ever; ask something in it",
        )


def _circle(group: list[str]) -> str:
    return " → ".join([*group[:8], group[0]])


def _questions(guide: Guide, remarks: Remarks) -> None:
    for node in filter(asks, guide.nodes.values()):
        what = f"node {node.name}"
        if node.input:
            _typed(node, what, remarks)
        elif len(node.choices) < 2 and (node.kind is Kind.ASK or node.choices):
            remarks.error(
                node.line,
                f"{what}: fewer than two choices: add one"
                + (", or write `to` instead" if node.kind is Kind.DO else ""),
            )
        _choices(node, what, remarks)
        if node.kind is Kind.ASK and not any(choice.unknown for choice in node.choices):
            remarks.warning(
                node.line, f"{what}: no “don't know” answer; people often do not know: add one"
            )


def _choices(node: Node, what: str, remarks: Remarks) -> None:
    if node.verify and not node.choices:
        remarks.error(node.line, f"{what}: `verify` asks, so it needs choices")
    if node.to and node.choices and not node.input:
        remarks.error(node.line, f"{what}: has both choices and `to`: keep one")
    answers = [choice.answer.casefold() for choice in node.choices]
    for place, choice in enumerate(node.choices):
        if answers[place] in answers[:place]:
            remarks.error(choice.line, f"{what}: the answer {choice.answer!r} stands twice")


def _typed(node: Node, what: str, remarks: Remarks) -> None:
    """Typed answers: a text needs `to`; the ranges of a number must cover all of it."""
    if node.input == "text":
        if not node.to:
            remarks.error(node.line, f"{what}: a typed text leads nowhere: add `to`")
        return
    if not node.rules:
        remarks.error(node.line, f"{what}: a number leads nowhere: add `ranges`")
        return
    low = node.low if node.low is not None else -1e12
    high = node.high if node.high is not None else 1e12
    edges = sorted(
        {low, high, *(v for r in node.rules for v in (r.least, r.below) if v is not None)}
    )
    points = edges + [(a + b) / 2 for a, b in itertools.pairwise(edges)]
    for point in sorted(point for point in points if low <= point <= high):
        if not any(in_range(point, r.least, r.below) for r in node.rules):
            remarks.error(node.line, f"{what}: no range covers {point:g}: close the gap")
            return


def in_range(value: float, least: float | None, below: float | None) -> bool:
    """Tell whether `least` <= value < `below`; None is no bound."""
    return (least is None or value >= least) and (below is None or value < below)


def _facts(guide: Guide, library: Library, remarks: Remarks) -> None:
    """Facts that are used without being declared, asked or standard; sources that mean nothing."""
    names = set(STANDARD)
    for each in closure(guide, library).values():
        names |= set(each.declared()) | {node.fact for node in each.nodes.values() if node.fact}
    for node in guide.nodes.values():
        for name, line in _used(node):
            if name not in names:
                remarks.error(
                    line,
                    f"node {node.name}: fact {name!r} is undefined: declare it under `facts`, "
                    "or give the question that asks it `fact: " + name + "`",
                )
    for fact in guide.declared().values():
        for source in fact.sources:
            first, _, rest = source.partition(".")
            if first not in (*SOURCES, "asset") or not rest:
                remarks.error(
                    fact.line,
                    f"fact {fact.name}: {source!r} is no source; use "
                    "ticket., requester., device., asset. or field. and a name",
                )


def _used(node: Node) -> Iterator[tuple[str, int]]:
    texts = (node.text, node.say, node.why, node.verify, node.resolution, node.summary)
    for name in placeholders(*texts, *node.actions):
        yield name, node.line
    if node.check:
        for name in placeholders(*node.check.run, *node.check.windows):
            yield name, node.check.line
    if node.kind is Kind.WHEN:
        for rule in node.rules:
            yield rule.fact, rule.line


def _commands(guide: Guide, remarks: Remarks) -> None:
    for node in guide.nodes.values():
        if node.check is None:
            continue
        what, check = f"node {node.name}: check", node.check
        for argv in (check.run, check.windows) if check.windows else (check.run,):
            for sentence in command.remarks(argv):
                remarks.error(check.line, f"{what}: {sentence}")
        if not 0 < check.timeout <= command.LONGEST_WAIT:
            remarks.error(check.line, f"{what}: timeout must be 1 to {command.LONGEST_WAIT} s")
        answers = {choice.answer for choice in node.choices}
        for code, answer in check.answers:
            if answer not in answers:
                remarks.error(
                    check.line, f"{what}: {code} means {answer[:60]!r}, which is no choice here"
                )


def _endings(guide: Guide, around: Surroundings, remarks: Remarks) -> None:
    told: set[str] = set()
    for node in guide.nodes.values():
        if node.kind is not Kind.END:
            continue
        if node.ending is Ending.ESCALATE:
            if not node.summary:
                remarks.error(
                    node.line,
                    f"node {node.name}: an escalation needs its `summary` already written",
                )
            _known(node, ("group", node.group), around.groups, remarks, told)
        elif node.ending is not Ending.SOLVED:
            if not node.summary:
                remarks.error(
                    node.line, f"node {node.name}: a {node.ending} needs its `summary` written"
                )
        else:
            if not node.solution and not node.resolution:
                remarks.error(
                    node.line, f"node {node.name}: say what solved it (`resolution` or `solution`)"
                )
            _known(node, ("solution", node.solution), around.solutions, remarks, told)


def _known(
    node: Node,
    named: tuple[str, str],
    names: frozenset[str] | None,
    remarks: Remarks,
    told: set[str],
) -> None:
    """Check a group or solution; without a database each name is remarked on once."""
    what, name = named
    if not name or name in told or (names is not None and name.casefold() in names):
        return
    if names is None:
        told.add(name)
        remarks.warning(
            node.line, f"node {node.name}: {what} {name!r} cannot be checked without a database"
        )
    else:
        remarks.error(
            node.line, f"node {node.name}: there is no {what} {name!r} here: create or correct it"
        )


def _advice(guide: Guide, around: Surroundings, remarks: Remarks) -> None:
    unproved = reachable(guide, [guide.start], lambda node: not node.verify)
    for name in guide.nodes:
        node = guide.nodes[name]
        if node.ending is Ending.SOLVED and name in unproved:
            remarks.warning(
                node.line,
                f"node {name}: can be reached without a `verify`: ask for the proof before it",
            )
    if guide.start in guide.nodes:
        _, most = lengths(guide, {}).get(guide.start, (0, 0))
        if most > DEEP:
            remarks.warning(
                guide.line, f"up to {most} questions, deeper than {DEEP}: split it into sub-guides"
            )
    if len(guide.nodes) > MANY:
        remarks.warning(guide.line, f"{len(guide.nodes)} nodes, over {MANY}: split the guide")
    if not guide.categories:
        remarks.warning(guide.line, "no category: add `applies_to`, or nobody will find the guide")
    if guide.review_by and around.today and guide.review_by < around.today:
        remarks.warning(
            guide.line, f"the review date {guide.review_by} has passed: read it again and renew it"
        )


def _trials(guide: Guide, library: Library, remarks: Remarks) -> None:
    """Endings that no test of the file reaches; tests that name no ending."""
    ends = {name for name, node in guide.nodes.items() if node.kind is Kind.END}
    tested = {trial.ends for trial in guide.trials}
    for trial in guide.trials:
        other, _, name = trial.ends.rpartition("/")
        there = library.get(other) if other else guide
        node = there.nodes.get(name) if there else None
        if node is None or node.kind is not Kind.END:
            remarks.error(trial.line, f"test: {trial.ends[:60]!r} is no outcome of this guide")
    for name in sorted(ends - tested, key=lambda end: guide.nodes[end].line):
        remarks.warning(guide.nodes[name].line, f"node {name}: no test ends here: add one")
