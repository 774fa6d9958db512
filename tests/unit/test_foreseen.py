"""A mistake about to happen is told before it happens (B4)."""

from deskterm.reports.steps import foreseen


def test_before_solving_the_problem_is_asked_for_then_the_test() -> None:
    assert "unstated" in foreseen("open", " ", {})
    assert "seen the trouble" in foreseen("open", "Toner door open", {})
    assert "seen the trouble" in foreseen("waiting", "", {"state": "skipped"})
    assert foreseen("new", "", {"state": "done", "reproduce": "skipped"}) == ""


def test_before_closing_the_proofs_are_asked_for_and_afterwards_nothing() -> None:
    assert "untested" in foreseen("solved", "", {})
    assert "answer" in foreseen("solved", "", {"verify": "done"})
    assert foreseen("solved", "", {"verify": "done", "confirm": "skipped"}) == ""
    assert foreseen("closed", "", {}) == foreseen("merged", "", {}) == ""
