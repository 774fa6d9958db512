"""A ticket's page as one of its people sees it: the public view, and what the desk asks them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from deskterm.domain.remedies import remedy_words
from deskterm.domain.vocabulary import Approval, Event, Outcome, State
from deskterm.domain.web_rows import (
    PageChoice,
    PageFile,
    PageQuestion,
    PageVisit,
    PageWords,
    TicketPage,
    Visitor,
)
from deskterm.mail.answers import CHOICES, NO, Question
from deskterm.services.announcements.fitting import known_to
from deskterm.services.outbox.public_view import is_for_them
from deskterm.services.solutions.remedies import last_offer
from deskterm.storage.driver import Database
from deskterm.storage.reads import public
from deskterm.storage.reads import visits as visit_reads
from deskterm.storage.reads import web_pages as reads
from deskterm.storage.reads.held import told_by
from deskterm.storage.reads.people import technician_name
from deskterm.storage.reads.solutions import offered_entry
from deskterm.storage.ticket.hold import survivor

_TOLD = (
    *(Event.OPENED, Event.RECEIVED, Event.REPLIED, Event.WAITING, Event.REOPENED, Event.SOLVED),
    *(Event.CLOSED, Event.CANCELLED, Event.VERIFIED, Event.APPROVAL, Event.VISIT, Event.RATED),
)
"""Events that a page names; of others a customer has nothing."""
_WORDS = (Event.OPENED, Event.RECEIVED, Event.REPLIED)


def ticket_page(
    database: Database, visitor: Visitor, number: int, now: datetime
) -> TicketPage | None:
    """Give a ticket as a visitor may see it; None where it is none of theirs. NotFoundError."""
    here = survivor(database, number)
    roles = reads.roles(database, here, visitor.person)
    ticket = public.ticket(database, here)
    if not roles or ticket is None:
        return None
    role = roles[0]
    entries = _talk(database, here, visitor.person) if role != "approver" else []
    opening = next((one for one in entries if one.event == Event.OPENED), None)
    opened_at, waiting_for = reads.where_it_stands(database, here)
    due, within = public.promised_answer(database, here) or (None, "")
    return TicketPage(
        number=here,
        asked_number=number,
        subject=ticket.subject,
        said=ticket.body,
        state=ticket.state,
        waiting_for=waiting_for,
        outcome=ticket.outcome or "",
        urgent=ticket.urgent,
        opened_at=opened_at,
        role=role,
        requester=ticket.requester or "",
        owner=ticket.owner or "",
        resolution=_resolution(entries, ticket.state),
        needs=ticket.needs,
        approver=ticket.approver,
        approval=ticket.approval or "",
        answer_by=due,
        answer_within=within,
        talk=tuple(_words(one) for one in entries if one is not opening and _is_told(one)),
        files=_files(opening) if opening else (),
        questions=tuple(_questions(database, ticket, roles)),
        visit=_visit(database, here) if role != "approver" else None,
        parts=tuple(reads.split_from(database, here, visitor.person)),
        announced=tuple(one.text for one in known_to(database, ticket, now)[:2])
        if role == "requester"
        else (),
        fields=reads.seen_fields(database, here) if role != "approver" else (),
    )


def file_on_page(
    database: Database, visitor: Visitor, ticket: int, number: int
) -> tuple[PageFile, int] | None:
    """Give (file, its number) where the visitor's page of the ticket shows it; else None."""
    here = survivor(database, ticket)
    if not set(reads.roles(database, here, visitor.person)) & {"requester", "watcher"}:
        return None
    for entry in _talk(database, here, visitor.person):
        for file in _files(entry):
            if file.id == number:
                return file, number
    return None


def _talk(database: Database, ticket: int, person: int) -> list[reads.Entry]:
    """Give what was said, without the words of strangers: nobody has taken them over yet."""
    tickets = [ticket, *reads.merged_of(database, ticket, person)]
    return [one for one in reads.talk(database, tickets) if "external" not in one.data]


def _is_told(entry: reads.Entry) -> bool:
    if entry.event not in _TOLD:
        return False
    return entry.event not in _WORDS or bool(entry.text or entry.files)


def _words(entry: reads.Entry) -> PageWords:
    said = entry.text if entry.event in _WORDS or entry.event == Event.SOLVED else ""
    if not said and entry.event not in _WORDS and is_for_them(entry.text, entry.data):
        said = entry.text
    if entry.event in (Event.VISIT, Event.RATED):
        said = ""
    return PageWords(entry.at, entry.who, entry.ours, _named(entry), said, _files(entry))


def _named(entry: reads.Entry) -> str:
    """Give what happened, in a word that the pages have words for."""
    if entry.event == Event.VERIFIED:
        return f"verified-{entry.data.get('result', '')}"
    if entry.event == Event.APPROVAL:
        return f"approval-{entry.data.get('approval', '')}"
    return entry.event


def _files(entry: reads.Entry) -> tuple[PageFile, ...]:
    """Give the files that customers sent and those of answers; no letter carries others either."""
    shown = not entry.ours or entry.event == Event.REPLIED
    return entry.files if shown else ()


def _resolution(entries: Sequence[reads.Entry], state: str) -> str:
    if state not in (State.SOLVED, State.CLOSED):
        return ""
    return next((one.text for one in reversed(entries) if one.event == Event.SOLVED), "")


def _questions(
    database: Database, ticket: public.PublicTicket, roles: Sequence[str]
) -> Iterator[PageQuestion]:
    """Give what the desk asks the reader now; whom it does not concern is asked nothing."""
    if "approver" in roles:
        yield from _approval(database, ticket)
    if "requester" not in roles:
        return
    solved = public.newest_of(database, ticket.id, Event.SOLVED)
    if ticket.state == State.SOLVED and solved is not None:
        yield _choices(Question.WORKED, solved)
    if ticket.state not in (State.CLOSED, State.CANCELLED, State.MERGED):
        yield from _remedies(database, ticket.id)
        yield from _times(database, ticket.id)
    elif ticket.state == State.CLOSED and ticket.outcome in (Outcome.SOLVED, Outcome.UNSOLVED):
        yield _choices(Question.SCORE, public.newest_of(database, ticket.id, Event.CLOSED) or 0)


def _choices(kind: Question, asked: int, about: str = "") -> PageQuestion:
    return PageQuestion(kind, asked, tuple(PageChoice(one) for one in CHOICES[kind]), about)


def _approval(database: Database, ticket: public.PublicTicket) -> Iterator[PageQuestion]:
    told = told_by(database, ticket.id, Event.APPROVAL)
    asked = next((one for one, data in told if data.get("approval") == Approval.ASKED), None)
    if ticket.approval == Approval.ASKED and asked is not None:
        yield _choices(Question.APPROVAL, asked, ticket.needs)


def _remedies(database: Database, ticket: int) -> Iterator[PageQuestion]:
    offer = last_offer(database, ticket)
    if offer is None or offer.chosen is not None:
        return
    choices = (PageChoice(str(at), remedy_words(one)) for at, one in enumerate(offer.remedies, 1))
    yield PageQuestion(Question.REMEDY, offered_entry(database, ticket), tuple(choices))


def _times(database: Database, ticket: int) -> Iterator[PageQuestion]:
    asked = visit_reads.offered_last(database, ticket)
    if asked is None:
        return
    open_one = visit_reads.visits_of(database, ticket)[0]
    slots = visit_reads.slots_of(database, asked)
    choices = [PageChoice(str(at), at=one) for at, one in enumerate(slots, 1)]
    about, minutes = open_one.what, open_one.minutes
    yield PageQuestion(Question.VISIT, asked, (*choices, PageChoice(NO)), about, minutes)


def _visit(database: Database, ticket: int) -> PageVisit | None:
    """Give the visit that is agreed on, as its letter tells of it."""
    for one in visit_reads.visits_of(database, ticket):
        if one.state == "fixed" and one.at is not None:
            called = technician_name(database, one.technician)
            return PageVisit(one.at, one.minutes, one.place, called, one.what)
    return None
