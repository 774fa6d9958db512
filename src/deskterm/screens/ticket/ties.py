"""Everything a ticket is tied to, as lines that can be opened."""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content

from deskterm.domain.rows import AttachmentRow, LinkRow, TicketView
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import LinkKind, State
from deskterm.screens.ticket.facts import other_words
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.screens.ticket.words import size_words
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_columns import STATE_SIGNS

_KINDS = {
    (LinkKind.RELATED, True): "related to",
    (LinkKind.RELATED, False): "related to",
    (LinkKind.CHILD, True): "child of",
    (LinkKind.CHILD, False): "parent of",
    (LinkKind.DUPLICATE, True): "duplicate of",
    (LinkKind.DUPLICATE, False): "has duplicate",
    (LinkKind.CLAIMED, True): "claims to be",
    (LinkKind.CLAIMED, False): "claimed by",
}
"""Kind and direction of a link, in words."""


def lines(page: Page, fitting: Fitting, now: datetime) -> list[Line]:
    """Give linked tickets, solutions and guides that fit, files, links, and further tickets."""
    found = [
        *_under("Known problems", _problems(fitting)),
        *_under("Solutions that fit", _solutions(fitting)),
        *_under("Guides that fit", _guides(fitting)),
        *_under("Linked tickets", map(_linked, page.view.links)),
        *_under("Files", map(_file, files_of(page.view))),
        *_under("Links in the text", _targets(page)),
        *_under(
            "Their other tickets",
            (
                Line(f"ticket:{row.id}", Content(f"  {other_words(row, now)}"))
                for row in page.others
            ),
        ),
    ]
    return found or [
        Line("", Content.styled(" Nothing is tied to it yet · L links", "$text-muted"))
    ]


def files_of(view: TicketView) -> list[AttachmentRow]:
    """Give every file on the ticket, oldest first."""
    return [file for entry in view.timeline for file in entry.attachments]


def file_words(file: AttachmentRow) -> str:
    """Give name, kind and size of a file on one line."""
    name = clean(file.name, one_line=True) or "unnamed"
    return f"{name}  {clean(file.media_type, one_line=True)}  {size_words(file.size)}"


def _under(heading: str, lines: Iterable[Line]) -> list[Line]:
    below = list(lines)
    return [Line("", Content.styled(f" {heading}", "bold $accent")), *below] if below else []


def _linked(link: LinkRow) -> Line:
    kind = _KINDS.get((LinkKind(link.kind), link.outward), link.kind)
    sign = STATE_SIGNS.get(State(link.state), "?")
    words = f"{sign} #{link.ticket_id} {link.subject} · {link.state}"
    return Line(
        f"linked:{link.ticket_id}",
        Content.assemble((f"  {kind:<14}", "$text-muted"), clean(words, one_line=True)),
    )


def _file(file: AttachmentRow) -> Line:
    return Line(f"file:{file.id}", Content(f"  {file_words(file)}"))


def _targets(page: Page) -> Iterable[Line]:
    for place, link in enumerate(page.links):
        yield Line(f"link:{place}", Content(f"  {link.shown}"))


def _problems(fitting: Fitting) -> Iterable[Line]:
    for one in fitting.problems:
        title = clean(f"P{one.id} {one.title} · {one.state}", one_line=True)
        yield Line(f"problem:{one.id}", _reasoned(title, one.reason))


def _solutions(fitting: Fitting) -> Iterable[Line]:
    for hint in fitting.solutions:
        title = clean(f"S{hint.solution.id} {hint.solution.title}", one_line=True)
        yield Line(f"solution:{hint.solution.id}", _reasoned(title, hint.reason))


def _guides(fitting: Fitting) -> Iterable[Line]:
    for guide in fitting.guides:
        title = clean(guide.title, one_line=True)
        yield Line(f"guide:{guide.id}", _reasoned(title, guide.reason))


def _reasoned(title: str, reason: str) -> Content:
    return Content.assemble(f"  {title}", (f"  {clean(reason, one_line=True)}", "$text-muted"))
