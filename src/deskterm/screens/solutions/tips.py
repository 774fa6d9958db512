"""The tip of a solution goes to an audience."""

from typing import TYPE_CHECKING

from deskterm.screens.dialogs.ask import LineDialog
from deskterm.screens.flows.audience import shown_first
from deskterm.screens.order import Order

if TYPE_CHECKING:
    from deskterm.screens.solutions.owner import SolutionOwner


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
