"""What everybody may read on the web face: solutions, what is announced, the offer (E3, G2, H8)."""

from collections.abc import Sequence
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from deskterm.domain import clock
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.solutions import READERS, SolutionRow
from deskterm.domain.text import check_language, clean
from deskterm.domain.vocabulary import Audience
from deskterm.domain.web_rows import OwnForm, Running, Visitor, WebFace
from deskterm.mail.words import ENGLISH
from deskterm.services.announcements.fitting import fits_person
from deskterm.services.offers import LANGUAGES, OfferPage, published
from deskterm.services.site.make import edition
from deskterm.services.solutions.reading import Reading, is_alive
from deskterm.services.web.words import known_words
from deskterm.storage.desk_settings import values
from deskterm.storage.names import number_of
from deskterm.storage.reads.announcements import on_boards
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.web_pages import looks, own_facts, own_form

if TYPE_CHECKING:
    from deskterm.storage.store import Store


FRAME: Final = "/embed"
"""The path below which the form stands that others may show in a frame."""


def style_name(style: str) -> str:
    """Give what a stylesheet is called: who does not know it finds it by no guess."""
    return sha256(style.encode()).hexdigest()[:32]


class Published:
    """Reads of what is for everybody."""

    def __init__(self, store: "Store", solutions: Reading) -> None:
        self._store = store
        self._solutions = solutions

    def face(self) -> WebFace:
        """Give what the desk has settled about its web pages."""
        with self._store.reading() as database:
            known, found = values(database), looks(database)
        return WebFace(
            name=str(known["desk.name"]),
            mission=str(known["desk.mission"]),
            language=str(known["mail.language"]),
            zone=str(known["zone"]),
            url=str(known["web.url"]),
            style=str(known["web.style"]),
            most_bytes=int(known["mail.max_bytes"]),
            most_parts=int(known["mail.max_parts"]),
            most_per_minute=int(known["web.most_per_minute"]),
            proxies=tuple(known["web.proxies"]),
            proxy_header=str(known["web.proxy_header"]),
            expect=str(known["mail.expect"]),
            expect_urgent=str(known["mail.expect_urgent"]),
            frames=tuple(known["web.frames"]),
            words=known_words(known["web.words"]),
            looks=found,
        )

    def snippet(self, organisation: str = "", language: str = "") -> str:
        """Give the HTML that shows the form in a frame, with the look of an organisation.

        Raises NotFoundError, and RefusedError where nobody said what address the web face has.
        """
        check_language(language)
        face = self.face()
        if not face.url:
            raise RefusedError(
                "where is the web face? deskterm settings set web.url https://help.example.org"
            )
        style = ""
        if organisation:
            with self._store.reading() as database:
                look = face.looks.get(number_of(database, "organisation", organisation))
            style = look.style if look else ""
        said = {"lang": language, "look": style_name(style) if style else ""}
        query = urlencode({name: one for name, one in said.items() if one})
        where = f"{face.url}{FRAME}{'?' if query else ''}{query}"
        return (
            f'<iframe src="{escape(where)}" title="{escape(clean(face.name, one_line=True))}" '
            'width="100%" height="760" loading="lazy" referrerpolicy="no-referrer"></iframe>'
        )

    def own_form(self, visitor: Visitor) -> OwnForm:
        """Give what the form asks a visitor of the desk's own fields."""
        with self._store.reading() as database:
            return own_form(database, visitor.person)

    def solutions(self, visitor: Visitor, text: str = "") -> Sequence[SolutionRow]:
        """Give the solutions for a visitor that fit words, best first; all by title without."""
        shown = self._readable(visitor, self._solutions.search(text))
        return shown if text.strip() else sorted(shown, key=lambda row: row.title.casefold())

    def solution(self, visitor: Visitor, number: int) -> SolutionRow | None:
        """Give a solution that a visitor may read; None for any other."""
        try:
            found = self._solutions.show(number)
        except NotFoundError:
            return None
        return next(iter(self._readable(visitor, [found])), None)

    def suggest(self, visitor: Visitor, text: str, most: int = 3) -> Sequence[SolutionRow]:
        """Give the solutions that most likely help a visitor with words that are no ticket yet."""
        hints = self._solutions.suggest_for(text, limit=4 * most)
        return self._readable(visitor, [one.solution for one in hints])[:most]

    def _readable(self, visitor: Visitor, rows: Sequence[SolutionRow]) -> list[SolutionRow]:
        """Give what is for everybody, and for who is known what is for their organisation."""
        circle = Audience.ORGANISATION if visitor.person else Audience.PUBLIC
        found = [row for row in rows if row.audience in READERS[circle] and is_alive(row)]
        if not visitor.person or all(row.audience == Audience.PUBLIC for row in found):
            return found
        with self._store.reading() as database:
            own = own_facts(database, visitor.person).organisation
        return edition(self._store, found, own or None)

    def running(self, visitor: Visitor) -> Sequence[Running]:
        """Give what is announced to a visitor; to nobody known, what everybody may read."""
        with self._store.reading() as database:
            zone = desk_zone(database)
            return [
                Running(
                    one.text,
                    one.from_at.astimezone(zone),
                    one.until_at.astimezone(zone) if one.until_at else None,
                )
                for one in on_boards(database, clock.now())
                if fits_person(database, one, visitor.person or None)
            ]

    def offers(self, visitor: Visitor, language: str) -> Sequence[OfferPage]:
        """Give what is offered today, with the contracts of a known visitor's organisation."""
        with self._store.reading() as database, database.snapshot():
            own = own_facts(database, visitor.person).organisation if visitor.person else ""
            return published(database, own, language if language in LANGUAGES else ENGLISH)
