"""Whose a ticket is: taking, giving, and taking the one that is next (C7)."""

from collections.abc import Sequence
from typing import Any

from deskterm.domain import clock
from deskterm.domain.errors import ConflictError, NotFoundError, RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.vocabulary import Event, State
from deskterm.services.tickets.reading import Reading
from deskterm.storage.names import login_of
from deskterm.storage.reads import board
from deskterm.storage.reads.promised import off
from deskterm.storage.ticket.hold import Hold
from deskterm.triage.query import narrow, parse
from deskterm.triage.taking import Choice, choose

WAITING_TO_BE_TAKEN = "is:new,open assignee:none"
_LOOKED_AT = 100
"""Tickets on top of the heap among which the next one is chosen."""
_FARTHEST = 5_000
"""Tickets among which one of one's own groups is looked for."""


class Taking(Reading):
    """Use cases about the owner. Each takes `op_id`, `dry` and `guard`."""

    def take(self, targets: Sequence[int], **how: Any) -> Done:
        """Make oneself the owner."""
        return self.assign(targets, to=self.me, **how)

    def assign(self, targets: Sequence[int], to: str | None, **how: Any) -> Done:
        """Give tickets to a technician (`me` is oneself) or, with None, to nobody."""
        login = self.me if to in ("me", self.me) else to
        if login is not None and login != self.me:
            with self.store.reading() as database:
                login = login_of(database, login)

        def change(held: Hold) -> None:
            news = login is not None and login != held["assignee"]
            held.set(assignee=login)
            if login is not None and held["state"] == State.NEW:
                held.set(state=State.OPEN)
            entry = held.write(Event.ASSIGNED, public=news)
            if news:
                self._tell_owner(held, entry)

        done = self.operate("assign", targets, change, **how)
        return done._replace(notes=(*done.notes, *self._off(login)))

    def _off(self, login: str | None) -> list[str]:
        """Say that whoever got the tickets is off, and who stands in."""
        if login in (None, self.me):
            return []
        with self.store.reading() as database:
            gone = off(database, clock.now()).get(str(login))
        if gone is None:
            return []
        deputy = f"{gone.deputy} stands in" if gone.deputy else "nobody stands in"
        return [f"{login} is off until {gone.until_at.astimezone():%Y-%m-%d %H:%M}; {deputy}."]

    def next(self, query: str = "", **how: Any) -> Done:
        """Take the ticket that is next for oneself; `notes` say why this one.

        Where a colleague takes it at the same moment, the one after it is taken. Raises
        NotFoundError where nothing waits in one's groups.
        """
        for choice in self.choices(query):
            try:
                done = self.operate("assign", [choice.id], self._untaken, **how)
            except (_TakenError, RefusedError):
                continue
            if done.repeated:
                return done
            return done._replace(notes=(*done.notes, f"Why: {'; '.join(choice.reasons)}."))
        repeated = self._done_before(how.get("op_id"))
        if repeated is not None:
            return repeated
        raise NotFoundError(self._nothing(query))

    def choices(self, query: str = "") -> list[Choice]:
        """Give what `next` would take, in order, each with its reasons."""
        from deskterm.storage.reads.standing import taker

        text = narrow(query, WAITING_TO_BE_TAKEN)
        with self.store.reading() as database, database.snapshot():
            numbers = board.numbers(database, parse(text), self.asked(), _FARTHEST)
            for start in range(0, len(numbers), _LOOKED_AT):
                rows = board.rows(database, numbers[start : start + _LOOKED_AT])
                found = choose(rows, taker(database, self.me, rows), clock.now())
                if found:
                    return found
        return []

    def next_number(self, query: str = "") -> int | None:
        """Give the ticket that `next` would take."""
        found = self.choices(query)
        return found[0].id if found else None

    def _untaken(self, held: Hold) -> None:
        if held["assignee"] is not None or held["state"] not in (State.NEW, State.OPEN):
            raise _TakenError(f"#{held.id} was taken meanwhile.")
        held.set(assignee=self.me, state=State.OPEN)
        self._tell_owner(held, held.write(Event.ASSIGNED, public=True))

    def _tell_owner(self, held: Hold, entry: int) -> None:
        """Tell the requester who takes care of it now, while there is something to take care of."""
        worked = held["state"] in (State.OPEN, State.WAITING)
        if worked and self.letters.tells_owner(held.work):
            self.letters.tell_requester(held, "owner", entry)

    def _done_before(self, operation: str | None) -> Done | None:
        """An operation that took the last ticket is not told that nothing is left."""
        if operation is None:
            return None
        done = self.repeated("assign", operation)
        return done if done.tickets else None

    def _nothing(self, query: str) -> str:
        others = self.count(narrow(query, WAITING_TO_BE_TAKEN))
        if others:
            return (
                f"nothing waits in your groups; {others} without an owner wait in others: "
                f"`deskterm ticket list {WAITING_TO_BE_TAKEN!r}`."
            )
        return "nothing waits to be taken: no open ticket is without an owner."


class _TakenError(ConflictError):
    """Somebody else was quicker."""
