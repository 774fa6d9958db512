"""What a letter may tell a technician: read so that an internal text cannot come along."""

from collections.abc import Sequence

from deskterm.domain.errors import RefusedError
from deskterm.mail.compose import LetterForm, letter_bytes
from deskterm.mail.public import DeskFace
from deskterm.mail.render import render_staff
from deskterm.mail.staff import MOST, StaffLetter, StaffLine
from deskterm.mail.tokens import message_id, personal_address
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.public import news_lines


def compose_staff(
    database: Database, letters: Sequence[Letter], face: DeskFace, edited: dict[str, str]
) -> bytes:
    """Give the mail that these letters to one technician are together; raises DeskError."""
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
            ticket=ticket,
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
            number=row.ticket_id,
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
