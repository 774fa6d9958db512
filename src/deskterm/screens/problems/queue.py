"""The developer queue: what hurts most stands on top, with why and every term (F3)."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import BindingType
from textual.content import Content

from deskterm import disk
from deskterm.domain.problems import state_words
from deskterm.domain.text import clean
from deskterm.reports.queue import Place
from deskterm.reports.queue_written import WAYS, line_after
from deskterm.screens.action import Flow
from deskterm.screens.actions import bindings
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.listing import ListScreen, Read, columns
from deskterm.widgets.line_list import Line
from deskterm.widgets.ticket_lines import fit

if TYPE_CHECKING:
    from deskterm.screens.desk import Desk


PLACE, NUMBER = 4, 6
COUNTS = {"Score": 7, "Tickets": 8, "People": 7, "Missed": 7, "× Sev": 6, "÷ h": 6, "Share": 7}
"""Cells of the columns; the title has the rest."""
TERMS = 100
"""So many tickets are added up on the screen; JSON has all of them."""


def titles(width: int) -> str:
    """Give the heads of the columns."""
    return _columns("#", "No.", "Problem", tuple(COUNTS), width)


def lines(places: Sequence[Place], width: int) -> list[Line]:
    """Give the lines of the list, with the 80 % line below the fewest that hold so much."""
    found, last = [], line_after(places)
    for number, one in enumerate(places, 1):
        found.append(Line(str(one.problem.id), Content(_line(number, one, width))))
        if number == last:
            above = sum(place.above for place in places)
            words = f"── {above} of {len(places)} hold 80 % of the hurt; they stand above "
            found.append(Line("", Content.styled(words.ljust(width, "─"), "$text-muted")))
    return found


def _line(number: int, one: Place, width: int) -> str:
    mark = "↺" if one.regressions else ""
    counts = (
        f"{one.score:.1f}",
        str(len(one.terms)),
        str(one.people),
        str(one.missed or ""),
        f"{one.severity:g}",
        f"{one.effort:g}" if one.problem.effort else "",
        f"{one.share:.0%}",
    )
    title = clean(f"{mark} {one.problem.title}".strip(), one_line=True)
    return _columns(str(number), f"P{one.problem.id}", title, counts, width)


def _columns(place: str, number: str, title: str, counts: Sequence[str], width: int) -> str:
    room = max(8, width - PLACE - NUMBER - sum(COUNTS.values()))
    figures = "".join(f"{n:>{w}}" for n, w in zip(counts, COUNTS.values(), strict=True))
    return f"{place:<{PLACE}}{fit(number, NUMBER)}{fit(title, room)}{figures}"


def page_content(one: Place) -> Content:
    """Give why a problem stands where it stands, with every term."""
    case = one.problem
    head = f"P{case.id} {case.title} · {state_words(case.state)}"
    effort = f"{one.effort:g} h of work" if case.effort else "1, no effort estimated"
    score = f"{one.tickets:.2f} × {one.severity:g} ({case.severity}) ÷ {effort} = {one.score:.2f}"
    rest = [
        ("Why", one.why),
        ("Score", score),
        ("Product", case.product),
        ("Category", case.category),
        ("Owner", case.owner),
    ]
    found = [Content.styled(clean(head, one_line=True), "bold")]
    found += [
        Content.assemble((f"{label:<10}", "$text-muted"), clean(words, one_line=True))
        for label, words in rest
        if words
    ]
    found.append(
        Content.styled("\nWhat each of its tickets adds, the newest first", "bold $accent")
    )
    found += [Content(f"#{term.ticket:<7}{term.words}") for term in one.terms[:TERMS]]
    if len(one.terms) > TERMS:
        found.append(Content(f"… and {len(one.terms) - TERMS} more; E writes all into a file"))
    return Content("\n").join(found)


class QueueOwner(lists.ListOwner, Protocol):
    """The developer queue."""

    shown: Sequence[Place]

    @property
    def in_hand(self) -> Place | None:
        """The place under the cursor."""


def show(owner: QueueOwner) -> None:
    """Show all that is known of the problem in hand."""
    if owner.in_hand is not None:
        owner.desk_app.go("problems", owner.in_hand.problem.id)


def tickets(owner: QueueOwner) -> None:
    """Show the tickets of the problem in hand on the board."""
    if owner.in_hand is not None:
        owner.desk_app.show_tickets(f"is:any problem:P{owner.in_hand.problem.id}")


def export(owner: QueueOwner) -> None:
    """Write the queue as it is filtered into a file; the ending says how."""

    def write(name: str | None) -> None:
        if not name:
            return
        file = Path(name).expanduser()
        way = WAYS.get(file.suffix.removeprefix(".").lower())
        if way is None:
            owner.desk_app.say(f"{name}: end it in .md, .json or .csv.", "warning")
            return
        text = way(owner.shown)
        owner.load(lambda _: _written(file, text), owner.desk_app.say, "export")

    question = "Into which file? .md is a Markdown table, .csv a sheet, .json has every term."
    owner.app.push_screen(LineDialog("Export", question, "~/queue.md", "Name the file."), write)


def _written(file: Path, text: str) -> str:
    """Write a new file; gives what is said of it."""
    try:
        disk.write(file, text.encode())
    except OSError as error:
        return f"{file} was not written: {error.strerror or error}."
    return f"Written: {file}"


FLOWS: Mapping[str, Flow] = {
    **lists.FILTERED,
    "problem_queue_open": show,
    "problem_queue_tickets": tickets,
    "problem_queue_export": export,
}


class QueueScreen(ListScreen[Place]):
    """A line a problem, in the order in which ending them helps most."""

    NAME = "queue"
    CSS_PATH = "queue.tcss"
    FLOWS: ClassVar[Mapping[str, Flow]] = FLOWS
    KIND = "problem"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("queue")]
    FILTER = "words, product:Router, group:network, client:acme"
    EMPTY = "No open problems: nothing to rank.\n\nF4 shows the problems · Esc goes back"
    ANEW = True
    BESIDE = True

    def read(self, desk: "Desk") -> Read[Place]:
        """Read the queue; with a group or client only their tickets count."""
        places = desk.problems.queue(self.asked.words)
        above = sum(one.above for one in places)
        facts = f"{len(places)} ranked, 80 % in {above}" if places else ""
        return Read(places, facts=facts)

    def lines(self, rows: Sequence[Place]) -> list[Line]:
        """Give a line a problem, and the 80 % line."""
        return lines(rows, columns(self, 60))

    def name_of(self, row: Place) -> str:
        """Give the problem's number."""
        return str(row.problem.id)

    def head(self) -> Content:
        """Give the heads of the columns."""
        return Content(titles(columns(self, 60)))

    def taken_up(self, row: Place | None) -> None:
        """Show the terms of the one in hand."""
        self.part.page.show(page_content(row) if row is not None else Content(""))

    def chosen_number(self) -> str:
        """Give `P7`."""
        return f"P{self.in_hand.problem.id}" if self.in_hand else ""

    def chosen_text(self) -> str:
        """Give why it stands where it stands."""
        return self.in_hand.why if self.in_hand else ""
