"""Guides for tests: a small one to bend, and random ones that hold all the rules."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from deskterm.guides.format import load
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.model import (
    Choice,
    Ending,
    Finding,
    Guide,
    Kind,
    Node,
    Rule,
    Target,
)
from deskterm.guides.run import Stamp

STAMP = Stamp("cy", datetime(2026, 11, 22, 9, tzinfo=UTC))
TODAY = date(2026, 11, 22)

SMALL = """\
id: small
title: Small one
applies_to: {category: [network], words: [dead line]}
start: light
facts:
  gateway: {from: asset.gateway, default: 192.168.1.1}
nodes:
  light:
    ask: Is the light on?
    say: Please look at {device}.
    fact: light
    choices: {Yes: count, No: reseat, Don't know: reseat}
  count:
    ask: How many bars?
    fact: bars
    number: {unit: bars, min: 0, max: 5}
    ranges: [{below: 2, to: reseat}, {from: 2, to: which}]
    choices: {Don't know: which}
  which:
    when: [{fact: os, has: mac, to: reseat}, {fact: bars, from: 4, to: words}]
    default: ping
  words:
    ask: What does it say?
    fact: words
    text: true
    to: reseat
    choices: {Don't know: ping}
  ping:
    ask: Does {gateway} answer?
    fact: answers
    check: {run: [ping, -c, "3", "{gateway}"], answer: {exit0: Yes, else: No}}
    choices: {Yes: reseat, No: up, Don't know: up}
  reseat:
    do: Push the plug in.
    verify: Is it well?
    choices: {Fixed: done, Not fixed: up, Look again: light}
  done: {outcome: solved, resolution: "The plug; {light}."}
  up:
    outcome: escalate
    group: network
    summary: "{device}: light {light}, bars {bars}, answers {answers}."
    actions: ["Check {gateway}", Go there]
tests:
  - {answers: [Yes, 1, Fixed], ends: done}
  - {answers: [No, Not fixed], ends: up}
"""


def small() -> Guide:
    """Give the small guide."""
    return load(SMALL, "small.yaml", 3)


def findings(text: str, **around: object) -> list[str]:
    """Give what reading and lint say about a text, as `line: severity: message`."""
    from deskterm.guides.format import read

    guide, found = read(text, "g.yaml")
    more: tuple[Finding, ...] = ()
    if guide is not None:
        library = {guide.id: guide, **dict(around.pop("library", {}))}  # type: ignore[call-overload]
        more = lint(guide, Surroundings(library, today=TODAY, **around))  # type: ignore[arg-type]
    return [str(finding).removeprefix("g.yaml:") for finding in (*found, *more)]


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    """Give a guide with loops, facts and branches in which every node can be left."""
    size = draw(st.integers(1, 9))
    names = [f"q{place}" for place in range(size)]
    nodes: dict[str, Node] = {}
    for place, name in enumerate(names):
        onward = names[place + 1] if place + 1 < size else "good"
        fact = draw(st.sampled_from(["", "", "a", "b"]))
        if draw(st.integers(0, 5)) == 0:
            later = draw(st.sampled_from([*names[place + 1 :], "good", "bad"]))
            rule = Rule(Target(later), fact="a", words=("Yes",))
            nodes[name] = Node(name, Kind.WHEN, rules=(rule,), to=Target(onward))
            continue
        ways = [onward, *draw(st.lists(st.sampled_from([*names, "bad"]), min_size=1, max_size=2))]
        choices = [
            Choice(answer, Target(way))
            for answer, way in zip(["Yes", "No", "Don't know"], ways, strict=False)
        ]
        nodes[name] = Node(name, Kind.ASK, text=f"{name}?", fact=fact, choices=tuple(choices))
    nodes["good"] = Node("good", Kind.END, ending=Ending.SOLVED, resolution="ok")
    nodes["bad"] = Node("bad", Kind.END, ending=Ending.ESCALATE, summary="{a} {b}")
    return Guide("random", "Random", "q0", nodes, version=1)


answers = st.lists(st.sampled_from(["1", "2"]), max_size=12)
known = st.dictionaries(
    st.sampled_from(["field.os", "device.name"]), st.sampled_from(["Yes", "No"]), max_size=2
)
