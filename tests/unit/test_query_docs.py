"""The page on queries names every term, every sort key, and only queries that can be read."""

import re
from pathlib import Path

import pytest

from deskterm.domain.vocabulary import WaitingFor
from deskterm.triage.query import parse
from deskterm.triage.terms import SORTS, TERMS

PAGE = (Path(__file__).parents[2] / "docs" / "queries.md").read_text(encoding="utf-8")
QUERIES = [
    text
    for text in re.findall(r"`([^`\n]+)`", PAGE)
    if re.match(r"[a-z.]+[:<>]\S", text) and not text.startswith("error")
]


@pytest.mark.parametrize("term", [*TERMS, "field.", "sort"])
def test_every_term_is_on_the_page(term: str) -> None:
    assert re.search(rf"`{re.escape(term)}[:<>\w]", PAGE)


@pytest.mark.parametrize("word", [*SORTS, *WaitingFor, *TERMS["is"].choices])
def test_every_sort_key_and_state_is_on_the_page(word: str) -> None:
    assert word in PAGE


@pytest.mark.parametrize("text", QUERIES)
def test_every_query_on_the_page_can_be_read(text: str) -> None:
    assert len(QUERIES) > 25
    parse(text)
