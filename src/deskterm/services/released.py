"""What somebody answers to the letter of a release: it works, or it is still broken (F4)."""

from deskterm.domain.clock import to_text
from deskterm.domain.releases import Answered
from deskterm.domain.verbs import Close, Reopen, Verify
from deskterm.domain.vocabulary import Event, Outcome, Proof, State
from deskterm.services.tickets.act import Act
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import releases as reads
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.work import Work

_ENDED = (State.CLOSED, State.CANCELLED)


def answer(work: Work, release: int, person: int, *, works: bool, comment: str, act: Act) -> int:
    """Keep what a person says of a release, on it and on their tickets; gives the last entry.

    "Still broken" opens each of them again, closed ones too; "it works" verifies what it solved.
    The last answer counts.
    """
    row = HeldRow(work, "release", release)
    said = Answered.WORKS if works else Answered.BROKEN
    if row.get(f"told.{person}") is not None:
        row.put(f"answer.{person}", [str(said), to_text(work.at)])
        row.write(Event.ANSWERED, str(said))
    entry = 0
    for held in hold(work, reads.tickets_of(work.spine, release, person)).values():
        entry = _works(held, comment, act) if works else _broken(held, row["name"], comment, act)
    return entry


def _works(held: Hold, comment: str, act: Act) -> int:
    if held["state"] != State.SOLVED:
        return act.write(held, Event.RECEIVED, comment or "(It works.)", public=True)
    entry = act.do(held, Verify("customer", Proof.OK, comment))
    if held["craft_proof"] in (Proof.OK, Proof.WAIVED):
        act.do(held, Close(Outcome.SOLVED))
    return entry


def _broken(held: Hold, release: str, comment: str, act: Act) -> int:
    said = f"{comment or 'Still broken.'} ({release})"
    if held["state"] == State.SOLVED:
        return act.do(held, Verify("customer", Proof.FAILED, said))
    if held["state"] in _ENDED:
        return act.do(held, Reopen(said))
    return act.write(held, Event.RECEIVED, said, public=True)
