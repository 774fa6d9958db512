"""Which solutions are looked at again, which are nearly the same, and how votes fade."""

from datetime import UTC, datetime, timedelta

import pytest

from deskterm.triage.likeness import Written, twins
from deskterm.triage.proof import Kept, Tried, Vote, counted, faded, rank, why_stale

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


def votes(said: str, last: int = 1) -> list[Vote]:
    return [Vote(ago(last + len(said) - at), sign == "+") for at, sign in enumerate(said, 1)]


@pytest.mark.parametrize(
    ("kept", "said", "reasons"),
    [
        (Kept("validated", None, ago(90), False), "+++++", ()),
        (Kept("validated", None, ago(90), True), "+--+-", ("failed 3 of its last 5",)),
        (Kept("validated", None, ago(0), False), "---", ()),
        (Kept("validated", None, ago(90), True), "+-", ("did not work lately",)),
        (
            Kept("validated", "2026-10-01", ago(90), False),
            "",
            ("to be reviewed by 2026-10-01",),
        ),
        (Kept("validated", "2026-10-01", ago(90), False), "+", ()),
        (
            Kept("validated", None, ago(400), False),
            "",
            (f"neither used nor changed since {ago(400):%Y-%m-%d}",),
        ),
        (Kept("draft", None, ago(40), False), "", (f"a draft since {ago(40):%Y-%m-%d}",)),
    ],
)
def test_each_reason_to_look_again_is_said(kept: Kept, said: str, reasons: tuple[str, ...]) -> None:
    assert why_stale(kept, votes(said), NOW) == reasons


def test_a_vote_loses_half_in_180_days_and_recent_ones_decide() -> None:
    assert faded([(ago(180), True), (ago(0), False), (ago(360), True)], NOW) == (0.75, 1.0)
    votes = [(ago(360), True), (ago(180), True), (ago(0), False)]
    assert counted(votes[:1]).and_one(*votes[1]).and_one(*votes[2]).by(NOW) == counted(votes)
    was_good = faded([(ago(900), True)] * 6 + [(ago(1), False)] * 3, NOW)
    is_good = faded([(ago(900), False)] * 6 + [(ago(1), True)] * 3, NOW)
    scores = [
        rank(0.5, (), Tried(6, 3, "validated", recent=one)).score for one in (was_good, is_good)
    ]
    assert scores[0] < scores[1]


def test_titles_and_symptoms_with_most_words_in_common_are_twins() -> None:
    known = [
        Written(1, "Printer offline or jobs stuck", "Nothing prints"),
        Written(2, "VPN has no route", "No route to host"),
    ]
    assert [one.id for one in twins("No route with the VPN", "", known)] == [2]
    assert [one.id for one in twins("VPN: route", "the screen stays black", known)] == [2]
    assert twins("VPN asks twice", "", known) == []
    assert twins("", "No route to host", known) == []
