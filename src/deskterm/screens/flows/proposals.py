"""Accepting what triage proposes (C2), and how proposals are shown."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import Accept
from deskterm.screens.flows.asking import limit, order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from deskterm.domain.proposals import Proposal
    from deskterm.screens.action import Flow
    from deskterm.screens.flows.owner import TicketOwner


def accept(owner: "TicketOwner") -> None:
    """Set what is seen as proposed; of several marked tickets each gets its own."""
    from deskterm.screens.dialogs.verb import ConfirmDialog

    targets, shown = owner.targets(), owner.proposed()
    if len(targets.ids) == 1 and targets.ids[0] in shown and not shown[targets.ids[0]]:
        owner.desk_app.say("Nothing is proposed that it lacks.")
        return

    def answered(yes: bool | None) -> None:
        if yes:
            order(owner, "Accepted on", targets, Accept(shown))

    if len(targets.ids) > 1:
        owner.app.push_screen(ConfirmDialog("Accept", targets, limit(owner)), answered)
    else:
        answered(True)


def to_accept(proposals: "Iterable[Proposal]") -> dict[str, str]:
    """Give what one key sets: everything but the hint at urgency."""
    return {one.kind: one.value for one in proposals if one.kind != "urgent"}


def proposal_lines(proposals: "Iterable[Proposal]") -> list[tuple[str, str, str]]:
    """Give (label, words, key) of each proposal; the key stands at the first that it sets."""
    lines, key = [], "= accept"
    for one in proposals:
        if one.kind == "urgent":
            lines.append(("Urgent?", f"rather yes, {one.percent} ({one.reason})", "!"))
        else:
            lines.append((one.kind.capitalize(), one.line, key))
            key = ""
    return lines


FLOWS: "Mapping[str, Flow]" = {
    "accept": accept,
}
"""Action → what it does."""
