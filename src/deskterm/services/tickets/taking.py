"""Taking the ticket that is next (C7)."""

from deskterm.domain import clock
from deskterm.domain.asking import NOW, How
from deskterm.domain.errors import NotFoundError, RefusedError
from deskterm.domain.rows import Done
from deskterm.domain.verbs import Take
from deskterm.services.tickets.reading import Reading
from deskterm.services.tickets.verbs.whose import TakenError
from deskterm.storage.reads import board
from deskterm.triage.query import narrow, parse
from deskterm.triage.taking import Choice, choose

WAITING_TO_BE_TAKEN = "is:new,open assignee:none"
_LOOKED_AT = 100
"""Tickets on top of the heap among which the next one is chosen."""
_FARTHEST = 5_000
"""Tickets among which one of one's own groups is looked for."""


class Taking(Reading):
    """The use case of whoever is free for the next one."""

    def next(self, query: str = "", how: How = NOW) -> Done:
        """Take the ticket that is next for oneself; `notes` say why this one.

        Where a colleague takes it at the same moment, the one after it is taken. Raises
        NotFoundError where nothing waits in one's groups.
        """
        for choice in self.choices(query):
            try:
                done = self.do([choice.id], Take(free=True), how)
            except (TakenError, RefusedError):
                continue
            if done.repeated:
                return done
            return done._replace(notes=(*done.notes, f"Why: {'; '.join(choice.reasons)}."))
        repeated = self._done_before(how.op_id)
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

    def _done_before(self, operation: str | None) -> Done | None:
        """An operation that took the last ticket is not told that nothing is left."""
        if operation is None:
            return None
        done = self.repeated("take", operation)
        return done if done.tickets else None

    def _nothing(self, query: str) -> str:
        others = self.count(narrow(query, WAITING_TO_BE_TAKEN))
        if others:
            return (
                f"nothing waits in your groups; {others} without an owner wait in others: "
                f"`deskterm ticket list {WAITING_TO_BE_TAKEN!r}`."
            )
        return "nothing waits to be taken: no open ticket is without an owner."
