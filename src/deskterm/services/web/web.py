"""The use cases of the web face: who it is, what they may see, what they do."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from deskterm.domain import clock
from deskterm.domain.address import normal_address
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, UsageError
from deskterm.domain.requests import NewFile
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event
from deskterm.domain.web_rows import (
    OwnFacts,
    OwnTicket,
    Report,
    Reported,
    TicketPage,
    Visitor,
)
from deskterm.services.web import doing, signed
from deskterm.services.web.published import Published
from deskterm.services.web.reading import file_on_page, ticket_page
from deskterm.services.web.together import ACTOR, Together
from deskterm.storage import blobs
from deskterm.storage.held_row import HeldRow
from deskterm.storage.people import find_person, person_of_address
from deskterm.storage.reads import public
from deskterm.storage.reads import web_pages as reads
from deskterm.storage.reads.ledger import subjects_of
from deskterm.storage.reads.people import requester_of
from deskterm.storage.work import RepeatedError, Work

if TYPE_CHECKING:
    from deskterm.services.acting import Acting
    from deskterm.services.solutions.reading import Reading
    from deskterm.services.tickets.operation import Tickets
    from deskterm.storage.driver import Database


class Web:
    """What those who report see and do; `desk.me` never acts here, but for revoking links."""

    def __init__(self, desk: "Acting", tickets: "Tickets", solutions: "Reading") -> None:
        self._desk = desk
        self._store = desk.store
        self._tickets = tickets
        self._together = Together(desk.store)
        self._signers = signed.Signers(desk.store)
        self.published = Published(desk.store, solutions)

    # --- who it is --------------------------------------------------------------------

    def opened(self, link: str) -> signed.Opened | None:
        """Give what a link opens; None alike for wrong, old, revoked and unknown ones."""
        with self._store.reading() as database:
            return signed.opened(database, link, clock.now())

    def known(self, address: str) -> Visitor:
        """Give whose an address is that a trusted proxy vouches for; one without a number where
        nobody has it yet."""
        try:
            normal = normal_address(address)
        except UsageError:
            return Visitor()
        with self._store.reading() as database:
            person = person_of_address(database, normal)
            found = reads.visitor(database, person) if person else None
        return found[0] if found else Visitor(address=normal)

    def link(self, person: int, ticket: int = 0) -> str:
        """Give the last part of a new link for a person: to their page, or to a ticket's."""
        with self._store.reading() as database:
            return signed.made(database, person, clock.now(), ticket)

    def personal(self, who: str) -> tuple[int, str]:
        """Give (number, last part of the link to their own page) of a person; NotFoundError."""
        with self._store.reading() as database:
            person = find_person(database, who)
            return person, signed.made(database, person, clock.now())

    def revoke(self, who: str, how: How = NOW) -> Done:
        """Let no link that was made for a person until now open anything; raises NotFoundError."""

        def change(work: Work) -> None:
            row = HeldRow(work, "person", find_person(work.spine, who))
            row.set(link_round=int(row["link_round"]) + 1)
            row.write(Event.EDITED, row["name"])

        return self._desk.do("person set", how, change)

    # --- what they see ----------------------------------------------------------------

    def page(self, visitor: Visitor, number: int) -> TicketPage | None:
        """Give a ticket as a visitor may see it; None where it is none of theirs."""
        with self._store.reading() as database, database.snapshot():
            try:
                return ticket_page(database, visitor, number, clock.now())
            except NotFoundError:
                return None

    def file(self, visitor: Visitor, ticket: int, number: int) -> tuple[str, bytes] | None:
        """Give (name, bytes) of a file that the visitor's page of a ticket shows; else None."""
        with self._store.reading() as database, database.snapshot():
            try:
                found = file_on_page(database, visitor, ticket, number)
            except NotFoundError:
                return None
            kept = reads.file_of(database, number) if found else None
            content = blobs.read(database, kept[2]) if kept else None
        return (kept[1], content) if kept and content is not None else None

    def facts(self, visitor: Visitor) -> OwnFacts:
        """Give what is filled in by itself for a visitor who is known."""
        with self._store.reading() as database:
            return reads.own_facts(database, visitor.person)

    def own_tickets(self, visitor: Visitor) -> Sequence[OwnTicket]:
        """Give a visitor's tickets, each with the link to its page."""
        with self._store.reading() as database, database.snapshot():
            return [
                one._replace(link=self._made(database, visitor.person, one.number))
                for one in reads.own_tickets(database, visitor.person)
            ]

    def _made(self, database: "Database", person: int, ticket: int) -> str:
        return signed.made(database, person, clock.now(), ticket)

    # --- forms -------------------------------------------------------------------------

    def new_forms(self, visitor: Visitor, many: int = 1) -> Sequence[str]:
        """Give tokens of as many forms for a visitor."""
        return signed.give_out(self._signers, visitor.whose, many)

    def taken(
        self,
        token: str,
        visitor: Visitor,
        fields: Mapping[str, str],
        files: Sequence[NewFile] = (),
    ) -> signed.Taken:
        """Give the operation that a form asks for which came back from a visitor."""
        return signed.take(self._signers, token, visitor.whose, fields, files)

    # --- what they do -----------------------------------------------------------------

    def report(self, asked: Report, op_id: str) -> Reported:
        """Open a ticket; sent twice under one id it is opened once. UsageError names the field."""
        number = self._done("new", op_id, lambda work: doing.report(work, self._tickets, asked))
        with self._store.reading() as database:
            due, within = public.promised_answer(database, number) or (None, "")
            told = reads.wrote(database, op_id) or reads.was_told(database, number)
            known = requester_of(database, number) if asked.visitor.is_known else 0
            link = self._made(database, known, number) if known else ""
        return Reported(number, link, due, within, told)

    def send_link(self, who: str, op_id: str) -> None:
        """Write somebody the link to their own page, where they are known; UsageError: `who`."""
        with suppress(RepeatedError), self._store.work(ACTOR, op_id) as work:
            work.claim("link")
            doing.send_link(work, self._tickets, who)

    def say(self, place: tuple[Visitor, int], words: doing.Words, op_id: str) -> int:
        """Put a customer's words on their ticket; gives the ticket they are on."""
        return self._done("reply", op_id, lambda work: doing.say(work, self._tickets, place, words))

    def answer(self, place: tuple[Visitor, int], given: doing.Answered, op_id: str) -> int:
        """Apply what somebody chooses; gives the ticket."""
        return self._done(
            "answer", op_id, lambda work: doing.answer(work, self._tickets, place, given)
        )

    def _done(self, kind: str, op_id: str, change: Callable[[Work], int]) -> int:
        if self._tickets.guard is not None and self._tickets.guard.is_asked():
            self._ask_hooks(kind, op_id, change)
        if self._store.dialect == "sqlite":  # one writer at a time, who pays for the disk
            return self._together.do(kind, op_id, change)
        return self._store.tried(lambda: self._once(kind, op_id, change))

    def _ask_hooks(self, kind: str, op_id: str, change: Callable[[Work], int]) -> None:
        """Try it, take it back, and ask the hooks about what it did; raises HookError."""
        from deskterm.services.hooks import WEB

        with suppress(RepeatedError), self._store.work(ACTOR, op_id, dry=True) as work:
            work.claim(kind)
            work.asked = []
            change(work)
        guard = self._tickets.guard
        if guard is not None and work.asked:
            guard.tried(self._tickets, work.asked, WEB)

    def _once(self, kind: str, op_id: str, change: Callable[[Work], int]) -> int:
        """Do a change as one operation, committed when this gives the ticket it is about."""
        try:
            with self._store.work(ACTOR, op_id) as work:
                work.claim(kind)
                number = change(work)
        except RepeatedError:
            with self._store.reading() as database:
                return next(n for k, n in subjects_of(database, op_id) if k == "ticket")
        return number
