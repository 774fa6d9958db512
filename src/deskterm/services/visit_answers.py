"""A customer's choice among the times of a visit, and what an undo makes of an invitation (G3)."""

import json
from typing import TYPE_CHECKING

from deskterm.domain.errors import DeskError
from deskterm.domain.questions import Asks, Question, Why
from deskterm.domain.visits import ChooseVisit, OfferVisit, agreed_of
from deskterm.domain.vocabulary import Event
from deskterm.mail.answers import NO, UNSURE, Answer
from deskterm.mail.visit_words import without_label
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import ask
from deskterm.services.tickets.verbs.visits import tell_again
from deskterm.storage.reads.recipients import recipient
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.visits import visit_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from deskterm.services.letters import Letters
    from deskterm.services.tickets.undo import Subject
    from deskterm.storage.driver import Row
    from deskterm.storage.subjects import Held
    from deskterm.storage.work import Work


def answer_time(held: Hold, answer: Answer, comment: str, act: Act) -> tuple[int, str]:
    """Fix the time that was chosen; gives the entry and what became of it.

    Where it is taken meanwhile, other times are offered at once; where none fits or none is named,
    a technician is asked.
    """
    said = without_label(comment)
    if answer.value in (NO, UNSURE):
        return _ask(held, answer, said, act)
    try:
        entry = act.do(held, ChooseVisit(int(answer.value)))
    except DeskError as refused:
        return _offer_others(held, answer, f"{said}\n\n{refused}".strip(), act)
    if said:
        entry = act.write(held, Event.RECEIVED, said, public=True)
    return entry, f"a time for the visit on #{held.id} was chosen"


def _ask(held: Hold, answer: Answer, said: str, act: Act) -> tuple[int, str]:
    person = recipient(held.work.spine, answer.person)
    by = person.address if person else "the customer"
    ask(held, Question(Asks.SLOT, by, Why.UNSURE))
    if answer.value == UNSURE:  # the words themselves are filed as a reply
        return held.write(Event.CHANGED), f"it names none of the times offered on #{held.id}"
    entry = act.write(held, Event.RECEIVED, said or "None of these times fits.", public=True)
    return entry, f"none of the times offered on #{held.id} fits"


def _offer_others(held: Hold, answer: Answer, said: str, act: Act) -> tuple[int, str]:
    """The time cannot be had any more: say so, with others."""
    act.write(held, Event.RECEIVED, said, data={"verb": "taken"})
    act.data["taken"] = True
    try:
        entry = act.do(held, OfferVisit())
    except DeskError:
        return _ask(held, answer, "The time that they chose is not free any more.", act)
    return entry, f"the time chosen on #{held.id} was taken meanwhile; others are offered"


def told_again(
    letters: "Letters", work: "Work", held: "Mapping[Subject, Held]", rows: "Sequence[Row]"
) -> None:
    """After an undo or redo: whoever had a letter about these visits is told how it is now."""
    for row in rows:
        ticket = held.get((row["kind"], row["subject_id"]))
        if row["kind"] != "ticket" or not isinstance(ticket, Hold):
            continue
        for key, (before, after) in json.loads(row["changes"]).items():
            kind, _, number = key.partition(".")
            if kind == "visit" and visit_told(work.spine, row["id"]):
                tell_again(ticket, int(number), agreed_of(after or before), Act(letters))
