"""Yes or no to what mails ask for without proof: reopen the ticket, tell people of it (§1.8)."""

from deskterm.domain import lifecycle
from deskterm.domain.errors import RefusedError
from deskterm.domain.questions import Allow, Asks, Decline, Question
from deskterm.domain.verbs import Reopen
from deskterm.domain.visits import SetVisit
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import asked, settle
from deskterm.storage.people import create_person, person_of_address
from deskterm.storage.ticket.hold import Hold


def allow(held: Hold, request: Allow, act: Act) -> int:
    """Do what is asked for: reopen it, let the people named hear of it from now on."""
    return [_allow(held, one, act) for one in _open(held, request.first)][-1]


def decline(held: Hold, request: Decline, act: Act) -> int:
    """Leave it as it is; the ledger says what was asked."""
    return [_decline(held, one, act) for one in _open(held, request.first)][-1]


def _decline(held: Hold, question: Question, act: Act) -> int:
    """Leave it; whoever proposed another time for a visit hears that it stays as it was."""
    if question.asks == Asks.MOVE:
        from deskterm.services.tickets.verbs.visits import stay

        entry = stay(held, act)
        if entry is not None:
            return entry
    return _settle(held, question, act, "no")


def _open(held: Hold, first: bool) -> list[Question]:
    found = [one for asks in Asks if (one := asked(held, asks)) is not None]
    if not found:
        raise RefusedError(f"#{held.id}: no mail on it asks for anything.")
    return found[:1] if first else found


def _allow(held: Hold, question: Question, act: Act) -> int:
    if question.asks == Asks.REOPEN and lifecycle.allowed("reopen", held["state"]):
        return act.do(held, Reopen(f"Asked for by a mail from {question.by}."))
    if question.asks == Asks.SLOT:
        raise RefusedError(
            f"#{held.id}: a yes says no time: `deskterm visit choose {held.id} N`, or offer others."
        )
    if question.asks == Asks.MOVE:
        return act.do(held, SetVisit(at=question.at))
    for name, address in question.people:
        person = person_of_address(held.work.spine, address)
        if person is None:
            person = create_person(held.work, name, address)
        if person != held["requester_id"]:
            held.put(f"watcher.{person}", True)
    return _settle(held, question, act, "yes")


def _settle(held: Hold, question: Question, act: Act, answer: str) -> int:
    settle(held, question.asks)
    return act.write(held, Event.CHANGED, f"Answered {answer}: {question.words}")
