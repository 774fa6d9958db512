"""What everybody may read on the web face: solutions, what is announced, the offer (E3, G2, H8)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.solutions import READERS, SolutionRow
from deskterm.domain.vocabulary import Audience
from deskterm.domain.web_rows import Running, Visitor, WebFace
from deskterm.services.announcements.fitting import fits_person
from deskterm.services.solutions.reading import Reading, is_alive
from deskterm.storage.desk_settings import values
from deskterm.storage.reads.announcements import on_boards
from deskterm.storage.reads.asked import desk_zone
from deskterm.storage.reads.offers import OfferText, in_force
from deskterm.storage.reads.web_pages import own_facts

if TYPE_CHECKING:
    from deskterm.storage.store import Store

_OPEN_TO_ALL = READERS[Audience.PUBLIC]


class Published:
    """Reads of what is for everybody."""

    def __init__(self, store: "Store", solutions: Reading) -> None:
        self._store = store
        self._solutions = solutions

    def face(self) -> WebFace:
        """Give what the desk has settled about its web pages."""
        with self._store.reading() as database:
            known = values(database)
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
        )

    def solutions(self, text: str = "") -> Sequence[SolutionRow]:
        """Give the published solutions that fit words, best first; all by title without words."""
        found = self._solutions.search(text)
        shown = [row for row in found if row.audience in _OPEN_TO_ALL]
        return shown if text.strip() else sorted(shown, key=lambda row: row.title.casefold())

    def solution(self, number: int) -> SolutionRow | None:
        """Give a published solution; None for any other."""
        shown = {row.id: row for row in self._solutions.list(audience=Audience.PUBLIC)}
        return shown.get(number)

    def suggest(self, text: str, most: int = 3) -> Sequence[SolutionRow]:
        """Give the published solutions that most likely help with words that are no ticket yet."""
        hints = self._solutions.suggest_for(text, limit=4 * most)
        rows = [one.solution for one in hints]
        return [one for one in rows if one.audience in _OPEN_TO_ALL and is_alive(one)][:most]

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

    def offers(self, visitor: Visitor) -> Sequence[OfferText]:
        """Give what is offered today, with the contracts of a known visitor's organisation."""
        with self._store.reading() as database, database.snapshot():
            today = clock.now().astimezone(desk_zone(database)).date()
            own = own_facts(database, visitor.person).organisation if visitor.person else ""
            return in_force(database, today.isoformat(), own).offers
