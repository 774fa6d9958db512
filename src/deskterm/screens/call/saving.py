"""Saving a call: plainly, with a guide, taken, or solved; once, however often it is asked.

The draft goes only when the ticket is in the ledger. Functions with the call as their owner.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from deskterm.domain import clock
from deskterm.domain.asking import How
from deskterm.domain.requests import AFFECTED_FIELD, NewTicket
from deskterm.domain.verbs import Join, Link
from deskterm.screens.call.form import AFFECTED, facts_of
from deskterm.screens.dialogs.base import Dialog
from deskterm.screens.order import OnTickets, Order
from deskterm.widgets.choice import Choice
from deskterm.widgets.ticket_table import TicketTable
from deskterm.widgets.typed import PlainArea, PlainInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from deskterm.domain.rows import Done
    from deskterm.screens.action import Flow
    from deskterm.screens.call.call import Call
    from deskterm.screens.desk import Desk


_YES, _NO = "yes, it works", "cannot say"


class Solved(NamedTuple):
    """What solved it; `waived` is why the caller's word is done without."""

    resolution: str
    waived: str


class SolvedDialog(Dialog[Solved]):
    """Closes the ticket through the gate: you tried it, and the caller confirms it (B3)."""

    HINT = "^s logs it, solved and closed · Esc goes on with the call"

    def __init__(self) -> None:
        super().__init__("Solved on the phone", "You tried it together, and the caller confirms.")

    def fields(self) -> Iterable[Widget]:
        """Give what helped and the caller's word."""
        yield Static(Content("What solved it"), classes="label")
        yield PlainArea(id="resolution", tab_behavior="focus")
        yield Horizontal(
            Static(Content("The caller:"), classes="label"),
            Choice((_YES, _NO), id="word"),
            classes="line",
        )
        yield PlainInput(placeholder="why without their word; only where they cannot say", id="why")

    def answer(self) -> Solved | None:
        """Give the resolution, and the reason where there is no word of the caller."""
        resolution = self.query_one("#resolution", TextArea).text.strip()
        why = self.query_one("#why", Input).value.strip()
        confirmed = self.query_one("#word", Choice).value == _YES
        if not resolution:
            self.query_one("#resolution").focus()
            self.refuse("Say what solved it.")
            return None
        if not confirmed and not why:
            self.query_one("#why").focus()
            self.refuse("Say why the caller cannot confirm it.")
            return None
        return Solved(resolution, "" if confirmed else why)


def save(owner: "Call") -> None:
    """Log the call."""
    _once_known(owner, lambda: _save(owner, "save", None))


def save_guide(owner: "Call") -> None:
    """Log it, take it while it is worked on, and walk a guide."""

    def walk(number: int) -> None:
        owner.desk_app.go("guide", number, None)

    _once_known(owner, lambda: _save(owner, "guide", walk, take=True))


def save_take(owner: "Call") -> None:
    """Log it, take it, open it."""

    def show(number: int) -> None:
        owner.desk_app.go("ticket", number)

    _once_known(owner, lambda: _save(owner, "take", show, take=True))


def solved_now(owner: "Call") -> None:
    """Log it solved, verified by both and closed."""

    def solved(answer: Solved | None) -> None:
        if answer is not None:
            _save_solved(owner, answer)

    def ask() -> None:
        if not _refused(owner):
            owner.app.push_screen(SolvedDialog(), solved)

    _once_known(owner, ask)


def _once_known(owner: "Call", do: "Callable[[], None]") -> None:
    """Do it now, or as soon as it is known who may be meant by what is typed as the caller."""
    if owner.form.caller.is_settled:
        do()
    else:
        owner.waits = (owner.form.caller.typed, do)
        owner.say("Looking up who is calling …")


def _ticket(owner: "Call", take: bool = False) -> NewTicket:
    values = owner.form.values
    asked = values.affected != AFFECTED[0]
    facts = facts_of(values, clock.now())
    return NewTicket(
        requester=values.who,
        person_id=values.person,
        new_person=values.new_person,
        body=values.what,
        urgent=values.urgent,
        people=facts.people,
        cannot_work=facts.cannot_work,
        needed_by=facts.needed_by,
        channel=values.channel,
        category=values.category or None,
        device=values.device or None,
        take=take,
        fields=values.own | ({AFFECTED_FIELD: values.affected} if asked else {}),
        data={"call_seconds": owner.script.seconds},
    )


def _save(
    owner: "Call", how: str, then: "Callable[[int], None] | None", take: bool = False
) -> None:
    """Log the call once; asking again after an unclear failure is the same operation."""
    if _refused(owner):
        return
    ticket, template = _ticket(owner, take), owner.form.template

    def run(desk: "Desk", how: How) -> "Done":
        return desk.tickets.new(_with_template(desk, ticket, template), how=how)

    _place(owner, how, "Logged", run, then)


def _save_solved(owner: "Call", solved: Solved) -> None:
    ticket, template = _ticket(owner), owner.form.template

    def run(desk: "Desk", how: How) -> "Done":
        ticket_ = _with_template(desk, ticket, template)
        return desk.calls.solved(ticket_, solved.resolution, waived=solved.waived, how=how)

    _place(owner, f"solved {solved}", "Logged and solved", run)


def _with_template(desk: "Desk", ticket: NewTicket, template: str) -> NewTicket:
    return desk.means.templates.fill(template, ticket) if template else ticket


def _refused(owner: "Call") -> bool:
    wrong = owner.form.wrong
    if wrong:
        owner.say(wrong, "warning")
    return bool(wrong)


def _place(
    owner: "Call",
    how: str,
    said: str,
    run: "Callable[[Desk, How], Done]",
    then: "Callable[[int], None] | None" = None,
) -> None:
    owner.keeper.keep()
    state = (how, owner.form.values)
    if owner.placed is None or owner.placed[0] != state:
        owner.placed = (state, Order(said, run, None, lambda done: _saved(owner, done, then)))
    owner.desk_app.write(owner.placed[1])


def _saved(owner: "Call", done: "Done", then: "Callable[[int], None] | None") -> None:
    if owner.left or not done.tickets:
        return
    owner.left = True
    number, linked = done.tickets[0], owner.alike.linked
    owner.keeper.drop()
    if owner.is_current:
        owner.action_back()
    for table in (one for screen in owner.app.screen_stack for one in screen.query(TicketTable)):
        table.wanted = number
    if linked:
        other = int(linked[1:])
        asked = Join(other) if linked.startswith("P") else Link(other)
        owner.desk_app.write(Order(f"Linked to {linked}:", OnTickets((number,), asked)))
    if then is not None:
        then(number)


FLOWS: "Mapping[str, Flow]" = {
    "save": save,
    "save_guide": save_guide,
    "save_take": save_take,
    "solved_now": solved_now,
}
