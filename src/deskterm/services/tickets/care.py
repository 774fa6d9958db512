"""The way of a ticket: owner, waiting, escalation, solution, verification, closing (B1 to B3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskterm.domain import clock, lifecycle
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event, Outcome, Proof, State, Step, WaitingFor
from deskterm.services.tickets.operation import Operating
from deskterm.services.tickets.steps import go_back, mark, step_named
from deskterm.services.tickets.taking import Taking
from deskterm.storage.names import number_of
from deskterm.storage.ticket.hold import Hold
from deskterm.triage.moments import later

Targets = Sequence[int]


class Care(Taking):
    """Use cases that move a ticket along. Each takes `op_id`, `dry` and `guard`."""

    def step(
        self,
        targets: Targets,
        step: str,
        *,
        status: str = "done",
        reason: str = "",
        by: str | None = None,
        **how: Any,
    ) -> Done:
        """Mark one of the nine steps done, or skipped with a reason."""
        named = step_named(step)
        if status == "skipped" and not reason.strip():
            raise UsageError(f"skipping {named} needs a reason (--reason).")

        def change(held: Hold) -> None:
            mark(held, named, status, reason, by)
            held.write(Event.STEPPED, reason)

        return self.operate("step", targets, change, **how)

    def wait(
        self,
        targets: Targets,
        waiting_for: str,
        until: datetime | str | None = None,
        reason: str = "",
        **how: Any,
    ) -> Done:
        """Let tickets wait for the customer, an approval or something else.

        `until` is an aware time, or words such as `3d`, `tomorrow`, `2026-12-24`.
        """
        if waiting_for not in tuple(WaitingFor):
            raise UsageError(f"waiting for {waiting_for!r}? Use {', '.join(WaitingFor)}.")
        moment = later(until, clock.now(), self.zone()) if isinstance(until, str) else until

        def change(held: Hold) -> None:
            held.set(
                state=State.WAITING,
                waiting_for=waiting_for,
                waiting_until=moment,
                waiting_reason=reason,
            )
            concerns = waiting_for != WaitingFor.OTHER
            entry = held.write(Event.WAITING, reason, public=concerns)
            if concerns:
                self.letters.write(held, "waiting", entry)

        return self.operate("wait", targets, change, **how)

    def resume(self, targets: Targets, reason: str = "", **how: Any) -> Done:
        """Take tickets out of waiting."""

        def change(held: Hold) -> None:
            stop_waiting(held)
            held.write(Event.RESUMED, reason)

        return self.operate("resume", targets, change, **how)

    def escalate(
        self,
        targets: Targets,
        group: str,
        summary: str = "",
        actions: Sequence[str] = (),
        **how: Any,
    ) -> Done:
        """Hand tickets to a group with a written summary and suggested next actions (F2)."""

        def change(held: Hold) -> None:
            escalate(self, held, group, summary, actions)

        return self.operate("escalate", targets, change, **how)

    def hand_back(self, targets: Targets, text: str = "", **how: Any) -> Done:
        """Give escalated tickets back to whoever escalated them."""

        def change(held: Hold) -> None:
            if held["from_group_id"] is None and held["from_assignee"] is None:
                raise RefusedError(
                    f"#{held.id} was not escalated: there is nobody to return it to."
                )
            stop_waiting(held)
            held.set(
                state=State.OPEN,
                group_id=held["from_group_id"],
                assignee=held["from_assignee"],
                level=1,
                from_group_id=None,
                from_assignee=None,
            )
            held.write(Event.HANDED_BACK, text)

        return self.operate("hand-back", targets, change, **how)

    def solve(
        self, targets: Targets, resolution: str, solution: int | None = None, **how: Any
    ) -> Done:
        """Say that the work is done and how; it is not closed before it is verified."""

        def change(held: Hold) -> None:
            entry = solve(held, resolution, solution)
            self.letters.write(held, "solved", entry)

        return self.operate("solve", targets, change, **how)

    def verify(self, targets: Targets, by: str, result: str, reason: str = "", **how: Any) -> Done:
        """Record the verification by `craft` or `customer`: ok, failed or waived (B3)."""
        _check_verification(by, result, reason)

        def change(held: Hold) -> None:
            entry = verify(held, by, result, reason)
            if result == Proof.FAILED:
                self.letters.write(held, "reopened", entry)

        return self.operate("verify", targets, change, **how)

    def close(self, targets: Targets, outcome: str, reason: str = "", **how: Any) -> Done:
        """Close tickets; as solved only through the closing gate (B3)."""
        if outcome not in tuple(Outcome):
            raise UsageError(f"closing as {outcome!r}? Use {', '.join(Outcome)}.")

        def change(held: Hold) -> None:
            entry = close(held, outcome, reason)
            if outcome != Outcome.SPAM:
                self.letters.write(held, "closed", entry)

        return self.operate("close", targets, change, **how)

    def finish(self, targets: Targets, resolution: str = "", reason: str = "", **how: Any) -> Done:
        """Solve where needed, verify the craft, waive the customer's word with a reason, close."""

        def change(held: Hold) -> None:
            if held["customer_proof"] is None and not reason:
                raise RefusedError(
                    f"#{held.id}: the customer has not confirmed it; "
                    "name a reason for doing without their word."
                )
            if held["state"] != State.SOLVED:
                solve(held, resolution, None)
            if held["craft_proof"] is None:
                verify(held, "craft", Proof.OK, "")
            entry = close(held, Outcome.SOLVED, reason)
            self.letters.write(held, "closed", entry)

        return self.operate("close", targets, change, **how)

    def reopen(self, targets: Targets, reason: str, **how: Any) -> Done:
        """Open solved, closed or cancelled tickets again."""
        if not reason.strip():
            raise UsageError("reopening needs a reason (--reason).")

        def change(held: Hold) -> None:
            entry = reopen(held, reason)
            self.letters.write(held, "reopened", entry)

        return self.operate("reopen", targets, change, **how)

    def cancel(self, targets: Targets, reason: str, **how: Any) -> Done:
        """Cancel tickets: the work is not wanted any more."""
        if not reason.strip():
            raise UsageError("cancelling needs a reason (--reason).")

        def change(held: Hold) -> None:
            stop_waiting(held)
            held.set(state=State.CANCELLED, close_reason=reason, closed_at=held.work.at)
            entry = held.write(Event.CANCELLED, reason, public=True)
            self.letters.write(held, "cancelled", entry)

        return self.operate("cancel", targets, change, **how)


def stop_waiting(held: Hold) -> None:
    """Take the waiting off a ticket; a waiting one is open again."""
    if held["state"] == State.WAITING:
        held.set(state=State.OPEN)
    held.set(waiting_for=None, waiting_until=None, waiting_reason="")


def escalate(desk: Operating, held: Hold, group: str, summary: str, actions: Sequence[str]) -> int:
    """Hand one held ticket to a group; gives the ledger entry's id."""
    spine = held.work.spine
    number = number_of(spine, "group", group)
    row = spine.one("SELECT name, level FROM desk_group WHERE id = :id", id=number)
    stop_waiting(held)
    held.set(
        state=State.OPEN,
        from_group_id=held["group_id"],
        from_assignee=held["assignee"] or held.work.actor,
        group_id=number,
        assignee=None,
        level=row["level"],  # type: ignore[index]
    )
    entry = held.write(Event.ESCALATED, summary, data={"actions": list(actions)})
    desk.letters.write(held, "escalated", entry)
    return entry


def solve(held: Hold, resolution: str, solution: int | None) -> int:
    """Mark one held ticket solved; gives the ledger entry's id."""
    if not resolution.strip():
        raise UsageError("how was it solved? Say it (--resolution).")
    _check_fields(held)
    stop_waiting(held)
    held.set(
        state=State.SOLVED,
        resolution=resolution,
        solved_at=held.work.at,
        assignee=held["assignee"] or held.work.actor,
        craft_proof=None,
        customer_proof=None,
    )
    if solution is not None:
        from deskterm.services.solutions.on_ticket import solved_with

        solved_with(held, solution)
    mark(held, Step.CARRY_OUT)
    return held.write(Event.SOLVED, resolution, public=True)


def verify(held: Hold, by: str, result: str, reason: str, **entry: Any) -> int:
    """Record one verification on a held ticket; gives the ledger entry's id."""
    craft = by == "craft"
    step = Step.VERIFY if craft else Step.CONFIRM
    if held["solution_id"] is not None and (result == Proof.FAILED or _confirms(by, result)):
        from deskterm.services.solutions.on_ticket import verified

        verified(held, worked=result == Proof.OK)
    if result == Proof.FAILED:
        reopen_work(held)
        go_back(held, Step.REPRODUCE if craft else Step.STATE)
    else:
        held.set(**{"craft_proof" if craft else "customer_proof": result})
        status = "skipped" if result == Proof.WAIVED else "done"
        mark(held, step, status, reason, by=entry.get("actor"))
    data = {**entry.pop("data", {}), "by": by, "result": str(result)}
    return held.write(Event.VERIFIED, reason, public=not craft, data=data, **entry)


def _confirms(by: str, result: str) -> bool:
    """Only the customer's own word proves that a solution worked (E2)."""
    return by == "customer" and result == Proof.OK


def close(held: Hold, outcome: str, reason: str, **entry: Any) -> int:
    """Close one held ticket through the gate; gives the ledger entry's id."""
    proofs = (held["craft_proof"], held["customer_proof"])
    lifecycle.check_close(held.id, held["state"], outcome, proofs, reason)
    if outcome == Outcome.SOLVED and held["customer_proof"] is None:
        held.set(customer_proof=Proof.WAIVED)
        mark(held, Step.CONFIRM, "skipped", reason)
    stop_waiting(held)
    held.set(
        state=State.CLOSED,
        outcome=outcome,
        close_reason=reason,
        closed_at=held.work.at,
        first_closed_at=held["first_closed_at"] or held.work.at,
    )
    data = {**entry.pop("data", {}), "outcome": outcome}
    return held.write(Event.CLOSED, reason, public=True, data=data, **entry)


def reopen(held: Hold, reason: str, **entry: Any) -> int:
    """Open one held ticket again; gives the ledger entry's id."""
    reopen_work(held)
    for step in (Step.VERIFY, Step.CONFIRM):
        held.put(f"step.{step}", None)
    return held.write(Event.REOPENED, reason, public=True, **entry)


def reopen_work(held: Hold) -> None:
    """Take back that a ticket is solved or closed; the first closing stays known."""
    held.set(
        state=State.OPEN,
        outcome=None,
        close_reason="",
        solved_at=None,
        closed_at=None,
        craft_proof=None,
        customer_proof=None,
    )


def _check_verification(by: str, result: str, reason: str) -> None:
    if by not in ("craft", "customer"):
        raise UsageError(f"verified by {by!r}? Use craft or customer.")
    if result not in tuple(Proof):
        raise UsageError(f"result {result!r}? Use {', '.join(Proof)}.")
    if result == Proof.WAIVED and not reason.strip():
        raise UsageError("doing without a verification needs a reason (--reason).")


def _check_fields(held: Hold) -> None:
    """Fields that the ticket's category requires must be filled in before it is solved (A6)."""
    missing = held.work.spine.all(
        "SELECT d.name, d.required_for FROM field_definition d JOIN category c ON c.id = :category "
        "WHERE d.required_for <> '' AND (c.path = d.required_for "
        "OR substr(c.path, 1, length(d.required_for) + 1) = d.required_for || '/') "
        "AND NOT EXISTS (SELECT 1 FROM field_value v WHERE v.ticket_id = :id AND v.name = d.name) "
        "ORDER BY d.position, d.name",
        category=held["category_id"],
        id=held.id,
    )
    if missing:
        names = ", ".join(row["name"] for row in missing)
        raise RefusedError(
            f"#{held.id}: fill in {names} first; {missing[0]['required_for']} needs it."
        )
