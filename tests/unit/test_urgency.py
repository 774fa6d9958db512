"""Urgent or not from three asked facts (C4, semantics.md §6): a proposal with its reason."""

from datetime import UTC, datetime, timedelta

import pytest

from deskterm.triage.urgency import Facts, judge

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("facts", "urgent", "reason"),
    [
        (Facts(1, True), True, "one person cannot work"),
        (Facts(3, True, NOW + 72 * HOUR), True, "3 people cannot work"),
        (Facts(None, True), True, "one person cannot work"),
        (Facts(10, False), True, "10 people are affected"),
        (Facts(None, None, NOW + 2 * HOUR), True, "needed in 2:00"),
        (Facts(None, None, NOW - HOUR), True, "needed now"),
        (Facts(1, True, NOW + 72 * HOUR), False, "needs it only in 3d"),
        (Facts(1, False), False, "one person can work meanwhile"),
        (Facts(3, False), False, "3 people can work meanwhile"),
        (Facts(3), False, "3 people are not said to be unable to work"),
        (Facts(None, False, NOW + 48 * HOUR), False, "one person can work meanwhile"),
    ],
)
def test_the_facts_say_whether_it_is_urgent_and_why(
    facts: Facts, urgent: bool, reason: str
) -> None:
    judged = judge(facts, NOW)
    assert judged is not None
    assert judged.urgent is urgent
    assert reason in judged.reason


def test_what_was_not_asked_proposes_nothing() -> None:
    assert judge(Facts(), NOW) is None
