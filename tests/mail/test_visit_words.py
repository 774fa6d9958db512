"""Which of the times offered somebody means: a number, a day, a time; what is unsure asks (G3)."""

from datetime import UTC, datetime

import pytest

from deskterm.mail.answers import UNSURE
from deskterm.mail.visit_words import time_said, without_label

SLOTS = [
    datetime(2026, 11, 24, 10, 0, tzinfo=UTC),  # Tuesday
    datetime(2026, 11, 24, 14, 0, tzinfo=UTC),
    datetime(2026, 12, 2, 9, 30, tzinfo=UTC),  # Wednesday
]


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ("2", "2"),
        ("Option 2, please", "2"),
        ("Option 2 please", "2"),
        ("#3", "3"),
        ("Nr. 1 passt", "1"),
        ("3\n\nThe door is open.", "3"),
        ("4", UNSURE),
        ("Wednesday", "3"),
        ("Mittwoch passt gut, danke", "3"),
        ("Tuesday", UNSURE),
        ("Tuesday at 14:00 is fine", "2"),
        ("Dienstag 14 Uhr", "2"),
        ("2 pm on Tuesday", "2"),
        ("am 2.12. gerne", "3"),
        ("2 December suits us", "3"),
        ("Friday", UNSURE),
        ("Wednesday, but not before 11", UNSURE),
        ("Tuesday or Wednesday", UNSURE),
        ("Does Wednesday work for you?", UNSURE),
        ("Créneau 2, merci", "2"),
        ("n° 1 convient", "1"),
        ("mardi à 14 h", "2"),
        ("mercredi me convient", "3"),
        ("mardi ou mercredi", UNSURE),
        ("mercredi, mais pas avant 11 h", UNSURE),
        ("un autre moment", "n"),
        ("Opción 2, por favor", "2"),
        ("martes a las 14:00", "2"),
        ("el 2 de diciembre", "3"),
        ("el miércoles no puedo", UNSURE),
        ("otro momento, por favor", "n"),
        ("none", "n"),
        ("Keiner der Termine passt", "n"),
        ("Do I have to be there?", UNSURE),
        ("> 2", None),
        ("", None),
    ],
)
def test_an_answer_means_one_time_or_asks(body: str, meant: str | None) -> None:
    found = time_said(body, SLOTS)
    assert (found and found.value) == meant


def test_the_label_of_a_click_is_no_comment() -> None:
    label = "2 - Tuesday, 24 November 2026, 14:00–15:00 (UTC)"
    assert without_label(f"{label}\n\nRing twice.") == "Ring twice."


def test_a_long_answer_is_read_in_time() -> None:
    assert time_said("tuesday 10:00 " * 4_000, SLOTS) is not None
