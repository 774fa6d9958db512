"""The parts of the guide screen: labelled texts, answers, the line to type in, the customer."""

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.widgets import Input, Static

from deskterm.domain.rows import TicketView
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Event
from deskterm.guides.handing_over import device_words
from deskterm.guides.view import RunView
from deskterm.widgets.line_list import Line, LineList
from deskterm.widgets.telling import Telling

LABEL = 5
"""Columns before the texts; answers stand below them."""


class Said(Static):
    """Labelled paragraphs: `Say …`, `Run …`, `Ask …`; texts hang beside their labels."""

    DEFAULT_CSS = """
    Said { height: auto; padding: 0 1; }
    """

    _parts: tuple[tuple[str, Content], ...] = ()

    def show(self, parts: Sequence[tuple[str, Content]]) -> None:
        """Draw the parts, wrapped beside their labels; the texts must be clean."""
        self._parts = tuple(parts)
        self._lay_out()

    def on_resize(self) -> None:
        """Wrap anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        width = max([LABEL, *(len(label) + 1 for label, _ in self._parts)])
        room = max(20, (self.size.width or 78) - width - 2)
        lines: list[Content] = []
        for label, text in self._parts:
            if lines and label:
                lines.append(Content(""))
            for place, line in enumerate(text.wrap(room)):
                head = label if place == 0 else ""
                lines.append(Content.assemble((head.ljust(width), "bold $accent"), line))
        self.update(Content("\n").join(lines))


class Answers(LineList):
    """The answers of one question; the cursor begins on the usual one."""

    DEFAULT_CSS = """
    Answers { height: auto; max-height: 12; margin: 1 0 1 0; padding: 0 1; }
    """

    _asked: object = None

    def ask(self, lines: Sequence[Line], question: object, start: str) -> None:
        """Show the answers; a new question begins on `start`."""
        if question != self._asked:
            self._asked = question
            self._moved = False
            self.show([])
        self.show(lines, start)


class TypedAnswer(Input):
    """A line to type into; Backspace in the empty line goes back."""

    class BackWanted(Telling):
        """Backspace was pressed where nothing is typed."""

    _asked: object = None

    def ask(self, hint: str, question: object) -> None:
        """Begin anew for a new question."""
        if question != self._asked:
            self._asked = question
            self.value = ""
        self.placeholder = hint

    def on_key(self, event: events.Key) -> None:
        """Leave an empty line by Backspace."""
        if event.key == "backspace" and not self.value:
            event.stop()
            self.post_message(self.BackWanted())


SAID, NOTES = 1_200, 8
"""Characters of what they said, and how many notes are shown: the newest."""


class About(Static):
    """Stands beside the question where there is room, else in two lines above it."""

    DEFAULT_CSS = """
    About { width: 1fr; height: auto; max-height: 2; padding: 0 1; color: $text-muted; }
    About.-beside { max-height: 100%; height: 1fr; border-left: solid $panel; }
    """

    def show(self, ticket: TicketView | None, run: RunView | None, *, beside: bool) -> None:
        """Draw what is known; nothing for a rehearsal."""
        self.display = ticket is not None
        self.set_class(beside, "-beside")
        if ticket is not None:
            self.update(_whole(ticket, run) if beside else _short(ticket))


def _short(ticket: TicketView) -> Content:
    said = " ".join((ticket.problem or ticket.body or ticket.subject).split())
    return Content("\n").join([Content(_who(ticket)), Content(clean(f"“{said}”", one_line=True))])


def _whole(ticket: TicketView, run: RunView | None) -> Content:
    lines = [_head("Customer"), Content(_who(ticket)), Content("")]
    said = clean((ticket.body or ticket.subject)[:SAID])
    lines += [_head("They said"), Content(said), Content("")]
    noted = [one.text for one in ticket.timeline if one.event == Event.NOTED and one.text.strip()]
    noted += run.notes if run else ()
    if noted:
        lines.append(_head("Notes"))
        lines += [Content(f"- {clean(text, one_line=True)}") for text in noted[-NOTES:]]
    return Content("\n").join(lines)


def _who(ticket: TicketView) -> str:
    one = ticket.requester
    known = (
        [one.name, one.phone and f"tel {one.phone}", one.department, one.location] if one else []
    )
    device = device_words(ticket.device) if ticket.device else ""
    return clean(" · ".join(part for part in (*known, device) if part), one_line=True)


def _head(words: str) -> Content:
    return Content.styled(words, "bold $accent")
