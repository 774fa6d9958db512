"""How call reviews are drawn: a line a review, sums a line a step, never a line a person."""

from collections.abc import Sequence
from typing import NamedTuple

from textual.content import Content

from deskterm.domain.reviews import APART, NO, YES, Question, ReviewRow
from deskterm.domain.text import clean
from deskterm.reports.reviews import Need, Summed
from deskterm.widgets.ticket_lines import fit

SIGNS = {YES: "✓", NO: "✗", APART: "–", "": "·"}
_STYLES = {YES: "$success", NO: "$warning", APART: "$text-muted", "": "$text-muted"}
_CELLS = (6, 8, 11, 12, 12)
"""Cells of number, ticket, technician, state and reviewer; the subject has the rest."""


class Row(NamedTuple):
    """One line: a review, or a sum."""

    name: str
    text: str
    told: str
    review: ReviewRow | None = None
    warns: bool = False


def titles(sums: bool, width: int) -> str:
    """Give the heads of the columns."""
    if sums:
        return f" {'Step':<12}{'Yes':<28}{'Apart':<7}Question"
    return _columns(("No.", "Ticket", "Whose", "State", "Reviewer"), "Subject", width)


def review_row(one: ReviewRow, width: int) -> Row:
    """Give the line of a review."""
    cells = (str(one.id), f"#{one.ticket_id}", one.login, one.state, one.reviewer)
    told = f"#{one.ticket_id} {one.category} · drawn from {one.period}"
    if one.answers:
        told += " · " + " ".join(f"{SIGNS[each.said]} {each.step}" for each in one.answers)
    said = " · ".join(part for part in (one.note, one.reply) if part)
    return Row(str(one.id), _columns(cells, one.subject, width), f"{told}\n{said}", one)


def _columns(cells: Sequence[str], last: str, width: int) -> str:
    texts = [fit(clean(one, one_line=True), w) for one, w in zip(cells, _CELLS, strict=True)]
    rest = max(8, width - 1 - sum(_CELLS))
    return " " + "".join(texts) + fit(clean(last, one_line=True), rest)


def sum_row(place: int, one: Summed) -> Row:
    """Give the line of a step, or of a question below it."""
    step = "" if one.question else one.step
    text = f" {step:<12}{one.text:<28}{one.apart or '·':<7}{clean(one.question, one_line=True)}"
    return Row(f"sum {place}", text, f"{one.step}: {one.question or 'all its questions'}")


def need_row(place: int, one: Need) -> Row:
    """Give the line of what is to be learned."""
    what = fit(clean(one.what, one_line=True), 24)
    text = f" {one.kind:<9}{what} {clean(one.why, one_line=True)}"
    return Row(f"need {place}", text, f"{one.what}: {one.why}\n{one.who}", warns=True)


def form_content(asked: Sequence[Question], said: Sequence[str], at: int) -> Content:
    """Give the questions with their answers; the one in hand is marked."""
    lines = []
    for place, (one, answer) in enumerate(zip(asked, said, strict=True)):
        mark = "▸" if place == at else " "
        lines.append(
            Content.assemble(
                (f"{mark} {SIGNS[answer]} ", _STYLES[answer]),
                (f"{one.step:<10}", "bold"),
                (clean(one.text, one_line=True), "bold" if place == at else ""),
            )
        )
    return Content("\n").join(lines)
