"""Approvals: whose, since when, granted or refused; by mail or told to a technician (A7)."""

import json
from typing import Any

from deskterm.domain.errors import RefusedError
from deskterm.domain.vocabulary import Approval, Event, Needs, State, WaitingFor
from deskterm.services.letters import Letters
from deskterm.services.tickets.care import stop_waiting
from deskterm.services.written import Written
from deskterm.storage import people
from deskterm.storage.ticket.hold import Hold


def ask(letters: Letters, held: Hold, who: str) -> int | None:
    """Name the approver of a held ticket and write to them; gives the entry, None where no news.

    Whoever is named becomes a person where unknown. Naming the same person again asks nothing
    anew while their answer is awaited.
    """
    before = held["approver_id"], held["approval"]
    named(held, who)
    if before == (held["approver_id"], Approval.ASKED):
        return None
    held.set(approval=Approval.ASKED, approval_at=held.work.at)
    entry = held.write(Event.APPROVAL, public=True, data={"approval": Approval.ASKED})
    if letters.write_to(held, held["approver_id"], "approval", entry) == 0:
        held.work.state(Written).silent.append(held.id)
    return entry


def named(held: Hold, who: str) -> None:
    """Name somebody as the approver without asking them."""
    person = people.person_for(held.work, who)
    row = held.work.spine.one("SELECT name FROM person WHERE id = :id", id=person)
    held.set(approver=row["name"] if row else who, approver_id=person)


def drop(held: Hold) -> None:
    """Take the question back: nothing needs to be approved any more."""
    held.set(approver="", approver_id=None, approval=None, approval_at=None)


def decide(letters: Letters, held: Hold, granted: bool, reason: str, **entry: Any) -> int:
    """Write down the decision on a held ticket and tell the requester; gives the ledger entry.

    A ticket that waits for it is open again.
    """
    result = Approval.GRANTED if granted else Approval.REFUSED
    held.set(approval=result, approval_at=held.work.at)
    if held["state"] == State.WAITING and held["waiting_for"] == WaitingFor.APPROVAL:
        stop_waiting(held)
    data = {**entry.pop("data", {}), "approval": result}
    number = held.write(Event.APPROVAL, reason, public=True, data=data, **entry)
    letters.write(held, "decided", number, spoke=entry.get("person_id"))
    return number


def asked_last(held: Hold) -> int | None:
    """Give the ledger entry that asked for the approval of a held ticket last."""
    rows = held.work.spine.all(
        "SELECT id, data FROM ledger WHERE kind = 'ticket' AND subject_id = :id "
        "AND event = 'approval' ORDER BY id DESC",
        id=held.id,
    )
    return next(
        (row["id"] for row in rows if json.loads(row["data"]).get("approval") == Approval.ASKED),
        None,
    )


def check_needed(held: Hold) -> None:
    """Raise RefusedError where nobody's approval is needed."""
    if held["needs"] == Needs.NOTHING:
        raise RefusedError(
            f"#{held.id} needs no approval; say so first (set --needs approval --approver WHO)."
        )
