"""Whether reports of one customer are of the same trouble: the words that tell, no signature."""

from deskterm.services.insight import alike
from tests.unit.test_customers import report

SIGNED = "Kind regards, line lead, production hall seven"


def test_the_same_words_are_the_same_trouble_and_a_signature_tells_nothing() -> None:
    found = [
        report(1, subject="Toner smears on page two", body=SIGNED),
        report(2, subject="Page two smears again", body=SIGNED),
        report(3, subject="Tray is jammed", body=SIGNED),
        report(4, subject="Password expired", body=SIGNED, category="sign-in"),
    ]
    same = alike(found)
    assert set(same(found[0], found[1]) or ()) == {"smears", "page", "two"}
    assert same(found[0], found[2]) is None
    assert same(found[1], found[2]) is None


def test_reports_without_words_and_endless_ones_are_no_trouble() -> None:
    found = [report(1, subject="?"), report(2, subject="!"), report(3, body="a1 " * 20_000)]
    same = alike(found)
    assert same(found[0], found[1]) is None
    assert same(found[0], found[2]) is None
