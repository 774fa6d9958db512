"""Saving a call: plainly, with a guide, taken, or solved; once, however often it is asked."""

from typing import TYPE_CHECKING, cast

from textual import on

from deskterm.domain import clock
from deskterm.domain.requests import NewTicket
from deskterm.domain.verbs import Join, Link
from deskterm.screens.base import DeskScreen
from deskterm.screens.intake.asked import facts_of
from deskterm.screens.intake.form import AFFECTED, AFFECTED_FIELD, CallForm
from deskterm.screens.intake.solved import Solved, SolvedDialog
from deskterm.screens.work import OnTickets, Order, Seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskterm.domain.rows import Done
    from deskterm.screens.desk import Desk
    from deskterm.screens.intake.screen import IntakeScreen


class Saving(DeskScreen):
    """Actions that log the call. The draft goes only when the ticket is in the ledger."""

    left = False
    """True once the call is logged."""
    _order: "tuple[object, Order] | None" = None
    """What was asked for last, with its order: asking for the same again is safe."""

    @property
    def _call(self) -> "IntakeScreen":
        return cast("IntakeScreen", self)

    def _ticket(self, take: bool = False) -> NewTicket:
        values = self._call.form.values
        asked = values.affected != AFFECTED[0]
        facts = facts_of(values, clock.now())
        return NewTicket(
            requester=values.who,
            person_id=values.person,
            body=values.what,
            urgent=values.urgent,
            people=facts.people,
            cannot_work=facts.cannot_work,
            needed_by=facts.needed_by,
            channel=values.channel,
            category=values.category or None,
            device=values.device or None,
            take=take,
            fields={AFFECTED_FIELD: values.affected} if asked else {},
            data={"call_seconds": self._call.seconds},
        )

    def _save(self, how: str, then: "Callable[[int], None] | None", take: bool = False) -> None:
        """Log the call once; asking again after an unclear failure is the same operation."""
        if self._refused():
            return
        ticket = self._ticket(take)

        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            del seen
            done: Done = desk.tickets.new(ticket, op_id=operation)
            return done

        self._place(how, "Logged", run, then)

    def _refused(self) -> bool:
        wrong = self._call.form.wrong
        if wrong:
            self.say(wrong, "warning")
        return bool(wrong)

    def _place(
        self,
        how: str,
        said: str,
        run: "Callable[[Desk, str, Seen], Done]",
        then: "Callable[[int], None] | None" = None,
    ) -> None:
        self._call.keeper.keep()
        state = (how, self._call.form.values)
        if self._order is None or self._order[0] != state:
            self._order = (state, Order(said, run, None, lambda done: self._saved(done, then)))
        self.desk_app.write(self._order[1])

    def _saved(self, done: "Done", then: "Callable[[int], None] | None") -> None:
        if self.left or not done.tickets:
            return
        self.left = True
        number, linked = done.tickets[0], self._call.linked
        self._call.keeper.drop()
        if self.is_current:
            self.action_back()
        if linked:
            self._link(number, linked)
        if then is not None:
            then(number)

    def _link(self, number: int, other: str) -> None:
        asked = Join(int(other[1:])) if other.startswith("P") else Link(int(other[1:]))
        self.desk_app.write(Order(f"Linked to {other}:", OnTickets((number,), asked)))

    def action_save(self) -> None:
        """Log the call."""
        self._save("save", None)

    @on(CallForm.Ended)
    def _ended(self) -> None:
        self.action_save()

    def action_save_guide(self) -> None:
        """Log it and walk a guide."""
        self._save("guide", lambda number: self.desk_app.go("guide", number, None))

    def action_save_take(self) -> None:
        """Log it, take it, open it."""
        self._save("take", lambda number: self.desk_app.go("ticket", number), take=True)

    def action_solved_now(self) -> None:
        """Log it solved, verified by both and closed."""
        if not self._refused():
            self.app.push_screen(SolvedDialog(), self._solved)

    def _solved(self, solved: Solved | None) -> None:
        if solved is None:
            return
        ticket = self._ticket()

        def run(desk: "Desk", operation: str, seen: Seen) -> "Done":
            del seen
            done: Done = desk.calls.solved(
                ticket, solved.resolution, waived=solved.waived, op_id=operation
            )
            return done

        self._place(f"solved {solved}", "Logged and solved", run)
