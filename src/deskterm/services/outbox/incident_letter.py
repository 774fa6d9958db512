"""The letter of a known incident as a mail: of the data that was kept with it, nothing else."""

import json

from deskterm.mail.compose import LetterForm, letter_bytes
from deskterm.mail.incident import IncidentWords, write
from deskterm.mail.public import DeskFace
from deskterm.storage.driver import Database, Row, moment


def compose_incident(database: Database, letter: Row, face: DeskFace) -> bytes:
    """Give the mail; answering it opens a ticket."""
    data = json.loads(letter["data"])
    words = IncidentWords(data["title"], data["workaround"], data["device"])
    row = database.one(
        "SELECT coalesce(nullif(p.language, ''), o.language, '') AS language FROM person p "
        "LEFT JOIN organisation o ON o.id = p.organisation_id WHERE p.id = :id",
        id=letter["person_id"],
    )
    language = (row["language"] if row else "") or face.language
    written = write(words, letter["recipient_name"], face.name, language)
    return letter_bytes(
        LetterForm(
            message_id=letter["message_id"],
            sender=face.address,
            sender_name=face.name,
            reply_to=face.address,
            recipient=letter["recipient"],
            recipient_name=letter["recipient_name"],
            subject=written.subject,
            body=written.text,
            date=moment(letter["created_at"]),
            ticket=None,
        )
    )
