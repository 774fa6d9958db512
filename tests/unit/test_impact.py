"""Impact: the larger of what was asked and of what reports together; never added up."""

import pytest

from deskterm.triage.ranking import impact, reason


@pytest.mark.parametrize(
    ("asked", "together", "people", "words"),
    [
        (None, 0, 0, ""),
        (None, 1, 0, ""),
        (1, 0, 1, ""),
        (20, 3, 20, "20 people"),
        (None, 39, 39, "39 people, as many as P7 touches"),
        (2, 39, 39, "39 people, as many as P7 touches"),
    ],
)
def test_impact_and_its_reason(asked: int | None, together: int, people: int, words: str) -> None:
    assert impact(asked, together) == people
    assert reason(asked, together, "P7") == words
