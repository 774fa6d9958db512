"""What a reply may change: at once where it proves itself, else asked of a technician (§1.7–8)."""

from collections.abc import Iterator

from deskterm.domain.questions import Asks, Question, Why
from deskterm.domain.verbs import Reopen
from deskterm.domain.vocabulary import Event, State, WaitingFor
from deskterm.mail.thanks import is_only_thanks
from deskterm.mail.thread import Thread
from deskterm.mail.verdict import Verdict, verdict
from deskterm.services.inbox.arrived import Mail, Sender
from deskterm.services.inbox.parties import person_of, shown_name, watchers_of
from deskterm.services.inbox.rules import MailRules
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.questions import ask, asked
from deskterm.services.tickets.steps import stop_waiting
from deskterm.storage.people import person_of_address
from deskterm.storage.ticket.hold import Hold

ENDED = (State.CLOSED, State.CANCELLED)


def is_thanks(mail: Mail) -> bool:
    """Tell whether a mail says no more than thanks."""
    return is_only_thanks(mail.own_words.text, mail.parsed.from_name)


def revive(act: Act, held: Hold, mail: Mail, sender: Sender, thread: Thread) -> None:
    """A customer's words end the waiting for them, and open what was thought solved.

    `act` writes in the customer's name.
    """
    if held["state"] == State.WAITING and held["waiting_for"] == WaitingFor.CUSTOMER:
        stop_waiting(held)
    elif held["waiting_for"] == WaitingFor.OTHER and not is_thanks(mail):
        stop_waiting(held)  # put off until later: a real answer wakes it, thanks do not
    elif held["state"] in (State.SOLVED, *ENDED) and not is_thanks(mail):
        _open_again(act, held, mail, sender, thread)


def _open_again(act: Act, held: Hold, mail: Mail, sender: Sender, thread: Thread) -> None:
    """Reopen for words with proof that may mean it; "it works" asks where it is not yet closed."""
    works = verdict(mail.own_words.text, mail.parsed.from_name) == Verdict.YES
    if works and held["state"] in ENDED:
        return
    if works or thread.unsure:
        ask(held, Question(Asks.REOPEN, sender.address, Why.UNSURE))
    elif not thread.proven:
        ask(held, Question(Asks.REOPEN, sender.address, Why.PROOF))
    else:
        with act.quietly():  # the letter about their words says it
            act.do(held, Reopen("The customer answered."))


def watch(held: Hold, mail: Mail, rules: MailRules, sender: str) -> None:
    """Whoever else the writer named hears of the ticket from now on."""
    added = 0
    for name, address in watchers_of(mail.parsed, rules, sender):
        person = person_of(held.work, name, address)
        if person != held["requester_id"] and held.get(f"watcher.{person}") is None:
            held.put(f"watcher.{person}", True)
            added += 1
    if added:
        held.write(Event.CHANGED)


def ask_to_watch(held: Hold, mail: Mail, rules: MailRules, sender: Sender, *, proven: bool) -> None:
    """Ask a technician whether the people hear of it whom a mail without proof names.

    Nobody is made known by asking.
    """
    if proven or sender.person is None:
        return
    before = asked(held, Asks.WATCH)
    people = before.people if before else ()
    named = dict.fromkeys([*people, *_strangers(held, mail, rules, sender.address)])
    wanted = tuple(named)[: rules.watchers]
    if wanted != people:
        ask(held, Question(Asks.WATCH, sender.address, Why.PROOF, wanted))


def _strangers(held: Hold, mail: Mail, rules: MailRules, sender: str) -> Iterator[tuple[str, str]]:
    """Give (name, address) of the people named who do not hear of the ticket yet."""
    for name, address in watchers_of(mail.parsed, rules, sender):
        person = person_of_address(held.work.spine, address)
        known = person is not None and (
            person == held["requester_id"] or held.get(f"watcher.{person}") is not None
        )
        if not known:
            yield shown_name(name, address), address
