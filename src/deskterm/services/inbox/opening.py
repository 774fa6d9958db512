"""A mail that begins a ticket: whose trouble it is, who hears of it, what it follows (§1.6–9)."""

from collections.abc import Iterable, Iterator

from deskterm.domain.address import normal_address
from deskterm.domain.errors import UsageError
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.vocabulary import Channel, Event, LinkKind
from deskterm.mail.forwarded import Forwarded, read_forward
from deskterm.mail.parsed import MailFile
from deskterm.mail.thread import Thread
from deskterm.services.heard import follow
from deskterm.services.inbox.arrived import Filed, Mail, Sender
from deskterm.services.inbox.notes import facts_of, remark
from deskterm.services.inbox.parties import (
    answers_asked_at,
    is_nobody,
    person_of,
    person_without_address,
    shown_name,
    watchers_of,
)
from deskterm.services.inbox.rules import MailRules
from deskterm.services.inbox.twins import Twin
from deskterm.services.tickets.intake import open_ticket
from deskterm.services.tickets.operation import Tickets
from deskterm.storage.people import create_person, people_named
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work


class Opening:
    """Opens a ticket for one mail, within its operation."""

    def __init__(self, work: Work, tickets: Tickets, rules: MailRules) -> None:
        self.work = work
        self.tickets = tickets
        self.rules = rules

    def open(
        self,
        mail: Mail,
        sender: Sender,
        thread: Thread,
        twin: Twin | None = None,
        follows: int | None = None,
    ) -> Filed:
        """Open a ticket for whoever wrote it, or for whoever wrote what a technician forwards."""
        inner = self.forwarded(mail, sender.address)
        meant = None if inner else self._outsider(mail, sender.address)
        person = meant or self._requester(mail, sender, inner)
        data = facts_of(mail, thread, twin) | self._asks_for_answers(mail, sender.address)
        if inner or meant:
            data["forwarded_by" if inner else "written_by"] = sender.address
        box = self.rules.mailboxes.get(mail.mailbox)
        ids = (mail.parsed.message_id, inner.message_id if inner else "")
        unsure = inner is not None or meant is not None
        watching = () if mail.silent else self._watchers(mail, sender.address)
        held = open_ticket(
            self.work,
            self.tickets.letters,
            NewTicket(
                person_id=person,
                subject=inner.subject if inner else mail.parsed.subject,
                body=inner.words if inner else mail.parsed.body,
                channel=box.channel if box else Channel.EMAIL,
                group=box.group if box else None,
                category=box.category if box else None,
                files=new_files(inner.files if inner else mail.parsed.files),
                actor="customer",
                message_ids=tuple(one for one in ids if one),
                watcher_ids=tuple(watching),
                acknowledge=not (mail.silent or unsure or sender.opened_lately),
                data=data,
                at=mail.opened_at,
            ),
        )
        held.set(requester_unsure=unsure)
        self._tie(held, thread, follows)
        remark(held, data | ({"comment": inner.comment} if inner else {}))
        if mail.parsed.is_auto:
            return Filed("machine", mail.parsed.machine.reason, held.id)
        return Filed("ticket", thread.reason, held.id)

    def forwarded(self, mail: Mail, sender: str) -> Forwarded | None:
        """Give the mail inside a technician's forward; a person confirms whose it is."""
        if self.rules.technician_of(sender) is None:
            return None
        inner = read_forward(mail.parsed, self.rules.limits)
        return inner if inner and not self.rules.is_own(inner.sender.address) else None

    def _outsider(self, mail: Mail, sender: str) -> int | None:
        """Give the one outsider whom a technician wrote to with the desk in copy (§1.8)."""
        staff = self.rules.technician_of
        if staff(sender) is None or not any(
            self.rules.is_own(one.address) for one in mail.parsed.cc
        ):
            return None
        to = [box for box in mail.parsed.to if box.address and not is_nobody(box.address)]
        if len(to) != 1 or self.rules.is_own(to[0].address) or staff(to[0].address.lower()):
            return None
        try:
            return person_of(self.work, to[0].name, normal_address(to[0].address))
        except UsageError:
            return None

    def _watchers(self, mail: Mail, sender: str) -> Iterator[int]:
        """Give the people whom the writer named beside the desk: they hear of it from the start."""
        for name, address in watchers_of(mail.parsed, self.rules, sender):
            yield person_of(self.work, name, address)

    def _asks_for_answers(self, mail: Mail, sender: str) -> dict[str, object]:
        asked = answers_asked_at(mail.parsed, self.rules, sender)
        return {"reply_to": asked} if asked and not mail.silent else {}

    def _requester(self, mail: Mail, sender: Sender, inner: Forwarded | None) -> int:
        """Give whose trouble it is; a name without an address counts where one person has it."""
        if inner is not None and inner.sender.address:
            try:
                address = normal_address(inner.sender.address)
            except UsageError:
                pass
            else:
                return person_of(self.work, inner.sender.name, address)
        elif inner is not None:
            named = people_named(self.work.spine, inner.sender.name)
            if len(named) == 1:
                return named[0]
        if sender.person is not None:
            return sender.person
        if not sender.address:
            parsed = mail.parsed
            return person_without_address(self.work, parsed.from_name or parsed.from_email)
        name = shown_name(mail.parsed.from_name, sender.address)
        return create_person(self.work, name, sender.address)

    def _tie(self, held: Hold, thread: Thread, follows: int | None) -> None:
        """Link a new ticket to the one it claims or follows; the other side is told nothing."""
        if thread.claimed is not None:
            held.put(f"link.{LinkKind.CLAIMED}.{thread.claimed}", True)
            held.write(Event.LINKED, f"Claims to belong to #{thread.claimed}: {thread.reason}.")
        elif follows is not None:
            follow(held, follows, self.rules.reopen_days)


def new_files(files: Iterable[MailFile]) -> tuple[NewFile, ...]:
    """Give files of a mail as a ticket keeps them."""
    return tuple(NewFile(one.name, one.media_type, one.body, one.inline) for one in files)
