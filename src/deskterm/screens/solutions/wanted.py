"""What to write next, on the solutions screen: a list to choose from, Enter begins the draft."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

from deskterm.domain.asking import How
from deskterm.screens.work import Order, Seen, Working
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.solutions.screen import SolutionsScreen

LISTED = 50
"""Questions that are offered at most."""
_HEAD = "Questions that keep coming without a validated solution,\nby the time they cost."


class WantedVerbs(Working):
    """Beginning the solution that would spare most work."""

    def action_solution_wanted(self) -> None:
        """List the questions that keep coming; Enter begins a draft, or shows the one begun."""
        self.load(lambda desk: desk.solutions.wanted(LISTED), self._choose_wanted, "wanted")

    def _choose_wanted(self, found: Sequence[Any]) -> None:
        from deskterm.screens.dialogs.pick import PickDialog

        here = cast("SolutionsScreen", self)
        if not found:
            here.say("Nothing keeps coming without a validated solution.")
            return
        drafts = {str(one.ticket): one.draft for one in found}

        def chosen(ticket: str | None) -> None:
            if ticket is None:
                return
            begun = drafts[ticket]
            if begun is None:
                self._begin_wanted(int(ticket))
            else:
                here.go_to(begun)

        picks = [Pick(str(one.ticket), one.title, _detail(one)) for one in found]
        self.app.push_screen(PickDialog("What to write next", picks, _HEAD), chosen)

    def _begin_wanted(self, ticket: int) -> None:
        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            del seen
            done: Done = desk.solutions.draft_wanted(ticket, How(operation))
            return done

        def shown(done: "Done") -> None:
            cast("SolutionsScreen", self).go_to(done.solutions[0])

        self.desk_app.write(Order("Drafted a solution from", run, None, shown))


def _detail(one: Any) -> str:
    """Give `6 × 69 min = 6.9 h · sign-in/permissions`."""
    cost = one.cost_minutes
    total = f"{cost / 60:.1f} h" if cost >= 90 else f"{cost:.0f} min"
    words = (
        f"{one.times} × {one.median_minutes:.0f} min = {total} · {one.category or 'no category'}"
    )
    return f"S{one.draft} is begun · {words}" if one.draft else words
