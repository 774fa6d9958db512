"""The letter of a known incident as a mail: of the data that was kept with it, nothing else."""

from deskterm.mail.compose import LetterForm, letter_bytes
from deskterm.mail.incident import IncidentWords, write
from deskterm.mail.public import DeskFace
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter
from deskterm.storage.reads.public import language


def compose_incident(database: Database, letter: Letter, face: DeskFace) -> bytes:
    """Give the mail; answering it opens a ticket."""
    data = letter.data
    words = IncidentWords(data["title"], data["workaround"], data["device"])
    spoken = language(database, letter.person_id) or face.language
    written = write(words, letter.recipient_name, face.name, spoken)
    return letter_bytes(
        LetterForm(
            message_id=letter.message_id,
            sender=face.address,
            sender_name=face.name,
            reply_to=face.address,
            recipient=letter.recipient,
            recipient_name=letter.recipient_name,
            subject=written.subject,
            body=written.text,
            date=letter.created_at,
            ticket=None,
        )
    )
