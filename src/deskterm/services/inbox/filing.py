"""One mail onto its ticket: whose it is, which ticket, what it may change (semantics.md §1.3–9)."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from deskterm.domain.address import normal_address
from deskterm.domain.errors import RefusedError, UsageError
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.vocabulary import Channel, Event, LinkKind, State, WaitingFor
from deskterm.mail.forward import inner_sender
from deskterm.mail.mailbox import Mailbox
from deskterm.mail.parsed import ParsedMail
from deskterm.mail.reply import new_words
from deskterm.mail.thanks import is_only_thanks
from deskterm.mail.thread import Lookups, Thread, find_thread
from deskterm.services.answers import Answers, Said, said_by_address, said_in_words
from deskterm.services.inbox.parties import (
    is_party,
    known_ids,
    person_of,
    survivor_or_none,
    technician_of,
    watchers_of,
)
from deskterm.services.inbox.receive import IMPORTED
from deskterm.services.inbox.rules import MailRules
from deskterm.services.tickets import Tickets
from deskterm.services.tickets.care import reopen, stop_waiting
from deskterm.services.tickets.files import keep_files
from deskterm.storage.people import person_of_address
from deskterm.storage.spine import Hold, hold
from deskterm.storage.work import Work

_ENDED = (State.CLOSED, State.CANCELLED)
_ACKNOWLEDGED_AN_HOUR = 10
_REMARKS = {
    "external": "Written by {}, who is not on this ticket but had its address.",
    "forwarded_by": "Forwarded by {}: confirm that the requester is whoever wrote the mail inside.",
    "same_id_as": "Mail {} had the same Message-ID and other words.",
}


class Mail(NamedTuple):
    """A parsed mail with what is known of how it came."""

    id: int
    parsed: ParsedMail
    mailbox: str
    key: str
    envelope_from: str
    envelope_to: tuple[str, ...]
    received_at: datetime

    @property
    def silent(self) -> bool:
        """Whether nobody is told of it: machine mail is never answered, history neither."""
        return self.parsed.is_auto or self.mailbox == IMPORTED

    @property
    def opened_at(self) -> datetime:
        """When its ticket was opened: on arrival; for history, when it says it was written."""
        written = self.parsed.date
        if self.mailbox == IMPORTED and written is not None:
            return min(written, self.received_at)
        return self.received_at


class Filed(NamedTuple):
    """What became of a mail."""

    state: str
    reason: str
    ticket: int | None = None


class Filing:
    """Files one mail within one operation."""

    def __init__(self, work: Work, tickets: Tickets, rules: MailRules) -> None:
        self.work = work
        self.tickets = tickets
        self.rules = rules

    def file(self, mail: Mail) -> Filed:
        """File a mail; raises DeskError where it cannot be understood."""
        sender = self._sender(mail)
        answered = self._answer(mail, sender)
        if isinstance(answered, Filed):
            return answered
        thread = answered or find_thread(mail.parsed, mail.envelope_to, self._lookups(sender))
        if thread.ticket is not None:
            held = hold(self.work, [thread.ticket])[thread.ticket]
            if self._belongs(held, mail):
                return self._reply(held, mail, sender, thread)
            return self._open(mail, sender, thread, follows=held.id)
        if mail.parsed.is_auto and not mail.parsed.machine.opens:
            return Filed("machine", mail.parsed.machine.reason)
        return self._open(mail, sender, thread)

    def _answer(self, mail: Mail, sender: str) -> Filed | Thread | None:
        """File a mail that answers a question of ours; a late "no" is a reply to its ticket."""
        if mail.silent:
            return None
        said = self._said(mail, sender)
        if said is None:
            return None
        data = self._data(mail, Thread(said.answer.ticket, "it answers our question"))
        if person_of_address(self.work.spine, sender) != said.answer.person:
            data["sent_by"] = sender
        done = Answers(self.work, self.tickets).apply(said, data)
        if done.again:
            return Thread(done.ticket, done.reason)
        keep_files(self.work, done.ticket, done.entry, _files(mail.parsed))
        self._remember(done.ticket, mail)
        return Filed("reply", done.reason, done.ticket)

    def _said(self, mail: Mail, sender: str) -> Said | None:
        parsed = mail.parsed
        boxes = [box.address for box in (*parsed.to, *parsed.cc)]
        to = (*mail.envelope_to, *parsed.delivered_to, *boxes)
        found = said_by_address(to, parsed.body, self.rules.secrets)
        if found is not None:
            return found
        nearest = (*parsed.in_reply_to, *reversed(parsed.references))
        person = person_of_address(self.work.spine, sender) if sender else None
        return said_in_words(self.work.spine, nearest, person, parsed.body, self.rules.secrets)

    def _sender(self, mail: Mail) -> str:
        """Give the address that the sender is known by: the addr-spec and nothing else."""
        written = mail.parsed.from_email or mail.envelope_from or mail.parsed.return_path or ""
        if not written and mail.parsed.is_auto:
            return ""
        if not written:
            raise RefusedError("it names no sender")
        try:
            address = normal_address(written)
        except UsageError:
            if mail.parsed.is_auto:
                return ""
            raise
        if self.rules.is_own(address) and mail.parsed.machine.opens:
            raise RefusedError(f"its sender {address} is the desk itself")
        return address

    def _lookups(self, sender: str) -> Lookups:
        spine = self.work.spine
        return Lookups(
            secrets=self.rules.secrets,
            known_ids=lambda ids: known_ids(spine, ids),
            survivor=lambda number: survivor_or_none(spine, number),
            is_party=lambda number: is_party(spine, number, sender),
        )

    def _belongs(self, held: Hold, mail: Mail) -> bool:
        """Whether a mail is still filed on an ended ticket, or begins a new one."""
        if held["state"] not in _ENDED or mail.silent or self._thanks(mail):
            return True
        closed = held["closed_at"]
        return closed is None or self.work.at - closed <= timedelta(days=self.rules.reopen_days)

    def _thanks(self, mail: Mail) -> bool:
        return is_only_thanks(new_words(mail.parsed).text, mail.parsed.from_name)

    def _reply(self, held: Hold, mail: Mail, sender: str, thread: Thread) -> Filed:
        person = person_of_address(self.work.spine, sender) if sender else None
        if not mail.silent:
            self._revive(held, mail, person)
        words = new_words(mail.parsed)
        data = self._data(mail, thread)
        if words.folded:
            data["folded"] = words.folded
        if thread.external:
            data["external"] = sender
        entry = held.write(
            Event.RECEIVED,
            words.text,
            public=not mail.parsed.is_auto,
            actor="mail" if mail.parsed.is_auto else "customer",
            person_id=person,
            data=data,
        )
        keep_files(self.work, held.id, entry, _files(mail.parsed))
        self._remember(held.id, mail)
        self._remark(held, data)
        if not mail.silent:
            if person is not None and not thread.external:
                self._watch(held, mail, sender)
            self.tickets.letters.write(held, "received", entry, spoke=person)
        if mail.parsed.is_auto:
            return Filed("machine", mail.parsed.machine.reason, held.id)
        return Filed("reply", thread.reason, held.id)

    def _revive(self, held: Hold, mail: Mail, person: int | None) -> None:
        """A customer's words end the waiting for them, and open what was thought solved."""
        if held["state"] == State.WAITING and held["waiting_for"] == WaitingFor.CUSTOMER:
            stop_waiting(held)
        elif held["state"] in (State.SOLVED, *_ENDED) and not self._thanks(mail):
            reopen(held, "The customer answered.", actor="customer", person_id=person)

    def _watch(self, held: Hold, mail: Mail, sender: str) -> None:
        """People a known person wrote to as well hear of the ticket from now on."""
        added = 0
        for name, address in watchers_of(mail.parsed, self.rules, sender):
            person = person_of(self.work, name, address)
            if person != held["requester_id"] and held.get(f"watcher.{person}") is None:
                held.put(f"watcher.{person}", True)
                added += 1
        if added:
            held.write(Event.CHANGED)

    def _open(self, mail: Mail, sender: str, thread: Thread, follows: int | None = None) -> Filed:
        """Open a ticket for whoever wrote it, or for whoever wrote what a technician forwards."""
        if not sender:
            raise RefusedError("it names no sender")
        forwarded = self._forwarded(mail, sender)
        who = forwarded or Mailbox(mail.parsed.from_name, sender)
        person = person_of(self.work, who.name, normal_address(who.address))
        data = self._data(mail, thread)
        box = self.rules.mailboxes.get(mail.mailbox)
        if forwarded:
            data |= {"forwarded_by": sender, "confirm": "requester"}
        held = self.tickets.open_in(
            self.work,
            NewTicket(
                person_id=person,
                subject=mail.parsed.subject,
                body=mail.parsed.body,
                channel=box.channel if box else Channel.EMAIL,
                group=box.group if box else None,
                category=box.category if box else None,
                files=_files(mail.parsed),
                actor="customer",
                message_ids=(mail.parsed.message_id,) if mail.parsed.message_id else (),
                acknowledge=not (mail.silent or forwarded or self._told_lately(person, mail)),
                data=data,
                at=mail.opened_at,
            ),
        )
        if not mail.silent:
            self._watch(held, mail, sender)
        self._tie(held, thread, follows)
        self._remark(held, data)
        if mail.parsed.is_auto:
            return Filed("machine", mail.parsed.machine.reason, held.id)
        return Filed("ticket", thread.reason, held.id)

    def _forwarded(self, mail: Mail, sender: str) -> Mailbox | None:
        """Give the customer inside a technician's forward; a person confirms it later."""
        if technician_of(self.work.spine, sender) is None:
            return None
        inner = inner_sender(mail.parsed, self.rules.limits)
        if inner is None or self.rules.is_own(inner.address):
            return None
        try:
            return Mailbox(inner.name, normal_address(inner.address))
        except UsageError:
            return None

    def _tie(self, held: Hold, thread: Thread, follows: int | None) -> None:
        """Link a new ticket to the one it claims or follows; the other side is told nothing."""
        if thread.claimed is not None:
            held.put(f"link.{LinkKind.CLAIMED}.{thread.claimed}", True)
            held.write(Event.LINKED, f"Claims to belong to #{thread.claimed}: {thread.reason}.")
        elif follows is not None:
            held.put(f"link.{LinkKind.RELATED}.{follows}", True)
            days = self.rules.reopen_days
            held.write(Event.LINKED, f"Follows #{follows}, closed more than {days} days ago.")

    def _told_lately(self, person: int, mail: Mail) -> bool:
        """One acknowledgement an hour for a sender and subject, and ten in all (§1.6)."""
        row = self.work.spine.one(
            "SELECT count(*) AS n, count(CASE WHEN subject = :subject THEN 1 END) AS same "
            "FROM ticket WHERE requester_id = :person AND opened_at > :hour",
            person=person,
            subject=mail.parsed.subject,
            hour=self.work.at - timedelta(hours=1),
        )
        return row is not None and (row["same"] > 0 or row["n"] >= _ACKNOWLEDGED_AN_HOUR)

    def _remark(self, held: Hold, data: dict[str, Any]) -> None:
        """Tell the technicians, and nobody else, what they should know before they trust it."""
        remarks = [
            sentence.replace("{}", str(data[key]))
            for key, sentence in _REMARKS.items()
            if key in data
        ]
        if remarks:
            held.write(Event.MAIL, " ".join(remarks), data={"inbox": data["inbox"]})

    def _data(self, mail: Mail, thread: Thread) -> dict[str, Any]:
        """Give what the ledger keeps of the mail itself."""
        data: dict[str, Any] = {"inbox": mail.id, "thread": thread.reason}
        if mail.parsed.message_id:
            data["message_id"] = mail.parsed.message_id
        if mail.parsed.is_auto:
            data["machine"] = mail.parsed.machine.reason
        twin = self._twin(mail)
        if twin is not None:
            data["same_id_as"] = twin
        return data

    def _twin(self, mail: Mail) -> int | None:
        """Give an earlier mail with the same Message-ID and other bytes: both are kept (§1.2)."""
        row = self.work.spine.one(
            "SELECT min(id) AS id FROM inbox WHERE mailbox = :mailbox AND key = :key AND id < :id",
            mailbox=mail.mailbox,
            key=mail.key,
            id=mail.id,
        )
        return row["id"] if row else None

    def _remember(self, ticket: int, mail: Mail) -> None:
        """Keep a foreign Message-ID on the ticket, so that answers to it find their way."""
        if mail.parsed.message_id:
            self.work.spine.run(
                "INSERT INTO mail_reference (message_id, ticket_id) VALUES (:id, :ticket) "
                "ON CONFLICT DO NOTHING",
                id=mail.parsed.message_id,
                ticket=ticket,
            )


def _files(mail: ParsedMail) -> tuple[NewFile, ...]:
    return tuple(NewFile(one.name, one.media_type, one.body, one.inline) for one in mail.files)
