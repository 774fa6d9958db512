"""The part Links: everything a ticket is tied to, as lines that can be opened."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList

from deskterm.domain.rows import AttachmentRow, LinkRow
from deskterm.domain.text import clean
from deskterm.domain.verbs import Join, Unlink
from deskterm.domain.vocabulary import LinkKind, State
from deskterm.screens.actions import part_bindings
from deskterm.screens.order import VerbWanted
from deskterm.screens.ticket.facts import other_words
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.screens.ticket.things import file_words, files_of, open_named
from deskterm.screens.work import Working
from deskterm.widgets.line_list import Line, LineList
from deskterm.widgets.moving import MOVES, bound
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


class Ties(LineList, Working):
    """What a ticket is tied to; the line in hand is opened, or its link is taken away."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES), *part_bindings("do", "skip")]

    page: Page | None = None
    fitting = Fitting()

    def draw(self, page: Page, fitting: Fitting, now: datetime) -> None:
        """Show the ties and what fits."""
        self.page, self.fitting = page, fitting
        self.show(lines(page, fitting, now))

    @on(OptionList.OptionSelected)
    def action_do(self) -> None:
        """Open the line in hand, by key or by click."""
        kind, _, name = self.in_hand.partition(":")
        if self.page is None or not kind:
            return
        number, go = self.page.view.id, self.desk_app.go
        if kind in ("ticket", "linked"):
            go("ticket", int(name))
        elif kind == "problem":
            go("problems", int(name))
        elif kind == "solution":
            go("solutions", number, int(name))
        elif kind == "guide":
            go("guide", number, name)
        else:
            open_named(self, self.page, self.in_hand)

    def action_skip(self) -> None:
        """Take the link in hand away."""
        kind, _, name = self.in_hand.partition(":")
        number = self.page.view.id if self.page else 0
        if kind == "linked":
            self.post_message(VerbWanted(f"Unlinked #{name} from", Unlink(int(name)), number))
        elif kind == "problem" and self._is_of(int(name)):
            asked = Join(int(name), off=True)
            self.post_message(VerbWanted(f"Taken off P{name}:", asked, number))

    def empty(self) -> None:
        """Show nothing."""
        self.page, self.fitting = None, Fitting()
        super().empty()

    def _is_of(self, problem: int) -> bool:
        return any(one.id == problem and one.linked for one in self.fitting.problems)


def count(page: Page) -> int:
    """Give how many links and files it has."""
    return len(page.view.links) + len(files_of(page.view))


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
