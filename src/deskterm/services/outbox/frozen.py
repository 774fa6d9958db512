"""A letter's bytes, made once: the public view rendered, composed, and kept under its hash."""

from collections.abc import Sequence
from hashlib import sha256

from deskterm.mail.compose import ANSWERED, GENERATED, TYPED, Enclosed, LetterForm, letter_bytes
from deskterm.mail.incident import TEMPLATE
from deskterm.mail.public import DeskFace, PublicLetter
from deskterm.mail.render import render
from deskterm.mail.tokens import recipient_address
from deskterm.services.outbox import FOR_TECHNICIANS
from deskterm.services.outbox.incident_letter import compose_incident
from deskterm.services.outbox.public_view import read_letter
from deskterm.services.outbox.staff_view import compose_staff
from deskterm.storage.driver import Database, Row

_AUTOMATIC = {"opened": ANSWERED, "reply": TYPED}


def compose(
    database: Database, letters: Sequence[Row], face: DeskFace, edited: dict[str, str]
) -> bytes:
    """Give the mail that these letters to one recipient are together; raises DeskError."""
    if letters[0]["template"] == TEMPLATE:
        return compose_incident(database, letters[0], face)
    if letters[0]["template"].startswith(FOR_TECHNICIANS):
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


def kept_bytes(database: Database, letter: Row) -> bytes:
    """Give the frozen bytes of a letter, or nothing where it was never claimed."""
    if letter["sha256"] is None:
        return b""
    row = database.one("SELECT bytes FROM blob WHERE sha256 = :sha256", sha256=letter["sha256"])
    return bytes(row["bytes"]) if row else b""


def freeze(database: Database, letters: Sequence[Row], raw: bytes) -> str:
    """Keep the bytes of a letter and of those that travel with it; gives their hash."""
    digest = sha256(raw).hexdigest()
    database.run(
        "INSERT INTO blob (sha256, size, bytes) VALUES (:sha256, :size, :bytes) "
        "ON CONFLICT DO NOTHING",
        sha256=digest,
        size=len(raw),
        bytes=raw,
    )
    for letter in letters:
        database.run(
            "UPDATE outbox SET sha256 = :sha256 WHERE id = :id", sha256=digest, id=letter["id"]
        )
    return digest


def _enclosed(database: Database, view: PublicLetter) -> tuple[Enclosed, ...]:
    found = []
    for file in view.files:
        row = database.one("SELECT bytes FROM blob WHERE sha256 = :sha256", sha256=file.sha256)
        if row is not None:
            found.append(Enclosed(file.name, file.media_type, bytes(row["bytes"])))
    return tuple(found)
