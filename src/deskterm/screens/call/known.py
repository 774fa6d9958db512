"""What is known of a caller and of what they say: as text, and the lines that show it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from textual.content import Content
from textual.reactive import var
from textual.widgets import Static

from deskterm.domain import clock
from deskterm.domain.greeting import Script
from deskterm.domain.problems import ProblemFit
from deskterm.domain.proposals import Proposal
from deskterm.domain.rows import BoardRow, PersonRow
from deskterm.domain.solutions import LikeTicket, SolutionHint
from deskterm.domain.text import clean
from deskterm.screens.ticket.facts import device_words, other_words, person_facts
from deskterm.widgets.picker import Pick

NEW = "new"
"""The value of the pick that makes a new person of what was typed."""


class Known(NamedTuple):
    """A caller whom the desk knows, and their tickets."""

    person: PersonRow
    tickets: tuple[BoardRow, ...]
    announced: tuple[str, ...] = ()
    """What is announced to them: they may call because of it."""


class Alike(NamedTuple):
    """What reads like the caller's words."""

    tickets: Sequence[LikeTicket] = ()
    solutions: Sequence[SolutionHint] = ()
    problems: Sequence[ProblemFit] = ()

    @property
    def links(self) -> list[str]:
        """What the call can be linked to: `P7` before `#12`."""
        problems = [f"P{one.id}" for one in self.problems]
        return problems[:1] + [f"#{one.id}" for one in self.tickets[:1]]

    proposals: Sequence[Proposal] = ()
    """What triage proposes as category."""


def picks(people: Iterable[PersonRow], typed: str) -> list[Pick]:
    """Give the people who may be meant, and last the one who is new here."""
    found = [
        Pick(str(one.id), f"{one.name}{' (VIP)' if is_vip(one) else ''}", _person_detail(one))
        for one in people
    ]
    if typed.strip():
        found.append(Pick(NEW, f"+ {typed.strip()}", "somebody new"))
    return found


def is_vip(person: PersonRow) -> bool:
    """Tell whether the desk treats them with special care."""
    return person.segment.strip().lower() == "vip"


def _person_detail(person: PersonRow) -> str:
    parts = [person.department, person.location, person.phone and f"tel {person.phone}"]
    parts += [device.name for device in person.devices[:1]]
    return " · ".join(part for part in (*parts, *person.addresses[:1]) if part)


def somebody_new(who: str) -> Content:
    """Say that a person will be made, and whether letters can reach them."""
    reached = "" if "@" in who else "; no address: no letter can reach them"
    return Content.assemble((f"somebody new: {_line(who)}", "bold $warning"), reached)


def short(known: Known | None, now: datetime, said: str = "") -> Content:
    """Give three lines for narrow screens; `said` is what was typed to find them."""
    if known is None:
        return Content.styled("Name, address, phone or department; Enter takes it.", "$text-muted")
    one = known.person
    parts = [one.phone and f"tel {one.phone}", one.department, one.title, one.site, one.location]
    about = " · ".join(part for part in parts if part)
    devices = "; ".join(device_words(device) for device in one.devices) or "no device is known"
    head = f"{one.name} ({one.segment})" if one.segment else one.name
    found = f"  {_found(known, said)}"
    return Content("\n").join(
        [
            Content.assemble((_line(head), "bold"), f"  {_line(about)}", (found, "$accent")),
            Content(_line(devices)),
            Content.styled(_line(_tickets(known, now)), "$warning" if one.open_tickets else ""),
            *_announced(known)[:1],
        ]
    )


def _announced(known: Known) -> list[Content]:
    """Give what is announced to the caller, a line each."""
    return [
        Content.assemble(("⚠ ", "bold $warning"), _line(text)).truncate(400, ellipsis=True)
        for text in known.announced[:2]
    ]


def _tickets(known: Known, now: datetime) -> str:
    one = known.person
    count = f"{one.open_tickets} open, {one.past_tickets} past"
    shown = [other_words(row, now) for row in known.tickets[: min(3, one.open_tickets)]]
    return f"{count}: {'   '.join(shown)}" if shown else count


def _found(known: Known, said: str) -> str:
    """Give what was typed to find somebody, where it is not their name."""
    other = said and said.casefold() != known.person.name.casefold()
    return f"found by {_line(said)!r}" if other else ""


def whole(known: Known | None, now: datetime, said: str = "") -> Content:
    """Give everything for the pane of wide screens; `said` is what was typed to find them."""
    if known is None:
        words = "Who is calling?\n\nName, address, phone or department.\nEnter takes it."
        return Content.styled(words, "$text-muted")
    found = (f"  {_found(known, said)}", "$accent")
    lines = [*_announced(known), Content.assemble(("Who", "bold $accent"), found)]
    for label, words in person_facts(known.person):
        if words.strip():
            lines.append(Content.assemble((f"{label:<13}", "$text-muted"), _line(words)))
    if known.tickets:
        lines += [Content(""), Content.styled("Their tickets", "bold $accent")]
        lines += [Content(other_words(row, now)) for row in known.tickets]
    return Content("\n").join(lines)


def alike_words(alike: Alike, linked: str) -> Content:
    """Give the known problem, what is open and reads the same, and what solved it before."""
    lines = []
    same = [
        (f"P{one.id}", f"{one.title}, {one.tickets} tickets · {one.reason}")
        for one in alike.problems[:1]
    ]
    for ticket in alike.tickets[: 2 - len(same)]:
        same.append((f"#{ticket.id}", f"{ticket.subject} · {ticket.state} · {ticket.reason}"))
    for place, (name, words) in enumerate(same):
        key = "will be linked  " if linked == name else "" if place else "^l links  "
        line = _line(f"{name} {words}")
        lines.append(Content.assemble(("Same now  ", "$warning"), (key, "bold $accent"), line))
    for one in alike.problems[:1]:
        if one.workaround:
            lines.append(Content.assemble(("Until then", "$success"), f" {_line(one.workaround)}"))
    for proposal in alike.proposals[:1]:
        takes = ("F4 takes  ", "bold $accent")
        lines.append(Content.assemble(("Category  ", "$accent"), takes, _line(proposal.line)))
    for hint in alike.solutions[:2]:
        line = f"S{hint.solution.id} {hint.solution.title}  {hint.reason}"
        lines.append(Content.assemble(("Solution  ", "$success"), _line(line)))
    return Content("\n").join(lines)


def script_lines(script: Script | None, seconds: int, width: int) -> Content:
    """Give the greeting with the time of the call, the mission, and what to ask."""
    width = max(20, width)
    timer = f" {seconds // 60}:{seconds % 60:02d}{' on the call' if width > 90 else ''}"
    hello = Content.styled(_line(script.hello if script else "New call"), "bold")
    first = hello.truncate(max(1, width - len(timer)), ellipsis=True, pad=True)
    lines = [Content.assemble(first, (timer, "bold $accent"))]
    if script is not None:
        for words in (script.mission, f"Ask: {' · '.join(script.ask)}"):
            lines.append(Content.styled(_line(words), "$text-muted").truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def _line(text: str) -> str:
    return clean(text, one_line=True)


class ScriptLine(Static):
    """What to say and to ask, and how long the call takes already."""

    script: var[Script | None] = var(None)

    def __init__(self) -> None:
        super().__init__(id="script")
        self.began = clock.now()

    @property
    def seconds(self) -> int:
        """How long the call takes already."""
        return int((clock.now() - self.began).total_seconds())

    def begin(self) -> None:
        """Let a new call begin now."""
        self.began = clock.now()
        self.draw()

    def watch_script(self) -> None:
        """Draw the greeting."""
        if self.is_mounted:
            self.draw()

    def draw(self) -> None:
        """Draw greeting and clock."""
        self.update(script_lines(self.script, self.seconds, self.screen.size.width - 2))


class AlikeLine(Static):
    """What reads like the call: open tickets, problems, solutions, a category."""

    alike: var[Alike] = var(Alike())
    linked: var[str] = var("")
    """The problem or open ticket that the new one will be linked to: `P7`, `#12`."""

    def __init__(self) -> None:
        super().__init__(id="alike")

    def watch_alike(self) -> None:
        """Draw what is alike; a link to what is no longer alike is not kept."""
        if self.linked not in self.alike.links:
            self.linked = ""
        self._draw()

    def watch_linked(self) -> None:
        """Draw what will be linked."""
        self._draw()

    def _draw(self) -> None:
        if self.is_mounted:
            self.update(alike_words(self.alike, self.linked))
