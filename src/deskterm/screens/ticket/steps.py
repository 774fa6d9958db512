"""The part Steps: the nine steps as lines, with sign and word, who, when, why."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content

from deskterm.domain.remedies import Offer, remedy_words
from deskterm.domain.rows import StepRow
from deskterm.domain.text import clean
from deskterm.domain.verbs import Mark
from deskterm.domain.vocabulary import STEP_TITLES, Step
from deskterm.reports.steps import foreseen
from deskterm.screens.actions import part_bindings
from deskterm.screens.order import VerbWanted
from deskterm.screens.ticket.pages import Fitting, Page
from deskterm.widgets.line_list import Line, LineList
from deskterm.widgets.moving import MOVES, bound
from deskterm.widgets.value_words import moment_words

SIGNS = {"done": "✓", "skipped": "–", "open": "○"}
PHASES = {
    Step.GREET: "Greeting",
    Step.CLASSIFY: "What the trouble is",
    Step.PROPOSE: "Planning and work",
    Step.VERIFY: "Verification",
}
"""The four phases of care, before their first step."""
_COLOURS = {"done": "$success", "skipped": "$warning", "open": "$text-muted"}


class Steps(LineList):
    """The nine steps; the one in hand is marked done, or skipped with a reason."""

    ticket = 0
    """Whose steps these are."""

    BINDINGS: ClassVar[list[BindingType]] = [*bound(*MOVES), *part_bindings("do", "skip")]

    def draw(self, page: Page, fitting: Fitting, now: datetime) -> None:
        """Show the steps; first the next open one is in hand."""
        view = page.view
        self.ticket = view.id
        shown = {row.step: row.status for row in view.steps}
        soon = foreseen(view.state, view.problem, shown)
        offered = remedies(fitting.offer, now) if fitting.offer is not None else []
        choice = choice_words(fitting.offer)
        self.show(lines(view.steps, now, soon, choice) + offered, following(view.steps))

    def action_do(self) -> None:
        """Mark the step in hand done."""
        self._mark(self.in_hand, "done")

    def action_skip(self) -> None:
        """Ask why the step in hand is skipped."""
        from deskterm.screens.dialogs.ask import LineDialog

        step = self.in_hand

        def mark(reason: str | None) -> None:
            if reason is not None:
                self._mark(step, "skipped", reason)

        if step:
            title = f"Skip: {STEP_TITLES[Step(step)]}"
            self.app.push_screen(LineDialog(title, "Why?", needed="Say why."), mark)

    def _mark(self, step: str, status: str, reason: str = "") -> None:
        if step:
            asked = Mark(step, status, reason)
            self.post_message(VerbWanted(f"Step {step} {status} on", asked, self.ticket))


def lines(steps: Sequence[StepRow], now: datetime, soon: str = "", choice: str = "") -> list[Line]:
    """Give the nine steps under their four phases; below, a mistake that is about to happen.

    `choice` is the remedy that was chosen: it stands beside the step that selects one.
    """
    found = []
    after = following(steps)
    for place, row in enumerate(steps, 1):
        step = Step(row.step)
        if step in PHASES:
            found.append(Line("", Content.styled(f" {PHASES[step]}", "bold $accent")))
        shown = row._replace(reason=row.reason or choice) if step == Step.SELECT else row
        found.append(Line(row.step, _line(place, shown, row.step == after, now)))
    if soon:
        found += [Line("", Content("")), Line("", Content.styled(f"  → {soon}", "$warning"))]
    return found


def choice_words(offer: Offer | None) -> str:
    """Give `2. A new set (Ada Moss, by mail)`; empty while nothing is chosen."""
    if offer is None or offer.chosen is None:
        return ""
    who = ", ".join(part for part in (offer.chosen_by, offer.how) if part)
    return f"{offer.chosen}. {offer.remedies[offer.chosen - 1].text} ({who})"


def remedies(offer: Offer, now: datetime) -> list[Line]:
    """Give what was offered, and which of it was chosen, by whom and how (B6)."""
    head = f" Remedies, offered by {offer.actor} {moment_words(offer.at, now)}"
    found = [Content(""), Content.styled(clean(head, one_line=True), "bold $accent")]
    for place, one in enumerate(offer.remedies, 1):
        chosen = offer.chosen == place
        how = f", {offer.how}" if offer.how else ""
        when = moment_words(offer.chosen_at, now) if offer.chosen_at else ""
        by = f"  chosen by {offer.chosen_by}{how} {when}" if chosen else ""
        found.append(
            Content.assemble(
                (f"  {'✓' if chosen else ' '} {place} ", "$success" if chosen else "$text-muted"),
                (clean(remedy_words(one), one_line=True), "bold" if chosen else ""),
                (clean(by.rstrip()), "$success"),
            )
        )
    if offer.chosen is None:
        found.append(Content.styled("    nothing is chosen yet · $ records it", "$text-muted"))
    return [Line("", content) for content in found]


def following(steps: Iterable[StepRow]) -> str:
    """Give the next step that is open; empty where none is."""
    return next((row.step for row in steps if row.status == "open"), "")


def _line(place: int, row: StepRow, is_next: bool, now: datetime) -> Content:
    title = STEP_TITLES[Step(row.step)]
    when = moment_words(row.at, now) if row.at else ""
    who = clean(f"{row.actor or ''} {when}".strip(), one_line=True)
    reason = f"  {clean(row.reason, one_line=True)}" if row.reason else ""
    word = "next" if is_next else row.status
    return Content.assemble(
        (f"  {SIGNS[row.status]} ", _COLOURS[row.status]),
        (f"{place} {title:<25}", "bold" if is_next else ""),
        (f"{word:<9}", "bold $accent" if is_next else _COLOURS[row.status]),
        f"{who}{reason}",
    )


def count(steps: Iterable[StepRow]) -> str:
    """Give how far it is: `4/9`."""
    return f"{sum(row.status != 'open' for row in steps)}/9"


def strip(steps: Sequence[StepRow]) -> Content:
    """Give all nine in little: sign and short name, in three columns."""
    cells = []
    for place, row in enumerate(steps, 1):
        cells.append(Content.styled(f"{SIGNS[row.status]} ", _COLOURS[row.status]))
        end = "\n" if place % 3 == 0 and place < 9 else ""
        cells.append(Content(f"{place} {row.step:<10}{end}"))
    return Content("").join(cells)
