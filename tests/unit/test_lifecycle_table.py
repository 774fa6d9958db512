"""The one transition table (semantics.md §10, B3): complete, closed, and with a way out."""

import pytest

from deskterm.domain.errors import RefusedError
from deskterm.domain.lifecycle import TAKEN_UP, TRANSITIONS, allowed, check, check_close
from deskterm.domain.vocabulary import OPEN_STATES, Outcome, Proof, State

PAIRS = [(verb, state) for verb in TRANSITIONS for state in State]


@pytest.mark.parametrize(("verb", "state"), PAIRS)
def test_each_verb_in_each_state_leads_on_or_is_refused_with_a_sentence(
    verb: str, state: State
) -> None:
    states, target = TRANSITIONS[verb]
    if state in states:
        taken_up = State.OPEN if verb in TAKEN_UP and state == State.NEW else None
        assert check(verb, state, 7) == (target or taken_up or state)
        assert check(verb, state, 7, stays=True) == state
        return
    with pytest.raises(RefusedError) as refused:
        check(verb, state, 7)
    sentence = str(refused.value)
    assert sentence.startswith(f"#7 is {state}: {verb} is not possible; ")
    assert sentence.endswith(".")
    assert refused.value.exit_code == 5


def test_every_state_is_reached_and_all_but_new_by_a_verb() -> None:
    reached = {target for _, target in TRANSITIONS.values() if target}
    assert reached == set(State) - {State.NEW}


def test_nothing_happens_to_a_merged_ticket() -> None:
    assert not [verb for verb in TRANSITIONS if allowed(verb, State.MERGED)]


def test_from_every_other_state_each_ending_can_be_reached() -> None:
    moves: dict[State, set[State]] = {state: set() for state in State}
    for states, target in TRANSITIONS.values():
        for state in states:
            moves[state].add(target or state)
    for start in set(State) - {State.MERGED}:
        seen = {start}
        for _ in State:
            seen |= {after for state in seen for after in moves[state]}
        assert {State.CLOSED, State.CANCELLED, State.MERGED, State.OPEN} <= seen


def test_only_ended_or_solved_tickets_reopen_and_only_open_ones_close() -> None:
    for state in State:
        assert allowed("close", state) == (state in OPEN_STATES)
        assert allowed("reopen", state) == (state in (State.SOLVED, State.CLOSED, State.CANCELLED))


PROOFS = (None, Proof.OK, Proof.FAILED, Proof.WAIVED)


@pytest.mark.parametrize("craft", PROOFS)
@pytest.mark.parametrize("customer", PROOFS)
@pytest.mark.parametrize("reason", ["", "asked twice"])
def test_closing_as_solved_needs_both_or_a_named_reason(
    craft: Proof | None, customer: Proof | None, reason: str
) -> None:
    good = (Proof.OK, Proof.WAIVED)
    passes = craft in good and (customer in good or bool(reason))
    if passes:
        check_close(7, State.SOLVED, Outcome.SOLVED, (craft, customer), reason)
        return
    with pytest.raises(RefusedError, match=r"^#7: "):
        check_close(7, State.SOLVED, Outcome.SOLVED, (craft, customer), reason)


@pytest.mark.parametrize("state", [s for s in OPEN_STATES if s != State.SOLVED])
def test_nothing_is_closed_as_solved_before_it_is_solved(state: State) -> None:
    with pytest.raises(RefusedError, match="not solved: say the resolution first"):
        check_close(7, state, Outcome.SOLVED, (Proof.OK, Proof.OK), "because")


@pytest.mark.parametrize("state", OPEN_STATES)
def test_the_other_outcomes_need_no_proof_and_unsolved_a_reason(state: State) -> None:
    for outcome in (Outcome.DUPLICATE, Outcome.SPAM):
        check_close(7, state, outcome, (None, None), "")
    check_close(7, state, Outcome.UNSOLVED, (None, None), "out of budget")
    with pytest.raises(RefusedError, match="needs a reason"):
        check_close(7, state, Outcome.UNSOLVED, (None, None), "")
