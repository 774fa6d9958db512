"""A solution as it is read: a line of the list, the page, its history."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.content import Content

from deskterm.domain.solutions import LABELS, TEXTS, SolutionEdit, SolutionRow, proof_text
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Event
from deskterm.widgets.line_list import Line
from deskterm.widgets.value_words import time_words, value_words

_INDENT = 6


class Shown(NamedTuple):
    """A solution in the list, and why it stands there."""

    row: SolutionRow
    reason: str = ""


def lines(shown: Iterable[Shown]) -> list[Line]:
    """Give the list: two lines a solution."""
    return [Line(str(one.row.id), _line(one)) for one in shown]


def _line(one: Shown) -> Content:
    row = one.row
    title = clean(row.title, one_line=True)
    first = Content.assemble((row.name.ljust(_INDENT), "bold $accent"), (title, "bold"))
    facts = [proof_text(row.worked, row.failed) if row.worked + row.failed else "untried"]
    facts += [row.confidence, row.audience or "unpublished"]
    said = one.reason.split("; ")[0] or row.category or ""
    facts += [said] if said else []
    words = clean(" · ".join(facts), one_line=True)
    flag = ("! flagged · ", "bold $error") if row.flagged else ("", "")
    second = Content.assemble(" " * _INDENT, flag, (words, "$foreground 70%"))
    return Content("\n").join([first, second])


def page(row: SolutionRow, reason: str, edits: Sequence[SolutionEdit] | None) -> Content:
    """Give the page of one solution, with its history where that was asked for."""
    parts = [
        Content.assemble((f"{row.name} ", "bold $accent"), (clean(row.title, True), "bold")),
        Content.styled(_facts(row), "$text-muted"),
    ]
    if row.flagged:
        parts.append(Content.styled("! It did not work lately: mend it (e).", "bold $error"))
    if reason:
        why = clean(reason, one_line=True)
        parts.append(Content.assemble(("Why here  ", "$text-muted"), why))
    if edits is not None:
        parts += [Content(""), Content.styled("History", "bold $accent"), *_history(edits)]
    for name in TEXTS[1:]:
        parts += _section(LABELS[name], getattr(row, name))
    parts += _section("Record", "\n".join(_record(row)))
    return Content("\n").join(parts)


def _facts(row: SolutionRow) -> str:
    tried = row.worked + row.failed
    proof = f"worked {row.worked} of {tried}" if tried else "not tried yet"
    audience = f"for {row.audience}" if row.audience else "not published"
    parts = (row.confidence, audience, proof, row.category or "no category")
    return clean(" · ".join(parts), one_line=True)


def _record(row: SolutionRow) -> Iterable[str]:
    if row.owner:
        yield f"owner {row.owner}"
    if row.source_ticket:
        yield f"from ticket #{row.source_ticket}"
    if row.fixed_in:
        yield f"fixed in {row.fixed_in}"
    if row.review_by:
        yield f"to be reviewed by {row.review_by}"
    if row.published_at:
        yield f"published {time_words(row.published_at)}"
    yield f"version {row.version}, changed {time_words(row.updated_at)}"


def _section(title: str, text: str) -> list[Content]:
    if not text.strip():
        return []
    return [Content(""), Content.styled(title, "bold $accent"), Content(clean(text.strip("\n")))]


_EVENTS = {
    Event.OPENED: "drafted it",
    Event.EDITED: "edited it",
    Event.UNDONE: "took back",
    Event.REDONE: "did again",
}


def _history(edits: Sequence[SolutionEdit]) -> Iterable[Content]:
    for edit in reversed(edits):
        uses = [_used(field, after) for field, (_, after) in edit.changes.items() if _is_use(field)]
        verb = "; ".join(uses) or _EVENTS.get(Event(edit.event), edit.event)
        parts = (time_words(edit.at), edit.actor, verb, "taken back" if edit.undone else "")
        head = clean("  ".join(part for part in (*parts, edit.text) if part), one_line=True)
        yield Content.styled(head, "$text-muted")
        for field, (before, after) in edit.changes.items():
            if not _is_use(field):
                label = clean(field, one_line=True).replace("_", " ").removesuffix(" id")
                words = f"{label}: {value_words(before)} → {value_words(after)}"
                yield Content(f"  {words}")


def _is_use(field: str) -> bool:
    return field.startswith("use.")


def _used(field: str, after: object) -> str:
    said = after[2] if isinstance(after, list) else None
    verb = {True: "worked", False: "did not work", None: "used it"}[said]
    ticket = clean(field.removeprefix("use."), one_line=True)
    return f"{verb} on #{ticket}" if after is not None else f"no word on #{ticket}"
