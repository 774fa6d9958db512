"""How letters are drawn: one line in the list, the facts of the one in hand, the outbox's head."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from deskterm.domain.mail_rows import LetterRow, LetterShown, Outgoing, letter_stands, what_to_do
from deskterm.domain.text import clean
from deskterm.domain.trackers import ErrandRow, Errands
from deskterm.screens.listing import Read, Shelf
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit
from deskterm.widgets.value_words import moment_words

STANDS, NUMBER, WHO = 20, 7, 20
"""Cells of the columns; the subject has the rest."""
_FORM = ("mime-version", "content-type", "content-transfer-encoding")
"""Headers that say nothing to a person."""
SHELVES = (
    Shelf("Waiting", "All letters are out.\n\n3 shows those that left · q goes back"),
    Shelf("Failed", "No letter failed.\n\n1 shows what waits"),
    Shelf("All"),
)
Post = LetterRow | ErrandRow
"""What leaves by itself: a letter, or an errand to an outside tracker."""
_WAITING = ("queued", "claimed", "failed")
_SIGNS = {"failed": "✗", "claimed": "→", "queued": "…", "sent": "✓", "withdrawn": "–"}


_NONE, _NO_ERRANDS = Outgoing(), Errands()


@dataclass(frozen=True)
class Outbox(Read[Post]):
    """The letters and the errands, and how both stand."""

    out: Outgoing = _NONE
    errands: Errands = _NO_ERRANDS


def chosen(rows: Iterable[Post], view: int, words: str) -> list[Post]:
    """Give the letters of a view that have all of these words."""
    wanted = words.lower().split()
    return [
        one
        for one in rows
        if (view == 2 or one.state in _WAITING)
        and (view != 1 or one.state == "failed")
        and all(word in _searched(one) for word in wanted)
    ]


def name_of(one: Post) -> str:
    """Give what tells it from all others: `12`, of an errand `e12`."""
    return f"e{one.id}" if isinstance(one, ErrandRow) else str(one.id)


def about_what(one: Post) -> str:
    """Give `#12` or `P7`, what it is about; empty where that is no single ticket."""
    if isinstance(one, ErrandRow):
        return f"P{one.problem_id}"
    return f"#{one.ticket_id}" if one.ticket_id is not None else ""


def _who(one: Post) -> str:
    return one.tracker if isinstance(one, ErrandRow) else one.recipient_name or one.recipient


def _searched(one: Post) -> str:
    more = "" if isinstance(one, ErrandRow) else one.recipient
    words = (str(one.id), about_what(one), _about(one), _who(one), more, one.state, one.error)
    return " ".join(words).lower()


def lines(rows: Sequence[Post], width: int, now: datetime) -> list[Line]:
    """Give the lines of the list for a window of this width."""
    return [Line(name_of(one), _line(one, width, now)) for one in rows]


def _line(one: Post, width: int, now: datetime) -> Content:
    room = max(8, width - 2 - STANDS - NUMBER - WHO - 3)
    failed = one.state == "failed"
    colour = "bold $error" if failed else "$success" if one.state == "sent" else ""
    return Content.assemble(
        (f"{_SIGNS.get(one.state, ' ')} ", colour),
        (fit(_stands(one, now), STANDS), colour),
        " ",
        (about_what(one).ljust(NUMBER), "$text-muted"),
        " ",
        fit(clean(_who(one), one_line=True), WHO),
        " ",
        (fit(_about(one), room), "$text-muted" if one.state in ("sent", "withdrawn") else ""),
    )


def _stands(one: Post, now: datetime) -> str:
    if one.state == "sent" and one.sent_at is not None:
        return f"sent {moment_words(one.sent_at, now)}"
    return letter_stands(one, now)


def _about(one: Post) -> str:
    if isinstance(one, ErrandRow):
        return clean(f"{one.title} · {one.kind}", one_line=True)
    return clean(f"{one.subject} · {one.template}" if one.subject else one.template, one_line=True)


def head_content(out: Outgoing, errands: Errands, now: datetime) -> Content:
    """Say how the letters and the errands stand, and what to do about it."""
    waiting, failed = out.waiting + errands.waiting, out.failed + errands.failed
    rest = "".join(f" · {clean(one, one_line=True)}" for one in errands.paused)
    if out.paused:
        todo = "p goes on" if out.until is None else f"{_until(out, now)}; p goes on now"
        return Content.assemble(
            ("Sending pauses", "bold $error"),
            f", {waiting} waiting · ",
            (todo, "bold"),
            f" · {clean(out.paused, one_line=True)}{rest}",
        )
    if failed:
        return Content.assemble(
            (f"{failed} failed", "bold $error"), f" · {waiting} waiting · R tries again{rest}"
        )
    return Content(f"{waiting} waiting · p stops all letters{rest}")


def _until(out: Outgoing, now: datetime) -> str:
    return what_to_do(out, now).partition(";")[0]


def facts_content(one: Post, now: datetime) -> Content:
    """Give what is known of a letter or an errand: to whom, how it stands, why."""
    if isinstance(one, ErrandRow):
        return _errand_content(one, now)
    who = f"{one.recipient_name} <{one.recipient}>" if one.recipient_name else one.recipient
    written = moment_words(one.created_at, now)
    return _facts(f"letter {one.id} · {one.template} · to {who} · written {written}", one, now)


def _errand_content(one: ErrandRow, now: datetime) -> Content:
    head = f"errand {one.id} · {one.kind} {about_what(one)} in {one.tracker}"
    written = moment_words(one.created_at, now)
    return _facts(f"{head} · written {written}", one, now)


def _facts(head: str, one: Post, now: datetime) -> Content:
    stands = f"{letter_stands(one, now)}{': ' if one.error else ''}{one.error}"
    style = "$error" if one.state == "failed" else ""
    return Content("\n").join(
        [
            Content.styled(clean(head, one_line=True), "bold"),
            Content.styled(clean(stands, one_line=True), style),
        ]
    )


def letter_content(one: LetterShown, html: bool) -> Content:
    """Give a letter with its headers, as text or with its HTML part as it is written."""
    left = "as it left" if one.row.state == "sent" else "as it will leave"
    state = left if one.frozen else "as it would leave now"
    parts = [Content.styled(f"{one.row.state} · {state}\n", "$text-muted")]
    parts += [
        Content.assemble((f"{name}: ", "$text-muted"), clean(value, one_line=True))
        for name, value in one.headers
        if name.lower() not in _FORM
    ]
    parts.append(Content(""))
    parts.append(Content(clean(one.html if html else one.text)))
    parts += [
        Content.styled(clean(f"[{name}, {kind}, {size:,} bytes]", one_line=True), "$text-muted")
        for name, kind, size in one.files
    ]
    return Content("\n").join(parts)
