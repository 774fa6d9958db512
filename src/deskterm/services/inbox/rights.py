"""Whom a reply lets hear of its ticket: at once where it proves itself, else asked of a person."""

from collections.abc import Iterator

from deskterm.domain.questions import Asks, Question, Why
from deskterm.domain.vocabulary import Event
from deskterm.services.inbox.arrived import Mail, Sender
from deskterm.services.inbox.parties import person_of, shown_name, watchers_of
from deskterm.services.inbox.rules import MailRules
from deskterm.services.tickets.questions import ask, asked
from deskterm.storage.people import person_of_address
from deskterm.storage.ticket.hold import Hold


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
