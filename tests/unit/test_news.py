"""What is news for whom: the table, and who is named by @login."""

from typing import Any

import pytest

from deskterm.domain.news import (
    REASONS,
    SIGNS,
    TABLE,
    WORDS,
    Happened,
    Kind,
    kinds_of,
    mentions,
    news_of,
    weightiest,
)
from deskterm.domain.vocabulary import Event

MEMBERS = {2: ("ben", "cy", "zoe")}


def happened(event: str, by: str = "cy", **facts: Any) -> Happened:
    """Give an entry on ben's ticket 7."""
    values: dict[str, Any] = {
        "ticket": 7, "entry": 1, "event": event, "doers": frozenset((by,)), "public": True,
        "urgent": False, "alarming": False, "owner": "ben", "owner_before": "ben", "group": None,
        "named": (), "data": {}, **facts,
    }  # fmt: skip
    return Happened(**values)


def told(one: Happened) -> dict[str, str]:
    return {news.login: news.kind for news in news_of(one, lambda group: MEMBERS[group])}


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (happened(Event.ASSIGNED, owner_before=None), {"ben": "assigned"}),
        (happened(Event.ASSIGNED, by="ben", owner_before=None), {}),
        (happened(Event.OPENED, by="customer", owner_before=None), {"ben": "assigned"}),
        (happened(Event.HANDED_BACK, owner_before=None), {"ben": "assigned"}),
        (happened(Event.ASSIGNED, owner="zoe"), {"zoe": "assigned", "ben": "changed"}),
        (happened(Event.NOTED, named=("zoe", "cy")), {"zoe": "mentioned", "ben": "changed"}),
        (happened(Event.RECEIVED, by="customer"), {"ben": "replied"}),
        (happened(Event.RECEIVED, by="mail", public=False), {}),
        (
            happened(Event.RECEIVED, by="mail", public=False, data={"machine": "away"}),
            {"ben": "filed"},
        ),
        (happened(Event.VERIFIED, data={"result": "failed"}), {"ben": "reopened"}),
        (happened(Event.VERIFIED, data={"result": "ok"}), {"ben": "changed"}),
        (happened(Event.REOPENED, by="customer"), {"ben": "reopened"}),
        (
            happened(Event.ESCALATED, owner=None, owner_before="cy", group=2),
            {"ben": "handed", "zoe": "handed"},
        ),
        (
            happened(Event.OPENED, by="customer", owner=None, owner_before=None, group=2),
            {"ben": "new", "cy": "new", "zoe": "new"},
        ),
        (happened(Event.OPENED, by="customer", owner=None, owner_before=None), {}),
        (happened(Event.NOTED, by="desk", data={"undelivered": "a@b"}), {"ben": "undelivered"}),
        (
            happened(Event.APPROVAL, by="customer", data={"approval": "granted"}),
            {"ben": "approval"},
        ),
        (happened(Event.APPROVAL, by="customer", data={"approval": "asked"}), {}),
        (happened(Event.RESUMED, by="desk"), {"ben": "due"}),
        (happened(Event.UNDONE, owner_before=None), {}),
        (happened(Event.CLOSED), {"ben": "changed"}),
    ],
)
def test_who_is_told_of_what(one: Happened, expected: dict[str, str]) -> None:
    assert told(one) == expected


def test_news_of_an_urgent_ticket_is_urgent_but_a_colleagues_change_never() -> None:
    for event, urgent in ((Event.RECEIVED, True), (Event.CLOSED, False)):
        (news,) = news_of(happened(event, urgent=True), lambda _: ())
        assert news.urgent is urgent


def test_every_rule_says_why_in_the_order_of_weight() -> None:
    order = [list(Kind).index(rule.kind) for rule in TABLE]
    assert order == sorted(order)
    assert all(rule.reason for rule in TABLE)
    assert list(REASONS) == list(WORDS) == list(SIGNS) == list(Kind)


def test_one_operation_tells_once_of_a_ticket_the_weightiest() -> None:
    found = [
        news
        for entry in (happened(Event.RECEIVED, by="customer"), happened(Event.REOPENED))
        for news in news_of(entry, lambda _: ())
    ]
    assert [one.kind for one in weightiest(found)] == [Kind.REOPENED]


def test_a_colleagues_change_is_no_news_unless_chosen() -> None:
    assert Kind.CHANGED not in kinds_of(None)
    assert kinds_of("changed,assigned,nonsense") == ("assigned", "changed")
    assert kinds_of("") == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ask @ben, @zoe.k and (@mia-2).", ("ben", "zoe.k", "mia-2")),
        ("write to ada@example.org or a+@b", ()),
        ("@@ben @ ben @.x", ()),
        ("@ben @ben @Ben", ("ben", "Ben")),
    ],
)
def test_at_login_names_a_technician_and_an_address_nobody(text: str, named: object) -> None:
    assert mentions(text) == named


def test_a_long_text_of_signs_is_read_once_and_names_at_most_fifty() -> None:
    assert mentions("@" * 50_000) == ()
    assert len(mentions(" ".join(f"@a{n}" for n in range(10_000)))) == 50
