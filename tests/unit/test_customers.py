"""Customers' reports (H4), over plain rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deskterm.domain.shares import Share
from deskterm.reports.customers import Report, again, customers, help_themselves, report_best

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def report(ticket: int, person: int = 1, days: float = 0, **given: Any) -> Report:
    plain = dict.fromkeys(
        ("device", "steps", "picture", "asked_back", "published", "own_word", "returned"), False
    )
    values: dict[str, Any] = {
        "name": f"P{person}",
        "category": "vpn",
        "subject": "VPN down",
    }
    opened = START + timedelta(days=days)
    values |= plain | {"reproduced": None} | given
    return Report(ticket=ticket, person=person, opened_at=opened, **values)


def alike(before: Report, after: Report) -> tuple[str, ...] | None:
    return ("vpn",) if before.subject == after.subject else None


def test_a_complete_report_has_two_of_three_and_one_report_tells_nothing() -> None:
    good = [report(1, device=True, steps=True), report(2, device=True, reproduced=True)]
    found = customers([*good, report(3, person=2, device=True, picture=True)])
    assert [one.name for one in found] == ["P1"]
    assert found[0].complete == Share(1, 2)
    assert found[0].reproduced == Share(1, 1)
    assert found[0].no_question == Share(2, 2)
    assert found[0].tickets == [2, 1]


def test_many_good_reports_stand_before_few_though_the_rate_is_the_same() -> None:
    few = [report(n, person=1, device=True, steps=True, published=True) for n in range(2)]
    many = [report(n, person=2, device=True, steps=True, own_word=True) for n in range(2, 8)]
    found = customers(few + many)
    assert [one.name for one in report_best(found)] == ["P2", "P1"]
    assert [one.name for one in help_themselves(found)] == ["P2", "P1"]


def test_less_than_half_is_not_well() -> None:
    found = customers([report(1, device=True, steps=True, published=True), report(2), report(3)])
    assert (report_best(found), help_themselves(found)) == ([], [])


def test_what_came_back_did_not_help() -> None:
    found = customers([report(n, published=True, returned=True) for n in range(2)])
    assert help_themselves(found) == []


def test_the_same_trouble_again_is_alike_in_one_category_and_within_ninety_days() -> None:
    found = again(
        [
            report(1),
            report(2, days=80),
            report(3, days=160),
            report(4, days=300),
            report(5, days=161, category="mail"),
            report(6, days=162, subject="Token lost"),
            report(7, person=2, days=1),
            report(8, category=""),
        ],
        alike,
    )
    assert [(one.person, one.tickets, one.words) for one in found] == [(1, (1, 2, 3), ("vpn",))]
