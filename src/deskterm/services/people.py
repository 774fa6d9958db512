"""Requesters: found, shown, corrected. Making one happens when a ticket is opened."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deskterm.domain.asking import NOW, How
from deskterm.domain.records import OrganisationRow
from deskterm.domain.rows import PersonPage, PersonRow
from deskterm.services.records import Records
from deskterm.storage.people import find_person
from deskterm.storage.reads import board
from deskterm.storage.reads import people as reads
from deskterm.storage.reads.listed import with_more
from deskterm.storage.reads.people import first_people, organisations, people_like, person

if TYPE_CHECKING:
    from deskterm.domain.audience import Audience
    from deskterm.services.acting import Acting


class People:
    """Use cases on requesters."""

    def __init__(self, desk: "Acting") -> None:
        self._desk = desk

    def find(self, text: str, limit: int = 10) -> list[PersonRow]:
        """Give who is probably meant by a name, address, phone number or department."""
        with self._desk.store.reading() as database:
            return people_like(database, text, limit)

    def asked(self, text: str, limit: int) -> list[PersonRow]:
        """Give whom a query over people finds, by name; plain words mean whom `find` gives.

        Raises QueryError, which names the character.
        """
        from deskterm.storage.reads.audience import numbers
        from deskterm.triage.people_terms import audience, is_plain

        if ":" not in text and text.strip().casefold() != "everyone":
            return self.find(text, limit)
        query = audience(text)
        if is_plain(query):
            return self.find(text, limit)
        with self._desk.store.reading() as database:
            return reads.people(database, numbers(database, query, limit))

    def audience(self, text: str, *, despite: bool = False) -> "Audience":
        """Give who an audience is, with who is left out and why; raises QueryError.

        `despite`: those who want no news are written to as well.
        """
        from deskterm.domain.audience import Audience
        from deskterm.storage.reads.audience import members
        from deskterm.triage.people_terms import audience

        with self._desk.store.reading() as database, database.snapshot():
            return Audience(text.strip(), members(database, audience(text), despite=despite))

    def all(self, limit: int) -> list[PersonRow]:
        """Give requesters by name."""
        with self._desk.store.reading() as database:
            return first_people(database, limit)

    def show(self, who: str) -> PersonRow:
        """Give all that is known of one requester: by address, name or `#number`."""
        with self._desk.store.reading() as database:
            return person(database, find_person(database, who))

    def page(self, who: str = "", *, ticket: int = 0, most: int = 500) -> PersonPage:
        """Give a requester with all they ever had: by address, name or `#number`, or by a ticket.

        Raises NotFoundError.
        """
        with self._desk.store.reading() as database, database.snapshot():
            number = reads.requester_of(database, ticket) if ticket else find_person(database, who)
            tickets = board.rows(database, reads.tickets_of(database, number, most))
            return PersonPage(
                person(database, number),
                with_more(database, tickets, ("rating",)),
                reads.promised(database, number),
                reads.ratings(database, number),
            )

    def set(self, who: str, values: Mapping[str, str], how: How = NOW) -> int:
        """Correct what is known of a requester; an unknown address makes one. Gives the number."""
        done = Records(self._desk).set("person", who, values, how)
        return next(iter(done.of("person")), 0) or self.show(who).id

    def organisations(self) -> list[OrganisationRow]:
        """Give the client organisations with how many people each has."""
        with self._desk.store.reading() as database:
            return organisations(database)
