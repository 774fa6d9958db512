"""What can be done to tickets, for every screen that shows some: board, ticket, problem.

A verb acts on `targets()`: the marked tickets, else the one in hand. Each asks what it must, then
places one order; a bulk order is one operation and one undo.
"""

from typing import TYPE_CHECKING

from deskterm.domain.asking import How
from deskterm.domain.verbs import (
    Assign,
    Cancel,
    Change,
    HandBack,
    Note,
    Reopen,
    Reply,
    Resume,
    Take,
)
from deskterm.screens.accepting import Accepting
from deskterm.screens.choices import Choices
from deskterm.screens.dialogs.verb import ConfirmDialog, Targets
from deskterm.screens.work import OnTickets, Order

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.asking import Request
    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.verb import RequestDialog


class TicketVerbs(Accepting, Choices):
    """Actions on tickets. The screen gives `targets`; `written` is called after each order."""

    # --- the common path ---------------------------------------------------------

    def order(
        self,
        said: str,
        targets: Targets,
        asked: "Request",
        then: "Callable[[], None] | None" = None,
        *,
        seen: bool = True,
    ) -> None:
        """Place one order for these targets; `seen`: it clashes with what others did since."""

        def after(done: "Done") -> None:
            self.written(done)
            if then is not None:
                then()

        versions = targets.seen or None if seen else None
        self.desk_app.write(Order(said, OnTickets(targets.ids, asked), versions, after))

    def simple(self, verb: str, said: str, asked: "Request") -> None:
        """Do a verb that asks nothing; several tickets are confirmed first."""
        targets = self.targets()

        def confirmed(yes: bool | None) -> None:
            if yes:
                self.order(said, targets, asked)

        if len(targets.ids) > 1:
            self.app.push_screen(ConfirmDialog(verb, targets, self.limit), confirmed)
        else:
            confirmed(True)

    def ask(self, dialog: "RequestDialog", said: str) -> None:
        """Open a form; what it asks for is ordered."""

        def filled(asked: "Request | None") -> None:
            if asked is not None:
                self.order(said, dialog.targets, asked)

        self.app.push_screen(dialog, filled)

    # --- whose it is ----------------------------------------------------------------

    def action_new_call(self) -> None:
        """Log a call."""
        self.desk_app.go("call")

    def action_take_next(self) -> None:
        """Take the next ticket and open it."""

        def run(desk: "Desk", how: How) -> "Done":
            return desk.tickets.next(how=how)

        def after(done: "Done") -> None:
            if done.tickets:
                self.desk_app.go("ticket", done.tickets[0])

        self.desk_app.write(Order("Took", run, None, after))

    def action_take(self) -> None:
        """Make them yours."""
        self.simple("Take", "Took", Take())

    def action_assign(self) -> None:
        """Give them to a technician."""
        from deskterm.screens.dialogs.assign import AssignDialog

        targets = self.targets()

        def assign(to: str | None) -> None:
            if to is not None:
                self.order(f"Assigned to {to}:", targets, Assign(to))

        self.app.push_screen(AssignDialog(targets, self.limit), assign)

    def action_escalate(self) -> None:
        """Hand over to a group with a summary."""
        from deskterm.screens.dialogs.forms import escalate_form

        self.ask(escalate_form(self.targets(), self.limit), "Escalated")

    def action_hand_back(self) -> None:
        """Give back to the group before."""
        self.simple("Hand back", "Handed back", HandBack())

    # --- talking ----------------------------------------------------------------------

    def action_reply(self) -> None:
        """Answer the customer."""
        self._text("reply", "Reply", "Answered")

    def action_note(self) -> None:
        """Write an internal note."""
        self._text("note", "Note", "Noted on")

    def _text(self, kind: str, verb: str, said: str) -> None:
        from deskterm.screens.dialogs.text import TextDialog

        targets = self.targets()

        def send(body: str | None) -> None:
            if body:
                asked = Reply(body) if kind == "reply" else Note(body)
                self.order(said, targets, asked, self._drop_draft(kind, targets), seen=False)

        self.app.push_screen(TextDialog(kind, verb, targets, self.limit), send)

    def _drop_draft(self, kind: str, targets: Targets) -> "Callable[[], None]":
        number = targets.ids[0]

        def drop() -> None:
            self.load(lambda desk: desk.drafts.drop(kind, number), lambda _: None, "draft")

        return drop

    # --- where it stands ----------------------------------------------------------------

    def action_wait(self) -> None:
        """Let them wait."""
        from deskterm.screens.dialogs.forms import wait_form

        self.ask(wait_form(self.targets(), self.limit), "Waiting:")

    def action_resume(self) -> None:
        """End the waiting."""
        self.simple("Resume", "Resumed", Resume())

    def action_solve(self) -> None:
        """Say the resolution."""
        from deskterm.screens.dialogs.forms import solve_form

        self.ask(solve_form(self.targets(), self.limit), "Solved")

    def action_verify(self) -> None:
        """Verify by craft or by the customer."""
        from deskterm.screens.dialogs.forms import verify_form

        self.ask(verify_form(self.targets(), self.limit), "Verified")

    def action_close(self) -> None:
        """Close them."""
        from deskterm.screens.dialogs.forms import close_form

        self.ask(close_form(self.targets(), self.limit), "Closed")

    def action_reopen(self) -> None:
        """Open them again."""
        self._reason("Reopen", "Reopened", Reopen)

    def action_cancel(self) -> None:
        """Cancel them."""
        self._reason("Cancel", "Cancelled", Cancel)

    def _reason(self, verb: str, said: str, asked: "Callable[[str], Request]") -> None:
        from deskterm.screens.dialogs.forms import reason_form

        self.ask(reason_form(verb, self.targets(), self.limit, asked), said)

    # --- what it is ------------------------------------------------------------------------

    def action_merge(self) -> None:
        """Merge into another ticket."""
        from deskterm.screens.dialogs.other import MergeDialog

        self.ask(MergeDialog(self.targets(), self.limit), "Merged")

    def action_edit(self) -> None:
        """Change the facts; of several tickets those that all get the same."""
        from deskterm.screens.dialogs.edit import EditDialog

        self.ask(EditDialog(self.targets(), self.limit), "Changed")

    def action_watchers(self) -> None:
        """Let somebody hear of them, or no more."""
        from deskterm.screens.dialogs.people import watchers_form

        self.ask(watchers_form(self.targets(), self.limit), "Changed who hears of")

    def action_urgent(self) -> None:
        """Switch urgent on, or off where all are urgent."""
        rows = self.targets().rows
        urgent = not (rows and all(row.urgent for row in rows))
        self.simple(
            "Urgent" if urgent else "Not urgent",
            "Made urgent:" if urgent else "Made not urgent:",
            Change(urgent=urgent),
        )

    def action_approval(self) -> None:
        """Ask for an approval, or write down the decision."""
        from deskterm.screens.dialogs.forms import approval_form

        self.ask(approval_form(self.targets(), self.limit), "Approval:")

    # --- elsewhere ---------------------------------------------------------------------------

    def action_solution(self) -> None:
        """Show the solutions that fit."""
        self.desk_app.go("solutions", self.targets().ids[0])

    def action_publish(self) -> None:
        """Make the resolution a solution, or go to the one it became; then review it."""
        number = self.targets().ids[0]

        def draft(found: int | None) -> None:
            if found is not None:
                self.desk_app.go("solutions", number, found, True)
            else:
                self.desk_app.write(Order("Drafted a solution from", _draft(number), None, review))

        def review(done: "Done") -> None:
            self.desk_app.go("solutions", number, done.solutions[0], True)

        self.load(lambda desk: desk.solutions.of_ticket(number), draft, "solution")

    def action_guide(self) -> None:
        """Choose and walk a guide."""
        self.desk_app.go("guide", self.targets().ids[0])


def _draft(number: int) -> "Callable[[Desk, How], Done]":
    """Give what makes a draft of a resolved ticket."""

    def run(desk: "Desk", how: How) -> "Done":
        return desk.solutions.draft(number, how=how)

    return run
