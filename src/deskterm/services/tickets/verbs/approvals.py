"""Approvals: whose, since when, granted or refused; by mail or told to a technician (A7)."""

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.verbs import Decide
from deskterm.domain.vocabulary import Approval, Event, Needs, State, WaitingFor
from deskterm.services.letters import Letters
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import stop_waiting
from deskterm.services.written import Written
from deskterm.storage import outbox, people
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import held as reads
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
    person = people.person_for(held.work, _address_of(held, who))
    held.set(approver=reads.name_of_person(held.work.spine, person) or who, approver_id=person)


def _address_of(held: Hold, who: str) -> str:
    """Give `Name <address>` where a technician is named by login; raises UsageError without one."""
    spine = held.work.spine
    technician = people.technician_called(spine, who)
    if technician is None or people.people_named(spine, who.strip()):
        return who
    name, email = technician
    if not email:
        raise UsageError(
            f"{who.strip()} is a technician without an address: give the approver's address, "
            "or let them say theirs (deskterm me set --email)."
        )
    return f"{name or who.strip()} <{email}>"


def asked_of(held: Hold) -> int | None:
    """Give the person whose decision is asked for now."""
    return held["approver_id"] if held["approval"] == Approval.ASKED else None


def no_more(letters: Letters, held: Hold, former: int | None, entry: int) -> None:
    """Tell somebody once that their decision is not asked for any more.

    Where the letter that asks them has not left yet it is stopped, and nobody hears of either.
    """
    if former is None or former == asked_of(held):
        return
    waiting = outbox.waiting(held.work.spine, held.id, former, "approval")
    for number in waiting:
        letter = HeldRow(held.work, "letter", number)
        letter.set(state="withdrawn")
        letter.write(Event.MAIL)
    if not waiting:
        letters.write_to(held, former, "unasked", entry)


def drop(held: Hold) -> None:
    """Take the question back: nothing needs to be approved any more."""
    held.set(approver="", approver_id=None, approval=None, approval_at=None)


def decide(held: Hold, asked: Decide, act: Act) -> int:
    """Write down the decision and tell the requester; a ticket that waits for it is open again."""
    if held["needs"] == Needs.NOTHING:
        raise RefusedError(
            f"#{held.id} needs no approval; say so first (set --needs approval --approver WHO)."
        )
    if asked.by:
        named(held, asked.by)
    result = Approval.GRANTED if asked.granted else Approval.REFUSED
    held.set(approval=result, approval_at=held.work.at)
    if held["state"] == State.WAITING and held["waiting_for"] == WaitingFor.APPROVAL:
        stop_waiting(held)
    entry = act.write(held, Event.APPROVAL, asked.reason, public=True, data={"approval": result})
    act.tell(held, "decided", entry)
    return entry


def asked_last(held: Hold) -> int | None:
    """Give the ledger entry that asked for the approval of a held ticket last."""
    told = reads.told_by(held.work.spine, held.id, Event.APPROVAL)
    return next((one for one, data in told if data.get("approval") == Approval.ASKED), None)
