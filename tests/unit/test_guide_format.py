"""The guide format: what is read, and that every mistake is told with its line and a way out."""

import pytest

from deskterm.guides import yamlread
from deskterm.guides.format import load, outline, read
from deskterm.guides.model import Ending, GuideError, Kind
from tests.unit.guide_makers import SMALL, findings, small


def test_a_guide_is_read_whole() -> None:
    guide = small()
    assert (guide.id, guide.version, guide.categories) == ("small", 3, ("network",))
    assert guide.nodes["light"].choices[2].unknown
    assert guide.nodes["count"].input == "number"
    assert guide.nodes["which"].kind is Kind.WHEN
    assert guide.nodes["up"].ending is Ending.ESCALATE
    assert guide.nodes["ping"].check is not None
    assert guide.nodes["ping"].line == 28


def test_yes_and_no_are_words_and_numbers_keep_their_text() -> None:
    text = SMALL.replace("Yes: count", "0755: count")
    assert load(text).nodes["light"].choices[0].answer == "0755"
    assert small().nodes["light"].choices[0].answer == "Yes"


def test_choices_may_be_a_list_or_short() -> None:
    text = SMALL.replace(
        "{Yes: count, No: reseat, Don't know: reseat}",
        "[{answer: Yes, to: count, usual: true, also: [on]}, {answer: No, to: reseat},"
        " {answer: What, to: {guide: other, then: up}, unknown: true}]",
    )
    choices = load(text).nodes["light"].choices
    assert (choices[0].usual, choices[0].also) == (True, ("on",))
    assert (choices[2].to.guide, choices[2].to.node, choices[2].unknown) == ("other", "up", True)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("title: Small one", "", 1, "`title` is missing"),
        ("title: Small one", "titel: x", 2, "did you mean 'title'"),
        ("title: Small one", "title: x\ntitle: y", 3, "stands twice"),
        ("id: small", "id: Small One", 1, "a short name of a-z"),
        ("  up:\n", "  done:\n", 38, "node 'done' stands twice (first in line 37)"),
        ("ask: Is the light on?", "ask: x\n    do: y", 9, "exactly one of ask, do, when, outcome"),
        ("ask: Is the light on?", "say: x", 9, "exactly one of ask, do, when, outcome"),
        ("outcome: solved", "outcome: fixed", 37, "one of solved, escalate, problem, visit"),
        ("min: 0", "min: few", 16, "a number, not 'few'"),
        ("    default: ping\n", "", 19, "`default` is missing"),
        ("has: mac, ", "", 20, "add is, has, from, below or known"),
        (", to: reseat}, {fact: bars", "}, {fact: bars", 20, "this branch leads nowhere"),
        ("exit0: Yes", "ok: Yes", 31, "use exit0, exit1"),
        ("fact: light", "fact: The light", 11, "a name of a-z"),
        ("answers: [Yes, 1, Fixed]", "answers: Yes", 44, "`answers` must be a list"),
        ("asset.gateway, default: 192.168.1.1}", "asset.gateway, else: 1}", 6, "unknown key"),
        ("start: light", "start: light\nreview_by: soon", 5, "a date such as"),
        ("nodes:", "nodes: [a]\nnodos:", 7, "expected `name"),
    ],
)
def test_mistakes_of_shape_name_line_and_remedy(old: str, new: str, line: int, words: str) -> None:
    assert old in SMALL
    found = findings(SMALL.replace(old, new, 1))
    assert any(f.startswith(f"{line}: error: ") and words in f for f in found), found


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("a: *x", 1, "anchors and aliases"),
        ("a: &x [1]\nb: [*x, *x]", 1, "anchors and aliases"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]", 2, "tags"),
        ("a: 1\nb: \x1b[31m", 2, "control character"),
        ("a: 1\n---\nb: 2", 2, "one guide in one small file"),
        ("a: b: c", 1, "not readable as YAML"),
        ("a:\n\tb: 1", 2, "not readable as YAML"),
        ("[" * 5000, 1, "nested deeper"),
        ("{" * 5000, 1, "nested deeper"),
        ("- " * 5000, 1, "nested deeper"),
        ("[a]: 1", 1, "a name is expected"),
        ("a" * (yamlread.LONGEST_FILE + 1), 1, "split a guide"),
        ("[" + "a, " * 45_000 + "]", 1, "too much"),
        ("just words", 1, "expected `key: value`"),
    ],
)
def test_foreign_yaml_can_neither_run_nor_grow(text: str, line: int, words: str) -> None:
    guide, found = read(text, "x.yaml")
    assert any(f.line == line and words in f.message for f in found), found
    with pytest.raises(GuideError, match=r"x\.yaml:"):
        load(text, "x.yaml")
    assert guide is None or not guide.nodes


def test_a_number_may_be_without_bounds() -> None:
    text = SMALL.replace("number: {unit: bars, min: 0, max: 5}", "number: true")
    node = load(text).nodes["count"]
    assert (node.input, node.low, node.high) == ("number", None, None)
    assert any(
        "no range covers" in line for line in findings(text.replace("{below: 2", "{from: 1"))
    )
    assert any(
        "`number` must be true or false" in line
        for line in findings(SMALL.replace("number: {unit: bars, min: 0, max: 5}", "number: maybe"))
    )


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    _, found = read(bomb)
    assert [f.line for f in found] == [1]


def test_the_head_can_be_read_without_the_nodes() -> None:
    head = outline(SMALL.replace("nodes:", "nodes: broken: ["))
    assert (head.id, head.categories, head.words) == ("small", ("network",), ("dead line",))
