"""Lint: each rule of the paper on guides, with line, severity and what to do."""

from datetime import date

import pytest

from deskterm.guides.format import load
from deskterm.guides.lint import uncovered
from tests.unit.guide_makers import SMALL, findings, small


def changed(old: str, new: str, text: str = SMALL) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def test_the_small_guide_has_no_error() -> None:
    assert [f for f in findings(SMALL, groups=frozenset({"network"})) if "error" in f] == []


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("No: reseat, Don't", "No: resaet, Don't", 13, "there is no node 'resaet'"),
        ("start: light", "start: night", 4, "there is no node 'night'"),
        (
            "  done: {",
            "  lost: {outcome: solved, resolution: x}\n  done: {",
            37,
            "node lost is unreachable",
        ),
        (
            "choices: {Fixed: done, Not fixed: up, Look again: light}",
            "choices: {Fixed: done}",
            33,
            "fewer than two choices",
        ),
        (
            "    choices: {Yes: count, No: reseat, Don't know: reseat}",
            "    why: x",
            9,
            "fewer than two choices",
        ),
        (
            "    verify: Is it well?\n    choices: {Fixed: done, Not fixed: up, Look again: light}",
            "    why: x",
            33,
            "dead end",
        ),
        ("No: up, Don't know: up", "No: up, no: up", 32, "stands twice"),
        ("Yes: count, No", "Yes: {guide: other, then: up}, No", 13, "there is no guide 'other'"),
        ("Yes: count, No", "Yes: {guide: small, then: up}, No", 13, "calls itself"),
        ("light {light}, bars", "light {lihgt}, bars", 38, "fact 'lihgt' is undefined"),
        ("fact: bars, from: 4", "fact: baars, from: 4", 20, "fact 'baars' is undefined"),
        ("from: asset.gateway", "from: gateway", 6, "is no source"),
        ("[ping, -c", "[ping, -c, $(id)", 31, "shell metacharacter '$'"),
        ("[ping, -c", "[sh, -c", 31, "runs other programs"),
        ("[ping, -c", '["{gateway}", -c', 31, "must not come from a fact"),
        ("exit0: Yes", "exit0: Ja", 31, "is no choice here"),
        ("[{below: 2, to: reseat}, ", "[", 14, "no range covers 0"),
        ("{from: 2, to: which}", "{from: 3, to: which}", 14, "no range covers 2"),
        ("ends: up", "ends: upp", 45, "is no outcome"),
        (
            '    summary: "{device}: light {light}, bars {bars}, answers {answers}."\n',
            "",
            38,
            "`summ",
        ),
        ('resolution: "The plug; {light}."', "say: well", 37, "say what solved it"),
    ],
)
def test_errors(old: str, new: str, line: int, words: str) -> None:
    found = findings(changed(old, new))
    matching = [f for f in found if words in f]
    assert matching, found
    assert "error" in matching[0]
    assert abs(int(matching[0].split(":")[0]) - line) <= 2, matching


def test_a_loop_without_a_way_out_names_its_circle() -> None:
    text = """\
id: g
title: G
start: a
nodes:
  a: {ask: A?, choices: {Yes: b, Don't know: end}}
  b: {ask: B?, choices: {Yes: c, Don't know: c}}
  c: {ask: C?, choices: {Yes: b, Don't know: b}}
  end: {outcome: escalate, summary: x}
"""
    found = [f for f in findings(text) if "error" in f]
    assert found == [
        "6: error: loop without a way out: b → c → b; lead one answer to an outcome",
    ]


def test_a_loop_of_branches_alone_is_an_error_even_with_a_way_out() -> None:
    text = """\
id: g
title: G
start: a
nodes:
  a: {when: [{fact: os, is: x, to: end}], default: b}
  b: {when: [{fact: os, is: y, to: end}], default: a}
  end: {outcome: escalate, summary: x}
"""
    assert any("loop without a question: a → b → a" in f for f in findings(text))


def test_a_sub_guide_that_leads_back_is_an_error() -> None:
    text = SMALL.replace("Yes: count, No", "Yes: {guide: other, then: up}, No")
    other = load(text.replace("id: small", "id: other").replace("guide: other", "guide: small"))
    assert any("leads back to 'small'" in f for f in findings(text, library={"other": other}))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (", Don't know: reseat}", "}", "no “don't know” answer"),
        ("    verify: Is it well?\n", "", "without a `verify`"),
        ("start: light", "start: light\nreview_by: 2026-11-21", "the review date"),
        ("applies_to: {category: [network], words: [dead line]}\n", "", "no category"),
        ("  - {answers: [No, Not fixed], ends: up}\n", "", "node up: no test ends here"),
    ],
)
def test_warnings(old: str, new: str, words: str) -> None:
    assert not any(words in f for f in findings(SMALL))
    found = [f for f in findings(changed(old, new)) if words in f]
    assert found
    assert "warning" in found[0]


def chain(length: int) -> str:
    nodes = "".join(
        f"  q{n}: {{ask: Q?, choices: {{Yes: q{n + 1}, Don't know: end}}}}\n" for n in range(length)
    )
    end = "".join(
        f"  {name}: {{outcome: escalate, summary: x}}\n" for name in (f"q{length}", "end")
    )
    return f"id: g\ntitle: G\nstart: q0\nnodes:\n{nodes}{end}"


def test_more_than_nine_questions_and_more_than_150_nodes_are_too_many() -> None:
    assert not any("deeper than 9" in f for f in findings(chain(9)))
    assert any("up to 10 questions, deeper than 9" in f for f in findings(chain(10)))
    assert any("over 150" in f for f in findings(chain(160)))
    assert not any("over 150" in f for f in findings(chain(140)))


def test_groups_are_errors_with_a_desk_and_warnings_without() -> None:
    without = [f for f in findings(SMALL) if "group" in f]
    with_desk = [f for f in findings(SMALL, groups=frozenset({"network two"})) if "group" in f]
    assert "warning" in without[0]
    assert "cannot be checked without a database" in without[0]
    assert "error" in with_desk[0]


def test_a_category_is_covered_by_a_guide_for_what_lies_above_it() -> None:
    assert uncovered([small()], ["network", "network/vpn", "printing", "networks"]) == (
        "printing",
        "networks",
    )


def test_a_passed_review_date_depends_on_the_day_that_is_given() -> None:
    guide = load(SMALL.replace("start: light", "start: light\nreview_by: 2026-11-22"))
    assert guide.review_by == date(2026, 11, 22)
    assert not any("review" in f for f in findings(SMALL + "\n"))


def test_a_long_chain_of_nodes_is_measured_without_recursion() -> None:
    assert any("up to 1500 questions" in f for f in findings(chain(1500)))
