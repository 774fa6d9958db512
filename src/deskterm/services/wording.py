"""The words of the desk's letters: listed, shown as they would look, edited, put back."""

from dataclasses import replace
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.mail_rows import LetterPreview, LetterWordsRow
from deskterm.domain.rows import Done
from deskterm.domain.text import check_language
from deskterm.domain.vocabulary import Event
from deskterm.storage.driver import Database
from deskterm.storage.names import number_of
from deskterm.storage.reads.clients import of_ticket
from deskterm.storage.ticket.hold import survivor

if TYPE_CHECKING:
    from deskterm.mail.public import DeskFace, PublicLetter
    from deskterm.services.acting import Acting

_TELLS = {
    "opened": Event.OPENED,
    "reply": Event.REPLIED,
    "received": Event.RECEIVED,
    "waiting": Event.WAITING,
    "still-waiting": Event.WAITING,
    "approval": Event.APPROVAL,
    "decided": Event.APPROVAL,
    "solved": Event.SOLVED,
    "still-solved": Event.SOLVED,
    "reopened": Event.REOPENED,
    "closed": Event.CLOSED,
    "cancelled": Event.CANCELLED,
    "poll": Event.POLLED,
}
"""The ledger entry that a letter is about, for its preview."""


class Wording:
    """Use cases on the words of letters; a letter's words are a record."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def list(self, language: str = "", client: str = "") -> list[LetterWordsRow]:
        """Give every letter in a language; without one in each that is known here.

        With a client it says which words are that client's own. Raises NotFoundError.
        """
        from deskterm.mail.templates import ALL, languages_of
        from deskterm.mail.words import SPEECHES
        from deskterm.services.outbox.public_view import read_edited

        check_language(language)
        with self._desk.store.reading() as database:
            edited = read_edited(database)
            whose = _client(database, client)
        more = [one for one in languages_of(edited) if one not in SPEECHES]
        languages = [language] if language else [*SPEECHES, *more]
        return [
            LetterWordsRow(name, about, one, _source(name, one, edited, whose))
            for name, about in ALL.items()
            for one in languages
        ]

    def text(self, name: str, language: str = "", client: str = "") -> str:
        """Give the template that a letter is made from, to a client's people where one is named.

        Raises UsageError for an unknown letter, NotFoundError for an unknown client.
        """
        from deskterm.mail.templates import check_name, own_words, template_of
        from deskterm.services.outbox.public_view import read_edited

        check_name(name)
        check_language(language)
        with self._desk.store.reading() as database:
            edited = own_words(read_edited(database), _client(database, client))
            return template_of(name, language, edited)

    def check(self, name: str, text: str, language: str = "") -> None:
        """Raise UsageError naming the line where words cannot be rendered; nothing is kept."""
        from deskterm.mail.template_check import check_template

        check_language(language)
        check_template(name, text, language)

    def set(
        self, name: str, text: str | None, language: str = "", how: How = NOW, client: str = ""
    ) -> Done:
        """Keep own words of a letter, or with None go back to the first ones.

        They are the desk's, or those of letters to a client's people. Raises UsageError naming the
        line where they cannot be rendered.
        """
        from deskterm.mail.templates import check_name, key_of
        from deskterm.services.records import Records

        check_name(name)
        check_language(language)
        key, records = key_of(name, language), Records(self._desk)
        key = f"{client}/{key}" if client else key
        if text is None:
            return records.remove("template", key, how)
        return records.set("template", key, {"words": text}, how)

    def preview(
        self,
        name: str,
        language: str = "",
        ticket: int | None = None,
        text: str | None = None,
        client: str = "",
    ) -> LetterPreview:
        """Give a letter as it would look, about a ticket or a made-up one.

        With `text` in these words; as a client's people get it where it is one's ticket, or one is
        named. Raises UsageError, NotFoundError.
        """
        from deskterm.mail.news import news_sample, render_news
        from deskterm.mail.render import render, render_staff
        from deskterm.mail.samples import SAMPLE_FACE, sample
        from deskterm.mail.staff import staff_samples
        from deskterm.mail.templates import NEWS, STAFF, check_name, key_of, own_words
        from deskterm.services.outbox.public_view import face_of, read_edited, read_face

        check_name(name)
        check_language(language)
        letter = None
        with self._desk.store.reading() as database:
            whose = _client(database, client)
            if ticket is not None and not client:
                whose = of_ticket(database, survivor(database, ticket))
            # A preview hands out no address that would count as somebody's answer.
            face = replace(read_face(database), secret=SAMPLE_FACE.secret)
            face = face_of(database, face, whose)
            words = own_words(read_edited(database), face.client)
            if name not in STAFF and name not in NEWS:
                letter = sample(name, language or face.language)
                if ticket is not None:
                    letter = _about(database, name, ticket, letter, face)
                    letter = replace(letter, language=language or letter.language)
        spoken = (language if letter is None else letter.language) or face.language
        if text is not None:
            words = {**words, key_of(name, spoken): text}
        if letter is not None:
            return LetterPreview(*render(letter, face, words))
        if name in NEWS:
            return LetterPreview(*render_news(news_sample(name, language), face, words))
        face = replace(face, language=spoken)
        return LetterPreview(*render_staff(staff_samples()["several"], face, words))


def _client(database: Database, name: str) -> int | None:
    """Give the number of a client that is named; raises NotFoundError."""
    return number_of(database, "organisation", name) if name else None


def _source(name: str, language: str, edited: dict[str, str], client: int | None) -> str:
    from deskterm.mail.templates import PAGE, key_of
    from deskterm.mail.words import SPEECHES

    if client is not None and f"{client}/{key_of(name, language)}" in edited:
        return "client"
    if key_of(name, language) in edited:
        return "desk"
    return "ours" if language in SPEECHES and name != PAGE else "English"


def _about(
    database: Database, name: str, ticket: int, sample: "PublicLetter", face: "DeskFace"
) -> "PublicLetter":
    """Give the letter that a ticket's requester or approver would get: what of it is public."""
    from deskterm.services.outbox.public_view import read_letter
    from deskterm.storage.outbox import Letter
    from deskterm.storage.reads import public

    number = survivor(database, ticket)
    template = sample.parts[0].template
    about = public.ticket(database, number)
    person = about and (about.approver_id if template == "approval" else about.requester_id)
    told = public.newest_of(database, number, str(_TELLS.get(name, "")))
    who, address = public.recipient(database, person)
    made = Letter(
        id=0,
        ticket_id=number,
        person_id=person,
        recipient=address or sample.recipient,
        recipient_name=who,
        template=template,
        message_id="",
        entries=(told,) if told else (),
        data={},
        created_at=clock.now(),
    )
    return read_letter(database, [made], face)
