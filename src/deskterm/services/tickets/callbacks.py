"""Call-backs promised to customers: never forgotten, also after the ticket is closed (B5)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from deskterm.domain import clock
from deskterm.domain.clock import to_text
from deskterm.domain.errors import RefusedError
from deskterm.domain.promised_rows import CallBackRow
from deskterm.domain.rows import Done
from deskterm.domain.text import header_safe, storable
from deskterm.domain.vocabulary import Event
from deskterm.services.tickets.reading import Reading
from deskterm.storage.names import login_of
from deskterm.storage.reads import promised
from deskterm.storage.ticket.hold import Hold
from deskterm.triage.moments import later

_NOTE = 500
"""Characters of a note that are kept."""


class CallBacks(Reading):
    """Use cases on promised call-backs. Each takes `op_id`, `dry` and `guard`."""

    def call_back(
        self,
        targets: Sequence[int],
        at: str | datetime,
        note: str = "",
        owner: str | None = None,
        **how: Any,
    ) -> Done:
        """Promise a call-back at a time such as `14:00`, `tomorrow`, `3d`; raises UsageError."""
        moment = self._at(at)
        login = self._owner(owner)
        words = _line(note)

        def change(held: Hold) -> None:
            row = held.work.spine.one(
                "SELECT coalesce(max(number), 0) + 1 AS n FROM callback WHERE ticket_id = :id",
                id=held.id,
            )
            number = row["n"] if row else 1
            held.put(f"callback.{number}", [to_text(moment), login, words, "open"])
            held.write(Event.CALL_BACK, words, data=_data("promised", moment, number))

        return self.operate("call-back", targets, change, **how)

    def call_back_done(self, targets: Sequence[int], note: str = "", **how: Any) -> Done:
        """The call was made: the earliest open call-back of each ticket is done."""
        return self._end(targets, "done", note, **how)

    def call_back_cancel(self, targets: Sequence[int], note: str = "", **how: Any) -> Done:
        """Nobody wants the call any more."""
        return self._end(targets, "cancelled", note, **how)

    def call_back_move(
        self, targets: Sequence[int], at: str | datetime, note: str = "", **how: Any
    ) -> Done:
        """Promise the earliest open call-back of each ticket for another time."""
        moment = self._at(at)

        def change(held: Hold) -> None:
            number, value = _earliest(held)
            held.put(f"callback.{number}", [to_text(moment), *value[1:]])
            held.write(Event.CALL_BACK, _line(note), data=_data("moved", moment, number))

        return self.operate("call-back", targets, change, **how)

    def call_backs(self, *, due: bool = False, everybody: bool = True) -> list[CallBackRow]:
        """Give open call-backs, the earliest first: all or those due, everybody's or one's own."""
        with self.store.reading() as database:
            owner = None if everybody else self.me
            return promised.callbacks(database, clock.now(), due=due, owner=owner)

    def call_backs_of(self, number: int) -> list[CallBackRow]:
        """Give a ticket's call-backs, the open ones first."""
        with self.store.reading() as database:
            return promised.callbacks_of(database, number)

    def _end(self, targets: Sequence[int], state: str, note: str, **how: Any) -> Done:
        def change(held: Hold) -> None:
            number, value = _earliest(held)
            held.put(f"callback.{number}", [*value[:3], state])
            held.write(Event.CALL_BACK, _line(note), data=_data(state, None, number))

        return self.operate("call-back", targets, change, **how)

    def _at(self, at: str | datetime) -> datetime:
        return later(at, clock.now(), self.zone()) if isinstance(at, str) else at

    def _owner(self, owner: str | None) -> str:
        if owner in (None, "me", self.me):
            return self.me
        with self.store.reading() as database:
            return login_of(database, str(owner))


def _earliest(held: Hold) -> tuple[int, list[Any]]:
    row = held.work.spine.one(
        "SELECT number FROM callback WHERE ticket_id = :id AND state = 'open' "
        "ORDER BY at, number LIMIT 1",
        id=held.id,
    )
    if row is None:
        raise RefusedError(f"#{held.id}: no call-back is promised; promise one with --at WHEN.")
    return row["number"], held.get(f"callback.{row['number']}")


def _data(verb: str, at: datetime | None, number: int) -> dict[str, Any]:
    return {"verb": verb, "number": number, "at": to_text(at) if at else None}


def _line(text: str) -> str:
    return header_safe(storable(text)).strip()[:_NOTE]
