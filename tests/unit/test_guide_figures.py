"""Guides from use: figures added up by hand, proposals against brute force on small guides."""

from datetime import UTC, datetime, timedelta
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskterm.domain.shares import Share
from deskterm.guides import walk
from deskterm.guides.format import load
from deskterm.guides.model import Ending, Guide
from deskterm.guides.proposals import (
    Remedy,
    best_order,
    better_orders,
    better_questions,
    expected_seconds,
    information,
    remedy_chains,
)
from deskterm.guides.run import Run, Stamp
from deskterm.guides.stand import stand
from deskterm.guides.usage import IDLE, Walked, active, by_version, usage

TWO = """
id: two
title: Two questions
start: colour
nodes:
  colour: {ask: Which colour?, choices: {Red: size_r, Blue: size_b}}
  size_r: {ask: Big?, choices: {Yes: a, No: b}}
  size_b: {ask: Big?, choices: {Yes: a, No: b}}
  a: {outcome: solved, resolution: A}
  b: {outcome: escalate, summary: B}
"""
ONE_AFTER_OTHER = """
id: line
title: One after the other
start: weather
nodes:
  weather: {ask: Does it rain?, choices: {Yes: light, No: light}}
  light: {ask: Is the light on?, choices: {Yes: on, No: off}}
  on: {outcome: solved, resolution: A}
  off: {outcome: escalate, summary: B}
"""
REMEDIES = """
id: remedies
title: Three remedies
start: slow
nodes:
  slow: {do: Renew it all., verify: Better?, choices: {Fixed: done, Not fixed: quick}}
  quick: {do: Restart it., verify: Better?, choices: {Fixed: done, Not fixed: last}}
  last: {do: Replace it., verify: Better?, choices: {Fixed: done, Not fixed: over}}
  done: {outcome: solved, resolution: A}
  over: {outcome: escalate, summary: B}
"""
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def walked(guide: Guide, answers: list[tuple[str, float]], **more: object) -> Walked:
    """Walk a guide: (answer, seconds it took) each."""
    at = START
    run = walk.begin(guide, {guide.id: guide}, {}, Stamp("cy", at))
    for answer, seconds in answers:
        at += timedelta(seconds=seconds)
        run = walk.answer(run, {guide.id: guide}, answer, Stamp("cy", at))
    position = stand(run, {guide.id: guide})
    values: dict[str, object] = {
        "run": run,
        "version": 1,
        "place": (position.guide.id, position.node.name),
        "ending": position.node.ending,
        "early": False,
        "left": position.node.ending is None,
        "reopened": False,
    }
    return Walked(**(values | more))  # type: ignore[arg-type]


def test_a_share_has_its_wilson_interval() -> None:
    low, high = Share(8, 10).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(0, 0).interval == (0.0, 1.0)
    assert Share(8, 10).text == "80 % (n 10, 49–94)"
    assert Share(0, 0).text == "no case yet"


@given(st.integers(0, 50), st.integers(1, 50))
def test_the_interval_always_holds_the_rate(hits: int, more: int) -> None:
    share = Share(hits, hits + more)
    low, high = share.interval
    assert 0 <= low <= (share.rate or 0) <= high <= 1


def test_endings_count_what_lasted_and_what_was_given_up() -> None:
    guide = load(TWO)
    walks = [
        walked(guide, [("Red", 10), ("Yes", 20)]),
        walked(guide, [("Red", 10), ("Yes", 30)], reopened=True),
        walked(guide, [("Blue", 10), ("No", 40)], version=2),
        walked(guide, [("Blue", 12)]),
    ]
    found = usage(walks)
    assert (found.runs, found.solved, found.held, found.escalated, found.left) == (4, 2, 1, 1, 1)
    assert found.fixed == Share(1, 4)
    leaf = found.leaves[("two", "a"), False]
    assert (leaf.ended, leaf.fixed) == (2, Share(1, 2))
    (handed_on,) = (one for one in found.by_leaf() if one.ending is Ending.ESCALATE)
    assert handed_on == found.leaves[("two", "b"), False]
    assert found.nodes["two", "size_b"].gave_up == Share(1, 1)
    assert found.nodes["two", "colour"].answers == {"Red": 2, "Blue": 2}
    assert found.nodes["two", "size_r"].typical == 25
    assert [(number, one.runs) for number, one in by_version(walks).items()] == [(2, 1), (1, 3)]


def test_what_is_taken_back_is_counted_and_not_visited_twice() -> None:
    guide = load(TWO)
    library = {guide.id: guide}
    run = walk.begin(guide, library, {}, Stamp("cy", START))
    run = walk.answer(run, library, "Red", Stamp("cy", START))
    run = walk.back(run, Stamp("cy", START))
    run = walk.answer(run, library, "Blue", Stamp("cy", START))
    found = usage([Walked(run, 1, ("two", "size_b"), None, False, True, False)])
    assert found.nodes["two", "colour"].went_back == Share(1, 1)
    assert found.nodes["two", "colour"].answers == {"Blue": 1}


def test_a_pause_is_no_work_and_a_long_silence_is_cut() -> None:
    guide = load(TWO)
    library = {guide.id: guide}
    run = walk.begin(guide, library, {}, Stamp("cy", START))
    run = walk.pause(run, Stamp("cy", START + timedelta(seconds=5)))
    run = walk.resume(run, Stamp("cy", START + timedelta(days=2)))
    run = walk.answer(run, library, "Red", Stamp("cy", START + timedelta(days=2, seconds=7)))
    run = walk.answer(run, library, "Yes", Stamp("cy", START + timedelta(days=3)))
    assert [seconds for _, seconds in active(run)] == [7, IDLE]


def test_a_question_that_tells_nothing_is_asked_later() -> None:
    guide = load(ONE_AFTER_OTHER)
    walks = [
        walked(guide, [(rain, 30), (light, 10)])
        for rain, light in product(("Yes", "No"), ("Yes", "No"))
        for _ in range(8)
    ]
    (ask,) = better_questions(walks, guide)
    assert (ask.first, ask.before, ask.runs) == ("light", "weather", 32)
    assert (round(ask.gain, 3), round(ask.gain_before, 3)) == (1.0, 0.0)
    assert "light tells 1.00 bits in 10 s" in ask.reason
    assert better_questions(walks[:29], guide) == ()


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), min_size=1, max_size=40)
)
def test_information_is_what_counting_by_hand_gives(cases: list[tuple[bool, bool, int]]) -> None:
    pairs = [(one, outcome) for one, _, outcome in cases]
    joint = information(pairs) + information([(outcome, one) for one, outcome in pairs])
    assert joint == pytest.approx(2 * information(pairs), abs=1e-9)
    assert information([((a, b), c) for a, b, c in cases]) >= information(pairs) - 1e-9


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 1), st.floats(1, 600)), min_size=1, max_size=5))
def test_no_order_of_remedies_is_quicker_than_the_one_proposed(
    given_: list[tuple[float, float]],
) -> None:
    total = sum(chance for chance, _ in given_) * 1.1
    remedies = [Remedy(str(n), p / total, s) for n, (p, s) in enumerate(given_)]
    quickest = min(expected_seconds(order) for order in permutations(remedies))
    assert expected_seconds(best_order(remedies)) == pytest.approx(quickest)


def test_remedies_are_proposed_by_chance_and_cost() -> None:
    guide = load(REMEDIES)
    assert remedy_chains(guide) == [["slow", "quick", "last"]]
    ways = [
        [("Fixed", 600.0)],
        [("Not fixed", 600.0), ("Fixed", 60.0)],
        [("Not fixed", 600.0), ("Not fixed", 60.0), ("Fixed", 300.0)],
    ]
    walks = [walked(guide, way) for way in ways for _ in range(12)]
    (order,) = better_orders(walks, guide)
    assert order.better == ("quick", "last", "slow")
    assert order.seconds_better < order.seconds_now
    assert better_orders(walks[:29], guide) == ()


def test_an_ended_run_without_answers_has_no_times() -> None:
    assert active(Run("x", {})) == []
    assert usage([]).typical is None
    assert usage([]).fixed == Share(0, 0)
