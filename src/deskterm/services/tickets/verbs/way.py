"""The way of a ticket: waiting, solution, verification, closing, opening again (B1 to B3)."""

from deskterm.domain import lifecycle
from deskterm.domain.errors import RefusedError
from deskterm.domain.questions import Asks
from deskterm.domain.verbs import Cancel, Close, Finish, Reopen, Resume, Solve, Verify, Wait
from deskterm.domain.vocabulary import Approval, Event, Outcome, Proof, State, Step, WaitingFor
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import settle
from deskterm.services.tickets.steps import go_back, mark, stop_waiting
from deskterm.storage.ticket.hold import Hold


def wait(held: Hold, asked: Wait, act: Act) -> int:
    """Let it wait; the customer hears of it where it concerns them."""
    held.set(
        waiting_for=asked.whom,
        waiting_until=act.moment(held, asked.until) if asked.until.strip() else None,
        waiting_reason=asked.reason,
    )
    concerns = asked.whom != WaitingFor.OTHER
    entry = act.write(held, Event.WAITING, asked.reason, public=concerns)
    if concerns:
        act.tell(held, "waiting", entry)
    return entry


def resume(held: Hold, asked: Resume, act: Act) -> int:
    """Take it out of waiting."""
    stop_waiting(held)
    return act.write(held, Event.RESUMED, asked.reason)


def solve(held: Hold, asked: Solve, act: Act) -> int:
    """Say that the work is done; the customer is asked whether it works."""
    _check_ready(held, act)
    stop_waiting(held)
    held.set(
        resolution=asked.resolution,
        solved_at=held.work.at,
        assignee=held["assignee"] or held.work.actor,
        craft_proof=None,
        customer_proof=None,
    )
    if asked.solution is not None:
        act.solved_with(held, asked.solution)
    mark(held, Step.CARRY_OUT)
    entry = act.write(held, Event.SOLVED, asked.resolution, public=True)
    act.tell(held, "solved", entry)
    return entry


def verify(held: Hold, asked: Verify, act: Act) -> int:
    """Record one verification; a failed one opens the ticket again, and that is told."""
    craft = asked.by == "craft"
    failed = asked.result == Proof.FAILED
    confirmed = not craft and asked.result == Proof.OK  # only the customer's own word proves (E2)
    if held["solution_id"] is not None and (failed or confirmed):
        act.proved(held, worked=confirmed)
    if failed:
        _take_back_the_end(held)
        go_back(held, Step.REPRODUCE if craft else Step.STATE)
    else:
        held.set(**{"craft_proof" if craft else "customer_proof": asked.result})
        if confirmed:
            settle(held, Asks.REOPEN)
        status = "skipped" if asked.result == Proof.WAIVED else "done"
        mark(held, Step.VERIFY if craft else Step.CONFIRM, status, asked.reason, by=act.actor)
    entry = act.write(
        held,
        Event.VERIFIED,
        asked.reason,
        public=not craft,
        data={"by": asked.by, "result": str(asked.result)},
    )
    if failed:
        act.tell(held, "reopened", entry)
    return entry


def close(held: Hold, asked: Close, act: Act) -> int:
    """Close it through the gate (B3); spam is not answered."""
    proofs = (held["craft_proof"], held["customer_proof"])
    lifecycle.check_close(held.id, act.before, asked.outcome, proofs, asked.reason)
    if asked.outcome == Outcome.SOLVED and held["customer_proof"] is None:
        held.set(customer_proof=Proof.WAIVED)
        mark(held, Step.CONFIRM, "skipped", asked.reason)
    if asked.outcome == Outcome.DUPLICATE:
        act.duplicate_of(held, asked.of)
    data: dict[str, object] = {"outcome": asked.outcome}
    if asked.outcome == Outcome.RECORDED:
        from deskterm.services.promised import record

        data |= record(held, asked, act)
    stop_waiting(held)
    held.set(
        outcome=asked.outcome,
        close_reason=asked.reason,
        closed_at=held.work.at,
        first_closed_at=held["first_closed_at"] or held.work.at,
    )
    former = _nobody_decides(held)
    _clocks_stop(held, act)
    _visits_stay(held, act)
    entry = act.write(held, Event.CLOSED, asked.reason, public=True, data=data)
    if asked.outcome != Outcome.SPAM:
        act.tell(held, "recorded" if asked.outcome == Outcome.RECORDED else "closed", entry)
    _hears(held, act, former, entry)
    return entry


def finish(held: Hold, asked: Finish, act: Act) -> int:
    """Solve where needed, verify the craft, close; one letter tells of all of it."""
    if held["customer_proof"] is None and not (asked.reason or asked.said_yes):
        raise RefusedError(
            f"#{held.id}: the customer has not confirmed it; "
            "name a reason for doing without their word."
        )
    with act.quietly():
        if held["state"] != State.SOLVED:
            act.do(held, Solve(asked.resolution))
        if held["craft_proof"] is None:
            result = Proof.WAIVED if asked.untested else Proof.OK
            act.do(held, Verify("craft", result, asked.untested))
        if held["customer_proof"] is None and asked.said_yes:
            act.do(held, Verify("customer", Proof.OK, "said so to the technician"))
    return act.do(held, Close(Outcome.SOLVED, asked.reason))


def reopen(held: Hold, asked: Reopen, act: Act) -> int:
    """Open it again; both verifications have to be made anew."""
    _take_back_the_end(held)
    for step in (Step.VERIFY, Step.CONFIRM):
        held.put(f"step.{step}", None)
    entry = act.write(held, Event.REOPENED, asked.reason, public=True)
    act.tell(held, "reopened", entry)
    return entry


def cancel(held: Hold, asked: Cancel, act: Act) -> int:
    """The work is not wanted any more."""
    stop_waiting(held)
    held.set(close_reason=asked.reason, closed_at=held.work.at)
    former = _nobody_decides(held)
    _clocks_stop(held, act)
    _visits_stay(held, act)
    entry = act.write(held, Event.CANCELLED, asked.reason, public=True)
    act.tell(held, "cancelled", entry)
    _hears(held, act, former, entry)
    return entry


def _visits_stay(held: Hold, act: Act) -> None:
    """Say which visits stay agreed on or offered on what is over: nothing calls them off."""
    if held.visited:
        from deskterm.services.visits import left_words

        act.notes |= dict.fromkeys(left_words(held.work.spine, [held.id]))


def _nobody_decides(held: Hold) -> int | None:
    """What has ended needs no decision any more (A7); gives who was asked for one."""
    former = held["approver_id"] if held["approval"] == Approval.ASKED else None
    if former is not None:
        held.set(approval=None, approval_at=None)
    return former


def _clocks_stop(held: Hold, act: Act) -> None:
    """No clock runs on what is over."""
    if held.clocked:
        from deskterm.services.tickets.verbs.times import stop_all

        stop_all(held, act)


def _hears(held: Hold, act: Act, former: int | None, entry: int) -> None:
    if former is not None:
        from deskterm.services.tickets.verbs.approvals import no_more

        no_more(act.letters, held, former, entry)


def _take_back_the_end(held: Hold) -> None:
    """Take back that a ticket is solved or closed; the first closing stays known."""
    held.set(
        outcome=None,
        close_reason="",
        solved_at=None,
        closed_at=None,
        craft_proof=None,
        customer_proof=None,
    )
    settle(held, Asks.REOPEN)


def _check_ready(held: Hold, act: Act) -> None:
    """What must be there before it is solved: fields of its category (A6), items of checklists."""
    missing = act.missing_fields(held)
    if missing:
        names = ", ".join(name for name, _ in missing)
        raise RefusedError(f"#{held.id}: fill in {names} first; {missing[0][1]} needs it.")
    act.check_items(held)
