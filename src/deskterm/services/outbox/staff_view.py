"""What a letter may tell a technician: read so that an internal text cannot come along."""

from collections.abc import Sequence

from deskterm.domain.errors import RefusedError
from deskterm.mail.compose import LetterForm, letter_bytes
from deskterm.mail.public import DeskFace
from deskterm.mail.render import render_staff
from deskterm.mail.staff import MOST, StaffLetter, StaffLine
from deskterm.mail.tokens import message_id, personal_address
from deskterm.storage.driver import Database, Row, moment
from deskterm.storage.reads.asked import desk_zone

_LINES = """
SELECT n.login, n.kind, n.urgent, n.at, n.ticket_id, t.subject, l.actor, p.name AS person,
  d.name AS tech, CASE WHEN l.public THEN l.text ELSE '' END AS words,
  CASE WHEN NOT l.public AND l.text <> '' THEN 1 ELSE 0 END AS internal
FROM notice n JOIN ticket t ON t.id = n.ticket_id LEFT JOIN ledger l ON l.id = n.entry_id
LEFT JOIN person p ON p.id = l.person_id LEFT JOIN technician d ON d.login = l.actor
"""


def compose_staff(
    database: Database, letters: Sequence[Row], face: DeskFace, edited: dict[str, str]
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


def read_staff(database: Database, letters: Sequence[Row]) -> StaffLetter:
    """Give what letters to one technician tell; raises RefusedError where all was taken back."""
    rows = database.all(
        f"{_LINES} WHERE n.letter_id IN :ids ORDER BY n.urgent DESC, n.id",
        ids=[letter["id"] for letter in letters],
    )
    if not rows:
        raise RefusedError("what it told of was taken back.")
    zone, first = desk_zone(database), letters[0]
    lines = tuple(
        StaffLine(
            number=row["ticket_id"],
            subject=row["subject"],
            kind=row["kind"],
            who=row["person"] or row["tech"] or row["actor"] or "",
            at=moment(row["at"]).astimezone(zone),
            urgent=bool(row["urgent"]),
            words=row["words"] or "",
            internal=bool(row["internal"]),
        )
        for row in rows[:MOST]
    )
    return StaffLetter(
        login=rows[0]["login"],
        recipient=first["recipient"],
        recipient_name=first["recipient_name"],
        message_id=first["message_id"],
        lines=lines,
        written_at=moment(first["created_at"]),
        more=len(rows) - len(lines),
    )
