"""One mail onto its ticket: whose it is, which ticket, what it may change (semantics.md §1.2–9)."""

from collections.abc import Iterator
from datetime import timedelta

from deskterm.domain.address import normal_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.patterns import pattern
from deskterm.domain.questions import Asks, Question, Why
from deskterm.domain.text import first_words
from deskterm.domain.vocabulary import Event
from deskterm.mail.forwarded import Forwarded
from deskterm.mail.reply import new_words
from deskterm.mail.thread import Lookups, Thread, find_thread
from deskterm.services.answers import Answers, Said, said_by_address, said_in_words
from deskterm.services.heard import Heard, belongs, revive
from deskterm.services.inbox.arrived import Filed, Mail, Sender
from deskterm.services.inbox.bounces import file_bounce
from deskterm.services.inbox.broken import forget_failures
from deskterm.services.inbox.history import file_own_word
from deskterm.services.inbox.leaving import leave_by_address, leave_by_words, leave_news
from deskterm.services.inbox.notes import facts_of, remark, remember
from deskterm.services.inbox.opening import Opening, new_files
from deskterm.services.inbox.parties import (
    is_customer,
    known_ids,
    letters_sent,
    people_with,
    person_of,
    readers_of,
    shown_name,
    survivor_or_none,
    ticket_of_letter,
    watchers_of,
)
from deskterm.services.inbox.rules import MailRules
from deskterm.services.inbox.staff import Staff
from deskterm.services.inbox.twins import Twin, twin_of
from deskterm.services.inbox.visits import file_calendar
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.operation import Tickets
from deskterm.services.tickets.questions import ask, asked
from deskterm.storage.people import known_writer, person_of_address
from deskterm.storage.ticket.hold import Hold, hold
from deskterm.storage.work import Work

LATELY = timedelta(hours=1)
"""One acknowledgement in so long for a sender and subject (§1.6); the fuse counts them all."""


_DOMAIN = pattern(r"@[^\s\[\]@]")
"""What letters can go to: no domain, or a host by its number alone, names only a machine."""


class Filing:
    """Files one mail within one operation."""

    def __init__(self, work: Work, tickets: Tickets, rules: MailRules) -> None:
        self.work = work
        self.tickets = tickets
        self.rules = rules
        self._opening = Opening(work, tickets, rules)

    def file(self, mail: Mail) -> Filed:
        """File a mail; raises DeskError where it cannot be understood."""
        twin = twin_of(self.work.spine, mail, self.rules)
        if twin is not None and twin.same:
            box = f" that came to {twin.mailbox}" if twin.mailbox != mail.mailbox else ""
            return Filed("duplicate", f"the same as mail {twin.id}{box}", twin.ticket)
        own = file_own_word(self.work, self.tickets.letters, self.rules, mail)
        if own is not None:
            return own
        for special in (file_bounce, leave_by_address, leave_news):
            filed = special(self.work, self.rules, mail)
            if filed is not None:
                return filed
        return self._file(mail, twin)

    def _file(self, mail: Mail, twin: Twin | None) -> Filed:
        sender = self._known(mail)
        if (filed := file_calendar(self.work, self.rules, mail, sender)) is not None:
            return filed
        answered = file_answer(self.work, self.tickets, self.rules, mail, sender)
        if isinstance(answered, Filed):
            return answered
        inner = self._opening.forwarded(mail, sender.address)
        thread = answered or find_thread(
            mail.parsed, mail.envelope_to, self._lookups(sender.address, inner)
        )
        if thread.ticket is not None:
            held = hold(self.work, [thread.ticket])[thread.ticket]
            sent = letters_sent(self.work.spine, held.id, mail.parsed.in_reply_to)
            mail = mail._replace(words=new_words(mail.parsed, sent))
            if thread.technician and not mail.silent:
                staff = Staff(self.tickets, held, thread.technician, facts_of(mail, thread, twin))
                return staff.file(mail, thread.reason)
            if self._belongs(held, mail, sender, thread):
                return self._reply(held, mail, sender, thread, twin)
            return self._opening.open(mail, sender, thread, twin, follows=held.id)
        if mail.parsed.is_auto and not mail.parsed.machine.opens:
            return Filed("machine", mail.parsed.machine.reason)
        return self._opening.open(mail, sender, thread, twin)

    def _known(self, mail: Mail) -> Sender:
        """Give who wrote it; a mail from an address shows that letters to it need not come back."""
        address = self._sender(mail)
        if not address:
            return Sender(address, None)
        subject = mail.parsed.subject or first_words(mail.parsed.body)
        known, lately = known_writer(self.work.spine, address, subject, self.work.at - LATELY)
        if known is None:
            return Sender(address, None)
        if not mail.parsed.is_auto:
            forget_failures(self.work, known)
        return Sender(address, known.person, lately)

    def _sender(self, mail: Mail) -> str:
        """Give the address that the sender is known by; nothing where only a name stands there."""
        written = mail.parsed.from_email or mail.envelope_from or mail.parsed.return_path or ""
        if not written and not mail.parsed.is_auto and not mail.parsed.from_name:
            raise RefusedError("it names no sender")
        try:
            address = normal_address(written)
        except UsageError:
            if mail.parsed.is_auto or not _DOMAIN.search(written):
                return ""
            raise
        if self.rules.is_own(address) and mail.parsed.machine.opens:
            raise RefusedError(f"its sender {address} is the desk itself")
        return address

    def _lookups(self, sender: str, inner: Forwarded | None = None) -> Lookups:
        """Give what the decision asks; in a forward whoever wrote the mail inside must be on it."""
        spine, staff = self.work.spine, self.rules.technician_of
        writer = inner.sender.address.lower() if inner else sender
        return Lookups(
            secrets=self.rules.secrets,
            known_ids=lambda ids: known_ids(spine, ids),
            survivor=lambda number: survivor_or_none(spine, number),
            is_party=lambda number: (
                (inner is None and staff(sender) is not None) or is_customer(spine, number, writer)
            ),
            technicians=lambda: list(self.rules.staff),
            about=lambda letter: ticket_of_letter(spine, letter),
            writes_from=lambda login: bool(sender) and self.rules.staff.get(login) == sender,
            forwarded=inner is not None,
        )

    def _belongs(self, held: Hold, mail: Mail, sender: Sender, thread: Thread) -> bool:
        """Whether a mail is still filed on an ended ticket, or begins a new one."""
        return mail.silent or belongs(held, _heard(mail, sender, thread), self.rules.reopen_days)

    def _reply(
        self, held: Hold, mail: Mail, sender: Sender, thread: Thread, twin: Twin | None
    ) -> Filed:
        if self.rules.is_own(sender.address):
            return Filed("machine", "a letter of ours that came back", held.id)
        person = sender.person
        data = facts_of(mail, thread, twin) | self._doubts(held, mail, sender.address, thread)
        trusted = "unproven" not in data
        if not mail.silent and leave_by_words(held, mail, person, data):
            return Filed("reply", "it asks to hear no more", held.id)
        heard = trusted and not mail.silent
        if heard:
            act = Act(self.tickets.letters, actor="customer", person=person)
            revive(act, held, _heard(mail, sender, thread))
            ask_to_watch(held, mail, self.rules, sender, proven=thread.proven)
        entry = self._write(held, mail, person, data)
        if mail.parsed.is_auto:
            return Filed("machine", mail.parsed.machine.reason, held.id)
        if heard and not thread.external:
            if thread.proven and person is not None:
                watch(held, mail, self.rules, sender.address)
            know = people_with(self.work.spine, readers_of(mail.parsed))
            self.tickets.letters.write(held, "received", entry, know={person, *know})
        return Filed("reply", thread.reason, held.id)

    def _write(self, held: Hold, mail: Mail, person: int | None, data: dict[str, object]) -> int:
        """Write down what a mail says, with its files and what makes one doubt it."""
        words = mail.own_words
        if words.folded:
            data["folded"] = words.folded
        entry = held.write(
            Event.RECEIVED,
            words.text,
            public=not (mail.parsed.is_auto or "unproven" in data),
            actor="mail" if mail.parsed.is_auto else "customer",
            person_id=person,
            data=data,
        )
        keep_files(self.work, held.id, entry, new_files(mail.parsed.files))
        remember(self.work, held.id, mail)
        remark(held, data)
        return entry

    def _doubts(self, held: Hold, mail: Mail, sender: str, thread: Thread) -> dict[str, object]:
        """Give why a mail's words are nobody's yet: a stranger's, or in a technician's name."""
        if thread.external:
            return {"external": sender}
        if mail.parsed.is_auto or is_customer(self.work.spine, held.id, sender):
            return {}
        login = self.rules.technician_of(sender)
        return {"unproven": login} if login else {}


def _heard(mail: Mail, sender: Sender, thread: Thread) -> Heard:
    words, name = mail.own_words.text, mail.parsed.from_name
    return Heard(words, name, sender.address, thread.proven, thread.unsure)


def file_answer(
    work: Work, tickets: Tickets, rules: MailRules, mail: Mail, sender: Sender
) -> Filed | Thread | None:
    """File an answer; a late or unclear one is a reply to its ticket, other mail nothing here."""
    if mail.silent:
        return None
    said = _said(work, rules, mail, sender)
    if said is None:
        return None
    data = facts_of(mail, Thread(said.answer.ticket, "it answers our question"), None)
    if sender.person != said.answer.person:
        data["sent_by"] = sender.address
    done = Answers(work, tickets).apply(said, data)
    if done.again:
        return Thread(done.ticket, done.reason, proven=True, unsure=done.unsure)
    keep_files(work, done.ticket, done.entry, new_files(mail.parsed.files))
    remember(work, done.ticket, mail)
    return Filed("reply", done.reason, done.ticket)


def _said(work: Work, rules: MailRules, mail: Mail, sender: Sender) -> Said | None:
    parsed = mail.parsed
    words = new_words(parsed).text
    found = said_by_address(list(mail.recipients()), words, rules.secrets)
    if found is not None:
        return found
    nearest = (*parsed.in_reply_to, *reversed(parsed.references))
    writer = (sender.person, parsed.from_name)
    return said_in_words(work.spine, nearest, writer, words, rules.secrets)


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
