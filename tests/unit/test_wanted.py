"""What to write next: like titles are one question, the most expensive one comes first."""

from deskterm.triage.wanted import Solved, wanted


def solved(number: int, subject: str, minutes: float | None = 10, **more: str) -> Solved:
    given = {"category": "network", "resolution": "Restarted.", "body": "", **more}
    return Solved(
        number, subject, given["body"], given["category"], given["resolution"], "", minutes
    )


def test_recurring_questions_are_grouped_by_category_and_words_and_ranked_by_cost() -> None:
    rows = [
        solved(9, "Printer PR-LDS-111 offline", 5),
        solved(8, "VPN has no route", 60),
        solved(7, "Printer PR-GOT-104 is offline", 7),
        solved(6, "no route, VPN", None),
        solved(5, "VPN: no route since today", 40),
        solved(4, "offline printer", 6),
        solved(3, "printer offline", 99, category="hardware"),
        solved(2, "the", 500),
    ]
    found = wanted(rows)
    assert [(one.ticket, one.times, one.tickets) for one in found] == [
        (8, 3, (8, 6, 5)),
        (9, 3, (9, 7, 4)),
    ]
    assert (found[0].median_minutes, found[0].cost_minutes) == (50, 150)
    assert wanted(rows, least=4) == []


def test_a_draft_begins_with_the_commonest_resolution_and_no_signature() -> None:
    body = "Hi,\n\nit says no route since lunch today.\n\nBest regards,\nAda Moss"
    rows = [
        solved(3, "VPN no route", resolution="Rebooted.", body=body),
        solved(2, "VPN no route", resolution="New profile on LT-1."),
        solved(1, "no route VPN", resolution="New profile on  LT-2."),
    ]
    (one,) = wanted(rows)
    assert one.resolution == "New profile on LT-1."
    assert one.symptoms == "VPN no route\nno route VPN\n\nit says no route since lunch today."


def test_two_thousand_hostile_titles_are_grouped_once_each() -> None:
    rows = [solved(n, "same " * 9_000 + "x" * 50_000, 1) for n in range(2_000, 0, -1)]
    (one,) = wanted(rows)
    assert one.times == 2_000
