"""A letter's bytes, made once: the public view rendered, composed, and kept under its hash."""

from collections.abc import Sequence

from deskterm.mail.compose import ANSWERED, GENERATED, TYPED, Enclosed, LetterForm, letter_bytes
from deskterm.mail.incident import TEMPLATE
from deskterm.mail.public import DeskFace, PublicLetter
from deskterm.mail.render import render
from deskterm.mail.tokens import recipient_address
from deskterm.services.outbox import FOR_TECHNICIANS
from deskterm.services.outbox.incident_letter import compose_incident
from deskterm.services.outbox.public_view import read_letter
from deskterm.services.outbox.staff_view import compose_staff
from deskterm.storage import blobs, outbox
from deskterm.storage.driver import Database
from deskterm.storage.outbox import Letter

_AUTOMATIC = {"opened": ANSWERED, "reply": TYPED}


def compose(
    database: Database, letters: Sequence[Letter], face: DeskFace, edited: dict[str, str]
) -> bytes:
    """Give the mail that these letters to one recipient are together; raises DeskError."""
    if letters[0].template == TEMPLATE:
        return compose_incident(database, letters[0], face)
    if letters[0].template.startswith(FOR_TECHNICIANS):
        return compose_staff(database, letters, face, edited)
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
            ticket=view.number,
            references=view.references,
            automatic=automatic,
            enclosed=_enclosed(database, view),
        )
    )


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
