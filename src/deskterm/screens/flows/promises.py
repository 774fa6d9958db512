"""Why a ticket stands where it stands, and call-backs."""

from typing import TYPE_CHECKING

from deskterm.domain.verbs import CallBack, EndCall, MoveCall
from deskterm.screens.flows.asking import limit
from deskterm.screens.order import OnTickets, Order
from deskterm.screens.work import look_up
from deskterm.widgets.picker import Pick

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.domain.asking import Request
    from deskterm.domain.in_hand import CallBackRow
    from deskterm.domain.standing import Standing
    from deskterm.screens.action import Flow
    from deskterm.screens.dialogs.verb import Targets
    from deskterm.screens.flows.owner import Owner, TicketOwner


def why(owner: "TicketOwner") -> None:
    """Say why the ticket is where it is."""
    from deskterm.domain.standing import standing_lines
    from deskterm.screens.dialogs.ask import OutputDialog

    number = owner.targets().ids[0]

    def show(one: "Standing") -> None:
        text = "\n".join(standing_lines(one, None))
        title = f"Why #{one.id} stands where it stands"
        owner.app.push_screen(OutputDialog(title, text))

    look_up(owner, lambda desk: desk.tickets.why(number), show, "why")


def call_back(owner: "TicketOwner") -> None:
    """Promise a call-back, or say what became of the one that is promised."""
    targets = owner.targets()
    if len(targets.ids) > 1:
        _promise(owner, targets)
        return
    number = targets.ids[0]

    def go_on(rows: "Sequence[CallBackRow]") -> None:
        open_ones = [row for row in rows if row.state == "open"]
        if open_ones:
            _ask_what_became(owner, targets, open_ones[0])
        else:
            _promise(owner, targets)

    look_up(owner, lambda desk: desk.tickets.call_backs(number), go_on, "call-backs")


def _ask_what_became(owner: "Owner", targets: "Targets", row: "CallBackRow") -> None:
    from deskterm.screens.dialogs.ask import PickDialog

    when = f"{row.at.astimezone():%a %d %b %H:%M}"
    picks = [
        Pick("done", "done", "the call was made"),
        Pick("move", "move", "to another time"),
        Pick("cancel", "cancel", "it is not wanted any more"),
        Pick("more", "another", "promise one more"),
    ]

    def chosen(what: str | None) -> None:
        if what == "done":
            _order(owner, "Called back on", targets, EndCall())
        elif what == "cancel":
            _order(owner, "No call-back on", targets, EndCall(made=False))
        elif what is not None:
            _promise(owner, targets, moves=what == "move")

    about = f"{row.requester} {row.phone}".strip()
    question = f"{when}, by {row.owner}: {about}\n{row.note}".strip()
    owner.app.push_screen(PickDialog("Call-back promised", picks, question), chosen)


def _promise(owner: "Owner", targets: "Targets", *, moves: bool = False) -> None:
    from deskterm.screens.dialogs.form import Field, FormDialog, as_given

    fields = (
        Field("at", "When", hint="14:00, tomorrow, 3d", required="Say when: 14:00, 3d."),
        Field("note", "What about"),
    )

    def promised(values: dict[str, str] | None) -> None:
        if values:
            kind = MoveCall if moves else CallBack
            asked = kind(values["at"], values["note"])
            _order(owner, "Call-back promised on", targets, asked)

    owner.app.push_screen(
        FormDialog("Call back", targets, limit(owner), fields, as_given), promised
    )


def _order(owner: "Owner", said: str, targets: "Targets", asked: "Request") -> None:
    """Place the order; the marks stay, since more may be done to the same tickets."""
    owner.desk_app.write(Order(said, OnTickets(targets.ids, asked), targets.seen or None))


FLOWS: "Mapping[str, Flow]" = {
    "why": why,
    "call_back": call_back,
}
"""Action → what it does."""
