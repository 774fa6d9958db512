"""What a customer says on a ticket, by mail or on the web: what it wakes, and what not (§1.7).

One home for every door by which a customer's own words come in.
"""

from datetime import timedelta
from typing import NamedTuple

from deskterm.domain.questions import Asks, Question, Why
from deskterm.domain.verbs import Reopen
from deskterm.domain.vocabulary import Event, LinkKind, State, WaitingFor
from deskterm.mail.reaction import is_only_thanks
from deskterm.mail.verdict import Verdict, verdict
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import ask
from deskterm.services.tickets.steps import stop_waiting
from deskterm.storage.ticket.hold import Hold

ENDED = (State.CLOSED, State.CANCELLED)


class Heard(NamedTuple):
    """A customer's words on a ticket."""

    text: str
    """What they add, without what they quote."""
    name: str
    """The name they write under."""
    address: str
    """Whom a technician is told of, where one is asked about it."""
    proven: bool
    """Whether it is sure that somebody of the ticket's own wrote it."""
    unsure: bool = False
    """Whether it says neither yes nor no to whether it works."""

    @property
    def is_thanks(self) -> bool:
        """Tell whether it says no more than thanks."""
        return is_only_thanks(self.text, self.name)


def belongs(held: Hold, heard: Heard, reopen_days: int) -> bool:
    """Tell whether words still go to an ended ticket, or begin a new one."""
    if held["state"] not in ENDED or heard.is_thanks:
        return True
    closed = held["closed_at"]
    return closed is None or held.work.at - closed <= timedelta(days=reopen_days)


def revive(act: Act, held: Hold, heard: Heard) -> None:
    """A customer's words end the waiting for them, and open what was thought solved.

    `act` writes in the customer's name.
    """
    if held["state"] == State.WAITING and held["waiting_for"] == WaitingFor.CUSTOMER:
        stop_waiting(held)
    elif held["waiting_for"] == WaitingFor.OTHER and not heard.is_thanks:
        stop_waiting(held)  # put off until later: a real answer wakes it, thanks do not
    elif held["state"] in (State.SOLVED, *ENDED) and not heard.is_thanks:
        _open_again(act, held, heard)


def _open_again(act: Act, held: Hold, heard: Heard) -> None:
    """Reopen for words with proof that may mean it; "it works" asks where it is not yet closed."""
    works = verdict(heard.text, heard.name) == Verdict.YES
    if works and held["state"] in ENDED:
        return
    if works or heard.unsure:
        ask(held, Question(Asks.REOPEN, heard.address, Why.UNSURE))
    elif not heard.proven:
        ask(held, Question(Asks.REOPEN, heard.address, Why.PROOF))
    else:
        with act.quietly():  # the letter about their words says it
            act.do(held, Reopen("The customer answered."))


def follow(held: Hold, ended: int, reopen_days: int) -> None:
    """Link a new ticket to the one that was closed too long ago to be opened again."""
    held.put(f"link.{LinkKind.RELATED}.{ended}", True)
    held.write(Event.LINKED, f"Follows #{ended}, closed more than {reopen_days} days ago.")
