"""What can be done to tickets, for every screen that shows some: board, ticket, problem.

A verb acts on `targets()`: the marked tickets, else the one in hand. Each asks what it must, then
places one order; a bulk order is one operation and one undo.
"""

from typing import TYPE_CHECKING, Any

from deskterm.domain import clock
from deskterm.screens.accepting import Accepting
from deskterm.screens.choices import Choices
from deskterm.screens.dialogs.verb import ConfirmDialog, Targets
from deskterm.screens.work import Order, Seen
from deskterm.triage.moments import later

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.dialogs.form import Values

    Call = Callable[[Any, tuple[int, ...], dict[str, Any]], Done]


class TicketVerbs(Accepting, Choices):
    """Actions on tickets. The screen gives `targets`; `written` is called after each order."""

    # --- the common path ---------------------------------------------------------

    def order(
        self, said: str, targets: Targets, call: "Call", then: "Callable[[], None] | None" = None
    ) -> None:
        """Place one order for these targets. `call(tickets, ids, options)` runs in a thread."""

        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            return call(desk.tickets, targets.ids, {"op_id": operation, "guard": seen})

        def after(done: "Done") -> None:
            self.written(done)
            if then is not None:
                then()

        self.desk_app.write(Order(said, run, targets.seen or None, after))

    def simple(self, verb: str, said: str, call: "Call") -> None:
        """Do a verb that asks nothing; several tickets are confirmed first."""
        targets = self.targets()

        def confirmed(yes: bool | None) -> None:
            if yes:
                self.order(said, targets, call)

        if len(targets.ids) > 1:
            self.app.push_screen(ConfirmDialog(verb, targets, self.limit), confirmed)
        else:
            confirmed(True)

    # --- whose it is ----------------------------------------------------------------

    def action_new_call(self) -> None:
        """Log a call."""
        self.desk_app.go("call")

    def action_take_next(self) -> None:
        """Take the next ticket and open it."""

        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            del seen
            done: Done = desk.tickets.next(op_id=operation)
            return done

        def after(done: "Done") -> None:
            if done.tickets:
                self.desk_app.go("ticket", done.tickets[0])

        self.desk_app.write(Order("Took", run, None, after))

    def action_take(self) -> None:
        """Make them yours."""
        self.simple("Take", "Took", lambda desk, ids, more: desk.take(ids, **more))

    def action_assign(self) -> None:
        """Give them to a technician."""
        from deskterm.screens.dialogs.assign import AssignDialog

        targets = self.targets()

        def assign(to: str | None) -> None:
            if to is not None:
                self.order(
                    f"Assigned to {to}:",
                    targets,
                    lambda desk, ids, more: desk.assign(
                        ids, to=None if to == "none" else to, **more
                    ),
                )

        self.app.push_screen(AssignDialog(targets, self.limit), assign)

    def action_escalate(self) -> None:
        """Hand over to a group with a summary."""
        from deskterm.screens.dialogs.forms import escalate_form

        targets = self.targets()
        self._ask(escalate_form(targets, self.limit), targets, "Escalated", _escalate)

    def action_hand_back(self) -> None:
        """Give back to the group before."""
        self.simple("Hand back", "Handed back", lambda desk, ids, more: desk.hand_back(ids, **more))

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
                self.order(said, targets, _Text(kind, body), self._drop_draft(kind, targets))

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

        targets = self.targets()
        self._ask(wait_form(targets, self.limit), targets, "Waiting:", _wait)

    def action_resume(self) -> None:
        """End the waiting."""
        self.simple("Resume", "Resumed", lambda desk, ids, more: desk.resume(ids, **more))

    def action_solve(self) -> None:
        """Say the resolution."""
        from deskterm.screens.dialogs.forms import solve_form

        targets = self.targets()
        self._ask(solve_form(targets, self.limit), targets, "Solved", _solve)

    def action_verify(self) -> None:
        """Verify by craft or by the customer."""
        from deskterm.screens.dialogs.forms import verify_form

        targets = self.targets()
        self._ask(verify_form(targets, self.limit), targets, "Verified", _verify)

    def action_close(self) -> None:
        """Close them."""
        from deskterm.screens.dialogs.forms import close_form

        targets = self.targets()
        self._ask(close_form(targets, self.limit), targets, "Closed", _close)

    def action_reopen(self) -> None:
        """Open them again."""
        self._reason("Reopen", "Reopened", _reopen)

    def action_cancel(self) -> None:
        """Cancel them."""
        self._reason("Cancel", "Cancelled", _cancel)

    def _reason(self, verb: str, said: str, call: "FormCall") -> None:
        from deskterm.screens.dialogs.forms import reason_form

        targets = self.targets()
        self._ask(reason_form(verb, targets, self.limit), targets, said, call)

    # --- what it is ------------------------------------------------------------------------

    def action_merge(self) -> None:
        """Merge into another ticket."""
        from deskterm.screens.dialogs.other import OtherDialog

        targets = self.targets()
        self._ask(OtherDialog("Merge", targets, self.limit), targets, "Merged", _merge)

    def action_edit(self) -> None:
        """Change the facts; of several tickets those that all get the same."""
        from deskterm.screens.dialogs.edit import EditDialog

        targets = self.targets()
        self._ask(EditDialog(targets, self.limit), targets, "Changed", _change)

    def action_watchers(self) -> None:
        """Let somebody hear of them, or no more."""
        from deskterm.screens.dialogs.people import watchers_form

        targets = self.targets()
        self._ask(watchers_form(targets, self.limit), targets, "Changed who hears of", _watch)

    def action_urgent(self) -> None:
        """Switch urgent on, or off where all are urgent."""
        rows = self.targets().rows
        urgent = not (rows and all(row.urgent for row in rows))
        self.simple(
            "Urgent" if urgent else "Not urgent",
            "Made urgent:" if urgent else "Made not urgent:",
            lambda desk, ids, more: desk.change(ids, values={"urgent": urgent}, **more),
        )

    def action_approval(self) -> None:
        """Ask for an approval, or write down the decision."""
        from deskterm.screens.dialogs.forms import approval_form

        targets = self.targets()
        self._ask(approval_form(targets, self.limit), targets, "Approval:", _approval)

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

    def _ask(self, dialog: Any, targets: Targets, said: str, call: "FormCall") -> None:
        """Open a form; with its values place the order."""

        def filled(values: "Values | None") -> None:
            if values is not None:
                self.order(said, targets, lambda desk, ids, more: call(desk, ids, values, more))

        self.app.push_screen(dialog, filled)


if TYPE_CHECKING:
    FormCall = Callable[[Any, tuple[int, ...], Values, dict[str, Any]], Done]


def _draft(number: int) -> "Callable[[Desk, str, Seen], Done]":
    """Give what makes a draft of a resolved ticket."""

    def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
        del seen
        done: Done = desk.solutions.draft(number, op_id=operation)
        return done

    return run


class _Text:
    """Calls `reply` or `note` with a text; neither needs the versions seen."""

    def __init__(self, kind: str, body: str) -> None:
        self._kind = kind
        self._body = body

    def __call__(self, desk: Any, ids: tuple[int, ...], more: dict[str, Any]) -> "Done":
        done: Done = getattr(desk, self._kind)(ids, body=self._body, op_id=more["op_id"])
        return done


def _escalate(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    actions = tuple(line.strip() for line in form["actions"].splitlines() if line.strip())
    done: Done = desk.escalate(
        ids, group=form["group"], summary=form["summary"], actions=actions, **more
    )
    return done


def _wait(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    until = None
    if form["until"]:
        until = later(form["until"], clock.now(), desk.zone())
    done: Done = desk.wait(ids, waiting_for=form["for"], until=until, reason=form["reason"], **more)
    return done


def _solve(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done = desk.solve(ids, resolution=form["resolution"], **more)
    return done


def _verify(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done = desk.verify(
        ids, by=form["by"], result=form["result"], reason=form["reason"], **more
    )
    return done


def _close(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    """Close; as solved with a resolution all that is still missing is done in one operation."""
    done: Done
    if form["outcome"] == "solved" and form["resolution"]:
        done = desk.finish(ids, resolution=form["resolution"], reason=form["reason"], **more)
    else:
        done = desk.close(ids, outcome=form["outcome"], reason=form["reason"], **more)
    return done


def _reopen(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done = desk.reopen(ids, reason=form["reason"], **more)
    return done


def _cancel(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done = desk.cancel(ids, reason=form["reason"], **more)
    return done


def _merge(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done = desk.merge(ids, into=int(form["other"]), **more)
    return done


def _approval(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done
    if form["what"] == "ask":
        done = desk.change(ids, needs=form["needs"], approver=form["who"], **more)
    else:
        granted = form["what"] == "granted"
        done = desk.decide(ids, granted, form["reason"], form["who"], **more)
    return done


def _watch(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    done: Done = desk.watch(
        ids,
        add=[form["add"]] if form["add"] else [],
        drop=[form["drop"]] if form["drop"] else [],
        **more,
    )
    return done


def _change(desk: Any, ids: tuple[int, ...], form: "Values", more: dict[str, Any]) -> "Done":
    """Write the altered facts; the form has only those."""
    texts = {name: form[name] for name in ("subject", "problem") if name in form}
    named = {name: form[name] for name in ("category",) if name in form}
    done: Done = desk.change(ids, values=texts, named=named, needs=form.get("needs"), **more)
    return done
