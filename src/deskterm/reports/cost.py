"""What a problem has cost so far, month by month, and when ending it pays for itself (F6, §9)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from math import ceil
from typing import NamedTuple

MONTHS = 12
"""The cost a month is the mean of so many months, or of fewer since its first ticket."""


class Spent(NamedTuple):
    """A ticket of a problem, as far as its cost is known."""

    ticket: int
    requester: int | None
    opened_at: datetime
    worked: float
    """Hours of technicians, as they were booked on it (H9)."""
    lost: float | None
    """Business hours of people who could not work, until it was solved; None: nobody was asked."""


class Rates(NamedTuple):
    """What an hour costs, in the desk's money; 0 where the desk has not said."""

    technician: float = 0.0
    people: float = 0.0


class Cost(NamedTuple):
    """What a month, or all of them, have cost."""

    month: str
    """`2026-11`; empty: all months."""
    tickets: int
    people: int
    """Different requesters."""
    worked: float
    lost: float
    asked: int
    """Of so many tickets it is known how many could not work."""
    money: float | None
    """None: no rate is set."""


class Bill(NamedTuple):
    """What a problem has cost by month, the oldest first, and in all."""

    months: tuple[Cost, ...]
    whole: Cost
    monthly: float | None
    """Money a month; None: no rate is set, or nothing was spent."""
    pays_in: int | None
    """After so many months the measure has paid for itself; None: not known, or never."""

    @property
    def pays_words(self) -> str:
        """`pays for itself in 5 months`, or nothing where that is not known."""
        if self.pays_in is None:
            return ""
        return f"pays for itself in {'1 month' if self.pays_in == 1 else f'{self.pays_in} months'}"

    def record(self) -> dict[str, object]:
        """Give it as a record for JSON: months, whole, monthly, pays_in."""
        months = [one._asdict() for one in self.months]
        whole = {**self.whole._asdict()}
        whole.pop("month")
        return {
            "months": months,
            "whole": whole,
            "monthly": self.monthly,
            "pays_in": self.pays_in,
        }


def bill(
    spent: Iterable[Spent], rates: Rates, zone: tzinfo, now: datetime, measure_cost: str = ""
) -> Bill:
    """Add up what a problem has cost; months are those of the zone in which tickets were opened."""
    by_month: dict[str, list[Spent]] = {}
    for one in sorted(spent, key=lambda one: one.opened_at):
        by_month.setdefault(one.opened_at.astimezone(zone).strftime("%Y-%m"), []).append(one)
    months = tuple(_cost(month, some, rates) for month, some in by_month.items())
    whole = _cost("", [one for some in by_month.values() for one in some], rates)
    monthly = _monthly(months, now.astimezone(zone)) if months else None
    price = float(measure_cost.replace(",", ".")) if measure_cost else 0.0
    pays = max(1, ceil(price / monthly)) if monthly and price else None
    return Bill(months, whole, monthly, pays)


def _cost(month: str, some: Sequence[Spent], rates: Rates) -> Cost:
    worked = sum(one.worked for one in some)
    known = [one.lost for one in some if one.lost is not None]
    lost = sum(known)
    money = worked * rates.technician + lost * rates.people if any(rates) else None
    people = len({one.requester for one in some if one.requester is not None})
    return Cost(month, len(some), people, worked, lost, len(known), money)


def _monthly(months: Sequence[Cost], now: datetime) -> float | None:
    """Give the mean of the last months, those without a ticket included."""
    first = now.year * 12 + now.month - MONTHS + 1
    numbers = {_number(one.month): one.money or 0.0 for one in months}
    first = max(first, min(numbers))
    last = now.year * 12 + now.month
    mean = sum(money for at, money in numbers.items() if at >= first) / max(1, last - first + 1)
    return mean or None


def _number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)


def lines(bill: Bill, most: int = MONTHS) -> list[str]:
    """Give the last months and the whole in words, a line each."""
    found = [f"{one.month}  {words(one)}" for one in bill.months[-most:]]
    return [*found, f"In all   {words(bill.whole)}"] if bill.months else []


def words(one: Cost) -> str:
    """Give a cost in words: `12 tickets of 9 people, 3.5 h worked, 20 h lost (of 4 asked)`."""
    tickets = "1 ticket" if one.tickets == 1 else f"{one.tickets} tickets"
    people = "1 person" if one.people == 1 else f"{one.people} people"
    parts = [f"{tickets} of {people}", f"{one.worked:.1f} h worked"]
    parts += [f"{one.lost:.1f} h lost (asked of {one.asked})"] if one.asked else []
    parts += [f"{one.money:,.0f} in money"] if one.money is not None else []
    return ", ".join(parts)
