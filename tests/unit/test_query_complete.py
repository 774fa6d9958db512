"""Completion of queries: what is offered where, and that every offer can be read."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.triage.complete import Completion, complete
from deskterm.triage.query import parse
from deskterm.triage.query_tree import QueryError

KNOWN = {
    "category": ["network", "network/wifi", "printing"],
    "group": ["desk", "second level"],
    "field": ["os"],
    "field.os": ["Win 11", "mac"],
}


def names(term: str) -> Sequence[str]:
    return KNOWN.get(term, [])


def offered(text: str) -> list[str]:
    return [offer.text for offer in complete(text, len(text), names).offers]


def taken(text: str, found: Completion, offer: str) -> str:
    return text[: found.start] + offer + text[found.end :]


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("is:open cat", ["category:"]),
        ("is:mi", ["mine", "promised"]),
        ("category:net", ["network", "network/wifi"]),
        ("category:wifi", ["network/wifi"]),
        ("category:printing,net", ["network", "network/wifi"]),
        ("-group:sec", ['"second level"']),
        ('(group:"second', ['"second level"']),
        ("field.o", ["field.os:"]),
        ("field.os:w", ['"Win 11"']),
        ("sort:age", ["age-asc", "age-desc"]),
        ("age>3", ["3mo"]),
        ("created:tod", ["today"]),
        ('"paper ja', []),
        ("urgent:", ["yes", "no"]),
        ("nonsense:x", []),
    ],
)
def test_what_fits_the_typed_letters_is_offered(text: str, offers: list[str]) -> None:
    assert offered(text) == offers


def test_at_the_beginning_every_term_is_offered() -> None:
    everything = offered("")
    assert {"is:open", "category:", "assignee:", "field.os:", "age>", "sort:", "or"} <= set(
        everything
    )


def test_only_the_word_under_the_cursor_is_replaced() -> None:
    text = "is:open cat urgent:yes"
    found = complete(text, 11, names)
    assert taken(text, found, found.offers[0].text) == "is:open category: urgent:yes"


def test_every_offered_value_can_be_read() -> None:
    choices = ("is:", "urgent:", "channel:", "step:", "waiting:", "needs:", "outcome:", "state:")
    for text in (
        *choices,
        "category:",
        "group:",
        "age>",
        "created:",
        "updated<",
        "sort:",
        "field.os:",
    ):
        found = complete(text, len(text), names)
        assert found.offers, text
        for offer in found.offers:
            parse(taken(text, found, offer.text))


_PIECES = st.lists(
    st.sampled_from(["is:", "open", " ", '"', "(", "-", "not ", ",", "category:", "age>", "x", "ß"])
)


@given(st.one_of(st.text(max_size=40), _PIECES.map("".join)), st.integers(-3, 60))
def test_any_text_and_cursor_give_a_range_inside_the_text(text: str, cursor: int) -> None:
    found = complete(text, cursor, names)
    assert 0 <= found.start <= found.end <= len(text)


def test_a_completed_query_is_no_worse_than_before() -> None:
    text = "is:open -(category:net"
    found = complete(text, len(text), names)
    parse(taken(text, found, "network") + ")")
    with pytest.raises(QueryError):
        parse(text)
