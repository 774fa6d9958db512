"""The pane beside the talk on wide screens: who, where it stands, what fits."""

from collections.abc import Iterable
from datetime import datetime

from textual.content import Content
from textual.message import Message

from deskterm.domain.rows import TicketView
from deskterm.domain.text import clean
from deskterm.domain.vocabulary import Event
from deskterm.screens.flows.proposals import proposal_lines
from deskterm.screens.ticket import steps
from deskterm.screens.ticket.facts import device_words, other_words, person_facts
from deskterm.screens.ticket.pages import Fitting, Page, read_fitting
from deskterm.screens.work import Working, stop_reading
from deskterm.widgets.text_pane import TextPane

OTHERS = 4


class Beside(TextPane, Working, can_focus=False):
    """The pane; it reads what fits the ticket, and tells."""

    fitting = Fitting()
    _fits_words: tuple[object, ...] = ()
    """What decided about the fitting that was read last."""

    class Fits(Message):
        """Other solutions, guides, problems or proposals fit."""

    def follow(self, page: Page) -> None:
        """Read what fits, where that may be something else than before."""
        words, number = _deciding(page.view), page.view.id
        if words != self._fits_words:
            self._fits_words = words
            self.load(lambda desk: read_fitting(desk, number), self.take, "fitting")

    def empty(self) -> None:
        """Show nothing; what is being read of the ticket before is not heard."""
        stop_reading(self)
        self.fitting, self._fits_words = Fitting(), ()
        super().empty()

    def take(self, fitting: Fitting) -> None:
        """Take what fits."""
        self.fitting = fitting
        self.post_message(self.Fits())

    def draw(self, page: Page, fitting: Fitting, now: datetime) -> None:
        """Show who, where it stands, what fits."""
        self.show(beside(page, fitting, now))


def _deciding(view: TicketView) -> tuple[object, ...]:
    """Give what decides which solutions, guides and problems fit."""
    links = tuple(e.id for e in view.timeline if e.event == Event.LINKED and not e.undone)
    return (view.id, view.subject, view.problem, view.category, view.group, links)


def beside(page: Page, fitting: Fitting, now: datetime) -> Content:
    """Give the text of the pane."""
    view = page.view
    lines = [
        Content.styled("Who", "bold $accent"),
        *_words(_person(label, words) for label, words in person_facts(view.requester)),
        *_words([device_words(view.device)]),
        Content(""),
        Content.styled(f"Steps {steps.count(view.steps)}", "bold $accent"),
        steps.strip(view.steps),
        *_section("Problem", [view.problem]),
        *_section("Known problems", problem_lines(fitting)),
        *_proposed(fitting),
        *_section("Solutions that fit", _solutions(fitting)),
        *_section("Guides that fit", (guide.title for guide in fitting.guides)),
        *_section("Their other tickets", (other_words(row, now) for row in page.others[:OTHERS])),
    ]
    return Content("\n").join(lines)


def _proposed(fitting: Fitting) -> list[Content]:
    """Give what triage proposes, each with the key that sets it."""
    lines = [
        Content.assemble(
            (f"{label} ", "$text-muted"), f"{clean(words, one_line=True)}  ", (key, "bold $accent")
        )
        for label, words, key in proposal_lines(fitting.proposals)
    ]
    return [Content(""), Content.styled("Proposed", "bold $accent"), *lines] if lines else []


def _person(label: str, words: str) -> str:
    """What needs its label keeps it; the device of the ticket stands for all devices."""
    if label == "Devices":
        return ""
    return f"{label.lower()} {words}" if words and label in ("Phone", "Tickets") else words


def hint_lines(fitting: Fitting) -> list[tuple[str, str]]:
    """Give (key, words) for the line below the talk on narrow screens: the best of each."""
    parts = [("=", one.line) for one in fitting.proposals if one.kind == "category"]
    parts += [("L", words) for words in list(problem_lines(fitting))[:1]]
    parts += [("s", words) for words in list(_solutions(fitting))[:1]]
    return parts + [("w", guide.title) for guide in fitting.guides[:1]]


def problem_lines(fitting: Fitting) -> Iterable[str]:
    """Give the problems it belongs to or may belong to, the first with its workaround."""
    for place, one in enumerate(fitting.problems):
        how = "part of" if one.linked else "like"
        reason = "" if one.linked else f" · {one.reason}"
        yield f"{how} P{one.id} {one.title}, {one.tickets} open{reason}"
        if place == 0 and one.workaround:
            yield f"  until then: {one.workaround}"


def _solutions(fitting: Fitting) -> Iterable[str]:
    for hint in fitting.solutions:
        tried = hint.solution.worked + hint.solution.failed
        proof = f" {round(100 * hint.solution.worked / tried)} %" if tried else ""
        yield f"S{hint.solution.id} {hint.solution.title}{proof}"


def _section(title: str, lines: Iterable[str]) -> list[Content]:
    words = _words(lines)
    return [Content(""), Content.styled(title, "bold $accent"), *words] if words else []


def _words(lines: Iterable[str]) -> list[Content]:
    return [Content(clean(line, one_line=True)) for line in lines if line.strip()]
