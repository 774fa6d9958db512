"""What the ledger keeps of a mail, and what technicians are told before they trust it."""

from deskterm.domain.vocabulary import Event
from deskterm.mail.thread import Thread
from deskterm.services.inbox.arrived import Mail
from deskterm.services.inbox.twins import Twin
from deskterm.storage import references
from deskterm.storage.ticket.hold import Hold
from deskterm.storage.work import Work

_REMARKS = {
    "external": "Written by {}, who is not on this ticket but had its address.",
    "unproven": "Written from the address of {}, who works here, but without the token of their "
    "letters: it may be anybody, and changes nothing by itself.",
    "forwarded_by": "Forwarded by {}: confirm that the requester is whoever wrote the mail inside.",
    "written_by": "Written by {} to the requester, with the desk in copy: confirm whose it is.",
    "comment": "They wrote above it: {}",
    "on_behalf": "Sent by {} on behalf of whoever is named as the sender.",
    "reply_to": "Answers were asked for at {}: letters go there too. Is it theirs as well?",
    "same_id_as": "Mail {} had the same Message-ID and other words.",
    "refused_order": "An order by mail was not done: {}",
}


def facts_of(mail: Mail, thread: Thread, twin: Twin | None) -> dict[str, object]:
    """Give what the ledger keeps of the mail itself."""
    data: dict[str, object] = {"inbox": mail.id, "thread": thread.reason}
    if mail.parsed.message_id:
        data["message_id"] = mail.parsed.message_id
    if mail.parsed.is_auto:
        data["machine"] = mail.parsed.machine.reason
    sent_by = mail.parsed.way.sent_by
    if sent_by is not None and sent_by.address:
        data["on_behalf"] = sent_by.address
    if twin is not None:
        data["same_id_as"] = twin.id
    return data


def remark(held: Hold, data: dict[str, object]) -> None:
    """Tell the technicians, and nobody else, what they should know before they trust it."""
    remarks = [
        sentence.replace("{}", str(data[key])) for key, sentence in _REMARKS.items() if key in data
    ]
    if remarks:
        held.write(Event.MAIL, " ".join(remarks), data={"inbox": data["inbox"]})


def remember(work: Work, ticket: int, mail: Mail) -> None:
    """Keep a foreign Message-ID on the ticket, so that answers to it find their way."""
    if mail.parsed.message_id:
        references.remember(work.spine, mail.parsed.message_id, ticket)
