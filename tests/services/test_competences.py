"""Who knows what: levels, gaps against demand, what closed tickets propose, who stands in (H7)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.asking import NOW
from deskterm.domain.competences import Known
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.verbs import Assign, Close, Solve, Verify
from deskterm.reports.competences import level_in
from tests.builders import open_ticket


@pytest.fixture
def team(desk: Desk) -> Desk:
    """Three technicians, two categories, four tickets about wifi."""
    for login in ("bo", "cy", "mia"):
        desk.admin.set_technician(login, {})
    desk.admin.set_category("network/wifi")
    desk.admin.set_category("printing")
    for number in range(4):
        open_ticket(desk, f"No wifi {number}", category="network/wifi")
    return desk


def say(desk: Desk, login: str, category: str, level: int) -> None:
    """Say how well somebody knows a category."""
    desk.records.set("competence", f"{login} {category}", {"level": str(level)})


def gap(desk: Desk, category: str = "network/wifi") -> str:
    """Give what is missing in a category."""
    return next(
        one.gap for one in desk.staff.competences.look().categories if one.category == category
    )


def test_a_gap_is_demand_that_nobody_or_one_alone_can_meet(team: Desk) -> None:
    assert gap(team) == "nobody does it alone"
    say(team, "mia", "network/wifi", 1)
    assert gap(team) == "nobody does it alone"
    say(team, "bo", "network", 2)  # what lies below a category is known with it
    assert gap(team) == "only bo does it alone"
    say(team, "cy", "network/wifi", 3)
    assert gap(team) == ""
    found = team.staff.competences.look()
    (wifi,) = (one for one in found.categories if one.category == "network/wifi")
    assert (wifi.tickets, wifi.teachers, wifi.learners) == (4, ["cy"], ["mia"])
    team.absences.add("3d", login="bo", deputy="mia")
    assert gap(team) == "only cy is here"
    team.absences.add("3d", login="cy")
    assert gap(team) == "off: bo, cy"
    lacks = {
        one.login: (one.deputy, one.lacks) for one in team.staff.competences.look().standing_in
    }
    assert lacks == {"bo": ("mia", ["network/wifi"]), "cy": ("", [])}


def test_nothing_is_lacking_where_nothing_was_asked_for(team: Desk) -> None:
    found = team.staff.competences.look("2001")
    assert (found.tickets, found.gaps) == (0, [])
    say(team, "bo", "printing", 2)
    assert gap(team, "printing") == ""


def test_what_is_said_of_a_category_itself_counts_before_what_lies_above() -> None:
    known = [Known("bo", "network", 3, "stated"), Known("bo", "network/vpn", 0, "reviewed")]
    assert [
        level_in(known, path) for path in ("network/wifi", "network/vpn/split", "printing")
    ] == [
        known[0],
        known[1],
        None,
    ]


def test_closed_tickets_propose_and_write_nothing(team: Desk) -> None:
    numbers = [open_ticket(team, f"Toner {n}", category="printing") for n in range(5)]
    team.tickets.do(numbers, Assign("bo"))
    team.tickets.do(numbers, Solve("Shaken."))
    team.tickets.do(numbers, Verify("craft", "ok"))
    team.tickets.do(numbers, Verify("customer", "ok"))
    team.tickets.do(numbers, Close())
    found = team.staff.competences.look()
    assert [(one.name, one.level, one.now, one.tickets) for one in found.proposed] == [
        ("bo printing", 1, None, 5)
    ]
    assert team.records.list("competence") == []
    team.staff.competences.accept("bo", "printing", NOW)
    (written,) = team.records.list("competence")
    assert (written["name"], written["level"], written["source"]) == (
        "bo printing",
        1,
        "closed tickets",
    )
    assert team.staff.competences.look().proposed == []
    with pytest.raises(NotFoundError, match="propose nothing"):
        team.staff.competences.accept("bo", "network/wifi", NOW)


def test_a_merged_category_keeps_the_higher_level_and_undo_brings_both_back(team: Desk) -> None:
    say(team, "bo", "printing", 3)
    say(team, "bo", "network/wifi", 1)
    say(team, "mia", "printing", 1)
    team.records.merge("category", "printing", "network/wifi")
    levels = {one["name"]: one["level"] for one in team.records.list("competence")}
    assert levels == {"bo network/wifi": 3, "mia network/wifi": 1}
    team.ledger.undo()
    assert len(team.records.list("competence")) == 3


def test_roles_are_from_a_list_of_the_desks_own(team: Desk) -> None:
    team.records.set("technician", "bo", {"roles": "Liaison, expert"})
    assert team.records.show("technician", "bo")["roles"] == ["liaison", "expert"]
    with pytest.raises(UsageError, match="there are manager, expert"):
        team.records.set("technician", "bo", {"roles": "boss"})
    team.desk_settings.set("desk.roles", "boss,  data analyst")
    team.records.set("technician", "bo", {"roles": "boss"})
    (bo,) = (one for one in team.staff.competences.look().technicians if one.login == "bo")
    assert bo.roles == ["boss"]


def test_a_thousand_groups_and_a_technician_who_left_are_no_trouble(team: Desk) -> None:
    team.records.load(
        "group", [(n, {"name": f"group {n:04}", "members": "bo"}) for n in range(1000)], "g.csv"
    )
    say(team, "mia", "network/wifi", 2)
    assert gap(team) == "only mia does it alone"
    team.admin.set_technician("mia", {"active": False})
    assert gap(team) == "nobody does it alone"
    assert {one.login: len(one.groups) for one in team.staff.competences.look().technicians} == {
        "bo": 1000,
        "cy": 0,
    }
