"""Bursts: the Poisson tail is exact, an outage is found at once, a quiet desk is left in peace."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import exp, factorial
from random import Random

import pytest

from deskterm.triage.bursts import RARE, Arrival, bursts, spans, tail

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("rate", [0.25, 0.5, 1.0, 3.75, 12.0, 40.0])
def test_the_tail_is_what_summing_every_count_gives(rate: float) -> None:
    exact = Fraction(rate)
    for k in range(1, 60, 9):
        below = sum((exact**i / factorial(i) for i in range(k)), Fraction(0))
        above = sum((exact**i / factorial(i) for i in range(k, k + 150)), Fraction(0))
        assert tail(k, rate) == pytest.approx(float(above) * exp(-rate), rel=1e-9, abs=1e-14)
        assert tail(k, rate) == pytest.approx(1 - float(below) * exp(-rate), abs=1e-12)
    assert (tail(0, rate), tail(5, 0.0)) == (1.0, 0.0)


def _came(number: int, at: datetime, word: str, who: int | None = None) -> Arrival:
    return Arrival(number, at, frozenset({("word", word)}), who or number)


def test_an_outage_is_called_out_with_its_tickets_and_what_is_usual() -> None:
    usual = [_came(n, NOW - timedelta(weeks=1 + n % 4) - HOUR, "vpn") for n in range(1, 5)]
    now = [_came(10 + n, NOW - timedelta(minutes=5 * n), "vpn") for n in range(12)]
    (one,) = bursts(NOW, usual + now)
    assert (one.key, len(one.tickets), one.hours, one.usual, one.people) == (
        ("word", "vpn"),
        12,
        2,
        1.0,
        12,
    )
    assert one.tail < RARE
    assert one.began == NOW - timedelta(minutes=55)


def test_what_is_busy_at_that_hour_every_week_is_no_burst() -> None:
    weeks = [
        _came(100 * week + n, NOW - timedelta(weeks=week, minutes=5 * n), "password")
        for week in range(5)
        for n in range(9)
    ]
    assert bursts(NOW, weeks) == []


def test_one_person_and_what_is_known_make_no_burst() -> None:
    same = [_came(n, NOW - timedelta(minutes=n), "vpn", who=7) for n in range(1, 9)]
    assert bursts(NOW, same) == []
    known = [
        _came(n, NOW - timedelta(minutes=n), "vpn")._replace(counts=False) for n in range(1, 9)
    ]
    assert bursts(NOW, known) == []
    assert bursts(NOW, []) == []


def test_words_and_category_of_the_same_tickets_are_one_burst() -> None:
    keys = frozenset({("word", "vpn"), ("word", "route"), ("category", "network/vpn")})
    now = [Arrival(n, NOW - timedelta(minutes=n), keys, n) for n in range(1, 11)]
    slow = [_came(50 + n, NOW - timedelta(hours=n), "printer") for n in range(8)]
    found = bursts(NOW, now + slow)
    assert [(len(one.tickets), one.hours) for one in found] == [(10, 2), (8, 8)]


def quiet_desk(chance: Random, days: int = 35) -> list[Arrival]:
    """Five weeks of a steady desk: sixty tickets a working day, each with three of its words."""
    vocabulary = [("word", f"w{n}") for n in range(400)]
    weights = [1 / (n + 1) for n in range(400)]
    found: list[Arrival] = []
    for day in range(days):
        at = NOW - timedelta(days=day, hours=2)
        for _ in range(60 if at.weekday() < 5 else 3):
            keys = frozenset(chance.choices(vocabulary, weights, k=3))
            when = at + timedelta(hours=chance.uniform(-4, 6))
            found.append(Arrival(len(found) + 1, when, keys, chance.randrange(300)))
    return found


def test_a_quiet_desk_raises_few_false_alarms() -> None:
    chance = Random(5)
    alarms = looks = 0
    for _ in range(3):
        desk = quiet_desk(chance)
        for hour in range(0, 10, 2):
            at = NOW - timedelta(hours=6 - hour)
            seen = [one for one in desk if one.at <= at]
            alarms += len(bursts(at, seen))
            looks += 1
    assert looks == 15
    assert alarms <= 5


def test_the_same_hours_of_four_weeks_are_looked_at() -> None:
    assert len(spans(NOW, 2)) == 5
    assert spans(NOW, 2)[4] == (NOW - timedelta(weeks=4, hours=2), NOW - timedelta(weeks=4))
