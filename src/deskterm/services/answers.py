"""Answers by mail applied to their tickets: did it work, is it granted, how satisfied (B3, A7, H3).

An address that we signed answers for the person it was made for, whoever the mail says it is from.
A plain "yes", "no" or "4" counts where it answers our letter and its sender is whom we asked.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from deskterm.domain.clock import to_text
from deskterm.domain.lifecycle import allowed
from deskterm.domain.news import POOR
from deskterm.domain.releases import Answered
from deskterm.domain.verbs import Choose, Close, Decide, Reopen, Verify
from deskterm.domain.vocabulary import Event, Outcome, Proof, State, WaitingFor
from deskterm.mail.answers import (
    UNSURE,
    YES,
    Answer,
    Question,
    Words,
    answer_of,
    comment_of,
    words_of,
)
from deskterm.mail.templates import QUESTIONS
from deskterm.mail.tokens import ticket_of_message_id
from deskterm.mail.visit_words import remedy_said, time_said
from deskterm.mail.words import PREFILLED
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.operation import Tickets
from deskterm.services.tickets.steps import stop_waiting
from deskterm.services.tickets.verbs.approvals import asked_last
from deskterm.services.tickets.verbs.calls import propose_follow_up
from deskterm.storage import outbox
from deskterm.storage.driver import Database
from deskterm.storage.held_row import HeldRow
from deskterm.storage.reads import releases as reads
from deskterm.storage.reads.held import asked_by as asked_again
from deskterm.storage.reads.held import last_entry
from deskterm.storage.reads.recipients import recipient
from deskterm.storage.reads.releases import release_of_entry
from deskterm.storage.reads.solutions import offer_in, offered_entry, remedies_of
from deskterm.storage.reads.visits import offered_last, slots_of
from deskterm.storage.ticket.hold import Hold, hold, survivor
from deskterm.storage.work import Work

_NEAREST = 5
"""Message-IDs of what a mail answers that are looked up."""


class Said(NamedTuple):
    """A person's answer as it arrived."""

    answer: Answer
    comment: str
    how: str
    """`address`, `words` or `web`."""


class Applied(NamedTuple):
    """What became of an answer."""

    ticket: int
    entry: int
    reason: str
    again: bool = False
    """Whether it changes nothing by itself: a reply like any other."""
    unsure: bool = False
    """Whether it says neither yes nor no: a technician is asked before anything is reopened."""


def said_by_address(addresses: Sequence[str], body: str, secrets: Sequence[str]) -> Said | None:
    """Give the answer that one of the addresses a mail was sent to stands for."""
    for address in addresses:
        answer = answer_of(address, secrets) if "+a" in address.lower() else None
        if answer is not None:
            return Said(answer, comment_of(body, PREFILLED), "address")
    return None


def said_in_words(
    database: Database,
    answers: Sequence[str],
    writer: tuple[int | None, str],
    body: str,
    secrets: Sequence[str],
) -> Said | None:
    """Give the answer that a reply is in words, where it answers a question to its sender.

    `answers` are the Message-IDs that it answers, the nearest first, without brackets; `writer`
    is the person who sent it and the name they write under.
    """
    person, name = writer
    if person is None:
        return None
    for one in answers[:_NEAREST]:
        if ticket_of_message_id(one, secrets) is None:
            continue
        asked = _question_of(database, one, person)
        words = _words(database, asked, body, name) if asked else None
        if asked and words:
            return Said(asked._replace(value=words.value), words.comment, "words")
        return None
    return None


def _words(database: Database, asked: Answer, body: str, name: str) -> Words | None:
    if asked.question == Question.REMEDY:
        return remedy_said(body, len(remedies_of(database, asked.round)))
    if asked.question != Question.VISIT:
        return words_of(body, asked.question, name)
    return time_said(body, slots_of(database, asked.round))


def _question_of(database: Database, message_id: str, person: int) -> Answer | None:
    """Give the question that a letter of ours asks a person; the last where several travelled."""
    found = outbox.asked_in(database, f"<{message_id}>", person)
    for ticket, template, entries in found:
        question = QUESTIONS.get(template)
        if question is not None:
            asked = asked_by(database, entries)
            return Answer(question, ticket, person, asked, "")
        offer = offer_in(database, json.loads(entries))
        if offer:
            return Answer(Question.REMEDY, ticket, person, offer, "")
    return None


def asked_by(database: Database, entries: str) -> int:
    """Give the ledger entry whose question a letter about these entries (JSON) asks."""
    last = json.loads(entries)[-1]
    return asked_again(database, int(last))


class Answers:
    """Applies answers within one operation; every letter it causes leaves out who answered."""

    def __init__(self, work: Work, tickets: Tickets) -> None:
        self._work = work
        self._letters = tickets.letters

    def apply(self, said: Said, data: dict[str, object]) -> Applied:
        """Write down what somebody answered and do what follows from it; `data` is kept with it.

        Raises NotFoundError where the ticket is not there.
        """
        number = survivor(self._work.spine, said.answer.ticket)
        held = hold(self._work, [number])[number]
        kept = {**data, "answer": said.how}
        by = {
            Question.WORKED: self._worked,
            Question.APPROVAL: self._approval,
            Question.SCORE: self._score,
            Question.VISIT: self._visit,
            Question.REMEDY: self._remedy,
        }
        return by[said.answer.question](held, said, kept)

    def _worked(self, held: Hold, said: Said, data: dict[str, object]) -> Applied:
        yes = said.answer.value == YES
        release = release_of_entry(self._work.spine, said.answer.round)
        if release is not None and said.answer.value != UNSURE:
            return self._released(held, said, data, release)
        if said.answer.value == UNSURE:
            return Applied(held.id, 0, f"it may or may not work on #{held.id}", True, unsure=True)
        if held["state"] != State.SOLVED or _last(held, Event.SOLVED) != said.answer.round:
            return self._late(held, said, data, "it did not work" if not yes else "it worked")
        proof = Proof.OK if yes else Proof.FAILED
        entry = self._act(said, data).do(held, Verify("customer", proof, said.comment))
        if yes and held["craft_proof"] in (Proof.OK, Proof.WAIVED):
            self._act(said).do(held, Close(Outcome.SOLVED))
        return Applied(held.id, entry, f"it {'worked' if yes else 'did not work'} on #{held.id}")

    def _released(self, held: Hold, said: Said, data: dict[str, object], release: int) -> Applied:
        """Whether a release works for them, for all of their tickets that it was to fix."""
        yes, person = said.answer.value == YES, said.answer.person
        act = self._act(said, data)
        entry = answer_release(
            self._work, release, person, works=yes, comment=said.comment, act=act
        )
        return Applied(held.id, entry, f"it {'works' if yes else 'is still broken'} on #{held.id}")

    def _approval(self, held: Hold, said: Said, data: dict[str, object]) -> Applied:
        asked = said.answer.round
        if held["approver_id"] != said.answer.person or asked_last(held) != asked:
            return self._late(held, said, data, "an approval that is no longer asked for")
        granted = said.answer.value == YES
        entry = self._act(said, data).do(held, Decide(granted, said.comment))
        return Applied(held.id, entry, f"{'granted' if granted else 'refused'} for #{held.id}")

    def _score(self, held: Hold, said: Said, data: dict[str, object]) -> Applied:
        """One vote, the last counts; it reopens nothing (H3). No letter: nobody asked for one.

        Of who is not content a call is proposed.
        """
        score = int(said.answer.value)
        held.set(rating=score, rating_comment=said.comment)
        if score in POOR:
            propose_follow_up(held, f"rated {score} of 5: {said.comment or 'ask what was missing'}")
        entry = self._act(said, data).write(held, Event.RATED, said.comment, data={"score": score})
        return Applied(held.id, entry, f"{score} of 5 for #{held.id}")

    def _visit(self, held: Hold, said: Said, data: dict[str, object]) -> Applied:
        """Which time of a visit; by words that name none a technician is asked (G3)."""
        from deskterm.services.visit_answers import answer_time

        offered = offered_last(self._work.spine, held.id) == said.answer.round
        if not offered:
            return self._late(held, said, data, "a time that is no longer offered")
        entry, reason = answer_time(held, said.answer, said.comment, self._act(said, data))
        return Applied(held.id, entry, reason, again=said.answer.value == UNSURE)

    def _remedy(self, held: Hold, said: Said, data: dict[str, object]) -> Applied:
        """Which remedy the requester chooses (B6); a watcher's word, or a late one, is a reply."""
        stands = offered_entry(self._work.spine, held.id) == said.answer.round
        theirs = held["requester_id"] == said.answer.person
        if not (stands and theirs and allowed("step", held["state"])):
            return Applied(held.id, 0, f"a number that chooses nothing on #{held.id}", again=True)
        number, act = said.answer.value, self._act(said, data)
        means = "on the web" if said.how == "web" else "by mail"
        if held["state"] == State.WAITING and held["waiting_for"] == WaitingFor.CUSTOMER:
            stop_waiting(held)
        entry = act.do(held, Choose(int(number), self._name(said.answer.person), means))
        act.write(held, Event.RECEIVED, said.comment or f"I choose {number}.", public=True)
        return Applied(held.id, entry, f"{number} was chosen on #{held.id}")

    def _name(self, person: int) -> str:
        found = recipient(self._work.spine, person)
        return found.name if found else ""

    def _late(self, held: Hold, said: Said, data: dict[str, object], what: str) -> Applied:
        """An answer that comes too late is kept in words and changes nothing by itself."""
        text = said.comment or f"({what}: answered by a link in an earlier letter)"
        worked = said.answer.question == Question.WORKED
        again = worked and said.answer.value != YES
        if worked and said.how == "words":
            return Applied(held.id, 0, f"{what} on #{held.id}", again=True)
        if again and held["state"] in (State.SOLVED, State.CLOSED, State.CANCELLED):
            return Applied(held.id, 0, f"it did not work on #{held.id}", again=True)
        act = self._act(said, data)
        entry = act.write(held, Event.RECEIVED, text, public=True, data={"late": True})
        act.tell(held, "received", entry)
        return Applied(held.id, entry, f"a late answer on #{held.id}: {what}")

    def _act(self, said: Said, data: dict[str, object] | None = None) -> Act:
        """Give what writes in the words of whoever answered; they are not told of them."""
        return Act(self._letters, actor="customer", person=said.answer.person, data=data)


def _last(held: Hold, event: str) -> int | None:
    return last_entry(held.work.spine, held.id, event)


_ENDED = (State.CLOSED, State.CANCELLED)


def answer_release(
    work: Work, release: int, person: int, *, works: bool, comment: str, act: Act
) -> int:
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
