"""A calendar program's answer to our invitation: it is obeyed where it proves itself (§1, §13).

The UID is signed and only in the invitation; besides, whoever answers must be on the ticket. What
answers an earlier time, or a visit that is over, is told and moves nothing. Nothing of it opens a
ticket again, or stops a clock; nobody is written to.
"""

from deskterm.domain import clock
from deskterm.domain.clock import to_text
from deskterm.domain.errors import ConflictError
from deskterm.domain.questions import Asks, Question
from deskterm.domain.visits import OPEN, Agreed, VisitState, agreed_of
from deskterm.domain.vocabulary import Event
from deskterm.mail.calendar_answer import (
    ACCEPTED,
    CANCEL,
    COUNTER,
    DECLINED,
    TENTATIVE,
    CalendarAnswer,
    answer_in,
)
from deskterm.mail.thread import Thread
from deskterm.mail.tokens import visit_of_uid
from deskterm.services.inbox.arrived import Filed, Mail, Sender
from deskterm.services.inbox.notes import facts_of, remember
from deskterm.services.inbox.parties import is_customer
from deskterm.services.inbox.receive import IMPORTED
from deskterm.services.inbox.rules import MailRules
from deskterm.services.tickets.questions import ask, settle
from deskterm.services.visits import local_words
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.visits import visit as visit_row
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.visits import check_free
from deskterm.storage.work import Work

_ANSWERS = {ACCEPTED: VisitState.FIXED, TENTATIVE: VisitState.FIXED, DECLINED: VisitState.DECLINED}
"""What a calendar says → the state of the visit after it."""


def file_calendar(work: Work, rules: MailRules, mail: Mail, sender: Sender) -> Filed | None:
    """File a calendar's answer to an invitation of ours; None for any other mail."""
    if mail.mailbox == IMPORTED or not mail.parsed.files:
        return None
    answer = answer_in(mail.parsed.files, desk_zone(work.spine))
    number = visit_of_uid(answer.uid, rules.secrets) if answer else None
    row = visit_row(work.spine, number) if number is not None else None
    if answer is None or number is None or row is None:
        return None
    held = hold(work, [row.ticket_id])[row.ticket_id]
    filing = _Answer(held, number, answer, sender)
    known = is_customer(work.spine, held.id, sender.address)
    reason = filing.obey(row.sequence) if known else filing.tell_stranger()
    data = facts_of(mail, Thread(held.id, reason), None) | filing.data
    if filing.obeyed:
        held.write(
            Event.VISIT, filing.text, public=True, actor="customer", person_id=sender.person,
            data=data,
        )  # fmt: skip
    else:
        held.write(Event.RECEIVED, filing.text, actor="mail", person_id=sender.person,
                   data=data | {"machine": reason})  # fmt: skip
    remember(work, held.id, mail)
    return Filed("machine", reason, held.id)


class _Answer:
    """One answer on its held ticket."""

    def __init__(self, held: Hold, number: int, answer: CalendarAnswer, sender: Sender) -> None:
        self.held = held
        self.number = number
        self.answer = answer
        self.sender = sender
        self.obeyed = False
        self.text = answer.comment
        self.data: dict[str, object] = {}

    def obey(self, sequence: int) -> str:
        """Do what the answer says where it may; gives what became of it."""
        kept = self.held.get(f"visit.{self.number}")
        visit = agreed_of(kept) if kept is not None else None
        if visit is None or visit.at is None or visit.state not in OPEN:
            state = visit.state if visit else "taken back"
            return self._told(f"It answers the invitation to a visit that is {state}.")
        if self.answer.sequence < sequence:
            return self._told(
                "It answers an earlier invitation; the visit is now on "
                f"{local_words(self.held.work.spine, visit.at)}."
            )
        self.data = {"verb": "answered", "technician": visit.technician}
        if self.answer.method == COUNTER and self.answer.start not in (None, visit.at):
            return self._propose(visit)
        said = DECLINED if self.answer.method == CANCEL else self.answer.said
        if said not in _ANSWERS:
            return self._told("Its calendar says neither yes nor no.")
        return self._answered(visit, said)

    def tell_stranger(self) -> str:
        """Tell that somebody answered who is not on the ticket."""
        self.data = {"external": self.sender.address}
        return self._told(
            f"An answer to our invitation from {self.sender.address}, who is not on this ticket."
        )

    def _told(self, why: str) -> str:
        """Nothing moves; technicians read why."""
        self.text = "\n\n".join(part for part in (f"{why} Nothing was changed.", self.text) if part)
        return why

    def _answered(self, visit: Agreed, said: str) -> str:
        """Keep what they said; a no frees the time, a later yes takes it again if it is free."""
        state = _ANSWERS[said]
        if state == VisitState.FIXED and visit.state == VisitState.DECLINED:
            try:
                check_free(self.held.work.spine, self.number, visit)
            except ConflictError as taken:
                return self._told(f"They accept after all, but {taken}")
        self.obeyed = True
        visit = visit._replace(state=state, answer=said.lower())
        self.held.put(f"visit.{self.number}", visit.kept)
        settle(self.held, Asks.MOVE)
        self.text = "\n\n".join(part for part in (f"Calendar: {said.lower()}.", self.text) if part)
        return f"their calendar has {said.lower()} the visit on #{self.held.id}"

    def _propose(self, visit: Agreed) -> str:
        """Ask a technician whether the visit moves to the time that is proposed."""
        start = self.answer.start
        assert start is not None
        when = local_words(self.held.work.spine, start)
        if start <= clock.now():
            return self._told(f"They propose {when}, which is past.")
        self.obeyed = True
        ask(self.held, Question(Asks.MOVE, self.sender.address, at=to_text(start)))
        self.held.put(f"visit.{self.number}", visit._replace(answer="other time").kept)
        said = f"Calendar: proposes {when} instead."
        self.text = "\n\n".join(part for part in (said, self.text) if part)
        return f"they propose another time for the visit on #{self.held.id}"
