"""Escalation goes to a group that something names, with the summary already written."""

from deskterm.bootstrap import Desk
from tests.builders import open_ticket
from tests.verbs import verbs

WALKED = """
id: blank
title: Blank pages
start: toner
nodes:
  toner:
    ask: Is there toner?
    choices: [{answer: Yes, to: hand}, {answer: No, to: done}, {answer: Don't know, to: hand}]
  hand: {outcome: escalate, group: Printing, summary: Blank pages}
  done: {outcome: solved, resolution: Toner was replaced.}
"""


def groups(desk: Desk) -> None:
    """Make groups of which the alphabet's first is never meant."""
    for name in ("Accounts", "Network", "Printing"):
        desk.admin.set_group(name, level=2)
    desk.admin.set_category("network/vpn", group="Network")


def test_the_group_of_the_category_is_proposed_with_its_reason(desk: Desk) -> None:
    groups(desk)
    number = open_ticket(desk, "VPN down", category="network/vpn")
    found = desk.handing_over.proposed(number)
    assert (found.group, found.why) == ("Network", "network/vpn goes to it")
    verbs(desk).escalate([number], "Network", "It is down.")
    assert desk.handing_over.proposed(number).group == ""


def test_the_group_of_the_guide_that_is_walked_comes_first(desk: Desk) -> None:
    groups(desk)
    number = open_ticket(desk, "Page comes out blank", category="network/vpn")
    desk.guides.add(WALKED)
    desk.runs.start("blank", number)
    found = desk.handing_over.proposed(number)
    assert (found.group, found.why) == ("Printing", "the guide “Blank pages” names it")
    assert "Guide: Blank pages" in found.summary


def test_nothing_is_proposed_where_nothing_names_a_group(desk: Desk) -> None:
    desk.admin.set_group("Accounts", level=2)
    assert desk.handing_over.proposed(open_ticket(desk, "Zzz")).group == ""


def test_the_summary_says_what_is_known(desk: Desk) -> None:
    number = open_ticket(desk, "VPN down", body="Since lunch no route.", device="LT-220")
    verbs(desk).change([number], problem="No route to crm", reproduction="Open crm.")
    verbs(desk).note([number], "Ping fails.\nAsked to restart.")
    summary = desk.handing_over.proposed(number).summary
    for words in (
        "No route to crm",
        "They said: Since lunch no route.",
        "Device: LT-220",
        "How to reproduce: Open crm.",
        "Steps done: greet, state",
        "cy: Ping fails. Asked to restart.",
    ):
        assert words in summary


def test_a_group_whose_people_know_it_is_proposed_where_the_category_has_none(desk: Desk) -> None:
    groups(desk)
    desk.admin.set_category("files/share")
    number = open_ticket(desk, "Share is gone", category="files/share")
    assert desk.handing_over.proposed(number).group == ""
    for login, group in (("bo", "Printing"), ("cy", "Accounts"), ("mia", "Printing")):
        desk.admin.set_technician(login, {})
        desk.admin.set_member(group, login)
        desk.records.set("competence", f"{login} files", {"level": "2"})
    found = desk.handing_over.proposed(number)
    assert (found.group, found.why) == ("Printing", "bo, mia of it know files/share")
    desk.absences.add("3d", login="bo")
    desk.absences.add("3d", login="mia")
    assert desk.handing_over.proposed(number).why == "cy of it knows files/share"
