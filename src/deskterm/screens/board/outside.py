"""What fits a filter outside of the view it was typed in: told where the list is empty."""

from typing import TYPE_CHECKING, NamedTuple

from deskterm.screens.board.views import COUNT_CAP, count_words
from deskterm.triage.query import narrow, widened

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


class Outside(NamedTuple):
    """Tickets that fit without what the query says of a state."""

    query: str
    words: str
    """`5 closed ones fit · Enter shows them`."""


def look(desk: "Desk", query: str) -> Outside | None:
    """Give what fits outside; None where nothing does, or the query says nothing of a state."""
    wider = widened(query)
    count = desk.board.count(wider, COUNT_CAP) if wider else 0
    if not count:
        return None
    closed = desk.board.count(narrow(wider, "is:closed"), COUNT_CAP)
    what = "closed " if closed == count else "other "
    if count == 1:
        return Outside(wider, f"1 {what}one fits · Enter shows it")
    return Outside(wider, f"{count_words(count)} {what}ones fit · Enter shows them")
