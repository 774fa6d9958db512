"""Canned texts: which fit whom, what is filled in, and that what is filled in stays text (C8)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.verbs import Change
from tests.builders import open_ticket


def told(desk: Desk, ticket: int) -> str:
    return desk.tickets.show(ticket).timeline[-1].text


def test_of_one_short_name_the_text_closest_to_the_requester_is_filled_in(desk: Desk) -> None:
    ticket = open_ticket(desk)
    desk.records.add("text", "vpn", {"words": "Hello {first_name}, about {ticket}. {me}"})
    desk.records.add("text", "vpn-de", {"short": "vpn", "language": "de", "words": "Hallo {name}."})
    desk.records.add("organisation", "Acme", {})
    desk.records.add("text", "acme", {"short": "vpn", "organisation": "Acme", "words": "Acme!"})
    desk.records.add("text", "off", {"words": "no", "active": "no"})
    assert [one.name for one in desk.means.texts.for_ticket(ticket)] == ["vpn"]
    desk.means.texts.reply([ticket], "::VPN", "More.")
    assert told(desk, ticket) == f"Hello Ada, about #{ticket}. {desk.me}\n\nMore."
    desk.records.set("person", "ada@example.org", {"language": "de"})
    assert [one.words for one in desk.means.texts.for_ticket(ticket)] == ["Hallo Ada Moss."]
    desk.records.set("person", "ada@example.org", {"organisation": "Acme"})
    assert [one.words for one in desk.means.texts.for_ticket(ticket)] == ["Acme!"]
    assert [one.name for one in desk.means.texts.for_person(None)] == ["vpn"]
    with pytest.raises(NotFoundError, match="those that fit: vpn"):
        desk.means.texts.reply([ticket], "printer")


def test_texts_are_ranked_by_use_and_a_trial_is_none(desk: Desk) -> None:
    ticket = open_ticket(desk)
    for name in ("a", "b", "c"):
        desk.records.add("text", name, {"words": f"words {name}"})
    desk.means.texts.used([desk.records.show("text", "c")["id"]])
    desk.means.texts.reply([ticket], "b")
    desk.means.texts.reply([ticket], "b")
    assert [(one.short, one.uses) for one in desk.means.texts.for_ticket(ticket)] == [
        ("b", 2),
        ("c", 1),
        ("a", 0),
    ]
    assert {row["name"]: row["uses"] for row in desk.records.list("text")} == {
        "a": 0,
        "b": 2,
        "c": 1,
    }


def test_hostile_values_stay_text_and_are_filled_in_once(desk: Desk) -> None:
    ticket = open_ticket(
        desk, "{me} \x1b]52;c;x\x07 {first_name}", requester="{ticket} Eve <e@x.org>"
    )
    desk.records.add("text", "y", {"words": "{name}: {subject} {} {0} {A}"})
    words = desk.means.texts.for_ticket(ticket)[0].words
    assert words.startswith("{ticket} Eve: {me} ")
    assert words.endswith(" {first_name} {} {0} {A}")
    assert "\x1b" not in words


def test_what_is_not_known_is_never_sent(desk: Desk) -> None:
    with pytest.raises(UsageError, match=r"\{nope\} stands for nothing"):
        desk.records.add("text", "bad", {"words": "{nope}"})
    with pytest.raises(UsageError, match="one word"):
        desk.records.add("text", "bad", {"words": "x", "short": "two words"})
    desk.records.add("text", "empty", {})
    desk.records.add("text", "dev", {"words": "Your {device} runs {field_os}."})
    both = [open_ticket(desk), open_ticket(desk)]
    assert desk.means.texts.for_ticket(both[0])[0].missing == ("device", "field_os")
    desk.records.add("device", "lt-9", {})
    desk.tickets.do([both[1]], Change(device="lt-9", fields={"os": "Windows"}))
    done = desk.means.texts.reply(both, "dev")
    assert [number for number, _, _ in done.failed] == [both[0]]
    assert told(desk, both[1]) == "Your lt-9 runs Windows."
    with pytest.raises(RefusedError, match=r"nothing is known for \{device\}"):
        desk.means.texts.reply(both[:1], "dev")
