"""Known problems of a ticket: words first, then device and place, which alone say nothing."""

from datetime import UTC, datetime, timedelta

from deskterm.triage.problem_fit import Affected, Shelf, Told, covers, evidence

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LAPTOP = Affected("ThinkPad T14", "Windows 11 23H2", "Porto", "network/vpn")


def shelf() -> Shelf:
    problems = {
        7: (Told("VPN gateway hands out no routes", opened=NOW), Affected(category="network/vpn")),
        8: (Told("Dock loses its screens", opened=NOW), Affected("ThinkPad T14*", "Windows 11*")),
    }
    tickets = [
        (7, Told("VPN: no route", "Cannot reach the CRM", opened=NOW, number=1)),
        (8, Told("Screens black at the dock", opened=NOW, number=2)),
    ]
    noise = [Told(f"Printer {n} offline", "Toner", opened=NOW, number=n) for n in range(10, 40)]
    return Shelf(problems, tickets, noise)


def test_the_problem_is_found_by_the_words_of_its_tickets_with_the_reason() -> None:
    (found,) = shelf().fitting(Told("No route over VPN since lunch"), NOW)
    assert found.problem == 7
    assert found.reason.startswith("says ")
    assert "vpn" in found.reason
    assert "route" in found.reason


def test_device_and_system_raise_it_and_are_named_and_others_lower_it() -> None:
    told = Told("Screens black after docking")
    (plain,) = shelf().fitting(told, NOW)
    (same,) = shelf().fitting(told._replace(facts=LAPTOP), NOW)
    other = Affected("EliteBook 840", "Windows 10")
    less = shelf().fitting(told._replace(facts=other), NOW)
    assert "ThinkPad T14 · Windows 11 23H2" in same.reason
    assert same.score > plain.score
    assert not less or less[0].score < plain.score


def test_a_device_alone_says_nothing_about_a_mouse() -> None:
    assert shelf().fitting(Told("Mouse pointer jumps", facts=LAPTOP), NOW) == []
    assert Shelf({}, []).fitting(Told("VPN"), NOW) == []
    assert shelf().fitting(Told(""), NOW) == []


def test_patterns_cover_whole_values_and_beginnings() -> None:
    assert covers("EliteBook 840, ThinkPad T14*", "thinkpad  T14 Gen 3")
    assert covers("ThinkPad T14", "ThinkPad T14")
    assert not covers("ThinkPad T14", "ThinkPad T14s")
    assert not covers("", "ThinkPad")
    assert not covers(" , ,", "ThinkPad")
    assert covers("*" + "," * 50_000, "x")
    assert evidence(Affected(category="network"), LAPTOP)[1] == ["network/vpn"]
    assert evidence(Affected(category="net"), LAPTOP) == (1.0, [])


def test_an_old_problem_counts_less_than_a_new_one() -> None:
    old = NOW - timedelta(days=900)
    both = Shelf(
        {
            1: (Told("VPN no route", opened=old), Affected()),
            2: (Told("VPN no route", opened=NOW), Affected()),
        },
        [],
        [Told(f"Printer {n}", number=n) for n in range(20)],
    )
    assert [one.problem for one in both.fitting(Told("VPN no route"), NOW)] == [2, 1]


def test_long_and_repeated_text_is_read_to_a_bound() -> None:
    assert shelf().fitting(Told("vpn " * 12_500, "route " * 10_000), NOW)[0].problem == 7
