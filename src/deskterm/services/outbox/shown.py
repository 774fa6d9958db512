"""One letter for eyes: its headers, text, HTML and files, as it left or as it would leave now."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import cast

from deskterm.domain.mail_rows import LetterShown
from deskterm.services.outbox.frozen import compose, kept_bytes
from deskterm.services.outbox.public_view import read_edited, read_face
from deskterm.storage.driver import Database, Row
from deskterm.storage.reads.outbox import letters_by_id

_LETTER = (
    "id, ticket_id, person_id, recipient, recipient_name, template, message_id, entries, data, "
    "created_at, attempts, sha256, state"
)


def shown(database: Database, number: int) -> LetterShown:
    """Give a letter; raises NotFoundError, or DeskError and LookupError if it cannot be written."""
    (row,) = letters_by_id(database, (number,))
    stored = database.one(f"SELECT {_LETTER} FROM outbox WHERE id = :id", id=number)  # noqa: S608 - constants
    raw, frozen = _bytes(database, cast("Row", stored))
    message = message_from_bytes(raw, policy=default)
    return LetterShown(
        row=row,
        headers=tuple((name, str(value)) for name, value in message.items()),
        text=_part(message, "plain"),
        html=_part(message, "html"),
        files=tuple(_file(part) for part in message.iter_attachments()),
        frozen=frozen,
    )


def _bytes(database: Database, letter: Row) -> tuple[bytes, bool]:
    kept = kept_bytes(database, letter)
    if kept:
        return kept, True
    return compose(database, [letter], read_face(database), read_edited(database)), False


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part is not None else ""


def _file(part: EmailMessage) -> tuple[str, str, int]:
    body = part.get_payload(decode=True)
    size = len(body) if isinstance(body, bytes) else 0
    return part.get_filename() or "", part.get_content_type(), size
