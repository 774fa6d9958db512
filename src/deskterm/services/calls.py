"""Taking a call: who is it, what is known, what else is open, and a call that ends solved."""

from collections.abc import Sequence
from datetime import datetime

from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import UsageError
from deskterm.domain.greeting import (
    GREETING_SETTING,
    MISSION_SETTING,
    VALUES_SETTING,
    Script,
    script,
)
from deskterm.domain.requests import NewTicket
from deskterm.domain.rows import BoardRow, Done, PersonRow
from deskterm.domain.solutions import LikeTicket
from deskterm.domain.verbs import Close, Solve, Verify
from deskterm.domain.vocabulary import Outcome, Proof
from deskterm.services.tickets.act import Act
from deskterm.services.tickets.intake import open_ticket
from deskterm.services.tickets.operation import Tickets, done
from deskterm.storage.desk_settings import value
from deskterm.storage.reads import board, clients, people
from deskterm.storage.reads.people import people_like, person
from deskterm.storage.store import Store
from deskterm.storage.work import RepeatedError
from deskterm.triage.likeness import REST, TITLE, Document, Likeness

COMPARED = 400
"""Newest open tickets that a caller's words are compared with."""
ALIKE = 0.25
"""Likeness from which a ticket is shown as the same trouble."""
_TRIED = "tried while the customer was on the phone"


class Calls:
    """The use cases of the call intake."""

    def __init__(self, store: Store, me: str, tickets: Tickets) -> None:
        self.store = store
        self.me = me
        self.tickets = tickets
        self._open: tuple[tuple[int, int], dict[int, people.OpenWords], Likeness[int]] | None
        self._open = None

    def script(self, now: datetime, person: int | None = None) -> Script:
        """Give what to say: `now` is the technician's local time; a client may have own words."""
        with self.store.reading() as database:
            own = clients.client_face(database, clients.of_person(database, person))
            return script(
                people.technician_name(database, self.me),
                now.hour,
                (own and own.mission) or str(value(database, MISSION_SETTING)),
                (own and own.greeting) or str(value(database, GREETING_SETTING)),
                "" if own and own.mission else str(value(database, VALUES_SETTING)),
            )

    def people(self, text: str, limit: int = 8) -> Sequence[PersonRow]:
        """Give who is probably meant by a name, address, phone number or department."""
        with self.store.reading() as database:
            return people_like(database, text, limit)

    def person(self, number: int) -> PersonRow:
        """Give all that is known of a requester; raises NotFoundError."""
        with self.store.reading() as database:
            return person(database, number)

    def tickets_of(self, number: int, limit: int = 10) -> Sequence[BoardRow]:
        """Give a requester's tickets: open ones first, the newest on top."""
        with self.store.reading() as database:
            return board.rows(database, people.tickets_of(database, number, limit))

    def categories(self) -> Sequence[str]:
        """Give every category in use, for completion."""
        with self.store.reading() as database:
            return people.category_paths(database)

    def alike(
        self, text: str, limit: int = 3, *, person: int | None = None
    ) -> Sequence[LikeTicket]:
        """Give open tickets of the caller's client that read like what they say, best first."""
        with self.store.reading() as database:
            stamp = people.newest_stamp(database)
            if self._open is None or self._open[0] != stamp:
                rows = {row.id: row for row in people.newest_open(database, COMPARED)}
                index = Likeness(
                    Document(row.id, ((TITLE, row.subject), (REST, row.text)))
                    for row in rows.values()
                )
                self._open = (stamp, rows, index)
            whose = clients.of_person(database, person)
            own = clients.beside(database, whose, self._open[1])
        _, rows, index = self._open
        found = index.like(((1.0, text),), limit if len(own) == len(rows) else COMPARED, ALIKE)
        return [
            LikeTicket(
                match.key,
                rows[match.key].subject,
                rows[match.key].state,
                match.likeness,
                f"says {', '.join(match.words[:4])}",
                "",
            )
            for match in [one for one in found if one.key in own][:limit]
            if len(match.words) > 1
        ]

    def solved(
        self,
        ticket: NewTicket,
        resolution: str,
        *,
        waived: str = "",
        how: How = NOW,
    ) -> Done:
        """Open a ticket that is solved before the call ends: verified by both, and closed.

        The caller confirms on the phone; where they cannot, `waived` is the reason for doing
        without their word. One operation, through the closing gate (B3).
        """
        if not resolution.strip():
            raise UsageError("how was it solved? Say it.")
        opened: list[int] = []
        if self.tickets.guard is not None:
            self.tickets.guard.new(self.tickets, [ticket])
        try:
            with self.tickets.working("new", how) as work:
                held = open_ticket(work, self.tickets.letters, ticket)
                opened.append(held.id)
                act = Act(self.tickets.letters)
                with act.quietly():
                    act.do(held, Solve(resolution))
                    act.do(held, Verify("craft", Proof.OK, _TRIED))
                    act.do(held, Verify("customer", *_word(waived)))
                act.do(held, Close(Outcome.SOLVED, waived))
        except RepeatedError as repeated:
            return self.tickets.repeated("new", repeated.operation_id)
        return done("new", work, opened, [])


def _word(waived: str) -> tuple[str, str]:
    """Give the customer's result and the reason."""
    return (Proof.WAIVED, waived) if waived else (Proof.OK, "confirmed on the phone")
