"""How promises are drawn: a line each, and what is known of the one in hand below."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content

from deskterm.domain.promises import OWED, WORDS, PromiseKind, PromiseRow, late
from deskterm.domain.text import clean
from deskterm.screens.listing import Shelf
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words, time_words

WHEN, KIND, NUMBER, WHO, OWNER = 12, 13, 7, 13, 8
"""Cells of the columns; what it is about has the rest."""
SHELVES = (
    Shelf("Mine", "Nothing promised is yours to keep.\n\n2 shows what is due, 4 all there is"),
    Shelf("Due", "Nothing promised is due today."),
    Shelf("Ours", "Nothing is left for us to keep."),
    Shelf("All", "Nothing is promised."),
)
MINE, DUE, OURS = range(3)
LATE = "late"


def chosen(
    rows: Iterable[PromiseRow], mine: frozenset[str], until: datetime, view: int, words: str
) -> list[PromiseRow]:
    """Give the promises of a tab that have all of these words."""
    wanted = words.casefold().split()
    return [
        row
        for row in rows
        if (view != MINE or row.id in mine)
        and (view != DUE or (row.at is not None and row.at <= until))
        and (view not in (MINE, OURS) or row.kind in OWED)
        and all(word in _searched(row) for word in wanted)
    ]


def _searched(row: PromiseRow) -> str:
    facts = (row.requester, row.subject, row.note, row.owner, row.group)
    return f"{WORDS[row.kind]} #{row.ticket_id} {' '.join(facts)}".casefold()


def titles(width: int) -> str:
    """Give the heads of the columns."""
    return _columns(("When", "What", "Ticket", "Whom", "About", "Who"), width)


def lines(rows: Sequence[PromiseRow], now: datetime, width: int) -> list[Line]:
    """Give the lines of the list; what is late is said in words and stands out."""
    return [Line(row.id, _line(row, now, width)) for row in rows]


def _line(row: PromiseRow, now: datetime, width: int) -> Content:
    words = (
        when_words(row, now),
        WORDS[row.kind],
        f"#{row.ticket_id}",
        clean(row.requester, one_line=True),
        clean(row.note or row.subject, one_line=True),
        row.owner or row.group or "–",
    )
    return Content.styled(_columns(words, width), "bold $error" if is_late(row, now) else "")


def is_late(row: PromiseRow, now: datetime) -> bool:
    """Tell whether somebody waits in vain."""
    kind = PromiseKind(row.kind)
    return kind in OWED and row.at is not None and late(row.at, now, kind)


def when_words(row: PromiseRow, now: datetime) -> str:
    """Give when it is due, as short as it is clear."""
    if row.at is None:
        return "no day yet"
    said = moment_words(row.at, now)
    return f"! {said}" if is_late(row, now) else said


def _columns(words: tuple[str, ...], width: int) -> str:
    room = max(8, width - WHEN - KIND - NUMBER - WHO - OWNER - 6)
    cells = (WHEN + 1, KIND, NUMBER, WHO, room, OWNER)
    return " ".join(fit(word, cell) for word, cell in zip(words, cells, strict=True)).rstrip()


def about(row: PromiseRow, now: datetime) -> Content:
    """Give what stands below the list about one."""
    whom = " · ".join(part for part in (row.requester, row.phone) if part)
    head = f"{row.id} · {WORDS[row.kind]} · {time_words(row.at) or 'no day was named'}"
    marks = [LATE] if is_late(row, now) else []
    marks += ["was late before"] if row.broken else []
    facts = (
        " · ".join([head, *marks]),
        f"to {whom or 'nobody named'} · by {row.owner or row.group or 'nobody yet'}",
        f"#{row.ticket_id} {row.subject} · {row.ticket_state}",
        row.note,
    )
    said = [clean(one, one_line=True) for one in facts if one]
    return Content("\n").join([Content.styled(said[0], "bold"), *map(Content, said[1:])])
