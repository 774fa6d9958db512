"""What to write next, on the solutions screen: a list to choose from, Enter begins the draft."""

from functools import partial
from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.screens.order import Order
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.desk import Desk
    from deskterm.screens.solutions.owner import SolutionOwner
    from deskterm.triage.wanted import Wanted

LISTED = 50
"""Questions that are offered at most."""
_HEAD = "Questions that keep coming without a validated solution,\nby the time they cost."


def wanted(owner: "SolutionOwner") -> None:
    """List the questions that keep coming; Enter begins a draft, or shows the one begun."""
    owner.load(lambda desk: desk.solutions.wanted(LISTED), partial(_choose_wanted, owner), "wanted")


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


FLOWS: "Mapping[str, Flow]" = {
    "solution_wanted": wanted,
}
