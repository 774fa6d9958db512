"""A solution as text for an editor: what is not touched comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskterm.domain.errors import UsageError
from deskterm.domain.solutions import FIELDS, read_sheet, sheet

LINES = st.lists(
    st.sampled_from(["", "x", "# y", "== Cause ==", "\\== Cause ==", "a: b", "==", " == z =="])
)


@given(st.fixed_dictionaries({name: LINES.map("\n".join) for name in FIELDS[1:6]}))
def test_what_is_not_touched_comes_back(values: dict[str, str]) -> None:
    values = {name: text.strip("\n") for name, text in values.items()} | {"title": "A: b == c"}
    found = read_sheet(sheet(values))
    assert {name: text for name, text in found.items() if text} == {
        name: text for name, text in values.items() if text
    }


def test_a_changed_line_is_a_changed_field() -> None:
    text = sheet({"title": "Old", "cause": "one\n\ntwo"}).replace("Old", "New: er")
    assert read_sheet(text)["title"] == "New: er"
    assert read_sheet(text)["cause"] == "one\n\ntwo"


def test_windows_line_ends_are_read() -> None:
    assert read_sheet(sheet({"cause": "a\nb"}).replace("\n", "\r\n"))["cause"] == "a\nb"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("Titel: x", "line 1: 'Titel' is none of Title"),
        ("# a\nTitle", "line 2: 'Title' has no colon"),
        ("Title: x\n\n== Coause ==\ny", "line 3: 'Coause' is none of Symptoms"),
    ],
)
def test_a_broken_sheet_names_the_line(text: str, error: str) -> None:
    with pytest.raises(UsageError, match=error):
        read_sheet(text)


@pytest.mark.parametrize("piece", ["=", "== ", "\\", "== a", " ", "a:"])
def test_fifty_kilobytes_of_the_worst_case_are_read_through(piece: str) -> None:
    long = piece * (50_000 // len(piece))
    assert read_sheet(sheet({"title": "x", "cause": long}))["cause"] == long
