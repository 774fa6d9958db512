"""Whether reports of one customer are of the same trouble: the words that tell, no signature."""

from collections.abc import Sequence
from typing import Any

from deskterm.reports.customers import Alike, Report
from deskterm.services.insight import Said
from tests.unit.test_customers import report

SIGNED = "Kind regards, line lead, production hall seven"


def alike(found: Sequence[tuple[Report, str]]) -> Alike:
    """What tells whether two of these are alike, each with what was written."""
    said = Said()
    for one, body in found:
        said.add(one, body)
    return said.alike


def told(ticket: int, body: str = "", **given: Any) -> tuple[Report, str]:
    return report(ticket, **given), body


def test_the_same_words_are_the_same_trouble_and_a_signature_tells_nothing() -> None:
    found = [
        told(1, subject="Toner smears on page two", body=SIGNED),
        told(2, subject="Page two smears again", body=SIGNED),
        told(3, subject="Tray is jammed", body=SIGNED),
        told(4, subject="Password expired", body=SIGNED, category="sign-in"),
    ]
    same = alike(found)
    reports = [one for one, _ in found]
    assert set(same(reports[0], reports[1]) or ()) == {"smears", "page", "two"}
    assert same(reports[0], reports[2]) is None
    assert same(reports[1], reports[2]) is None


def test_reports_without_words_and_endless_ones_are_no_trouble() -> None:
    found = [told(1, subject="?"), told(2, subject="!"), told(3, body="a1 " * 20_000)]
    same = alike(found)
    reports = [one for one, _ in found]
    assert same(reports[0], reports[1]) is None
    assert same(reports[0], reports[2]) is None
