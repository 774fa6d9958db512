"""Whom an announcement fits: a caller, whoever wrote a ticket, tickets that it is an answer to."""

from datetime import datetime

from deskterm.domain.announcements import AnnouncementRow
from deskterm.storage.driver import Database
from deskterm.storage.reads.announcements import on_boards, problems_of
from deskterm.storage.reads.audience import fits
from deskterm.storage.reads.clients import clients, of_person
from deskterm.storage.reads.public import PublicTicket
from deskterm.triage.likeness import words
from deskterm.triage.people_terms import audience
from deskterm.triage.query_tree import QueryError


def fits_person(database: Database, one: AnnouncementRow, person: int | None) -> bool:
    """Tell whether something is announced to somebody; to nobody known, only what all may read.

    An audience that cannot be read any more is nobody.
    """
    if not clients(database).reaches(one.organisation_id, of_person(database, person)):
        return False
    if not one.audience:
        return True
    if person is None:
        return False
    try:
        return fits(database, audience(one.audience), person)
    except QueryError:
        return False


def fits_words(one: AnnouncementRow, subject: str) -> bool:
    """Tell whether a subject speaks of what is announced: a word of weight in both."""
    said = {stem for stem, _ in words(one.text)}
    return bool(said & {stem for stem, _ in words(subject)})


def known_to(database: Database, ticket: PublicTicket, now: datetime) -> list[AnnouncementRow]:
    """Give what runs and answers a ticket: it is meant for its requester, and of its problem or of
    what its subject speaks of."""
    running = [one for one in on_boards(database, now) if one.from_at <= now]
    problems = problems_of(database, ticket.id) if running else set()
    return [
        one
        for one in running
        if (one.problem_id in problems or fits_words(one, ticket.subject))
        and fits_person(database, one, ticket.requester_id)
    ]
