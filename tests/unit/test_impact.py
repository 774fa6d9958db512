"""Impact: the larger of what was asked and of what reports together; never added up."""

import pytest

from deskterm.mail.news import INCIDENT, write
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


def test_the_letter_to_owners_is_written_in_their_language_and_survives_any_title() -> None:
    hostile = {
        "title": "Dock {name}\r\nBcc: x@example.org",
        "workaround": "Use {cable}",
        "device": "L1",
    }
    english, german = (
        write(INCIDENT, hostile, "Ada", "Desk"),
        write(INCIDENT, hostile, "", "Desk", "de"),
    )
    assert english.text.startswith("Hello Ada,\n")
    assert "Use {cable}" in english.text
    assert german.text.startswith("Guten Tag,\n")
    for one in (english, german):
        assert "\n" not in one.subject
        assert "\r" not in one.text
    assert "helps" not in write(INCIDENT, {"title": "x"}, "", "").text
