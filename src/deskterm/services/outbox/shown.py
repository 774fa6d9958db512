"""One letter for eyes: its headers, text, HTML and files, as it left or as it would leave now."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from deskterm.domain.mail_rows import LetterShown
from deskterm.services.outbox.frozen import compose, kept_bytes
from deskterm.services.outbox.public_view import read_edited, read_face
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter, letter
from deskterm.storage.reads.outbox import letters_by_id


def shown(database: Database, number: int) -> LetterShown:
    """Give a letter; raises NotFoundError, or DeskError and LookupError if it cannot be written."""
    (row,) = letters_by_id(database, (number,))
    stored = letter(database, number)
    if stored is None:
        raise LookupError(f"letter {number} is gone")
    raw, frozen = _bytes(database, stored)
    message = message_from_bytes(raw, policy=default)
    return LetterShown(
        row=row,
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        files=tuple(_file(part) for part in message.iter_attachments()),
        frozen=frozen,
    )


def _bytes(database: Database, stored: Letter) -> tuple[bytes, bool]:
    kept = kept_bytes(database, stored)
    if kept:
        return kept, True
    return compose(database, [stored], read_face(database), read_edited(database)), False


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _file(part: EmailMessage) -> tuple[str, str, int]:
    body = part.get_payload(decode=True)
    size = len(body) if isinstance(body, bytes) else 0
    return part.get_filename() or "", part.get_content_type(), size
