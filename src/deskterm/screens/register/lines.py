"""How the review board's things are drawn: a line each, what is known of one below the list."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from deskterm.domain.text import clean
from deskterm.reports.pack import Decided
from deskterm.reports.register import (
    BETTER,
    EARLY,
    FEW_CASES,
    GIVEN_UP,
    LOST,
    NONE,
    WORSE,
    Action,
)
from deskterm.screens.records.lines import Shown, cell
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk

SIGNS: Mapping[str, tuple[str, str]] = {
    BETTER: ("▲ better", "$success"),
    WORSE: ("▼ worse", "bold $error"),
    NONE: ("= none seen", ""),
    EARLY: ("… too early", "$text-muted"),
    FEW_CASES: ("? too few", "$warning"),
    GIVEN_UP: ("× given up", "$text-muted"),
    LOST: ("! not measured", "bold $error"),
}
"""Verdict → sign and words, and how they stand out; the words are enough."""
WIDE = 110
"""So many cells have room for figure and owner in the line."""


class Item(NamedTuple):
    """One line of the screen."""

    kind: str
    """The kind of its record."""
    name: str
    first: str
    """What stands before the name."""
    style: str
    cells: tuple[str, ...]
    """What stands after the name."""
    told: tuple[str, ...]
    """What is known of it besides."""
    done: bool = False
    """An action that is judged, a decision that is taken."""


class Column(NamedTuple):
    """A head and how many cells it has; the name has what is left."""

    head: str
    cells: int


class Shape(NamedTuple):
    """The columns of a tab."""

    first: Column
    name: str
    rest: tuple[Column, ...]
    wide: int = 0
    """So many of the rest stand only in wide windows."""


SHAPES: Mapping[str, Shape] = {
    "improvement": Shape(
        Column("Verdict", 14),
        "Action",
        (*(Column(one, 8) for one in ("Before", "Since", "Target")), Column("Until", 10),
         Column("Figure", 18), Column("Owner", 10)),
        2,
    ),
    "decision": Shape(
        Column("Asked", 10),
        "Decision",
        (Column("Answer", 22), Column("Taken", 10), Column("By", 18)),
        1,
    ),
    "feedback": Shape(
        Column("Day", 10), "Feedback", (Column("From", 13), Column("Who", 18), Column("Of", 14)), 1
    ),
    "member": Shape(Column("", 1), "Member", (Column("Role", 30),)),
}  # fmt: skip
"""Kind → its columns, in the order of the tabs."""


def items(desk: "Desk") -> list[Item]:
    """Read everything there is."""
    return [
        *map(_action, desk.figures.register.list()),
        *map(_decision, desk.figures.register.decisions()),
        *map(_feedback, desk.records.list("feedback")),
        *map(_member, desk.records.list("member")),
    ]


def _decision(one: Decided) -> Item:
    cells = (one.answer or "still asked", one.taken, one.taken_by)
    told = (
        one.name,
        f"asked by {one.asker or 'nobody named'}: {one.words or 'no reason was given'}",
        f"Decided: {one.answer}" if one.answer else "",
        f"Follows: {one.follows}" if one.follows else "",
    )
    style = "" if one.answer else "bold"
    return Item("decision", one.name, one.asked, style, cells, told, bool(one.answer))


def _feedback(row: Shown) -> Item:
    name, who = str(row["name"]), str(row["person"] or "")
    may = "the name may be used" if row["consent"] else "the name stays here"
    cells = (str(row["source"]), who, str(row["service"] or ""))
    told = (name, str(row["words"]), f"{who or 'nobody named'}: {may}")
    return Item("feedback", name, str(row["date"]), "", cells, told)


def _member(row: Shown) -> Item:
    name, role = str(row["name"]), str(row["role"])
    return Item(
        "member", name, "", "", (role,), (name, role, cell(row["technician"] or row["person"]))
    )


def _action(one: Action) -> Item:
    sign, style = SIGNS[one.verdict.word]
    owner = f"{one.owner} left" if one.left else one.owner
    target = one.target.replace("at most ", "≤ ").replace("at least ", "≥ ")
    cells = (one.before_words, one.after_words, target, one.last_day, one.title, owner)
    of = f" of {one.query}" if one.query else ""
    of += f" · {one.client}" if one.client else ""
    told = (
        one.name,
        f"{one.verdict.word}: {one.verdict.sentence}",
        f"{one.title}{of} · {one.first_day} to {one.last_day}, beside as many days before",
        f"by {owner or 'nobody yet'}{f' · target {one.target}' if one.target else ''}",
        one.words,
    )
    early = one.verdict.word in (EARLY, LOST)
    return Item("improvement", one.name, sign, style, cells, told, not early)


def titles(kind: str, width: int) -> str:
    """Give the heads of the columns."""
    shape = SHAPES[kind]
    return _columns(shape, (shape.first.head, shape.name, *(one.head for one in shape.rest)), width)


def lines(rows: Sequence[Item], width: int) -> list[Line]:
    """Give a line a thing."""
    return [Line(f"{row.kind} {row.name}", _line(row, width)) for row in rows]


def _line(row: Item, width: int) -> Content:
    words = [clean(one, one_line=True) for one in (row.first, row.name, *row.cells)]
    return Content.styled(_columns(SHAPES[row.kind], words, width), row.style)


def _columns(shape: Shape, words: Sequence[str], width: int) -> str:
    hidden = shape.wide if width < WIDE else 0
    rest = shape.rest[: len(shape.rest) - hidden]
    room = max(8, width - shape.first.cells - 2 - sum(one.cells + 1 for one in rest))
    cells = [shape.first.cells, room, *(one.cells for one in rest)]
    said = (fit(word, cell) for word, cell in zip(words, cells, strict=False))
    return f" {' '.join(said)}".rstrip()


def about(row: Item) -> Content:
    """Give what is known of one."""
    said = [clean(one, one_line=True) for one in row.told if one.strip()]
    return Content("\n").join([Content.styled(said[0], "bold"), *map(Content, said[1:])])
