"""How a notice is drawn: one line in the list, and what happened in full below it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from deskterm.domain.news import SIGNS, WORDS
from deskterm.domain.notice_rows import NoticeRow
from deskterm.domain.text import clean
from deskterm.screens.listing import Shelf
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words

KIND, NUMBER, WHO, WHEN = 16, 7, 14, 12
"""Cells of the columns; the subject has the rest."""
_NOTHING = "Nothing new.\n\n3 shows what you have seen · o chooses what you are told of"
SHELVES = (Shelf("New", _NOTHING), Shelf("Urgent", _NOTHING), Shelf("All", _NOTHING))


def chosen(rows: Iterable[NoticeRow], view: int, words: str) -> list[NoticeRow]:
    """Give the notices of a view that have all of these words."""
    wanted = words.lower().split()
    return [
        one
        for one in rows
        if (view == 2 or one.seen_at is None)
        and (view != 1 or one.urgent)
        and all(word in _searched(one) for word in wanted)
    ]


def _searched(one: NoticeRow) -> str:
    words = f"{one.kind} {WORDS[one.kind]} {one.name} {one.subject} {one.who} {one.text}"
    return f"{words} {'urgent' if one.urgent else ''}".lower()


def lines(rows: Sequence[NoticeRow], width: int, now: datetime) -> list[Line]:
    """Give the lines of the list for a window of this width."""
    return [Line(str(one.id), _line(one, width, now)) for one in rows]


def _line(one: NoticeRow, width: int, now: datetime) -> Content:
    seen = one.seen_at is not None
    room = max(8, width - 2 - KIND - NUMBER - WHO - WHEN - 5)
    muted = "$text-muted"
    return Content.assemble(
        ("! " if one.urgent else "  ", muted if seen else "bold $error"),
        (fit(f"{SIGNS[one.kind]} {WORDS[one.kind]}", KIND), muted if seen else "$accent"),
        " ",
        (one.name.ljust(NUMBER), muted),
        " ",
        (fit(clean(one.subject, one_line=True), room), muted if seen else "bold"),
        " ",
        (fit(clean(one.who, one_line=True), WHO), muted),
        " ",
        (moment_words(one.at, now).ljust(WHEN), muted),
    )


def notice_content(one: NoticeRow, width: int) -> Content:
    """Give what happened: who, what kind of entry, and its first words."""
    seen = " · seen" if one.seen_at else ""
    if one.ticket_id is None:
        return Content("\n").join(
            [
                Content.styled(f"{WORDS[one.kind]} · Enter shows it{seen}", "bold"),
                Content(clean(one.text, one_line=True)),
            ]
        )
    kind = "" if one.entry_id is None else " · public" if one.public else " · internal"
    head = f"{WORDS[one.kind]} by {one.who}{kind} · ticket is {one.state}{seen}"
    text = clean(one.text, one_line=True)
    if cell_len(text) > 3 * width:
        text = fit(text, 3 * width - 4)
    return Content("\n").join([Content.styled(clean(head, one_line=True), "bold"), Content(text)])
