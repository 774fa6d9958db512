"""What a problem has cost: by month, in hours, in money; when its measure pays for itself (F6)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from deskterm.reports.cost import Rates, Spent, bill, lines

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def spent(number: int, days: float, who: int | None = 1, *, lost: float | None = None) -> Spent:
    return Spent(number, who, NOW - timedelta(days=days), 0.5, lost)


def test_tickets_people_and_hours_are_added_up_by_month_of_the_desks_zone() -> None:
    found = bill(
        [spent(1, 0), spent(2, 1, lost=3), spent(3, 40, who=2), spent(4, 40, who=None)],
        Rates(),
        UTC,
        NOW,
    )
    assert [(one.month, one.tickets, one.people) for one in found.months] == [
        ("2026-10", 2, 1),
        ("2026-11", 2, 1),
    ]
    whole = found.whole
    assert (whole.tickets, whole.people, whole.worked, whole.lost, whole.asked) == (4, 2, 2, 3, 1)
    assert whole.money is found.monthly is found.pays_in is None
    assert lines(found)[-1] == (
        "In all   4 tickets of 2 people, 2.0 h worked, 3.0 h lost (asked of 1)"
    )
    late = Spent(9, 1, datetime(2026, 10, 31, 23, 30, tzinfo=UTC), 0, None)
    assert bill([late], Rates(), ZoneInfo("Europe/Berlin"), NOW).months[0].month == "2026-11"


@pytest.mark.parametrize(
    ("price", "months"), [("100", 2), ("60", 1), ("1", 1), ("", None), ("0", None)]
)
def test_a_measure_pays_for_itself_after_what_it_costs_by_what_a_month_costs(
    price: str, months: int | None
) -> None:
    found = bill([spent(1, 0, lost=1), spent(2, 35)], Rates(60, 60), UTC, NOW, price)
    assert found.whole.money == 2 * 0.5 * 60 + 60
    assert found.monthly == 60
    assert found.pays_in == months


def test_months_without_a_ticket_count_and_old_ones_do_not() -> None:
    old = bill([spent(1, 800), spent(2, 300)], Rates(technician=100), UTC, NOW)
    assert old.monthly == pytest.approx(50 / 12)
    assert bill([spent(1, 800)], Rates(technician=100), UTC, NOW, "5").pays_in is None
    assert bill([], Rates(1, 1), UTC, NOW, "5").months == ()
