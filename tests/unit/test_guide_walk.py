"""Walking: answers, facts that are not asked again, back, edit, skip, notes, pause, sub-guides."""

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.guides.format import load
from deskterm.guides.graph import lengths
from deskterm.guides.lint import Surroundings, lint
from deskterm.guides.model import Guide, Kind, Node, Rule, Target
from deskterm.guides.replies import options, possible, understand
from deskterm.guides.run import Run, from_state, to_state
from deskterm.guides.stand import Position, about, left, stand
from deskterm.guides.walk import (
    answer,
    back,
    begin,
    checked,
    edit,
    end,
    hand_over,
    note,
    pause,
    resume,
    skip,
)
from tests.unit.guide_makers import SMALL, STAMP, answers, guides, known, small

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARY = {"small": small()}


def walked(*replies: str, **sources: str) -> Run:
    run = begin(small(), LIBRARY, {k.replace("_", "."): v for k, v in sources.items()}, STAMP)
    for reply in replies:
        run = answer(run, LIBRARY, reply, STAMP)
    return run


def at(run: Run) -> str:
    return stand(run, LIBRARY).node.name


def test_each_answer_leads_on() -> None:
    assert at(walked()) == "light"
    assert at(walked("Yes")) == "count"
    assert at(walked("Yes", "1")) == "reseat"
    assert at(walked("Yes", "3")) == "ping"
    assert at(walked("Yes", "5")) == "words"
    assert at(walked("Yes", "5", "a red cross")) == "reseat"
    assert at(walked("Yes", "1", "Fixed")) == "done"
    assert stand(walked("Yes", "1", "Fixed"), LIBRARY).ended


@pytest.mark.parametrize(
    ("reply", "words"),
    [("1", "Yes"), ("y", "Yes"), ("n", "No"), ("YES", "Yes"), ("don’t know", "Don't know")],
)
def test_an_answer_is_a_number_a_letter_its_words_or_their_start(reply: str, words: str) -> None:
    assert understand(small().nodes["light"], reply)[1] == words
    assert understand(small().nodes["light"], "don")[1] == "Don't know"


@pytest.mark.parametrize("reply", ["", "  ", "4", "0", "maybe", "9" * 5000, "-1"])
def test_what_is_no_answer_is_refused_with_what_is_possible(reply: str) -> None:
    with pytest.raises(UsageError, match=r"possible: 1 Yes, 2 No, 3 Don't know"):
        understand(small().nodes["light"], reply)


@pytest.mark.parametrize("reply", ["6", "-1", "nan", "inf", "1e400", "many"])
def test_a_number_out_of_range_is_refused_with_its_range(reply: str) -> None:
    with pytest.raises(UsageError, match="a number from 0 to 5 bars, Don't know"):
        answer(walked("Yes"), LIBRARY, reply, STAMP)


def test_numbers_take_a_comma_and_their_unit() -> None:
    node = small().nodes["count"]
    assert understand(node, "3,5 bars")[1] == "3.5"
    assert understand(node, "Don't know")[1] == "Don't know"
    assert possible(node).startswith("possible: a number from 0 to 5 bars")


def test_branches_follow_what_is_known_and_ask_nobody() -> None:
    assert at(walked("Yes", "3", device_os="mac OS 15")) == "reseat"
    assert at(walked("Yes", "3", device_os="Machine 9")) == "ping"


def test_what_the_desk_knows_is_not_asked_and_is_shown_as_known() -> None:
    text = SMALL.replace("  gateway: {", "  light: {from: field.light}\n  gateway: {")
    library = {"small": load(text)}
    run = begin(library["small"], library, {"field.light": "yes"}, STAMP)
    position = stand(run, library)
    assert position.node.name == "count"
    assert [(passed.node, passed.answer, passed.how) for passed in position.trail] == [
        ("light", "Yes", "known")
    ]
    assert position.done == 0
    back_to_it = edit(run, library, 0, "No", STAMP)
    assert stand(back_to_it, library).node.name == "reseat"
    assert stand(back_to_it, library).facts["light"] == "No"


def test_a_known_value_that_fits_no_choice_is_asked() -> None:
    text = SMALL.replace("  gateway: {", "  light: {from: field.light}\n  gateway: {")
    library = {"small": load(text)}
    run = begin(library["small"], library, {"field.light": "blinking"}, STAMP)
    assert stand(run, library).node.name == "light"


def test_a_question_met_again_in_a_loop_is_asked_again() -> None:
    run = walked("No", "Look again")
    assert at(run) == "light"
    run = answer(run, LIBRARY, "Yes", STAMP)
    assert stand(run, LIBRARY).facts["light"] == "Yes"


def test_a_fact_that_nobody_asked_reads_not_checked() -> None:
    position = stand(walked("No", "Not fixed", device_name="LT-1"), LIBRARY)
    assert position.text(position.node.summary) == (
        "LT-1: light No, bars not checked, answers not checked."
    )
    assert position.text("{gateway}") == "192.168.1.1"
    assert stand(walked(device_gateway="10.0.0.1"), LIBRARY).text("{gateway}") == "10.0.0.1"


def test_skipping_needs_a_reason_and_goes_where_not_knowing_goes() -> None:
    with pytest.raises(UsageError, match="reason"):
        skip(walked(), LIBRARY, " ", STAMP)
    run = skip(walked(), LIBRARY, "no time", STAMP)
    assert at(run) == "reseat"
    position = stand(run, LIBRARY)
    assert position.trail[0].how == "skipped"
    assert "light" not in position.facts
    assert [event.kind for event in run.record] == ["started", "skipped"]


def test_back_takes_one_answer_back_and_keeps_it_in_the_record() -> None:
    run = back(walked("Yes", "1"), STAMP)
    assert at(run) == "count"
    assert [(e.kind, e.text) for e in run.record][-1] == ("back", "1")
    with pytest.raises(RefusedError, match="first question"):
        back(walked(), STAMP)


def test_editing_keeps_later_answers_that_fit_and_records_the_rest() -> None:
    run = edit(walked("Yes", "1", "Not fixed"), LIBRARY, 1, "0", STAMP)
    assert at(run) == "up"
    assert len(run.steps) == 3
    run = edit(walked("Yes", "3", "Yes"), LIBRARY, 0, "No", STAMP)
    assert at(run) == "reseat"
    assert run.record[-1].text == "Yes → No; count: 3; ping: Yes"
    with pytest.raises(UsageError, match="no answer 9"):
        edit(run, LIBRARY, 8, "No", STAMP)


def test_notes_and_checks_stay_beside_their_question() -> None:
    run = checked(
        note(walked("Yes"), LIBRARY, "caller on a train", STAMP), LIBRARY, "exit 0", STAMP
    )
    assert [(e.kind, e.node) for e in run.record[-2:]] == [("noted", "count"), ("checked", "count")]
    with pytest.raises(UsageError, match="nothing to keep"):
        note(run, LIBRARY, "  ", STAMP)


def test_pause_resume_hand_over_and_end() -> None:
    run = hand_over(pause(walked("Yes"), STAMP, "call back"), "max", STAMP)
    assert run.status == "paused"
    run = resume(run, STAMP)
    assert (run.status, at(run)) == ("running", "count")
    assert resume(run, STAMP) is run
    assert answer(pause(run, STAMP), LIBRARY, "1", STAMP).status == "running"
    over = end(run, "abandoned", "caller hung up", STAMP)
    acts: tuple[Callable[[], object], ...] = (
        lambda: answer(over, LIBRARY, "1", STAMP),
        lambda: back(over, STAMP),
        lambda: note(over, LIBRARY, "x", STAMP),
        lambda: pause(over, STAMP),
        lambda: end(over, "solved", "", STAMP),
    )
    for act in acts:
        with pytest.raises(RefusedError, match="This run is over"):
            act()
    with pytest.raises(RefusedError, match="come to its end"):
        answer(walked("Yes", "1", "Fixed"), LIBRARY, "1", STAMP)


OUTER = """\
id: outer
title: Outer
start: first
nodes:
  first: {ask: Which?, choices: {Line: {guide: small, then: proof}, Don't know: proof}}
  proof: {do: Look., verify: Well?, choices: {Yes: fine, No: over}}
  fine: {outcome: solved, resolution: x}
  over: {outcome: escalate, summary: "light {light}"}
"""
BOTH = {"small": small(), "outer": load(OUTER, "outer.yaml", 2)}


def outer(*replies: str) -> Position:
    run = begin(BOTH["outer"], BOTH, {}, STAMP)
    assert run.pins == {"outer": 2, "small": 3}
    for reply in replies:
        run = answer(run, BOTH, reply, STAMP)
    return stand(run, BOTH)


def test_a_sub_guide_that_solves_returns_and_one_that_escalates_ends_the_run() -> None:
    assert outer("Line").guide.id == "small"
    assert outer("Line").above == (("outer", "proof"),)
    returned = outer("Line", "No", "Fixed")
    assert (returned.guide.id, returned.node.name) == ("outer", "proof")
    ended = outer("Line", "No", "Not fixed")
    assert (ended.ended, ended.guide.id, ended.node.name) == (True, "small", "up")
    facts = outer("Line", "No", "Fixed", "No")
    assert facts.text(facts.node.summary) == "light No"


def test_what_was_answered_before_a_sub_guide_is_not_asked_in_it_and_the_other_way_round() -> None:
    text = (
        OUTER.replace("Which?, ", "Which?, fact: light, ")
        .replace("{Line:", "{Yes:")
        .replace(
            "  proof:", "  again: {ask: Bars?, fact: bars, choices: {1: proof, 2: over}}\n  proof:"
        )
    )
    text = text.replace("then: proof", "then: again")
    both = {"small": small(), "outer": load(text, "outer.yaml", 2)}
    run = answer(begin(both["outer"], both, {}, STAMP), both, "Yes", STAMP)
    inside = stand(run, both)
    assert (inside.guide.id, inside.node.name) == ("small", "count")
    assert [(one.node, one.how) for one in inside.trail] == [("first", "asked"), ("light", "known")]
    for reply in ("1", "Fixed"):
        run = answer(run, both, reply, STAMP)
    back = stand(run, both)
    assert (back.guide.id, back.node.name) == ("outer", "proof")
    assert (back.trail[-1].node, back.trail[-1].how) == ("again", "known")


def test_a_run_whose_guide_is_missing_or_changed_says_so() -> None:
    run = begin(BOTH["outer"], BOTH, {}, STAMP)
    run = answer(run, BOTH, "Line", STAMP)
    with pytest.raises(RefusedError, match="needs guide 'small'"):
        stand(run, {"outer": BOTH["outer"]})
    other = {"small": load(SMALL.replace("start: light", "start: count"))}
    with pytest.raises(RefusedError, match="do not fit guide small"):
        stand(walked("Yes"), other)


def test_broken_guides_are_refused_while_walking_and_never_turn_for_ever() -> None:
    turn = Node("a", Kind.WHEN, rules=(Rule(Target("a"), fact="x", words=("y",)),), to=Target("a"))
    guide = Guide("g", "G", "a", {"a": turn})
    with pytest.raises(RefusedError, match="turns in a circle"):
        stand(begin(guide, {"g": guide}, {}, STAMP), {"g": guide})
    call = Node("a", Kind.WHEN, to=Target("a", "g"))
    guide = Guide("g", "G", "a", {"a": call})
    with pytest.raises(RefusedError, match="too deep"):
        stand(begin(guide, {"g": guide}, {}, STAMP), {"g": guide})


def test_the_count_of_steps_is_between_the_shortest_and_the_longest_way() -> None:
    start = stand(walked(), LIBRARY)
    assert left(start, LIBRARY) == (2, 5)
    assert about(start, LIBRARY) == 4
    later = stand(walked("Yes", "1"), LIBRARY)
    assert later.done == 2
    assert left(later, LIBRARY)[0] == 1


@pytest.mark.parametrize(
    "state", [{}, {"pins": 1}, {"steps": [{"x": 1}]}, {"pins": []}, {"known": 3}, {"record": "x"}]
)
def test_a_damaged_stored_run_is_refused_with_a_sentence(state: dict[str, object]) -> None:
    with pytest.raises(RefusedError, match="cannot be read"):
        from_state(to_state(walked()) | state if state else {})


def play(guide: Guide, replies: list[str], sources: dict[str, str]) -> list[Run]:
    library = {guide.id: guide}
    runs = [begin(guide, library, sources, STAMP)]
    for reply in replies:
        if not stand(runs[-1], library).ended:
            runs.append(answer(runs[-1], library, reply, STAMP))
    return runs


@given(guides(), answers, known)
def test_every_walk_ends(guide: Guide, replies: list[str], sources: dict[str, str]) -> None:
    library = {guide.id: guide}
    assert not [f for f in lint(guide, Surroundings(library)) if "loop" in f.message]
    run = play(guide, replies, sources)[-1]
    for _ in range(3 * len(guide.nodes)):
        if stand(run, library).ended:
            return
        run = answer(run, library, "1", STAMP)
    raise AssertionError("the walk did not end")


@given(guides(), answers, known)
def test_back_undoes_an_answer_exactly(
    guide: Guide, replies: list[str], sources: dict[str, str]
) -> None:
    library = {guide.id: guide}
    runs = play(guide, replies, sources)
    for before, after in pairwise(runs):
        again = back(after, STAMP)
        assert again.steps == before.steps
        assert stand(again, library) == stand(before, library)
        assert after.record == again.record[: len(after.record)]


@given(guides(), answers, known, st.data())
def test_editing_an_answer_to_itself_changes_nothing(
    guide: Guide, replies: list[str], sources: dict[str, str], data: st.DataObject
) -> None:
    library = {guide.id: guide}
    run = play(guide, replies, sources)[-1]
    position = stand(run, library)
    asked = [place for place, passed in enumerate(position.trail) if passed.how == "asked"]
    if asked:
        place = data.draw(st.sampled_from(asked))
        same = edit(run, library, place, position.trail[place].answer, STAMP)
        assert stand(same, library) == position
        assert len(same.record) == len(run.record) + 1


@given(guides(), answers, known, st.data())
def test_editing_is_going_back_and_answering_anew(
    guide: Guide, replies: list[str], sources: dict[str, str], data: st.DataObject
) -> None:
    library = {guide.id: guide}
    run = play(guide, replies, sources)[-1]
    trail = stand(run, library).trail
    asked = [passed for passed in trail if passed.how == "asked"]
    if not asked:
        return
    chosen = data.draw(st.sampled_from(asked))
    reply = data.draw(st.sampled_from(["1", "2"]))
    anew = answer(replace(run, steps=run.steps[: chosen.step]), library, reply, STAMP)
    edited = edit(run, library, trail.index(chosen), reply, STAMP)
    assert edited.steps[: chosen.step + 1] == anew.steps
    assert all(step in run.steps or step == anew.steps[-1] for step in edited.steps)


@given(guides(), answers, known)
def test_a_run_survives_storing(guide: Guide, replies: list[str], sources: dict[str, str]) -> None:
    import json

    library = {guide.id: guide}
    run = play(guide, replies, sources)[-1]
    stored = from_state(json.loads(json.dumps(to_state(run))))
    assert to_state(stored) == to_state(run)
    assert stand(stored, library) == stand(run, library)


@given(guides(), answers)
def test_what_is_left_is_never_less_than_the_shortest_way(guide: Guide, replies: list[str]) -> None:
    library = {guide.id: guide}
    measured = lengths(guide, library)
    assert all(fewest <= most for fewest, most in measured.values())
    for run in play(guide, replies, {}):
        position = stand(run, library)
        assert position.done <= about(position, library)
        assert position.ended == (left(position, library) == (0, 0))


def test_an_instruction_with_one_way_on_offers_done() -> None:
    node = Node("a", Kind.DO, text="Push.", to=Target("b"))
    assert [choice.answer for choice in options(node)] == ["Done"]
    assert understand(node, "1") == (0, "Done")
