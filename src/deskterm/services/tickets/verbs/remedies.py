"""Remedies offered as choices, and the customer's choice (B6); kept in the ledger."""

from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.remedies import Remedy, Said, offer_words, remedy_words
from deskterm.domain.text import storable
from deskterm.domain.verbs import Choose, Offer
from deskterm.domain.vocabulary import Event, Step
from deskterm.services.solutions.remedies import last_offer
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.steps import mark
from deskterm.services.tickets.verbs.talk import answer
from deskterm.storage.ticket.hold import Hold


def offer(held: Hold, asked: Offer, act: Act) -> int:
    """Offer remedies, numbered; step 5 is done."""
    remedies = [list(one) for one in asked.remedies]
    mark(held, Step.PROPOSE)
    if asked.told:
        words = offer_words(asked.remedies)
        return act.write(held, Event.STEPPED, words, data={"remedies": remedies})
    return answer(held, offer_words(asked.remedies, _said_to(held)), act, remedies=remedies)


def _said_to(held: Hold) -> Said:
    """Give the words of the requester's language, else of the desk's letters."""
    from deskterm.mail.words import speech
    from deskterm.storage import desk_settings
    from deskterm.storage.reads.public import language

    spine = held.work.spine
    spoken = language(spine, held["requester_id"]) or desk_settings.value(spine, "mail.language")
    return speech(str(spoken)).offer


def choose(held: Hold, asked: Choose, act: Act) -> int:
    """Record the choice; step 6 is done."""
    by, means = (" ".join(storable(text).split())[:200] for text in (asked.by, asked.means))
    found = last_offer(held.work.spine, held.id)
    if found is None:
        raise RefusedError(f"nothing was offered on #{held.id}: `ticket offer` does.")
    if not 1 <= asked.number <= len(found.remedies):
        raise UsageError(f"{asked.number}? Choose 1 to {len(found.remedies)}.")
    mark(held, Step.SELECT)
    words = f"chosen by {by or 'customer'}: {asked.number}. "
    words += remedy_words(found.remedies[asked.number - 1]) + (f", told {means}" if means else "")
    data = {"remedy": asked.number, "by": by or "customer", "how": means}
    entry = act.write(held, Event.STEPPED, words, data=data)
    chosen = found.remedies[asked.number - 1]
    return _offer_visit(held, chosen, act) or entry if chosen.visit else entry


def _offer_visit(held: Hold, chosen: Remedy, act: Act) -> int:
    """Offer times for the visit that a remedy needs; where there are none, it is said: 0."""
    from deskterm.domain.visits import OfferVisit, read_minutes

    try:
        read_minutes(chosen.duration)
    except UsageError:
        length = ""
    else:
        length = chosen.duration
    try:
        return act.do(held, OfferVisit(length=length, what=chosen.text))
    except RefusedError as refused:
        act.notes[f"No times for the visit were offered: {refused}"] = None
        return 0
