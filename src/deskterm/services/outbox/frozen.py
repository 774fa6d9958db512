"""A letter's bytes, made once: the public view rendered, composed, and kept under its hash.

A letter to a technician is read so that an internal text cannot come along; a letter about
no ticket is made of the data that was kept with it, nothing else.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deskterm.domain.errors import RefusedError
from deskterm.mail.compose import ANSWERED, GENERATED, TYPED, Enclosed, LetterForm, letter_bytes
from deskterm.mail.public import DeskFace, PublicLetter
from deskterm.mail.staff import MOST, StaffLetter, StaffLine
from deskterm.mail.templates import own_words
from deskterm.mail.tokens import (
    loop_mark,
    message_id,
    personal_address,
    recipient_address,
    visit_uid,
)
from deskterm.services.outbox import FOR_TECHNICIANS
from deskterm.services.outbox.public_view import face_for, read_letter
from deskterm.storage import blobs, outbox
from deskterm.storage.driver import Database, moment_or_none
from deskterm.storage.outbox import Letter
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.public import language, news_lines
from deskterm.storage.reads.web_pages import round_of

if TYPE_CHECKING:
    from deskterm.mail.news import NewsLetter

_AUTOMATIC = {"opened": ANSWERED, "reply": TYPED}


def compose(
    database: Database, letters: Sequence[Letter], face: DeskFace, edited: Mapping[str, str]
) -> bytes:
    """Give the mail that these letters to one recipient are together; raises DeskError."""
    if letters[0].template.startswith(FOR_TECHNICIANS):
        return compose_staff(database, letters, face, edited)
    face = face_for(database, face, letters[0].ticket_id, letters[0].person_id)
    edited = own_words(edited, face.client)
    if letters[0].ticket_id is None:
        return compose_news(database, letters[0], face, edited)
    from deskterm.mail.render import render  # Jinja: 30 ms, and only for a letter

    view = read_letter(database, letters, face)
    words = render(view, face, edited)
    templates = {part.template for part in view.parts}
    automatic = TYPED if "reply" in templates else _AUTOMATIC.get(view.parts[0].template, GENERATED)
    return letter_bytes(
        LetterForm(
            message_id=view.message_id,
            sender=face.address,
            sender_name=face.name,
            reply_to=recipient_address(face.address, view.number, face.secret),
            recipient=view.recipient,
            recipient_name=view.recipient_name,
            subject=words.subject,
            body=words.text,
            html=words.html,
            date=view.written_at,
            loop=loop_mark(view.number, face.secret),
            references=view.references,
            automatic=automatic,
            enclosed=_enclosed(database, view),
            calendar=_calendar(view, face),
        )
    )


def _calendar(view: PublicLetter, face: DeskFace) -> tuple[str, bytes] | None:
    """Give the invitation that the letter brings, the newest where several travel together.

    Only the requester is invited. Answers of calendars go to the ticket's own address.
    """
    told = [one for part in view.parts if (one := part.visit) is not None and one.method]
    if not told or told[-1].at is None or not view.is_requester:
        return None
    from deskterm.mail.invitation import CANCEL, Meeting, calendar

    visit, start = told[-1], told[-1].at
    desk = recipient_address(face.address, view.number, face.secret)
    meeting = Meeting(
        uid=visit_uid(visit.number, face.secret, face.address.rpartition("@")[2]),
        sequence=visit.sequence,
        start=start,
        minutes=visit.minutes,
        summary=f"[#{view.number}] {view.subject}",
        place=visit.place,
        about=visit.what,
        written_at=view.written_at,
        organizer=(face.name, desk),
        attendee=(view.recipient_name, view.recipient),
        cancelled=visit.method == CANCEL,
    )
    return visit.method, calendar([meeting], visit.method)


def kept_bytes(database: Database, letter: Letter) -> bytes:
    """Give the frozen bytes of a letter, or nothing where it was never claimed."""
    return (blobs.read(database, letter.sha256) or b"") if letter.sha256 else b""


def freeze(database: Database, letters: Sequence[Letter], raw: bytes) -> str:
    """Keep the bytes of a letter and of those that travel with it; gives their hash."""
    digest = blobs.keep(database, raw)
    outbox.freeze(database, [letter.id for letter in letters], digest)
    return digest


def _enclosed(database: Database, view: PublicLetter) -> tuple[Enclosed, ...]:
    found = []
    for file in view.files:
        raw = blobs.read(database, file.sha256)
        if raw is not None:
            found.append(Enclosed(file.name, file.media_type, raw))
    return tuple(found)


def compose_news(
    database: Database, letter: Letter, face: DeskFace, edited: Mapping[str, str]
) -> bytes:
    """Give the mail; answering it opens a ticket."""
    from deskterm.mail.news import leaving, render_news

    told = read_news(database, letter)
    words = render_news(told, face, edited)
    return letter_bytes(
        LetterForm(
            message_id=letter.message_id,
            sender=face.address,
            sender_name=face.name,
            reply_to=face.address,
            recipient=letter.recipient,
            recipient_name=letter.recipient_name,
            subject=words.subject,
            body=words.text,
            html=words.html,
            date=letter.created_at,
            loop=loop_mark(None, face.secret),
            leave=leaving(told, face),
        )
    )


_NEWS_OF = {"released": "news_released", "withdrawn": "news_recalled"}
"""A letter about a ticket → what whoever has none of it is told instead."""


def read_news(database: Database, letter: Letter) -> "NewsLetter":
    """Give what a letter about no ticket tells: what was kept with it, and nothing else."""
    from deskterm.mail import news

    data, zone = letter.data, desk_zone(database)
    begins, until = (moment_or_none(data.get(name)) for name in ("from_at", "until_at"))
    said = {name: text for name, text in data.items() if isinstance(text, str)}
    release = {"release": "name", "changed": "words", "closing": "reason"}
    said |= {name: said[other] for name, other in release.items() if other in said}
    return news.NewsLetter(
        template=_NEWS_OF.get(letter.template, letter.template),
        recipient_name=letter.recipient_name,
        said=said,
        person=letter.person_id or 0,
        begins=begins.astimezone(zone) if begins else None,
        until=until.astimezone(zone) if until else None,
        planned=bool(data.get("planned")),
        tips=tuple(str(one) for one in data.get("tips", ())),
        language=language(database, letter.person_id),
        written_at=letter.created_at,
        link_round=round_of(database, letter.person_id) if letter.person_id else 0,
    )


def compose_staff(
    database: Database, letters: Sequence[Letter], face: DeskFace, edited: Mapping[str, str]
) -> bytes:
    """Give the mail that these letters to one technician are together; raises DeskError."""
    from deskterm.mail.render import render_staff

    letter = read_staff(database, letters)
    words = render_staff(letter, face, edited)
    ticket = letter.ticket
    domain = face.address.rpartition("@")[2]
    return letter_bytes(
        LetterForm(
            message_id=letter.message_id,
            sender=face.address,
            sender_name=face.name,
            reply_to=personal_address(face.address, ticket, letter.login, face.secret)
            if ticket
            else face.address,
            recipient=letter.recipient,
            recipient_name=letter.recipient_name,
            subject=words.subject,
            body=words.text,
            html=words.html,
            date=letter.written_at,
            loop=loop_mark(ticket, face.secret),
            references=(message_id(ticket, "0", face.secret, domain),) if ticket else (),
        )
    )


def read_staff(database: Database, letters: Sequence[Letter]) -> StaffLetter:
    """Give what letters to one technician tell; raises RefusedError where all was taken back."""
    rows = news_lines(database, [letter.id for letter in letters])
    if not rows:
        raise RefusedError("what it told of was taken back.")
    zone, first = desk_zone(database), letters[0]
    lines = tuple(
        StaffLine(
            number=row.ticket_id or 0,
            subject=row.subject,
            kind=row.kind,
            who=row.who,
            at=row.at.astimezone(zone),
            urgent=row.urgent,
            words=row.words,
            internal=row.internal,
        )
        for row in rows[:MOST]
    )
    return StaffLetter(
        login=rows[0].login,
        recipient=first.recipient,
        recipient_name=first.recipient_name,
        message_id=first.message_id,
        lines=lines,
        written_at=first.created_at,
        more=len(rows) - len(lines),
    )
