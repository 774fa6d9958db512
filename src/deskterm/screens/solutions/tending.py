"""Keeping solutions good, on their screen: what is wanted, renewing, near duplicates, a tip."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from deskterm.domain.asking import How
from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows import lists
from deskterm.screens.flows.audience import shown_first
from deskterm.screens.order import Order
from deskterm.screens.solutions.forms import DRAFT
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deskterm.domain.rows import Done
    from deskterm.domain.solutions import SolutionEdit, SolutionRow
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.triage.likeness import Twin
    from deskterm.triage.wanted import Wanted


LISTED = 50
"""Questions that are offered at most."""
_HEAD = "Questions that keep coming without a validated solution,\nby the time they cost."


def wanted(owner: "SolutionOwner") -> None:
    """List the questions that keep coming; Enter begins a draft, or shows the one begun."""
    look_up(
        owner, lambda desk: desk.solutions.wanted(LISTED), partial(_choose_wanted, owner), "wanted"
    )


def _choose_wanted(owner: "SolutionOwner", found: "Sequence[Wanted]") -> None:
    from deskterm.screens.dialogs.ask import PickDialog

    if not found:
        owner.desk_app.say("Nothing keeps coming without a validated solution.")
        return
    drafts = {str(one.ticket): one.draft for one in found}

    def chosen(ticket: str | None) -> None:
        if ticket is None:
            return
        begun = drafts[ticket]
        if begun is None:
            _begin_wanted(owner, int(ticket))
        else:
            owner.go_to(begun)

    picks = [Pick(str(one.ticket), one.title, _detail(one)) for one in found]
    owner.app.push_screen(PickDialog("What to write next", picks, _HEAD), chosen)


def _begin_wanted(owner: "SolutionOwner", ticket: int) -> None:
    def run(desk: "Desk", how: How) -> "Done":
        return desk.solutions.draft_wanted(ticket, how)

    def shown(done: "Done") -> None:
        owner.go_to(done.of("solution")[0])

    owner.desk_app.write(Order("Drafted a solution from", run, None, shown))


def _detail(one: "Wanted") -> str:
    """Give `6 × 69 min = 6.9 h · sign-in/permissions`."""
    cost = one.cost_minutes
    total = f"{cost / 60:.1f} h" if cost >= 90 else f"{cost:.0f} min"
    words = (
        f"{one.times} × {one.median_minutes:.0f} min = {total} · {one.category or 'no category'}"
    )
    return f"S{one.draft} is begun · {words}" if one.draft else words


class SolutionOwner(lists.ListOwner, Protocol):
    """The list of solutions with its reading pane."""

    ticket: int | None
    """The ticket that it was opened for."""
    stale: bool
    """Only those to look at again."""
    everything: bool
    """All of them, also those that do not fit the ticket."""
    edits: "Sequence[SolutionEdit] | None"
    """The history of the one in hand, while it is shown."""

    @property
    def solution(self) -> "SolutionRow | None":
        """The solution under the cursor."""

    @property
    def is_current(self) -> bool:
        """Whether the screen is on top."""

    def read_again(self) -> None:
        """Read the list anew."""

    def read_history(self) -> None:
        """Read the history of the one in hand."""

    def go_to(self, number: int) -> None:
        """Show a solution that was just written, among all."""


_STORE = "store"
_ALIKE = "One that reads nearly the same is there already."


def stale(owner: "SolutionOwner") -> None:
    """Show those to look at again, each with the reason; again: everything."""
    owner.stale = not owner.stale
    owner.read_again()


def read(owner: "SolutionOwner") -> None:
    """Read it on the whole screen, or go back to the list."""
    owner.part.reading = not owner.part.reading


def history(owner: "SolutionOwner") -> None:
    """Show or hide the history."""
    owner.part.page.move_to_end(last=False)
    if owner.edits is None:
        owner.edits = ()
        owner.read_history()
    else:
        owner.edits = None


def show_all(owner: "SolutionOwner") -> None:
    """Change between all and those that fit the ticket."""
    if owner.ticket is None:
        owner.desk_app.say("All are shown; opened from a ticket (s) those that fit it come first.")
        return
    owner.everything = not owner.everything
    owner.read_again()


def renew(owner: "SolutionOwner") -> None:
    """Say that the one in hand is still right."""
    row = owner.solution
    if row is None:
        return
    number = row.id

    def run(desk: "Desk", how: How) -> "Done":
        return desk.solutions.renew(number, how=how)

    owner.desk_app.write(Order(f"Renewed {row.name}", run, {number: row.version}))


def ask_twins(
    owner: "SolutionOwner", number: int, values: Mapping[str, str], store: Callable[[], None]
) -> None:
    """Store at once where nothing reads alike; else show what does, to open or to store."""

    def choose(found: "Sequence[Twin]") -> None:
        if found:
            _choose_twin(owner, number, values, found, store)
        else:
            store()

    look_up(owner, lambda desk: desk.solutions.twins(values, number), choose, "twins")


def _choose_twin(
    owner: "SolutionOwner",
    number: int,
    values: Mapping[str, str],
    found: "Sequence[Twin]",
    store: Callable[[], None],
) -> None:
    from deskterm.screens.dialogs.ask import PickDialog

    picks = [
        Pick(str(one.id), f"open S{one.id} {one.title}", f"{one.likeness:.0%} alike")
        for one in found
    ]
    picks.append(Pick(_STORE, "store mine all the same", "both are kept"))

    def chosen(what: str | None) -> None:
        if what == _STORE:
            store()
            return
        text = json.dumps(dict(values))
        owner.keep(lambda desk: desk.drafts.put(DRAFT, number, text))
        if what is not None:
            owner.go_to(int(what))

    owner.app.push_screen(PickDialog("Alike", picks, f"{_ALIKE} Yours is kept."), chosen)


def step_back(owner: "SolutionOwner") -> None:
    """Take back: filter keys, reading, filter, the old ones; then leave."""
    if owner.part.step_back():
        return
    if owner.stale:
        stale(owner)
    else:
        owner.action_back()


def tip(owner: "SolutionOwner") -> None:
    """Write its tip to an audience; who is told is shown before anything leaves."""
    row = owner.solution
    if row is None:
        return
    if not row.tip.strip():
        owner.desk_app.say(f"{row.name} has no tip yet: e writes one.", "warning")
        return

    def asked(query: str | None) -> None:
        if not query:
            return
        write = Order(
            f"Told the tip of {row.name}",
            lambda desk, how: desk.announcements.tip(row.id, query, how),
        )
        shown_first(
            owner, lambda desk: desk.announcements.tip_audience(row.id, query), row.tip, write
        )

    question = "To whom? A query over people, such as site:Leeds or model:T14*; everyone is all."
    needed = "Name an audience, or leave with Esc."
    owner.app.push_screen(LineDialog(f"Tip of {row.name}", question, "everyone", needed), asked)


FLOWS: "Mapping[str, Flow]" = {
    "escape": step_back,
    "solution_read": read,
    "solution_history": history,
    "solution_all": show_all,
    "solution_stale": stale,
    "solution_renew": renew,
    "solution_wanted": wanted,
}
