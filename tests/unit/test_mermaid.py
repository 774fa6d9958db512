"""Mermaid flowcharts: what Mermaid's own parser reads is read so, and written so that it lasts."""

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.guides.format import load
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.mermaid.building import MOST_EDGES
from deskterm.guides.mermaid.chart import Chart, ChartEdge, ChartError, ChartNode
from deskterm.guides.mermaid.clean_text import LONGEST_CHART
from deskterm.guides.mermaid.reader import read_chart
from deskterm.guides.mermaid.to_guide import guide_text
from deskterm.guides.mermaid.writer import chart_of, write_chart
from deskterm.services.starters import starter_texts


def edges(source: str) -> list[tuple[str, str, str]]:
    return [(edge.source, edge.target, edge.label) for edge in read_chart(source).edges]


def texts(source: str) -> dict[str, str]:
    return {node.id: node.text for node in read_chart(source).nodes.values()}


def test_the_real_charts_are_read_as_mermaid_reads_them_and_survive_a_round(
    shared_data: Path,
) -> None:
    wrong = []
    lines = (shared_data / "mermaid" / "gold.jsonl").read_text("utf-8").splitlines()
    for line in lines:
        gold = json.loads(line)
        source = (shared_data / "mermaid" / f"{gold['id']}.mmd").read_text("utf-8")
        try:
            chart = read_chart(source)
        except ChartError:
            wrong += [] if "error" in gold else [gold["id"]]
            continue
        same = (
            "error" not in gold and _same(chart, gold) and read_chart(write_chart(chart)) == chart
        )
        wrong += [] if same else [gold["id"]]
    assert wrong == []
    assert len(lines) == 250


def _same(chart: Chart, gold: dict[str, list[dict[str, str]]]) -> bool:
    named = sorted((edge["from"], edge["to"]) for edge in gold["edges"])
    return set(chart.nodes) == {node["id"] for node in gold["nodes"]} and named == sorted(
        (edge.source, edge.target) for edge in chart.edges
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("graph TD\na-->b", [("a", "b", "")]),
        ("flowchart LR; a --> b --> c;", []),
        ("flowchart\n a & b --> c & d", [(x, y, "") for x in "ab" for y in "cd"]),
        ("graph LR\na -- yes --> b\nb == no ==> c\nc -. maybe .-> d", None),
        ('graph LR\na -->|"is (it) on?"| b', [("a", "b", "is (it) on?")]),
        ("graph LR\na e1@--> b\ne1@{ animate: true }", [("a", "b", "")]),
        ("graph LR\nx --x o --o v ~~~ w", [("x", "o", ""), ("o", "v", ""), ("v", "w", "")]),
        ("graph LR\nsubgraph one [The one]\na --> b\nend\none --> c", None),
        ('graph LR\n%% a comment\na --> b\nclick a href "https://x.example" _blank', None),
        ("---\ntitle: Hello\n---\nflowchart TD\na --> b\nstyle a fill:#fff,stroke-width:2px", None),
    ],
)
def test_arrows_of_every_form_are_read(
    source: str, found: list[tuple[str, str, str]] | None
) -> None:
    if found == []:
        with pytest.raises(ChartError):
            read_chart(source.replace(";", " x", 1))
        return
    read = edges(source)
    assert read
    assert found is None or read == found


def test_every_bracket_gives_its_shape_and_its_text() -> None:
    shapes = {
        "a[t]": "square",
        "a(t)": "round",
        "a{t}": "diamond",
        "a{{t}}": "hexagon",
        "a((t))": "circle",
        "a(((t)))": "doublecircle",
        "a([t])": "stadium",
        "a[[t]]": "subroutine",
        "a[(t)]": "cylinder",
        "a>t]": "odd",
        "a[/t/]": "lean_right",
        "a[\\t\\]": "lean_left",
        "a[/t\\]": "trapezoid",
        "a[\\t/]": "inv_trapezoid",
        'a@{ shape: docs, label: "t" }': "docs",
    }
    for box, shape in shapes.items():
        node = read_chart(f"graph TD\n{box}").nodes["a"]
        assert (node.text, node.shape) == ("t", shape), box
    assert texts('graph TD\na["#quot;x#quot; #35;1"]')["a"] == '"x" #1'


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("flowchart TD\na --> ", 2, "a name is expected"),
        ("flowchart TD\n\na[x (y)]", 3, "put texts with brackets in quotes"),
        ("flowchart TD\nsubgraph s\na", 3, "not closed"),
        ("%% c\nsequenceDiagram\na->>b", 2, "begins with `flowchart TD`"),
        ("flowchart TD\na@{ shape: nothing }", 2, "no shape `nothing`"),
        ("flowchart TD\na --> b\nlinkStyle 3 stroke:red", 3, "no arrow 3"),
        ("---\ntitle: [\n---\nflowchart TD\na", 3, "front matter"),
        ("", 1, "begins with"),
    ],
)
def test_what_mermaid_refuses_is_refused_with_its_line(source: str, line: int, words: str) -> None:
    with pytest.raises(ChartError) as caught:
        read_chart(source)
    assert caught.value.line == line
    assert words in str(caught.value)


def test_a_chart_inside_markdown_is_found_with_the_lines_of_the_file() -> None:
    around = "# Title\n\n```mermaid\ngraph TD\na --> b\n```\ntext\n"
    assert edges(around) == [("a", "b", "")]
    with pytest.raises(ChartError, match="line 5"):
        read_chart(around.replace("a --> b", "a[(x"))


@pytest.mark.parametrize(
    "piece", ["a", " ", "-", "[", '"', "@", "direction ", "<a ", "a-->", "%%{", "=", "a&", "\n"]
)
def test_hostile_charts_are_read_in_one_pass_or_refused(piece: str) -> None:
    with contextlib.suppress(ChartError):
        read_chart("flowchart TD\n" + piece * (20_000 // len(piece)))


def test_charts_beyond_mermaids_own_limits_are_refused() -> None:
    head = "flowchart TD\n"
    with pytest.raises(ChartError, match="is not read"):
        read_chart(head + "a" * LONGEST_CHART)
    with pytest.raises(ChartError, match="split the chart"):
        read_chart(head + "a --> b\n" * (MOST_EDGES + 1))


_TAKEN = """style default class click call href graph end subgraph linkstyle classdef flowchart
    interpolate accdescr acctitle"""
_IDS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,6}", fullmatch=True).filter(
    lambda name: name.lower() not in _TAKEN.split()
)
_TEXTS = st.text(max_size=20).map(lambda text: " ".join(text.replace("\x00", "").split()))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(_IDS, _TEXTS, min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), _TEXTS), max_size=8),
)
def test_any_chart_that_is_written_reads_back_the_same(
    boxes: dict[str, str], arrows: list[tuple[int, int, str]]
) -> None:
    names = list(boxes)
    nodes = {name: ChartNode(name, text, "square") for name, text in boxes.items()}
    links = tuple(
        ChartEdge(names[a % len(names)], names[b % len(names)], label) for a, b, label in arrows
    )
    chart = Chart(nodes, links)
    assert read_chart(write_chart(chart)) == chart


def test_a_chart_becomes_a_guide_that_lint_accepts() -> None:
    source = (
        "flowchart TD\nA{Is it on?} -->|Yes| B[Look at the light]\nA -->|No| C[Switch it on]\n"
        "B --> D{Green?}\nD -->|Yes| E[It works]\nD -->|No| F[Contact the vendor]\nC --> E"
    )
    guide = load(guide_text(read_chart(source), "on-or-off"))
    found = lint(guide, Surroundings({guide.id: guide}))
    assert [one for one in found if one.severity == "error"] == []
    assert (guide.id, guide.start, guide.title) == ("on-or-off", "a", "on or off")
    endings = {node.name: str(node.ending) for node in guide.nodes.values() if node.ending}
    assert endings == {"e": "solved", "f": "escalate"}


def test_charts_with_loose_ends_still_become_guides() -> None:
    one_answer = guide_text(read_chart("graph TD\na{Sure?} -->|yes| b"), "x")
    assert [choice.answer for choice in load(one_answer).nodes["a"].choices] == [
        "yes",
        "Something else",
    ]
    two_starts = load(guide_text(read_chart("graph TD\na --> c\nb --> c"), "x"))
    assert [choice.to.node for choice in two_starts.nodes[two_starts.start].choices] == ["a", "b"]
    same_words = load(guide_text(read_chart("graph TD\na{?} -->|ok| b\na -->|ok| c"), "x"))
    assert [choice.answer for choice in same_words.nodes["a"].choices] == ["ok", "ok (2)"]
    with pytest.raises(ChartError, match="nothing to walk"):
        guide_text(read_chart("graph TD\na"), "x")


def test_every_starter_guide_is_drawn_and_its_drawing_reads_back() -> None:
    for name, text in starter_texts().items():
        guide = load(text, name)
        chart = chart_of(guide)
        assert read_chart(write_chart(chart)) == chart
        assert len(chart.nodes) >= len(guide.nodes)
