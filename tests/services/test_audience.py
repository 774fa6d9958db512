"""An audience is a query over people, read by the query language's own parser (semantics §13)."""

import pytest

from deskterm.bootstrap import Desk
from deskterm.triage.query_tree import QueryError
from tests.builders import open_ticket


def people(desk: Desk) -> None:
    """Ada and Bo in Leeds, Cy in Hull with a T14, Dee who wants no news, Eve without an address."""
    for name in ("Leeds", "Hull"):
        desk.records.set("site", name, {})
    desk.records.set("organisation", "Acme", {})
    desk.records.set("service", "VPN", {})
    for name, values in {
        "Ada Moss": {"email": "ada@acme.test", "site": "Leeds", "segment": "staff"},
        "Bo Lind": {"email": "bo@acme.test", "site": "Leeds", "segment": "contractors"},
        "Cy Field": {"email": "cy@acme.test", "site": "Hull", "department": "Sales"},
        "Dee Ray": {"email": "dee@acme.test", "site": "Hull", "news": "no"},
        "Eve Öz": {"segment": "staff"},
    }.items():
        who = values.pop("email", "") or f"#{_nameless(desk, name)}"
        desk.records.set("person", who, {"name": name, **values})
    desk.records.set("person", "ada@acme.test", {"organisation": "Acme"})
    desk.records.set(
        "device",
        "LT-1",
        {"owner": "cy@acme.test", "model": "T14 Gen 3", "os": "Windows", "os_version": "11 23H2"},
    )
    desk.records.set("device", "LT-2", {"owner": "dee@acme.test", "facts": "VPN=4.2"})


def _nameless(desk: Desk, name: str) -> int:
    """Somebody who phoned, and gave no address."""
    open_ticket(desk, "Help", requester=name)
    return desk.people.show(name).id


def named(desk: Desk, query: str) -> list[str]:
    return [one.name.split()[0] for one in desk.people.audience(query).members]


@pytest.mark.parametrize(
    ("query", "who"),
    [
        ("everyone", ["Ada", "Bo", "Cy", "Dee", "Eve"]),
        ("site:Leeds", ["Ada", "Bo"]),
        ("site:Leeds,hull -segment:contractors", ["Ada", "Cy", "Dee"]),
        ("site:none", ["Eve"]),
        ("org:acme or department:sales", ["Ada", "Cy"]),
        ("segment:staff not org:Acme", ["Eve"]),
        ("model:T14*", ["Cy"]),
        ('os:"windows 11*"', ["Cy"]),
        ("device:lt-*", ["Cy", "Dee"]),
        ("device:none site:Leeds", ["Ada", "Bo"]),
        ("service:vpn", ["Ada", "Dee"]),
        ("is:opted-out", ["Dee"]),
        ("is:reachable site:Hull", ["Cy", "Dee"]),
        ("name:@acme.test ada", ["Ada"]),
    ],
)
def test_an_audience_is_whom_the_query_over_people_finds(
    desk: Desk, query: str, who: list[str]
) -> None:
    people(desk)
    open_ticket(desk, "No VPN", requester="ada@acme.test", service="VPN")
    assert named(desk, query) == who
    if ":" in query:
        assert [one.name.split()[0] for one in desk.people.asked(query, 50)] == who


def test_who_is_left_out_is_said_with_why_before_anything_leaves(desk: Desk) -> None:
    people(desk)
    found = desk.people.audience("everyone")
    assert [one.name for one in found.told] == ["Ada Moss", "Bo Lind", "Cy Field"]
    assert found.words() == (
        "5 people (Ada Moss, Bo Lind, Cy Field …); 2 not written to: 1 opted out, 1 no address"
    )
    assert [one.name for one in desk.people.audience("site:Hull", despite=True).told] == [
        "Cy Field",
        "Dee Ray",
    ]


@pytest.mark.parametrize(
    ("query", "position", "words"),
    [
        ("site:Leds", 0, "Leeds"),
        ("org:acme urgent:yes", 9, "there is no term 'urgent:'"),
        ("org:acme sort:age", 9, "there is no term 'sort:'"),
        ("site:Leeds (model:T14*", 11, "never closed"),
        ("location:Leeds", 0, "'site:'"),
        ("is:open", 3, "reachable"),
    ],
)
def test_a_query_that_cannot_be_read_names_the_character_and_what_is_possible(
    desk: Desk, query: str, position: int, words: str
) -> None:
    people(desk)
    with pytest.raises(QueryError) as caught:
        desk.people.audience(query)
    assert caught.value.position == position
    assert words in str(caught.value)


def test_who_was_merged_into_another_is_nobodys_audience(desk: Desk) -> None:
    people(desk)
    desk.records.merge("person", "bo@acme.test", "ada@acme.test")
    assert named(desk, "site:Leeds") == ["Ada"]
    assert desk.people.audience("site:Leeds").words() == "1 person (Ada Moss)"


def test_plain_words_mean_whom_somebody_looks_for(desk: Desk) -> None:
    people(desk)
    assert [one.name for one in desk.people.asked("eve", 5)] == ["Eve Öz"]
