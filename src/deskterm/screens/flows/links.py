"""Tying tickets together: linked to another ticket or a known problem, merged."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Join
from deskterm.screens.flows.asking import ask, limit, order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.problems import ProblemFit
    from deskterm.screens.action import Flow
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import TicketOwner


def merge(owner: "TicketOwner") -> None:
    """Merge into another ticket."""
    from deskterm.screens.dialogs.other import MergeDialog

    ask(owner, MergeDialog(owner.targets(), limit(owner)), "Merged")


def link(owner: "TicketOwner") -> None:
    """Link to the known problem that is shown for it, else to what is asked for."""
    targets = owner.targets()
    if len(targets.ids) != 1:
        _link_to(owner, targets)
        return

    def found(fits: "Sequence[ProblemFit]") -> None:
        if not fits or any(one.linked for one in fits):
            _link_to(owner, targets)
            return
        problem = fits[0].id
        order(owner, f"Linked to P{problem}:", targets, Join(problem))

    owner.load(lambda desk: desk.problems.fitting(targets.ids[0], 1), found, "link")


def _link_to(owner: "TicketOwner", targets: "Targets") -> None:
    from deskterm.screens.dialogs.other import LinkDialog

    ask(owner, LinkDialog(targets, limit(owner)), "Linked")


FLOWS: "Mapping[str, Flow]" = {
    "merge": merge,
    "link": link,
}
"""Action → what it does."""
