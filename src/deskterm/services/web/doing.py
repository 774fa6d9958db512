"""What those who report do on the web face: the same requests as by mail, each one operation."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from deskterm.domain.address import is_no_reply
from deskterm.domain.errors import NotFoundError, RefusedError, UsageError
from deskterm.domain.requests import NewFile, NewTicket
from deskterm.domain.text import first_words, is_blank
from deskterm.domain.verbs import Change
from deskterm.domain.vocabulary import Channel, Event, Needs
from deskterm.domain.web_rows import Report, Visitor
from deskterm.mail.answers import CHOICES, Answer, Question
from deskterm.mail.news import ASKED_FOR
from deskterm.services.answers import Answers, Said
from deskterm.services.heard import Heard, belongs, follow, revive
from deskterm.services.inbox.filing import LATELY
from deskterm.services.inbox.rules import MailRules, read_rules
from deskterm.services.news_letters import ToReader, write_news
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.files import keep_files
from deskterm.services.tickets.intake import open_ticket
from deskterm.services.tickets.operation import Tickets
from deskterm.services.web.together import ACTOR
from deskterm.storage.held_row import HeldRow
from deskterm.storage.people import known_writer, split_who
from deskterm.storage.reads import web_pages as reads
from deskterm.storage.ticket.hold import Hold, hold, survivor
from deskterm.storage.work import Work

LONGEST = 100_000
"""Characters of a text that somebody types."""
SOON = timedelta(minutes=10)
"""So long the same report once more, from a form of its own, opens no second ticket."""
AGAIN = "The same report came once more by the web; it opened no second ticket."
SUBJECT = 500
"""Characters of a subject, an address, a name."""


class Words(NamedTuple):
    """What somebody says on a ticket of theirs."""

    text: str
    files: tuple[NewFile, ...] = ()


class Answered(NamedTuple):
    """Which choice somebody makes for which question."""

    kind: str
    round: int
    value: str
    comment: str = ""


def check_report(asked: Report) -> str:
    """Name the field of a report in which something is missing or wrong; empty: none."""
    if is_blank(asked.problem) or len(asked.problem) > LONGEST:
        return "problem"
    if len(asked.subject) > SUBJECT:
        return "subject"
    if asked.needs not in ("", Needs.BUDGET, Needs.APPROVAL):
        return "needs"
    return "" if asked.visitor.is_known or _address(asked.who) else "who"


def _address(who: str) -> str:
    """Give the address that somebody typed; empty where it is none that a letter reaches."""
    try:
        _, address = split_who(who[:SUBJECT])
    except UsageError:
        return ""
    return address if address and not is_no_reply(address) else ""


def report(work: Work, tickets: Tickets, asked: Report) -> int:
    """Open the ticket of what somebody filled in; gives its number. Raises UsageError.

    A typed address is as good as that of a mail: the letter goes there, and proves it.
    """
    wrong = check_report(asked)
    address = asked.visitor.address or _address(asked.who)
    rules = work.once(read_rules)
    if wrong or rules.is_own(address):
        raise UsageError(wrong or "who")
    fields = _own_fields(work, asked)
    subject = asked.subject.strip() or first_words(asked.problem)
    since = work.at - LATELY
    lately = bool(address) and known_writer(work.spine, address, subject, since)[1]
    again = _told_before(work, asked, address, fields) if lately else None
    if again is not None:
        again.write(Event.NOTED, AGAIN, data={"web": "again"})
        return again.id
    device = None
    if asked.visitor.person and asked.device:
        device = reads.device_of(work.spine, asked.device, asked.visitor.person)
    held = open_ticket(
        work,
        tickets.letters,
        NewTicket(
            requester=asked.visitor.address or asked.who,
            person_id=asked.visitor.person or None,
            subject=subject,
            body=asked.problem,
            urgent=asked.urgent,
            channel=Channel.WEB,
            device=device,
            actor=ACTOR,
            files=asked.files,
            category=asked.category or None,
            service=asked.service or None,
            fields=fields,
            acknowledge=not lately,
            data={"web": "known" if asked.visitor.is_known else "typed"},
        ),
    )
    if asked.needs:
        _needs(held, tickets, asked)
    return held.id


def _told_before(work: Work, asked: Report, address: str, fields: Mapping[str, str]) -> Hold | None:
    """Give the ticket that the same report has opened a moment ago; None: there is none.

    Whoever goes back to the form and sends it once more gets a new form from the browser.
    """
    if asked.files or asked.needs:
        return None
    same = reads.Same(address, asked.problem, asked.urgent, work.at - SOON)
    number = reads.opened_with(work.spine, same, fields)
    return hold(work, [number])[number] if number else None


def _own_fields(work: Work, asked: Report) -> dict[str, str]:
    """Give the desk's own fields of a report; what the form does not ask for cannot be set by it.

    Raises UsageError where one is wrong.
    """
    form = work.once(reads.own_form, asked.visitor.person)
    for name, offered in ((asked.category, form.categories), (asked.service, form.services)):
        if name and name not in offered:
            raise UsageError("own")
    lines = form.lines(asked.category, asked.service, asked.fields)
    if any(line.wrong for line in lines):
        raise UsageError("own")
    return {line.field.name: line.value for line in lines if line.value}


def _needs(held: Hold, tickets: Tickets, asked: Report) -> None:
    """Write down what it requires; only who is known may have somebody asked for an approval."""
    act = Act(tickets.letters, actor=ACTOR, person=asked.visitor.person or None)
    approver = asked.approver.strip()[:SUBJECT] if asked.visitor.person else ""
    if approver and not _address(approver):
        raise UsageError("approver")
    act.do(held, Change(needs=asked.needs, approver=approver or None))


class _Asking(NamedTuple):
    """Whoever asks for the link to their own page."""

    person_id: int
    name: str
    address: str


def send_link(work: Work, tickets: Tickets, who: str) -> None:
    """Write the link to their own page to a person of that address, once an hour.

    Whether it is known to the desk is told to nobody. Raises UsageError where it is no address.
    """
    address = _address(who)
    if not address:
        raise UsageError("who")
    known, _ = known_writer(work.spine, address, "", work.at)
    if known is None or known.broken_since or reads.wrote_link(work.spine, known.person, work.at):
        return
    row = HeldRow(work, "person", known.person)
    if not row["active"]:
        return
    row.write(Event.MAIL, row["name"])
    reader = _Asking(known.person, row["name"], address)
    write_news(work, tickets.letters, ASKED_FOR, [ToReader(reader, {})], at_once=True)


def own_ticket(work: Work, visitor: Visitor, number: int) -> tuple[Hold, tuple[str, ...]]:
    """Lock a ticket of the visitor's; gives it and what they are on it. Raises NotFoundError."""
    here = survivor(work.spine, number)
    held = hold(work, [here])[here]
    roles = reads.roles(work.spine, here, visitor.person)
    if not roles:
        raise NotFoundError("it is none of theirs.")
    return held, roles


def say(work: Work, tickets: Tickets, place: tuple[Visitor, int], words: Words) -> int:
    """Put a customer's words on their ticket; gives the ticket that they are on.

    Where it was closed too long ago they begin a new one, as a mail would.
    """
    visitor, number = place
    if is_blank(words.text) and not words.files:
        raise UsageError("text")
    held, roles = own_ticket(work, visitor, number)
    if roles == ("approver",):
        raise RefusedError("whoever approves it answers the question only.")
    rules = work.once(read_rules)
    heard = Heard(words.text, visitor.name, visitor.address, proven=True)
    if not belongs(held, heard, rules.reopen_days):
        return _anew(work, tickets, (visitor, held), words, rules)
    write(held, tickets, visitor, words, heard)
    return held.id


def write(held: Hold, tickets: Tickets, visitor: Visitor, words: Words, heard: Heard) -> int:
    """Write down what somebody of the ticket says; gives the entry."""
    act = Act(tickets.letters, actor=ACTOR, person=visitor.person, data={"web": "known"})
    revive(act, held, heard)
    entry = act.write(held, Event.RECEIVED, words.text, public=True)
    keep_files(held.work, held.id, entry, words.files)
    act.tell(held, "received", entry)
    return entry


def _anew(
    work: Work, tickets: Tickets, place: tuple[Visitor, Hold], words: Words, rules: MailRules
) -> int:
    visitor, ended = place
    held = open_ticket(
        work,
        tickets.letters,
        NewTicket(
            person_id=visitor.person,
            subject=ended["subject"],
            body=words.text,
            channel=Channel.WEB,
            actor=ACTOR,
            files=words.files,
            data={"web": "known"},
        ),
    )
    follow(held, ended.id, rules.reopen_days)
    return held.id


def answer(work: Work, tickets: Tickets, place: tuple[Visitor, int], given: Answered) -> int:
    """Apply what somebody chooses on their ticket's page; gives the ticket."""
    visitor, number = place
    if given.kind not in tuple(Question):
        raise UsageError("answer")
    question = Question(given.kind)
    allowed = CHOICES[question] or tuple("123456789")
    if given.value not in allowed or len(given.comment) > LONGEST:
        raise UsageError("answer")
    held, roles = own_ticket(work, visitor, number)
    if ("approver" if question == Question.APPROVAL else "requester") not in roles:
        raise RefusedError("it is asked of somebody else.")
    said = Said(Answer(question, held.id, visitor.person, given.round, given.value), "", "web")
    done = Answers(work, tickets).apply(said._replace(comment=given.comment.strip()), {})
    if done.again:
        text = given.comment.strip() or LATE[question][given.value != "y"]
        heard = Heard(text, visitor.name, visitor.address, proven=True, unsure=done.unsure)
        write(held, tickets, visitor, Words(text), heard)
    return held.id


LATE = {
    Question.WORKED: ("It works.", "It does not work."),
    Question.APPROVAL: ("Granted.", "Refused."),
    Question.SCORE: ("", ""),
    Question.VISIT: ("", "None of these times fits."),
    Question.REMEDY: ("", "I choose another of the remedies."),
}
"""What a choice says as words, where it comes too late to be one."""
MOST_AGE = timedelta(days=30)
"""So long a form that was left open is still taken."""
